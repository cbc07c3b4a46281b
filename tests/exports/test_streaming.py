"""A big archive: what is exported does not have to fit into memory, and nothing written meanwhile shows."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import tracemalloc
from contextlib import closing

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from archive.cli import export as export_command
from archive.exports.columns import USUAL
from archive.exports.exporting import Order, columns_of, export_articles
from archive.exports.formats import FORMATS
from archive.exports.rows import BATCH, row_batches
from archive.exports.selection import Wanted, wanted_ids
from archive.search.filters import ArticleFilter
from archive.store.connection import open_to_read, snapshot

MIB = 1024 * 1024


def export(folder, to, form="jsonl", **where):
    order = Order(FORMATS[form], columns_of(FORMATS[form], USUAL))
    return export_articles(folder, str(to), order, Wanted(ArticleFilter(**where))).articles


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_memory_does_not_grow_with_the_archive(big_folder, tmp_path, form):
    target = tmp_path / f"x.{form}"
    tracemalloc.start()
    try:
        assert export(big_folder, target, form, sources=("made_up",)) == 20_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert target.stat().st_size > 100 * MIB
    # Two batches of rows and their bytes: 500 articles of 6 kB as text, as UTF-8 beside it, as a line.
    assert peak < 48 * MIB, f"{peak / MIB:.0f} MiB"


def test_every_row_is_there_once_in_order(big_folder, tmp_path):
    target = tmp_path / "x.jsonl"
    export(big_folder, target)
    with target.open(encoding="utf-8") as lines:
        records = [(one["id"], len(one["links"])) for one in map(json.loads, lines)]
    assert records == [(n * 7, 3) for n in range(1, 20_001)]


def test_what_is_written_meanwhile_does_not_show(changing):
    path = changing.folder.news
    with closing(open_to_read(path)) as db, snapshot(db, path):
        batches = row_batches(db, USUAL, wanted_ids(db, Wanted()))
        assert len(next(batches)) == BATCH
        changing.news.conn.execute("DELETE FROM articles WHERE id > 4000")
        changing.news.conn.commit()
        assert BATCH + sum(len(batch) for batch in batches) == 1_500
    assert changing.news.conn.execute("SELECT count(*) < 1000 FROM articles").fetchone() == (1,)


@pytest.fixture
def place(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


def run(folder, *arguments):
    return CliRunner().invoke(export_command, [*map(str, arguments), "--archive", str(folder.path)])


def test_parquet_comes_in_row_groups_of_a_bounded_size_packed_by_zstd(big_folder, place):
    run(big_folder, "--to", place / "x.parquet", "--columns", "id,url,title")
    told = parquet.ParquetFile(place / "x.parquet").metadata
    assert [told.row_group(n).num_rows for n in range(told.num_row_groups)] == [10_000, 10_000]
    assert told.row_group(0).column(0).compression == "ZSTD"


SIGNS = {"term": signal.SIGTERM, "int": signal.SIGINT, "kill": signal.SIGKILL}
USUAL_ENDS = (("x.parquet", "term"), ("set", "kill"))
OTHER_ENDS = [
    (to, how)
    for to in ("x.jsonl", "x.parquet", "x.db", "x.zip", "set")
    for how in SIGNS
    if (to, how) not in USUAL_ENDS
]


@pytest.mark.parametrize(
    ("to", "how"), [*USUAL_ENDS, *(pytest.param(*one, marks=pytest.mark.slow) for one in OTHER_ENDS)]
)
def test_an_export_that_is_ended_leaves_nothing_half(big_folder, place, to, how):
    form = ["--format", "hf"] if to == "set" else []
    command = [sys.executable, "-m", "crawler", "export", "--to", str(place / to), *form]
    exporting = subprocess.Popen(
        [*command, "--archive", str(big_folder.path)],
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # a test run in the background has none
    )
    until = time.monotonic() + 60
    while not (parts := list(place.glob(".*.part"))) or size_of(parts[0]) == 0:
        assert exporting.poll() is None, exporting.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.005)
    exporting.send_signal(SIGNS[how])
    code = exporting.wait(timeout=60)
    assert not (place / to).exists()
    if how == "kill":
        assert code == -signal.SIGKILL
        run(big_folder, "--to", place / to, *form, "--source", "made_up", "--where", "id < 100")
        assert [one.name for one in place.iterdir()] == [to]  # the next one tidies up
    else:
        assert code == 130
        assert not list(place.iterdir())


def size_of(path):
    files = [path] if path.is_file() else list(path.rglob("*"))
    return sum(one.stat().st_size for one in files if one.is_file())


@pytest.mark.parametrize(
    "to", ["set", *(pytest.param(to, marks=pytest.mark.slow) for to in ("x.parquet", "x.db"))]
)
def test_a_full_disk_is_told_and_leaves_nothing(big_folder, place, to):
    form = ["--format", "hf"] if to == "set" else []
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from crawler.cli import main\n"
        f"sys.argv = ['muragat', 'export', '--to', {str(place / to)!r}, *{form!r}, "
        f"'--archive', {str(big_folder.path)!r}]\nmain()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert result.returncode == 6, result.stderr
    assert "cannot be written" in result.stderr
    assert not list(place.iterdir())
