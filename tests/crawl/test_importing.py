"""`muragat import`: other people's WARC files become articles as if they had been crawled, nothing twice."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from filelock import FileLock
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.raw.pages import PageStore
from archive.raw.warc_writing import PageWriter
from archive.records import Found, SourceDescription
from archive.store.archive import Archive as Store
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from tests.crawl.conftest import wait_for

SAID = "SELECT url, title, body, published_at, language, revisions FROM articles ORDER BY url"
SENTENCE = "Река вышла из берегов в четверг вечером, и жителей нижней улицы вывезли в школу. "
HTML = ("Content-Type", "text/html; charset=utf-8")


def page(name, words=SENTENCE):
    """A page any reader would take for an article."""
    paragraphs = "".join(f"<p>{name}: {words * 3}</p>" for _ in range(4))
    return (
        f"<!doctype html><html lang='ru'><head><title>Вода пришла на улицу {name}</title>"
        "<meta property='og:type' content='article'>"
        "<meta property='article:published_time' content='2026-03-05T19:00:00+05:00'></head>"
        f"<body><article><h1>Вода пришла на улицу {name}</h1>{paragraphs}</article></body></html>"
    ).encode()


FORM = "<html><head><title>Вход</title></head><body><form><input name=a></form></body></html>".encode()


class Warc:
    """A WARC file as other programs write it."""

    def __init__(self, path):
        self.path = path
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=True)
        self.writer.write_record(self.writer.create_warcinfo_record(path.name, {"software": "other"}))
        self.offsets = []

    def add(self, url, body, *headers, date="2026-03-10T07:00:00Z", status="200 OK"):
        self.offsets.append(self.out.tell())
        lines = [HTML, *headers] if not any(name == HTML[0] for name, _ in headers) else list(headers)
        record = self.writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(status, lines, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": date},
        )
        self.writer.write_record(record)
        return self

    def written(self):
        self.path.write_bytes(self.out.getvalue())
        return self.path


@pytest.fixture
def warc(tmp_path):
    return Warc(tmp_path / "others.warc.gz")


@pytest.fixture
def bring(muragat, archive):
    """Import files into the archive."""
    return lambda *arguments: muragat("import", *arguments, "--archive", archive.path)


def sources_of(archive):
    return dict(archive.rows("SELECT url, source FROM articles"))


def test_fault_49_an_exported_archive_comes_back_as_it_was(site, crawl_site, archive, muragat, tmp_path):
    for number in range(4):
        site.article(f"/a/{number}")
    assert crawl_site().code == 0
    file, again = tmp_path / "all.warc.gz", type(archive)(tmp_path / "again")
    assert muragat("export", "--to", file, "--archive", archive.path).code == 0
    asked = len(site.asked)
    done = muragat("import", file, "--archive", again.path)
    assert done.code == 0, done.err
    assert "site: 4 new" in done.out
    assert "WARC carries pages alone: dates that only a feed stated" in done.out
    assert again.rows(SAID) == archive.rows(SAID)
    assert sources_of(again) == sources_of(archive)
    assert len(site.asked) == asked
    assert kept_pages(again) == kept_pages(archive)
    audit = muragat("audit", "--full", "--archive", again.path)
    assert audit.code == 0, audit.out


def kept_pages(archive):
    folder = ArchiveFolder(archive.path)
    db = open_to_read(folder.pages)
    pages = {one.url: one for one in PageStore(db, folder.pages).pages("p.kind = 'article'", [])}
    db.close()
    return pages


TABLES = ("articles", "revisions", "fetches", "links", "problems", "addresses")


def test_the_same_file_twice_adds_nothing(warc, bring, archive):
    for number in range(5):
        warc.add(f"https://steppe.example/a/{number}", page(number))
    warc.add("https://steppe.example/login", FORM)
    file = warc.written()
    first = bring(file)
    assert first.code == 0, first.err
    assert f"{file}: 7 records: 6 pages, 1 passed over (1 warcinfo)" in first.out
    before = {table: archive.rows(f"SELECT * FROM {table}") for table in TABLES}
    second = bring(file)
    assert second.code == 0
    assert "0 pages, 6 known already" in second.out
    assert before == {table: archive.rows(f"SELECT * FROM {table}") for table in TABLES}


def test_a_page_belongs_to_the_source_of_its_site_or_to_one_made_from_its_host(warc, bring, archive):
    own = archive.path / "sources"
    own.mkdir(parents=True)
    (own / "steppe.toml").write_text(
        'id = "steppe"\nname = "Степь"\nhome = "https://steppe.example/"\nlanguages = ["ru"]\n'
        'timezone = "Asia/Almaty"\nfeeds = ["https://steppe.example/feed"]\n',
        encoding="utf-8",
    )
    places = {
        "https://www.steppe.example/a/1": "steppe",
        "https://sport.steppe.example/a/2": "steppe",
        "https://liter.kz/a/3": "liter_kz",
        "https://khabar.kz/ru/news/4": "khabar_kz",
        "https://khabar.kz/kk/news/5": "khabar_kz_kk",
        "https://nobody.example/a/6": "nobody_example",
        "http://nobody.example:8080/a/7": "nobody_example_8080",
    }
    for url in places:
        warc.add(url, page(url))
    done = bring(warc.written())
    assert done.code == 0, done.err
    assert sources_of(archive) == places
    assert archive.rows("SELECT name, home, timezone FROM sources WHERE id = 'nobody_example'") == [
        ("nobody.example", "https://nobody.example/", "UTC")
    ]
    assert archive.rows("SELECT name FROM sources WHERE id = 'steppe'") == [("Степь",)]


def test_a_source_can_be_forced(warc, bring, archive):
    file = warc.add("https://web.example/2020/steppe", page("a")).written()
    assert bring(file, "--source", "liter_kz").code == 0
    assert sources_of(archive) == {"https://web.example/2020/steppe": "liter_kz"}
    unknown = bring(file, "--source", "nowhere_kz")
    assert unknown.code == 2
    assert "nowhere_kz" in unknown.err


def test_the_page_says_when_it_was_fetched_not_we(warc, bring, archive):
    bring(warc.add("https://steppe.example/a", page("a"), date="2019-05-06T07:08:09.5Z").written())
    assert archive.rows("SELECT first_seen_at FROM articles") == [("2019-05-06T07:08:09Z",)]
    assert archive.rows("SELECT fetched_at FROM fetches") == [("2019-05-06T07:08:09Z",)]
    assert archive.rows("SELECT next_visit_at FROM addresses") == [(None,)]


def test_fault_53_what_is_no_article_is_a_row_and_what_is_no_page_is_counted(warc, bring, archive):
    warc.add("https://steppe.example/a", page("a"))
    warc.add("https://steppe.example/login", FORM)
    warc.add("https://steppe.example/gone", b"gone", status="404 Not Found")
    warc.add("https://steppe.example/a.png", b"\x89PNG", ("Content-Type", "image/png"))
    warc.add("https://user:secret@steppe.example/b", page("b"))
    warc.add("https://steppe.example/c", page("c"), date="2199-01-01T00:00:00Z")
    file = warc.written()
    done = bring(file)
    assert done.code == 0, done.err
    assert archive.reasons() == {"/login": "not_article"}
    assert archive.rows("SELECT status, new, rejected, requests FROM runs") == [("done", 1, 1, 2)]
    assert "7 records: 2 pages" in done.out
    for told in ("1 HTTP 404", "1 not HTML", "1 bad address", "1 of the future", "1 warcinfo"):
        assert told in done.out


def test_fault_53_broken_records_are_told_by_number_and_place_and_the_others_are_read(warc, bring, archive):
    for number in range(4):
        warc.add(f"https://steppe.example/a/{number}", page(number))
    content = bytearray(warc.out.getvalue())
    middle = (warc.offsets[1] + warc.offsets[2]) // 2
    content[middle : middle + 20] = bytes(20)
    warc.path.write_bytes(content[:-40])
    done = bring(warc.path)
    assert done.code == 4
    assert f"record 3 at byte {warc.offsets[1]}: damaged" in done.err
    assert f"record 5 at byte {warc.offsets[3]}: truncated" in done.err
    assert "5 records: 2 pages, 1 passed over (1 warcinfo), 2 broken" in done.out
    assert len(sources_of(archive)) == 2


def test_many_broken_records_do_not_flood_the_screen(warc, bring):
    warc.add("https://steppe.example/a", page("a"))
    broken = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://steppe.example/x\r\n"
    packed = gzip.compress(f"{broken}Content-Length: 3\r\n\r\nabc\r\n\r\n".encode())
    warc.path.write_bytes(warc.out.getvalue() + packed * 50)
    done = bring(warc.path)
    assert "50 broken" in done.out
    assert done.err.count("no_http") == 20


def test_an_older_page_replaces_nothing_and_a_newer_one_makes_a_wording(warc, bring, archive):
    url = "https://steppe.example/a"
    newer = page("a", SENTENCE + "Позже мост открыли для всех, кто живёт за рекой. ")
    warc.add(url, page("a"), date="2026-03-10T07:00:00Z")
    warc.add(url, newer, date="2026-03-11T07:00:00Z")
    warc.add(url, page("a", SENTENCE + "Это было раньше всего остального. "), date="2026-03-09T07:00:00Z")
    done = bring(warc.written())
    assert "1 new, 1 revised, 1 unchanged" in done.out
    ((body, revisions, seen),) = archive.rows("SELECT body, revisions, last_seen_at FROM articles")
    assert "мост открыли" in body
    assert (revisions, seen) == (2, "2026-03-11T07:00:00Z")
    assert archive.rows("SELECT reason FROM fetches ORDER BY id") == [(None,), (None,), ("older",)]


def test_an_address_on_the_list_is_still_asked_after_older_pages_of_it(warc, bring, archive):
    old, new = "2020-03-10T07:00:00Z", datetime.now(UTC) - timedelta(days=2)
    for path, html in (("a", page("a")), ("login", FORM)):
        warc.add(f"https://steppe.example/{path}", html, date=old)
    warc.add("https://steppe.example/b", page("b"), date=new.isoformat())
    with Store(ArchiveFolder(archive.path)) as store:
        store.sources.save("steppe_example", name="s", home="https://steppe.example/", languages=[],
                           timezone="UTC", region=None)  # fmt: skip
        found = [Found(f"https://steppe.example/{path}", "feed") for path in ("a", "login", "b")]
        store.frontier.offer("steppe_example", found, now=new - timedelta(days=1))
    assert bring(warc.written()).code == 0
    waiting = {url.rpartition("/")[2] for (url,) in archive.rows("SELECT url FROM frontier")}
    assert waiting == {"a", "login"}  # b was fetched after it was found


def test_a_limit_ends_early(warc, bring, archive):
    for number in range(9):
        warc.add(f"https://steppe.example/a/{number}", page(number))
    file = warc.written()
    done = bring(file, "--limit", 3)
    assert done.code == 0
    assert len(sources_of(archive)) == 3
    assert ", the rest is not read: --limit was reached\n" in done.out
    assert "the rest" not in bring(file, "--limit", 6).out  # those were the last
    assert len(sources_of(archive)) == 9


def test_a_limit_is_for_data_sets_and_warc_files_together(warc, bring, archive, tmp_path):
    for number in range(4):
        warc.add(f"https://steppe.example/a/{number}", page(number))
    told = tmp_path / "told.jsonl"
    lines = [
        json.dumps({"url": f"https://aul.example/{n}", "title": "Вода", "body": "Ушла."}) for n in range(2)
    ]
    told.write_text("\n".join(lines))
    file = warc.written()
    done = bring(file, told, "--limit", 2)
    assert f"{file}: not read: --limit was reached" in done.out
    assert len(sources_of(archive)) == 2
    assert bring(told, file, "--limit", 1).code == 0
    assert len(sources_of(archive)) == 3


def test_what_no_warc_carries_is_told_where_it_may_be_missed(warc, bring, archive):
    file = warc.add("https://steppe.example/a", page("a")).written()
    assert "WARC carries pages alone" not in bring(file).out
    undated = page("b").replace(b"article:published_time", b"x")
    file = warc.add("https://steppe.example/b", undated).written()
    said = "dates that only a feed stated (1 article taken in states none) and what had vanished stay behind"
    assert said in bring(file).out
    assert "WARC carries pages alone" not in bring(file).out


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "it is empty"), (b"hello", "begins with"), (gzip.compress(b"x", mtime=0), "packed")],
)
def test_fault_53_a_file_that_is_no_warc_is_told_before_anything_is_kept(
    tmp_path, warc, bring, archive, content, words
):
    other = tmp_path / "other.gz"
    other.write_bytes(content)
    done = bring(warc.add("https://steppe.example/a", page("a")).written(), other)
    assert done.code == 2
    assert "no WARC file" in done.err
    assert words in done.err
    assert "b'" not in done.err
    assert not (archive.path / "news.db").exists()


def test_csv_is_told_to_be_none_of_what_is_taken_in(tmp_path, bring):
    table = tmp_path / "x.csv"
    table.write_bytes(b"\xff\xfe;;\n")
    done = bring(table)
    assert done.code == 2
    assert "x.csv: CSV is not taken in; name .warc, .warc.gz, .warc.zst, .jsonl or .parquet files" in done.err


def test_an_archive_that_a_crawl_holds_is_left_alone(warc, bring, archive):
    archive.path.mkdir()
    with FileLock(archive.path / "crawl.lock"):
        done = bring(warc.add("https://steppe.example/a", page("a")).written())
    assert done.code == 5
    assert "another crawl holds this archive" in done.err


@pytest.fixture
def long_file(warc):
    for number in range(80):
        warc.add(f"https://steppe.example/a/{number}", page(number))
    return warc.written()


def articles(archive):
    try:
        return archive.rows("SELECT count(*) FROM articles")[0][0]
    except (sqlite3.OperationalError, IndexError):
        return 0


def test_killed_in_the_middle_the_next_import_finishes(long_file, bring, archive, started, muragat):
    for so_many in (1, 15, 30):
        running = started("import", long_file, "--archive", archive.path)
        wait_for(lambda so_many=so_many: articles(archive) >= so_many, seconds=60)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    done = bring(long_file)
    assert done.code == 0, done.err
    rows = archive.rows("SELECT url, revisions FROM articles")
    assert len(rows) == 80
    assert all(revisions == 1 for _, revisions in rows)
    assert archive.rows("SELECT sum(new), sum(unchanged) FROM runs") == [(80, 0)]
    audit = muragat("audit", "--full", "--archive", archive.path)
    assert audit.code == 0, audit.out


def test_asked_to_end_it_keeps_what_is_done_and_says_so(long_file, bring, archive, started):
    running = started("import", long_file, "--archive", archive.path)
    wait_for(lambda: articles(archive) >= 5, seconds=60)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Stopping" in err
    assert "stopped: interrupted" in out
    assert archive.rows("SELECT status FROM runs") == [("stopped",)]
    kept = articles(archive)
    assert 5 <= kept < 80
    assert archive.rows("SELECT new FROM runs") == [(kept,)]
    assert f"{80 - kept} new" in bring(long_file).out


def test_a_warc_of_ours_brings_the_names_of_its_sources(site, crawl_site, archive, muragat, tmp_path):
    site.article("/a/1")
    assert crawl_site().code == 0
    described = "SELECT id, name, home, languages, timezone, region FROM sources"
    with Store(ArchiveFolder(archive.path)) as store:
        (row,) = store.sources.rows()
        store.sources.save(
            row["id"],
            name="Газета «Река»",
            home=row["home"],
            languages=["kk", "ru"],
            timezone="Asia/Aqtau",
            region="KZ-MAN",
        )
    file, again = tmp_path / "all.warc.gz", type(archive)(tmp_path / "again")
    assert muragat("export", "--to", file, "--archive", archive.path).code == 0
    done = muragat("import", file, "--archive", again.path)
    assert done.code == 0, done.err
    assert "named by host" not in done.out
    assert again.rows(described) == archive.rows(described)


def test_a_warc_that_names_no_source_is_told_as_such(warc, bring, archive):
    for number in range(7):
        warc.add(f"https://p{number}.example/a", page(number))
    done = bring(warc.written())
    assert (
        "7 sources named by host (p0_example, p1_example, p2_example, p3_example, p4_example and 2 more)"
        in (done.out)
    )


def test_a_later_warc_of_the_same_import_names_a_source(warc, bring, archive, tmp_path):
    host = warc.add("https://steppe.example/a/1", page(1)).written()
    fuller = tmp_path / "ours.warc"
    said = SourceDescription("steppe_example", "Степь", "https://steppe.example/", "Asia/Aqtau", ("kk",))
    with fuller.open("wb") as file:
        PageWriter(file, packed=False).begin(fuller.name, [said])
    done = bring(host, fuller)
    assert done.code == 0, done.err
    assert "named by host" not in done.out
    assert archive.rows("SELECT name, timezone FROM sources") == [("Степь", "Asia/Aqtau")]


def test_what_a_warc_says_of_sources_and_cannot_be_read_is_told(warc, bring, archive):
    warc.writer.write_record(warc.writer.create_warcinfo_record("x", {"muragat-sources": "{}"}))
    done = bring(warc.add("https://steppe.example/a/1", page(1)).written())
    assert done.code == 0
    assert "record 2: what it says of sources is left out: muragat-sources cannot be understood" in done.err
