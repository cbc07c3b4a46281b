"""The wordings of one article made whole: numbered without a gap, each with its text, the newest in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.identity import content_hash
from archive.records import Article
from archive.store.columns import utc
from archive.store.connection import transaction
from archive.store.mending import Mender, PageReading, letters
from archive.store.readings import TEXT, columns_of

COLUMNS = ("id", "cause", "seen_at", "page_id", "cleaned_with", "content_hash", "modified_at", *TEXT)


def mend_wordings(
    mender: Mender, article_id: int, readings: Mapping[int, PageReading], lost: Sequence[PageReading] = ()
) -> bool:
    """Make the revisions of an article whole from readings of its pages, by page.

    `lost` are readings of pages that gave a wording no revision names. A text that is missing or is not what
    was kept is read from its own page again. Returns whether every wording has its text now.
    """
    with transaction(mender.db, mender.path):
        article = mender.one("SELECT * FROM articles WHERE id = ?", article_id)
        if article is None:
            return False
        query = "SELECT * FROM revisions WHERE article_id = ? ORDER BY number"
        before = list(mender.db.query(query, [article_id]))
        rows = [{name: row[name] for name in COLUMNS} for row in before]
        for reading in lost:
            enter(rows, reading)
        rows = in_order(rows, article)
        filled = [fill(row, readings, article) for row in rows[:-1]]
        rows[-1] |= dict.fromkeys(TEXT)  # the newest one's text is the article's
        numbered = [row | {"article_id": article_id, "number": n} for n, row in enumerate(rows, 1)]
        if numbered != [{name: row[name] for name in numbered[0]} for row in before] or (
            article["revisions"] != len(rows)
        ):
            mender.aside.keep("revisions", "the article's wordings were made whole", before)
            replace_rows(mender, article_id, numbered)
    return all(filled)


def pages_needed(mender: Mender, article_id: int) -> list[int]:
    """The pages of those replaced wordings whose text is missing or is not what was kept."""
    query = (
        "SELECT r.* FROM revisions r JOIN articles a ON a.id = r.article_id "
        "WHERE r.article_id = ? AND r.content_hash <> a.content_hash"
    )
    return [row["page_id"] for row in mender.db.query(query, [article_id]) if not has_text(row)]


def has_text(row: Mapping[str, Any]) -> bool:
    """Whether a revision has a text of its own, the one its hash was made of."""
    return row["body"] is not None and content_hash(*(row[name] for name in TEXT[:3])) == row["content_hash"]


def enter(rows: list[dict[str, Any]], reading: PageReading) -> None:
    """Note a wording that no revision names: one that says the same only named another page."""
    same = next((row for row in rows if row["content_hash"] == reading.says), None)
    if same:
        same["page_id"] = reading.page_id
        return
    rows.append(wording(reading))


def wording(reading: PageReading) -> dict[str, Any]:
    """The row of a wording read from its page, as of when that was fetched."""
    columns = columns_of(reading.article)
    stated = {name: columns[name] for name in ("cleaned_with", "content_hash", "modified_at", *TEXT)}
    seen = {
        "id": None,
        "cause": "publisher",
        "seen_at": utc(reading.page.fetched_at),
        "page_id": reading.page_id,
    }
    return {name: (seen | stated)[name] for name in COLUMNS}


def in_order(rows: list[dict[str, Any]], article: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The wordings in the order they were seen, the one that stands in the article last."""
    present = [row for row in rows if row["content_hash"] == article["content_hash"]]
    last = present[-1] if present else None
    if last is None:
        stated = {name: article[name] for name in ("page_id", "cleaned_with", "content_hash", "modified_at")}
        last = (
            {"id": None, "cause": "recleaned", "seen_at": article["last_seen_at"]}
            | stated
            | dict.fromkeys(TEXT)
        )
    others = sorted((row for row in rows if row is not last), key=lambda row: row["seen_at"])
    ordered = [{name: row[name] for name in COLUMNS} for row in (*others, last)]
    for place, row in enumerate(ordered):
        if place == 0:
            row["cause"] = "first"
        elif row["cause"] == "first":
            row["cause"] = "publisher"
    return ordered


def fill(row: dict[str, Any], readings: Mapping[int, PageReading], article: Mapping[str, Any]) -> bool:
    """Give a replaced wording its text from its page, where that is missing or not what was kept.

    One that says what the article says now, for the publisher took a change back, has its text there.
    """
    if has_text(row):
        return True
    if row["content_hash"] == article["content_hash"]:
        row |= {name: article[name] for name in TEXT}
        return True
    reading = readings.get(row["page_id"])
    if reading is None:
        return False
    row |= texts_of(reading.article) | {"content_hash": reading.says}
    return True


def texts_of(article: Article) -> dict[str, Any]:
    """The texts of an article, by column."""
    return {name: getattr(article, name) for name in TEXT}


def replace_rows(mender: Mender, article_id: int, rows: list[dict[str, Any]]) -> None:
    """Write the revisions of an article anew, and how many they are."""
    mender.db.conn.execute("DELETE FROM revisions WHERE article_id = ?", [article_id])
    readable = ({name: letters(value) for name, value in row.items()} for row in rows)
    mender.db.table("revisions").insert_all(readable)
    mender.db.conn.execute("UPDATE articles SET revisions = ? WHERE id = ?", [len(rows), article_id])
