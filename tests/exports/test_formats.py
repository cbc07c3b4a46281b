"""Every format of the table: whole, typed, readable by others, and nothing half where it breaks."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from pyarrow import parquet

from archive.cli import export
from archive.exports.arrow import schema_of
from archive.exports.columns import BY_NAME, COLUMNS, USUAL
from archive.exports.formats import FORMATS, TABLE
from archive.exports.zip_writing import ZipWriter
from archive.health.audit import audit_archive
from archive.store.archive import Archive
from archive.store.connection import APPLICATION_ID, open_to_read
from archive.store.folder import ArchiveFolder

FULL = "Мост, «Достык» и вода"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def run(folder, *arguments):
    return CliRunner().invoke(export, [*map(str, arguments), "--archive", str(folder.path)])


def done(folder, *arguments):
    result = run(folder, *arguments)
    assert result.exit_code == 0, result.output
    return result


def change(folder, sql, *values):
    with Archive(folder) as archive:
        archive.news.conn.execute(sql, values)
        archive.news.conn.commit()


@pytest.fixture
def place(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


def test_every_format_is_explained_and_can_be_asked_for(folder):
    shown = done(folder, "--list-formats").stdout.splitlines()
    assert [line.split()[0] for line in shown] == [one.name for one in TABLE]
    offered = next(option for option in export.params if option.name == "form").type.choices
    assert list(offered) == list(FORMATS)


def test_parquet_has_the_fixed_schema_and_says_what_columns_mean(folder, place):
    done(folder, "--to", place / "x.parquet")
    read = parquet.read_schema(place / "x.parquet")
    assert read.equals(schema_of(USUAL))
    assert read.field("published_at").type == pa.timestamp("ms", tz="UTC")
    assert read.field("published_date").type == pa.date32()
    assert read.field("body").metadata[b"description"] == BY_NAME["body"].meaning.encode()


def test_parquet_says_the_same_as_json_lines(folder, place):
    done(folder, "--to", place / "x.parquet", "--columns", ",".join(c.name for c in COLUMNS))
    said = done(folder, "--to", "-", "--columns", ",".join(c.name for c in COLUMNS)).stdout
    for row, record in zip(
        parquet.read_table(place / "x.parquet").to_pylist(), map(json.loads, said.splitlines()), strict=True
    ):
        for column in COLUMNS:
            value, stated = row[column.name], record[column.name]
            if column.type == "time":
                value = value and value.strftime("%Y-%m-%dT%H:%M:%SZ")
            if column.type == "day":
                value = value and value.isoformat()
            if column.type == "object":
                value = json.loads(value)
            assert value == stated, column.name


def test_the_same_rows_are_the_same_parquet_and_zip(folder, place):
    for name in ("x.parquet", "x.zip"):
        done(folder, "--to", place / name)
        first = (place / name).read_bytes()
        done(folder, "--to", place / name)
        assert (place / name).read_bytes() == first


def test_what_does_not_fit_its_column_is_empty_and_told(folder, place):
    change(folder, "UPDATE articles SET published_at = 'soon', tags = '{\"a\": 1}' WHERE title = ?", FULL)
    change(folder, "UPDATE articles SET published_at = '2026-03-11T12:00:00+05:00' WHERE title LIKE 'Ерт%'")
    result = run(folder, "--to", place / "x.parquet")
    assert result.exit_code == 6
    assert "Left empty: published_at 'soon' is no time" in result.stderr
    assert "Left empty: tags" in result.stderr
    rows = {row["title"]: row for row in parquet.read_table(place / "x.parquet").to_pylist()}
    assert (rows[FULL]["published_at"], rows[FULL]["tags"]) == (None, None)
    assert rows["Ертең боран"]["published_at"] == datetime(2026, 3, 11, 7, tzinfo=UTC)


def test_half_a_letter_in_a_list_is_marked_in_every_format(folder, place):
    change(folder, "UPDATE articles SET tags = ? WHERE title = ?", '["a\\ud800", "\\ud83d\\ude00"]', FULL)
    done(folder, "--to", place / "x.parquet")
    done(folder, "--to", place / "x.atom")
    [from_parquet] = [t for t in parquet.read_table(place / "x.parquet")["tags"].to_pylist() if t]
    said = [json.loads(line)["tags"] for line in done(folder, "--to", "-").stdout.splitlines()]
    assert from_parquet == ["a\ufffd", "😀"] == next(filter(None, said))


@pytest.fixture
def subset(folder, tmp_path):
    """An archive of its own with the two articles in Russian of steppe_news."""
    made = ArchiveFolder(tmp_path / "subset")
    made.make()
    done(folder, "--to", made.news, "--format", "sqlite", "--source", "steppe_news", "--language", "ru")
    return made


def test_sqlite_is_an_archive_with_the_chosen_articles_and_what_belongs_to_them(folder, subset):
    with closing(open_to_read(subset.news)) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        counts = {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("articles", "revisions", "links", "images", "sources", "search_changes", "fetches")
        }
    assert counts == {
        "articles": 2, "revisions": 2, "links": 2, "images": 1, "sources": 1, "search_changes": 0,
        "fetches": 0,
    }  # fmt: skip
    same = ("--source", "steppe_news", "--language", "ru", "--to", "-")
    assert done(subset, "--to", "-").stdout == done(folder, *same).stdout


def test_sqlite_is_searched_by_word_forms_and_passes_the_audit_of_articles(subset):
    found = done(subset, "--to", "-", "--query", "моста", "--columns", "title").stdout.splitlines()
    assert {json.loads(line)["title"] for line in found} == {FULL, "Без даты"}
    Archive(subset).close()  # an empty pages.db
    faults = [one.check for one in audit_archive(subset, full=True) if one.is_fault]
    assert faults == ["every page that was read is kept"]


def test_datasette_opens_the_subset_with_our_plugin(subset):
    import asyncio

    async def answers():
        site = Datasette([str(subset.news)])
        return [await site.client.get(path, follow_redirects=True) for path in ("/", "/news/articles.json")]

    front, table = asyncio.run(answers())
    assert front.status_code == 200
    assert FULL in front.text
    assert len(table.json()["rows"]) == 2


def test_copies_come_along_where_both_are_chosen(telling, place):
    done(telling, "--to", place / "all.db")
    done(telling, "--to", place / "some.sqlite", "--source", "aul_kz")
    for name, pairs in (("all.db", 2), ("some.sqlite", 0)):
        with closing(open_to_read(place / name)) as db:
            assert db.execute("SELECT count(*) FROM copies").fetchone() == (pairs,)


def test_atom_is_a_feed_with_every_article(folder, place):
    done(folder, "--to", place / "x.atom")
    feed = ET.parse(place / "x.atom").getroot()
    entries = {one.find("a:title", ATOM).text: one for one in feed.findall("a:entry", ATOM)}
    assert len(entries) == 4
    full = entries[FULL]
    assert full.find("a:content", ATOM).text == "<p>Первый абзац.</p>"
    assert full.find("a:published", ATOM).text == "2026-03-10T07:00:00Z"
    assert [one.get("term") for one in full.findall("a:category", ATOM)] == ["Город", "мост", "вода"]
    assert full.find("a:author/a:name", ATOM).text == "Айгуль Серикова"
    assert entries["Без даты"].find("a:author/a:name", ATOM).text == "steppe_news"
    newest = max(one.find("a:updated", ATOM).text for one in entries.values())
    assert feed.find("a:updated", ATOM).text == newest
    assert len({one.find("a:id", ATOM).text for one in entries.values()}) == 4


def test_atom_holds_what_xml_cannot(folder, place):
    hostile = "a\0b\x1b]]><script>&amp;\ufffe\r\n\u202eend"
    change(folder, "UPDATE articles SET title = ?, body = ? WHERE title = ?", hostile, hostile, FULL)
    done(folder, "--to", place / "x.atom")
    titles = [one.text for one in ET.parse(place / "x.atom").getroot().findall(".//a:entry/a:title", ATOM)]
    assert "a\ufffdb\ufffd]]><script>&amp;\ufffd\r\n\u202eend" in titles


def test_txt_is_a_text_for_each_article_and_a_table(folder, place):
    done(folder, "--to", place / "corpus", "--format", "txt")
    done(folder, "--to", place / "x.zip")
    rows = list(csv.DictReader((place / "corpus" / "metadata.csv").open(encoding="utf-8", newline="")))
    assert len(rows) == 4
    with zipfile.ZipFile(place / "x.zip") as packed:
        assert packed.testzip() is None
        for row in rows:
            assert (place / "corpus" / row["file"]).read_bytes() == packed.read(row["file"])
        assert packed.read("metadata.csv") == (place / "corpus" / "metadata.csv").read_bytes()
    full = next(row for row in rows if row["title"] == FULL)
    assert full["file"].startswith("steppe_news/2026-03/2026-03-10_")
    text = (place / "corpus" / full["file"]).read_text("utf-8")
    assert text == f'{FULL}\n\nПервый абзац.\n\nВторой: "да", сказал аким.\n'


def test_no_text_lies_outside_the_folder(folder, place):
    with Archive(folder) as archive:
        archive.sources.save("../../up", name="x", home="h", languages=[], timezone="UTC", region=None)
        archive.news.conn.execute("UPDATE articles SET source = '../../up', published_date = '../../x'")
        archive.news.conn.commit()
    done(folder, "--to", place / "corpus", "--format", "txt")
    assert {one.name for one in place.iterdir()} == {"corpus"}
    assert len(list((place / "corpus" / "_up").rglob("*.txt"))) == 4


def test_a_zip_may_have_more_members_than_two_bytes_count():
    writer, out = ZipWriter(), io.BytesIO()
    for number in range(70_000):
        out.write(writer.member(f"{number}", b"x" * (number % 3)))
    for piece in writer.large_member("last", io.BytesIO(b"all " * 1000)):
        out.write(piece)
    for piece in writer.end():
        out.write(piece)
    with zipfile.ZipFile(out) as read:
        assert len(read.namelist()) == 70_001
        assert (read.read("69999"), read.read("last")) == (b"", b"all " * 1000)
        assert {one.date_time for one in read.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_data_package_describes_every_column_and_has_cells_as_they_are(folder, place):
    done(folder, "--to", place / "package", "--format", "datapackage")
    told = json.loads((place / "package" / "datapackage.json").read_bytes())
    assert told["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    [resource] = told["resources"]
    assert [one["name"] for one in resource["schema"]["fields"]] == [c.name for c in USUAL]
    assert resource["bytes"] == (place / "package" / "articles.csv").stat().st_size
    assert "\n=HYPERLINK(1)" not in (place / "package" / "articles.csv").read_text("utf-8")
    assert ",=HYPERLINK(1)," in (place / "package" / "articles.csv").read_text("utf-8")


def test_hugging_faces_folder_has_parquet_and_a_card(folder, place):
    done(folder, "--to", place / "set", "--format", "hf", "--split", "2026-03-11")
    files = sorted(one.relative_to(place / "set").as_posix() for one in (place / "set").rglob("*.*"))
    assert files == [
        "README.md",
        "data/test-00000-of-00001.parquet",
        "data/train-00000-of-00001.parquet",
        "data/undated-00000-of-00001.parquet",
    ]
    card = (place / "set" / "README.md").read_text("utf-8")
    assert '  - split: test\n    path: "data/test-*.parquet"\n' in card
    assert "| steppe_news | 2026-03 | 2 |" in card


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "sqlite", "atom", "txt", "warc"])
def test_files_of_every_format_can_be_printed(folder, place, form):
    ending = FORMATS[form].endings[0]
    printed = run(folder, "--to", "-", "--format", form)
    assert printed.exit_code == 0, printed.output
    done(folder, "--to", place / f"x{ending}")
    if form in ("sqlite", "warc"):  # these say when or where they were made
        assert printed.stdout_bytes[:8] == (place / f"x{ending}").read_bytes()[:8]
    else:
        assert printed.stdout_bytes == (place / f"x{ending}").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "-", "--format", "hf"], "a folder, which cannot be printed"),
        (["--to", "-", "--split", "2026-03-01"], "a folder, which cannot be printed"),
        (["--to", "x.parquet.gz"], "not packed again"),
        (["--to", "set.gz", "--format", "hf"], "a folder is not packed"),
        (["--to", "x.db", "--columns", "id"], "columns of its own"),
        (["--to", "x.atom", "--with-html"], "columns of its own"),
        (["--to", "x.parquet", "--excel"], "are for CSV"),
        (["--to", "x.warc", "--split", "2026-03-01"], "no --split"),
        (["--to", "s", "--format", "csv", "--split", "2026-03-01", "--split", "2026-03-01"], "named twice"),
        (["--to", "full", "--format", "hf"], "is there already"),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else None,
)
def test_what_does_not_fit_together_is_one_line_and_leaves_nothing(
    folder, place, monkeypatch, arguments, said
):
    monkeypatch.chdir(place)
    (place / "full").mkdir()
    (place / "full" / "mine").touch()
    result = run(folder, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr.splitlines()[-1]
    assert [one.name for one in place.rglob("*")] == ["full", "mine"]


def test_an_export_that_runs_beside_another_leaves_its_part_alone(folder, place):
    mine = place / f".x.jsonl.{os.getpid()}.part"
    other = place / ".x.jsonl.1.part"  # process 1 always runs
    other.touch()
    done(folder, "--to", place / "x.jsonl")
    assert sorted(one.name for one in place.iterdir()) == [".x.jsonl.1.part", "x.jsonl"]
    assert not mine.exists()


@pytest.mark.parametrize("form", ["sqlite", "parquet", "txt"])
def test_a_pipe_is_written_to_and_not_replaced(folder, place, form):
    pipe = place / f"pipe{FORMATS[form].endings[0]}"
    os.mkfifo(pipe)
    said = place / "said"
    with said.open("wb") as out, subprocess.Popen(["cat", pipe], stdout=out) as reader:
        done(folder, "--to", pipe, "--format", form)
        reader.wait(timeout=20)
    assert pipe.is_fifo()
    assert said.stat().st_size > 1_000


def test_days_are_days(folder, place):
    done(folder, "--to", place / "x.parquet", "--columns", "id,published_date")
    days = parquet.read_table(place / "x.parquet")["published_date"].to_pylist()
    assert sorted(filter(None, days)) == [date(2026, 3, 10), date(2026, 3, 11)]
