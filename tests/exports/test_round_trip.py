"""`muragat import` of data sets: what is exported comes back as it was, hostile or not; nothing twice."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.cli import export
from archive.exports.columns import COLUMNS, USUAL
from archive.exports.json_values import whole_letters
from archive.health.audit import audit_archive
from archive.identity import content_hash, url_key
from archive.store.archive import Archive
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from archive.takedown.taking import take_down, target_of
from crawler.cli import cli

ALL = ",".join(column.name for column in COLUMNS if column.name != "page_id")  # a page is of its archive


def exported(folder, to, columns=ALL):
    done = CliRunner().invoke(export, ["--to", str(to), "--columns", columns, "--archive", str(folder.path)])
    assert done.exit_code == 0, done.output
    return to


def imported(folder, *files, code=0):
    done = CliRunner().invoke(cli, ["import", *map(str, files), "--archive", str(folder.path)])
    assert done.exit_code == code, done.output
    return done


def records(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@pytest.mark.parametrize("form", ["jsonl", "jsonl.gz", "parquet"])
@pytest.mark.parametrize("columns", [ALL, ",".join(c.name for c in USUAL)], ids=["all", "usual"])
def test_what_is_exported_comes_back_as_it_was(folder, tmp_path, form, columns):
    with Archive(folder) as archive:  # what only its own books tell: wordings, edits, when it went
        archive.news.conn.execute(
            "INSERT INTO revisions SELECT NULL, id, 2, 'publisher', first_seen_at, page_id, '1', "
            "content_hash, NULL, NULL, NULL, NULL, NULL FROM articles WHERE source = 'aul_kz'"
        )
        archive.news.conn.execute(
            "UPDATE articles SET revisions = 2, gone_at = '2026-04-01T00:00:00Z', is_article = 0.25, "
            "evidence = '{\"title\": \"h1\"}' WHERE source = 'aul_kz'"
        )
        archive.news.conn.commit()
    first = exported(folder, tmp_path / f"first.{form}", columns)
    other = ArchiveFolder(tmp_path / "other")
    assert "4 records: 4 articles" in imported(other, first).stdout
    back = exported(other, tmp_path / "back.jsonl", columns)
    assert back.read_bytes() == exported(folder, tmp_path / "same.jsonl", columns).read_bytes()
    assert exported(other, tmp_path / f"again.{form}", columns).read_bytes() == first.read_bytes()
    assert not [one.check for one in audit_archive(other, full=True) if one.is_fault]


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Zl", "Zp", "Lo"]), max_size=12),
    st.sampled_from(
        [
            "=HYPERLINK(1)", "+7", "@x", "a\0b", "\ud800", "\udfff\ud800", "\ud83d\ude00", "x\r\ny\rz\n",
            "\u202eрто", "\ufeffx", "\u2028",
            "'", '"', "\\", "\x1b[31m", "<b>&amp;", "NULL", "NaN", "1e999", " ",
            "\x7f\x85",
        ]
    ),
)  # fmt: skip
OR_NONE = st.none() | HOSTILE
MOMENTS = st.integers(0, 4 * 10**9).map(lambda n: f"{datetime.fromtimestamp(n, UTC):%Y-%m-%dT%H:%M:%SZ}")
ADDRESS = st.integers(0, 10**9).map("https://news.example/{}".format)


def listed(**parts):
    return st.lists(st.fixed_dictionaries(parts), max_size=2)


RECORD = st.fixed_dictionaries(
    {
        "id": st.integers(1, 2**53 - 1),
        "url": ADDRESS,
        "source": st.sampled_from(["steppe_news", "aul_kz"]),
        **dict.fromkeys(("title", "kicker", "lead", "agency", "section", "published_raw"), OR_NONE),
        "language": OR_NONE,
        "body": HOSTILE,
        "body_html": HOSTILE,
        "published_at": st.none() | MOMENTS,
        "published_date": st.none() | st.dates(date(1, 1, 1)).map(date.isoformat),
        "published_precision": st.sampled_from([None, "day", "minute", "second"]),
        "modified_at": st.none() | MOMENTS,
        "gone_at": st.none() | MOMENTS,
        "first_seen_at": MOMENTS,
        "last_seen_at": MOMENTS,
        "authors": listed(name=HOSTILE, url=OR_NONE),
        "tags": st.lists(HOSTILE, max_size=3),
        "breadcrumbs": st.lists(HOSTILE, max_size=3),
        "images": listed(
            url=HOSTILE, role=st.sampled_from(["lead", "body"]), alt=OR_NONE, caption=OR_NONE, credit=OR_NONE
        ),
        "links": listed(url=HOSTILE, text=HOSTILE, zone=st.sampled_from(["inline", "related", "source"])),
        "problems": listed(code=HOSTILE, detail=HOSTILE),
        "evidence": st.dictionaries(HOSTILE, HOSTILE, max_size=2),
        "is_article": st.floats(0, 1),
        "revisions": st.integers(1, 5),
        "edits": st.integers(0, 4),
    }
)


def whole(value):
    """The value with half letters marked, as an archive keeps it."""
    if isinstance(value, str):
        return whole_letters(value)
    if isinstance(value, list):
        return [whole(one) for one in value]
    return {whole_letters(k): whole(v) for k, v in value.items()} if isinstance(value, dict) else value


TOLD = st.lists(RECORD, min_size=1, max_size=6, unique_by=(lambda one: one["id"], lambda one: one["url"]))
SLOWLY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=4, **SLOWLY)
@given(TOLD)
def test_a_round_trip_loses_nothing_of_hostile_texts(told):
    check_round_trip(told)


@pytest.mark.slow
@settings(max_examples=100, **SLOWLY)
@given(TOLD)
def test_a_hundred_round_trips_lose_nothing_of_hostile_texts(told):
    check_round_trip(told)


def check_round_trip(told):
    """Records into an archive, out of it as lines and as columns, and by each into another archive."""
    with TemporaryDirectory() as made_in:
        place = Path(made_in)
        (place / "told.jsonl").write_text("".join(json.dumps(one) + "\n" for one in told), encoding="ascii")
        folders = [ArchiveFolder(place / name) for name in ("first", "by_lines", "by_columns")]
        imported(folders[0], place / "told.jsonl")
        kept = exported(folders[0], place / "kept.jsonl")
        for one, back in zip(sorted(told, key=lambda one: one["id"]), records(kept), strict=True):
            assert {name: back[name] for name in one} == whole(one)
            assert back["content_hash"] == content_hash(back["title"], back["lead"], back["body"])
        imported(folders[1], kept)
        imported(folders[2], exported(folders[0], place / "kept.parquet"))
        for number, folder in enumerate(folders[1:]):
            assert exported(folder, place / f"{number}.jsonl").read_bytes() == kept.read_bytes()


def written(tmp_path, *told, name="told.jsonl"):
    path = tmp_path / name
    path.write_text(
        "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in told), "utf-8"
    )
    return path


GOOD = {"url": "https://news.example/1", "source": "steppe_news", "body": "Текст.", "title": "Заголовок"}


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ('{"url": ', "no JSON"),
        ("[1]", "no object"),
        (GOOD | {"url": None}, "no url"),
        (GOOD | {"url": "ftp://news.example/1"}, "not an http(s) address"),
        ({"url": "https://news.example/2", "source": "steppe_news", "content_hash": "x"}, "no body"),
        (GOOD | {"title": 5}, "title '5' is no text"),
        (GOOD | {"published_at": "yesterday"}, "'yesterday' is no time"),
        (GOOD | {"published_at": "2026-03-10T07:00:00"}, "names no time zone"),
        (GOOD | {"published_date": "2026-02-30"}, "is no day"),
        (GOOD | {"tags": "мост"}, "tags is no list"),
        (GOOD | {"authors": [{"url": "x"}]}, "a member that lacks name"),
        (GOOD | {"authors": ["x"]}, "members that are no objects"),
        (GOOD | {"id": -1}, "is no count"),
        (GOOD | {"source": "../up"}, "is no id"),
        (GOOD | {"published_precision": "hour"}, "none of day, minute, second"),
        (GOOD | {"requested_url": "мост", "url_key": "x"}, "not an http(s) address"),
        (GOOD | {"tdm_reserved": "yes"}, "is no count"),
    ],
    ids=[
        "cut", "list", "none", "ftp", "textless", "number", "time", "zone", "day", "tags", "author", "name",
        "id",
        "source", "precision", "requested", "reserved",
    ],
)  # fmt: skip
def test_a_broken_record_is_told_by_number_and_the_others_are_kept(tmp_path, broken, why):
    folder = ArchiveFolder(tmp_path / "archive")
    path = written(
        tmp_path, GOOD | {"url": "https://news.example/0"}, broken, GOOD | {"url": "https://news.example/9"}
    )
    done = imported(folder, path, code=4)
    assert f"told.jsonl: record 2: {why}" in done.stderr or (
        "record 2: " in done.stderr and why in done.stderr
    )
    assert "3 records: 2 articles, 1 broken" in done.stdout


def test_nothing_comes_twice_and_what_is_kept_stays(tmp_path):
    folder = ArchiveFolder(tmp_path / "archive")
    imported(folder, written(tmp_path, GOOD))
    other = GOOD | {"url": "http://www.news.example/1?utm_source=x", "body": "Другое."}
    done = imported(folder, written(tmp_path, GOOD, other))
    assert "0 articles, 1 known already, 1 known already, and say something else here" in done.stdout
    [record] = records(exported(folder, tmp_path / "x.jsonl"))
    assert (record["body"], record["revisions"]) == ("Текст.", 1)


def test_a_limit_counts_new_articles_only_and_passes_over_none(tmp_path):
    folder = ArchiveFolder(tmp_path / "archive")
    told = [GOOD | {"url": f"https://news.example/{number}"} for number in range(150)]
    imported(folder, written(tmp_path, *told[:60]))
    file = written(tmp_path, {"source": "news"}, *told)
    done = imported(folder, file, "--limit", "45", code=4)
    assert (
        "106 records: 45 articles, 60 known already, 1 broken, the rest is not read: --limit was"
        in done.stdout
    )
    done = imported(folder, file, "--limit", "45", code=4)
    assert "151 records: 45 articles, 105 known already, 1 broken\n" in done.stdout  # those were the last
    assert len(records(exported(folder, tmp_path / "x.jsonl"))) == 150


def test_a_number_that_is_taken_is_given_to_no_second_article(tmp_path):
    folder = ArchiveFolder(tmp_path / "archive")
    two = [GOOD | {"id": 7}, GOOD | {"id": 7, "url": "https://news.example/2"}]
    imported(folder, written(tmp_path, *two))
    ids = [one["id"] for one in records(exported(folder, tmp_path / "x.jsonl"))]
    assert ids[0] == 7
    assert ids[1] > 7


def test_a_packed_file_that_breaks_off_is_told_and_what_came_before_is_kept(tmp_path):
    folder = ArchiveFolder(tmp_path / "archive")
    lines = "".join(json.dumps(GOOD | {"url": f"https://news.example/{n}"}) + "\n" for n in range(3_000))
    packed = gzip.compress(lines.encode())
    (tmp_path / "x.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    done = imported(folder, tmp_path / "x.jsonl.gz", "--limit", "200", code=0)
    assert "200 articles" in done.stdout
    (tmp_path / "short.jsonl.gz").write_bytes(gzip.compress(json.dumps(GOOD).encode() + b"\n")[:-9])
    done = imported(folder, tmp_path / "short.jsonl.gz", code=4)
    assert "the file breaks off" in done.stderr


@pytest.mark.parametrize(("body", "why"), [(b"", "the file is empty"), (b"PK\3\4", "it begins otherwise")])
def test_a_file_that_is_only_called_parquet_is_told(tmp_path, body, why):
    path = tmp_path / "x.parquet"
    path.write_bytes(body)
    done = imported(ArchiveFolder(tmp_path / "archive"), path, code=4)
    assert f"no Parquet: {why}" in done.stderr
    assert "0 articles, 1 broken" in done.stdout


def test_a_damaged_parquet_file_is_told(tmp_path, folder):
    path = exported(folder, tmp_path / "x.parquet")
    path.write_bytes(path.read_bytes()[:-100])
    done = imported(ArchiveFolder(tmp_path / "archive"), path, code=4)
    assert "cannot be read further" in done.stderr


def test_every_record_is_of_the_source_that_is_named(tmp_path):
    folder = ArchiveFolder(tmp_path / "archive")
    unnamed = {name: value for name, value in GOOD.items() if name != "source"}
    imported(folder, written(tmp_path, unnamed))
    imported(folder, written(tmp_path, GOOD | {"url": "https://other.example/2"}), "--source", "mine")
    sources = {one["source"] for one in records(exported(folder, tmp_path / "x.jsonl"))}
    assert sources == {"news_example", "mine"}


def test_what_was_told_is_kept_as_it_was_and_is_no_page_of_a_site(tmp_path):
    folder = ArchiveFolder(tmp_path / "archive")
    imported(folder, written(tmp_path, GOOD | {"theirs": {"a": [1]}}))
    with Archive(folder) as archive:
        page = archive.pages.page(1)
        assert json.loads(page.body)["theirs"] == {"a": [1]}
        assert archive.unread_pages("steppe_news") == []
    done = CliRunner().invoke(export, ["--to", "-", "--format", "warc", "--archive", str(folder.path)])
    assert "0 pages" in done.stderr


def test_an_imported_article_is_found_by_words_and_crawled_no_more(tmp_path):
    folder = ArchiveFolder(tmp_path / "archive")
    imported(folder, written(tmp_path, GOOD | {"language": "ru", "body": "Открыли новые мосты."}))
    done = CliRunner().invoke(cli, ["search", "мост", "--archive", str(folder.path)])
    assert "Заголовок" in done.stdout
    db = open_to_read(folder.news)
    assert db.execute("SELECT next_visit_at FROM addresses").fetchall() == [(None,)]
    assert db.execute("SELECT url_key FROM articles").fetchone() == (url_key(GOOD["url"]),)
    db.close()


def test_the_same_text_at_many_addresses_is_kept_at_each(tmp_path):
    """A crawl takes such pages for a wall; what a data set tells is kept as it is."""
    folder = ArchiveFolder(tmp_path / "archive")
    text = "Чтобы читать дальше, подтвердите, что вы человек. " * 8
    told = [GOOD | {"url": f"https://news.example/{n}", "body": text, "title": None} for n in range(30)]
    assert "30 records: 30 articles" in imported(folder, written(tmp_path, *told)).stdout
    with Archive(folder) as archive:
        assert archive.news.table("frontier").count == 0
        assert archive.news.execute("SELECT DISTINCT outcome FROM fetches").fetchall() == [("new",)]


def test_what_was_taken_down_comes_back_by_no_data_set(tmp_path):
    folder = ArchiveFolder(tmp_path / "archive")
    told = [GOOD | {"id": 7}, GOOD | {"id": 8, "url": "https://news.example/2"}]
    imported(folder, written(tmp_path, *told))
    with Archive(folder) as archive:
        take_down(archive, target_of(archive, GOOD["url"]), reason="", asked_by="")
        pages = archive.pages.db.table("pages").count
    ways = [
        GOOD | {"id": 7},
        GOOD | {"url": "https://news.example/other", "url_key": url_key(GOOD["url"])},
        GOOD | {"url": "https://news.example/moved", "requested_url": GOOD["url"]},
        GOOD | {"id": 7, "url": "https://news.example/3", "body": "Другое."},
    ]
    done = imported(folder, written(tmp_path, *ways))
    assert "4 records: 1 article, 3 taken down here" in done.stdout
    found = {one["url"]: one["id"] for one in records(exported(folder, tmp_path / "x.jsonl"))}
    assert set(found) == {"https://news.example/2", "https://news.example/3"}
    assert found["https://news.example/3"] not in (7, 8)  # a number is never given again
    with Archive(folder) as archive:
        assert archive.pages.db.table("pages").count == pages + 1
    assert not [one.check for one in audit_archive(folder, full=True) if one.is_fault]


def test_lines_about_takedowns_are_no_broken_records(folder, tmp_path):
    with Archive(folder) as archive:
        take_down(archive, target_of(archive, "https://aul-kz.example/formula"), reason="", asked_by="")
    path = tmp_path / "x.jsonl"
    done = CliRunner().invoke(export, ["--to", str(path), "--with-takedowns", "--archive", str(folder.path)])
    assert done.exit_code == 0, done.output
    said = imported(ArchiveFolder(tmp_path / "other"), path).stdout
    assert "4 records: 3 articles, 1 taken down elsewhere" in said
