"""`muragat merge`: everything of every archive is in the whole, nothing twice, and an audit is content."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

from click.testing import CliRunner
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.health.history import Expected
from archive.merging.tables import NEWS, PAGES, TAKEN
from archive.raw.migrations import migrations as page_migrations
from archive.records import Link, Outcome, Reservation, Teaser
from archive.store.archive import Archive
from archive.store.columns import utc
from archive.store.describing import migrated
from archive.store.folder import ArchiveFolder
from archive.store.hosts import Gap, Robots, Wait
from archive.store.migrations import migrations as news_migrations
from crawler.cli import cli
from tests.merging.conftest import desk_at, dump, faults, merged, rows
from tests.store.conftest import NOON, SITE, SOURCE

HOUR = timedelta(hours=1)


def articles(*numbers, at=NOON, **fields):
    """Keep articles of these numbers."""

    def fill(desk):
        for number in numbers:
            desk.keep(f"/a/{number}", at=at, published_at=NOON + timedelta(minutes=number), **fields)

    return fill


def told(path):
    """Every article without its numbers, with wordings, links and pictures."""
    found = {}
    for row in dump(path)["articles"]:
        number = row["id"]
        own = {name: value for name, value in row.items() if name not in ("id", "page_id")}
        wordings = rows(
            path,
            "SELECT r.number, r.cause, r.seen_at, r.content_hash, t.title, t.body FROM revisions r "
            "JOIN revision_texts t ON t.id = r.id WHERE r.article_id = ? ORDER BY r.number",
            number,
        )
        links = rows(path, "SELECT position, url FROM links WHERE article_id = ? ORDER BY 1", number)
        images = rows(path, "SELECT position, url FROM images WHERE article_id = ? ORDER BY 1", number)
        found[row["url_key"]] = (own, wordings, links, images)
    return found


def bodies(path):
    """The bytes of every page by what was asked when."""
    with Archive(ArchiveFolder(path)) as archive:
        return sorted(
            (page.requested_url, utc(page.fetched_at), page.body) for page in archive.pages.pages("1", [])
        )


def everything(desk):
    """Something in every table that a crawl fills."""
    archive = desk.archive
    archive.frontier.offer(SOURCE, [desk.found("/a/1", title="Раз"), desk.found("/later")], now=NOON)
    archive.hosts.note_robots(SITE, Robots("part", 200, body_hash="h", page_id=robots_page(desk)), at=NOON)
    archive.hosts.note_wait(Wait("steppe.example", f"{SITE}/x", 429, "60", NOON, NOON + HOUR))
    archive.hosts.note_gaps([Gap("steppe.example", "2026-03-10", 1.0, 5, 1.2)])
    archive.reservations.note_site(SITE, 200, [], at=NOON)
    archive.health.expect(SOURCE, Expected(articles_per_day_min=2.0), [f"{SITE}/"])
    teasers = [Teaser(f"{SITE}/a/1", "Раз на главной"), Teaser(f"{SITE}/a/2", "Два")]
    listing = desk.visit("/", kind="listing")
    archive.read_document(
        desk.run, SOURCE, listing, Outcome.READ, found=[desk.found("/a/2")], teasers=teasers
    )
    desk.keep("/a/1")
    desk.keep("/a/1", at=NOON + HOUR, body="Иначе.", lead=None)
    page_id = archive.pages.keep(desk.page("/a/2", b"<p>2</p>"), kind="article")
    said = Reservation(True, ("meta tdm-reservation",), f"{SITE}/terms")
    visit = desk.visit("/a/2", page_id=page_id, etag='"2"', reservation=said)
    archive.keep_article(desk.run, SOURCE, desk.article("/a/2"), visit)
    archive.put_back(desk.run, SOURCE, desk.visit("/a/2", status=403, fetched_at=NOON + HOUR))
    none = archive.pages.keep(desk.page("/none", b"<p>none</p>" * 300), kind="article")
    archive.settle(
        desk.run,
        SOURCE,
        desk.visit("/none", page_id=none, reason="not_article", detail="no text"),
        Outcome.REJECTED,
        judged_by="1",
    )
    archive.missing(desk.run, SOURCE, desk.visit("/a/1", status=404, fetched_at=NOON + 2 * HOUR))
    archive.runs.overlook(desk.run, SOURCE, "steppe.example", ["expired"], reason="old", now=NOON)
    archive.runs.end(desk.run, status="done", reason=None, ended_at=NOON + HOUR, seconds=3.5)
    archive.health.measure(desk.run)
    for table, row in {
        "imported": {"article_id": number(desk, "/a/2"), "page_id": page_id, "wordings": 2, "edits": 1},
        "schedule": {
            "source": SOURCE,
            "due_at": utc(NOON),
            "interval_seconds": 60,
            "why": "w",
            "failures": 0,
        },
        "source_health": {"source": SOURCE, "state": "well", "since": utc(NOON), "judged_at": utc(NOON)},
        "lastmod_claims": {
            "source": SOURCE,
            "document": f"{SITE}/s",
            "unchanged": 3,
            "checked_at": utc(NOON),
        },
        "attempts": {
            "id": "x",
            "job": "j",
            "source": SOURCE,
            "run_id": desk.run,
            "begun_at": utc(NOON),
            "taken": 2,
        },
        "attempt_pages": {"attempt": "x", "number": 1, "page_id": page_id},
    }.items():
        more = {"imported": {"imported_at": utc(NOON)}, "schedule": {"planned_at": utc(NOON)}}
        archive.news.table(table).insert(
            row | more.get(table, {}) | ({"reasons": "[]"} if "state" in row else {})
        )


def unnumbered(held, table):
    """Rows without their own numbers, where nobody names those."""
    own = "id" if table in ("revisions", "fetches", "frontier") else None
    return sorted(({name: value for name, value in row.items() if name != own} for row in held), key=repr)


def robots_page(desk):
    return desk.archive.pages.keep(desk.page("/robots.txt", b"User-agent: *"), kind="robots")


def number(desk, path):
    return desk.value("SELECT id FROM articles WHERE url = ?", SITE + path)


def test_every_table_has_a_decision():
    for migrations, decided in ((news_migrations, NEWS), (page_migrations, PAGES)):
        found = migrated(migrations).table_names()
        tables = {name for name in found if not name.startswith(("sqlite_", "_sqlite", "articles_fts_"))}
        assert set(decided) == tables


def test_all_that_is_taken_in_is_in_the_whole_as_it_was(make, tmp_path):
    part = make("part", everything)
    said = merged(tmp_path / "whole", part)
    assert "1 archive: 2 articles taken in, 0 were there (0 with more wordings), 5 pages" in said.output
    before, after = dump(part), dump(tmp_path / "whole")
    empty = [name for name, one in (NEWS | PAGES).items() if one.what == TAKEN and not before[name]]
    assert empty == ["takedowns", "takedown_addresses"]  # of which others speak
    for name, one in (NEWS | PAGES).items():
        if one.what == TAKEN:
            assert unnumbered(after[name], name) == unnumbered(before[name], name), name
    assert told(tmp_path / "whole") == told(part)
    assert after["daily_counts"] == before["daily_counts"]
    assert not faults(tmp_path / "whole")


def test_archives_of_different_articles_are_side_by_side_and_found(make, tmp_path):
    first = make("first", articles(1, 2, body="Мост через реку открыли."))
    second = make("second", articles(3, body="Дорогу в горы закрыли."))
    said = merged(tmp_path / "whole", first, second)
    assert said.stdout == "2 archives: 3 articles taken in, 0 were there (0 with more wordings), 3 pages\n"
    assert said.stderr == ""
    assert told(tmp_path / "whole") == told(first) | told(second)
    assert bodies(tmp_path / "whole") == sorted(bodies(first) + bodies(second))
    assert not faults(tmp_path / "whole")
    for words, count in (("мосты реки", 2), ("дороги гор", 1)):
        found = CliRunner().invoke(cli, ["search", words, "--json", "--archive", str(tmp_path / "whole")])
        assert len(found.stdout.splitlines()) == count


def test_a_folder_of_archives_is_taken_in_part_by_part(make, tmp_path):
    for month in ("01", "02", "03"):
        make(f"parts/2026-{month}", articles(int(month)))
    (tmp_path / "parts" / "notes").mkdir()
    said = merged(tmp_path / "whole", tmp_path / "parts")
    assert said.stdout.startswith("3 archives: 3 articles taken in")
    assert set(told(tmp_path / "whole")) == {f"steppe.example/a/{n}" for n in (1, 2, 3)}


def test_one_article_of_two_archives_has_the_wordings_of_both(make, tmp_path):
    def mornings(desk):
        desk.keep("/a/1", body="Утром.")
        desk.keep("/a/1", at=NOON + 4 * HOUR, body="Вечером.", links=(Link(f"{SITE}/e", "вечер", "inline"),))

    def noons(desk):
        desk.keep("/a/1", at=NOON + HOUR, body="Утром.")
        desk.keep("/a/1", at=NOON + 2 * HOUR, body="Днём.", links=())

    first, second = make("first", mornings), make("second", noons)
    said = merged(tmp_path / "whole", first, second)
    assert said.stdout == "2 archives: 1 article taken in, 1 was there (1 with more wordings), 4 pages\n"
    ((own, wordings, links, _),) = told(tmp_path / "whole").values()
    assert [(row[1], row[-1]) for row in wordings] == [
        ("first", "Утром."),
        ("publisher", "Днём."),
        ("publisher", "Вечером."),
    ]
    assert own["body"] == "Вечером."
    assert links == [(0, f"{SITE}/e")]
    assert (own["first_seen_at"], own["last_seen_at"], own["revisions"]) == (
        utc(NOON),
        utc(NOON + 4 * HOUR),
        3,
    )
    assert not faults(tmp_path / "whole")
    # That the second archive found it new is in the books as what it is here: nothing new.
    outcomes = rows(tmp_path / "whole", "SELECT outcome, reason FROM fetches ORDER BY fetched_at")
    assert outcomes == [("new", None), ("unchanged", "merged"), ("revised", None), ("revised", None)]


def test_both_orders_give_the_same_articles_and_pages(make, tmp_path):
    first = make("first", articles(1, 2, 3), articles(2, at=NOON + HOUR, body="Два."), everything)
    second = make(
        "second",
        articles(2, 3, 4, at=NOON + HOUR / 2),
        articles(3, at=NOON + 2 * HOUR, body="Три.", links=()),
    )
    merged(tmp_path / "one", first, second)
    merged(tmp_path / "other", second, first)
    assert told(tmp_path / "one") == told(tmp_path / "other")
    assert bodies(tmp_path / "one") == bodies(tmp_path / "other")
    assert not faults(tmp_path / "one") + faults(tmp_path / "other")


def test_what_is_taken_in_again_adds_nothing(make, tmp_path):
    first = make("first", everything, articles(3))
    second = make("second", articles(2, 3, 4, at=NOON + HOUR), articles(3, at=NOON + 3 * HOUR, body="Три."))
    merged(tmp_path / "whole", first, second)
    before = dump(tmp_path / "whole")
    said = merged(tmp_path / "whole", second, first, first)
    assert said.stdout == "2 archives: 0 articles taken in, 6 were there (0 with more wordings), 0 pages\n"
    assert dump(tmp_path / "whole") == before
    copy = shutil.copytree(tmp_path / "whole", tmp_path / "copy")
    merged(tmp_path / "whole", copy)
    assert dump(tmp_path / "whole") == before


def test_no_archive_that_is_taken_from_is_changed(make, tmp_path):
    parts = [make("first", everything), make("second", articles(1, 5))]
    files = [path / name for path in parts for name in ("news.db", "pages.db")]
    before = [file.read_bytes() for file in files]
    for part in parts:
        part.chmod(0o500)
    try:
        merged(tmp_path / "whole", *parts)
    finally:
        for part in parts:
            part.chmod(0o700)
    assert [file.read_bytes() for file in files] == before


def test_numbers_that_are_here_stay_and_those_that_come_are_kept_where_they_are_free(make, tmp_path):
    minute = {"published_at": NOON}
    here = make("here", lambda desk: [desk.keep(f"/here/{n}", **minute) for n in range(2)])
    there = make("there", lambda desk: [desk.keep(f"/there/{n}", **minute) for n in range(4)])
    before = dict(rows(here, "SELECT url, id FROM articles"))
    theirs = dict(rows(there, "SELECT url, id FROM articles"))
    said = merged(here, there)
    assert said.stdout.strip().endswith("; 2 got new numbers")
    after = dict(rows(here, "SELECT url, id FROM articles"))
    assert {url: after[url] for url in before} == before
    kept = {url: number for url, number in theirs.items() if number not in before.values()}
    assert {url: after[url] for url in kept} == kept
    first = min(before.values())
    new = sorted(after[url] for url in theirs if url not in kept)
    assert new == [first + 4, first + 5]  # of the same minute, and taken in neither archive
    assert len(set(after.values())) == 6
    assert not faults(here)


def test_a_number_that_was_taken_down_is_given_to_none(make, tmp_path):
    here = make("here", articles(1))
    number = rows(here, "SELECT id FROM articles")[0][0]
    down = CliRunner().invoke(cli, ["takedown", str(number), "--yes", "--archive", str(here)])
    assert down.exit_code == 0
    there = make("there", lambda desk: desk.keep("/other", published_at=NOON + timedelta(minutes=1)))
    assert rows(there, "SELECT id FROM articles") == [(number,)]
    merged(here, there)
    assert rows(here, "SELECT id FROM articles") == [(number + 1,)]


def test_pages_without_an_article_come_too(make, tmp_path):
    part = make("part", everything)
    merged(tmp_path / "whole", part)
    kinds = "SELECT kind, requested_url FROM pages ORDER BY 1, 2"
    assert rows(tmp_path / "whole", kinds, file="pages.db") == rows(part, kinds, file="pages.db")
    judged = "SELECT count(*) FROM no_articles"
    assert rows(tmp_path / "whole", judged) == [(1,)]


def test_bodies_and_dictionaries_lie_as_they_lay_and_equal_ones_once(make, tmp_path):
    html = [("<html>" + f"<p>Шаблон страницы {n % 3} и её текст.</p>" * 300).encode() for n in range(6)]

    def fill(desk):
        for n, page in enumerate(html):
            desk.keep(f"/a/{n}", html=page)

    first, second = make("first", fill), make("second", fill)
    merged(tmp_path / "whole", first, second)
    packed = "SELECT sha256, zstd FROM bodies ORDER BY 1"
    assert rows(tmp_path / "whole", packed, file="pages.db") == rows(first, packed, file="pages.db")
    assert len(rows(first, "SELECT id FROM dictionaries", file="pages.db")) >= 1
    count = "SELECT count(*) FROM dictionaries"
    assert rows(tmp_path / "whole", count, file="pages.db") == rows(first, count, file="pages.db")
    with desk_at(tmp_path / "whole") as desk:  # and what comes next is packed by them
        assert desk.keep("/a/9", html=html[0] + b"<p>9</p>") is Outcome.NEW
    assert not faults(tmp_path / "whole")


def test_a_damaged_page_is_taken_as_it_is_and_told(make, tmp_path):
    part = make("part", articles(1, 2))
    with closing(sqlite3.connect(part / "pages.db")) as connection:
        connection.execute(
            "UPDATE bodies SET zstd = x'00' WHERE sha256 = (SELECT body_sha256 FROM pages LIMIT 1)"
        )
        connection.commit()
    said = merged(tmp_path / "whole", part, code=6)
    assert "Damaged" in said.stderr
    assert "1 page (1)" in said.stderr
    assert [one for one in faults(tmp_path / "whole") if "unpack" in one]
    sound = make("sound", articles(1, 2))  # the same bytes, whole: they make it good
    with closing(sqlite3.connect(tmp_path / "whole" / "pages.db")) as connection:
        connection.execute("UPDATE pages SET fetched_at = '2026-03-09T00:00:00Z'")
        connection.commit()
    merged(tmp_path / "whole", sound)
    assert not [one for one in faults(tmp_path / "whole") if "unpack" in one]


def test_a_page_that_is_lost_there_is_lost_here_and_an_audit_says_so(make, tmp_path):
    part = make("part", articles(1, 2))
    with closing(sqlite3.connect(part / "pages.db")) as connection:
        connection.execute("DELETE FROM pages WHERE id = 1")
        connection.commit()
    there = faults(part)
    merged(tmp_path / "whole", part)
    assert len(faults(tmp_path / "whole")) == len(there) > 0
    assert "every page that was read is kept" in faults(tmp_path / "whole")[0]


def test_copies_of_two_archives_are_found(make, tmp_path):
    story = " ".join(f"слово{n} дорога{n} мост{n}" for n in range(60))
    first = make("first", articles(1, body=story))
    second = make("second", articles(2, body=f"{story} перепечатано"))
    merged(tmp_path / "whole", first, second)
    assert len(rows(tmp_path / "whole", "SELECT * FROM copies")) == 2
    assert rows(tmp_path / "whole", "SELECT count(*) FROM uncompared") == [(0,)]


def test_another_crawl_that_holds_the_archive_is_told_with_exit_code_5(make, tmp_path):
    part, into = make("part", articles(1)), make("into", articles(2))
    with FileLock(into / "crawl.lock"):
        done = CliRunner().invoke(cli, ["merge", str(part), "--archive", str(into)])
    assert type(done.exception).__name__ == "ArchiveBusy"
    assert "another crawl holds this archive" in str(done.exception)
    assert len(told(into)) == 1


def refusal(*arguments):
    done = CliRunner().invoke(cli, ["merge", *map(str, arguments)])
    assert done.exit_code != 0
    return f"{done.stderr} {done.exception}"


def test_what_cannot_be_merged_is_told_before_anything_is_written(make, tmp_path):
    part = make("part", articles(1))
    whole = tmp_path / "whole"
    (tmp_path / "empty").mkdir()
    assert "it is the archive that is merged into" in refusal(part, "--archive", part)
    link = tmp_path / "link"
    link.symlink_to(part)
    assert "it is the archive that is merged into" in refusal(link, "--archive", part)
    assert "it is the archive that is merged into" in refusal(tmp_path, "--archive", part)
    assert "no such folder" in refusal(tmp_path / "nowhere", "--archive", whole)
    assert "a file, but an archive is a folder" in refusal(part / "news.db", "--archive", whole)
    assert "no archive, nor are there any in it" in refusal(tmp_path / "empty", "--archive", whole)
    assert "Missing argument" in refusal("--archive", whole)
    assert not whole.exists()


def test_an_archive_of_another_version_or_kind_is_told(make, tmp_path):
    newer, older, half, other = (make(name, articles(1)) for name in ("newer", "older", "half", "other"))
    for path, statement in (
        (newer, "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('muragat-news', 'm999_later')"),
        (older, "DELETE FROM _sqlite_migrations WHERE name = 'm070_collected'"),
        (other, "PRAGMA application_id = 7"),
    ):
        with closing(sqlite3.connect(path / "news.db")) as connection:
            connection.execute(statement)
            connection.commit()
    (half / "pages.db").unlink()
    whole = tmp_path / "whole"
    assert "made by a newer version (m999_later)" in refusal(newer, "--archive", whole)
    assert f"muragat reindex --archive {older}" in refusal(older, "--archive", whole)
    assert "pages.db: not there" in refusal(half, "--archive", whole)
    assert "no Muragat archive" in refusal(other, "--archive", whole)
    assert not whole.exists()


def test_what_reindex_brought_up_to_date_can_be_taken_in(make, tmp_path):
    older = make("older", articles(1))
    with closing(sqlite3.connect(older / "news.db")) as connection:
        for table in ("attempt_pages", "attempts"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm070_collected'")
        connection.commit()
    assert "bring it up to date first" in refusal(older, "--archive", tmp_path / "whole")
    assert CliRunner().invoke(cli, ["reindex", "--archive", str(older)]).exit_code == 0
    merged(tmp_path / "whole", older)


def test_sources_with_one_name_and_two_sites_are_told(make, tmp_path):
    first, second = make("first", articles(1)), make("second", articles(2), home="https://other.example/")
    said = merged(tmp_path / "whole", first, second)
    assert (
        "one source, two sites: steppe_news: https://steppe.example/ here, https://other.example/"
        in said.stderr
    )


def test_profiles_stay_and_are_told(make, tmp_path):
    part = make("part", articles(1))
    (part / "sources" / "steppe_news.toml").write_text("x = 1", encoding="utf-8")
    said = merged(tmp_path / "whole", part)
    assert "(steppe_news.toml)" in said.stderr
    assert not list((tmp_path / "whole" / "sources").iterdir())


WORDINGS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 3), st.sampled_from(["Раз.", "Два.", "Три."])),
    min_size=1,
    max_size=8,
)


def crawled(looks):
    """An archive that looked at articles, by number, at hours, and saw what stood there."""

    def fill(desk):
        for article, hour, body in sorted(looks, key=lambda look: look[1]):
            desk.keep(f"/a/{article}", at=NOON + hour * HOUR, body=body, html=f"{article}{body}".encode())

    return fill


def hashes_by_article(path):
    query = "SELECT a.url_key, r.content_hash FROM revisions r JOIN articles a ON a.id = r.article_id"
    return set(rows(path, query))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(WORDINGS, WORDINGS)
def test_small_archives_of_any_kind_are_merged_whole_in_both_orders(tmp_path_factory, one, other):
    place = tmp_path_factory.mktemp("merge")
    parts = []
    for name, looks in (("one", one), ("other", other)):
        with desk_at(place / name) as desk:
            crawled(looks)(desk)
        parts.append(place / name)
    merged(place / "whole", *parts)
    merged(place / "reverse", *reversed(parts))
    for whole in (place / "whole", place / "reverse"):
        assert hashes_by_article(whole) == hashes_by_article(parts[0]) | hashes_by_article(parts[1])
        assert not faults(whole)
    assert told(place / "whole") == told(place / "reverse")
    before = dump(place / "whole")
    merged(place / "whole", *parts)
    assert dump(place / "whole") == before
