"""The table of m060_imported, apart for its length: like every released migration it is never changed."""

from __future__ import annotations

IMPORTED = """
CREATE TABLE imported (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    page_id INTEGER NOT NULL,       -- pages.id in pages.db: of kind "record", what the data set said
    wordings INTEGER NOT NULL,      -- how many more the archive it came from knew; their texts stayed there
    edits INTEGER NOT NULL,         -- of these, how many were the publisher's
    imported_at TEXT NOT NULL       -- UTC
)"""

TRIGGER = (
    "CREATE TRIGGER imported_delete AFTER DELETE ON articles "
    "BEGIN DELETE FROM imported WHERE article_id = old.id; END"
)
