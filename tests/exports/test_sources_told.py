"""What a source is called, its languages and time zone travel with its articles and pages."""

from __future__ import annotations

import gzip
import json

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from archive.store.archive import Archive
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from crawler.cli import cli

DESCRIBED = {
    "steppe_news": (
        "Степная «газета»",
        "https://steppe-news.example/",
        ["kk", "ru"],
        "Asia/Qyzylorda",
        "Арал",
    ),
    "aul_kz": ("Ауыл", "https://aul-kz.example/", ["kk"], "Asia/Almaty", None),
}
ONE_FILE = ["lines.jsonl", "lines.jsonl.gz", "typed.parquet"]
SOURCES = "SELECT id, name, home, languages, timezone, region FROM sources ORDER BY id"


def run(*words, code=0):
    done = CliRunner().invoke(cli, [*map(str, words)])
    assert done.exit_code == code, done.output
    return done


def describe(folder, said=DESCRIBED):
    with Archive(folder) as archive:
        for one, (name, home, languages, timezone, region) in said.items():
            archive.sources.save(
                one, name=name, home=home, languages=languages, timezone=timezone, region=region
            )


def sources(folder):
    db = open_to_read(folder.news)
    rows = db.conn.execute(SOURCES).fetchall()
    db.close()
    return {row[0]: (*row[1:3], json.loads(row[3]), *row[4:]) for row in rows}


def exported(folder, to, *options):
    lines = ["--with-sources"] if "jsonl" in to.name else []
    run("export", "--to", to, *lines, *options, "--archive", folder.path)
    return to


@pytest.fixture
def other(tmp_path):
    """An archive that has no profiles: nothing of the machine's sources comes in by accident."""
    folder = ArchiveFolder(tmp_path / "other")
    folder.make()
    (folder.path / "only-own-profiles").touch()
    return folder


@pytest.mark.parametrize("name", ONE_FILE)
def test_a_data_set_brings_the_names_of_its_sources(folder, other, tmp_path, name):
    describe(folder)
    done = run("import", exported(folder, tmp_path / name), "--archive", other.path)
    assert "4 articles" in done.output
    assert "named by host" not in done.output
    assert sources(other) == DESCRIBED
    again = exported(other, tmp_path / f"again.{name}")
    unpacked = gzip.decompress if name.endswith(".gz") else bytes
    assert unpacked(again.read_bytes()) == unpacked((tmp_path / name).read_bytes())


def test_folders_bring_them_too(folder, tmp_path):
    describe(folder)
    hf = exported(folder, tmp_path / "hf", "--format", "hf")
    parts = exported(folder, tmp_path / "parts", "--format", "parquet", "--partition-by", "source")
    run("release", "make", "one", "--to", tmp_path, "--archive", folder.path)
    for number, files in enumerate((hf.glob("data/*.parquet"), parts.glob("*/*.parquet"))):
        into = ArchiveFolder(tmp_path / f"into{number}")
        into.make()
        (into.path / "only-own-profiles").touch()
        run("import", *files, "--archive", into.path)
        assert sources(into) == DESCRIBED
    told = [
        parquet.read_schema(file).metadata[b"muragat_sources"] for file in sorted(parts.glob("*/*.parquet"))
    ]
    assert [[one["id"] for one in json.loads(text)] for text in told] == [["aul_kz"], ["steppe_news"]]
    assert (
        len(json.loads(parquet.read_schema(tmp_path / "one/articles.parquet").metadata[b"muragat_sources"]))
        == 2
    )


def test_only_sources_of_what_was_chosen_are_told(folder, tmp_path):
    describe(folder)
    lines = exported(folder, tmp_path / "lines.jsonl", "--source", "aul_kz").read_text().splitlines()
    assert [json.loads(line)["source"] for line in lines] == ["aul_kz", "aul_kz"]
    assert "Степная" not in "".join(lines)


def test_plain_lines_hold_articles_only_and_importing_them_says_what_is_not_known(folder, other, tmp_path):
    describe(folder)
    file = tmp_path / "plain.jsonl"
    run("export", "--to", file, "--archive", folder.path)
    assert all("url" in json.loads(line) for line in file.read_text().splitlines())
    done = run("import", file, "--archive", other.path)
    assert "2 sources named by host (steppe_news, aul_kz): no file told name" in done.output.replace(
        "aul_kz, steppe_news", "steppe_news, aul_kz"
    )
    assert sources(other)["aul_kz"][0] == "aul-kz.example"
    # A fuller file of the same articles names them afterwards.
    describe(folder)
    done = run("import", exported(folder, tmp_path / "fuller.jsonl"), "--archive", other.path)
    assert "4 known already, 2 about a source" in done.output
    assert sources(other) == DESCRIBED


def test_a_later_file_of_the_same_import_names_them(folder, other, tmp_path):
    describe(folder)
    plain = tmp_path / "plain.jsonl"
    run("export", "--to", plain, "--archive", folder.path)
    for number, fuller in enumerate(ONE_FILE):
        into = ArchiveFolder(tmp_path / f"into{number}")
        into.make()
        (into.path / "only-own-profiles").touch()
        done = run("import", plain, exported(folder, tmp_path / fuller), "--archive", into.path)
        assert "named by host" not in done.output
        assert sources(into) == DESCRIBED


def test_what_the_archive_calls_its_sources_stays(folder, other, tmp_path):
    describe(folder)
    file = exported(folder, tmp_path / "typed.parquet")
    own = DESCRIBED | {"aul_kz": ("Моё имя", "https://aul-kz.example/", ["ru"], "Asia/Almaty", None)}
    describe(other, own)
    run("import", file, "--archive", other.path)
    assert sources(other) == own


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"timezone": "Mars/Olympus"}, 'unknown time zone "Mars/Olympus"'),
        ({"languages": ["kazakh"]}, "unknown language code"),
        ({"home": "ftp://aul-kz.example/"}, "must start with http"),
        ({"name": "a\u001b[31m"}, "characters that cannot be seen"),
        ({"languages": "kk"}, "languages are no list of texts"),
        ({"name": None}, "it must state id, name, home, timezone"),
    ],
)
def test_a_description_that_no_profile_may_have_is_told_and_left_out(folder, other, tmp_path, changed, said):
    describe(folder)
    file = exported(folder, tmp_path / "lines.jsonl")
    first, *others = file.read_text().splitlines()
    assert json.loads(first)["source"] == "aul_kz"
    file.write_text("\n".join([json.dumps(json.loads(first) | changed), *others]))
    done = run("import", file, "--archive", other.path, code=4)
    assert "record 1: " in done.output
    assert said in done.output.replace("\n", " ")
    assert "6 records: 4 articles, 1 about a source, 1 broken" in done.output
    assert sources(other)["aul_kz"][0] == "aul-kz.example"


def test_damaged_words_in_the_head_of_parquet_are_passed_over(folder, other, tmp_path):
    describe(folder)
    table = parquet.read_table(exported(folder, tmp_path / "typed.parquet"))
    for head in (b"no json", b"{}", b"[7]", b"[" * 100_000):
        parquet.write_table(table.replace_schema_metadata({b"muragat_sources": head}), tmp_path / "x.parquet")
        done = run("import", tmp_path / "x.parquet", "--archive", other.path)
        assert "named by host" in done.output


def test_lines_about_sources_are_for_lines_of_json(folder, tmp_path):
    done = run("export", "--to", tmp_path / "x.csv", "--with-sources", "--archive", folder.path, code=2)
    assert "--with-sources is for one file of JSON Lines" in done.output
