"""A search of the parts of one whole, as `--archive-per month` keeps them: the newest hits of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import click
from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.identity import url_hash, url_key
from archive.search.choosing import chosen_articles
from archive.search.filters import ArticleFilter
from archive.search.finding import Hit, search
from archive.search.index_state import IndexState, index_state
from archive.search.known import Known, known_of, known_together
from archive.search.spelling import suggestion
from archive.search.typed import asked
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from archive.store.takedowns import taken_down

Guard = Callable[[ArchiveFolder], Any]
LED_THERE = "SELECT article_id FROM addresses WHERE url_hash IN (SELECT value FROM json_each(?))"


@dataclass
class FoundInParts:
    """The hits with the names of their parts; `left_out` is a line for each part that did not answer.

    `states` are those of the search indexes that were asked, by part. `better` is what was likely meant,
    `None` where anything was found. `known` are the names that all parts have together.
    """

    hits: list[tuple[str, Hit]] = field(default_factory=list)
    states: dict[str, IndexState] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    better: str | None = None
    known: Known = field(default_factory=Known)


class Parts:
    """The parts of one whole while they are asked; who does not answer once is asked no further."""

    def __init__(self, parts: Sequence[ArchiveFolder], guard: Guard) -> None:
        self.answering, self.guard = list(parts), guard
        self.refused: list[click.UsageError] = []
        self.errors: list[ArchiveError] = []

    def each(self, ask: Callable[[ArchiveFolder, Database], None]) -> None:
        """Ask each part; raises its error, or click's UsageError, where none answers."""
        for part in list(self.answering):
            try:
                with closing(open_to_read(part.news)) as db, self.guard(part):
                    ask(part, db)
            except click.UsageError as error:
                self.refused.append(error)
                self.answering.remove(part)
            except ArchiveError as error:
                self.errors.append(error)
                self.answering.remove(part)
        if not self.answering:
            raise (*self.refused, *self.errors)[0]


def search_parts(
    parts: Sequence[ArchiveFolder], words: str, filters: Mapping[str, Any], *, limit: int, guard: Guard
) -> FoundInParts:
    """At most `limit` articles of all parts, the newest first, each once: as the last part has it.

    What one part has taken down is found in none. `guard` names what goes wrong while an index is asked.
    Raises an ArchiveError where no part answers, click's UsageError for what can be meant in none.
    """
    found, gone, known = FoundInParts(), set[int](), list[Known]()
    newest: dict[str, tuple[str, Hit]] = {}

    def ask(part: ArchiveFolder, db: Database) -> None:
        where = chosen_articles(db, **filters)
        hits = hits_but(gone, db, words, where, limit)
        known.append(known_of(db.conn, asked(words), found_nothing=not hits))
        state = found.states[part.path.name] = index_state(db.conn)
        if not hits and state is not IndexState.MISSING:
            found.better = found.better or suggestion(db.conn, words)
        newest.update({url_key(hit.url): (part.path.name, hit) for hit in hits})

    whole = Parts(parts, guard)
    whole.each(lambda _, db: gone.update(taken_down(db)))
    whole.each(ask)
    # Ids grow with the time of publication, in every archive alike.
    found.hits = sorted(newest.values(), key=lambda one: one[1].id, reverse=True)[:limit]
    found.known = known_together(known)
    found.left_out = [str(error) for error in whole.errors]
    found.better = None if found.hits else found.better
    return found


def hits_but(gone: Set[int], db: Database, words: str, where: ArticleFilter, limit: int) -> list[Hit]:
    """The newest hits of a part at none of these addresses; where some are left out, more are fetched."""
    led_there = {row[0] for row in db.conn.execute(LED_THERE, [json.dumps(list(gone))])} if gone else set()
    wanted = limit
    while True:
        hits = search(db, words, where=where, limit=wanted, newest=True)
        left = [hit for hit in hits if hit.id not in led_there and url_hash(url_key(hit.url)) not in gone]
        if len(left) >= limit or len(hits) < wanted:
            return left[:limit]
        wanted *= 2
