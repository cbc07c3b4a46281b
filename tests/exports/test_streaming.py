"""A big archive: what is exported does not have to fit into memory, and nothing written meanwhile shows."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import closing

import pytest

from archive.exports.columns import USUAL
from archive.exports.exporting import export_articles
from archive.exports.formats import FORMATS, Style
from archive.exports.rows import BATCH, row_batches
from archive.search.filters import ArticleFilter
from archive.store.connection import open_to_read, snapshot

MIB = 1024 * 1024


def export(folder, to, form="jsonl", **where):
    return export_articles(
        folder,
        str(to),
        form=FORMATS[form],
        packed=False,
        columns=USUAL,
        where=ArticleFilter(**where),
        style=Style(),
    )


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
    # Two batches of rows and their bytes: 500 articles of 6 kB, several times over.
    assert peak < 25 * MIB, f"{peak / MIB:.0f} MiB"


def test_every_row_is_there_once_in_order(big_folder, tmp_path):
    target = tmp_path / "x.jsonl"
    export(big_folder, target)
    with target.open(encoding="utf-8") as lines:
        records = [(one["id"], len(one["links"])) for one in map(json.loads, lines)]
    assert records == [(n * 7, 3) for n in range(1, 20_001)]


def test_what_is_written_meanwhile_does_not_show(changing):
    path = changing.folder.news
    with closing(open_to_read(path)) as db, snapshot(db, path):
        batches = row_batches(db, USUAL, ArticleFilter())
        assert len(next(batches)) == BATCH
        changing.news.conn.execute("DELETE FROM articles WHERE id > 4000")
        changing.news.conn.commit()
        assert BATCH + sum(len(batch) for batch in batches) == 1_500
    assert changing.news.conn.execute("SELECT count(*) < 1000 FROM articles").fetchone() == (1,)
