"""What an audit costs: CPU and memory by the number of articles, a sample and everything.

    python benchmarks/auditing.py --articles 5000 20000

Articles of 1 to 3 kB with links, each from a page of its own, are saved as a crawl saves them. CPU seconds of
one run each on this machine: to be compared with one another, the last column with the line above it.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from archive.health.audit import audit_archive
from archive.identity import url_key
from archive.records import Article, Link, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder

FROM = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://steppe.example"
BATCH = 100


def texts(seed: int) -> Iterator[str]:
    """Texts of 120 to 360 words out of 20,000."""
    random = Random(seed)
    letters = "абвгдежзийклмнопрстуфхцчшыэюя"
    words = ["".join(random.choices(letters, k=random.randint(3, 10))) for _ in range(20_000)]
    while True:
        chosen = random.choices(words, k=random.randint(120, 360))
        yield "\n\n".join(" ".join(chosen[n : n + 40]) + "." for n in range(0, len(chosen), 40))


def fill(archive: Archive, run: int, first: int, last: int, made: Iterator[str]) -> None:
    """Save the articles of these numbers."""
    for start in range(first, last, BATCH):
        with archive.news.atomic(), archive.pages.db.atomic():
            for number in range(start, min(start + BATCH, last)):
                save(archive, run, number, next(made))


def save(archive: Archive, run: int, number: int, body: str) -> None:
    """Save one article and its page."""
    url, at = f"{SITE}/a/{number}", FROM + timedelta(minutes=number)
    html = f"<html><body><h1>Новость {number}</h1>{body}</body></html>".encode()
    page_id = archive.pages.keep(Page(url, url, "steppe", at, 200, (), html), kind="article")
    article = Article(
        url=url,
        requested_url=url,
        url_key=url_key(url),
        title=f"Новость {number}",
        body=body,
        links=tuple(Link(f"{SITE}/a/{n}", f"Ещё {n}", "related") for n in range(6)),
        published_at=at,
        published_date=at.date(),
        article_type="article",
        is_article=1.0,
        cleaned_with="1",
    )
    archive.keep_article(run, "steppe", article, Visit(url, "article", 200, at, page_id=page_id))


def cost(folder: ArchiveFolder, *, full: bool) -> float:
    """CPU seconds of an audit that finds nothing."""
    begun = time.process_time()
    assert not any(finding.is_fault for finding in audit_archive(folder, full=full))
    return time.process_time() - begun


def peak(folder: ArchiveFolder) -> float:
    """The most megabytes Python held at once in a full audit."""
    tracemalloc.start()
    cost(folder, full=True)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[5_000, 20_000], help="ascending")
    parser.add_argument("--memory", action="store_true", help="measure that too: slow")
    options = parser.parse_args()
    with TemporaryDirectory() as made_in:
        folder, made, done = ArchiveFolder(Path(made_in) / "archive"), texts(1), 0
        for size in options.articles:
            with Archive(folder) as archive:
                archive.sources.save(
                    "steppe", name="Степь", home=SITE, languages=["ru"], timezone="UTC", region=None
                )
                run = archive.runs.begin("steppe", started_at=FROM, version="benchmark")
                fill(archive, run, done, size, made)
            done = size
            sample, full = cost(folder, full=False), cost(folder, full=True)
            line = f"{size:>9} articles: sample {sample:.2f} s, full {full:.1f} s, "
            line += f"{full / size * 1e3:.2f} ms an article"
            print(line + (f", {peak(folder):.1f} MB at most" if options.memory else ""), flush=True)


if __name__ == "__main__":
    main()
