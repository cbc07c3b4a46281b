"""How a cluster grows: a simulation of sources, workers, Redis and the collector, without a network.

    python benchmarks/fleet.py                          100 to a million sources, workers that die
    python benchmarks/fleet.py --sizes 100 1000000      what each size needs, and what saturates next
    python benchmarks/fleet.py --check                  the model against a real worker (needs redis-server)
    python benchmarks/fleet.py --gain                   two real workers against one

A step is a minute. Sources come in classes by how much they publish; each class is crawled in the interval
the schedule would give it at that hour, its jobs wait first in, first out for free threads and CPU of the
workers, what they bring waits for the collector. Costs are `Costs`; `--check` measures them anew.
"""

from __future__ import annotations

import argparse
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import NormalDist

from markdown_table import table

MINUTES_A_DAY = 1440
LEAST_MINUTES, LONGEST_MINUTES = 10, 1440  # crawler/schedule/rhythm.py
# Articles by the hour of day, the mean being 1: a newsroom's day, supposed; `--check` does not rest on it.
NIGHT = (0.3, 0.2, 0.15, 0.15, 0.2, 0.35)
HOURS = (*NIGHT, 0.7, 1.1, 1.5, 1.8, 1.8, 1.7, 1.6, 1.7, 1.8, 1.7, 1.6, 1.4, 1.1, 0.9, 0.8, 0.7, 0.5, 0.4)
CLASSES = 40
MEDIAN_A_DAY, SPREAD = 8.0, 1.5  # lognormal: half of all papers publish less than 8 a day, one in 40 over 150
MOST_A_DAY = 400.0
VISITS = 5  # looks at an article after its first: 1 hour, 6 hours, 1, 7 and 30 days
SATURATED = 0.75  # above it queues grow at the busiest hour


@dataclass(frozen=True, slots=True)
class Costs:
    """What things cost: seconds of CPU (`_cpu`), seconds by the clock (`_wall`), bytes, euros a month."""

    start_cpu: float = 0.3  # a process of its own and its cleaning worker, forked
    start_wall: float = 0.7
    request_wall: float = 1.0  # one at a time, a second apart
    document_cpu: float = 0.02
    page_cpu: float = 0.08  # fetched, kept, cleaned, sent
    unchanged_cpu: float = 0.006
    documents: int = 3  # feeds and sitemaps of a source
    message_cpu: float = 0.004  # home: decoded, kept, indexed
    page_bytes: int = 14_000  # a page and its article, compressed
    seen_bytes: int = 72  # an address in a set of Redis
    redis_operations: float = 60_000  # a second
    disk_bytes: int = 26_000  # an article with its page and search row at home
    worker_euros: float = 8.0  # two cores, 4 GB


@dataclass(frozen=True, slots=True)
class Fleet:
    """So many workers of so many cores and threads, each of which dies so often a day."""

    workers: int
    cores: int = 2
    threads: int = 8
    deaths_a_day: float = 0.2
    away_minutes: float = 2.0  # until its work is taken up, and it is started again


@dataclass(frozen=True, slots=True)
class PaperClass:
    """`sources` papers that publish `a_day` articles a day each."""

    sources: float
    a_day: float

    def interval(self, hour: int) -> float:
        """Minutes between two crawls at this hour: the time one new article is to be expected in."""
        rate = self.a_day * HOURS[hour] / MINUTES_A_DAY
        return min(max(1 / rate, LEAST_MINUTES), LONGEST_MINUTES)


@dataclass(frozen=True, slots=True)
class Load:
    """What one minute's jobs bring: how many, seconds of thread and CPU, messages, articles, requests."""

    jobs: float
    thread: float
    cpu: float
    messages: float
    articles: float
    requests: float

    def times(self, share: float) -> Load:
        return Load(*(getattr(self, name) * share for name in Load.__slots__))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulated time showed; `uses` are shares of what each part can do, at its busiest hour."""

    articles_a_day: float
    requests_a_second: float
    most_per_host: float
    lag_minutes: float
    home_lag_minutes: float
    redis_megabytes: float
    disk_gigabytes_a_year: float
    euros_a_month: float
    uses: dict[str, float]

    @property
    def next_bottleneck(self) -> str:
        return max(self.uses, key=lambda name: self.uses[name])


def paper_classes(sources: int) -> list[PaperClass]:
    """The sources in classes of equal size, by quantiles of how much papers publish."""
    normal = NormalDist(math.log(MEDIAN_A_DAY), SPREAD)
    shares = [(n + 0.5) / CLASSES for n in range(CLASSES)]
    return [
        PaperClass(sources / CLASSES, min(math.exp(normal.inv_cdf(share)), MOST_A_DAY)) for share in shares
    ]


def load_of(classes: Sequence[PaperClass], hour: int, costs: Costs) -> Load:
    """What becomes due in a minute of this hour."""
    sums = [0.0] * len(Load.__slots__)
    for one in classes:
        interval = one.interval(hour)
        jobs = one.sources / interval
        articles = one.a_day * HOURS[hour] * interval / MINUTES_A_DAY
        for place, value in enumerate(job_costs(articles, costs)):
            sums[place] += jobs * value
    return Load(*sums)


def job_costs(articles: float, costs: Costs) -> tuple[float, ...]:
    """One job that finds so many new articles, in the order of `Load`."""
    requests = costs.documents + articles * (1 + VISITS)
    cpu = (
        costs.start_cpu
        + costs.documents * costs.document_cpu
        + articles * (costs.page_cpu + VISITS * costs.unchanged_cpu)
    )
    messages = 2 + costs.documents + articles * (2 + VISITS)
    return 1.0, costs.start_wall + requests * costs.request_wall, cpu, messages, articles, requests


def simulated(
    classes: Sequence[PaperClass], fleet: Fleet, costs: Costs, *, days: int = 7, seed: int = 0
) -> Outcome:
    """So many days of a cluster, minute by minute."""
    random = Random(seed)
    waiting: deque[tuple[int, Load]] = deque()
    lags: list[tuple[float, float]] = []
    at_home = stream = most_stream = 0.0
    busiest = {"threads": 0.0, "CPU of workers": 0.0, "collector": 0.0, "Redis": 0.0}
    done = Load(0, 0, 0, 0, 0, 0)
    loads = [load_of(classes, hour, costs) for hour in range(24)]
    home_capacity = 60 / costs.message_cpu
    most_home_lag = 0.0
    for minute in range(days * MINUTES_A_DAY):
        arriving = loads[minute // 60 % 24]
        waiting.append((minute, arriving))
        up = workers_up(fleet, random)
        threads, cpu = up * fleet.threads * 60.0, up * fleet.cores * 60.0
        taken = take(waiting, threads, cpu, minute, lags)
        stream += taken.messages
        home = min(stream, home_capacity)
        stream -= home
        at_home += home
        most_stream = max(most_stream, stream)
        most_home_lag = max(most_home_lag, stream / home_capacity)
        done = Load(*(getattr(done, name) + getattr(taken, name) for name in Load.__slots__))
        note(busiest, "threads", arriving.thread / (fleet.workers * fleet.threads * 60))
        note(busiest, "CPU of workers", arriving.cpu / (fleet.workers * fleet.cores * 60))
        note(busiest, "collector", arriving.messages / home_capacity)
        note(busiest, "Redis", (6 * arriving.messages + 40 * arriving.jobs) / 60 / costs.redis_operations)
    year = done.articles / days * 365
    seen = costs.seen_bytes * year
    return Outcome(
        articles_a_day=done.articles / days,
        requests_a_second=done.requests / days / 86_400,
        most_per_host=1 / costs.request_wall,
        lag_minutes=weighted(lags, 0.95),
        home_lag_minutes=most_home_lag,
        redis_megabytes=(seen + most_stream * costs.page_bytes / 2) / 1e6,
        disk_gigabytes_a_year=year * costs.disk_bytes / 1e9,
        euros_a_month=(fleet.workers + 1) * costs.worker_euros,
        uses=busiest,
    )


def note(busiest: dict[str, float], part: str, use: float) -> None:
    """Keep the highest use of a part."""
    busiest[part] = max(busiest[part], use)


def workers_up(fleet: Fleet, random: Random) -> float:
    """How many workers work in a minute: one that dies is away for a while."""
    chance = fleet.deaths_a_day * fleet.away_minutes / MINUTES_A_DAY
    if fleet.workers > 200:  # their chances even out
        return fleet.workers * (1 - chance)
    return sum(random.random() >= chance for _ in range(fleet.workers))


def take(
    waiting: deque[tuple[int, Load]],
    threads: float,
    cpu: float,
    minute: int,
    lags: list[tuple[float, float]],
) -> Load:
    """The jobs begun in a minute, the oldest first, as far as threads and CPU go."""
    taken = Load(0, 0, 0, 0, 0, 0)
    while waiting and threads > 0 and cpu > 0:
        since, load = waiting[0]
        share = min(1.0, threads / load.thread, cpu / load.cpu)
        part = load.times(share)
        threads, cpu = threads - part.thread, cpu - part.cpu
        taken = Load(*(getattr(taken, name) + getattr(part, name) for name in Load.__slots__))
        lags.append((minute - since, part.jobs))
        if share < 1:
            waiting[0] = (since, load.times(1 - share))
            break
        waiting.popleft()
    return taken


def weighted(values: list[tuple[float, float]], share: float) -> float:
    """The value below which so much of the weight lies."""
    total, sum_ = sum(weight for _, weight in values), 0.0
    for value, weight in sorted(values):
        sum_ += weight
        if sum_ >= share * total:
            return value
    return 0.0


def enough_workers(classes: Sequence[PaperClass], fleet: Fleet, costs: Costs) -> Fleet:
    """As many workers as keep threads and CPU below `SATURATED` at the busiest hour."""
    loads = [load_of(classes, hour, costs) for hour in range(24)]
    threads = max(load.thread for load in loads) / (fleet.threads * 60)
    cpu = max(load.cpu for load in loads) / (fleet.cores * 60)
    return replace(fleet, workers=max(1, math.ceil(max(threads, cpu) / SATURATED)))


def shown(sizes: Sequence[int], fleet: Fleet, costs: Costs, days: int) -> str:
    """A table with a line for each number of sources."""
    rows = []
    for sources in sizes:
        classes = paper_classes(sources)
        sized = fleet if fleet.workers else enough_workers(classes, fleet, costs)
        found = simulated(classes, sized, costs, days=days)
        rows.append(
            [
                f"{sources:,}",
                f"{sized.workers:,}",
                f"{found.articles_a_day:,.0f}",
                f"{found.requests_a_second:,.1f} ({found.most_per_host:g})",
                f"{found.lag_minutes:,.0f}",
                f"{found.home_lag_minutes:,.0f}",
                f"{found.redis_megabytes:,.0f}",
                f"{found.disk_gigabytes_a_year:,.0f}",
                f"{found.euros_a_month:,.0f}",
                ", ".join(f"{name} {100 * use:.0f} %" for name, use in found.uses.items()),
                found.next_bottleneck,
            ]
        )
    heads = [
        *("workers", "articles a day", "requests a second (most to one host)", "p95 wait, min"),
        *("way home, min", "Redis, MB", "disk, GB a year", "€ a month", "use at the busiest hour", "next"),
    ]
    return table("sources", rows, heads)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--workers", type=int, default=0, help="so many; by default as many as are enough")
    parser.add_argument("--threads", type=int, default=8, help="sources a worker crawls at once (8)")
    parser.add_argument("--days", type=int, default=3, help="simulated days (3)")
    parser.add_argument("--check", action="store_true", help="compare the model with a real worker")
    parser.add_argument("--gain", action="store_true", help="measure two workers against one")
    given = parser.parse_args()
    if given.check or given.gain:
        from fleet_check import check, gain

        return (check() if given.check else 0) or (gain() if given.gain else 0)
    print(shown(given.sizes, Fleet(given.workers, threads=given.threads), Costs(), given.days))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
