"""What a crawl costs, counted and not timed: transactions and statements, the same on a busy machine."""

from __future__ import annotations

import json

import pytest

ARTICLES = 60
# Loaded by every process of the crawl before anything else: counts what its connections run.
COUNTING = """
import atexit, json, os
from collections import Counter
import archive.store.connection as connection
opened, said = connection.open_to_write, Counter()
def counting(path, *arguments, **options):
    db = opened(path, *arguments, **options)
    db.conn.set_trace_callback(lambda text: said.update([text.split(None, 1)[0]]))
    atexit.register(lambda: open(os.environ["COUNTS"], "w").write(json.dumps(said)))
    return db
connection.open_to_write = counting
"""


@pytest.fixture
def counted_crawl(crawl_site, tmp_path, monkeypatch):
    """Crawl the site; returns how many statements of each kind its databases ran."""
    (tmp_path / "counting").mkdir()
    (tmp_path / "counting" / "sitecustomize.py").write_text(COUNTING, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "counting"))
    counts = tmp_path / "counts.json"
    monkeypatch.setenv("COUNTS", str(counts))

    def crawl():
        assert crawl_site().code == 0
        return json.loads(counts.read_text())

    return crawl


def test_an_article_is_a_part_of_a_transaction_and_a_known_one_costs_nothing(site, counted_crawl, archive):
    site.pace = "delay_seconds = 0\nconcurrent_requests = 16"
    for number in range(ARTICLES):
        site.article(f"/a/{number}")
    first = counted_crawl()
    assert archive.rows("SELECT count(*) FROM articles") == [(ARTICLES,)]
    # Its page is in one and its article in another; each in its own were 4 with the list's.
    assert first["COMMIT"] < 1.5 * ARTICLES
    assert sum(first.values()) < 120 * ARTICLES
    asked = len(site.asked)
    again = counted_crawl()
    assert [path for path in site.paths_asked()[asked:] if path.startswith("/a/")] == []
    assert archive.rows("SELECT count(*) FROM fetches WHERE kind = 'article'") == [(ARTICLES,)]
    # Asked for in lists of 500: what is known costs no statement of its own.
    assert sum(again.values()) < 4 * ARTICLES + 200
    assert again["COMMIT"] < 30
