"""One table of formats: how rows become bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Protocol

from archive.errors import ArchiveError
from archive.exports.columns import Column
from archive.exports.rows import Row

# A cell that begins so may run as a formula in a spreadsheet; the wide signs are read as their narrow ones.
FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
BYTE_ORDER_MARK = "\ufeff".encode()


@dataclass(frozen=True, slots=True)
class Style:
    """How CSV is written: `raw` leaves formula signs as they are, `excel` begins with a byte order mark."""

    raw: bool = False
    excel: bool = False


class Encoder(Protocol):
    """Rows to bytes, a batch at a time."""

    def head(self) -> bytes:
        """What comes before the first row."""

    def rows(self, batch: Sequence[Row]) -> bytes:
        """The bytes of some rows."""


class JsonLines:
    """An object a line, UTF-8; lists and objects are real ones, what is not known is null."""

    def __init__(self, columns: Sequence[Column], style: Style) -> None:
        self.names = [column.name for column in columns]
        self.json_places = [place for place, column in enumerate(columns) if column.is_json]
        self.encode = json.JSONEncoder(ensure_ascii=False).encode

    def head(self) -> bytes:
        return b""

    def rows(self, batch: Sequence[Row]) -> bytes:
        return "".join([self.line(row) for row in batch]).encode()

    def line(self, row: Row) -> str:
        """One article."""
        values = list(row)
        for place in self.json_places:
            values[place] = value_of(values[place])
        return self.encode(dict(zip(self.names, values, strict=True))) + "\n"


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


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be asked for by name or by a file's ending."""

    name: str
    encoder: Callable[[Sequence[Column], Style], Encoder]


FORMATS = {one.name: one for one in (Format("jsonl", JsonLines), Format("csv", Csv))}
PACKED = ".gz"


def format_of(name: str) -> tuple[Format, bool]:
    """The format a file's ending names, and whether it is packed by gzip; raises ValueError."""
    path = PurePath(name)
    packed = path.suffix == PACKED
    ending = (path.with_suffix("") if packed else path).suffix.removeprefix(".")
    if ending not in FORMATS:
        known = ", ".join(f".{one}" for one in (*FORMATS, "warc"))
        raise ValueError(f"{path.name}: cannot tell the format; end it in {known} (or with .gz after)")
    return FORMATS[ending], packed


@lru_cache(maxsize=1024)  # most lists are empty, and sections, tags and names come again and again
def value_of(written_json: str) -> Any:
    """What JSON text says, to be read only; raises ArchiveError for what is none."""
    try:
        return json.loads(written_json)
    except ValueError as error:
        raise ArchiveError(f"a list that is no JSON: {written_json[:60]!r}; run `muragat audit`") from error


def safe_cell(value: object) -> object:
    """The cell as a spreadsheet may show it: a text that looks like a formula gets a leading apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA_SIGNS else value


def written(rows: Sequence[Row]) -> bytes:
    """Rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
