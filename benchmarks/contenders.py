"""One crawl measured from inside, in its own process: `python benchmarks/contenders.py NAME SITE FOLDER`.

`bare` is a Scrapy spider that downloads the pages its sitemap names and nothing else; `kept` is our crawl
with a reader that reads nothing; `full` our crawl as it is; `again` and `revisit` are crawls of an archive
that is there: what is due, and all that is known. Prints what it took as a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

from archive.records import Article, Found, Page
from archive.store.folder import ArchiveFolder

CONCURRENCY = 16
TICK_SECONDS = 0.01
MEMORY_EVERY_SECONDS = 0.5
LOC = re.compile(r"<loc>(.*?)</loc>")
PROFILE = """id = "replayed"
name = "Replayed"
home = "{site}/"
languages = ["en"]
timezone = "UTC"
feeds = ["{site}/feed.xml"]
sitemaps = ["{site}/sitemap.xml"]
[articles]
allow = ["/a/"]
[pace]
delay_seconds = 0
concurrent_requests = {concurrency}
"""


@dataclass
class Took:
    """What a crawl took. CPU in seconds: of all processes, the reactor's thread, the writer's, the workers'.

    Memory in kB: the most, and by pages answered. `lag_ms` is how late the reactor's loop came to a timer:
    median, 99th percentile, most. `bytes` are received, headers counted in.
    """

    cpu: float = 0.0
    reactor_cpu: float = 0.0
    writer_cpu: float = 0.0
    workers_cpu: float = 0.0
    most_kb: int = 0
    memory: list[tuple[int, int]] = field(default_factory=list)
    lag_ms: tuple[float, float, float] = (0.0, 0.0, 0.0)
    bytes: int = 0
    requests: int = 0
    cleaned: int = 0
    pages: int = 0


class Watch:
    """Samples a running crawl from inside its loop."""

    def __init__(self) -> None:
        self.lags: list[float] = []
        self.memory: list[tuple[int, int]] = []
        self.crawlers: list[Any] = []

    async def run(self) -> None:
        """Tick for ever; each tick says how late it came."""
        noted = 0.0
        while True:
            due = time.monotonic() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
            self.lags.append(1000 * (now - due))
            if now - noted > MEMORY_EVERY_SECONDS:
                noted = now
                self.memory.append((self.stat("response_received_count"), memory_kb("VmRSS")))

    def stat(self, name: str) -> int:
        """A count of Scrapy's, over all crawlers."""
        return sum(crawler.stats.get_value(name, 0) for crawler in self.crawlers)

    def took(self) -> Took:
        """What was seen."""
        own, workers = (cpu_of(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        cuts = quantiles(self.lags, n=100) if len(self.lags) > 1 else [0.0] * 99
        return Took(
            cpu=own + workers,
            reactor_cpu=time.thread_time(),
            workers_cpu=workers,
            most_kb=memory_kb("VmHWM"),
            memory=self.memory,
            lag_ms=(cuts[49], cuts[98], max(self.lags, default=0.0)),
            bytes=self.stat("downloader/response_bytes"),
            requests=self.stat("downloader/request_count"),
        )


def cpu_of(who: int) -> float:
    """CPU seconds of this process, or of its children that have ended."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def memory_kb(line: str) -> int:
    """A line of the kernel's words on this process: VmRSS now, VmHWM the most; 0 where it does not say."""
    status = Path("/proc/self/status")
    found = re.search(rf"{line}:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) if found else 0


class BareSpider(scrapy.Spider):
    """Download what a sitemap names."""

    name = "bare"
    pages = 0

    async def start(self) -> Any:
        self.watching = asyncio.ensure_future(self.watch.run())
        yield scrapy.Request(f"{self.site}/sitemap.xml", callback=self.named)

    def named(self, response: Any) -> Iterator[scrapy.Request]:
        for url in LOC.findall(response.text):
            yield scrapy.Request(url)

    def parse(self, response: Any) -> None:
        self.pages += 1


def bare(site: str, folder: Path, watch: Watch) -> Took:
    """Scrapy as it comes, but for its pace, its log of every page and its consoles."""
    quiet = {"LOG_LEVEL": "INFO", "LOG_FILE": str(folder / "bare.log")}
    off = {"TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
    pace = {
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
        "DOWNLOAD_DELAY": 0,
    }
    process = AsyncCrawlerProcess(quiet | off | pace)
    crawler = process.create_crawler(BareSpider)
    watch.crawlers.append(crawler)
    process.crawl(crawler, site=site, watch=watch)
    process.start()
    took = watch.took()
    took.pages = crawler.spider.pages
    return took


def ours(site: str, folder: Path, watch: Watch, *, revisit: bool = False) -> Took:
    """Our crawl, as the command does it."""
    from crawler.runs.options import CrawlOptions
    from crawler.runs.report import SilentBoard
    from crawler.runs.runner import CrawlProcess, crawl
    from crawler.runs.session import Session
    from crawler.sources.reading import read_profile

    profile = folder / "replayed.toml"
    profile.write_text(PROFILE.format(site=site, concurrency=CONCURRENCY), encoding="utf-8")
    writer: list[float] = []
    crawl_all, close = CrawlProcess.crawl_all, Session.close

    async def watched(process: CrawlProcess) -> None:
        watching = asyncio.ensure_future(watch.run())
        watch.crawlers = process.reactor_run.process.crawlers  # a set, that forgets who has ended
        create = process.reactor_run.process.create_crawler

        def created(spider: Any) -> Any:
            crawler = create(spider)
            watch.crawlers = [crawler]
            return crawler

        process.reactor_run.process.create_crawler = created  # type: ignore[method-assign]
        await crawl_all(process)
        watching.cancel()

    def closed(session: Session) -> None:
        all_started(session.pool)
        writer.append(session.thread.submit(time.thread_time).result())
        close(session)

    CrawlProcess.crawl_all, Session.close = watched, closed  # type: ignore[method-assign]
    options = CrawlOptions(allow_private=True, revisit=revisit)
    (report,) = crawl([read_profile(profile)], ArchiveFolder(folder / "archive"), options, SilentBoard())
    assert report.status == "done", report
    took = watch.took()
    took.writer_cpu, took.cleaned = writer[0], cleaned()
    took.pages = int(report.counts["new"] + report.counts["unchanged"] + report.counts["rejected"])
    return took


def all_started(pool: Any) -> None:
    """Wait until every worker has loaded what it works with: a crawl of one page may end before."""
    for started in [pool.taken().schedule(load_cleaning) for _ in range(pool.workers)]:
        started.result()


def load_cleaning() -> None:
    """What a worker does before its first page; for long enough that no other is asked in its place."""
    import crawler.cleaning  # noqa: F401 - loaded as `read_article` does it

    time.sleep(1)


CLEANED = [0]


def cleaned() -> int:
    """How many pages were handed to cleaning."""
    return CLEANED[0]


def count_cleaned() -> None:
    """Count what is handed to cleaning from now on."""
    from crawler.pipelines.workers import CleaningPool

    clean = CleaningPool.clean

    async def counted(pool: CleaningPool, page: Page, source: Any, found: Sequence[Found]) -> Article:
        CLEANED[0] += 1
        return await clean(pool, page, source, found)

    CleaningPool.clean = counted  # type: ignore[method-assign]


def read_nothing() -> None:
    """Put a reader in the place of cleaning that makes an article of every page, of its address alone.

    No layout is learned either: that is reading twelve pages a few times, once a month.
    """
    import crawler.spiders.spider as spider
    from archive.identity import url_key
    from crawler.pipelines.workers import CleaningPool

    async def unread(pool: CleaningPool, page: Page, source: Any, found: Sequence[Found]) -> Article:
        return Article(
            url=page.url,
            requested_url=page.requested_url,
            url_key=url_key(page.url),
            title=page.url,
            article_type="article",
        )

    async def unlearned(session: Any, source: Any) -> None:
        return None

    CleaningPool.clean = unread  # type: ignore[method-assign]
    spider.renew_layout = unlearned


def main() -> int:
    name, site, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    watch = Watch()
    if name == "kept":
        read_nothing()
    else:
        count_cleaned()
    took = (
        bare(site, folder, watch) if name == "bare" else ours(site, folder, watch, revisit=name == "revisit")
    )
    print(json.dumps(asdict(took)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
