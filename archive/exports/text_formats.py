"""JSON Lines and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import orjson

from archive.exports.columns import Column
from archive.exports.encoding import Style
from archive.exports.json_values import value_of
from archive.exports.rows import Row

# A cell that begins so may run as a formula in a spreadsheet; the wide signs are read as their narrow ones.
FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
BYTE_ORDER_MARK = "\ufeff".encode()


class JsonLines:
    """An object a line, UTF-8; lists and objects are real ones, what is not known is null."""

    def __init__(self, columns: Sequence[Column], style: Style) -> None:
        self.names = [column.name for column in columns]
        self.json_places = [place for place, column in enumerate(columns) if column.is_json]

    def head(self) -> bytes:
        return b""

    def rows(self, batch: Sequence[Row]) -> bytes:
        return b"".join([self.line(row) for row in batch])

    def tail(self) -> Iterable[bytes]:
        return ()

    def line(self, row: Row) -> bytes:
        """One article."""
        values = list(row)
        for place in self.json_places:
            values[place] = value_of(values[place])
        return orjson.dumps(dict(zip(self.names, values, strict=True)), option=orjson.OPT_APPEND_NEWLINE)


class Csv:
    """RFC 4180, UTF-8; lists are JSON text, what is not known is an empty cell."""

    def __init__(self, columns: Sequence[Column], style: Style) -> None:
        self.columns = columns
        self.style = style

    def head(self) -> bytes:
        mark = BYTE_ORDER_MARK if self.style.excel else b""
        return mark + written([[column.name for column in self.columns]])

    def rows(self, batch: Sequence[Row]) -> bytes:
        return written(batch if self.style.raw else [[safe_cell(value) for value in row] for row in batch])

    def tail(self) -> Iterable[bytes]:
        return ()


def safe_cell(value: object) -> object:
    """The cell as a spreadsheet may show it: a text that looks like a formula gets a leading apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA_SIGNS else value


def written(rows: Sequence[Row]) -> bytes:
    """Rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
