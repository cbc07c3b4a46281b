"""How rows become bytes, a batch at a time: what every format of one file has in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from archive.exports.columns import Column
from archive.exports.rows import Row
from archive.records import SourceDescription

MOST_TOLD = 20


@dataclass(slots=True)
class Misfits:
    """Values that do not fit their column's type, and so are empty in the file: how many, and the first."""

    count: int = 0
    told: list[str] = field(default_factory=list)

    def note(self, column: Column, value: object) -> None:
        """Count one value."""
        self.count += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(f"{column.name} {str(value)[:60]!r} is no {column.type}")


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written.

    Of CSV: `raw` leaves formula signs as they are, `excel` begins with a byte order mark. `updated` is the
    newest time among what is written, UTC, or `None` of nothing: a feed states it before its first entry.
    `sources` are those of what is written, for formats that have a place to say so. `misfits` collects what
    did not fit.
    """

    raw: bool = False
    excel: bool = False
    updated: str | None = None
    sources: tuple[SourceDescription, ...] = ()
    misfits: Misfits = field(default_factory=Misfits)


class Encoder(Protocol):
    """Rows to bytes, a batch at a time."""

    def head(self) -> bytes:
        """What comes before the first row."""

    def rows(self, batch: Sequence[Row]) -> bytes:
        """The bytes of some rows, or of earlier ones: an encoder may hold rows back."""

    def tail(self) -> Iterable[bytes]:
        """What comes after the last row, piece by piece."""


class Sink:
    """A file that others write to and whose bytes are taken out as they come."""

    closed = False

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.place = 0

    def write(self, data: bytes) -> int:
        """Take bytes in."""
        piece = bytes(data)
        self.pieces.append(piece)
        self.place += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last call."""
        data = b"".join(self.pieces)
        self.pieces.clear()
        return data

    def tell(self) -> int:
        """How many bytes were written."""
        return self.place

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is held here."""

    def readable(self) -> bool:
        """It is only written to."""
        return False

    def writable(self) -> bool:
        """It is written to."""
        return True

    def seekable(self) -> bool:
        """What was written may be gone already."""
        return False
