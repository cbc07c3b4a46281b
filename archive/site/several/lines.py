"""Hits of several archives as lines of a list: each leads into its archive and names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from archive.site.atom import COLUMNS as FEED_COLUMNS
from archive.site.atom import Entry, entry_of
from archive.site.lines import TABLES, Line, line_of
from archive.site.search_hits import found_words, line_rows
from archive.site.several.asking import Inquiry
from archive.site.several.merging import Hit
from archive.site.several.mounted import Mounted
from archive.site.several.reader import ReaderOfAll

Expressions = Mapping[Mounted, str | None]


async def lines_of(
    reader: ReaderOfAll, inquiry: Inquiry, hits: Sequence[Hit], expressions: Expressions
) -> list[Line]:
    """The hits as lines, in their order, found words marked."""
    ids = ids_by_archive(hits)

    async def lines(archive: Mounted, db: Any) -> dict[int, Line]:
        rows = await line_rows(db, ids[archive])
        expression = expressions.get(archive)
        found = await found_words(db, expression, ids[archive]) if expression else {}
        return {row["id"]: line_in(reader, archive, row, found.get(row["id"])) for row in rows}

    answers = await inquiry.ask(lines, ids)
    return in_order(hits, answers)


def line_in(
    reader: ReaderOfAll, archive: Mounted, row: Mapping[str, Any], found: Mapping[str, Any] | None
) -> Line:
    """The line of an article in an archive; its source leads to that source in all archives."""
    return replace(
        line_of(row, reader, found),
        href=reader.within(archive, f"/a/{row['id']}"),
        archive=archive.title,
        archive_href=reader.within(archive, "/"),
    )


async def entries_of(reader: ReaderOfAll, inquiry: Inquiry, hits: Sequence[Hit]) -> list[Entry]:
    """The hits as entries of a feed, in their order."""
    ids, untitled = ids_by_archive(hits), reader.say("untitled")

    async def entries(archive: Mounted, db: Any) -> dict[int, Entry]:
        listed = ", ".join(str(int(one)) for one in ids[archive])
        rows = (await db.execute(f"SELECT {FEED_COLUMNS} FROM {TABLES} WHERE a.id IN ({listed})")).rows
        hrefs = {row["id"]: reader.absolute(f"{archive.path}a/{row['id']}") for row in rows}
        return {row["id"]: entry_of(row, hrefs[row["id"]], untitled) for row in rows}

    return in_order(hits, await inquiry.ask(entries, ids))


def ids_by_archive(hits: Sequence[Hit]) -> dict[Mounted, list[int]]:
    """The numbers of the hits in each archive that has some."""
    ids: dict[Mounted, list[int]] = defaultdict(list)
    for hit in hits:
        ids[hit.archive].append(hit.id)
    return dict(ids)


def in_order(hits: Sequence[Hit], answers: Mapping[Mounted, Mapping[int, Any]]) -> list[Any]:
    """What archives answered about hits, in the hits' order, without those nobody knew."""
    return [answers[hit.archive][hit.id] for hit in hits if hit.id in answers.get(hit.archive, {})]
