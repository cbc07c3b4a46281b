"""What the books of several archives tell is in the whole, each thing once; where they differ, the later."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from archive.health.history import Expected
from archive.health.status import archive_status
from archive.records import Found, Outcome, Refusal, Reservation, Teaser
from archive.store.archive import Archive
from archive.store.columns import utc
from archive.store.folder import ArchiveFolder
from archive.store.hosts import Gap, Robots, Wait
from tests.merging.conftest import desk_at, dump, faults, merged, rows
from tests.store.conftest import NOON, SITE, SOURCE, Desk

HOUR = timedelta(hours=1)
WAITING = "SELECT url, why, attempts, taken_by FROM frontier ORDER BY id"


def look(path, *, at=NOON, **fields):
    """Keep an article, with the validators of its page."""

    def fill(desk):
        page_id = desk.archive.pages.keep(
            desk.page(path, repr(fields).encode(), fetched_at=at), kind="article"
        )
        visit = desk.visit(path, page_id=page_id, fetched_at=at, etag=f'"{at:%H}"')
        desk.archive.keep_article(desk.run, SOURCE, desk.article(path, **fields), visit)

    return fill


def offer(*paths, at=NOON, **fields):
    """Put addresses on the list."""
    return lambda desk: desk.archive.frontier.offer(
        SOURCE, [desk.found(path, **fields) for path in paths], now=at
    )


def both_ways(make, tmp_path, one, other):
    """The whole of two archives, each taken in first."""
    parts = [make("one", *one), make("other", *other)]
    merged(tmp_path / "whole", *parts)
    merged(tmp_path / "reverse", *reversed(parts))
    for path in (tmp_path / "whole", tmp_path / "reverse"):
        assert not faults(path)
        before = dump(path)
        merged(path, *parts)
        assert dump(path) == before
    return tmp_path / "whole", tmp_path / "reverse"


def test_what_was_asked_anywhere_waits_nowhere(make, tmp_path):
    one = [offer("/asked", "/neither", "/both")]
    other = [offer("/both", "/other"), look("/asked", at=NOON + HOUR)]
    for path in both_ways(make, tmp_path, one, other):
        waiting = {
            url.removeprefix(SITE): (why, tries, taken) for url, why, tries, taken in rows(path, WAITING)
        }
        assert waiting == dict.fromkeys(("/neither", "/both", "/other"), ("new", 0, None))


def test_what_was_asked_before_it_was_found_elsewhere_waits_when_it_is_named_as_changed(make, tmp_path):
    known = [offer("/same", "/changed", modified="1"), look("/same"), look("/changed")]
    fresh = [offer("/same", at=NOON + HOUR, modified="1"), offer("/changed", at=NOON + HOUR, modified="2")]
    for path in both_ways(make, tmp_path, known, fresh):
        assert rows(path, WAITING) == []
        with desk_at(path) as desk:  # the document names both as it did
            offer("/same", at=NOON + 2 * HOUR, modified="1")(desk)
            offer("/changed", at=NOON + 2 * HOUR, modified="2")(desk)
        assert rows(path, WAITING) == [(f"{SITE}/changed", "changed", 0, None)]


def test_a_change_waits_until_somebody_has_looked(make, tmp_path):
    stated = [
        offer("/a/1", modified="1"),
        look("/a/1"),
        offer("/a/1", at=NOON + HOUR, modified="2"),
    ]
    for path in both_ways(make, tmp_path, stated, [look("/a/1", at=NOON + HOUR / 2)]):
        assert rows(path, WAITING)[0][:2] == (f"{SITE}/a/1", "changed")


def test_a_change_that_the_other_looked_at_since_waits_no_more(make, tmp_path):
    stated = [offer("/a/1", modified="1"), look("/a/1"), offer("/a/1", at=NOON + HOUR, modified="2")]
    for path in both_ways(make, tmp_path, stated, [look("/a/1", at=NOON + 2 * HOUR, body="Новое.")]):
        assert rows(path, WAITING) == []


def test_the_later_answer_of_an_address_stands_and_every_document_that_spoke_is_heard(make, tmp_path):
    one = [offer("/a/1", title="Первая"), look("/a/1", at=NOON + 2 * HOUR)]
    listing = Found(f"{SITE}/a/1", "listing", f"{SITE}/")
    other = [
        lambda desk: desk.archive.frontier.offer(SOURCE, [listing], now=NOON),
        look("/a/1", at=NOON + HOUR),
    ]
    for path in both_ways(make, tmp_path, one, other):
        ((checked_at, etag, found),) = rows(path, "SELECT checked_at, etag, found FROM addresses")
        assert (checked_at, etag) == (utc(NOON + 2 * HOUR), '"09"')
        assert {one["via"] for one in json.loads(found)} == {"feed", "listing"}


def test_what_the_last_look_saw_stands_with_the_validators_of_its_page(make, tmp_path):
    looked_last = [look("/a/1", body="Раз."), look("/a/1", at=NOON + 3 * HOUR, body="Раз.")]
    for path in both_ways(make, tmp_path, looked_last, [look("/a/1", at=NOON + HOUR, body="Два.")]):
        texts = rows(path, "SELECT body, cause FROM revision_texts ORDER BY number")
        assert texts == [("Раз.", "first"), ("Два.", "publisher"), ("Раз.", "recleaned")]
        assert rows(path, "SELECT body FROM articles") == [("Раз.",)]
        assert rows(path, "SELECT etag FROM addresses") == [('"10"',)]


def test_three_archives_are_one_history_and_merged_again_they_are_the_same(make, tmp_path):
    """What two of them saw alike was not the same all the time: the third saw something between."""
    parts = [
        make("first", look("/a/1", body="Раз.")),
        make("second", look("/a/1", at=NOON + 9 * HOUR, body="Раз.")),
        make(
            "third",
            look("/a/1", at=NOON + 5 * HOUR, body="Два."),
            look("/a/1", at=NOON + 20 * HOUR, body="Три."),
        ),
    ]
    for name, order in (("one", (0, 1, 2)), ("other", (2, 0, 1)), ("last", (1, 2, 0))):
        chosen = [parts[place] for place in order]
        merged(tmp_path / name, *chosen)
        texts = rows(tmp_path / name, "SELECT body, cause FROM revision_texts ORDER BY number")
        assert [body for body, _ in texts] == ["Раз.", "Два.", "Раз.", "Три."]
        before = dump(tmp_path / name)
        merged(tmp_path / name, *chosen)
        assert dump(tmp_path / name) == before
        assert not faults(tmp_path / name)


def test_what_was_missing_is_missing_unless_it_was_seen_since(make, tmp_path):
    def missing(desk):
        desk.archive.missing(desk.run, SOURCE, desk.visit("/a/1", status=404, fetched_at=NOON + 2 * HOUR))

    for name, at, left in (("before", HOUR, 1), ("after", 3 * HOUR, 0)):
        place = tmp_path / name
        place.mkdir()
        parts = [place / "one", place / "other"]
        with desk_at(parts[0]) as desk:
            look("/a/1")(desk)
            missing(desk)
        with desk_at(parts[1]) as desk:
            look("/a/1", at=NOON + at)(desk)
        for order in (parts, parts[::-1]):
            whole = place / f"whole-{order[0].name}"
            merged(whole, *order)
            assert len(rows(whole, "SELECT * FROM missing")) == left
            assert len(rows(whole, WAITING)) == left
            assert not faults(whole)


def test_an_article_that_is_gone_by_the_newest_look_is_gone(make, tmp_path):
    def gone(desk):
        desk.archive.settle(
            desk.run, SOURCE, desk.visit("/a/1", status=410, fetched_at=NOON + 2 * HOUR), Outcome.GONE
        )

    one = [look("/a/1"), gone]
    for path in both_ways(make, tmp_path, one, [look("/a/1", at=NOON + HOUR)]):
        assert rows(path, "SELECT gone_at, last_seen_at FROM articles") == [
            (utc(NOON + 2 * HOUR), utc(NOON + HOUR))
        ]


def test_what_is_reserved_and_withheld_is_as_the_newest_look_found_it(make, tmp_path):
    def reserved(desk):
        page_id = desk.archive.pages.keep(desk.page("/a/1", b"r", fetched_at=NOON + HOUR), kind="article")
        said = Reservation(True, ("meta",), None)
        visit = desk.visit("/a/1", page_id=page_id, fetched_at=NOON + HOUR, reservation=said)
        desk.archive.keep_article(desk.run, SOURCE, desk.article("/a/1"), visit)
        refused = desk.visit("/a/1", status=403, fetched_at=NOON + 3 * HOUR)
        desk.archive.put_back(desk.run, SOURCE, refused)

    for path in both_ways(make, tmp_path, [reserved], [look("/a/1")]):
        assert rows(path, "SELECT reserved FROM reservations") == [(1,)]
        assert rows(path, "SELECT since FROM withheld") == [(utc(NOON + 3 * HOUR),)]
    shown = make("shown", look("/a/1", at=NOON + 4 * HOUR))
    merged(tmp_path / "whole", shown)
    assert rows(tmp_path / "whole", "SELECT * FROM reservations") == []
    assert rows(tmp_path / "whole", "SELECT * FROM withheld") == []


@pytest.mark.parametrize("told", [0, 5])
def test_wordings_that_only_a_data_set_told_of_are_counted_while_their_texts_are_nowhere(
    make, tmp_path, told
):
    def imported(desk):
        look("/a/1")(desk)
        row = {
            "article_id": desk.value("SELECT id FROM articles"),
            "page_id": 1,
            "wordings": told,
            "edits": told,
        }
        desk.archive.news.table("imported").insert(row | {"imported_at": utc(NOON)})

    own = [look("/a/1", at=NOON + n * HOUR, body=f"Текст {n}.") for n in (1, 2, 3)]
    for path in both_ways(make, tmp_path, [imported], own):
        (revisions, wordings) = rows(path, "SELECT a.revisions, i.wordings FROM articles a, imported i")[0]
        assert revisions + wordings == max(4, told + 1)


def test_a_run_is_taken_in_once_and_what_it_went_on_to_do_later(make, tmp_path):
    part = make("part", look("/a/1"))
    merged(tmp_path / "whole", part)
    assert rows(tmp_path / "whole", "SELECT status, new FROM runs") == [("killed", 1)]  # nobody goes on here
    with Archive(ArchiveFolder(part)) as archive:
        look("/a/2")(Desk(archive, ArchiveFolder(part), 1))  # the same run goes on
        archive.runs.end(1, status="done", reason=None, ended_at=NOON + HOUR, seconds=9)
    merged(tmp_path / "whole", part)
    assert rows(tmp_path / "whole", "SELECT status, new, seconds FROM runs") == [("done", 2, 9.0)]
    assert len(rows(tmp_path / "whole", "SELECT * FROM fetches")) == 2
    assert not faults(tmp_path / "whole")


def test_runs_that_began_in_one_second_on_two_machines_are_two(make, tmp_path):
    for path in both_ways(make, tmp_path, [look("/a/1")], [look("/a/2"), look("/a/3")]):
        assert sorted(rows(path, "SELECT new FROM runs")) == [(1,), (2,)]
        assert len(rows(path, "SELECT * FROM fetches")) == 3


def test_the_last_run_is_the_latest_one_whatever_its_number(make, tmp_path):
    new = make("new", look("/a/1"))
    old = make("old", look("/a/2"))
    for path, at in ((new, NOON + HOUR), (old, NOON)):
        with Archive(ArchiveFolder(path)) as archive:
            archive.news.conn.execute("UPDATE runs SET started_at = ?", [utc(at)])
            archive.news.conn.commit()
    merged(tmp_path / "whole", new, old)
    (source,) = archive_status(ArchiveFolder(tmp_path / "whole")).sources
    assert source.last_run.started_at == utc(NOON + HOUR)


def test_problems_are_from_the_first_time_to_the_last(make, tmp_path):
    def met(detail, *times):
        def fill(desk):
            look("/a/1")(desk)
            for at in times:
                desk.archive.runs.refuse(
                    desk.run, SOURCE, "clean", [Refusal(f"{SITE}/x", "odd", detail)], now=at
                )

        return fill

    one = [met("раз", NOON, NOON + HOUR, NOON + 2 * HOUR)]
    for path in both_ways(make, tmp_path, one, [met("два", NOON + 3 * HOUR)]):
        told = "SELECT detail, times, first_seen_at, last_seen_at FROM problems"
        assert rows(path, told) == [("два", 3, utc(NOON), utc(NOON + 3 * HOUR))]


def test_a_robots_txt_has_one_history(make, tmp_path):
    def said(*spells):
        def fill(desk):
            for means, *hours in spells:
                for hour in hours:
                    robots = Robots(means, 200, means, means)
                    desk.archive.hosts.note_robots(SITE, robots, at=NOON + hour * HOUR)

        return fill

    for path in both_ways(
        make, tmp_path, [said(("all", 1, 9), ("part", 10))], [said(("nothing", 4, 6), ("part", 12))]
    ):
        history = rows(path, "SELECT means, fetched_at, checked_at FROM robots ORDER BY id")
        assert history == [
            (means, utc(NOON + first * HOUR), utc(NOON + last * HOUR))
            for means, first, last in (("all", 1, 1), ("nothing", 4, 6), ("all", 9, 9), ("part", 10, 12))
        ]


def test_waits_and_gaps_and_reservations_of_sites(make, tmp_path):
    def asked(until, requests, smallest, at, rules):
        def fill(desk):
            hosts, site = desk.archive.hosts, "steppe.example"
            hosts.note_wait(Wait(site, f"{SITE}/x", 503, None, NOON, NOON + until * HOUR))
            hosts.note_gaps([Gap(site, "2026-03-10", 1.0, requests, smallest)])
            desk.archive.news.table("site_reservations").insert(
                {"origin": SITE, "checked_at": utc(at), "status": 200, "rules": rules, "since": utc(at)}
            )

        return fill

    one, other = asked(1, 9, 1.5, NOON, "[]"), asked(2, 5, 1.1, NOON + HOUR, "[]")
    for path in both_ways(make, tmp_path, [one], [other]):
        assert len(rows(path, "SELECT * FROM waits")) == 2
        assert rows(path, "SELECT requests, smallest FROM gaps") == [(9, 1.1)]
        words = "SELECT checked_at, since FROM site_reservations"
        assert rows(path, words) == [(utc(NOON + HOUR), utc(NOON))]


def test_what_stood_on_a_listing_has_one_history(make, tmp_path):
    def seen(*looks):
        def fill(desk):
            for hour, *paths in looks:
                teasers = [Teaser(f"{SITE}/{path}", f"Заголовок {path}") for path in paths]
                listing = desk.visit("/", kind="listing", fetched_at=NOON + hour * HOUR)
                desk.archive.health.expect(SOURCE, Expected(), [f"{SITE}/"])
                desk.archive.read_document(desk.run, SOURCE, listing, Outcome.READ, teasers=teasers)

        return fill

    one = [seen((1, "a", "b"), (2, "a", "b"), (9, "b", "a"))]
    other = [seen((4, "c", "a"), (5, "c", "a"), (10, "b", "a"), (11, "b", "a"))]
    for path in both_ways(make, tmp_path, one, other):
        teasers = dict(rows(path, "SELECT id, url FROM front_teasers"))
        assert len(teasers) == 3
        history = [
            ("".join(teasers[one][-1] for one in json.loads(places)), since, seen_until, until)
            for places, since, seen_until, until in rows(
                path, "SELECT places, since, seen_until, until FROM front_looks ORDER BY id"
            )
        ]
        hours = [utc(NOON + hour * HOUR) for hour in range(12)]
        assert history == [
            ("ab", hours[1], hours[2], hours[4]),
            ("ca", hours[4], hours[5], hours[9]),
            ("ba", hours[9], None, None),
        ]
        assert rows(path, "SELECT read_at FROM documents") == [(hours[11],)]


def test_verdicts_plans_and_names_are_the_later_ones(make, tmp_path):
    def judged(at, state, name):
        def fill(desk):
            news = desk.archive.news
            row = {"source": SOURCE, "since": utc(at), "judged_at": utc(at), "reasons": "[]"}
            news.table("source_health").insert(row | {"state": state})
            plan = {"source": SOURCE, "due_at": utc(at), "interval_seconds": 60, "why": state, "failures": 0}
            news.table("schedule").insert(plan | {"planned_at": utc(at)})
            news.conn.execute("UPDATE sources SET name = ?, last_crawled_at = ?", [name, utc(at)])
            news.conn.execute("UPDATE sources SET first_crawled_at = last_crawled_at")
            news.conn.commit()

        return fill

    one, other = judged(NOON, "well", "Прежнее имя"), judged(NOON + HOUR, "silent", "Имя")
    for path in both_ways(make, tmp_path, [one], [other]):
        assert rows(path, "SELECT state FROM source_health") == [("silent",)]
        assert rows(path, "SELECT why FROM schedule") == [("silent",)]
        named = "SELECT name, first_crawled_at, last_crawled_at FROM sources"
        assert rows(path, named) == [("Имя", utc(NOON), utc(NOON + HOUR))]


def test_a_page_that_was_kept_and_not_read_there_is_read_by_the_next_crawl_here(make, tmp_path):
    part = make("part", look("/a/1"), lambda desk: desk.archive.pages.keep(desk.page("/a/2"), kind="article"))
    whole = make("whole", look("/a/3"))
    merged(whole, part)
    with Archive(ArchiveFolder(whole)) as archive:
        (unread,) = archive.unread_pages(SOURCE)
        assert archive.pages.page(unread).url == f"{SITE}/a/2"


def test_counters_that_differ_between_two_machines_are_no_edit(make, tmp_path):
    one, other = (look("/a/1", at=NOON + n * HOUR, body=f"Мост открыли.\n\nПросмотров: {n}") for n in (1, 2))
    for path in both_ways(make, tmp_path, [one], [other]):
        assert rows(path, "SELECT count(*) FROM revisions") == [(1,)]
        assert rows(path, "SELECT body, last_seen_at FROM articles") == [
            ("Мост открыли.\n\nПросмотров: 1", utc(NOON + 2 * HOUR))
        ]


def test_leases_alarms_and_what_walls_are_known_by_stay_behind(make, tmp_path):
    def held(desk):
        look("/a/1")(desk)
        desk.archive.schedule.take(SOURCE, pid=1, now=NOON)
        desk.archive.health.told("mail", [(SOURCE, "silent")], at=NOON)

    part = make("part", held)
    merged(tmp_path / "whole", part)
    for table in ("leases", "alarms_told", "texts_read", "doubted", "recleanings"):
        assert rows(tmp_path / "whole", f"SELECT * FROM {table}") == []
