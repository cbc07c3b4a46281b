"""Answers that only a later crawl can judge: refusals of kept articles, odd 304s, dates that lie."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.crawl.conftest import article_page, wait_for
from tests.crawl.test_health import older

ROOT = Path(__file__).resolve().parents[2]


def redirect(to):
    return lambda visitor: visitor.answer("", status=302, Location=to)


def status(code):
    return lambda visitor: visitor.answer("no", status=code)


def changing_etag(visitor):
    """Ignores what it is asked and calls every answer another one."""
    visitor.answer(article_page(visitor.path), ETag=f'W/"{time.time()}"')


def modified_304(visitor):
    """Says "not modified" to whoever asks politely, the page to who asks for all of it."""
    if "If-None-Match" in visitor.headers:
        visitor.answer("", status=304)
    else:
        visitor.answer(article_page(visitor.path), ETag='"1"')


def test_fault_12_fault_18_fault_20_known_articles_keep_their_texts(site, crawl_site, archive):
    """One site, two crawls, and a look at what the second changed."""
    first = ("/a/401", "/a/403", "/a/451", "/a/404", "/a/home", "/a/list", "/a/etag", "/a/lost")
    for path in first:
        site.article(path)
    site.routes["/a/etag"] = changing_etag
    site.routes["/a/lost"] = modified_304
    assert crawl_site().code == 0
    for code in (401, 403, 451, 404):
        site.routes[f"/a/{code}"] = status(code)
    site.routes["/a/home"] = redirect("/")
    site.routes["/a/list"] = redirect("/ru/?utm_source=x")
    site.routes["/"] = site.routes["/ru/?utm_source=x"] = site.good_article
    with sqlite3.connect(archive.path / "pages.db") as db:  # the page is lost; its article is not
        db.execute("DELETE FROM pages WHERE url LIKE '%/a/lost'")
    assert crawl_site("--revisit").code == 0
    withheld = archive.rows(
        "SELECT a.url, w.access, w.status FROM withheld w JOIN articles a ON a.id = w.article_id ORDER BY 3"
    )
    assert [(url[-3:], access, code) for url, access, code in withheld] == [
        ("401", "paywalled", 401),
        ("403", "blocked", 403),
        ("451", "blocked", 451),
    ]
    assert archive.rows("SELECT count(*) FROM articles WHERE body LIKE '%из берегов%'") == [(len(first),)]
    assert archive.rows("SELECT count(*) FROM revisions") == [(len(first),)]
    reasons = archive.reasons()
    # Missing, until a second look an hour later says so too.
    assert {reasons[path] for path in ("/a/404", "/a/home", "/a/list")} == {"missing"}
    # 18: a new ETag for the same text is no change; "not modified" of a page that is lost gets it again.
    assert archive.rows("SELECT outcome FROM fetches WHERE url LIKE '%/a/etag'") == [("new",), ("unchanged",)]
    asked = [headers for _, path, headers in site.asked if path == "/a/lost"]
    assert ["If-None-Match" in headers for headers in asked] == [False, True, False]
    ((page_id,),) = archive.rows("SELECT page_id FROM articles WHERE url LIKE '%/a/lost'")
    with sqlite3.connect(archive.path / "pages.db") as db:
        assert db.execute("SELECT count(*) FROM pages WHERE id = ?", [page_id]).fetchone() == (1,)


@pytest.mark.slow
def test_fault_12_an_article_that_is_shown_again_is_not_withheld(site, crawl_site, archive):
    site.article("/a/1")
    crawl_site()
    site.routes["/a/1"] = status(403)
    crawl_site("--revisit")
    assert archive.rows("SELECT count(*) FROM withheld") == [(1,)]
    site.routes["/a/1"] = site.good_article
    with sqlite3.connect(archive.path / "news.db") as db:
        db.execute("UPDATE frontier SET not_before = NULL")
    crawl_site()
    assert archive.rows("SELECT count(*) FROM withheld") == [(0,)]


@pytest.mark.slow
def test_fault_27_a_sitemap_that_always_says_today_is_believed_for_a_while_only(site, crawl_site, archive):
    articles = [f"/a/{number}" for number in range(12)]
    for path in articles:
        site.routes[path] = site.good_article
    today = iter(range(100))

    def sitemap(visitor):
        stamp = f"2026-03-10T10:{next(today):02}:00Z"
        urls = "".join(
            f"<url><loc>{site.url}{path}</loc><lastmod>{stamp}</lastmod></url>" for path in articles
        )
        visitor.answer(f"<urlset>{urls}</urlset>", "application/xml")

    site.routes["/sm"] = sitemap
    site.sitemap = "/sm"
    counts = []
    for _ in range(3):
        before = len([path for path in site.paths_asked() if path in articles])
        crawl_site()
        counts.append(len([path for path in site.paths_asked() if path in articles]) - before)
    assert counts == [12, 12, 0]
    assert archive.rows("SELECT unchanged FROM lastmod_claims") == [(12,)]
    # A real change, met by the plan of visits, gives its dates another chance.
    site.routes["/a/3"] = lambda visitor: visitor.answer(
        article_page(visitor.path).replace("в четверг вечером", "в пятницу утром")
    )
    crawl_site("--revisit")
    assert archive.rows("SELECT unchanged FROM lastmod_claims") == [(0,)]


@pytest.mark.slow
def test_fault_28_a_feed_that_names_nothing_any_more_is_told(site, crawl_site, archive):
    for number in range(12):
        site.article(f"/a/{number}")
    assert crawl_site().code == 0
    older(archive, 20)
    site.articles.clear()
    crawl_site()
    ((state, reasons),) = archive.rows("SELECT state, reasons FROM source_health")
    assert state == "silent"
    assert "feed_empty" in {reason["code"] for reason in json.loads(reasons)}


@pytest.mark.slow
def test_fault_19_what_a_wrong_clock_put_off_for_years_is_asked(site, crawl_site, archive):
    site.article("/a/1", status(500))
    crawl_site()
    with sqlite3.connect(archive.path / "news.db") as db:
        db.execute("UPDATE frontier SET not_before = '2091-01-01T00:00:00Z'")
    site.routes["/a/1"] = site.good_article
    assert crawl_site().code == 0
    assert archive.rows("SELECT count(*) FROM articles") == [(1,)]
    assert archive.rows("SELECT count(*) FROM runs WHERE seconds < 0") == [(0,)]


LISTENING = "0A"  # the state of a socket in /proc/net/tcp


def listening_sockets(pid: int) -> list[str]:
    """The local addresses a process and its children listen at."""
    family = [pid, *(int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    inodes = set()
    for one in family:
        for link in Path(f"/proc/{one}/fd").iterdir():
            try:
                inodes.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == LISTENING and words[9] in inodes:
                found.append(words[1])
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="sockets are listed by Linux's /proc only")
def test_a_crawl_listens_nowhere_and_asks_at_no_door_of_scrapys(site, archive, tmp_path, started):
    profile = tmp_path / "site.toml"
    under_way = []

    def slowly(visitor):
        under_way.append(1)
        time.sleep(1.5)
        site.good_article(visitor)

    site.article("/a/slow", slowly)
    profile.write_text(site.profile_toml, encoding="utf-8")
    crawl = started("crawl", "--profile", profile, "--archive", archive.path, "--allow-private")
    wait_for(lambda: bool(under_way))
    assert listening_sockets(crawl.pid) == []
    assert crawl.wait(60) == 0


SETTINGS = """
from scrapy.utils.project import get_project_settings
settings = get_project_settings()
off = ["TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "HTTPPROXY_ENABLED"]
print([settings.getbool(name) for name in [*off, "METAREFRESH_ENABLED"]])
print(settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"))
print(sorted(scheme for scheme, handler in settings.getwithbase("DOWNLOAD_HANDLERS").items() if handler))
"""


def test_no_handler_console_or_remote_control_is_on():
    done = subprocess.run(
        [sys.executable, "-c", SETTINGS], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines() == [str([False] * 5), "True", "['http', 'https']"]
