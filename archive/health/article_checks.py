"""Checks of news.db: is an article, a wording, a search row or a count lost, double or damaged?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from archive.health.copy_checks import copy_findings
from archive.health.findings import Finding, Remedy, found, listed
from archive.identity import content_hash
from archive.numbers_said import counted
from archive.search.article_keys import keys_of
from archive.search.index_state import CANARY_ROW, IndexState, index_state
from archive.search.query import quoted
from archive.store.counts import RECOUNT

SAMPLE = 200
Check = Callable[[], Finding | Iterable[Finding]]
WORD_CHARS = 60
JSON_COLUMNS = ("authors", "breadcrumbs", "tags", "evidence", "problems")
COUNTED = "SELECT day, source, section, language, articles FROM daily_counts WHERE articles <> 0"

MONTHS = "SELECT source, month, section, language, articles FROM monthly_counts WHERE articles <> 0"
SUMMED = (
    "SELECT source, substr(day, 1, 7) AS month, section, language, sum(articles) FROM daily_counts "
    "GROUP BY 1, 2, 3, 4 HAVING sum(articles) <> 0"
)


def article_checks(db: Database, *, full: bool) -> Iterator[tuple[str, Check]]:
    """The checks of news.db's articles by name, of every article's text with `full`, else of a sample."""
    (articles,) = db.conn.execute("SELECT count(*) FROM articles").fetchone()
    ids = some_ids(db, None if full else SAMPLE)
    yield "addresses of articles", lambda: double_addresses(db, articles)
    yield "revisions", lambda: revision_counts(db)
    yield "earlier wordings", lambda: earlier_wordings(db)
    yield "texts of earlier wordings", lambda: earlier_texts(db, full=full)
    yield "lists", lambda: unread_lists(db)
    yield "counts by day and month", lambda: kept_counts(db)
    yield "the search index", lambda: search_rows(db, articles)
    yield "texts", lambda: texts_as_hashed(db, ids)
    yield "texts in the search index", lambda: found_again(db, ids)
    yield "copies", lambda: copy_findings(db, ids, full=full)
    yield "changes for the search index", lambda: waiting_changes(db)
    if full:
        yield "letters", lambda: unreadable_texts(db)
        yield "words of the search index", lambda: index_counts(db)


def double_addresses(db: Database, articles: int) -> Finding:
    """No two articles have one `url_key`. The unique index itself may be what is damaged: read past it."""
    query = "SELECT url_key FROM articles NOT INDEXED GROUP BY url_key HAVING count(*) > 1"
    check, hint = "one article for one address", "take the one out that you do not want"
    return listed(db, check, "double", query, counted(articles, "article"), hint=hint)


def revision_counts(db: Database) -> Finding:
    """Every article has as many revisions as it says, numbered from 1."""
    query = (
        "SELECT id FROM articles a WHERE (SELECT count(*) = a.revisions AND max(number) = a.revisions "
        "AND min(number) = 1 FROM revisions r WHERE r.article_id = a.id) IS NOT 1"
    )
    return listed(db, "every wording has its revision", "lost", query, remedy=Remedy.WORDINGS)


def earlier_wordings(db: Database) -> Finding:
    """Every replaced wording has its text, and the newest is the one that stands in the article."""
    query = (
        "SELECT DISTINCT r.article_id FROM revisions r JOIN articles a ON a.id = r.article_id "
        "WHERE (r.number < a.revisions AND r.body IS NULL) "
        "OR (r.number = a.revisions AND r.content_hash <> a.content_hash)"
    )
    (revisions,) = db.conn.execute("SELECT count(*) FROM revisions").fetchone()
    looked_at = counted(revisions, "revision")
    return listed(db, "every revision has its text", "lost", query, looked_at, Remedy.WORDINGS)


def earlier_texts(db: Database, *, full: bool) -> Finding:
    """Every replaced wording's text is still the one its hash was made of."""
    some = "" if full else f"ORDER BY id DESC LIMIT {SAMPLE}"
    rows = db.conn.execute(
        f"SELECT article_id, title, lead, body, content_hash FROM revisions WHERE body IS NOT NULL {some}"
    )
    looked_at, changed = 0, []
    for article_id, *texts, kept in rows:
        looked_at += 1
        if not is_as_hashed(texts, kept):
            changed.append(article_id)
    check = "earlier texts are as they were kept"
    return found(check, "damaged", changed, Remedy.WORDINGS, counted(looked_at, "text"))


def waiting_changes(db: Database) -> Finding:
    """Changes of texts by another program, which the search index does not know yet."""
    (waiting,) = db.conn.execute("SELECT count(*) FROM search_changes").fetchone()
    detail = "the next crawl or `muragat reindex` takes them in"
    return Finding("changes the search index does not know yet", "note", waiting, "", detail)


def unreadable_texts(db: Database) -> Finding:
    """Every text column of every article holds letters: a flipped bit may leave what is none."""
    names = [
        row[1] for row in db.conn.execute("PRAGMA main.table_info(articles)") if row[2].upper() == "TEXT"
    ]
    query = f"SELECT id, {', '.join(names)} FROM articles"
    broken = [row[0] for row in db.conn.execute(query) if not all(map(is_readable, row[1:]))]
    return found("letters are letters", "damaged", broken, Remedy.READ_AGAIN)


def is_as_hashed(texts: Sequence[Any], kept: object) -> bool:
    """Whether title, lead and body are what a hash was made of; a flipped bit may make a number of a text."""
    title, lead, body = texts
    if not isinstance(body, str) or not all(one is None or isinstance(one, str) for one in (title, lead)):
        return False
    return content_hash(title, lead, body) == kept


def is_readable(text: object) -> bool:
    """Whether a text is valid UTF-8, read as the audit reads: what is not stands as lone surrogates."""
    if text is None or not isinstance(text, str):
        return text is None
    return text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text)


def unread_lists(db: Database) -> Finding:
    """Every list kept as JSON can be read."""
    sound = " AND ".join(f"json_valid({column})" for column in JSON_COLUMNS)
    query = f"SELECT id FROM articles WHERE NOT ({sound})"
    return listed(db, "lists can be read", "damaged", query, remedy=Remedy.READ_AGAIN)


def kept_counts(db: Database) -> Finding:
    """The counts by day are what counting gives, and those by month their sums."""
    query = " UNION ".join(
        f"SELECT {period} || ' ' || source FROM (SELECT * FROM ({one}) EXCEPT SELECT * FROM ({other}))"
        for period, kept, true in (("day", COUNTED, RECOUNT), ("month", MONTHS, SUMMED))
        for one, other in ((kept, true), (true, kept))
    )
    return listed(db, "counts by day and month are true", "damaged", query, remedy=Remedy.COUNTS)


def search_rows(db: Database, articles: int) -> Finding:
    """Every article is in the search index and nothing else is.

    FTS5's own integrity check needs the writer's place and holds it for minutes, which would stop a
    crawl; so the index is compared by its document list, which only needs reading.
    """
    check, state = "every article is in the search index", index_state(db.conn)
    if not state.can_be_asked:
        return Finding(check, "damaged", max(articles, 1), "", state.explanation, remedy=Remedy.SEARCH)
    query = (
        "SELECT id FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize) "
        "AND id NOT IN (SELECT article_id FROM search_changes WHERE was_indexed = 0) "
        f"UNION ALL SELECT id FROM articles_fts_docsize WHERE id <> {CANARY_ROW} "
        "AND id NOT IN (SELECT id FROM articles) AND id NOT IN (SELECT article_id FROM search_changes)"
    )
    finding = listed(db, check, "damaged", query, counted(articles, "article"), Remedy.SEARCH)
    if state is IndexState.SOUND:
        return finding
    return replace(finding, faults=max(finding.faults, 1), detail=state.explanation)


def some_ids(db: Database, sample: int | None) -> list[int]:
    """The ids of all articles, or of a sample and the newest, which a killed crawl would hurt first."""
    if sample is None:
        return [row[0] for row in db.conn.execute("SELECT id FROM articles ORDER BY id")]
    query = (
        "SELECT id FROM (SELECT id FROM articles ORDER BY first_seen_at DESC LIMIT :n) UNION "
        "SELECT id FROM (SELECT id FROM articles ORDER BY random() LIMIT :n) ORDER BY 1"
    )
    return [row[0] for row in db.conn.execute(query, {"n": sample // 2})]


def texts_as_hashed(db: Database, ids: list[int]) -> Finding:
    """Every text is still the one its hash was made of."""
    changed = []
    for article_id in ids:
        row = db.conn.execute(
            "SELECT title, lead, body, content_hash FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        if row is None or not is_as_hashed(row[:3], row[3]):
            changed.append(article_id)
    check = "texts are as they were kept"
    return found(check, "damaged", changed, Remedy.READ_AGAIN, counted(len(ids), "article"))


def found_again(db: Database, ids: list[int]) -> Finding:
    """Every article is found by the words it begins with; those the index does not know yet left out."""
    check = "articles are found by their words"
    if not index_state(db.conn).can_be_asked:
        return Finding(check, "damaged")
    waiting = {row[0] for row in db.conn.execute("SELECT article_id FROM search_changes")}
    lost = [one for one in ids if one not in waiting and not is_found(db, one)]
    return found(check, "damaged", lost, Remedy.SEARCH, counted(len(ids), "article"))


def is_found(db: Database, article_id: int) -> bool:
    """Whether the index finds the article by the keys its title and its body begin with."""
    texts = db.conn.execute("SELECT title, lead, body FROM articles WHERE id = ?", [article_id]).fetchone()
    if texts is None or not all(map(is_readable, texts)):
        return True  # what is wrong with the text itself is another check's
    title, _, body = keys_of(texts)
    for begin in ((title or "")[:WORD_CHARS], (body or "")[:WORD_CHARS]):
        # The last word may be cut. Letters younger than FTS5's tables, all above U+2000, are no words to it.
        words = [word for word in begin.split()[:-1] if any(c.isalnum() and c < "\u2000" for c in word)]
        if not words:
            continue
        expression = " AND ".join(map(quoted, words))
        query = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"
        if not db.conn.execute(query, [expression, article_id]).fetchone():
            return False
    return True


def index_counts(db: Database) -> Finding:
    """The search index holds as many words as its articles have: none lost, none twice.

    Reads the whole index, so what is damaged in it comes to light.
    """
    check = "words of the search index"
    if not index_state(db.conn).can_be_asked:
        return Finding(check, "damaged")
    db.conn.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, row)")
    try:
        (held,) = db.conn.execute("SELECT coalesce(sum(cnt), 0) FROM temp.words").fetchone()
        stated = sum(sum(varints(size)) for (size,) in db.conn.execute("SELECT sz FROM articles_fts_docsize"))
    except sqlite3.DatabaseError as error:
        return Finding(check, "damaged", 1, "", str(error), remedy=Remedy.SEARCH)
    finally:
        db.conn.execute("DROP TABLE temp.words")
    detail = f"{held} in the index"
    return Finding(
        check, "damaged", int(held != stated), counted(stated, "word"), detail, remedy=Remedy.SEARCH
    )


def varints(packed: bytes) -> Iterator[int]:
    """The numbers of a blob in SQLite's variable length: seven bits a byte, the highest first."""
    number = 0
    for byte in packed:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0
