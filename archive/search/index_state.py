"""What a search index says of itself: by which rules it was made, and whether it may be believed."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from archive.search.analysis.version import analysis_version

INDEX = "articles_fts"
NEXT = "articles_fts_next"
# A word that stands in the index only, under a row no article can have. A program that fills the index anew
# from the articles loses it: then the index holds words as they were written, and no word form is found.
CANARY_ROW = -1
# Ours write to search_changes only.
FOREIGN_TRIGGERS = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%{INDEX}%'"
CANARY = "qzxmuragat"


class IndexState(StrEnum):
    """Whether searches are answered as they should be."""

    SOUND = "sound"
    UNFINISHED = "unfinished"  # emptied by an update, or never filled
    OTHER_RULES = "other rules"  # made by another version: most searches still answer
    FOREIGN = "foreign"  # filled anew by a program that knows no word forms
    DAMAGED = "damaged"  # cannot be read
    MISSING = "missing"

    @property
    def can_be_asked(self) -> bool:
        """Whether there is an index that answers and takes in, rightly or not."""
        return self not in (IndexState.MISSING, IndexState.DAMAGED)

    @property
    def explanation(self) -> str:
        """What a person should know."""
        return EXPLANATIONS[self]


EXPLANATIONS = {
    IndexState.SOUND: "the search index is sound",
    IndexState.UNFINISHED: "the search index is not filled yet; run `muragat reindex`",
    IndexState.OTHER_RULES: "the search index was made by other rules of word forms; run `muragat reindex`",
    IndexState.FOREIGN: "another program filled the search index without word forms; run `muragat reindex`",
    IndexState.DAMAGED: "the search index is damaged; run `muragat reindex`",
    IndexState.MISSING: "there is no search index; run `muragat reindex`",
}


def canary(analysis: str) -> str:
    """The canary of an index made by these rules."""
    return f"{CANARY}{analysis}"


def index_state(connection: sqlite3.Connection) -> IndexState:
    """How the archive's search index is; reads a few rows only."""
    tables = "SELECT name FROM sqlite_master WHERE name IN ('articles_fts', 'search_indexes')"
    if len(connection.execute(tables).fetchall()) < 2:
        return IndexState.MISSING
    row = connection.execute(
        "SELECT analysis, reached FROM search_indexes WHERE name = ?", [INDEX]
    ).fetchone()
    if row is None or row[1] is not None:
        return IndexState.UNFINISHED
    try:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({INDEX})")]
        if columns != ["title", "lead", "body"] or connection.execute(FOREIGN_TRIGGERS).fetchone():
            return IndexState.FOREIGN
        if not has_canary(connection, row[0]):
            return IndexState.FOREIGN
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return IndexState.DAMAGED
        raise
    return IndexState.SOUND if row[0] == analysis_version() else IndexState.OTHER_RULES


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether an error of SQLite says that what is kept cannot be read, or that a part of it is not there."""
    cause = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return cause == sqlite3.SQLITE_CORRUPT or "vtable constructor failed" in str(error)


def has_canary(connection: sqlite3.Connection, analysis: str) -> bool:
    """Whether the index still holds what only we put there."""
    query = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? LIMIT 1"
    found = connection.execute(query, [f'"{canary(analysis)}"']).fetchone()
    return found is not None and found[0] == CANARY_ROW
