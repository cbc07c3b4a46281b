"""Articles of another archive taken in with all that belongs to them, or made one with those here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

from archive.errors import ArchiveError
from archive.merging.barred import Barred
from archive.merging.wordings import Joined, Side, Wording, joined, seen_again
from archive.raw.merging import PageNumbers
from archive.store.archive import Archive
from archive.store.articles import last_id
from archive.store.columns import moment_of
from archive.store.connection import insert_all, inserted, transaction
from archive.store.imports import free_id
from archive.store.merging.addresses import AddressTaking
from archive.store.merging.belonging import join_belonging, take_belonging
from archive.store.merging.other import Other, Row
from archive.store.readings import TEXT
from archive.store.wordings import in_order

WORDING = ("seen_at", "cause", "cleaned_with", "content_hash", "modified_at", "page_id", *TEXT, "id")
LISTS = ("links", "images")
AGAIN = "merged"  # why a request that brought a wording there brought none here


@dataclass(slots=True)
class ArticlesTaken:
    """How many articles are new here, were there, of these how many got more wordings, and stay behind."""

    new: int = 0
    known: int = 0
    reworded: int = 0
    renumbered: int = 0
    left: int = 0


@dataclass(slots=True)
class ArticleTaking:
    """Takes articles of one archive into another; used once, in the order of their numbers.

    `again` are pages, as numbered here, that brought a wording there and say nothing new here, and when.
    """

    archive: Archive
    other: Other
    pages: PageNumbers
    barred: Barred
    taken: ArticlesTaken = field(default_factory=ArticlesTaken)
    again: set[tuple[int, str]] = field(default_factory=set)
    addresses: AddressTaking = field(init=False)

    def __post_init__(self) -> None:
        self.addresses = AddressTaking(self.archive, self.barred)

    def take(self, rows: Sequence[Row]) -> None:
        """Take some articles in, with the addresses they were read at: all of it, or nothing."""
        archive = self.archive
        with transaction(archive.news, archive.folder.news), archive.articles.index.brought_up_once():
            for row in rows:
                try:
                    self.take_one(row)
                except ValueError as error:
                    raise ArchiveError(
                        f"{self.other.folder.news}: article {row['id']} cannot be read ({error}); "
                        f"run: muragat audit --repair --archive {self.other.folder.path}"
                    ) from error

    def take_one(self, row: Row) -> None:
        """Take one article in."""
        if row["id"] in self.barred.article_ids:
            self.taken.left += 1
            return
        addresses = self.other.rows("SELECT * FROM addresses WHERE article_id = ?", [row["id"]])
        mine = self.archive.articles.row(row["url_key"])
        if mine is None:
            self.addresses.take(addresses, self.add(row))
            return
        self.join(mine, row)
        self.addresses.take(addresses, mine["id"])

    def add(self, row: Row) -> int:
        """Take in an article that is not here; returns its number here."""
        number = self.number(row)
        wordings = self.side(row, self.other, self.wordings_there(row)).wordings
        article = row | {
            "id": number,
            "page_id": self.pages.named(row["page_id"]),
            "revisions": len(wordings),
        }
        inserted(self.archive.news, "articles", article)
        self.write_wordings(number, wordings, ())
        for table in LISTS:
            self.write_list(number, table, self.list_there(row["id"], table))
        self.archive.articles.copies.take_in(number, row["body"])
        take_belonging(self.archive, self.other, row["id"], number, self.pages)
        self.taken.new += 1
        self.taken.renumbered += number != row["id"]
        return number

    def number(self, row: Row) -> int:
        """The number an article gets here: its own where that is free, else one that is free in both."""
        if (number := free_id(self.archive, row["id"])) is not None:
            return number
        moment = moment_of(row["published_at"] or row["first_seen_at"])
        return self.archive.articles.next_id(moment, also=lambda first: last_id(self.other.news, first))

    def join(self, mine: Row, theirs: Row) -> None:
        """Make an article that is here one with the other archive's."""
        here = self.side(mine, self.archive, self.wordings_here(mine))
        there = self.side(theirs, self.other, self.wordings_there(theirs))
        both = joined(here, there)
        stands_here = both.stands is here
        page_id = mine["page_id"] if stands_here else self.pages.named(theirs["page_id"])
        self.write_wordings(mine["id"], both.wordings, here.wordings)
        self.note_again(both, here, there)
        self.write_columns(mine, both.columns | {"page_id": page_id})
        if not stands_here:
            for table in LISTS:
                self.replace_list(mine["id"], table, self.list_there(theirs["id"], table))
        if both.columns["body"] != mine["body"]:
            self.archive.articles.copies.take_in(mine["id"], both.columns["body"])
        join_belonging(self.archive, self.other, here, there, both, self.pages)
        self.taken.known += 1
        self.taken.reworded += hashes(both.wordings) != hashes(here.wordings)

    def wordings_here(self, article: Row) -> list[Row]:
        """The revisions of an article of ours."""
        query = "SELECT * FROM revisions WHERE article_id = ? ORDER BY number"
        return list(self.archive.news.query(query, [article["id"]]))

    def wordings_there(self, article: Row) -> list[Row]:
        """The revisions of an article of theirs, with its pages as numbered here."""
        query = "SELECT * FROM revisions WHERE article_id = ? ORDER BY number"
        rows = self.other.rows(query, [article["id"]])
        return [row | {"id": None, "page_id": self.pages.named(row["page_id"])} for row in rows]

    def side(self, article: Row, of: Archive | Other, rows: Sequence[Row]) -> Side:
        """What an archive knows of an article; its revisions with their texts, the one that stands last."""
        number = (lambda page_id: page_id) if of is self.archive else self.pages.named
        ordered = in_order([*rows], article | {"page_id": number(article["page_id"])})
        ordered[-1] |= {name: article[name] for name in TEXT}
        wordings = tuple(Wording(**{name: row[name] for name in WORDING}) for row in ordered)
        looks = [(at, number(page_id)) for at, page_id in left_out(of, article)]
        gone_until = last_look(of, article) if article["gone_at"] else None
        return Side(article, wordings, seen_again(wordings, looks), gone_until)

    def write_wordings(self, number: int, wordings: Sequence[Wording], before: Sequence[Wording]) -> None:
        """Keep the wordings of an article; rows that are here keep their numbers: feeds name them."""
        last = len(wordings)
        rows = [kept_as(one, place, last) for place, one in enumerate(wordings, 1)]
        if rows == [kept_as(one, place, len(before)) for place, one in enumerate(before, 1)]:
            return
        db = self.archive.news
        kept = {row["id"] for row in rows}
        gone = [(one.id,) for one in before if one.id not in kept]
        db.conn.executemany("DELETE FROM revisions WHERE id = ?", gone)
        # Two rows of an article have no number in common, not for a moment either.
        db.conn.execute("UPDATE revisions SET number = -number WHERE article_id = ?", [number])
        for row in rows:
            revision_id = row.pop("id")
            if revision_id is None:
                inserted(db, "revisions", {"article_id": number} | row)
            else:
                names = ", ".join(f"{name} = ?" for name in row)
                db.conn.execute(f"UPDATE revisions SET {names} WHERE id = ?", [*row.values(), revision_id])

    def note_again(self, both: Joined, here: Side, there: Side) -> None:
        """Note which pages brought a wording in their archive and say nothing new beside the other's."""
        kept = {one.sight for one in both.wordings}
        pages = {one.page_id for one in both.wordings}
        mine, theirs = (
            {
                (one.page_id, one.seen_at)
                for one in of.wordings
                if one.sight not in kept or one.page_id not in pages
            }
            for of in (here, there)
        )
        self.again |= theirs
        self.archive.news.conn.executemany(
            "UPDATE fetches SET outcome = 'unchanged', reason = ? "
            "WHERE page_id = ? AND fetched_at = ? AND outcome IN ('new', 'revised')",
            [(AGAIN, page_id, seen_at) for page_id, seen_at in mine],
        )

    def write_columns(self, mine: Row, columns: Mapping[str, Any]) -> None:
        """Set the columns of an article that differ: a text that is written makes its search row anew."""
        changed = {name: value for name, value in columns.items() if value != mine[name]}
        if changed:
            names = ", ".join(f"{name} = ?" for name in changed)
            self.archive.news.conn.execute(
                f"UPDATE articles SET {names} WHERE id = ?", [*changed.values(), mine["id"]]
            )

    def list_there(self, article_id: int, table: str) -> list[Row]:
        """The links or pictures of an article of theirs."""
        return self.other.rows(f"SELECT * FROM {table} WHERE article_id = ? ORDER BY position", [article_id])

    def replace_list(self, number: int, table: str, rows: Iterable[Row]) -> None:
        """Keep these links or pictures in the place of those that are here."""
        self.archive.news.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [number])
        self.write_list(number, table, rows)

    def write_list(self, number: int, table: str, rows: Iterable[Row]) -> None:
        """Keep links or pictures; none that leads to what was taken down."""
        mine = [row | {"article_id": number} for row in rows]
        allowed = self.archive.takedowns.allowed(mine) if table == "links" else mine
        insert_all(self.archive.news, table, allowed)


def hashes(wordings: Iterable[Wording]) -> list[str]:
    """What wordings say, one after the other."""
    return [one.content_hash for one in wordings]


def kept_as(one: Wording, number: int, last: int) -> Row:
    """The row of a wording; the text of the last one stands in the article."""
    row = dict(zip(WORDING, astuple(one), strict=True)) | {"number": number}
    return row | dict.fromkeys(TEXT) if number == last else row


def left_out(of: Archive | Other, article: Row) -> list[tuple[str, int]]:
    """When and on which page a wording was seen that an earlier merge left out, for it repeated another."""
    query = "SELECT url_hash FROM addresses WHERE article_id = ?"
    hashes = json.dumps([row[0] for row in of.news.conn.execute(query, [article["id"]])])
    pages = of.pages.db.conn.execute(
        "SELECT id FROM pages WHERE url_hash IN (SELECT value FROM json_each(?))", [hashes]
    )
    found = of.news.conn.execute(
        "SELECT fetched_at, page_id FROM fetches WHERE page_id IN (SELECT value FROM json_each(?)) "
        "AND outcome = 'unchanged' AND reason = ?",
        [json.dumps([row[0] for row in pages]), AGAIN],
    )
    return found.fetchall()


def last_look(of: Archive | Other, article: Row) -> str:
    """The last look that did not find an article which is gone."""
    (checked_at,) = of.news.conn.execute(
        "SELECT max(checked_at) FROM addresses WHERE article_id = ? AND status IN (404, 410)", [article["id"]]
    ).fetchone()
    return max(article["gone_at"], checked_at or "")
