"""Due sources as jobs into the queue, each once until it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import Any

import click

from archive.exits import Exit
from archive.numbers_said import counted
from archive.store.archive import Archive
from archive.store.carrying import carry_source
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from crawler.cluster.broker import ACTOR, broker_at
from crawler.cluster.claiming import claim
from crawler.cluster.jobs import Job, job_for, seen_hashes
from crawler.cluster.parts import (
    LOOKED_BACK,
    Per,
    earlier_parts,
    has_source,
    made_part,
    part_folder,
    part_for,
    require_unmixed,
)
from crawler.cluster.places import QUEUED_SECONDS, Places, connected
from crawler.cluster.wire import packed
from crawler.runs.choosing import readable_sources, tell_left_out
from crawler.runs.options import CrawlOptions
from crawler.schedule.due import due
from crawler.schedule.turns import due_times, known_turns
from crawler.sources.profile import Source

JOB_KEPT_SECONDS = 30 * 24 * 3600  # as long as a dead letter may be retried


def enqueue_due(
    folder: ArchiveFolder,
    ids: Sequence[str],
    options: CrawlOptions,
    *,
    url: str,
    places: Places,
    quiet: bool,
    per: Per | None = None,
) -> Exit:
    """Send a job for each source whose turn has come and that has none under way.

    Reads the archive, or with `per` those of the sources' parts, which are made where they are not there.
    Raises PartsMixed for a folder that holds something else.
    """
    require_unmixed(folder, per)
    sources, errors = readable_sources(folder, ids)
    tell_left_out(errors)
    queue = Queue(connected(url), broker_at(url, places), places)
    claim(queue.client, places, folder)
    now = datetime.now(UTC)
    by_part: dict[str | None, list[Source]] = {}
    for source in sources:
        by_part.setdefault(part_for(per, source, now) if per else None, []).append(source)
    sent = [
        source_id
        for part, some in by_part.items()
        for source_id in enqueue_part(queue, folder, part, some, options, now)
    ]
    if not quiet:
        click.echo(
            f"{counted(len(sent), 'job')} sent"
            + (f": {', '.join(sent)}" if sent else "; nothing else is due")
        )
    return Exit.DONE


def enqueue_part(
    queue: Queue,
    home: ArchiveFolder,
    part: str | None,
    sources: Sequence[Source],
    options: CrawlOptions,
    now: datetime,
) -> list[str]:
    """Send what is due of one archive; returns the sources."""
    folder = made_part(home, part) if part else home
    if not folder.news.is_file():
        Archive(folder).close()  # a first one is made as a first crawl would
    earlier = earlier_parts(home, part) if part else []
    idle = [source for source in sources if not queue.has(source.id)]
    for source in idle:
        carry_books(home, folder, earlier, source.id)
    by_id = {source.id: source for source in idle}
    sent = []
    with ExitStack() as stack:
        db = stack.enter_context(closing(open_to_read(folder.news)))
        before = {
            name: stack.enter_context(closing(open_to_read(part_folder(home, name).news)))
            for name in earlier[:LOOKED_BACK]
        }
        turns = known_turns(folder, idle)
        for source_id in due(due_times(idle, turns, now), now):
            job = job_for(folder, db, by_id[source_id], options, now, part=part, earlier=before)
            queue.publish_seen(source_id, seen_hashes(db, source_id))
            if queue.send(job):
                sent.append(source_id)
    return sent


def carry_books(home: ArchiveFolder, folder: ArchiveFolder, earlier: Sequence[str], source: str) -> None:
    """Carry a source's books from the latest month that has them, where this one has none.

    No job of the source may be under way: all that was fetched before is at home then.
    """
    if not earlier or has_source(folder, source):
        return
    before = (part_folder(home, name) for name in earlier)
    latest = next((one for one in before if has_source(one, source)), None)
    if latest:
        with Archive(folder) as archive:
            carry_source(archive, latest, source)


class Queue:
    """Where jobs go."""

    def __init__(self, client: Any, broker: Any, places: Places) -> None:
        self.client, self.broker, self.places = client, broker, places

    def has(self, source: str) -> bool:
        """Whether a job of the source is not done yet, or not all at home."""
        return bool(self.client.exists(self.places.queued(source)))

    def send(self, job: Job) -> bool:
        """Send a job unless one of its source is not done yet; returns whether it was sent."""
        if not self.client.set(self.places.queued(job.source), job.id, nx=True, ex=QUEUED_SECONDS):
            return False
        self.client.set(self.places.job(job.id), packed({"job": job}), ex=JOB_KEPT_SECONDS)
        self.client.set(self.places.files(job.id), packed({"files": job.files}), ex=JOB_KEPT_SECONDS)
        message(self.broker, self.places, job.id, job.source)
        return True

    def publish_seen(self, source: str, chunks: Iterable[Sequence[int]]) -> None:
        """Tell Redis which addresses of a source were asked, where it does not know: 60 bytes each."""
        key = self.places.seen(source)
        if self.client.exists(key):
            return
        draft = f"{key}:draft"  # half of it would never be made whole
        self.client.delete(draft)
        for chunk in chunks:
            self.client.sadd(draft, *chunk)
        self.client.sunionstore(key, key, draft)
        self.client.delete(draft)


def message(broker: Any, places: Places, job: str, source: str) -> None:
    """Put the name of a job into the queue."""
    import dramatiq

    broker.declare_queue(places.queue)
    broker.enqueue(
        dramatiq.Message(queue_name=places.queue, actor_name=ACTOR, args=(job, source), kwargs={}, options={})
    )
