"""`muragat export`: every article once, in a file that other programs read."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from archive.cli import export
from archive.errors import NotAnArchive
from archive.exports.columns import COLUMNS, USUAL
from archive.exports.text_formats import safe_cell
from archive.records import Article, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)


def run(folder, *arguments):
    return CliRunner().invoke(export, [*map(str, arguments), "--archive", str(folder.path)])


def lines(folder, *arguments):
    """What is exported as JSON lines with these options."""
    result = run(folder, "--to", "-", *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def titles(folder, *arguments):
    return {one["title"] for one in lines(folder, *arguments)}


def cells(text):
    return list(csv.DictReader(io.StringIO(text)))


FULL, NEXT, UNDATED, FORMULA = "Мост, «Достык» и вода", "Ертең боран", "Без даты", "=HYPERLINK(1)"


def test_every_article_is_exported_once_in_the_order_of_ids(folder):
    ids = [one["id"] for one in lines(folder)]
    assert len(ids) == 4
    assert ids == sorted(set(ids))


def test_a_record_has_every_usual_column_with_values_of_its_type(folder):
    record = next(one for one in lines(folder) if one["title"] == FULL)
    assert list(record) == [column.name for column in USUAL]
    assert record["body"] == 'Первый абзац.\n\nВторой: "да", сказал аким.'
    assert record["authors"] == [{"name": "Айгуль Серикова", "url": "https://steppe-news.example/a"}]
    assert record["tags"] == ["мост", "вода"]
    assert [link["url"] for link in record["links"]] == ["https://a.example/1", "https://a.example/2"]
    assert record["links"][1] == {"url": "https://a.example/2", "text": "вторая", "zone": "related"}
    assert record["images"] == [
        {"url": "https://a.example/1.jpg", "role": "lead", "alt": None, "caption": "Мост", "credit": None}
    ]
    assert record["published_at"] == "2026-03-10T07:00:00Z"
    assert datetime.fromisoformat(record["published_at"]).tzinfo is not None
    assert record["revisions"] == 1
    assert record["modified_at"] is None


def test_what_the_page_did_not_say_is_null_and_an_empty_list(folder):
    record = next(one for one in lines(folder) if one["title"] == UNDATED)
    assert record["published_at"] is None
    assert record["links"] == record["images"] == record["authors"] == []


def test_csv_says_the_same_as_json_lines(folder, tmp_path):
    assert run(folder, "--to", tmp_path / "x.csv", "--raw-csv").exit_code == 0
    rows = cells((tmp_path / "x.csv").read_text("utf-8"))
    for row, record in zip(rows, lines(folder), strict=True):
        for column in USUAL:
            said = record[column.name]
            if column.is_json:
                assert json.loads(row[column.name]) == said
            else:
                assert row[column.name] == ("" if said is None else str(said))


def test_fault_41_no_cell_is_a_formula_unless_asked_for(folder, tmp_path):
    run(folder, "--to", tmp_path / "safe.csv")
    safe = next(row for row in cells((tmp_path / "safe.csv").read_text("utf-8")) if "HYPER" in row["title"])
    assert safe["title"] == "'=HYPERLINK(1)"
    assert safe["body"] == "'- Начнём, - сказал он."
    assert safe["agency"] == "'+7 канал"
    assert safe["first_seen_at"] == "2026-03-10T07:00:00Z"
    assert safe["id"].isdigit()
    run(folder, "--to", tmp_path / "raw.csv", "--raw-csv")
    raw = next(row for row in cells((tmp_path / "raw.csv").read_text("utf-8")) if "HYPER" in row["title"])
    assert (raw["title"], raw["agency"]) == (FORMULA, "+7 канал")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_fault_41_every_sign_that_begins_a_formula_is_defused_but_no_number(sign):
    assert safe_cell(f"{sign}1") == f"'{sign}1"
    assert safe_cell(f"a{sign}1") == f"a{sign}1"
    assert safe_cell(-5) == -5
    assert safe_cell(None) is None


def test_excel_gets_its_byte_order_mark_and_others_none(folder, tmp_path):
    run(folder, "--to", tmp_path / "x.csv", "--excel")
    run(folder, "--to", tmp_path / "y.csv")
    assert (tmp_path / "x.csv").read_bytes() == b"\xef\xbb\xbf" + (tmp_path / "y.csv").read_bytes()


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv"])
def test_a_packed_file_holds_the_same_and_is_the_same_each_time(folder, tmp_path, name):
    packed = tmp_path / f"{name}.gz"
    run(folder, "--to", tmp_path / name)
    run(folder, "--to", packed)
    first = packed.read_bytes()
    assert gzip.decompress(first) == (tmp_path / name).read_bytes()
    run(folder, "--to", packed)
    assert packed.read_bytes() == first


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--source", "aul_kz"], {FORMULA}),
        (["--source", "aul_kz", "--source", "steppe_news"], {FULL, NEXT, UNDATED, FORMULA}),
        (["--since", "2026-03-11"], {NEXT}),
        (["--until", "2026-03-10"], {FULL}),
        (["--since", "2026-03-10", "--until", "2026-03-11"], {FULL, NEXT}),
        (["--language", "kk"], {NEXT}),
        (["--section", "Город"], {FULL}),
        (["--query", "мосте"], {FULL, UNDATED}),
        (["--query", "мост* -вода"], {UNDATED}),
        (["--query", "!!!"], set()),
        (["--query", "нетакогословабрям"], set()),
    ],
)
def test_filters_say_which_articles_are_exported(folder, arguments, found):
    assert titles(folder, *arguments) == found


def test_columns_are_those_that_were_named_in_that_order(folder):
    assert list(lines(folder, "--columns", "title, links,id")[0]) == ["title", "links", "id"]
    assert "body_html" in lines(folder, "--with-html")[0]
    assert list(lines(folder, "--columns", "id,body_html", "--with-html")[0]) == ["id", "body_html"]


def test_every_column_can_be_exported_and_is_explained(folder):
    names = [column.name for column in COLUMNS]
    assert list(lines(folder, "--columns", ",".join(names))[0]) == names
    shown = run(folder, "--list-columns").stdout.splitlines()
    assert [line.split()[0] for line in shown] == names
    assert all(column.meaning for column in COLUMNS)


def test_an_archive_without_articles_gives_a_file_without_rows(tmp_path, folder):
    run(folder, "--to", tmp_path / "x.csv", "--query", "нетакогословабрям", "--columns", "id,url")
    assert (tmp_path / "x.csv").read_text() == "id,url\n"


def test_a_query_by_a_source_that_is_not_here_says_so(folder):
    done = run(folder, "--to", "-", "--query", "source:aul_kx foo:bar")
    assert "Note: --query: no articles of a source 'aul_kx' here; did you mean aul_kz?" in done.stderr
    assert "Note: --query: there is no filter 'foo:'" in done.stderr


def test_how_many_went_where_is_said_beside_the_output(folder, tmp_path):
    result = run(folder, "--to", tmp_path / "x.jsonl")
    assert result.stdout == ""
    assert result.stderr == f"4 articles to {tmp_path / 'x.jsonl'}\n"
    assert run(folder, "--to", "-", "--source", "aul_kz").stderr == "1 article to standard output\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "x.pdf"], "end it in .jsonl, .csv"),
        (["--to", "x"], "end it in .jsonl, .csv"),
        (["--to", "a_file/folder/x.csv"], "a_file is a file"),
        (["--to", "-", "--columns", "id,headline"], "no column 'headline'"),
        (["--to", "-", "--columns", "id,id"], "twice"),
        (["--to", "-", "--source", "nobody"], "there are: aul_kz, steppe_news"),
        (["--to", "-", "--language", "qq"], "no articles in a language 'qq' here; there are: kk, ru"),
        (["--to", "-", "--since", "2026-03-11", "--until", "2026-03-10"], "is after"),
        (["--to", "-", "--since", "soon"], "soon"),
        ([], "--to"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_wrong_use(folder, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a_file").touch()
    result = run(folder, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr.splitlines()[-1]
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv.gz", "x.db", "x.warc.gz", "corpus"])
def test_a_missing_folder_is_made_as_publish_and_release_do(folder, tmp_path, name):
    target = tmp_path / "not" / "there" / name
    result = run(folder, "--to", target, *(["--format", "hf"] if name == "corpus" else []))
    assert result.exit_code == 0, result.output
    assert [one.name for one in target.parent.iterdir()] == [name]


def test_a_folder_is_no_file_to_export_to(folder, tmp_path):
    assert "a folder" in run(folder, "--to", tmp_path, "--format", "csv").stderr


def test_a_broken_export_leaves_the_earlier_file_and_nothing_else(big_folder, tmp_path):
    place = tmp_path / "out"
    place.mkdir()
    target = place / "x.jsonl"
    target.write_text("earlier\n")
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "limit = 1_000_000\n"  # as a full disk: no file grows over this
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "from crawler.cli import main\n"
        f"sys.argv = ['muragat', 'export', '--to', {str(target)!r}, '--archive', {str(big_folder.path)!r}]\n"
        "main()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert result.returncode == 6, result.stderr
    assert "cannot be written (File too large)" in result.stderr
    assert target.read_text() == "earlier\n"
    assert [one.name for one in place.iterdir()] == ["x.jsonl"]


def test_a_file_that_is_no_file_is_written_to_and_not_replaced(folder, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True)
    assert run(folder, "--to", pipe, "--format", "jsonl").exit_code == 0
    said, _ = reader.communicate(timeout=20)
    assert len(said.splitlines()) == 4
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["news.db", "pages.db"])
@pytest.mark.parametrize("form", ["sqlite", "jsonl"])
def test_the_files_of_a_living_archive_are_not_replaced(folder, tmp_path, name, form):
    other = ArchiveFolder(tmp_path / "other")
    Archive(other).close()
    (tmp_path / "link.db").symlink_to(folder.path / name)
    for target in (folder.path / name, other.path / name, tmp_path / "link.db"):
        before = target.read_bytes()
        result = run(folder, "--to", target, "--format", form)
        assert isinstance(result.exception, NotAnArchive)
        assert "own file is not replaced; name another file" in str(result.exception)
        assert target.read_bytes() == before


def test_an_earlier_export_is_replaced_also_one_that_is_called_as_an_archives_file(folder, tmp_path):
    for _ in range(2):
        assert run(folder, "--to", tmp_path / "kk" / "news.db", "--language", "kk").exit_code == 0


def test_a_link_to_a_file_stays_a_link(folder, tmp_path):
    (tmp_path / "real.jsonl").write_text("")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    run(folder, "--to", tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len((tmp_path / "real.jsonl").read_text("utf-8").splitlines()) == 4


def test_a_reader_who_leaves_ends_the_export_quietly(big_folder):
    command = [sys.executable, "-m", "crawler", "export", "--to", "-", "--archive", str(big_folder.path)]
    exporting = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert exporting.stdout.readline().startswith(b'{"id":7,')
    exporting.stdout.close()
    assert exporting.stderr.read() == b""
    assert exporting.wait(timeout=30) == 0


def test_what_is_no_archive_is_named(tmp_path):
    command = [sys.executable, "-m", "crawler", "export", "--to", "-", "--archive", str(tmp_path / "none")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 6
    assert result.stderr.count("\n") == 1
    assert "no archive here" in result.stderr
    assert not (tmp_path / "none").exists()


def test_edits_are_the_publishers_alone_and_revisions_are_all_wordings(tmp_path):
    folder = ArchiveFolder(tmp_path)
    with Archive(folder) as archive:
        archive.sources.save("s", name="S", home="h", languages=[], timezone="UTC", region=None)
        run_id = archive.runs.begin("s", started_at=NOON, version="1")
        for number, cause in enumerate(["publisher", "recleaned", "publisher", "publisher"]):
            url = "https://steppe.example/a"
            page = Page(url, url, "s", NOON, 200, (), str(number).encode())
            visit = Visit(url, "article", 200, NOON, page_id=archive.pages.keep(page, kind="article"))
            said = Article(url=url, requested_url=url, url_key="steppe.example/a", body=f"Слово {number}.")
            archive.keep_article(run_id, "s", said, visit, cause=cause)
    (record,) = lines(folder)
    assert (record["revisions"], record["edits"]) == (4, 2)
