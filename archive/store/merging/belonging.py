"""What belongs to an article beside its wordings: what is reserved, what is withheld, whence it came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.merging.wordings import Joined, Side, Wording
from archive.raw.merging import PageNumbers
from archive.store.archive import Archive
from archive.store.connection import upsert
from archive.store.merging.other import Other, Row

BELONGING = ("reservations", "withheld", "imported")


def take_belonging(archive: Archive, other: Other, there: int, here: int, pages: PageNumbers) -> None:
    """Take in what belongs to an article that is new here."""
    for table in BELONGING:
        set_row(archive, table, here, row_there(other, table, there, pages))


def join_belonging(
    archive: Archive, other: Other, here: Side, there: Side, both: Joined, pages: PageNumbers
) -> None:
    """Make what belongs to an article in two archives one."""
    number, theirs = here.article["id"], there.article["id"]
    for table, chosen in (("reservations", reservation), ("withheld", withheld), ("imported", imported)):
        before = row_here(archive, table, number)
        row = chosen((here, before), (there, row_there(other, table, theirs, pages)), both)
        if row != before:
            set_row(archive, table, number, row)


Known = tuple[Side, Row | None]


def reservation(mine: Known, theirs: Known, both: Joined) -> Row | None:
    """What the page says of mining now: as the look found that was last; of two at once, what reserves."""
    one, other = mine[0].last_seen_at, theirs[0].last_seen_at
    if one != other:
        return (mine if one > other else theirs)[1]
    rows = [row for _, row in (mine, theirs) if row]
    return max(rows, key=lambda row: int(row["reserved"]), default=None)


def withheld(mine: Known, theirs: Known, both: Joined) -> Row | None:
    """Since when its site does not show the article, unless it was shown to the other archive since."""
    known = [row for _, row in (mine, theirs) if row]
    rows = [
        row
        for (_, row), (other, _) in ((mine, theirs), (theirs, mine))
        if row and row["since"] > other.last_seen_at
    ]
    if not rows and len(known) == 2:
        rows = known
    return min(rows, key=lambda row: (str(row["since"]), int(row["status"])), default=None)


def imported(mine: Known, theirs: Known, both: Joined) -> Row | None:
    """What is known of wordings whose texts are in neither archive: the most that either tells of."""
    rows = [row for _, row in (theirs, mine) if row]
    if not rows:
        return None
    wordings = max(map(told_wordings, (mine, theirs))) - len(both.wordings)
    edits = max(map(told_edits, (mine, theirs))) - edits_in(both.wordings)
    row = next((known for side, known in (mine, theirs) if known and side is both.stands), rows[-1])
    imported_at = min(str(one["imported_at"]) for one in rows)
    return row | {"wordings": max(wordings, 0), "edits": max(edits, 0), "imported_at": imported_at}


def told_wordings(known: Known) -> int:
    """How many wordings an archive tells of: its own, and those it knows of elsewhere."""
    side, row = known
    return len(side.wordings) + (int(row["wordings"]) if row else 0)


def told_edits(known: Known) -> int:
    """The same of edits of the publisher."""
    side, row = known
    return edits_in(side.wordings) + (int(row["edits"]) if row else 0)


def edits_in(wordings: Iterable[Wording]) -> int:
    """How many wordings are the publisher's edits."""
    return sum(one.cause == "publisher" for one in wordings)


def row_here(archive: Archive, table: str, number: int) -> Row | None:
    """What a table of ours has of an article, without its number."""
    return without_number(archive.news.query(f"SELECT * FROM {table} WHERE article_id = ?", [number]))


def row_there(other: Other, table: str, number: int, pages: PageNumbers) -> Row | None:
    """What a table of theirs has of an article, without its number, its page as numbered here."""
    row = without_number(other.rows(f"SELECT * FROM {table} WHERE article_id = ?", [number]))
    if row and "page_id" in row:
        row["page_id"] = pages.named(row["page_id"])
    return row


def without_number(rows: Iterable[Row]) -> Row | None:
    """The only row there may be, without the article's number."""
    row: dict[str, Any] | None = next(iter(rows), None)
    return row and {name: value for name, value in row.items() if name != "article_id"}


def set_row(archive: Archive, table: str, number: int, row: Row | None) -> None:
    """Keep this row of an article, `None` for none."""
    if row is None:
        archive.news.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [number])
    else:
        upsert(archive.news, table, {"article_id": number} | row, pk="article_id")
