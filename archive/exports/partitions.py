"""Parquet in folders named for what lies in them, as Hive does it: DuckDB and Spark open those they need."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from archive.exports.columns import Column
from archive.exports.encoding import Style
from archive.exports.folders import SHARD_ROWS
from archive.exports.sources import sources_of
from archive.exports.tables import ArticleRows, write_rows

# What Hive, Spark and DuckDB read as NULL.
NOTHING = "__HIVE_DEFAULT_PARTITION__"
MONTH_LETTERS = len("2026-03")
Key = tuple[str | None, ...]


def write_partitions(
    place: Path, rows: ArticleRows, ids: array[int], keys: Sequence[str], style: Style
) -> None:
    """Write a folder for each source, month or both, one after the other: one file is open at a time.

    The columns of `rows` are those of the files: see `columns_beside`.
    """
    from archive.exports.parquet import Parquet

    for values, some in partitions(rows.db, ids, keys):
        folder = place.joinpath(*(named(key, value) for key, value in zip(keys, values, strict=True)))
        folder.mkdir(parents=True)
        own = replace(style, sources=sources_of(rows.db, some))
        for number, start in enumerate(range(0, len(some), SHARD_ROWS)):
            with (folder / f"part-{number}.parquet").open("wb") as file:
                write_rows(file, Parquet(rows.columns, own), rows.of(some[start : start + SHARD_ROWS]))


def columns_beside(columns: Sequence[Column], keys: Sequence[str]) -> tuple[Column, ...]:
    """The columns without those that folders tell: in a file too, they would be there twice."""
    return tuple(column for column in columns if column.name not in keys)


def partitions(db: Database, ids: array[int], keys: Sequence[str]) -> list[tuple[Key, array[int]]]:
    """The articles, ascending in each part, by the values of its keys; what has none comes first."""
    found: defaultdict[Key, array[int]] = defaultdict(lambda: array("q"))
    # An index has all three: the day lies behind the text in a row, and would cost reading all texts.
    for source, day, one in db.conn.execute("SELECT source, published_date, id FROM articles"):
        place = bisect_left(ids, one)
        if place < len(ids) and ids[place] == one:
            told = {"source": source, "month": month_of(day)}
            found[tuple(told[key] for key in keys)].append(one)
    ordered = sorted(found, key=lambda values: [value or "" for value in values])
    return [(values, array("q", sorted(found[values]))) for values in ordered]


def month_of(day: str | None) -> str | None:
    """The month of a day, as 2026-03; `None` without one, and for what is none."""
    try:
        return date.fromisoformat(day).isoformat()[:MONTH_LETTERS] if day else None
    except ValueError:
        return None


def named(key: str, value: str | None) -> str:
    """The name of a folder, whatever the value: what could lead elsewhere is written in per cent."""
    return f"{key}={quote(value, safe='') if value else NOTHING}"
