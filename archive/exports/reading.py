"""Data sets read back: lines of JSON and Parquet, a record at a time, and what of them is no article.

A record is what `muragat export` writes, an Article of zyte-common-items, or a NewsArticle of schema.org.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from archive.errors import ArchiveError
from archive.exports.json_values import with_whole_letters
from archive.records import SourceDescription
from archive.source_descriptions import from_json

PARQUET_MAGIC, GZIP_MAGIC = b"PAR1", b"\x1f\x8b"
BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"  # a byte order mark, and space
ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".parquet")
LONGEST_LINE = 64 * 1024 * 1024
BATCH = 500
LOOKED_AT = 4096


@dataclass(frozen=True, slots=True)
class Told:
    """A record of a file: its number, from 1, what it says, and how it stood there."""

    number: int
    said: Mapping[str, Any]
    written: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record of a file that says nothing, and why."""

    number: int
    why: str


def is_data_set(path: Path) -> bool:
    """Whether a file is lines of JSON or Parquet, by its ending or by how it begins."""
    if path.name.lower().endswith(ENDINGS):
        return True
    with path.open("rb") as file:
        begins = file.read(LOOKED_AT)
    if begins.startswith(GZIP_MAGIC):
        try:
            begins = zlib.decompressobj(wbits=31).decompress(begins, LOOKED_AT)
        except zlib.error:
            return False
    return begins.startswith(PARQUET_MAGIC) or begins.lstrip(BEFORE_JSON).startswith(b"{")


def records_of(path: Path) -> Iterator[Told | Unreadable]:
    """The records of a file in their order.

    What breaks off is told as the last record. Raises an ArchiveError for a file that cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(4)
        if begins == PARQUET_MAGIC:
            yield from records_of_parquet(path)
        elif path.suffix.lower() == ".parquet" and not is_text(begins):
            yield Unreadable(1, "no Parquet: " + ("it begins otherwise" if begins else "the file is empty"))
        else:
            yield from records_of_lines(path, begins)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error.strerror or error})") from error


def is_text(begins: bytes) -> bool:
    """Whether a file that begins so may be lines of JSON, packed or not, whatever it is called."""
    return begins.startswith(GZIP_MAGIC) or begins.lstrip(BEFORE_JSON).startswith(b"{")


def sources_before(path: Path) -> tuple[SourceDescription, ...]:
    """The sources that a file of Parquet tells of beside its records; none of another file, or a damaged one.

    Lines of JSON tell of theirs by records: see `archive/source_descriptions.py`.
    """
    with path.open("rb") as file:
        if file.read(4) != PARQUET_MAGIC:
            return ()
    from archive.exports.parquet import SOURCES_KEY
    from archive.exports.pyarrow_or_hint import pa, parquet

    try:
        told = parquet.read_schema(path).metadata or {}
        return from_json(told.get(SOURCES_KEY.encode(), b"[]"))
    except (pa.ArrowException, OSError, ValueError, RecursionError):
        return ()  # what the file holds, or why it cannot be read, its records say


def records_of_lines(path: Path, begins: bytes) -> Iterator[Told | Unreadable]:
    """The lines of a file, packed by gzip or not; empty ones are none."""
    number = 0
    opened = gzip.open(path) if begins.startswith(GZIP_MAGIC) else path.open("rb")  # noqa: SIM115 - just below
    with cast(BinaryIO, opened) as file:
        try:
            while line := file.readline(LONGEST_LINE):
                number += 1
                if not line.endswith(b"\n") and len(line) >= LONGEST_LINE:
                    yield Unreadable(number, f"a line of more than {LONGEST_LINE >> 20} MB")
                    while (line := file.readline(LONGEST_LINE)) and not line.endswith(b"\n"):
                        pass
                elif line.strip():
                    yield told(number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield Unreadable(number + 1, f"the file breaks off ({error})")


def told(number: int, line: bytes) -> Told | Unreadable:
    """What one line says."""
    try:
        said = orjson.loads(line)
    except ValueError:
        try:  # half a letter, which orjson refuses, is U+FFFD
            said = with_whole_letters(json.loads(line))
        except (ValueError, RecursionError) as error:
            return Unreadable(number, f"no JSON ({error})")
    if not isinstance(said, dict):
        return Unreadable(number, "no object")
    return Told(number, said, line.strip())


def records_of_parquet(path: Path) -> Iterator[Told | Unreadable]:
    """The rows of a file of Parquet; raises ArchiveError for one that is damaged. Needs pyarrow."""
    from archive.exports.pyarrow_or_hint import pa, parquet

    number = 0
    try:
        for batch in parquet.ParquetFile(path).iter_batches(batch_size=BATCH):
            for row in batch.to_pylist():
                number += 1
                said = {name: as_told(value) for name, value in row.items()}
                yield Told(number, said, orjson.dumps(said))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        yield Unreadable(number + 1, f"the file cannot be read further ({str(error)[:120]})")


def as_told(value: Any) -> Any:
    """A value of Parquet as lines of JSON have it."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
