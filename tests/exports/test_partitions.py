"""Parquet in folders for sources and months: DuckDB reads every row, and opens no file it does not need."""

from __future__ import annotations

import re
from array import array
from datetime import date

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from archive.cli import export
from archive.exports import partitions
from archive.exports.arrow import schema_of
from archive.exports.columns import USUAL
from archive.store.archive import Archive

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
ALL_KEYS = "source,month"


def run(folder, *arguments):
    return CliRunner().invoke(export, [*map(str, arguments), "--archive", str(folder.path)])


def parted(folder, to, by=ALL_KEYS, *more):
    done = run(folder, "--to", to, "--format", "parquet", "--partition-by", by, *more)
    assert done.exit_code == 0, done.output
    return to


def hive(place):
    return f"read_parquet('{place}/**/*.parquet', hive_partitioning=true)"


def scanned(query):
    """How many files a query opens, of how many; `None` where it opens all of them."""
    ((_, plan),) = duckdb.sql(f"EXPLAIN {query}").fetchall()
    found = re.search(r"Scanning Files: (\d+/\d+)", plan)
    return found and found[1]


def change(folder, sql, *values):
    with Archive(folder) as archive:
        archive.news.conn.execute("PRAGMA foreign_keys = OFF")
        archive.news.conn.execute(sql, values)
        archive.news.conn.commit()


@pytest.mark.parametrize("by", ["source", "month", ALL_KEYS])
def test_duckdb_reads_the_rows_of_the_plain_file_from_the_folders(telling, tmp_path, by):
    done = run(telling, "--to", tmp_path / "plain.parquet")
    assert done.exit_code == 0
    place = parted(telling, tmp_path / "parted", by)
    names = ", ".join(column.name for column in USUAL)
    plain = duckdb.sql(f"SELECT {names} FROM '{tmp_path}/plain.parquet' ORDER BY id").fetchall()
    assert len(plain) == 4
    assert duckdb.sql(f"SELECT {names} FROM {hive(place)} ORDER BY id").fetchall() == plain


def test_folders_are_named_as_hive_names_them_and_undated_ones_are_null(telling, tmp_path):
    place = parted(telling, tmp_path / "parted")
    files = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    assert files == [
        "source=aul_kz/month=2026-03/part-0.parquet",
        "source=steppe_news/month=2026-03/part-0.parquet",
        "source=steppe_news/month=__HIVE_DEFAULT_PARTITION__/part-0.parquet",
    ]
    found = duckdb.sql(f"SELECT title FROM {hive(place)} WHERE month IS NULL").fetchall()
    assert found == [("без даты",)]


def test_a_filter_by_folder_opens_only_its_files(telling, tmp_path):
    place = parted(telling, tmp_path / "parted")
    everything = f"SELECT id FROM {hive(place)}"
    assert scanned(f"{everything} WHERE id > 0") is None
    assert scanned(f"{everything} WHERE source = 'aul_kz'") == "1/3"
    assert scanned(f"{everything} WHERE source = 'steppe_news' AND month >= '2026-03'") == "1/3"


def test_what_a_folder_tells_is_in_no_file_and_the_rest_keeps_its_type(folder, tmp_path):
    place = parted(folder, tmp_path / "parted", "source")
    for path in place.rglob("*.parquet"):
        read = parquet.ParquetFile(path).schema_arrow
        assert read.equals(schema_of([column for column in USUAL if column.name != "source"]))
    place = parted(folder, tmp_path / "by_month", "month")
    assert all("source" in parquet.ParquetFile(path).schema_arrow.names for path in place.rglob("*.parquet"))


def test_rows_are_chosen_as_in_any_export(folder, tmp_path):
    place = parted(folder, tmp_path / "x", ALL_KEYS, "--language", "kk", "--columns", "id,title")
    rows = duckdb.sql(f"SELECT title, source, month FROM {hive(place)}").fetchall()
    assert rows == [("Ертең боран", "steppe_news", "2026-03")]
    nothing = parted(folder, tmp_path / "nothing", ALL_KEYS, "--until", "1999-12-31")
    assert not list(nothing.iterdir())


def test_a_hostile_source_or_day_leads_out_of_no_folder(folder, tmp_path):
    hostile = "../../x/\u202ea%2F=b\n'"
    change(folder, "UPDATE articles SET source = ? WHERE source = 'aul_kz'", hostile)
    change(folder, "UPDATE articles SET published_date = '../../../up' WHERE source = 'steppe_news'")
    done = run(folder, "--to", tmp_path / "out", "--format", "parquet", "--partition-by", ALL_KEYS)
    assert done.exit_code == 6  # a day that is none is told
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "out"}
    files = [path.relative_to(tmp_path / "out") for path in tmp_path.rglob("*.parquet")]
    assert {len(path.parts) for path in files} == {3}
    rows = duckdb.sql(f"SELECT DISTINCT source, month FROM {hive(tmp_path / 'out')} ORDER BY 1").fetchall()
    assert rows == [(hostile, None), ("steppe_news", None)]


def test_large_folders_have_several_files_and_each_row_once(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(partitions, "SHARD_ROWS", 2)
    place = parted(folder, tmp_path / "parted", "source")
    assert len(list((place / "source=steppe_news").iterdir())) == 2
    ids = [one for (one,) in duckdb.sql(f"SELECT id FROM {hive(place)}").fetchall()]
    assert len(ids) == len(set(ids)) == 4


def test_one_file_is_open_at_a_time(big_folder, tmp_path, monkeypatch):
    open_now, most = set(), []
    made = partitions.write_rows

    def watched(file, encoder, batches):
        open_now.add(file)
        most.append(len(open_now))
        try:
            return made(file, encoder, batches)
        finally:
            open_now.remove(file)

    change_days = "UPDATE articles SET published_date = '20' || printf('%02d', id % 60) || '-03-10'"
    with Archive(big_folder) as archive:
        archive.news.conn.execute(change_days)
        monkeypatch.setattr(partitions, "write_rows", watched)
        found = partitions.partitions(archive.news, ids_of(archive), ("month",))
        archive.news.conn.rollback()
    assert len(found) == 60
    assert sum(len(ids) for _, ids in found) == 20_000
    assert all(list(ids) == sorted(ids) for _, ids in found)
    parted(big_folder, tmp_path / "parted", "month")
    assert set(most) == {1}


def ids_of(archive):
    return array("q", (row[0] for row in archive.news.conn.execute("SELECT id FROM articles ORDER BY id")))


def test_a_broken_export_leaves_nothing(folder, tmp_path, monkeypatch):
    def breaks(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(partitions, "write_rows", breaks)
    done = run(folder, "--to", tmp_path / "out", "--format", "parquet", "--partition-by", "source")
    assert done.exit_code != 0
    assert {path.name for path in tmp_path.iterdir()} == {"archive"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "x.csv", "--partition-by", "source"], "is for Parquet, not csv"),
        (["--to", "x.parquet", "--partition-by", "source", "--split", "2026-01-01"], "leave one of them out"),
        (["--to", "-", "--format", "parquet", "--partition-by", "month"], "cannot be printed"),
        (["--to", "x.parquet", "--partition-by", "source", "--columns", "source"], "tell all columns"),
        (["--to", ".", "--format", "parquet", "--partition-by", "source"], "is there already"),
        (["--to", "x.parquet", "--partition-by", "day"], "Invalid value for '--partition-by'"),
    ],
)
def test_what_cannot_be_meant_is_told_before_anything_is_written(
    folder, tmp_path, monkeypatch, arguments, said
):
    monkeypatch.chdir(tmp_path)
    done = run(folder, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"archive"}


def test_months_are_those_of_days_that_are_days():
    assert partitions.month_of("2026-03-10") == "2026-03"
    assert partitions.month_of(date.min.isoformat()) == "0001-01"
    assert [partitions.month_of(one) for one in (None, "", "2026-13-01", "soon")] == [None] * 4
