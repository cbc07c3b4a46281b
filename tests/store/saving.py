"""A process that saves pages and articles until it is killed; run by test_kills.py, not by pytest.

It reads lines `FOLDER FIRST` and forks a child for each: `pid N`, then for every number from FIRST on
`page N` and `article N` as soon as each is acknowledged. Every fourth number looks at the article before it
again and finds it reworded, every other fourth finds it as it was. Forked, a child costs 10 ms and not 400.
`together FOLDER FIRST` saves new pages and articles only, several in one transaction, until it is killed.
"""

from __future__ import annotations

import math
import os
import random
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive.identity import url_key
from archive.records import Article, Found, Image, Link, Outcome, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.store.together import kept_together, written_together

TOGETHER = 6  # works of one transaction
NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
TEMPLATE = random.Random(1).randbytes(12_000)


def body_of(number: int) -> bytes:
    """The bytes of a page: a template and something of its own, so large that the log is often emptied."""
    return TEMPLATE + random.Random(number).randbytes(random.Random(-number).randint(0, 40_000))


def page_of(number: int) -> Page:
    """The page of a number."""
    url = f"https://steppe.example/a/{number}"
    return Page(url, url, "steppe", NOON, 200, (("Content-Type", "text/html"),), body_of(number))


def subject_of(number: int) -> int:
    """The article a number is about: every second looks again at the one before it."""
    return number if number % 2 else number - 1


def is_rewording(number: int) -> bool:
    """Whether a number finds its subject reworded."""
    return number % 4 == 0


def page_now(number: int) -> Page:
    """The page that is fetched for a number: its subject's address, with bytes of its own."""
    return replace(page_of(number), url=address(number), requested_url=address(number))


def address(number: int) -> str:
    """Where the subject of a number stands."""
    return f"https://steppe.example/a/{subject_of(number)}"


def article_of(page: Page, number: int) -> Article:
    """The article that page shows: with links and a picture, and half of it as three others have it."""
    subject = subject_of(number)
    shared = " ".join(f"общее{subject // 8}слово{n}" for n in range(40))
    own = " ".join(f"слово{subject}и{n}" for n in range(20))
    news = f"\n\nПозже власти уточнили, что дорогу {number} откроют к вечеру." if is_rewording(number) else ""
    return Article(
        url=page.url,
        requested_url=page.url,
        url_key=url_key(page.url),
        title=f"Новость {subject}",
        body=f"Текст {subject}. {own}.\n\n{shared}.{news}",
        links=tuple(Link(f"https://steppe.example/a/{n}", f"Ещё {n}", "related") for n in range(subject % 4)),
        images=(Image("https://steppe.example/1.jpg", role="lead"),),
        published_at=NOON,
        published_date=NOON.date(),
        article_type="article",
        is_article=1.0,
        cleaned_with="1",
    )


def save(folder: Path, first: int, last: float = math.inf) -> None:
    """Save one page and article after the other, saying what is acknowledged, until the last or killed."""
    with Archive(ArchiveFolder(folder)) as archive:
        run = begun(archive)
        number = first
        while number <= last:
            page = page_now(number)
            page_id = archive.pages.keep(page, kind="article")
            say(f"page {number}")
            visit = Visit(page.url, "article", 200, NOON, bytes=len(page.body), page_id=page_id)
            archive.keep_article(run, "steppe", article_of(page, number), visit)
            say(f"article {number}")
            number += 1


def begun(archive: Archive) -> int:
    """A run of the source that all pages are of."""
    home = "https://steppe.example/"
    archive.sources.save("steppe", name="Степь", home=home, languages=["ru"], timezone="UTC", region=None)
    return archive.runs.begin("steppe", started_at=NOON, version="test")


def found(url: str) -> Found:
    """An address that a feed names."""
    return Found(url, via="feed", document="https://steppe.example/feed")


def save_together(folder: Path, first: int) -> None:
    """Save so many pages, then so many articles, each in one transaction, saying what is acknowledged."""
    with Archive(ArchiveFolder(folder)) as archive:
        run = begun(archive)
        for start in count(first, 2 * TOGETHER):
            pages = [page_of(number) for number in range(start, start + 2 * TOGETHER, 2)]
            ids = kept_together(archive, [partial(kept, page) for page in pages])
            for page in pages:
                say(f"page {page.url}")
            works = [partial(written, run, page, one.answer) for page, one in zip(pages, ids, strict=True)]
            assert not any(one.error for one in written_together(archive, works))
            for page in pages:
                say(f"article {page.url}")


def kept(page: Page, archive: Archive) -> int:
    """Keep one page."""
    return archive.pages.keep(page, kind="article")


def written(run: int, page: Page, page_id: int, archive: Archive) -> Outcome | dict[str, Any]:
    """Keep one article."""
    visit = Visit(page.url, "article", 200, NOON, bytes=len(page.body), page_id=page_id)
    number = int(page.url.rsplit("/", 1)[1])
    return archive.keep_unless_reworded(run, "steppe", article_of(page, number), visit)


def say(line: str) -> None:
    """One line in one write: all of it is out, or nothing."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    if sys.argv[1:2] == ["together"]:
        save_together(Path(sys.argv[2]), int(sys.argv[3]))
    with TemporaryDirectory() as warm:  # what is loaded by the first article, every child has from its birth
        save(Path(warm), 1, 1)
    for line in sys.stdin:
        folder, first = line.rsplit(" ", 1)
        child = os.fork()
        if not child:
            save(Path(folder), int(first))
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("ended")
