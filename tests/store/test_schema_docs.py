"""docs/schema.md says what the migrations say."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.described import columns_of
from archive.store.describing import FILES, migrated, schema_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "schema.md"
OURS = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'articles_fts_%' "
INNER = "AND name NOT LIKE '%sqlite%'"


def test_the_page_is_what_the_migrations_make():
    again = "python -m archive.store.describing > docs/schema.md"
    assert PAGE.read_text(encoding="utf-8") == schema_page(), f"out of date; run: {again}"


@pytest.mark.parametrize(("file", "migrations", "tables"), FILES, ids=[file for file, *_ in FILES])
def test_every_table_has_its_section_and_every_column_its_type(file, migrations, tables):
    db = migrated(migrations)
    assert {row[0] for row in db.conn.execute(OURS + INNER)} == set(tables)
    for table in tables:
        columns = columns_of(db.conn, table)
        assert [one.name for one in columns] == [c.name for c in db[table].columns]
        assert all(one.type for one in columns), table
