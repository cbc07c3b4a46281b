"""One table of a data set into one file of its folder, with the digest of what was written."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

from sqlite_utils import Database

from archive.exports.columns import Column
from archive.exports.coverage import Coverage
from archive.exports.datapackage import WrittenFile
from archive.exports.encoding import Encoder
from archive.exports.files import gzip_into
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


class Digesting:
    """A file that counts and digests what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest, self.bytes = file, sha256(), 0

    def write(self, data: bytes) -> int:
        """Write."""
        self.digest.update(data)
        self.bytes += len(data)
        return self.file.write(data)

    def flush(self) -> None:
        """Flush the file beneath."""
        self.file.flush()


def write_table(
    folder: Path,
    path: str,
    form: str,
    encoder: Encoder,
    columns: Sequence[Column],
    batches: Iterable[Sequence[Row]],
    *,
    packed: bool = False,
) -> WrittenFile:
    """Write rows into the file `path` of a folder; returns what lies there."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as beneath:
        file = cast(BinaryIO, Digesting(beneath))
        if packed:
            with gzip_into(file) as small:
                rows = write_rows(small, encoder, batches)
        else:
            rows = write_rows(file, encoder, batches)
    told = cast(Digesting, file)
    return WrittenFile(path, form, told.bytes, told.digest.hexdigest(), rows, tuple(columns), packed)
