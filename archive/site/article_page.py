"""The reading page of one article: what it says, where it is from, and how we know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from archive.site.article_body import body_markup
from archive.site.article_head import article_row, head_of, hidden_by_site, is_barred, was_taken_down
from archive.site.cite_page import cited_at
from archive.site.citing import news_article
from archive.site.compat import NotFound, Response
from archive.site.day_words import seen
from archive.site.evidence_words import place_of
from archive.site.leads import begins_with
from archive.site.lines import COLUMNS as LINE_COLUMNS
from archive.site.lines import line_of
from archive.site.notices import BARRED, notice
from archive.site.reader import Reader
from archive.site.same_story import same_story, story_heading
from archive.site.search_hits import ids_alike, line_rows
from archive.site.sentences import SENTENCES
from archive.site.shown import paragraphs, safe_url, shown

LINKS = (
    "SELECT l.zone, l.url, l.text, a.id AS ours, a.title AS ours_title FROM links l "
    "LEFT JOIN articles a ON a.url_key = l.url_key WHERE l.article_id = ? ORDER BY l.position LIMIT 200"
)
IMAGES = "SELECT role, url, alt, caption, credit FROM images WHERE article_id = ? ORDER BY position LIMIT 100"
REVISIONS = "SELECT number, cause, seen_at FROM revisions WHERE article_id = ? ORDER BY number"
LINKED_FROM = (
    f"SELECT DISTINCT {LINE_COLUMNS} FROM links l JOIN articles a ON a.id = l.article_id "
    "LEFT JOIN sources s ON s.id = a.source "
    "WHERE l.url_key = ? AND l.article_id <> ? ORDER BY a.id DESC LIMIT 8"
)
# The next of the same paper by its own clock: of one day, by the order of ids.
NEIGHBOUR = (
    "SELECT id, title FROM articles WHERE source = :source AND (published_date, id) {than} (:day, :id) "
    "ORDER BY published_date {order}, id {order} LIMIT 1"
)
ZONES = ("related", "source", "inline")


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link of the article; `ours` is the reading page of what it leads to, when that is in the archive."""

    text: str
    url: str
    ours: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its words; the picture itself stays with its publisher."""

    url: str
    words: str
    credit: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One known wording of the article."""

    number: int
    cause: str
    seen: str
    changes_href: str | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The article before or after in the same paper."""

    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value came from: in words, if there are any, and as cleaning noted it, if that says more."""

    field: str
    words: str
    note: str


async def article_page(reader: Reader, db: Any) -> Response:
    """One article, under its public number; 410 for one that was taken down, here or in one beside it."""
    try:
        article = await article_row(reader, db)
    except NotFound:
        if is_barred(reader):
            return notice(reader, 410, BARRED)
        if await was_taken_down(reader, db):
            return notice(reader, 410, "taken down")
        raise
    number = article["id"]
    links = (await db.execute(LINKS, [number])).rows
    images = (await db.execute(IMAGES, [number])).rows
    revisions = (await db.execute(REVISIONS, [number])).rows
    linked_from = (await db.execute(LINKED_FROM, [article["url_key"], number])).rows
    alike = await line_rows(db, await ids_alike(db, number))
    story = await same_story(reader, db, number)
    earlier, later = await neighbours(reader, db, article)
    return reader.response(
        "article.html",
        article=article,
        head=head_of(reader, article),
        hidden=await hidden_by_site(reader, db, article),
        text=body_markup(article["body_html"], article["body"], reader.say("picture")),
        lead=lead_of(article),
        zones={zone: links_of(reader, links, zone, number) for zone in ZONES},
        lead_picture=lead_picture(images, article["body_html"]),
        wordings=[wording(reader, number, row) for row in revisions],
        # What we read better ourselves is no change of theirs.
        times_reworded=sum(row["number"] > 1 and row["cause"] == "publisher" for row in revisions),
        story=story,
        story_heading=story_heading(reader, [one.paper for one in story]),
        linked_from=[line_of(row, reader) for row in linked_from],
        alike=[line_of(row, reader) for row in alike],
        evidence=evidence_of(reader, article),
        problems=problems_of(reader, article),
        data_href=reader.plain_href(f"/{db.route}/articles/{number}"),
        self_href=reader.plain_href(f"/a/{number}"),
        facts=facts_of(reader, article),
        earlier=earlier,
        later=later,
        cite_href=reader.href(f"/a/{number}/cite"),
        story_href=reader.href(f"/a/{number}/story"),
        stated=Markup(news_article(article, cited_at(reader, article))),  # noqa: S704 - no sign of HTML is left in it
    )


def lead_of(article: Mapping[str, Any]) -> list[str]:
    """The lead's paragraphs; none when the text itself begins with them."""
    return [] if begins_with(article["body"], article["lead"]) else paragraphs(article["lead"])


async def neighbours(
    reader: Reader, db: Any, article: Mapping[str, Any]
) -> tuple[Neighbour | None, Neighbour | None]:
    """What the same paper published before and after; `None` at its ends, and both for an undated article."""
    if not article["published_date"]:
        return None, None
    values = {"source": article["source"], "day": article["published_date"], "id": article["id"]}
    before = (await db.execute(NEIGHBOUR.format(than="<", order="DESC"), values)).first()
    after = (await db.execute(NEIGHBOUR.format(than=">", order="ASC"), values)).first()
    return neighbour(reader, before), neighbour(reader, after)


def neighbour(reader: Reader, row: Mapping[str, Any] | None) -> Neighbour | None:
    """A row as a neighbour."""
    if row is None:
        return None
    return Neighbour(reader.href(f"/a/{row['id']}"), shown(row["title"]) or reader.say("untitled"))


def links_of(reader: Reader, rows: list[Mapping[str, Any]], zone: str, number: int) -> list[ShownLink]:
    """The links of one zone, each address once; those within the running text only where they are ours."""
    shown_links: dict[str, ShownLink] = {}
    for row in rows:
        url = safe_url(row["url"])
        is_ours = row["ours"] is not None and row["ours"] != number
        if row["zone"] != zone or not url or (zone == "inline" and not is_ours):
            continue
        text = " ".join(shown(row["text"]).split()) or shown(row["ours_title"]) or url
        ours = reader.href(f"/a/{row['ours']}") if is_ours else None
        shown_links.setdefault(url, ShownLink(text, url, ours))
    return list(shown_links.values())


def lead_picture(images: list[Mapping[str, Any]], body_html: str) -> Picture | None:
    """The picture that opens the article, if it has one we may link to and the text does not show it."""
    row = next((image for image in images if image["role"] == "lead"), None)
    if row is None or not (url := safe_url(row["url"])) or escape(url) in body_html:
        return None
    return Picture(url, shown(row["caption"] or row["alt"]), shown(row["credit"]))


def wording(reader: Reader, number: int, row: Mapping[str, Any]) -> Wording:
    """A revision in words, with the page that shows what it changed."""
    key = f"cause_{row['cause']}"
    changes = reader.href(f"/a/{number}/changes", {"new": row["number"]}) if row["number"] > 1 else None
    cause = reader.say(key) if key in SENTENCES else shown(row["cause"])
    return Wording(row["number"], cause, seen(row["seen_at"], reader.language), changes)


def evidence_of(reader: Reader, article: Mapping[str, Any]) -> list[Source]:
    """For each field where its value came from, fields by the names readers see."""
    stated = json_object(article["evidence"])
    if article["published_evidence"]:
        stated = {"published_at": article["published_evidence"]} | stated
    return [
        source_of(reader, name, shown(told))
        for name, told in stated.items()
        if isinstance(told, str) and told
    ]


def source_of(reader: Reader, name: str, told: str) -> Source:
    """Where the value of a field came from."""
    key, note = place_of(told)
    field = reader.say(name) if name in SENTENCES else shown(name)
    return Source(field, reader.say(key) if key else "", note)


def problems_of(reader: Reader, article: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was doubted while reading the page, in words, and what was seen there."""
    try:
        listed = json.loads(article["problems"])
    except ValueError:
        return []
    doubts = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    told = [(f"doubt_{one.get('code')}", shown(one.get("code")), shown(one.get("detail"))) for one in doubts]
    return [(reader.say(key) if key in SENTENCES else code, detail) for key, code, detail in told]


def facts_of(reader: Reader, article: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the archive knows of its copy, in words."""
    access = f"access_{article['access']}"
    facts = [
        ("as_written", shown(article["published_raw"])),
        ("first_seen", seen(article["first_seen_at"], reader.language)),
        ("last_seen", seen(article["last_seen_at"], reader.language)),
        ("access", reader.say(access) if access in SENTENCES else shown(article["access"])),
    ]
    return [(reader.say(key), value) for key, value in facts if value]


def json_object(written: str) -> dict[str, Any]:
    """A JSON object; empty for what is none."""
    try:
        value = json.loads(written)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
