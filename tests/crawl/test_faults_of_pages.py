"""What pages do to an archive, by the number of their fault, through the door users use: a crawl.

One site, two crawls: before the second some pages have changed, and days have passed.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.raw.migrations import migrations as page_migrations
from archive.raw.pages import PageStore
from archive.store.connection import open_to_write
from crawler.cli import cli

from .conftest import SENTENCE, Archive, MisbehavingSite, Visitor, muragat

MARKS = ("\x07", "\x1b", "\x85", "\u202e", "\u200b", "\ue001", "\ufeff")
FORMULA = "=HYPERLINK(1) на набережной"
CODE = "<script>alert(1)</script> {{7*7}} \x1b[2J '; DROP TABLE articles; --"
SHOWN_CODE = CODE.replace("<", "&lt;").replace(">", "&gt;")
REPEATED = (
    "Сайт переезжает на новый сервер, и полные тексты появятся здесь через несколько дней. Редакция "
    "благодарит всех читателей за терпение и просит писать обо всём, что не открывается как прежде. "
) * 3
WALL = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'
BOX = "<div class='most-read'><h3>Самое читаемое</h3><ul>%s</ul></div>"


def text(name: str, sentences: int = 12) -> str:
    """Paragraphs of an article, other ones for each name."""
    words = (f"<p>{name}, часть {number}: {SENTENCE * 3}</p>" for number in range(sentences // 3))
    return "".join(words)


def shown(title: str, body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html lang='ru'><head><title>{title}</title>"
        "<meta property='og:type' content='article'><meta property='og:site_name' content='Site'>"
        f"<meta property='article:published_time' content='2026-03-05T19:00:00+05:00'>{head}</head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def canonical(href: str, base: str = "") -> str:
    return f"{base}<link rel='canonical' href='{href}'>"


def more_read(names: str) -> str:
    return BOX % "".join(f"<li><a href='/a/{name}'>Другая новость {name}</a></li>" for name in names)


@dataclass
class Press:
    """A site of such pages, and the archive of two crawls of it."""

    site: MisbehavingSite
    archive: Archive
    pages: dict[str, str | int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)

    def answer(self, visitor: Visitor) -> None:
        page = self.pages.get(visitor.path, 404)
        if isinstance(page, int):
            visitor.answer("no", status=page)
        else:
            visitor.answer(page.encode())

    def feed(self, visitor: Visitor) -> None:
        """The addresses alone: a title of the feed would stand in for one that the page lacks."""
        items = "".join(f"<item><link>{self.site.url}{path}</link></item>" for path in self.site.articles)
        visitor.answer(f"<rss version='2.0'><channel>{items}</channel></rss>", "application/rss+xml")

    def crawl(self, profile: Path, *options: str) -> None:
        self.site.asked.clear()
        command = ["crawl", "--profile", profile, "--archive", self.archive.path, "--allow-private"]
        done = muragat(*command, *options)
        assert done.code == 0, done.out + done.err
        self.said.append(done.out)
        self.asked.append(self.site.paths_asked())

    def article(self, path: str, columns: str = "*") -> tuple[object, ...]:
        """The columns of the one article of an address."""
        key = self.site.url.removeprefix("http://") + path
        (row,) = self.archive.rows(f"SELECT {columns} FROM articles WHERE url_key = ?", key)
        return row

    def count(self, pattern: str) -> int:
        return self.archive.rows("SELECT count(*) FROM articles WHERE url LIKE ?", f"%{pattern}%")[0][0]

    def causes(self, article_id: object) -> list[str]:
        """Why each wording of an article was kept."""
        query = "SELECT cause FROM revisions WHERE article_id = ? ORDER BY number"
        return [cause for (cause,) in self.archive.rows(query, article_id)]

    def raw(self, path: str) -> list[bytes]:
        """The bodies that were kept of an address, in their order."""
        with closing(open_to_write(self.archive.path / "pages.db", page_migrations)) as db:
            pages = PageStore(db, self.archive.path / "pages.db").pages("p.kind = 'article'", [])
            return [page.body for page in pages if page.requested_url == self.site.url + path]


def first_pages(home: str) -> dict[str, str | int]:
    """Every address and what it answers first."""
    whole = canonical(f"{home}/a/whole-article")
    pages: dict[str, str | int] = {
        "/a/controls": shown(f"Мост{''.join(MARKS)} закрыт", f"<p>До{''.join(MARKS)}мой. {SENTENCE * 9}</p>"),
        "/a/base": shown("База", text("База"), canonical("file:///etc/passwd", "<base href='javascript:1'>")),
        "/a/of-home": shown("Чужой адрес первый", text("Первый"), canonical("/")),
        "/a/of-another-site": shown("Чужой адрес второй", text("Второй"), canonical("http://o.example/a/x")),
        "/a/of-a-campaign": shown("Адрес кампании", text("Кампания"), canonical("?utm_source=x&fbclid=y")),
        "/a/live": shown("Вода пришла в город", text("Город") + more_read("abc")),
        "/a/whole-article": shown(
            "Целая статья", text("Целая", 18), whole + "<link rel=next href='?page=2'>"
        ),
        "/a/whole-article/amp": shown("Целая статья", text("Целая", 9), whole),
        "/a/whole-article?print=1": shown("Целая статья", text("Целая", 15), whole),
        "/a/whole-article?page=2": shown("Целая статья", text("Продолжение"), whole),
        "/a/view/amp": shown("Сначала вид", text("Вид", 9), canonical(f"{home}/a/view")),
        "/a/view": shown("Сначала вид", text("Вид", 18), canonical(f"{home}/a/view")),
        "/a/news/2": shown("Вторая часть света", text("Свет"), canonical(f"{home}/a/news")),
        "/a/teaser-first": shown("Сперва анонс", text("Анонс", 3), WALL % "false"),
        "/a/text-first": shown("Сперва текст", text("Текст", 18), WALL % "true"),
        "/a/title-empty": shown("", text("Пустая")),
        "/a/title-long": shown("т" * 100_000, text("Длинная")),
        "/a/title-of-site": shown("Site", text("Сайт")),
        "/a/body-empty": shown("Страница без текста", ""),
        "/a/images": shown("Снимки с реки", IMAGES + text("Снимки")),
        "/a/code": shown(FORMULA, f"<p>{SHOWN_CODE}</p>\r\n" + text("Код")),
        "/a/moved": shown("Переехавшая новость", text("Переезд", 24)),
    }
    for number in range(1, 7):
        pages[f"/a/repeated-{number}"] = shown(f"Новость под номером {number}", f"<p>{REPEATED}</p>")
    return pages


SIZES = ", ".join(f"/{width}.jpg {width}w" for width in range(200))
IMAGES = (
    f"<img src='data:image/png;base64,{'A' * 3_000_000}'>"
    f"<img src='/placeholder.gif' data-src='/river.jpg' srcset='{SIZES}'>"
    "<svg onload='alert(1)'><script>alert(2)</script><text>x</text></svg><img src='/drawn.svg'>"
    "<img src='/huge.png' width='20000' height='20000'>"
)  # fmt: skip
NOT_IN_THE_FEED = {"/a/view", "/a/republished"}


def second_pages(home: str) -> dict[str, str | int]:
    """What answers otherwise at the second visit."""
    return {
        "/a/live": shown("Вода пришла в город", text("Город") + more_read("xyz")),
        "/a/whole-article/amp": shown(
            "Целая статья, иначе", text("Целая иначе", 9), canonical(f"{home}/a/whole-article")
        ),
        "/a/teaser-first": shown("Сперва анонс", text("Анонс", 18), WALL % "true"),
        "/a/text-first": shown("Сперва текст", text("Текст", 3), WALL % "false"),
        "/a/moved": 410,
        "/a/republished": shown("Переехавшая новость", text("Переезд", 24)),
    }


def days_pass(archive: Archive, days: int) -> None:
    """Make what verdicts count from older."""
    columns = {
        "sources": ("first_crawled_at",),
        "runs": ("started_at", "ended_at"),
        "articles": ("first_seen_at",),
    }
    with closing(sqlite3.connect(archive.path / "news.db")) as db, db:
        for table, names in columns.items():
            earlier = ", ".join(f"{n} = strftime('%Y-%m-%dT%H:%M:%SZ', {n}, '-{days} days')" for n in names)
            db.execute(f"UPDATE {table} SET {earlier}")


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    folder = tmp_path_factory.mktemp("press")
    site = MisbehavingSite()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("PressVisitor", (Visitor,), {"site": site}))
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    press = Press(site, Archive(folder / "archive"), first_pages(site.url))
    site.routes["/feed"] = press.feed
    site.otherwise = press.answer
    site.articles = [path for path in press.pages if path not in NOT_IN_THE_FEED]
    profile = folder / "site.toml"
    profile.write_text(site.profile_toml, encoding="utf-8")
    press.crawl(profile)
    press.pages |= second_pages(site.url)
    site.articles.append("/a/republished")
    days_pass(press.archive, 5)
    press.crawl(profile, "--revisit")
    yield press
    server.shutdown()
    server.server_close()


def test_fault_33_what_no_store_takes_is_cleaned_and_the_raw_page_is_as_it_was(press):
    title, body = press.article("/a/controls", "title, body")
    assert not [mark for mark in MARKS if mark in title or mark in body]
    assert title == "Мост закрыт"
    assert all(raw == str(press.pages["/a/controls"]).encode() for raw in press.raw("/a/controls"))


@pytest.mark.parametrize("path", ["/a/base", "/a/of-home", "/a/of-another-site"])
def test_fault_35_a_canonical_address_that_is_none_is_not_believed(press, path):
    url, stated, problems = press.article(path, "url, canonical_url, problems")
    assert (url, stated) == (press.site.url + path, None)
    assert "canonical_refused" in problems


def test_fault_35_a_canonical_address_with_a_campaign_is_the_same_article(press):
    assert press.article("/a/of-a-campaign", "revisions") == (1,)
    assert press.count("/a/of-a-campaign") == 1


def test_fault_36_a_box_of_what_is_most_read_is_no_wording(press):
    assert press.article("/a/live", "revisions") == (1,)
    assert press.asked[1].count("/a/live") == 1


def test_fault_37_views_of_one_article_are_one_article_with_its_whole_text(press):
    assert press.count("/a/whole-article") == 1
    url, body, problems = press.article("/a/whole-article", "url, body, problems")
    assert url == f"{press.site.url}/a/whole-article"
    assert "часть 5" in body
    assert "goes on at" in problems
    (article_id,) = press.article("/a/whole-article", "id")
    seen = press.archive.rows("SELECT url FROM addresses WHERE article_id = ?", article_id)
    views = {url.removeprefix(press.site.url) for (url,) in seen}
    assert views == {
        "/a/whole-article",
        "/a/whole-article/amp",
        "/a/whole-article?print=1",
        "/a/whole-article?page=2",
    }
    assert all(press.raw(view) for view in views)
    assert "publisher" not in press.causes(article_id), "a view that says less is no edit"
    assert "view: " in press.said[0]


def test_fault_37_where_only_a_view_is_named_the_whole_article_is_asked_for(press):
    assert "/a/view" in press.asked[0]
    assert press.count("/a/view") == 1
    body, url = press.article("/a/view", "body, url")
    assert "часть 5" in body
    assert url == f"{press.site.url}/a/view"
    (article_id,) = press.article("/a/view", "id")
    assert "publisher" not in press.causes(article_id), "nobody edited it"


def test_fault_37_an_address_that_only_looks_like_a_further_page_is_an_article_of_its_own(press):
    assert press.article("/a/news/2", "title") == ("Вторая часть света",)


def test_fault_38_a_text_takes_the_place_of_its_teaser(press):
    body, access, revisions = press.article("/a/teaser-first", "body, access, revisions")
    assert "часть 5" in body
    assert (access, revisions) == ("free", 2)


def test_fault_38_a_teaser_never_takes_the_place_of_a_text(press):
    body, access, revisions = press.article("/a/text-first", "body, access, revisions")
    assert "часть 5" in body
    assert (access, revisions) == ("free", 1)
    assert len(press.raw("/a/text-first")) == 2, "what was shown the second time is kept as it came"


@pytest.mark.parametrize("name", ["title-empty", "title-long", "title-of-site", "body-empty"])
def test_fault_39_a_page_without_title_or_text_is_no_article_but_a_row_and_kept(press, name):
    assert press.count(name) == 0
    assert press.archive.reasons()[f"/a/{name}"] == "not_article"
    assert press.raw(f"/a/{name}")


def test_fault_39_the_same_text_under_many_titles_is_an_alarm(press):
    shown = CliRunner().invoke(cli, ["status", "--json", "--archive", str(press.archive.path)])
    health = json.loads(shown.output)["sources"][0]["health"]
    assert health["state"] == "worse"
    codes = {reason["code"]: reason["evidence"] for reason in health["reasons"]}
    assert codes["same_body"].startswith("6 of the last ")


def test_fault_40_pictures_are_named_and_never_fetched(press):
    (article_id,) = press.article("/a/images", "id")
    rows = press.archive.rows("SELECT url FROM images WHERE article_id = ? ORDER BY position", article_id)
    assert [url.removeprefix(press.site.url) for (url,) in rows] == ["/river.jpg", "/huge.png"]
    (html,) = press.article("/a/images", "body_html")
    assert len(html) < 5_000
    assert not [word for word in ("<svg", "<script", "data:", "onload") if word in html]
    asked = {path for crawl in press.asked for path in crawl}
    assert not [path for path in asked if path.endswith((".jpg", ".png", ".gif", ".svg"))]


def test_fault_41_text_that_is_code_elsewhere_is_text_in_every_output(press, tmp_path):
    title, body = press.article("/a/code", "title, body")
    assert title == FORMULA
    assert "<script>alert(1)</script> {{7*7}}" in body
    assert "\x1b" not in body
    assert press.archive.rows("SELECT count(*) FROM articles")[0][0] > 15, "no table was dropped"
    out = tmp_path / "news.csv"
    assert (
        CliRunner().invoke(cli, ["export", "--to", str(out), "--archive", str(press.archive.path)]).exit_code
        == 0
    )
    with out.open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert f"'{FORMULA}" in titles
    found = CliRunner().invoke(cli, ["search", "набережной", "--archive", str(press.archive.path)])
    assert "\x1b[2J" not in found.output
    assert "\x1b" not in press.archive.log()
    assert "\x1b" not in "".join(press.said)


def test_fault_42_what_is_published_again_elsewhere_is_linked_and_both_are_kept(press):
    gone, body = press.article("/a/moved", "gone_at, body")
    again_gone, again = press.article("/a/republished", "gone_at, body")
    assert gone
    assert not again_gone
    assert body == again
    asked = ["copies", f"{press.site.url}/a/republished", "--archive", str(press.archive.path)]
    told = CliRunner().invoke(cli, asked)
    assert f"{press.site.url}/a/moved" in told.output
    assert "100" in told.output


def test_after_all_that_the_archive_is_sound(press):
    audit = CliRunner().invoke(cli, ["audit", "--full", "--archive", str(press.archive.path)])
    assert audit.exit_code == 0, audit.output
