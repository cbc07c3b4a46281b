"""docs/questions.md: every answer, as it stands there, on articles of which the answer is known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import export
from archive.store.archive import Archive

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "questions.md"


@pytest.fixture
def answer(monkeypatch, tmp_path):
    """The rows that a block of the page gives, by its number, where its files lie."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    assert len(blocks) == 3
    return lambda number: duckdb.sql(blocks[number - 1]).fetchall()


def exported(folder, to):
    done = CliRunner().invoke(export, ["--to", str(to), "--archive", str(folder.path)])
    assert done.exit_code == 0, done.output


def test_how_much_each_source_publishes(folder, tmp_path, answer):
    exported(folder, tmp_path / "articles.parquet")
    assert answer(1) == [("steppe_news", "2026-03", 2, 0.5)]


def test_how_much_stood_elsewhere_before(telling, tmp_path, answer):
    exported(telling, tmp_path / "articles.parquet")
    assert answer(2) == [("aul_kz", 1, 1, 1.0), ("steppe_news", 3, 0, 0.0)]


def test_what_changed_between_two_releases(folder, tmp_path, answer):
    exported(folder, tmp_path / "earlier.parquet")
    with Archive(folder) as archive:
        for statement in (
            "UPDATE articles SET title = 'другое', content_hash = 'x' WHERE source = 'aul_kz'",
            "UPDATE articles SET gone_at = '2026-04-01T00:00:00Z' WHERE language = 'kk'",
        ):
            archive.news.conn.execute(statement)
        archive.news.conn.commit()
    exported(folder, tmp_path / "later.parquet")
    assert answer(3) == [("aul_kz", 0, 0, 1, 1, 0), ("steppe_news", 0, 0, 0, 0, 1)]
