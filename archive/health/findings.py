"""What an audit says: one finding for each thing it looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

KINDS = ("lost", "double", "damaged")
EXAMPLES = 3


class Remedy(StrEnum):
    """What makes a fault good; `muragat audit --repair` does them in this order."""

    FILE = "file"  # the file itself is damaged: what can be read goes into a new one
    SCHEMA = "schema"  # tables, indexes, triggers and views are made again
    INDEXES = "indexes"  # SQLite makes its indexes again from their tables
    COUNTS = "counts"  # counts by day and month are counted again
    BODIES = "bodies"  # a raw page is restored, or its address asked again
    LOST = "lost"  # articles and wordings are read again from their kept pages
    READ_ALL = "read all"  # links and pictures of all articles are read again: their tables were made anew
    READ_AGAIN = "read again"  # texts, links and pictures are read again from the article's kept page
    WORDINGS = "wordings"  # revisions are numbered and filled again
    ORPHANS = "orphans"  # rows of articles that are not there are taken out
    COPIES = "copies"  # fingerprints and pairs are made again
    COMPARE = "compare"  # articles wait to be compared: no fault, but a killed repair may have left them so
    SEARCH = "search"  # the search index is made again
    NONE = "none"  # by hand; the finding says how


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    `faults` counts what is `kind`: "lost", "double" or "damaged"; a "note" is no fault, only worth
    knowing. `looked_at` says what was looked at; `detail` names a few of the faults, `names` all of them
    as far as they have names: ids, for the remedy.
    """

    check: str
    kind: str
    faults: int = 0
    looked_at: str = ""
    detail: str = ""
    names: tuple[object, ...] = ()
    remedy: Remedy = Remedy.NONE

    @property
    def is_fault(self) -> bool:
        """Whether something is wrong."""
        return self.faults > 0 and self.kind in KINDS

    @property
    def is_work(self) -> bool:
        """Whether a repair has something to do."""
        return self.is_fault or (self.faults > 0 and self.remedy is Remedy.COMPARE)


def found(
    check: str, kind: str, names: Sequence[object], remedy: Remedy, looked_at: str = "", hint: str = ""
) -> Finding:
    """A finding whose faults are named one by one; `hint` says what else a person should know."""
    detail = examples(names) + (f"; {hint}" if hint else "")
    return Finding(check, kind, len(names), looked_at, detail, tuple(names), remedy)


def listed(
    db: Database,
    check: str,
    kind: str,
    query: str,
    looked_at: str = "",
    remedy: Remedy = Remedy.NONE,
    hint: str = "",
) -> Finding:
    """A finding whose faults are a query's rows, named by its first column."""
    return found(check, kind, [row[0] for row in db.conn.execute(query)], remedy, looked_at, hint)


def faults_of(findings: Sequence[Finding]) -> dict[str, int]:
    """How many faults of each kind there are."""
    return {kind: sum(one.faults for one in findings if one.kind == kind) for kind in KINDS}


def examples(names: Sequence[object]) -> str:
    """A few of many, by name."""
    shown = ", ".join(str(name) for name in names[:EXAMPLES])
    return f"{shown} …" if len(names) > EXAMPLES else shown
