"""Checks of news.db: is an article, a wording, a search row or a count lost, double or damaged?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

from archive.health.copy_checks import copy_findings
from archive.health.findings import Finding, examples
from archive.identity import content_hash
from archive.search.index_state import CANARY_ROW, IndexState, index_state
from archive.search.query import quoted
from archive.store.search_index import keys_of

SAMPLE = 200
WORD_CHARS = 60
JSON_COLUMNS = ("authors", "breadcrumbs", "tags", "evidence", "problems")
RECOUNT = (
    "SELECT coalesce(published_date, '') AS day, source, coalesce(section, '') AS section, "
    "coalesce(language, '') AS language, count(*) AS articles FROM articles GROUP BY 1, 2, 3, 4"
)
COUNTED = "SELECT day, source, section, language, articles FROM daily_counts WHERE articles <> 0"


def article_findings(db: Database, *, full: bool) -> Iterator[Finding]:
    """Look at news.db, every article's text with `full`, else a sample."""
    (articles,) = db.conn.execute("SELECT count(*) FROM articles").fetchone()
    yield double_addresses(db, articles)
    yield revision_counts(db)
    yield earlier_wordings(db)
    yield unread_lists(db)
    yield day_counts(db)
    yield search_rows(db, articles)
    ids = some_ids(db, None if full else SAMPLE)
    yield texts_as_hashed(db, ids)
    yield found_again(db, ids)
    yield from copy_findings(db, ids, full=full)
    if full:
        yield index_counts(db)


def listed(db: Database, check: str, kind: str, query: str, looked_at: str = "") -> Finding:
    """A finding whose faults are a query's rows, named by its first column."""
    names = [row[0] for row in db.conn.execute(query)]
    return Finding(check, kind, len(names), looked_at, examples(names))


def double_addresses(db: Database, articles: int) -> Finding:
    """No two articles have one `url_key`. The unique index itself may be what is damaged: read past it."""
    query = "SELECT url_key FROM articles NOT INDEXED GROUP BY url_key HAVING count(*) > 1"
    return listed(db, "one article for one address", "double", query, f"{articles} articles")


def revision_counts(db: Database) -> Finding:
    """Every article has as many revisions as it says, numbered from 1."""
    query = (
        "SELECT id FROM articles a WHERE (SELECT count(*) = a.revisions AND max(number) = a.revisions "
        "AND min(number) = 1 FROM revisions r WHERE r.article_id = a.id) IS NOT 1"
    )
    return listed(db, "every wording has its revision", "lost", query)


def earlier_wordings(db: Database) -> Finding:
    """Every replaced wording has its text, and the newest is the one that stands in the article."""
    query = (
        "SELECT r.article_id || '/' || r.number FROM revisions r JOIN articles a ON a.id = r.article_id "
        "WHERE (r.number < a.revisions AND r.body IS NULL) "
        "OR (r.number = a.revisions AND r.content_hash <> a.content_hash)"
    )
    (revisions,) = db.conn.execute("SELECT count(*) FROM revisions").fetchone()
    return listed(db, "every revision has its text", "lost", query, f"{revisions} revisions")


def unread_lists(db: Database) -> Finding:
    """Every list kept as JSON can be read."""
    sound = " AND ".join(f"json_valid({column})" for column in JSON_COLUMNS)
    return listed(db, "lists can be read", "damaged", f"SELECT id FROM articles WHERE NOT ({sound})")


def day_counts(db: Database) -> Finding:
    """The counts by day are what counting gives."""
    query = (
        f"SELECT day || ' ' || source FROM (SELECT * FROM ({RECOUNT}) EXCEPT SELECT * FROM ({COUNTED})) "
        f"UNION SELECT day || ' ' || source FROM (SELECT * FROM ({COUNTED}) EXCEPT SELECT * FROM ({RECOUNT}))"
    )
    return listed(db, "counts by day are true", "damaged", query)


def search_rows(db: Database, articles: int) -> Finding:
    """Every article is in the search index and nothing else is.

    FTS5's own integrity check needs the writer's place and holds it for minutes, which would stop a
    crawl; so the index is compared by its document list, which only needs reading.
    """
    state = index_state(db.conn)
    if state is IndexState.MISSING:
        return Finding("every article is in the search index", "damaged", articles, "", state.explanation)
    query = (
        "SELECT id FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize) "
        f"UNION ALL SELECT id FROM articles_fts_docsize WHERE id <> {CANARY_ROW} "
        "AND id NOT IN (SELECT id FROM articles)"
    )
    finding = listed(db, "every article is in the search index", "damaged", query, f"{articles} articles")
    if state is IndexState.SOUND:
        return finding
    return Finding(finding.check, "damaged", max(finding.faults, 1), finding.looked_at, state.explanation)


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
        title, lead, body, kept = db.conn.execute(
            "SELECT title, lead, body, content_hash FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        if content_hash(title, lead, body) != kept:
            changed.append(article_id)
    return Finding(
        "texts are as they were kept", "damaged", len(changed), f"{len(ids)} articles", examples(changed)
    )


def found_again(db: Database, ids: list[int]) -> Finding:
    """Every article is found by the words it begins with."""
    if index_state(db.conn) is IndexState.MISSING:
        ids = []
    lost = [article_id for article_id in ids if not is_found(db, article_id)]
    return Finding(
        "articles are found by their words", "damaged", len(lost), f"{len(ids)} articles", examples(lost)
    )


def is_found(db: Database, article_id: int) -> bool:
    """Whether the index finds the article by the keys its title and its body begin with."""
    texts = db.conn.execute("SELECT title, lead, body FROM articles WHERE id = ?", [article_id]).fetchone()
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
    if index_state(db.conn) is IndexState.MISSING:
        return Finding("words of the search index", "damaged", 0)
    db.conn.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, row)")
    try:
        (held,) = db.conn.execute("SELECT coalesce(sum(cnt), 0) FROM temp.words").fetchone()
        stated = sum(sum(varints(size)) for (size,) in db.conn.execute("SELECT sz FROM articles_fts_docsize"))
    except sqlite3.DatabaseError as error:
        return Finding("words of the search index", "damaged", 1, "", str(error))
    return Finding(
        "words of the search index", "damaged", int(held != stated), f"{stated} words", f"{held} in the index"
    )


def varints(packed: bytes) -> Iterator[int]:
    """The numbers of a blob in SQLite's variable length: seven bits a byte, the highest first."""
    number = 0
    for byte in packed:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0
