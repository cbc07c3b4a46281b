"""A public host: one name, nothing of the machine, nothing slow; and what the owner may open."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from archive.cli import browse
from archive.site import self_test
from archive.site.compat import IS_STABLE
from archive.site.openness import Openness, PublicAddress
from archive.site.public import told
from archive.site.serving import application, is_loopback
from archive.site.sql_guard import guard
from tests.site.raw_asking import ask

ADDRESS = PublicAddress.of("https://archive.example/")
BASED = PublicAddress.of("https://library.example:8443/news-archive/")
CLOSED = ("databases", "threads", "metadata", "settings", "plugins", "config", "versions", "actor")


class Served:
    """The whole application as a browser's request meets it."""

    def __init__(self, news: Any, openness: Openness, host: str = "127.0.0.1") -> None:
        self.app = application(news, host, openness)

    def get(self, path: str, host: str = "archive.example", **headers: str) -> httpx.Response:
        return asyncio.run(ask(self.app, path, {"host": host, "accept-language": "en", **headers}))


@pytest.fixture(scope="module")
def public(archive_folder: Any) -> Served:
    return Served(archive_folder.news, Openness(ADDRESS))


@pytest.fixture(scope="module")
def local(archive_folder: Any) -> Served:
    return Served(archive_folder.news, Openness())


def test_it_answers_under_its_own_name_only(public: Served, local: Served) -> None:
    assert public.get("/").status_code == 200
    assert public.get("/", host="archive.example:443").status_code == 200
    assert (
        public.get("/", host="127.0.0.1:8001").status_code == 200
    )  # the proxy itself, and who looks after it
    assert public.get("/", host="evil.example").status_code == 421
    assert public.get("/", host="archive.example.evil.example").status_code == 421
    assert local.get("/", host="archive.example").status_code == 421
    assert local.get("/", host="localhost").status_code == 200


@pytest.mark.parametrize("page", CLOSED)
@pytest.mark.parametrize("ending", ["", ".json"])
def test_pages_about_the_machine_are_closed(public: Served, page: str, ending: str) -> None:
    answer = public.get(f"/-/{page}{ending}")
    assert answer.status_code == 404
    assert "news.db" not in answer.text


@pytest.mark.parametrize(
    "path", ["/-/static/app.css", "/robots.txt", "/news", "/news/articles", "/search?q=мост"]
)
def test_what_readers_need_is_open(public: Served, path: str) -> None:
    assert public.get(path).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "body__contains=мост",
        "title__like=%25мост",
        "url__glob=*",
        "body=x",
        "lead__exact=x",
        "section__endswith=о",
        "_searchmode=raw&_search=a",
        "_searchmode=raw&_search_title=a",
        "_through={}",
        "_facet=body",
        "_facet=title",
        "_facet_array=tags",
        "_facet_date=fetched_at",
        "_size=101",
        "_sort=title",
        "_sort_desc=body",
        "_where=1%3D1",
        "_stream=1&_size=max",
    ],
)
@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_what_would_be_slow_for_all_is_refused(public: Served, query: str, ending: str) -> None:
    if query.startswith("_stream") and ending != ".csv":
        assert public.get(f"/news/articles{ending}?{query}").status_code == 200  # only CSV streams
        return
    assert public.get(f"/news/articles{ending}?{query}").status_code in {400, 403}


@pytest.mark.parametrize("table", ["/~6Eews/articles", "/ne~77s/~61rticles.json", "/news/articles.Json"])
def test_and_under_any_spelling_of_the_tables_address(public: Served, table: str) -> None:
    assert public.get(f"{table}?source__contains=x").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "source=steppe_news",
        "published_date__gte=2026-01-01",
        "_facet=section",
        "_size=max",
        "_search=мост",
        "_trace=1",
    ],
)
def test_what_is_quick_is_not(public: Served, query: str) -> None:
    answer = public.get(f"/news/articles?{query}")
    assert answer.status_code == 200
    assert "num_traces" not in answer.text


def test_a_refusal_is_in_the_readers_language_with_a_way_out(public: Served) -> None:
    answer = public.get("/news/articles?body__contains=x", **{"accept-language": "kk"})
    assert "Бұлай болмайды" in answer.text
    assert 'type="search"' in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "//evil.example/", "/\\evil.example/", "///evil.example//", "/news/", "/search/"],
)
def test_no_address_leads_off_the_site(public: Served, local: Served, path: str) -> None:
    for served, host in ((public, "archive.example"), (local, "localhost")):
        where = served.get(path, host=host).headers.get("location", "")
        assert not where.startswith(("//", "/\\", "http://evil", "https://evil", "\\")), where


def test_addresses_name_the_public_host_whatever_the_proxy_calls_this_machine(public: Served) -> None:
    feed = public.get("/feed.atom", host="localhost").text
    assert "https://archive.example/a/" in feed
    assert "localhost" not in feed


def test_who_calls_it_localhost_sees_no_more_than_the_world(public: Served) -> None:
    for host in ("localhost", "127.0.0.1:8001", "[::1]:8001"):
        assert public.get("/", host=host).status_code == 200
        assert [public.get(f"/-/{page}", host=host).status_code for page in CLOSED] == [404] * len(CLOSED)
        assert public.get("/news/articles?body__contains=x", host=host).status_code == 400


@pytest.mark.parametrize("prefix", ["/news-archive", ""], ids=["kept by the proxy", "taken away"])
def test_an_archive_below_a_path_links_within_it(archive_folder: Any, site: Any, prefix: str) -> None:
    served = Served(archive_folder.news, Openness(BASED))
    for path in ("/", "/search?q=мост", f"/a/{site.ids['bridge']}", "/news", "/news/articles"):
        answer = served.get(f"{prefix}{path}", host="library.example:8443")
        assert answer.status_code == 200, path
        assert 'href="/news-archive/' in answer.text
        assert 'href="/a/' not in answer.text
        assert 'href="/search' not in answer.text
    assert served.get(f"{prefix}/-/plugins", host="library.example").status_code == 404
    assert served.get(f"{prefix}/news/articles?body__contains=x", host="library.example").status_code == 400
    assert (
        "Path=/news-archive/"
        in served.get(f"{prefix}/?lang=kk", host="library.example").headers["set-cookie"]
    )


PRIVATE = {
    "instance": {"allow": False},
    "database": {"databases": {"news": {"allow": False}}},
    "table": {"databases": {"news": {"tables": {"articles": {"allow": False}}}}},
}
OURS = (
    *("/", "/search", "/search?q=мост", "/a/{bridge}", "/a/{reworded}/changes", "/a/{bridge}/cite"),
    *("/a/{bridge}/story", "/a/{bridge}.bib", "/a/{bridge}.ris", "/a/{bridge}.csl.json", "/feed.atom"),
    *("/search.atom?q=мост", "/search.csv?q=мост", "/search.excel.csv", "/search.jsonl", "/changes"),
    *("/changes.atom", "/charts", "/charts?q=мост", "/sources", "/source/steppe_news"),
)


@pytest.mark.parametrize("level", PRIVATE)
@pytest.mark.parametrize("path", OURS)
def test_who_may_not_read_the_articles_reads_no_page(
    archive_folder: Any, site: Any, level: str, path: str
) -> None:
    from datasette.app import Datasette

    more = {} if IS_STABLE else {"config": PRIVATE[level]}
    datasette = Datasette([str(archive_folder.news)], metadata=PRIVATE[level], **more)
    answer = asyncio.run(datasette.client.get(path.format(**site.ids)))
    assert answer.status_code == 403
    assert "мост" not in answer.text.replace("%D0%BC%D0%BE%D1%81%D1%82", "")


SQL = "/news.json?_shape=array&sql=" if IS_STABLE else "/news/-/query.json?_shape=array&sql="


def test_sql_is_closed_until_the_owner_opens_it(archive_folder: Any, public: Served, local: Served) -> None:
    assert public.get(f"{SQL}select+1").status_code == 403
    assert local.get(f"{SQL}select+1", host="localhost").status_code == 403
    opened = Served(archive_folder.news, Openness(ADDRESS, sql=True))
    assert opened.get(f"{SQL}select+1+as+one").json() == [{"one": 1}]
    for endless in ("printf('%25.*c',900000000,'x')", "hex(zeroblob(400000000))", "FORMAT('%25s',1)"):
        assert opened.get(f"{SQL}select+length({endless})").status_code == 400, endless


@pytest.mark.parametrize(
    "call",
    ["printf('x')", "format('x')", "zeroblob(1)", "randomblob(1)", "load_extension('x')", "PrintF('x')"],
)
def test_functions_without_end_are_refused_on_every_connection(call: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        guard(connection)
        assert connection.execute("SELECT upper('ж'), count(*)").fetchone()[1] == 1
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            connection.execute(f"SELECT {call}")


def test_a_value_longer_than_any_article_is_refused() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        guard(connection)
        nested = "replace(" * 8 + "'aaaaaaaaaa'" + ", 'a', 'aaaaaaaaaa')" * 8
        with pytest.raises(sqlite3.DataError):
            connection.execute(f"SELECT length({nested})").fetchone()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("archive.example", "no address of the web"),
        ("ftp://archive.example/", "no address of the web"),
        ("https:///x", "no address of the web"),
        ("https://a:b@archive.example/", "a host and perhaps a path"),
        ("https://archive.example/?x=1", "a host and perhaps a path"),
    ],
)
def test_an_address_that_is_none_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        PublicAddress.of(text)
    result = CliRunner().invoke(browse, ["--public", text, "--archive", "nowhere"])
    assert result.exit_code == 2
    assert said in result.output


def test_another_address_than_loopback_wants_a_public_one() -> None:
    result = CliRunner().invoke(browse, ["--host", "0.0.0.0", "--archive", "nowhere"])
    assert result.exit_code == 2
    assert "--public" in result.output
    assert [
        is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "127.evil.example")
    ] == [
        *(True, True, True),
        *(False, False),
    ]


def test_what_was_set_is_said() -> None:
    lines = "\n".join(
        told(ADDRESS, listens="it listens at 127.0.0.1, port 8001", is_snapshot=False, sql=False)
    )
    for word in (
        "archive.example only",
        "SQL is closed",
        "/-/",
        "robots.txt",
        "muragat publish",
        "TLS",
        "800 ms",
    ):
        assert word in lines
    assert "open to every reader" in "\n".join(told(ADDRESS, listens="", is_snapshot=True, sql=True))


def test_a_page_whose_query_is_interrupted_is_no_failure(
    archive_folder: Any, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasette.app import Datasette
    from datasette.database import Database, QueryInterrupted

    async def interrupted(self: Any, sql: str, params: Any = None, **options: Any) -> None:
        raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)

    datasette = Datasette([str(archive_folder.news)])
    asyncio.run(datasette.invoke_startup())
    monkeypatch.setattr(Database, "execute", interrupted)
    monkeypatch.setitem(self_test.answers, datasette, True)
    for path in OURS:
        answer = asyncio.run(datasette.client.get(path.format(**site.ids)))
        assert answer.status_code in {200, 400}, path
        assert "Traceback" not in answer.text
        assert "too long" in answer.text or "слишком много времени" in answer.text


def test_an_error_nobody_foresaw_has_a_page_and_tells_no_secret(
    archive_folder: Any, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    from datasette.app import Datasette

    def fails(*_: Any) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr("archive.site.workbench.cell", fails)
    answer = asyncio.run(Datasette([str(archive_folder.news)]).client.get("/news/articles"))
    assert answer.status_code == 500
    assert "Datasette" in answer.text
    assert "Traceback" not in answer.text
    capfd.readouterr()
