"""Exports with and without what is reserved against text and data mining, and with what was taken down."""

from __future__ import annotations

import csv
import json
import sqlite3
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from archive.identity import url_key
from archive.mining import SiteRule
from archive.records import Article, Page, Reservation, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.store.hosts import Robots
from archive.takedown.taking import take_down, target_of
from crawler.cli import cli
from tests.exports.conftest import NOON

OPEN, SHUT, BOTS = "https://open.example", "https://shut.example", "https://bots.example"


@pytest.fixture
def reserved(folder):
    """Six more articles: pages that say yes and no, sites that do, one that shuts crawlers of AI out."""
    with Archive(folder) as archive:
        (run,) = [row["id"] for row in archive.news.query("SELECT min(id) AS id FROM runs")]

        def keep(url, said=None):
            page = Page(url, url, "steppe_news", NOON, 200, (), url.encode())
            page_id = archive.pages.keep(page, kind="article")
            article = Article(
                url=url, requested_url=url, url_key=url_key(url), cleaned_with="1", body="Текст"
            )
            visit = Visit(url, "article", 200, NOON, page_id=page_id, reservation=said)
            archive.keep_article(run, "steppe_news", article, visit)

        archive.reservations.note_site(
            SHUT, 200, (SiteRule("/free/", False), SiteRule("/", True, f"{SHUT}/terms")), at=NOON
        )
        archive.hosts.note_robots(BOTS, Robots("all", 200, ai_agents=("CCBot", "GPTBot")), at=NOON)
        archive.hosts.note_robots(BOTS, Robots("closed", 500), at=NOON)
        keep(f"{OPEN}/yes", Reservation(True, ("meta robots: noai",)))
        keep(f"{OPEN}/no", Reservation(False, ("header tdm-reservation: 0",)))
        keep(f"{SHUT}/a")
        keep(f"{SHUT}/free/a")
        keep(f"{SHUT}/no", Reservation(False, ("header tdm-reservation: 0",)))
        keep(f"{BOTS}/a")
    return folder


def exported(folder, *options):
    """What lands on standard output, and what is said beside it."""
    done = CliRunner().invoke(cli, ["export", "--to", "-", "--archive", str(folder.path), *options])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_free_leaves_out_what_page_site_or_robots_txt_reserve(reserved):
    everything, said = exported(reserved)
    assert len(everything) == 10
    assert "3 of them reserve text and data mining" in said
    free, said = exported(reserved, "--tdm", "free")
    assert {f"{OPEN}/no", f"{SHUT}/free/a", f"{SHUT}/no"} < {row["url"] for row in free}
    assert (len(free), "reserve" in said) == (7, False)
    shut, _ = exported(reserved, "--tdm", "reserved")
    assert [row["url"] for row in shut] == [f"{OPEN}/yes", f"{SHUT}/a", f"{BOTS}/a"]


def test_columns_say_whether_and_where(reserved):
    rows, _ = exported(reserved, "--columns", "url,tdm_reserved,tdm_said")
    said = {row["url"]: (row["tdm_reserved"], row["tdm_said"]) for row in rows}
    assert said[f"{OPEN}/yes"] == (1, ["meta robots: noai"])
    assert said[f"{SHUT}/free/a"] == (0, ["tdmrep.json: /free/ 0"])
    assert said[f"{BOTS}/a"] == (1, ["robots.txt shuts out CCBot, GPTBot"])
    assert said["https://steppe-news.example/full"] == (None, [])


def test_pages_are_chosen_the_same_way(reserved, tmp_path):
    warc = tmp_path / "free.warc"
    done = CliRunner().invoke(
        cli, ["export", "--to", str(warc), "--tdm", "reserved", "--archive", str(reserved.path)]
    )
    assert done.exit_code == 0, done.output
    assert f"{SHUT}/a".encode() in warc.read_bytes()
    assert f"{OPEN}/no".encode() not in warc.read_bytes()


def test_who_has_an_earlier_export_is_told_what_to_delete(reserved):
    with Archive(reserved) as archive:
        take_down(archive, target_of(archive, f"{OPEN}/yes"), reason="private", asked_by="N. N.")
    rows, _ = exported(reserved, "--with-takedowns")
    assert rows[-1].keys() == {"id", "url", "source", "taken_down_at"}
    assert rows[-1]["url"] == f"{OPEN}/yes"
    assert len(exported(reserved)[0]) == 9
    assert len(exported(reserved, "--with-takedowns", "--source", "aul_kz")[0]) == 1


def test_a_table_has_no_room_for_what_was_taken_down(reserved):
    done = CliRunner().invoke(
        cli,
        ["export", "--to", "-", "--format", "csv", "--with-takedowns", "--archive", str(reserved.path)],
    )
    assert done.exit_code == 2
    assert "JSON Lines" in done.output


def written(folder, to, *options, command=("export",)):
    """What a command writes to a place; returns what it says beside it."""
    done = CliRunner().invoke(
        cli, [*command, "--to", str(to), "--archive", str(folder.path), *map(str, options)]
    )
    assert done.exit_code == 0, done.output
    return done.stderr


COUNTS = {
    "x.csv": lambda path: len(list(csv.DictReader(path.open(encoding="utf-8", newline="")))),
    "x.parquet": lambda path: parquet.read_metadata(path).num_rows,
    "x.db": lambda path: sqlite3.connect(path).execute("SELECT count(*) FROM articles").fetchone()[0],
    "x.atom": lambda path: path.read_text("utf-8").count("</entry>"),
    "x.zip": lambda path: sum(name.endswith(".txt") for name in ZipFile(path).namelist()),
    "hf": lambda path: sum(parquet.read_metadata(one).num_rows for one in path.glob("data/*.parquet")),
    "datapackage": lambda path: COUNTS["x.csv"](path / "articles.csv"),
    "txt": lambda path: len(list(path.rglob("*.txt"))),
}


@pytest.mark.parametrize("to", list(COUNTS))
def test_every_format_chooses_the_same_way(reserved, tmp_path, to):
    form = () if "." in to else ("--format", to)
    said = written(reserved, tmp_path / to, *form)
    assert "3 of them reserve text and data mining" in said
    assert COUNTS[to](tmp_path / to) == 10
    free = tmp_path / f"free.{to}"
    assert "reserve" not in written(reserved, free, "--tdm", "free", *form)
    assert COUNTS[to](free) == 7


def test_columns_of_parquet_have_their_types(reserved, tmp_path):
    written(reserved, tmp_path / "x.parquet", "--columns", "url,tdm_reserved,tdm_said")
    table = parquet.read_table(tmp_path / "x.parquet")
    assert [str(one) for one in table.schema.types[1:]] == ["int64", "list<element: string>"]
    rows = {row["url"]: row for row in table.to_pylist()}
    assert rows[f"{SHUT}/a"] == {"url": f"{SHUT}/a", "tdm_reserved": 1, "tdm_said": ["tdmrep.json: / 1"]}
    assert rows["https://steppe-news.example/full"]["tdm_reserved"] is None


def test_choices_meet_conditions_and_parts(reserved, tmp_path):
    rows, said = exported(reserved, "--where", "url LIKE '%shut%' OR url LIKE '%open%'")
    assert (len(rows), "2 of them reserve" in said) == (5, True)
    assert len(exported(reserved, "--where", "url LIKE '%shut%' OR 1", "--tdm", "reserved")[0]) == 3
    written(reserved, tmp_path / "parts", "--format", "csv", "--tdm", "free", "--split", "2026-03-11")
    assert sum(COUNTS["x.csv"](path) for path in (tmp_path / "parts").iterdir()) == 7


def test_an_archive_of_chosen_articles_knows_what_is_reserved(reserved, tmp_path):
    part = ArchiveFolder(tmp_path / "part")
    part.path.mkdir()
    written(reserved, part.news, "--where", "url LIKE '%shut%' OR url LIKE '%bots%'")
    assert {row["url"] for row in exported(part, "--tdm", "reserved")[0]} == {f"{SHUT}/a", f"{BOTS}/a"}
    assert len(exported(part, "--tdm", "free")[0]) == 2
    written(reserved, tmp_path / "other.db", "--source", "aul_kz")
    with sqlite3.connect(tmp_path / "other.db") as other:
        assert other.execute("SELECT count(*) FROM site_reservations").fetchone() == (0,)


@pytest.mark.parametrize("text_free", [(), ("--text-free",)], ids=["texts", "text_free"])
def test_a_release_says_of_each_article_what_is_reserved(reserved, tmp_path, text_free):
    with Archive(reserved) as archive:
        gone = target_of(archive, f"{OPEN}/no")
        take_down(archive, gone, reason="private", asked_by="N. N.")
    said = written(reserved, tmp_path, *text_free, command=("release", "make", "all"))
    assert "9 articles" in said
    assert "3 of them reserve text and data mining" in said
    rows = {
        row["url"]: row
        for row in csv.DictReader((tmp_path / "all" / "articles.csv").open("r", encoding="utf-8"))
    }
    assert rows[f"{BOTS}/a"]["tdm_reserved"] == "1"
    assert rows[f"{BOTS}/a"]["tdm_said"] == '["robots.txt shuts out CCBot, GPTBot"]'
    tombstones = list(csv.DictReader((tmp_path / "all" / "tombstones.csv").open("r", encoding="utf-8")))
    assert [row["id"] for row in tombstones] == [str(gone.article["id"])]
    told = json.loads((tmp_path / "all" / "release.json").read_bytes())
    assert [row["articles reserved"] for row in told["rights"]] == [0, 3]
    said = written(reserved, tmp_path, "--tdm", "free", *text_free, command=("release", "make", "free"))
    assert ("6 articles" in said, "reserve" in said) == (True, False)
    told = json.loads((tmp_path / "free" / "release.json").read_bytes())
    assert (told["articles"], told["query"]["tdm"]) == (6, "free")


def test_what_is_reserved_comes_with_a_data_set(reserved, tmp_path):
    written(reserved, tmp_path, command=("release", "make", "all"))
    other = ArchiveFolder(tmp_path / "other")
    done = CliRunner().invoke(
        cli, ["import", str(tmp_path / "all" / "articles.jsonl"), "--archive", str(other.path)]
    )
    assert done.exit_code == 0, done.output
    columns = ("--columns", "url,tdm_reserved,tdm_said")
    assert exported(other, *columns) == (exported(reserved, *columns)[0], exported(reserved, *columns)[1])


def test_an_archive_of_an_earlier_version_says_that_it_does_not_know(folder, tmp_path):
    with Archive(folder) as archive:
        archive.news.conn.execute("DROP TRIGGER reservations_delete")
        for table in ("reservations", "site_reservations", "robots"):
            archive.news.conn.execute(f"DROP TABLE {table}")
        archive.news.conn.commit()
    rows, said = exported(folder, "--columns", "tdm_reserved,tdm_said")
    assert rows == [{"tdm_reserved": None, "tdm_said": []}] * 4
    assert "reserve" not in said
    written(folder, tmp_path, command=("release", "make", "old"))
    done = CliRunner().invoke(cli, ["export", "--to", "-", "--tdm", "free", "--archive", str(folder.path)])
    assert (done.exit_code, "knows nothing of reservations" in done.output) == (2, True)


def test_takedowns_are_told_in_one_file(reserved, tmp_path):
    done = CliRunner().invoke(
        cli,
        [
            *("export", "--to", str(tmp_path / "x"), "--format", "jsonl", "--with-takedowns"),
            *("--split", "2026-03-11", "--archive", str(reserved.path)),
        ],
    )
    assert (done.exit_code, "one file of JSON Lines" in done.output) == (2, True)
