"""An archive of kept pages, made from one newspaper's template, read by a crawl's own cleaning."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.records import Article, Found, Outcome, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from crawler.cleaning import clean
from crawler.cli import cli
from crawler.sources.profile import Source
from crawler.sources.reading import read_profile

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
HOME = "https://steppe.example"
SENTENCES = (
    "Река вышла из берегов в четверг вечером, и жителей нижней улицы вывезли в школу.",
    "Аким района приехал утром и обещал достроить дамбу к осени, сообщили в пресс-службе.",
    "Автобусы ходят по объездной дороге, занятия в трёх школах отменены до понедельника.",
)
PROFILE = (
    f'id = "steppe"\nname = "Степь"\nhome = "{HOME}/"\nlanguages = ["ru"]\ntimezone = "Asia/Almaty"\n'
    f'feeds = ["{HOME}/feed"]\n[articles]\nallow = ["^/a/"]\n'
)
PLEA = "Поддержите нашу редакцию, чтобы степные новости выходили каждый день."


def page_html(number: int, *, plea: bool = False, desk: bool = False) -> str:
    """One article of the paper; some carry a plea in their text, some name their desk beside it."""
    paragraphs = "".join(
        f"<p>Дом {number}-{n}: {s} {SENTENCES[(n + 1) % 3]}</p>" for n, s in enumerate(SENTENCES)
    )
    return (
        f"<!doctype html><html lang='ru'><head><title>Вода у дома {number}</title>"
        "<meta property='og:type' content='article'>"
        "<meta property='article:published_time' content='2026-03-10T11:00:00+05:00'></head>"
        f"<body><header><a href='/'>Степь</a></header><article><h1>Вода у дома {number}</h1>{paragraphs}"
        + (f"<p class='plea'>{PLEA}</p>" if plea else "")
        + "</article>"
        + (f"<p class='desk'>Отдел «Вода {number}»</p>" if desk else "")
        + "</body></html>"
    )


@dataclass
class Library:
    """The archive, and ways to keep pages in it and read them again."""

    folder: ArchiveFolder
    profile: Path

    @property
    def source(self) -> Source:
        return read_profile(self.profile)

    def keep(
        self, pages: dict[str, str], *, at: datetime = NOON, found: dict[str, Found] | None = None
    ) -> None:
        """Keep pages by path and the articles on them, as a crawl does."""
        with Archive(self.folder) as archive:
            source = self.source
            archive.sources.save(
                source.id, name=source.name, home=source.home, languages=["ru"], timezone="UTC", region=None
            )
            run = archive.runs.begin(source.id, started_at=at, version="1")
            with archive.news.atomic():
                for path, html in pages.items():
                    stated = (found or {}).get(path)
                    if stated:
                        archive.frontier.offer(source.id, [stated], now=at)
                    self.keep_one(archive, run, path, html, at, (stated,) if stated else ())

    def keep_one(
        self, archive: Archive, run: int, path: str, html: str, at: datetime, found: tuple[Found, ...]
    ) -> None:
        url, source = HOME + path, self.source
        page = Page(
            url, url, source.id, at, 200, (("Content-Type", "text/html; charset=utf-8"),), html.encode()
        )
        visit = Visit(url, "article", 200, at, page_id=archive.pages.keep(page, kind="article"))
        article: Article = clean(
            page.body, url, content_type=page.content_type, fetched_at=at, profile=source, stated=found
        )
        if article.article_type == "not_article":
            archive.settle(run, source.id, visit, Outcome.REJECTED, judged_by=article.cleaned_with)
        else:
            archive.keep_article(run, source.id, article, visit)

    def change_rule(self, rule: str) -> None:
        self.profile.write_text(PROFILE + rule, encoding="utf-8")

    def reclean(self, *options: object) -> Result:
        return CliRunner().invoke(
            cli,
            [
                "reclean",
                *map(str, options),
                "--profile",
                str(self.profile),
                "--archive",
                str(self.folder.path),
            ],
        )

    def told(self, *options: object) -> dict[str, Any]:
        """The report as data."""
        result = self.reclean("--json", *options)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with Archive(self.folder) as archive:
            return archive.news.conn.execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        with Archive(self.folder) as archive, archive.news.conn as db:
            db.execute(statement, values)

    def dump(self) -> list[list[tuple[Any, ...]]]:
        """Everything reclean may write."""
        tables = (
            "articles",
            "revisions",
            "links",
            "images",
            "no_articles",
            "recleanings",
            "problems",
            "addresses",
        )
        return [self.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    profile = tmp_path / "steppe.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    return Library(ArchiveFolder(tmp_path / "archive"), profile)


@pytest.fixture
def sixty(library: Library) -> Library:
    """Sixty articles: every tenth with a plea in its text, every twelfth with its desk beside it."""
    library.keep(made_pages(60))
    return library


def made_pages(count: int) -> dict[str, str]:
    return {f"/a/{n}": page_html(n, plea=n % 10 == 0, desk=n % 12 == 5) for n in range(count)}


Reclean = Callable[..., Result]
LATER = NOON + timedelta(days=1)
