"""What `muragat schedule loop --metrics PORT` tells Prometheus, read from the archive when it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlite_utils import Database

from archive.errors import ArchiveError, PortTaken
from archive.health.holders import is_alive
from archive.health.run_counts import RunCounts, SourceCounts, last_run, last_success
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder
from archive.store.schedule import ScheduleStore, Turn
from crawler.schedule.due import due
from crawler.schedule.rhythm import LEAST
from crawler.schedule.turns import due_times
from crawler.sources.profile import Source

HOST = "127.0.0.1"
BUSY_SECONDS = 5.0  # a reader of metrics does not wait as long as a crawl


class ArchiveMetrics(Collector):
    """The archive's books as metrics; counters begin at 0 when the loop does."""

    def __init__(self, folder: ArchiveFolder, sources: Callable[[], Sequence[Source]]) -> None:
        """`sources` are those that are crawled, as their profiles are now."""
        self.folder, self.sources = folder, sources
        self.counts = RunCounts(self.newest_run())

    def newest_run(self) -> int:
        """The newest run before anything is counted; 0 before the archive is made."""
        if not self.folder.news.is_file():
            return 0
        with closing(open_to_read(self.folder.news)) as db, named_errors(self.folder.news):
            return last_run(db)

    def describe(self) -> list[Metric]:
        """Nothing: asked before the archive is made, it could not tell."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every metric as it is now; of an archive that cannot be read only that."""
        try:
            metrics = self.read()
        except ArchiveError:
            metrics = []
        yield GaugeMetricFamily(
            "muragat_archive_readable", "Whether the archive could be read for this", value=bool(metrics)
        )
        yield from metrics

    def read(self) -> list[Metric]:
        """The metrics of a readable archive."""
        with (
            closing(open_to_read(self.folder.news, busy_timeout=BUSY_SECONDS)) as db,
            named_errors(self.folder.news),
        ):
            sources = self.sources()
            turns = ScheduleStore(db, self.folder.news).turns([source.id for source in sources])
            return [
                *turn_metrics(sources, turns, datetime.now(UTC)),
                *count_metrics(self.counts.read(db)),
                success_metric(db, sources),
            ]


def turn_metrics(sources: Sequence[Source], turns: dict[str, Turn], now: datetime) -> list[Metric]:
    """How many sources there are, are due, and have been so for longer than their interval.

    One that is being crawled is not due.
    """
    held = {source for source, turn in turns.items() if turn.lease and is_alive(turn.lease.pid)}
    times = due_times([source for source in sources if source.id not in held], turns, now)
    late = [source for source, at in times.items() if now - at > max(LEAST, turns[source].interval or LEAST)]
    counts = {
        "muragat_sources": (len(sources), "Sources that are crawled"),
        "muragat_sources_due": (len(due(times, now)), "Sources whose turn has come"),
        "muragat_sources_overdue": (len(late), "Sources that have been due for longer than their interval"),
    }
    return [GaugeMetricFamily(name, words, value=count) for name, (count, words) in counts.items()]


def count_metrics(counts: dict[str, SourceCounts]) -> list[Metric]:
    """What crawls did, by source."""
    articles = CounterMetricFamily("muragat_articles", "Articles kept", labels=["source", "outcome"])
    crawls = CounterMetricFamily("muragat_runs", "Crawls", labels=["source", "status"])
    failures = CounterMetricFamily("muragat_failures", "Requests without use", labels=["source", "reason"])
    seconds = CounterMetricFamily("muragat_run_seconds", "Time that crawls took", labels=["source"])
    for source, count in counts.items():
        for outcome in ("new", "revised"):
            articles.add_metric([source, outcome], count.articles[outcome])
        for status, times in count.crawls.items():
            if status != "running":
                crawls.add_metric([source, status], times)
        for reason, times in count.failures.items():
            failures.add_metric([source, reason], times)
        seconds.add_metric([source], count.seconds)
    return [articles, crawls, failures, seconds]


def success_metric(db: Database, sources: Sequence[Source]) -> Metric:
    """When each source was last crawled well."""
    metric = GaugeMetricFamily(
        "muragat_last_success_timestamp_seconds", "End of the last crawl that was done", labels=["source"]
    )
    for source in sources:
        if ended := last_success(db, source.id):
            metric.add_metric([source.id], ended.timestamp())
    return metric


def serve_metrics(folder: ArchiveFolder, sources: Callable[[], Sequence[Source]], port: int) -> int:
    """Serve them on this machine only, in a thread of their own; returns the port. Raises PortTaken."""
    registry = CollectorRegistry()
    registry.register(ArchiveMetrics(folder, sources))
    ProcessCollector(registry=registry)
    try:
        server, _ = start_http_server(port, addr=HOST, registry=registry)
    except OSError as error:
        raise PortTaken(
            f"{HOST}:{port}: cannot be used ({error.strerror}); choose another --metrics"
        ) from error
    return int(server.server_port)
