"""How a source is treated, and what stands on its front page: two sections of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from archive.site.day_words import seen
from archive.site.reader import Reader
from archive.site.shown import safe_url, shown

MOST_LISTINGS, MOST_PLACES = 6, 8
FRONT = f"""
SELECT document, place, headline, title, url, article_id, since FROM front_places
WHERE source = :source AND until IS NULL AND place <= {MOST_PLACES}
ORDER BY document, place LIMIT {MOST_LISTINGS * MOST_PLACES}"""
ROBOTS = """
SELECT means, detail, delay_seconds, checked_at FROM robots WHERE origin = :origin ORDER BY id DESC LIMIT 1"""
LATELY = """
SELECT sum(requests) AS requests, sum(unchanged) AS unchanged, count(DISTINCT date(started_at)) AS days
FROM (SELECT * FROM runs WHERE source = :source ORDER BY started_at DESC LIMIT 200)"""


@dataclass(frozen=True, slots=True)
class OnFront:
    """An article on the front page, by the words it has there; `href` is empty where it is not kept here."""

    place: int
    headline: str
    href: str
    since: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands on one front page; `href` is empty where nobody should be sent to its address."""

    name: str
    href: str
    places: tuple[OnFront, ...]


async def fronts_of(reader: Reader, db: Any, source: str) -> list[Listing]:
    """What stands on the source's front pages as far as is known; empty where none is remembered."""
    if "front_places" not in await db.view_names():
        return []
    rows = (await db.execute(FRONT, {"source": source})).rows
    return [
        Listing(
            name=shown(document).partition("://")[2],
            href=safe_url(document) or "",
            places=tuple(on_front(reader, row) for row in of_one),
        )
        for document, of_one in groupby(rows, lambda row: row["document"])
    ]


def on_front(reader: Reader, row: Mapping[str, Any]) -> OnFront:
    """A place on a front page, its headline as the page has it."""
    return OnFront(
        place=row["place"],
        headline=" ".join(shown(row["headline"] or row["title"]).split()) or safe_url(row["url"]) or "…",
        href=reader.href(f"/a/{row['article_id']}") if row["article_id"] else "",
        since=seen(row["since"], reader.language),
    )


async def manners_of(reader: Reader, db: Any, source: str, home: str) -> list[tuple[str, str]]:
    """How the source is asked, in words: requests a day, what robots.txt says, the pause it wants."""
    said = []
    lately = (await db.execute(LATELY, {"source": source})).first()
    if lately and lately["days"]:
        said.append((reader.say("requests_a_day"), reader.number(round(lately["requests"] / lately["days"]))))
        said.append((reader.say("not_sent_again"), reader.number(lately["unchanged"])))
    parts = urlsplit(home)
    if await db.table_exists("robots"):
        robots = (await db.execute(ROBOTS, {"origin": f"{parts.scheme}://{parts.netloc}"})).first()
        if robots:
            means = f"robots_{robots['means']}"
            checked = seen(robots["checked_at"], reader.language)
            said.append(("robots.txt", f"{reader.say(means)} ({checked})"))
            if robots["delay_seconds"]:
                pause = reader.say("in_seconds", n=f"{robots['delay_seconds']:g}")
                said.append((reader.say("pause_wanted"), pause))
    return said
