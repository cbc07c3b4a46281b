"""How one article's text changed: two of its wordings side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from archive.changes import Passage, Piece, passages
from archive.site.article_head import article_row, head_of
from archive.site.article_page import wording
from archive.site.compat import NotFound, Response
from archive.site.day_words import seen
from archive.site.leads import fields_told
from archive.site.reader import Reader
from archive.site.sentences import SENTENCES
from archive.site.shown import paragraphs, shown

WORDINGS = "SELECT number, cause, seen_at FROM revisions WHERE article_id = ? ORDER BY number"
TEXTS = (
    "SELECT number, seen_at, title, lead, body FROM revision_texts WHERE article_id = ? AND number IN (?, ?)"
)
VIEWS = ("inline", "sides")
# Of one text: a tenth of it is compared in 50 ms, by the one interpreter that all readers share.
MAX_CHARS = 1_000_000


async def changes_page(reader: Reader, db: Any) -> Response:
    """Two wordings compared: those the address names, else the last two."""
    article = await article_row(reader, db)
    rows = (await db.execute(WORDINGS, [article["id"]])).rows
    numbers = [row["number"] for row in rows]
    head = head_of(reader, article)
    back = reader.href(f"/a/{article['id']}")
    if len(numbers) < 2:
        return reader.response(
            "changes.html", head=head, back=back, wordings=[], compared=None, side_by_side=False
        )
    old, new = chosen(reader, numbers)
    texts = {row["number"]: row for row in (await db.execute(TEXTS, [article["id"], old, new])).rows}
    asked = {"old": old, "new": new}
    sides = reader.request.args.get("view") == "sides"
    parts = await asyncio.to_thread(compared, texts[old], texts[new])
    return reader.response(
        "changes.html",
        head=head,
        back=back,
        wordings=[wording(reader, article["id"], row) for row in rows],
        compared=[(reader.say(name), folded(found, beside=sides)) for name, found in parts],
        side_by_side=sides,
        views=[
            (
                reader.say(f"view_{view}"),
                view,
                reader.href(f"/a/{article['id']}/changes", asked | {"view": view}),
            )
            for view in VIEWS
        ],
        said=reader.say(
            "changes_of",
            old=old,
            new=new,
            old_seen=seen(texts[old]["seen_at"], reader.language),
            new_seen=seen(texts[new]["seen_at"], reader.language),
        ),
        changed_by=reader.say("changed_by", who=who(reader, rows, old, new)),
    )


def who(reader: Reader, rows: Sequence[Mapping[str, Any]], old: int, new: int) -> str:
    """Who changed the text between two wordings, in words; each once."""
    low, high = sorted((old, new))
    causes = dict.fromkeys(row["cause"] for row in rows if low < row["number"] <= high)
    known = (f"cause_{cause}" for cause in causes)
    return ", ".join(reader.say(key) for key in known if key in SENTENCES)


def folded(found: Sequence[Passage], *, beside: bool) -> list[tuple[bool, Sequence[Any]]]:
    """The passages in stretches: those that are the same together, to be folded away, and the changed.

    With `beside` the changed ones are pairs of pieces, before and after.
    """
    stretches = [(same, list(stretch)) for same, stretch in groupby(found, lambda passage: passage.same)]
    return [(same, stretch if same or not beside else pairs_of(stretch)) for same, stretch in stretches]


def pairs_of(stretch: Sequence[Passage]) -> list[tuple[Sequence[Piece], Sequence[Piece]]]:
    """Changed passages as before and after; one taken out stands beside the next that was put in."""
    pairs: list[tuple[Sequence[Piece], Sequence[Piece]]] = []
    for passage in stretch:
        before = [piece for piece in passage.pieces if piece.fate != "added"]
        after = [piece for piece in passage.pieces if piece.fate != "removed"]
        if pairs and not before and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], after)
        else:
            pairs.append((before, after))
    return pairs


def chosen(reader: Reader, numbers: list[int]) -> tuple[int, int]:
    """The two wordings to compare; raises NotFound for one that is not known."""
    asked = {name: reader.request.args.get(name) or "" for name in ("old", "new")}
    if any(value and not (value.isdecimal() and len(value) < 9) for value in asked.values()):
        raise NotFound("No such wording")
    new = int(asked["new"] or numbers[-1])
    earlier = [number for number in numbers if number < new]
    old = int(asked["old"]) if asked["old"] else (earlier[-1] if earlier else -1)
    if old not in numbers or new not in numbers:
        raise NotFound("No such wording")
    return old, new


def compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, list[Passage]]]:
    """Title, lead and body of two wordings, only those that differ, and no change of them twice."""
    parts = []
    for name in ("title", *fields_told(old, new)):
        found = list(passages(readable(old[name]), readable(new[name])))
        if any(not passage.same for passage in found):
            parts.append((name, found))
    return parts


def readable(text: str | None) -> list[str]:
    """The paragraphs of a text, cut where comparing would take too long."""
    return paragraphs(shown(text)[:MAX_CHARS])
