"""docs/schema.md, made from the migrations: SQLite keeps the comments of a CREATE TABLE as written.

`python -m archive.store.describing > docs/schema.md` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.described import NEWS_TABLES, DescribedColumn, columns_of
from archive.raw.migrations import migrations as page_migrations
from archive.store.migrations import migrations as news_migrations

HEAD = """# Schema

What an archive holds, table by table. Times are UTC, ISO 8601; NULL means *the page did not say*, never a
stand-in.
This page is made from the migrations by `python -m archive.store.describing > docs/schema.md`.
"""

# file, migrations, and its tables in the order a reader wants them, each with what a row of it is.
FILES: tuple[tuple[str, Migrations, Mapping[str, str]], ...] = (
    (
        "news.db",
        news_migrations,
        NEWS_TABLES,
    ),
    (
        "pages.db",
        page_migrations,
        {
            "pages": "An answer of a server, kept before anyone read it.",
            "bodies": "The bytes of a page, once each.",
            "dictionaries": "Earlier pages of a source, which make its bodies small.",
        },
    ),
)


def schema_page() -> str:
    """The whole of docs/schema.md."""
    parts = [HEAD]
    for file, migrations, tables in FILES:
        parts.append(f"# {file}\n")
        parts += [
            section(table, row, columns_of(migrated(migrations).conn, table)) for table, row in tables.items()
        ]
    return "\n".join(parts)


def migrated(migrations: Migrations) -> Database:
    """An empty database with the newest schema."""
    db = Database(memory=True)
    migrations.apply(db)
    return db


def section(table: str, row: str, columns: list[DescribedColumn]) -> str:
    """One table of the page."""
    lines = [f"| `{one.name}` | {one.type} | {one.meaning} |" for one in columns]
    return "\n".join(
        [f"## {table}\n", f"{row}\n", "| column | type | meaning |", "|---|---|---|", *lines, ""]
    )


if __name__ == "__main__":
    sys.stdout.write(schema_page())
