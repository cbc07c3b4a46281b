"""Checks of copies in news.db: has every article its fingerprints, and is every pair whole?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlite_utils import Database

from archive.health.findings import Finding, Remedy, found, listed
from archive.numbers_said import counted
from archive.syndication.article_fingerprints import BYTES, fingerprints_of
from archive.syndication.finding import can_be_asked

REMEDY = "run: muragat copies --rebuild"
UNKNOWN = (
    "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM article_fingerprints) "
    "AND id NOT IN (SELECT article_id FROM uncompared) "
    "UNION ALL SELECT article_id FROM article_fingerprints WHERE article_id NOT IN (SELECT id FROM articles)"
)
HALF_PAIRS = (
    "SELECT c.article_id || '/' || c.other_id FROM copies c LEFT JOIN copies o "
    "ON o.article_id = c.other_id AND o.other_id = c.article_id WHERE o.article_id IS NULL "
    "OR o.share_of_article <> c.share_of_other OR c.article_id NOT IN (SELECT id FROM articles)"
)


def copy_findings(db: Database, ids: Sequence[int], *, full: bool) -> Iterator[Finding]:
    """Look at what is known of copies: the texts of the articles `ids`, all of the rest.

    The fingerprints are counted with `full` only: there are forty times as many as articles.
    """
    if not can_be_asked(db):
        (articles,) = db.conn.execute("SELECT count(*) FROM articles").fetchone()
        yield waiting(articles, Remedy.NONE)
        return
    yield waiting(db.conn.execute("SELECT count(*) FROM uncompared").fetchone()[0], Remedy.COMPARE)
    for check, query in (
        ("every article has its fingerprints", UNKNOWN),
        ("copies are paired from both sides", HALF_PAIRS),
    ):
        yield listed(db, check, "damaged", query, remedy=Remedy.COPIES, hint=REMEDY)
    wrong = [article_id for article_id in ids if not is_as_taken(db, article_id)]
    yield finding("fingerprints are those of the texts", wrong, counted(len(ids), "article"))
    if full:
        yield stray_fingerprints(db)


def waiting(count: int, remedy: Remedy) -> Finding:
    """Articles that were kept before copies were looked for: no fault."""
    detail = "crawls and muragat copies --fill do it"
    return Finding("articles not compared yet", "note", count, "", detail, remedy=remedy)


def finding(check: str, faults: Sequence[object], looked_at: str = "") -> Finding:
    """A finding of damage that can be made good."""
    return found(check, "damaged", faults, Remedy.COPIES, looked_at, REMEDY)


def is_as_taken(db: Database, article_id: int) -> bool:
    """Whether an article's fingerprints are those of its text, and lead to it; true of one that waits."""
    row = db.conn.execute(
        "SELECT f.hashes, a.body FROM article_fingerprints f JOIN articles a ON a.id = f.article_id "
        "WHERE f.article_id = ?",
        [article_id],
    ).fetchone()
    if row is None:
        return True
    hashes, body = row
    return hashes == fingerprints_of(body).hashes and is_found_by(db, article_id, hashes)


def is_found_by(db: Database, article_id: int, hashes: bytes) -> bool:
    """Whether each of the fingerprints leads to the article."""
    each = [hashes[n : n + BYTES] for n in range(0, len(hashes), BYTES)]
    query = (
        f"SELECT count(*) FROM fingerprints WHERE article_id = ? AND hash IN ({', '.join('?' * len(each))})"
    )
    return bool(db.conn.execute(query, [article_id, *each]).fetchone()[0] == len(each))


def stray_fingerprints(db: Database) -> Finding:
    """There are as many fingerprints as the articles say."""
    (held,) = db.conn.execute("SELECT count(*) FROM fingerprints").fetchone()
    (stated,) = db.conn.execute(
        f"SELECT coalesce(sum(length(hashes)) / {BYTES}, 0) FROM article_fingerprints"
    ).fetchone()
    detail = f"{held} held, {stated} stated; {REMEDY}"
    check, strays = "no fingerprint is of nothing", abs(held - stated)
    return Finding(check, "damaged", strays, f"{stated} stated", detail, remedy=Remedy.COPIES)
