"""What a repair overwrites or takes out is written down first, so that nothing is lost silently."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class SetAside:
    """A file of lines of JSON: each a row as it was before a repair, with its table and the reason.

    The file is made with its first row. Bytes are written as hexadecimal digits; bytes of a text that are no
    letters as lone surrogates, as Python's "surrogateescape" has them.
    """

    def __init__(self, folder: Path) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self.path = folder / f"repair-{stamp}.jsonl"
        self.rows = 0

    def keep(self, table: str, why: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows down; on return they are on disk."""
        lines = [json.dumps({"table": table, "why": why, "row": written(row)}) for row in rows]
        if not lines:
            return
        self.rows += len(lines)
        with self.path.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())


def written(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
