"""Charts and the pages of sources: the right bars, the same numbers in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from archive.health.status import archive_status
from archive.records import Teaser
from archive.site.bars import chart_of, nice_top
from archive.site.periods import Known, Periods, months
from archive.site.source_page import shade
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.store.hosts import Robots

from .conftest import NOW, fill, served

ALMATY = ZoneInfo("Asia/Almaty")


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (180_000, 200_000)]
)
def test_the_scale_ends_at_a_round_number(highest: float, top: float) -> None:
    assert nice_top(highest) == top


def test_bars_stand_on_zero_and_what_is_not_known_is_not_drawn() -> None:
    chart = chart_of([("a", 5), ("b", None), ("c", 0), ("d", 10)], width=100, height=50, partial_last=True)
    assert [(bar.y + bar.height) for bar in chart.bars] == [50.0] * 4
    assert [bar.height for bar in chart.bars] == [25.0, 0.0, 0.0, 50.0]
    assert chart.bars[1].value is None
    assert chart.bars[2].value == 0
    assert [bar.is_partial for bar in chart.bars] == [False, False, False, True]
    assert all(
        after.x >= before.x + before.width for before, after in zip(chart.bars, chart.bars[1:], strict=False)
    )


def test_charts_that_share_a_scale_can_be_compared() -> None:
    assert chart_of([("a", 5)], height=100, top=10).bars[0].height == 50


def test_no_month_is_left_out() -> None:
    assert months(date(2025, 11, 30), date(2026, 2, 1)) == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_few_days_are_shown_by_the_day_and_many_by_the_month() -> None:
    few = Periods(date(2026, 3, 1), date(2026, 3, 3), "en", Known(NOW))
    assert few.listed == ["2026-03-01", "2026-03-02", "2026-03-03"]
    many = Periods(date(2025, 1, 1), date(2026, 3, 3), "en", Known(NOW))
    assert many.values({"2025-02": 7})[1] == ("February 2025", 7)


@pytest.mark.parametrize(
    ("first", "last", "end"),
    [
        (date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 3)),
        (date(2025, 1, 1), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2025, 1, 1), date(2025, 12, 31), date(2025, 12, 31)),
        (date(2025, 1, 1), date(2025, 8, 1), date(2025, 8, 31)),
    ],
)
def test_the_last_bar_ends_with_its_time(first: date, last: date, end: date) -> None:
    assert Periods(first, last, "en", Known(NOW)).last_day == end


MARCH_11 = date(2026, 3, 11)
EVENING = datetime(2026, 3, 11, 19, tzinfo=UTC)  # in Almaty the day ends then, in UTC five hours later
LATER = EVENING + timedelta(days=9)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (Known(EVENING, zones=[ALMATY]), ""),
        (Known(EVENING - timedelta(seconds=1), zones=[ALMATY]), "not_over"),
        (Known(EVENING, zones=[ALMATY, UTC]), "not_over"),
        (Known(LATER, crawled=EVENING, zones=[ALMATY]), ""),
        (Known(LATER, crawled=EVENING - timedelta(seconds=1), zones=[ALMATY]), "not_crawled"),
        (Known(LATER, crawled=EVENING, zones=[UTC]), "not_crawled"),
        (Known(LATER), ""),  # no crawl filled it
        (Known(LATER, until=date(2026, 3, 10)), "cut"),
        (Known(LATER, until=MARCH_11), ""),
    ],
)
def test_a_time_is_open_until_papers_clocks_and_a_crawl_have_passed_it(known: Known, why: str) -> None:
    assert known.why_open(MARCH_11) == why


def test_a_day_that_was_over_before_the_last_crawl_is_not_called_incomplete(site: Any) -> None:
    html = site.page("/charts?q=мост")
    assert "<span>10 March 2026</span></p>" in html
    assert 'class="partial"' not in html
    assert "incomplete" not in html


def test_a_month_that_the_last_crawl_saw_the_beginning_of_is_called_so(long_ago: Any) -> None:
    html = long_ago.page("/charts")
    assert "The last bar is incomplete: the last crawl began 12 March 2026, 06:00 UTC." in html
    assert html.count('class="partial"') == html.count('<figure class="chart">')
    assert "последний сбор начался 12 марта 2026" in long_ago.page("/charts", "ru")


def test_a_time_that_is_not_over_is_called_so(long_ago: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class March(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return NOW + timedelta(days=1)

    monkeypatch.setattr("archive.site.charts_page.datetime", March)
    assert "The last bar is incomplete: its time is not over yet." in long_ago.page("/charts")


def test_a_month_that_the_reader_cut_is_called_so(long_ago: Any) -> None:
    html = long_ago.page("/charts?until=2026-03-10")
    assert "The last bar is incomplete: shown up to 10 March 2026." in html
    assert 'class="partial"' in html
    assert "shown up to" not in long_ago.page("/charts?until=2026-03-31")


@pytest.mark.parametrize(("status", "is_crawl"), [("failed", True), ("killed", True), ("done", False)])
def test_only_a_crawl_that_is_done_sees_what_appeared(tmp_path: Path, status: str, is_crawl: bool) -> None:
    folder = ArchiveFolder(tmp_path)
    fill_half_a_year(folder)
    with Archive(folder) as archive:
        at = NOW + timedelta(days=50)
        run = archive.runs.begin("steppe_news", started_at=at, version="")
        archive.runs.end(run, status=status, reason=None, ended_at=at, seconds=1)
        if is_crawl:
            archive.health.measure(run)
    with contextmanager(served)(folder.news) as site:
        assert "the last crawl began 12 March 2026" in site.page("/charts")


def fill_half_a_year(folder: ArchiveFolder) -> None:
    """The sample archive, as a crawl left it, with an article of half a year before: bars are months."""
    fill(folder)
    with Archive(folder) as archive:
        (run,) = archive.news.conn.execute("SELECT id FROM runs").fetchone()
        archive.health.measure(run)
        archive.news.conn.execute(
            "UPDATE articles SET published_date = '2025-09-10' WHERE url LIKE '%/school'"
        )
        archive.news.conn.commit()


@pytest.fixture
def long_ago(tmp_path: Path) -> Iterator[Any]:
    folder = ArchiveFolder(tmp_path)
    fill_half_a_year(folder)
    yield from served(folder.news)


def test_an_empty_square_has_no_shade() -> None:
    assert [shade(n, 8) for n in (0, 1, 2, 3, 5, 7, 8)] == [0, 1, 1, 2, 3, 4, 4]


def test_a_words_share_is_counted_against_all_of_its_day(site: Any) -> None:
    html = site.page("/charts?q=мост")
    assert '“мост”: articles in each thousand</a> <span class="n">1 article in all</span>' in html
    shares = dict(re.findall(r'<tr><th scope="row">([^<]+)</th><td>([^<]+)</td>', html.split("</table>")[0]))
    assert shares["10 March 2026"] == "250"  # one of the four of that day
    assert shares["29 January 2026"] == "0"
    assert shares["30 January 2026"] == "–"  # no article at all is no share of nought


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "Без даты, и потому не на графиках: 1 статья."),
        ("kk", "Күні көрсетілмей, графиктерге кірмегені: 1 мақала."),
        ("en", "Without a date, and so not in the charts: 1 article."),
    ],
)
def test_articles_without_a_date_are_counted_beside_the_charts(site: Any, language: str, said: str) -> None:
    assert said in site.page("/charts", language)
    assert said in site.page("/charts?source=steppe_news&q=мост", language)
    for narrowed in ("language=kk", "since=2026-01-01", "month=2026-03"):
        assert said not in site.page(f"/charts?{narrowed}", language)


def test_the_scales_top_is_called_the_scales(site: Any) -> None:
    assert "<span>scale to 5</span>" in site.page("/charts")
    assert "<span>шкала до 5</span>" in site.page("/charts", "ru")
    assert "<span>шкала шегі: 5</span>" in site.page("/charts", "kk")


def test_a_filter_typed_alone_is_counted_as_words_are(site: Any) -> None:
    html = site.page("/charts?q=lang:kk")
    assert '“lang:kk”: articles in each thousand</a> <span class="n">1 article in all</span>' in html
    assert "0 articles in all" in site.page("/charts?q=https://steppe.example/news/nowhere")


def test_a_word_nobody_says_has_no_bars(site: Any) -> None:
    html = site.page("/charts?q=нетакогословабрям")
    assert "0 articles" in html
    assert "<td>0</td>" in html


@pytest.mark.parametrize(
    "path", ["/charts?since=2030-01-01", "/charts?source=nobody", "/charts?q=---", '/charts?q="']
)
def test_no_address_of_a_chart_is_an_error(site: Any, path: str) -> None:
    assert site.get(f"/charts?{path}").status_code == 200


def test_a_sources_page_says_when_it_publishes_and_what_it_states(site: Any) -> None:
    html = site.page("/source/steppe_news")
    assert "Tuesday, 00:00: " in html  # on the publisher's clock
    assert "Степная газета" in html
    assert "done" in html
    assert "The thirty days to 10 March 2026" in html
    assert "Тридцать дней по 10 марта 2026" in site.page("/?lang=ru")
    assert site.get("/source/nobody").status_code == 404


def test_sources_are_listed_with_their_state(site: Any) -> None:
    html = site.page("/sources")
    # Of the thirty up to the newest article, whenever that was; and it says which day that is.
    assert "4 articles in the 30 days to 10 March 2026" in html
    assert 'href="/source/steppe_news"' in html


def test_a_source_nobody_judged_is_called_what_the_command_calls_it(site: Any, archive_folder: Any) -> None:
    (told,) = {source.health.state for source in archive_status(archive_folder).sources}
    assert told == "new"
    for path in ("/sources", "/source/steppe_news"):
        assert re.search(rf'<span class="state {told}">.*?{told}, too early to tell', site.page(path))


@pytest.fixture
def troubled(tmp_path: Path) -> Iterator[Any]:
    """The sample newspaper is well; another one, larger by its name, is silent."""
    folder = ArchiveFolder(tmp_path)
    fill(folder)
    with Archive(folder) as archive:
        archive.sources.save(
            "a_quiet",
            name="Аа тихая",
            home="https://q.example/",
            languages=["kk"],
            timezone="UTC",
            region=None,
        )
        teasers = [
            Teaser("https://steppe.example/news/bridge", "Мост открыт: фото"),
            Teaser("https://steppe.example/news/unknown", "Чего в архиве нет"),
        ]
        archive.fronts.look("steppe_news", "https://steppe.example/", teasers, at=NOW)
        many = [Teaser(f"https://steppe.example/kk/{n}", f"Жаңалық {n}") for n in range(1, 20)]
        archive.fronts.look("steppe_news", "https://steppe.example/kk/", many, at=NOW)
        robots = Robots(status=200, means="part", detail="", delay_seconds=5.0)
        archive.hosts.note_robots("https://steppe.example", robots, at=NOW)
        reasons = [
            {"code": "feed_empty", "state": "silent", "evidence": "The feed names no article."},
            {"code": "of_another_version", "state": "worse", "evidence": "<b>"},
        ]
        states = [("steppe_news", "well", []), ("a_quiet", "silent", reasons)]
        for source, state, why in states:
            archive.news["source_health"].insert(
                {"source": source, "state": state, "since": "", "judged_at": "", "reasons": json.dumps(why)}
            )
    yield from served(folder.news)


def test_a_sources_page_says_what_is_on_its_front_and_how_it_is_asked(troubled: Any) -> None:
    html = troubled.page("/source/steppe_news")
    assert f'<a href="/a/{troubled.ids["bridge"]}">Мост открыт: фото</a>' in html
    assert "Чего в архиве нет</li>" in html
    front, _, kazakh = html.partition("steppe.example/kk/<span")
    assert 'href="https://steppe.example/"' in front
    assert re.findall(r'<li value="(\d+)" dir="auto">Жаңалық', kazakh) == [str(n) for n in range(1, 9)]
    assert "allows a part" in html
    assert "<dd>5 s</dd>" in html
    assert "<dd>5 с</dd>" in troubled.page("/source/steppe_news", "ru")


def test_the_worst_source_comes_first_and_says_why(troubled: Any) -> None:
    html = troubled.page("/sources", "ru")
    assert html.index("Аа тихая") < html.index("Степная газета")
    assert "Лента опустела." in html
    assert "of another version" in html
    assert "Не в порядке: 1 источник" in troubled.page("/", "ru")
    assert "<b>" not in troubled.page("/source/a_quiet", "ru")
    assert "&lt;b&gt;" in troubled.page("/source/a_quiet", "ru")
