"""What changes on a site between two crawls, and what of it is kept."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def crawl(muragat, profile, archive, *options):
    done = muragat("crawl", "--profile", profile, "--archive", archive.path, "--allow-private", *options)
    assert done.code == 0, done.err
    return done


def test_only_the_new_and_the_stated_as_changed_are_fetched(muragat, newspaper, profile, archive):
    crawl(muragat, profile, archive)
    before = newspaper.requests.copy()
    newspaper.publish(2)
    done = crawl(muragat, profile, archive)
    assert "2 new, 1 revised" in done.out
    articles = {article.path for edition in (1, 2) for article in newspaper.truth(edition)}
    assert sum((newspaper.requests - before)[path] for path in articles) == 3


def test_a_reworded_article_keeps_both_wordings_and_a_vanished_one_its_text(
    muragat, newspaper, profile, archive
):
    crawl(muragat, profile, archive)
    newspaper.publish(2)
    crawl(muragat, profile, archive, "--revisit")
    morning = {article.id: article for article in newspaper.truth(1)}
    evening = {article.id: article for article in newspaper.truth(2)}
    (gone,) = morning.keys() - evening.keys()
    (revised,) = [i for i in morning.keys() & evening.keys() if morning[i].body != evening[i].body]
    rows = archive.rows(
        "SELECT t.title, t.body FROM revision_texts t JOIN articles a ON a.id = t.article_id "
        "WHERE a.url = ? ORDER BY t.number",
        evening[revised].url,
    )
    assert [title for title, _ in rows] == [morning[revised].title, evening[revised].title]
    assert [body.split() for _, body in rows] == [
        morning[revised].body.split(),
        evening[revised].body.split(),
    ]
    ((gone_at, body),) = archive.rows("SELECT gone_at, body FROM articles WHERE url = ?", morning[gone].url)
    assert gone_at
    assert words(body) == words(morning[gone].body)


def test_a_text_under_a_second_address_is_kept_there_too(muragat, newspaper, profile, archive):
    crawl(muragat, profile, archive)
    copies = archive.rows("SELECT count(*) FROM articles GROUP BY body HAVING count(*) > 1")
    assert copies == [(2,)]


def test_limit_takes_so_many_and_leaves_the_rest_on_the_list(muragat, newspaper, profile, archive):
    crawl(muragat, profile, archive, "--limit", 5)
    assert archive.rows("SELECT count(*) FROM articles") == [(5,)]
    crawl(muragat, profile, archive)
    assert archive.rows("SELECT count(*) FROM articles") == [(len(newspaper.truth(1)),)]


def test_since_leaves_out_what_states_an_earlier_day(muragat, newspaper, profile, archive):
    crawl(muragat, profile, archive, "--since", "2026-03-09")
    days = [day for (day,) in archive.rows("SELECT published_date FROM articles") if day]
    recent = [a for a in newspaper.truth(1) if a.published and a.published.date().isoformat() > "2026-03-09"]
    assert len(days) >= len(recent) > 0
    assert archive.rows("SELECT count(*) FROM articles")[0][0] < len(newspaper.truth(1))


def test_copies_are_known_after_a_crawl_and_those_of_an_earlier_version_after_the_next(
    muragat, newspaper, profile, archive
):
    crawl(muragat, profile, archive)
    known = archive.rows("SELECT article_id, other_id, share_of_article FROM copies ORDER BY 1, 2")
    assert (1.0, 1.0) in {(share, share) for _, _, share in known}
    assert muragat("copies", "--archive", archive.path).out.startswith("2 articles of 1 source; first: ")
    with closing(sqlite3.connect(archive.path / "news.db")) as db, db:
        db.execute("DELETE FROM article_fingerprints")
        db.execute("INSERT INTO uncompared SELECT id FROM articles")
    crawl(muragat, profile, archive)
    assert archive.rows("SELECT count(*) FROM uncompared") == [(0,)]
    assert archive.rows("SELECT article_id, other_id, share_of_article FROM copies ORDER BY 1, 2") == known
