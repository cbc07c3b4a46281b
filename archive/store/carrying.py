"""A source's books from one archive into the next, without its articles: where one ends, the other goes on.

What was asked is not asked again, what waits is waited for, and a site that asked to be left alone is.
"""

from __future__ import annotations

from archive.store.archive import Archive
from archive.store.connection import named_errors, transaction
from archive.store.folder import ArchiveFolder

# By table, the rows that are carried. Looks at known articles stay where the articles are.
CARRIED = {
    "sources": "id = :source",
    "addresses": "source = :source",
    "frontier": "source = :source AND url_hash NOT IN "
    "(SELECT url_hash FROM earlier.addresses WHERE source = :source AND article_id IS NOT NULL)",
    "schedule": "source = :source",
    "documents": "source = :source",
    "expectations": "source = :source",
    "source_health": "source = :source",
    "lastmod_claims": "source = :source",
    "namings": "url_hash IN (SELECT url_hash FROM earlier.addresses WHERE source = :source)",
    "texts_read": "source = :source",
}
# Of no source: carried once, with the first one.
CARRIED_ONCE = ("waits", "site_reservations", "takedowns", "takedown_addresses")
# What refers to rows that stay behind, by table and column.
LEFT_BEHIND = {"addresses": {"article_id", "next_visit_at"}, "frontier": {"id", "taken_by"}, "waits": {"id"}}


def carry_source(archive: Archive, earlier: ArchiveFolder, source: str) -> None:
    """Carry a source's books over from an earlier archive, all or nothing; rows that are there stay."""
    db = archive.news.conn
    with named_errors(archive.folder.news):
        db.execute("ATTACH DATABASE ? AS earlier", [str(earlier.news)])
        try:
            with transaction(archive.news, archive.folder.news):
                is_first = db.execute("SELECT 1 FROM sources").fetchone() is None
                of_no_source = dict.fromkeys(CARRIED_ONCE if is_first else (), "1")
                for table, which in {**CARRIED, **of_no_source}.items():
                    columns = carried_columns(archive, table)
                    db.execute(
                        f"INSERT OR IGNORE INTO main.{table} ({columns}) "
                        f"SELECT {columns} FROM earlier.{table} WHERE {which}",
                        {"source": source},
                    )
        finally:
            db.execute("DETACH DATABASE earlier")


def carried_columns(archive: Archive, table: str) -> str:
    """The columns of a table that are carried, for SQL: those both archives have."""

    def of(schema: str) -> list[str]:
        return [row[1] for row in archive.news.conn.execute(f"PRAGMA {schema}.table_info({table})")]

    left = LEFT_BEHIND.get(table, set())
    return ", ".join(name for name in of("main") if name in of("earlier") and name not in left)
