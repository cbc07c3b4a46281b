"""Which articles are exported, and into which part each goes: settled before the first row is written."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from time import monotonic

from sqlite_utils import Database

from archive.exports.mining import CONDITIONS, count_reserved
from archive.search.filters import ArticleFilter
from archive.syndication.clusters import THRESHOLD, joined
from archive.syndication.finding import PAIRS, can_be_asked

BATCH = 10_000
WHERE_SECONDS = 60.0
STEPS_BETWEEN_LOOKS = 20_000  # of SQLite's machine: about a millisecond
UNDATED, NO_DAY, MOST_PARTS = "undated", 255, 254
# What reading needs; FTS5 asks for the data version itself.
READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


class WrongCondition(ValueError):
    """A condition that SQLite does not understand, may not run, or does not get through in time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants exported.

    `sql` is a condition over the columns of `articles`, given `sql_seconds` to find what it holds for.
    `one_per_story` leaves out all copies but the first published. `splits` are the first days of all parts
    but the first, ascending. `tdm` is "free" for what is not reserved against text and data mining,
    "reserved" for what is, "any" for both.
    """

    where: ArticleFilter = field(default_factory=ArticleFilter)
    sql: str | None = None
    sql_seconds: float = WHERE_SECONDS
    one_per_story: bool = False
    splits: tuple[date, ...] = ()
    tdm: str = "any"

    @property
    def is_everything(self) -> bool:
        """Whether every article is wanted, in one part."""
        return self == Wanted(sql_seconds=self.sql_seconds)


@dataclass(frozen=True, slots=True)
class Part:
    """Articles that are written together, ascending by id. `name` is "" where all are one part."""

    name: str
    ids: array[int]


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts, in order of their days, and how many copies of stories were left out.

    `uncompared` is how many articles of the archive nobody has compared yet, where stories were asked for.
    `undated` is how many were left out for stating no day, where days were asked for.
    """

    parts: tuple[Part, ...]
    copies: int = 0
    uncompared: int = 0
    undated: int = 0

    @property
    def ids(self) -> array[int]:
        """All articles, ascending."""
        if len(self.parts) == 1:
            return self.parts[0].ids
        return array("q", sorted(one for part in self.parts for one in part.ids))


def selected(db: Database, wanted: Wanted) -> Selection:
    """The articles that are wanted, each in one part.

    Needs what `functions.register` and `register_mining` give a connection. A story never has articles in
    two parts: all are in the part of the earliest day among them. Articles of a story without any day are a
    part of their own, called "undated". Raises WrongCondition.
    """
    ids, undated = wanted_ids(db, wanted), undated_left_out(db, wanted)
    if not (wanted.one_per_story or wanted.splits):
        return Selection((Part("", ids),), undated=undated)
    stories = stories_of(db)
    kept = first_of_stories(db, ids, stories) if wanted.one_per_story else ids
    left_out = len(ids) - len(kept)
    if not wanted.splits:
        return Selection((Part("", kept),), left_out, uncompared(db), undated)
    parts = tuple(parts_by_day(db, kept, stories, wanted.splits))
    return Selection(parts, left_out, uncompared(db), undated)


def reserved_in(db: Database, wanted: Wanted, selection: Selection) -> int:
    """How many of the chosen articles are reserved against text and data mining; 0 where that was chosen."""
    return count_reserved(db, selection.ids) if wanted.tdm == "any" else 0


def uncompared(db: Database) -> int:
    """How many articles wait to be compared: all of an archive that knows of no copies."""
    table = "uncompared" if can_be_asked(db) else "articles"
    return int(db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def undated_left_out(db: Database, wanted: Wanted) -> int:
    """How many articles `--since` and `--until` alone keep out because they state no day."""
    if wanted.where.since is None and wanted.where.until is None:
        return 0
    of_any_day = replace(wanted, where=replace(wanted.where, since=None, until=None))
    return len(wanted_ids(db, of_any_day, also="a.published_date IS NULL"))


def wanted_ids(db: Database, wanted: Wanted, *, also: str = "1") -> array[int]:
    """The ids of the articles that are wanted, ascending: eight bytes each; `also` is one more condition."""
    conditions, values = wanted.where.where()
    conditions = f"{conditions} AND {also}"
    if wanted.tdm != "any":
        conditions = f"{conditions} AND {CONDITIONS[wanted.tdm]}"
    query = f"SELECT a.id FROM articles a WHERE {conditions}"
    if wanted.sql is None:
        return collected(db.conn.execute(f"{query} ORDER BY a.id", values))
    try:
        with reading_only(db.conn, wanted.sql_seconds):
            # Without brackets first: brackets of its own must not close ours.
            db.conn.execute(f"SELECT 1 FROM articles WHERE\n{wanted.sql}\nLIMIT 0").close()
            # The line break ends a comment.
            return collected(db.conn.execute(f"{query} AND (\n{wanted.sql}\n) ORDER BY a.id", values))
    except (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError) as error:
        raise WrongCondition(f"--where {wanted.sql[:80]!r}: {reason(error, wanted.sql_seconds)}") from error


def reason(error: Exception, seconds: float) -> str:
    """Why a condition does not do, in words for who wrote it."""
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_INTERRUPT:
        return f"not done in {seconds:g} seconds; make it simpler, or allow more with --where-seconds"
    if isinstance(error, UnicodeEncodeError):
        return "is no text"
    if code == sqlite3.SQLITE_AUTH or "not authorized" in str(error):
        return "may only read the archive"
    return f"{error}; name columns of `articles` as docs/schema.md does"


def collected(rows: sqlite3.Cursor) -> array[int]:
    """The first column of all rows."""
    ids = array("q")
    while batch := rows.fetchmany(BATCH):
        ids.extend([row[0] for row in batch])
    return ids


@contextmanager
def reading_only(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Let a connection run nothing but reading, and that for no longer than `seconds`."""
    with suppress(sqlite3.Error):  # the search index makes its table when it is first asked
        connection.execute("SELECT 1 FROM articles_fts LIMIT 0").close()
    until = monotonic() + seconds
    connection.set_progress_handler(lambda: monotonic() > until, STEPS_BETWEEN_LOOKS)
    connection.set_authorizer(allowed)
    try:
        yield
    finally:
        connection.set_authorizer(None)
        connection.set_progress_handler(None, 0)


def allowed(action: int, argument: str | None, *_: object) -> int:
    """SQLite's question whether a statement may do this."""
    if action in READING or (action == sqlite3.SQLITE_PRAGMA and argument == "data_version"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def stories_of(db: Database) -> dict[int, int]:
    """For each article that has copies, the id its story goes by; copies are those of `muragat copies`."""
    if not can_be_asked(db):
        return {}
    clusters = joined(db.conn.execute(PAIRS, {"threshold": THRESHOLD}))
    return {article: min(cluster) for cluster in clusters for article in cluster}


def first_of_stories(db: Database, ids: array[int], stories: dict[int, int]) -> array[int]:
    """The articles without those of which another one, of the same story and among them, was first.

    First is the earliest publication; of several the lowest id; one without a date only among its like.
    """
    at = times_of(db, stories)
    firsts: dict[int, tuple[bool, str, int]] = {}
    for one in ids:
        if (story := stories.get(one)) is not None:
            age = (at.get(one) is None, at.get(one) or "", one)
            firsts[story] = min(firsts.get(story, age), age)
    return array("q", (one for one in ids if one not in stories or firsts[stories[one]][2] == one))


def times_of(db: Database, stories: dict[int, int]) -> dict[int, str | None]:
    """The time of publication of each article that has copies."""
    rows = db.conn.execute(
        "SELECT id, published_at FROM articles WHERE id IN (SELECT article_id FROM copies)"
    )
    return {one: at for one, at in rows if one in stories}


def parts_by_day(
    db: Database, ids: array[int], stories: dict[int, int], splits: Sequence[date]
) -> Iterator[Part]:
    """The articles by the part their story's first day is in; a part without articles too, but "undated"."""
    names = part_names(len(splits) + 1)
    own = own_places(db, ids, [day.isoformat() for day in splits])
    # Parts are in the order of days, so the first part is that of the first day; no day comes last.
    firsts: dict[int, int] = {}
    for one, place in zip(ids, own, strict=True):
        if (story := stories.get(one)) is not None:
            firsts[story] = min(firsts.get(story, NO_DAY), place)
    parts: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
    for one, place in zip(ids, own, strict=True):
        parts[firsts[stories[one]] if one in stories else place].append(one)
    yield from (Part(name, parts[place]) for place, name in enumerate(names))
    if NO_DAY in parts:
        yield Part(UNDATED, parts[NO_DAY])


def part_names(count: int) -> list[str]:
    """What so many parts are called, earliest first."""
    usual = {2: ["train", "test"], 3: ["train", "validation", "test"]}
    return usual.get(count) or [f"part_{number}" for number in range(1, count + 1)]


def own_places(db: Database, ids: array[int], starts: Sequence[str]) -> bytearray:
    """The place of the part that each article's own day is in, `NO_DAY` without one, in their order."""
    places = bytearray([NO_DAY]) * len(ids)
    # By the index of days alone: the day lies behind the text in a row, and would cost reading all texts.
    for day, one in db.conn.execute("SELECT published_date, id FROM articles WHERE published_date >= ''"):
        found = bisect_left(ids, one)
        if found < len(ids) and ids[found] == one:
            places[found] = bisect_right(starts, day)
    return places
