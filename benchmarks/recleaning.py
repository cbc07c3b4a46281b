"""What re-cleaning and comparing cost: CPU beside that of reading the same pages alone, and of long texts.

    python benchmarks/recleaning.py               300 pages of the made-up newspaper, kept and read again
    python benchmarks/recleaning.py --pages 2000

Ratios of CPU in one run, that a busy machine does not change much; pages a second are of this machine.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from itertools import cycle, islice
from pathlib import Path

from corpora import demo_pages

from archive.changes import paragraphs, passages
from archive.noise import without_noise
from archive.records import Article, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from crawler.cleaning import clean
from crawler.recleaning.commands import reclean
from crawler.recleaning.reading import RecleanOptions
from crawler.sources.reading import read_profile

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
PROFILE = 'id = "gazeta"\nname = "Gazeta"\nhome = "https://gazeta.example/"\nfeeds = ["https://gazeta.example/feed"]\n'
LONG_WORDS = 9_000  # 100 kB of Russian


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure_reading(Path(folder), given.pages)
    measure_comparing()
    return 0


def measure_reading(folder: Path, count: int) -> None:
    """Keep pages, read them in this process, then by a dry run and for good."""
    profile = folder / "gazeta.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    archive = ArchiveFolder(folder / "archive")
    pages = list(made_pages(count))
    began = time.process_time()
    articles = [clean(page.body, page.url, fetched_at=AT, profile=read_profile(profile)) for page in pages]
    alone = time.process_time() - began
    keep(archive, profile, pages, articles)
    print(f"{count} pages, {sum(len(p.body) for p in pages) / count / 1000:.0f} kB each\n")
    print(f"cleaning alone           {count / alone:7.0f} pages/s of CPU")
    for name, options in (
        ("reclean --dry-run --all", RecleanOptions(dry_run=True, every=True)),
        ("reclean --all", RecleanOptions(every=True)),
    ):
        began, cpu = time.monotonic(), all_cpu()
        with redirect_stdout(StringIO()):
            reclean(archive, [], profile, options, examples=3, as_json=True)
        seconds, cpu = time.monotonic() - began, all_cpu() - cpu
        rate = f"{count / seconds:7.0f} pages/s by the clock"
        print(f"{name:24} {rate}, {cpu / alone:.2f} × the CPU of cleaning alone")


def made_pages(count: int) -> Iterator[Page]:
    """Pages of the made-up newspaper under so many addresses."""
    for number, (url, body) in enumerate(islice(cycle(demo_pages()), count)):
        asked = f"{url}{number}/"
        yield Page(
            asked,
            asked,
            "gazeta",
            AT,
            200,
            (("Content-Type", "text/html; charset=utf-8"),),
            body + b" " * number,
        )


def keep(folder: ArchiveFolder, profile: Path, pages: list[Page], articles: list[Article]) -> None:
    """Keep pages and their articles as a crawl does."""
    source = read_profile(profile)
    with Archive(folder) as archive:
        archive.sources.save(
            source.id, name=source.name, home=source.home, languages=(), timezone="UTC", region=None
        )
        run = archive.runs.begin(source.id, started_at=AT, version="benchmark")
        for page, article in zip(pages, articles, strict=True):
            visit = Visit(page.url, "article", 200, AT, page_id=archive.pages.keep(page, kind="article"))
            archive.keep_article(run, source.id, article, visit)


def all_cpu() -> float:
    """CPU seconds of this process and of its workers that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure_comparing() -> None:
    """Compare long texts word by word, and look for noise in one."""
    chosen = random.Random(1)
    words = [f"слово{chosen.randrange(4_000)}" for _ in range(LONG_WORDS)]
    edited = [word if chosen.random() > 0.02 else "иначе" for word in words]
    other = [f"слово{chosen.randrange(4_000)}" for _ in range(LONG_WORDS)]
    print(f"\ncomparing two texts of {len(' '.join(words).encode()) / 1000:.0f} kB, CPU")
    for name, one, two in (
        ("2 % of the words edited", words, edited),
        ("another text", words, other),
        ("two words in turns by chance", chosen.choices("ab", k=30_000), chosen.choices("ab", k=30_000)),
    ):
        for shape, per in (("paragraphs of 60 words", 60), ("one paragraph", 10**6)):
            old, new = text_of(one, per), text_of(two, per)
            began = time.process_time()
            list(passages(paragraphs(old), paragraphs(new)))
            print(f"{name:30} {shape:24} {(time.process_time() - began) * 1000:6.0f} ms")
    began = time.process_time()
    without_noise(text_of(words, 60))
    print(
        f"{'noise taken out':30} {'paragraphs of 60 words':24} {(time.process_time() - began) * 1000:6.0f} ms"
    )


def text_of(words: list[str], per: int) -> str:
    """Words as a text with so many in a paragraph."""
    return "\n\n".join(" ".join(words[at : at + per]) for at in range(0, len(words), per))


if __name__ == "__main__":
    sys.exit(main())
