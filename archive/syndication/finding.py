"""Copies out of the database: of one article, or the widest-spread stories of all."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from archive.search.filters import ArticleFilter
from archive.syndication.clusters import CAN_BE_ASKED, CLUSTER, IS_COPY, Copy, cluster_of, joined

PAIRS = f"SELECT c.article_id, c.other_id FROM copies c WHERE c.article_id < c.other_id AND {IS_COPY}"
PAIRED = "SELECT DISTINCT c.article_id FROM copies c CROSS JOIN articles a ON a.id = c.article_id"


def can_be_asked(db: Database) -> bool:
    """Whether the archive knows of copies at all: one that an earlier version made does not yet."""
    return db.conn.execute(CAN_BE_ASKED).fetchone() is not None


def copies_of(db: Database, article_id: int, threshold: float) -> list[Copy]:
    """The article's cluster, itself in it, oldest first; the article alone when it has no copy."""
    return cluster_of(db.query(CLUSTER, {"id": article_id, "threshold": threshold}), article_id)


def clusters(db: Database, where: ArticleFilter, threshold: float) -> Iterator[tuple[int, list[Copy]]]:
    """The clusters with an article of those meant, the largest first, of one size the newest first.

    Each comes with the article it is seen from, the first by its id. Reads all pairs once.
    """
    found = joined(db.conn.execute(PAIRS, {"threshold": threshold}))
    conditions, values = where.where()
    meant = {row[0] for row in db.conn.execute(f"{PAIRED} WHERE {conditions}", values)}
    for cluster in found:
        if meant & cluster:
            # An id grows with the time of publication, so this is the oldest as a rule.
            yield min(cluster), copies_of(db, min(cluster), threshold)
