"""The sources an archive has articles of, as their profiles named them when last crawled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.store.columns import json_text
from archive.store.connection import transaction


class SourceStore:
    """Keeps what readers need to know of a source; the profile itself stays a file."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def save(
        self,
        source: str,
        *,
        name: str,
        home: str,
        languages: Sequence[str],
        timezone: str,
        region: str | None,
    ) -> None:
        """Keep the source as its profile names it now."""
        row = {
            "id": source,
            "name": name,
            "home": home,
            "languages": json_text(languages),
            "timezone": timezone,
            "region": region,
        }
        with transaction(self.db, self.path):
            self.db.table("sources").upsert(row, pk="id")

    def rows(self) -> list[dict[str, Any]]:
        """Every source by column, in the order of ids."""
        return list(self.db.query("SELECT * FROM sources ORDER BY id"))
