"""Datasette's CSV, safe for spreadsheets: no text in it is run as a formula."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

from archive.exports.text_formats import FORMULA_SIGNS
from archive.site.headers import App
from archive.site.table_paths import TablePaths, ending_of

# A cell as csv.writer writes it, and what ends it.
CELL = re.compile(r'("[^"]*(?:""[^"]*)*"|[^,\r\n]*)(,|\r\n|\Z)')
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)


def with_safe_csv(app: App, tables: TablePaths) -> App:
    """The application, whose CSV of these tables is safe; `muragat export` has it raw."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await app(scope, receive, CsvSender(send).send if asks_for_csv(scope, tables) else send)

    return wrapped


def asks_for_csv(scope: dict[str, Any], tables: TablePaths) -> bool:
    """Whether a request wants a table or a query as CSV."""
    behind = tables.behind(scope)
    if behind is None:
        return False
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return ending_of(behind) == "csv" or asked.get("_format") == ["csv"]


class CsvSender:
    """Holds an answer back until it is whole: at most `max_csv_mb`, and a cell may lie across its pieces."""

    def __init__(self, send: Any) -> None:
        self.answer = send
        self.pieces: list[bytes] = []
        self.is_csv = False

    async def send(self, message: dict[str, Any]) -> None:
        """One message of the answer; the last one sends everything."""
        if message["type"] == "http.response.start":
            self.is_csv = message["status"] == 200
            if self.is_csv:
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
                message = message | {"headers": kept}
        if not self.is_csv or message["type"] != "http.response.body":
            await self.answer(message)
            return
        self.pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            safe = safe_csv(b"".join(self.pieces).decode("utf-8"))
            await self.answer({"type": "http.response.body", "body": safe.encode("utf-8")})


def safe_csv(text: str) -> str:
    """CSV in which a cell that looks like a formula begins with an apostrophe; numbers stay numbers."""
    return CELL.sub(lambda cell: safe_cell(cell[1]) + cell[2], text)


def safe_cell(cell: str) -> str:
    """One cell, in quotes if it was."""
    quoted = cell.startswith('"')
    inside = cell[1:] if quoted else cell
    if inside[:1] not in FORMULA_SIGNS or not inside or NUMBER.fullmatch(inside.rstrip('"')):
        return cell
    return f"\"'{inside}" if quoted else f"'{inside}"
