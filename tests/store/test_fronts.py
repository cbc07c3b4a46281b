"""What stands on a listing is kept by its changes, with its document's visit or not at all."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from archive.errors import ArchiveError
from archive.fronts.reading import fronts_at, rewordings_of, stretches_of, tops_of
from archive.health.history import Expected
from archive.identity import url_key
from archive.noise import same_headline
from archive.records import Outcome, Teaser
from archive.store.columns import utc
from crawler.cli import cli

from .conftest import NOON, SITE, SOURCE

LISTING = SITE + "/"


def teaser(path: str, headline: str | None = None, block: str | None = "section#main") -> Teaser:
    return Teaser(SITE + path, headline or f"Заголовок {path}", block)


@pytest.fixture
def look(desk):
    """Read the listing as a crawl does, some minutes after noon."""
    desk.archive.health.expect(SOURCE, Expected(), [LISTING])

    def at(minutes: int, *teasers: Teaser, outcome: Outcome = Outcome.READ):
        visit = desk.visit("/", kind="listing", fetched_at=NOON + timedelta(minutes=minutes))
        desk.archive.read_document(desk.run, SOURCE, visit, outcome, teasers=teasers)

    return at


def moment(minutes: int) -> str:
    return utc(NOON + timedelta(minutes=minutes))


def test_an_unchanged_page_writes_no_row_of_its_front(desk, look):
    look(0, teaser("/1"), teaser("/2"))
    before = desk.rows("SELECT * FROM front_looks"), desk.rows("SELECT * FROM front_teasers")
    look(10, teaser("/1"), teaser("/2"))
    look(20, outcome=Outcome.NOT_MODIFIED)
    assert (desk.rows("SELECT * FROM front_looks"), desk.rows("SELECT * FROM front_teasers")) == before
    assert len(before[0]) == 1


def test_a_change_is_one_row_and_knows_when_the_old_order_was_last_seen(desk, look):
    look(0, teaser("/1"), teaser("/2"))
    look(10, teaser("/1"), teaser("/2"))
    look(20, outcome=Outcome.NOT_MODIFIED)
    look(30, teaser("/3"), teaser("/1"), teaser("/2"))
    rows = desk.rows("SELECT since, seen_until, until, places FROM front_looks ORDER BY id")
    assert [(r["since"], r["seen_until"], r["until"]) for r in rows] == [
        (moment(0), moment(20), moment(30)),
        (moment(30), None, None),
    ]
    assert [json.loads(r["places"]) for r in rows] == [[1, 2], [3, 1, 2]]


def test_what_stood_at_a_time_is_told_with_how_long_each_stood(desk, look):
    look(0, teaser("/1"), teaser("/2"))
    look(30, teaser("/3"), teaser("/1"))
    look(60, teaser("/3", "Другой заголовок"), teaser("/1"))
    (then,) = fronts_at(desk.archive.news, SOURCE, moment(29))
    assert [(p.number, p.teaser.url) for p in then.places] == [(1, SITE + "/1"), (2, SITE + "/2")]
    (now,) = fronts_at(desk.archive.news, SOURCE, None)
    assert [(p.teaser.headline, p.since, p.here_since) for p in now.places] == [
        ("Другой заголовок", moment(60), moment(30)),
        ("Заголовок /1", moment(30), moment(0)),
    ]
    assert fronts_at(desk.archive.news, SOURCE, moment(-1)) == []


def test_an_article_is_followed_from_place_to_place_also_after_it_had_left(desk, look):
    look(0, teaser("/1"), teaser("/2"))
    look(10, teaser("/2"), teaser("/1"))
    look(20, teaser("/2"), teaser("/1"), teaser("/3"))
    look(30, teaser("/2"))
    look(40, teaser("/1"), teaser("/2"))
    found = stretches_of(desk.archive.news, SOURCE, SITE + "/1?utm_source=x")
    assert [(s.number, s.since, s.seen_until, s.until) for s in found] == [
        (1, moment(0), moment(0), moment(10)),
        (2, moment(10), moment(20), moment(30)),
        (1, moment(40), moment(40), None),
    ]


def test_the_top_is_told_one_after_the_other(desk, look):
    look(0, teaser("/1"), teaser("/2"))
    look(10, teaser("/1"), teaser("/3"))
    look(20, teaser("/3"), teaser("/1"))
    tops = [(s.teaser.url, s.since, s.until) for s in tops_of(desk.archive.news, SOURCE, None)]
    assert tops == [(SITE + "/1", moment(0), moment(20)), (SITE + "/3", moment(20), None)]
    assert len(tops_of(desk.archive.news, SOURCE, moment(20))) == 1


def test_a_reworded_headline_is_remembered_beside_the_article_s_own_title(desk, look):
    look(0, teaser("/1", "Погибли трое"))
    desk.keep("/1", title="Авария на трассе")
    look(10, teaser("/1", "Погибли пятеро"))
    ((document, wordings),) = rewordings_of(desk.archive.news, SOURCE, None)
    assert document == LISTING
    assert [one["headline"] for one in wordings] == ["Погибли трое", "Погибли пятеро"]
    (now,) = fronts_at(desk.archive.news, SOURCE, None)
    assert now.places[0].teaser.title == "Авария на трассе"
    assert rewordings_of(desk.archive.news, SOURCE, moment(11)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Мост открыт 5 минут назад", "Мост открыт 2 часа назад"),
        ("Мост открыт 12 просмотров", "Мост открыт 1 204 просмотра"),
        ("Сегодня, 12:30 Мост открыт", "Вчера, 12:30 Мост открыт"),
        ("Мост открыт • 14 комментариев", "Мост открыт"),
    ],
)
def test_counters_and_clocks_make_no_other_headline(desk, look, one, other):
    look(0, teaser("/1", one))
    look(10, teaser("/1", other))
    assert desk.value("SELECT count(*) FROM front_looks") == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Число погибших выросло до 15", "Число погибших выросло до 16"),
        ("Погибли 3 человека", "Погибли 5 человек"),
        ("Мост открыт", "Мост закрыт"),
        ("Мост открыт", None),
    ],
)
def test_numbers_and_words_do(one, other):
    assert not same_headline(one, other)


def test_a_page_that_names_no_article_leaves_the_front_as_it_was(desk, look):
    look(0, teaser("/1"))
    look(10)
    assert desk.value("SELECT until FROM front_looks") is None


def test_what_fails_after_it_takes_the_look_back_too(desk, look, monkeypatch):
    look(0, teaser("/1"))

    def broken(*arguments, **options):
        raise ArchiveError("the disk is full")

    monkeypatch.setattr(desk.archive.runs, "enter", broken)
    with pytest.raises(ArchiveError):
        look(10, teaser("/2"), teaser("/1"))
    assert desk.value("SELECT count(*) FROM front_looks") == 1
    assert desk.value("SELECT count(*) FROM front_teasers") == 1


def test_the_views_tell_the_same(desk, look):
    look(0, teaser("/1"), teaser("/2"))
    desk.keep("/1")
    look(60, teaser("/1"), teaser("/2"))
    look(90, teaser("/2", "Свет дали"), teaser("/1"))
    look(120, teaser("/2", "Свет дали"), teaser("/1"))
    places = desk.rows("SELECT * FROM front_places ORDER BY look_id, place")
    assert [(p["place"], p["url"], p["title"]) for p in places[:2]] == [
        (1, SITE + "/1", "Новость /1"),
        (2, SITE + "/2", None),
    ]
    stays = {row["url"]: row for row in desk.rows("SELECT * FROM front_stays")}
    first, second = stays[SITE + "/1"], stays[SITE + "/2"]
    assert (first["hours"], first["hours_on_top"], first["best_place"]) == (2.0, 1.5, 1)
    assert (second["headlines"], second["headline"], second["hours_on_top"]) == (2, "Свет дали", 0.5)


def test_only_the_upper_places_of_an_endless_page_are_kept(desk, look):
    look(0, *(teaser(f"/{number}") for number in range(2_000)))
    assert desk.value("SELECT json_array_length(places) FROM front_looks") == 300


def test_an_article_that_is_kept_under_another_address_is_found_by_both(desk, look):
    look(0, teaser("/short"))
    page = desk.archive.pages.keep(desk.page("/short"), kind="article")
    visit = desk.visit("/short", page_id=page)
    desk.archive.keep_article(desk.run, SOURCE, desk.article("/long"), visit)
    assert url_key(SITE + "/long") != url_key(SITE + "/short")
    assert [s.number for s in stretches_of(desk.archive.news, SOURCE, SITE + "/long")] == [1]


def fronts(desk, *options: str):
    """`muragat fronts` on the open archive."""
    return CliRunner().invoke(cli, ["fronts", SOURCE, *options, "--archive", str(desk.folder.path)])


def test_a_source_without_a_listing_is_told_what_to_add(desk):
    told = fronts(desk)
    assert told.exit_code == 2
    assert "[[listings]]" in told.output


@pytest.mark.parametrize(
    "options", [("--top", "--reworded"), ("--since", "2026-03-01"), ("--url", "", "--top")]
)
def test_what_contradicts_itself_is_told(desk, options):
    assert fronts(desk, *options).exit_code == 2


def test_a_minute_is_asked_for_as_it_is_shown(desk, look):
    look(0.5, teaser("/1", "Первая"))
    look(0.75, teaser("/2", "Вторая"))
    shown = fronts(desk, "--at", "2026-03-10 07:00")
    assert "Вторая" in shown.output
    assert "since 2026-03-10 07:00Z" in shown.output
    assert "nobody" not in shown.output
    assert "Вторая" in fronts(desk, "--at", "2026-03-10T07:00").output
    assert "Первая" in fronts(desk, "--at", "2026-03-10T07:00:30Z").output
    assert "no listing was looked at by then" in fronts(desk, "--at", "2026-03-10 06:59").output


def test_a_time_nobody_looked_at_is_told_as_such_and_headlines_steer_no_terminal(desk, look):
    look(0, teaser("/1", "Вода\x1b[2J пришла"))
    look(120, teaser("/2"))
    told = fronts(desk, "--at", "2026-03-10 08:30")
    assert told.exit_code == 0
    assert "nobody looked at 2026-03-10 08:30Z" in told.output
    assert "\x1b" not in told.output
    assert "Вода [2J пришла" in told.output
