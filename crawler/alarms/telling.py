"""Each channel told once of each change: what was told is noted in news.db when the message is out.

Killed between the two, the next crawl tells that one message again: at most one duplicate a channel.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from filelock import FileLock, Timeout
from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.store.columns import utc
from archive.store.connection import named_errors, open_to_write
from archive.store.folder import ArchiveFolder
from archive.store.health import HealthStore
from archive.store.migrations import migrations
from crawler.alarms.channels import Alarms, Channel, key_of
from crawler.alarms.messages import Change
from crawler.alarms.reading import alarms_of
from crawler.alarms.sending import Environment, NotSent, ping, send
from crawler.sources.errors import ProfileError

# What a channel has not been told: it believes a source well until it hears otherwise.
UNTOLD = """
SELECT h.source, s.name, h.state, h.since, h.reasons, coalesce(t.state, 'well') AS was
FROM source_health h JOIN sources s ON s.id = h.source
LEFT JOIN alarms_told t ON t.channel = :channel AND t.source = h.source
WHERE h.state != 'new' AND h.state != coalesce(t.state, 'well') ORDER BY h.source"""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling a channel: `failure` says why it was not told, `None` for success."""

    label: str
    changes: int
    failure: str | None = None


def tell_after_crawl(folder: ArchiveFolder, *, did_its_work: bool) -> Iterator[str]:
    """Tell what changed, and ping where the crawl did its work; yields a line for whatever went wrong.

    Nothing that goes wrong here is an error of the crawl; what was not told is told after the next one.
    """
    try:
        alarms = alarms_of(folder)
        if alarms is None:
            return
        with closing(open_to_write(folder.news, migrations)) as db:
            told = tell_all(folder, db, alarms, os.environ)
        yield from (f"alarm not sent, {one.label}: {one.failure}" for one in told if one.failure)
    except ProfileError as error:
        yield from (f"alarms not sent: {one}" for one in error.errors)
        return
    except (ArchiveError, OSError) as error:
        yield f"alarms not sent: {error}"
        return
    if alarms.ping and did_its_work:
        try:
            ping(alarms.ping, os.environ)
        except NotSent as error:
            yield f"ping not sent, {alarms.ping.label}: {error}"


def tell_all(folder: ArchiveFolder, db: Database, alarms: Alarms, env: Environment) -> list[Told]:
    """Tell each channel what it has not been told, in one message; nothing where another process does."""
    try:
        with FileLock(folder.path / "alarms.lock", timeout=0, is_singleton=False):
            return [told for channel in alarms.channels if (told := tell(folder, db, channel, env))]
    except Timeout:
        return []


def tell(folder: ArchiveFolder, db: Database, channel: Channel, env: Environment) -> Told | None:
    """Tell one channel, then note that it was told; `None` where there is nothing to tell."""
    changes = untold(folder, db, key_of(channel))
    if not changes:
        return None
    now = datetime.now(UTC)
    try:
        send(channel, changes, folder=folder.path, told_at=utc(now), env=env)
    except NotSent as error:
        return Told(channel.label, len(changes), str(error))
    states = [(change.source, change.state) for change in changes]
    HealthStore(db, folder.news).told(key_of(channel), states, at=now)
    return Told(channel.label, len(changes))


def untold(folder: ArchiveFolder, db: Database, key: str) -> Sequence[Change]:
    """The sources whose state a channel does not know."""
    with named_errors(folder.news):
        return [change_of(row) for row in db.query(UNTOLD, {"channel": key})]


def change_of(row: dict[str, str]) -> Change:
    """A row of UNTOLD as a record."""
    evidence = tuple(reason["evidence"] for reason in json.loads(row["reasons"]))
    return Change(row["source"], row["name"], row["state"], row["was"], row["since"], evidence)
