"""A search of the parts of one whole, as `--archive-per month` keeps them: the newest hits of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import click
from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.identity import url_hash, url_key
from archive.search.choosing import chosen_articles
from archive.search.finding import Hit, search
from archive.search.spelling import suggestion
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder

Guard = Callable[[ArchiveFolder], Any]


@dataclass
class FoundInParts:
    """The hits with the names of their parts; `left_out` is a line for each part that did not answer.

    `better` is what was likely meant, `None` where anything was found.
    """

    hits: list[tuple[str, Hit]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    better: str | None = None


def search_parts(
    parts: Sequence[ArchiveFolder], words: str, filters: Mapping[str, Any], *, limit: int, guard: Guard
) -> FoundInParts:
    """At most `limit` articles of all parts, the newest first, each once: as the last part has it.

    What one part has taken down is found in none. `guard` names what goes wrong while an index is asked.
    Raises an ArchiveError where no part answers, click's UsageError for what can be meant in none.
    """
    found, refused, gone = FoundInParts(), [], set[int]()
    errors: list[ArchiveError] = []
    newest: dict[str, tuple[str, Hit]] = {}
    for part in parts:
        try:
            with closing(open_to_read(part.news)) as db, guard(part):
                gone.update(taken_down(db))
                hits = search(db, words, where=chosen_articles(db, **filters), limit=limit, newest=True)
                found.better = found.better or (None if hits else suggestion(db.conn, words))
        except click.UsageError as error:
            refused.append(error)
        except ArchiveError as error:
            errors.append(error)
        else:
            newest |= {url_key(hit.url): (part.path.name, hit) for hit in hits}
    if len(refused) + len(errors) == len(parts):
        raise (refused or errors)[0]
    shown = [one for key, one in newest.items() if url_hash(key) not in gone]
    # Ids grow with the time of publication, in every archive alike.
    found.hits = sorted(shown, key=lambda one: one[1].id, reverse=True)[:limit]
    found.left_out = [str(error) for error in errors]
    found.better = None if found.hits else found.better
    return found


def taken_down(db: Database) -> Iterator[int]:
    """The hashes of the addresses that an archive has taken down."""
    if db.table("takedown_addresses").exists():
        yield from (row[0] for row in db.conn.execute("SELECT url_hash FROM takedown_addresses"))
