"""What one archive has taken down can be read in none that is served beside it."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from click.testing import CliRunner

from archive.identity import url_hash, url_key
from archive.publishing.snapshots import publish
from archive.records import Link
from archive.site import barred_rows
from archive.site.barred import Aside, Barred, barred_of, leave_out
from archive.site.compat import IS_STABLE
from archive.site.headers import App
from archive.site.openness import Openness
from archive.site.several import merging, tombstones
from archive.site.several.choosing import Chosen
from archive.site.several.covered import Tombstones
from archive.site.several.library import MOST_THREADS, library
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.takedown.taking import take_down, target_of
from crawler.cli import cli
from tests.site.conftest import ARTICLES, GONE
from tests.site.several.conftest import LATER, NOW, Together, hits, made, on, together

BRIDGE, SCHOOL, *_ = ARTICLES
# What a link says of another article is its title, as a rule.
TO_BRIDGE = Link(BRIDGE.url, "Переправа готова", "related")
LINKING = on("2026-03-11", "linking", "О дорогах района", "Ремонт.", links=(TO_BRIDGE,))
SECRETS = ("открыли мост", "Жанасу", "Переправа готова")
TABLES = (
    "articles",
    "revisions",
    "revision_texts",
    "links",
    "images",
    "articles_fts",
    "fetches",
    "addresses",
)
LISTS = (
    "/",
    "/search?q=мост",
    "/search",
    "/feed.atom",
    "/search.atom?q=мост",
    "/march/",
    "/march/search?q=мост",
    "/march/search?q=мост&sort=relevance",
    "/march/search.csv?q=мост",
    "/march/search.jsonl",
    "/march/feed.atom",
    "/march/changes",
    "/march/changes.atom",
    "/march/source/steppe_news",
    "/march/news/with_words?since=2026-01-01&words=мост",
    "/march/news/with_words.json?since=2026-01-01",
    "/march/news/articles?_search=мост",
    *(f"/march/news/{table}{ending}" for table in TABLES for ending in ("", ".json", ".csv")),
)
Pair = tuple[ArchiveFolder, ArchiveFolder]


def number_of(folder: ArchiveFolder, url: str) -> int:
    with closing(sqlite3.connect(folder.news)) as db:
        row = db.execute("SELECT id FROM articles WHERE url_key = ?", [url_key(url)]).fetchone()
    return int(row[0])


def take(folder: ArchiveFolder, url: str) -> None:
    with Archive(folder) as archive:
        take_down(archive, target_of(archive, url), reason="a wish", asked_by="N. N.")


def told(text: str) -> list[str]:
    """The words of the article that a page says, as letters or as JSON has them."""
    return [word for word in SECRETS if word in text or json.dumps(word)[1:-1] in text]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """Two archives that hold the same articles."""
    kept = [(BRIDGE, NOW), (SCHOOL, NOW), (LINKING, NOW)]
    return made(tmp_path / "march", kept), made(tmp_path / "taken", kept)


def living(*folders: ArchiveFolder, openness: Openness | None = None) -> Together:
    return together(*folders, openness=openness)


def published(*folders: ArchiveFolder) -> Together:
    """The same as published files."""
    return served_as(*map(snapshot_of, folders))


def beside_published(*folders: ArchiveFolder, openness: Openness | None = None) -> Together:
    """The last one as a published file, which keeps of what was taken down hashes only."""
    *others, taken = folders
    chosen = [Chosen(one.path.name, one.news) for one in others]
    return served_as(*chosen, snapshot_of(taken), openness=openness)


def served_as(*chosen: Chosen, openness: Openness | None = None) -> Together:
    app: App = library(chosen, "127.0.0.1", openness or Openness())
    return Together(app)


def snapshot_of(folder: ArchiveFolder) -> Chosen:
    file = folder.path.parent / "public" / f"{folder.path.name}.db"
    publish(folder.news, file)
    return Chosen(folder.path.name, file)


BESIDE = pytest.mark.parametrize("served", [living, beside_published])
Served = Callable[..., Together]


@pytest.mark.parametrize("served", [living, published])
def test_its_page_in_the_other_archive_says_that_it_was_taken_down(pair: Pair, served: Served) -> None:
    march, taken = pair
    number, school = number_of(march, BRIDGE.url), number_of(march, SCHOOL.url)
    take(taken, BRIDGE.url)
    site = served(*pair)
    answer = site.get(f"/march/a/{number}", accept_language="en")
    assert answer.status_code == 410
    assert "This article was taken down" in answer.text
    assert "another archive that stands beside this one" in answer.text
    assert "Эта статья изъята" in site.get(f"/march/a/{number}", accept_language="ru").text
    assert site.get(f"/march/a/{school}").status_code == 200
    for more in ("/changes", "/cite", "/story", ".bib"):
        answer = site.get(f"/march/a/{number}{more}")
        assert answer.status_code == 404, more
        assert "мост" not in answer.text


@pytest.mark.parametrize("served", [living, published])
def test_no_list_feed_or_table_of_the_other_archive_has_it(pair: Pair, served: Served) -> None:
    name = {living: "news", published: "march"}[served]
    lists = [path.replace("/march/news/", f"/march/{name}/") for path in LISTS]
    before = served(*pair)
    shown = {path for path in lists if told(before.get(path).text)}
    assert {"/", "/march/", "/march/search.jsonl", f"/march/{name}/articles.json"} <= shown
    shutil.rmtree(pair[0].path.parent / "public", ignore_errors=True)
    take(pair[1], BRIDGE.url)
    site = served(*pair)
    for path in lists:
        answer = site.get(path)
        assert answer.status_code == 200, path
        assert not told(answer.text), path


def test_no_row_of_its_is_a_page(pair: Pair) -> None:
    march, taken = pair
    number, school = number_of(march, BRIDGE.url), number_of(march, SCHOOL.url)
    take(taken, BRIDGE.url)
    with closing(sqlite3.connect(march.news)) as db:
        query = "SELECT id FROM revisions WHERE article_id = ?"
        revision, other = (db.execute(query, [one]).fetchone()[0] for one in (number, school))
    site = living(*pair)
    for row in (f"articles/{number}", f"revisions/{revision}", f"links/{number},0", f"articles_fts/{number}"):
        for ending in ("", ".json", ".blob?_blob_column=body"):
            answer = site.get(f"/march/news/{row}{ending}")
            assert answer.status_code == 410, row + ending
            assert not told(answer.text)
    for row in (f"articles/{school}", f"revisions/{other}"):
        assert site.get(f"/march/news/{row}").status_code == 200
    assert site.get("/march/news/articles/1").status_code == 404


def test_no_other_spelling_of_the_address_shows_its_row(pair: Pair) -> None:
    march, taken = pair
    number, school = number_of(march, BRIDGE.url), number_of(march, SCHOOL.url)
    ways = (
        *(f"news/articles/{{}}{ending}" for ending in (".JSON", ".0", ".x1", ".json", ".csv", ".Blob")),
        *("news/ARTICLES/{}.json", "news/~61rticles/{}.json"),
        *("~6Eews/articles/{}.json", "~6eews/Articles/{}"),
        *("news/articles/{},1.json", "news/articles/+{}.json", "news/REVISION_TEXTS/{}", "news/no_table/{}"),
    )
    shown = living(*pair)
    table = "ARTICLES" if IS_STABLE else "articles"  # Datasette 1.0 knows no other spelling
    assert told(shown.page(f"/march/~6Eews/{table}/{number}.json"))
    take(taken, BRIDGE.url)
    site = living(*pair)
    for way in ways:
        answer = site.get(f"/march/{way.format(number)}")
        assert answer.status_code in {404, 410}, way
        assert not told(answer.text), way
    assert site.page(f"/march/~6Eews/{table}/{school}.json")


def test_an_index_that_is_being_made_anew_does_not_show_it(pair: Pair) -> None:
    march, taken = pair
    number = number_of(march, BRIDGE.url)
    with closing(sqlite3.connect(march.news)) as db:
        columns = 'title, lead, body, content="articles", content_rowid="id"'
        db.execute(f"CREATE VIRTUAL TABLE articles_fts_next USING fts5({columns})")
        db.execute("INSERT INTO articles_fts_next (articles_fts_next) VALUES ('rebuild')")
        db.commit()
    paths = ("articles_fts_next.json", f"articles_fts_next/{number}.json")
    before = living(*pair)
    assert all(told(before.page(f"/march/news/{path}")) for path in paths)
    take(taken, BRIDGE.url)
    site = living(*pair)
    assert not any(told(site.get(f"/march/news/{path}").text) for path in paths)


def test_no_sql_of_readers_finds_it(pair: Pair) -> None:
    take(pair[1], BRIDGE.url)
    site = together(*pair, openness=Openness(sql=True))
    for path in (
        "/march/news?sql=select+*+from+articles",
        "/march/news.json?sql=select+1",
        "/march/~6Eews.json?sql=select+1",
        "/march/n~65ws.Json?sql=select+1",
        "/march/~6Eews/articles?_where=1",
    ):
        assert site.get(path).status_code == 403, path
    assert site.get("/march/news/articles?_where=1+or+1").status_code == 403


@BESIDE
def test_words_of_links_to_it_are_barred_where_it_is_not_kept_itself(
    pair: Pair, tmp_path: Path, served: Served
) -> None:
    other = made(tmp_path / "other", [(LINKING, NOW)])
    number = number_of(other, LINKING.url)
    assert told(together(other).page("/other/news/links.json?_shape=array"))
    assert told(together(other).page(f"/other/a/{number}"))
    take(pair[1], BRIDGE.url)
    site = served(other, pair[1])
    assert "О дорогах" in site.page(f"/other/a/{number}")
    assert not told(site.page(f"/other/a/{number}"))
    assert not told(site.page("/other/news/links.json?_shape=array"))


@BESIDE
@pytest.mark.parametrize("is_kept", [True, False])
def test_headlines_of_listings_that_name_it_are_barred(
    pair: Pair, tmp_path: Path, served: Served, is_kept: bool
) -> None:
    taken = pair[1]
    march = pair[0] if is_kept else made(tmp_path / "bare" / "march", [(SCHOOL, NOW)])
    with Archive(march) as archive:
        archive.news["front_teasers"].insert(
            {
                "source": "steppe_news",
                "document": "https://steppe.example/",
                "url_hash": url_hash(url_key(BRIDGE.url)),
                "url_key": url_key(BRIDGE.url),
                "url": BRIDGE.url,
                "headline": "Переправа готова",
                "first_seen_at": "2026-03-10T06:00:00Z",
            }
        )
        archive.news["front_looks"].insert(
            {
                "source": "steppe_news",
                "document": "https://steppe.example/",
                "places": "[1]",
                "since": "2026-03-10T06:00:00Z",
            }
        )
    paths = (
        "source/steppe_news",
        *(f"news/{one}.json" for one in ("front_teasers", "front_places", "front_stays")),
    )
    before = living(march)
    assert all(told(before.page(f"/march/{path}")) for path in paths)
    take(taken, BRIDGE.url)
    site = served(march, taken)
    for path in paths:
        assert not told(site.page(f"/march/{path}")), path


def test_what_is_taken_down_while_they_are_served_is_barred_too(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tombstones, "LOOK_SECONDS", 0)
    monkeypatch.setattr("archive.site.kept.SECONDS", 0)
    march, taken = pair
    number = number_of(march, BRIDGE.url)
    site = living(*pair)
    assert "Жанасу" in site.page(f"/march/a/{number}")
    take(taken, BRIDGE.url)
    assert site.get(f"/march/a/{number}").status_code == 410
    said = capsys.readouterr().err
    assert said.count("Note: march: 1 article taken down in another archive here, so not shown") == 1
    take(taken, SCHOOL.url)
    assert site.get(f"/march/a/{number_of(march, SCHOOL.url)}").status_code == 410
    assert site.get(f"/march/a/{number}").status_code == 410
    assert "2 articles" in capsys.readouterr().err


@pytest.mark.parametrize("is_barred", [True, False])
def test_saved_searches_do_not_ask_of_each_row_whether_it_is_barred(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, is_barred: bool
) -> None:
    march, taken = pair
    made(march.path, [(on("2026-03-12", f"more-{n}", f"Ещё {n}", "Новость."), NOW) for n in range(20)])
    if is_barred:
        take(taken, BRIDGE.url)
    site = living(march, taken)
    asked: list[object] = []
    monkeypatch.setattr(barred_rows, "barred_of", lambda ds: asked.append(ds) or barred_of(ds))  # type: ignore[func-returns-value]
    rows = json.loads(site.page("/march/news/with_words.json?since=2026-01-01&_shape=array"))
    assert len(rows) == (22 if is_barred else 23)
    assert len(asked) < 6


def test_no_connection_is_left_over_by_each_takedown(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tombstones, "LOOK_SECONDS", 0)
    connections: list[sqlite3.Connection] = []
    real = Aside.connect

    def connect(aside: Aside, write: bool = False) -> sqlite3.Connection:
        connections.append(real(aside, write))
        return connections[-1]

    monkeypatch.setattr(Aside, "connect", connect)
    march, taken = pair
    take(taken, BRIDGE.url)
    site = living(march, taken)
    for number in range(MOST_THREADS + 2):
        kept = on("2026-03-12", f"more-{number}", f"Ещё новость {number}", "Новость.")
        made(march.path, [(kept, NOW)])
        assert site.hits("/march/search?q=новость") == [("march", kept.title)]
        take(taken, kept.url)
        assert not site.hits("/march/search?q=новость")
    assert len(connections) <= MOST_THREADS


def test_sums_are_not_remembered_with_what_was_taken_down_since(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tombstones, "LOOK_SECONDS", 0)
    march, taken = pair
    latest = on("2026-03-12", "latest", "Последняя новость", "Новость.")
    made(march.path, [(latest, NOW)])
    take(taken, BRIDGE.url)
    site = living(march, taken)
    asked: list[str] = []
    execute = Aside.execute

    async def execute_noted(aside: Aside, sql: str, *values: object, **more: object) -> object:
        asked.append(sql)
        return await execute(aside, sql, *values, **more)

    monkeypatch.setattr(Aside, "execute", execute_noted)
    site.get("/")
    before = len([sql for sql in asked if "max(id)" in sql])
    take(taken, latest.url)
    site.get("/")
    assert len([sql for sql in asked if "max(id)" in sql]) == before + 1


def test_an_archive_that_has_gone_has_still_taken_down_what_it_had(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tombstones, "LOOK_SECONDS", 0)
    march, taken = pair
    number = number_of(march, BRIDGE.url)
    take(taken, BRIDGE.url)
    site = living(*pair)
    assert site.get(f"/march/a/{number}").status_code == 410
    shutil.rmtree(taken.path)
    assert site.get(f"/march/a/{number}").status_code == 410


@BESIDE
def test_a_copy_under_another_address_is_found_by_what_was_asked(
    pair: Pair, tmp_path: Path, served: Served
) -> None:
    moved = "https://steppe.example/moved/bridge"
    other = made(tmp_path / "other", [(replace(BRIDGE, url=moved, url_key=url_key(moved)), NOW)])
    number = number_of(other, moved)
    take(pair[1], BRIDGE.url)
    assert served(other, pair[1]).get(f"/other/a/{number}").status_code == 410


@BESIDE
def test_a_copy_that_was_asked_at_another_address_is_found_by_its_own(
    pair: Pair, tmp_path: Path, served: Served
) -> None:
    other = made(tmp_path / "other", [(replace(BRIDGE, requested_url=f"{BRIDGE.url}/short"), NOW)])
    take(pair[1], BRIDGE.url)
    assert served(other, pair[1]).get(f"/other/a/{number_of(other, BRIDGE.url)}").status_code == 410


@BESIDE
@pytest.mark.parametrize("url", [BRIDGE.url, "https://steppe.example/moved/bridge"])
def test_it_is_barred_in_an_export_too(pair: Pair, tmp_path: Path, served: Served, url: str) -> None:
    kept = [(replace(BRIDGE, url=url, url_key=url_key(url)), NOW), (SCHOOL, NOW)]
    folder, file = made(tmp_path / "whole", kept), tmp_path / "kk" / "news.db"
    file.parent.mkdir()
    done = CliRunner().invoke(cli, ["export", "--to", str(file), "--archive", str(folder.path)])
    assert done.exit_code == 0, done.output
    take(pair[1], BRIDGE.url)
    site = served(ArchiveFolder(file.parent), pair[1])
    assert site.get(f"/kk/a/{number_of(folder, url)}").status_code == 410
    assert site.get(f"/kk/a/{number_of(folder, SCHOOL.url)}").status_code == 200


@BESIDE
def test_sql_stays_open_in_an_archive_that_holds_nothing_of_it(
    pair: Pair, tmp_path: Path, served: Served
) -> None:
    other = made(tmp_path / "other", [(SCHOOL, NOW)])
    take(pair[1], BRIDGE.url)
    site = served(other, pair[1], openness=Openness(sql=True))
    query = "news.json" if IS_STABLE else "news/-/query.json"
    assert SCHOOL.url in site.page(f"/other/{query}?sql=select+url+from+articles")


def test_a_file_that_did_not_change_is_read_once(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tombstones, "LOOK_SECONDS", 0)
    read: list[Path] = []

    def noted(real: Callable[..., object]) -> Callable[..., object]:
        def reading(news: Path, *stones: object) -> object:
            read.append(news)
            return real(news, *stones)

        return reading

    for name in ("tombstones_of", "barred_at"):
        monkeypatch.setattr(tombstones, name, noted(getattr(tombstones, name)))
    site = living(*pair)
    site.get("/robots.txt")
    assert len(read) == 4
    site.get("/robots.txt")
    assert len(read) == 4
    take(pair[1], BRIDGE.url)
    site.get("/robots.txt")
    assert len(read) == 7  # the tombstones of one, and what both hold


def test_an_archive_that_is_written_to_rests_between_looks_but_not_from_a_takedown(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tombstones, "LOOK_SECONDS", 0)
    monkeypatch.setattr(tombstones, "RESTS", 1e9)
    looked_into: list[str] = []
    real = tombstones.barred_at

    def barred_at(news: Path, stones: Tombstones) -> Barred | None:
        looked_into.append(news.parent.name)
        return real(news, stones)

    monkeypatch.setattr(tombstones, "barred_at", barred_at)
    march, taken = pair
    take(taken, BRIDGE.url)
    site = living(march, taken)
    site.get("/robots.txt")
    made(march.path, [(GONE, NOW)])
    site.get("/robots.txt")
    assert looked_into == ["march", "taken"]
    take(taken, SCHOOL.url)
    assert site.get(f"/march/a/{number_of(march, SCHOOL.url)}").status_code == 410
    assert looked_into == ["march", "taken", "march"]


def test_nobody_waits_for_ever_for_what_an_archive_has_taken_down(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    monkeypatch.setattr(tombstones, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(tombstones, "tombstones_of", lambda news: answered.wait(20) and None)
    site = living(*pair)

    async def asked() -> float:
        begun = monotonic()
        await site.app(SCOPE, nothing_more, unheard)
        took = monotonic() - begun
        answered.set()
        return took

    assert asyncio.run(asked()) < 10


SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/robots.txt",
    "raw_path": b"/robots.txt",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
}


async def nothing_more() -> dict[str, str]:
    return {"type": "http.disconnect"}


async def unheard(message: object) -> None:
    """An answer nobody reads."""


def said_on(html: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def shares_on(html: str) -> dict[str, str]:
    """What a page's facets say, each with its number."""
    return dict(re.findall(r'<span class="label">([^<]*)</span> <span class="n">(\d+)</span>', html))


@BESIDE
def test_no_count_has_it(pair: Pair, served: Served) -> None:
    before = served(*pair)
    assert "Results 3 articles" in said_on(before.page("/march/search"))
    assert "2 archives: 6 articles" in said_on(before.page("/"))
    take(pair[1], BRIDGE.url)
    shutil.rmtree(pair[0].path.parent / "public", ignore_errors=True)
    site = served(*pair)
    found = site.page("/march/search")
    assert "Results 2 articles" in said_on(found)
    ours = {"Russian": "1", "Kazakh": "1", "Общество": "1", "Қоғам": "1"}
    assert shares_on(found).items() >= ours.items()
    assert "Results 1 article" in said_on(site.page("/march/search?language=ru"))
    assert "Results 1 article" in said_on(site.page("/march/search?since=2026-02-01"))
    assert shares_on(site.page("/march/")).items() >= {"Russian": "1", "Kazakh": "1"}.items()
    assert "All articles 2 articles" in said_on(site.page("/march/charts"))
    assert "All articles 1 article " in said_on(site.page("/march/charts?language=ru"))
    assert "too early to tell 2 articles" in said_on(site.page("/march/sources"))
    assert "2 archives: 4 articles" in said_on(site.page("/"))
    assert "Степная газета 4 articles" in said_on(site.page("/sources"))


def test_a_section_that_has_nothing_else_is_in_no_chart(pair: Pair) -> None:
    assert "Қоғам 1 article" in said_on(living(*pair).page("/march/charts"))
    take(pair[1], SCHOOL.url)
    html = living(*pair).page("/march/charts")
    assert "All articles 2 articles" in said_on(html)
    assert "Қоғам" not in html


def test_a_day_that_has_nothing_else_is_not_the_newest(pair: Pair) -> None:
    take(pair[1], LINKING.url)
    site = living(*pair)
    assert "in the 30 days to 10 March 2026" in said_on(site.page("/march/sources"))
    assert "10 March 2026</span></p>" in site.page("/march/charts")
    assert "11 March 2026" not in site.page("/march/charts")
    assert "29 January 2026 – 10 March 2026" in said_on(site.page("/"))


def test_counts_follow_what_is_taken_down_and_published_meanwhile(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tombstones, "LOOK_SECONDS", 0)
    monkeypatch.setattr(tombstones, "RESTS", 0)
    march, taken = pair
    take(taken, BRIDGE.url)
    site = living(*pair)
    assert "Results 2 articles" in said_on(site.page("/march/search"))
    take(taken, SCHOOL.url)
    assert "Results 1 article" in said_on(site.page("/march/search"))
    # The publisher moves it to another section, which has no other article.
    made(march.path, [(replace(BRIDGE, section="Спорт"), LATER)])
    counted = {"": 1, "?section=Общество": 1, "?section=Спорт": 0, "?language=kk": 0}
    assert {asked: articles_found(site, asked) for asked in counted} == counted
    take(march, BRIDGE.url)  # and so there is nothing left to subtract
    assert {asked: articles_found(site, asked) for asked in counted} == counted


def articles_found(site: Together, asked: str) -> int:
    """How many articles a search in one archive says it found."""
    found = re.search(r"Results (\d+) article", said_on(site.page(f"/march/search{asked}")))
    return int(found[1]) if found else 0


def test_a_count_of_words_has_it_not(pair: Pair) -> None:
    march, taken = pair
    made(march.path, [(on("2026-03-12", "more", "Ещё мост", "Мост."), NOW)])
    site = living(*pair)
    assert "Results 2 articles" in said_on(site.page("/march/search?q=мост"))
    take(taken, BRIDGE.url)
    site = living(*pair)
    html = site.page("/march/search?q=мост")
    assert hits(html) == [("march", "Ещё мост")]
    assert "Results 1 article" in said_on(html)
    assert "мост 1 article " in said_on(site.page("/march/charts?q=мост"))


@BESIDE
def test_what_is_barred_takes_no_other_hits_place(
    pair: Pair, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FIRST_BATCH", 1)
    march, taken = pair
    days = [f"2026-02-{day:02}" for day in range(1, 26)]
    more = [on(day, f"more-{day}", f"Мост, {day}", "Мост.") for day in days]
    made(march.path, [(one, NOW) for one in more])
    take(taken, BRIDGE.url)  # the newest
    site = served(*pair)
    titles = [one.title for one in reversed(more)]
    for path in ("/search?q=мост", "/march/search?q=мост", "/search", "/march/search"):
        found = [title for archive, title in site.all_hits(path) if archive == "march"]
        assert [title for title in found if title in titles] == titles, path
    assert len(site.hits("/march/search?q=мост")) == 20


def test_the_newest_day_is_found_at_once_however_many_days_there_are(pair: Pair) -> None:
    take(pair[1], BRIDGE.url)
    with closing(sqlite3.connect(pair[0].news)) as connection:
        leave_out(connection)
        for sql in ("max(day) AS day FROM daily_counts WHERE day <= '2026-03-20' AND articles > 0",):
            steps = connection.execute(f"EXPLAIN QUERY PLAN SELECT {sql}").fetchall()
            assert not [told for *_, told in steps if "SCAN" in told or "AUTOMATIC" in told]
