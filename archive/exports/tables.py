"""One table of a data set into one file of its folder, with the digest of what was written."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database

from archive.exports.columns import Column
from archive.exports.coverage import Coverage
from archive.exports.datapackage import WrittenFile
from archive.exports.encoding import Encoder
from archive.exports.rows import Row, row_batches

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """Reads rows of these columns; tells of each batch."""

    db: Database
    columns: Sequence[Column]
    advance: Advance
    coverage: Coverage | None = None

    def of(self, ids: array[int]) -> Iterator[list[Row]]:
        """The rows of these articles, in batches."""
        for batch in row_batches(self.db, self.columns, ids):
            yield batch
            if self.coverage:
                self.coverage.add(batch)
            self.advance(len(batch))


def write_rows(file: BinaryIO, encoder: Encoder, batches: Iterable[Sequence[Row]]) -> int:
    """Write rows as an encoder has them; returns how many."""
    written = 0
    file.write(encoder.head())
    for batch in batches:
        file.write(encoder.rows(batch))
        written += len(batch)
    for piece in encoder.tail():
        file.write(piece)
    return written


class OpenTable:
    """A file of a data set that is being written."""

    def __init__(self, folder: Path, path: str, form: str, encoder: Encoder) -> None:
        self.path, self.form, self.encoder, self.rows = path, form, encoder, 0
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        self.beneath = (folder / path).open("wb")
        self.digest, self.bytes = sha256(), 0
        self.put(encoder.head())

    def put(self, data: bytes) -> None:
        """Write bytes, counted and digested."""
        self.digest.update(data)
        self.bytes += len(data)
        self.beneath.write(data)

    def write(self, batch: Sequence[Row]) -> None:
        """Write some rows."""
        self.put(self.encoder.rows(batch))
        self.rows += len(batch)

    def closed(self, columns: Sequence[Column]) -> WrittenFile:
        """End the file; returns what lies there."""
        for piece in self.encoder.tail():
            self.put(piece)
        self.beneath.close()
        return WrittenFile(
            self.path, self.form, self.bytes, self.digest.hexdigest(), self.rows, tuple(columns)
        )


def write_table(
    folder: Path,
    path: str,
    form: str,
    encoder: Encoder,
    columns: Sequence[Column],
    batches: Iterable[Sequence[Row]],
) -> WrittenFile:
    """Write rows into the file `path` of a folder; returns what lies there."""
    table = OpenTable(folder, path, form, encoder)
    for batch in batches:
        table.write(batch)
    return table.closed(columns)
