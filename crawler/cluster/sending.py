"""Due sources as jobs into the queue, each once until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click

from archive.exits import Exit
from archive.store.archive import Archive
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from crawler.cluster.broker import ACTOR, broker_at
from crawler.cluster.jobs import Job, job_for, seen_hashes
from crawler.cluster.places import Places, connected
from crawler.cluster.wire import packed
from crawler.runs.choosing import readable_sources, tell_left_out
from crawler.runs.options import CrawlOptions
from crawler.schedule.due import due
from crawler.schedule.turns import due_times, known_turns

# So long a source is not sent again whose job is neither done nor given up: a day's queue, or a dead letter.
QUEUED_SECONDS = 6 * 3600
JOB_KEPT_SECONDS = 30 * 24 * 3600  # as long as a dead letter may be retried


def enqueue_due(
    folder: ArchiveFolder, ids: Sequence[str], options: CrawlOptions, *, url: str, places: Places, quiet: bool
) -> Exit:
    """Send a job for each source whose turn has come and that has none under way; reads the archive."""
    if not folder.news.is_file():
        Archive(folder).close()  # a first one is made as a first crawl would
    sources, errors = readable_sources(folder, ids)
    tell_left_out(errors)
    client = connected(url)
    broker = broker_at(url, places)
    now = datetime.now(UTC)
    turns = known_turns(folder, sources)
    by_id = {source.id: source for source in sources}
    sent = []
    with closing(open_to_read(folder.news)) as db:
        for source_id in due(due_times(sources, turns, now), now):
            job = job_for(folder, db, by_id[source_id], options, now)
            if send(client, broker, places, job):
                publish_seen(client, places, source_id, seen_hashes(db, source_id))
                sent.append(source_id)
    if not quiet:
        click.echo(f"{len(sent)} jobs sent" + (f": {', '.join(sent)}" if sent else "; nothing else is due"))
    return Exit.DONE


def send(client: Any, broker: Any, places: Places, job: Job) -> bool:
    """Send a job unless one of its source is not done yet; returns whether it was sent."""
    if not client.set(places.queued(job.source), job.id, nx=True, ex=QUEUED_SECONDS):
        return False
    client.set(places.job(job.id), packed({"job": job}), ex=JOB_KEPT_SECONDS)
    message(broker, places, job.id, job.source)
    return True


def message(broker: Any, places: Places, job: str, source: str) -> None:
    """Put the name of a job into the queue."""
    import dramatiq

    broker.declare_queue(places.queue)
    broker.enqueue(
        dramatiq.Message(queue_name=places.queue, actor_name=ACTOR, args=(job, source), kwargs={}, options={})
    )


def publish_seen(client: Any, places: Places, source: str, chunks: Any) -> None:
    """Tell Redis which addresses of a source were asked, where it does not know: 60 bytes each."""
    key = places.seen(source)
    if client.exists(key):
        return
    for chunk in chunks:
        client.sadd(key, *chunk)
