"""What publishers changed after they had published: headlines, numbers, texts, and articles that vanished.

Pure but for the two queries, which a page asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.changes import Passage, Piece, passages
from archive.site.leads import fields_told
from archive.site.shown import paragraphs, shown

KINDS = ("headline", "numbers", "text", "gone")
COMPARED_CHARS = 30_000  # of one text: half a millisecond
MOST_PASSAGES = 2
KEPT_CHARS = 70  # of what stayed the same beside a change
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
WORD = re.compile(r"[^\W\d_]+")

# What we read better ourselves is no change of theirs.
REWORDED = f"""
SELECT 'r' || r.id AS event, r.seen_at AS at, r.number, r.modified_at, old.modified_at AS old_modified_at,
       a.id, a.url_key, a.source, s.name AS source_name, a.language, a.title AS now_title, a.gone_at,
       new.title, new.lead, substr(new.body, 1, {COMPARED_CHARS}) AS body,
       old.title AS old_title, old.lead AS old_lead, substr(old.body, 1, {COMPARED_CHARS}) AS old_body
FROM (
    SELECT r.* FROM revisions r JOIN articles a ON a.id = r.article_id
    WHERE r.number > 1 AND r.cause = 'publisher' AND (:source = '' OR a.source = :source)
    ORDER BY r.seen_at DESC, r.id DESC LIMIT :most
) r
JOIN articles a ON a.id = r.article_id LEFT JOIN sources s ON s.id = a.source
JOIN revision_texts new ON new.id = r.id
JOIN revision_texts old ON old.article_id = r.article_id AND old.number = r.number - 1
ORDER BY r.seen_at DESC, r.id DESC"""
VANISHED = """
SELECT 'g' || a.id AS event, a.gone_at AS at, a.id, a.url_key, a.source, s.name AS source_name, a.language,
       a.title AS now_title, a.published_date
FROM articles a LEFT JOIN sources s ON s.id = a.source
WHERE a.gone_at IS NOT NULL AND (:source = '' OR a.source = :source)
ORDER BY a.gone_at DESC, a.id DESC LIMIT :most"""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that became otherwise. `at` is when we saw it, UTC.

    `kinds` are those of `KINDS` that fit; `is_silent` says that the page did not state a new time of change.
    `title` are the pieces of the headline before and after when it changed; `changes` the first changed
    passages, shortened.
    """

    id: str
    at: str
    article_id: int
    url_key: str
    number: int | None
    source: str
    source_name: str
    language: str
    now_title: str
    kinds: tuple[str, ...]
    is_silent: bool
    title: tuple[Piece, ...] = ()
    changes: tuple[tuple[Piece, ...], ...] = ()


def reworded(row: Mapping[str, Any]) -> Event:
    """A row of `REWORDED` as an event."""
    new_title, old_title = plain(row["title"]), plain(row["old_title"])
    title = [piece for passage in passages([old_title], [new_title]) for piece in passage.pieces]
    kinds = []
    if new_title != old_title:
        kinds.append("headline")
    if numbers(row, "") != numbers(row, "old_"):
        kinds.append("numbers")
    if has_other_words(row):
        kinds.append("text")
    old = {name: row[f"old_{name}"] for name in ("lead", "body")}
    changes = [found for name in fields_told(old, row) for found in changed(old[name], row[name])]
    return Event(
        **told(row),
        number=row["number"],
        kinds=tuple(kinds) or ("text",),
        is_silent=row["modified_at"] is None or row["modified_at"] == row["old_modified_at"],
        title=tuple(title) if "headline" in kinds else (),
        changes=tuple(changes[:MOST_PASSAGES]),
    )


def vanished(row: Mapping[str, Any]) -> Event:
    """A row of `VANISHED` as an event."""
    return Event(**told(row), number=None, kinds=("gone",), is_silent=True)


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What both kinds of event say of their article."""
    return {
        "id": row["event"],
        "at": row["at"],
        "article_id": row["id"],
        "url_key": row["url_key"],
        "source": row["source"],
        "source_name": shown(row["source_name"] or row["source"]),
        "language": row["language"] or "",
        "now_title": plain(row["now_title"]),
    }


def merged(*lists: Sequence[Event]) -> list[Event]:
    """Events of several lists, newest first."""
    return sorted((event for events in lists for event in events), key=lambda event: event.at, reverse=True)


def plain(text: str | None) -> str:
    """A text on one line."""
    return " ".join(shown(text).split())


def numbers(row: Mapping[str, Any], prefix: str) -> Counter[str]:
    """Every number a wording says, and how often."""
    texts = (row[f"{prefix}{name}"] or "" for name in ("title", "lead", "body"))
    return Counter(NUMBER.findall(" ".join(texts)))


def has_other_words(row: Mapping[str, Any]) -> bool:
    """Whether the text below the headline says other words than before; numbers are no words."""
    was, now = words(row, "old_"), words(row, "")
    if all(len(row[name] or "") >= COMPARED_CHARS for name in ("body", "old_body")):
        # Both are cut, and a longer number before the cut makes the one text end a word earlier.
        whole = min(len(was), len(now)) - 1
        was, now = was[:whole], now[:whole]
    return was != now


def words(row: Mapping[str, Any], prefix: str) -> list[str]:
    """The words of a wording's text in order, in small letters."""
    return WORD.findall(f"{row[f'{prefix}lead'] or ''} {row[f'{prefix}body'] or ''}".lower())


def changed(old: str | None, new: str | None) -> list[tuple[Piece, ...]]:
    """The passages of two texts that differ, with little of what stayed around each change."""
    found = passages(paragraphs(old), paragraphs(new))
    return [shortened(passage) for passage in found if not passage.same]


def shortened(passage: Passage) -> tuple[Piece, ...]:
    """A passage without what stands far from its changes, and without the rest of long ones."""
    last = len(passage.pieces) - 1
    pieces = []
    for number, piece in enumerate(passage.pieces):
        before, after = KEPT_CHARS if number > 0 else 0, KEPT_CHARS if number < last else 0
        if piece.fate != "same":
            before, after = KEPT_CHARS * 3, 0
        pieces.append(Piece(piece.fate, ends_of(piece.text, before, after)))
    return tuple(pieces)


def ends_of(text: str, first: int, last: int) -> str:
    """The first and last letters of a text, whole words; what is between is said to be left out."""
    if len(text) <= first + last + 2:
        return text
    head = text[:first].rsplit(None, 1)[0] if first else ""
    tail = text[-last:].split(None, 1)[-1] if last else ""
    return f"{head} … {tail}"
