"""The Arrow schema of an export, written down once, and rows as Arrow's columns.

Times are timestamps in UTC, days are dates, lists are lists; an object stays JSON text, for not every reader
of Parquet knows maps. What is not of its column's type is `None`, and told: see `Misfits`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from archive.errors import ArchiveError
from archive.exports.columns import Column
from archive.exports.encoding import Misfits
from archive.exports.json_values import value_of
from archive.exports.pyarrow_or_hint import pa
from archive.exports.rows import Row

TIME_LETTERS, DAY_LETTERS = len("2026-03-10T07:00:00Z"), len("2026-03-10")


def schema_of(columns: Sequence[Column]) -> pa.Schema:
    """The Arrow schema of these columns; each field says what it means."""
    return pa.schema([pa.field(c.name, type_of(c), metadata={"description": c.meaning}) for c in columns])


def type_of(column: Column) -> pa.DataType:
    """The Arrow type of a column."""
    if column.type == "list":
        parts = [(part, pa.string()) for part in column.parts]
        return pa.list_(pa.struct(parts) if parts else pa.string())
    types: dict[str, pa.DataType] = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "time": pa.timestamp("ms", tz="UTC"),  # Parquet has no whole seconds
        "day": pa.date32(),
        "object": pa.string(),
    }
    return types[column.type]


def batch_of(
    rows: Sequence[Row], columns: Sequence[Column], schema: pa.Schema, misfits: Misfits
) -> pa.RecordBatch:
    """Rows as a batch of Arrow's columns."""
    said = zip(*rows, strict=True) if rows else [()] * len(columns)
    arrays = [array_of(values, column, misfits) for values, column in zip(said, columns, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def array_of(values: Sequence[Any], column: Column, misfits: Misfits) -> pa.Array:
    """One column. What all values fit is tried first: a look at each takes five times as long."""
    try:
        return AT_ONCE[column.type](values, column)
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError, TypeError, OverflowError, ArchiveError):
        return pa.array([fitting(value, column, misfits) for value in values], type_of(column))


def plain(values: Sequence[Any], column: Column) -> pa.Array:
    """Texts and numbers as they are."""
    return pa.array(values, type_of(column))


def read_as(letters: int) -> Callable[[Sequence[Any], Column], pa.Array]:
    """Reads times or days that are all written in the archive's way; raises ValueError if one is not."""

    def read(values: Sequence[Any], column: Column) -> pa.Array:
        if any(value is not None and len(value) != letters for value in values):
            raise ValueError(f"{column.name} is written in another way")
        return pa.array(values, pa.string()).cast(type_of(column))

    return read


def lists(values: Sequence[Any], column: Column) -> pa.Array:
    """Lists out of JSON text."""
    return pa.array([value_of(value) for value in values], type_of(column))


AT_ONCE: dict[str, Callable[[Sequence[Any], Column], pa.Array]] = {
    "text": plain,
    "integer": plain,
    "number": plain,
    "time": read_as(TIME_LETTERS),
    "day": read_as(DAY_LETTERS),
    "list": lists,
    "object": plain,
}


def fitting(value: Any, column: Column, misfits: Misfits) -> Any:
    """The value as its column's type holds it, else `None`, which is noted."""
    if value is None:
        return None
    try:
        fits = FITTING[column.type](value, column)
        pa.scalar(fits, type_of(column))
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError, TypeError, OverflowError, ArchiveError):
        misfits.note(column, value)
        return None
    return fits


def moment(value: Any, _: Column) -> datetime:
    """A time in UTC; raises ValueError for what is none or names no zone."""
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError(f"{value} names no zone")
    return read.astimezone(UTC)


def members(value: Any, column: Column) -> list[Any]:
    """A list with members of its kind; raises ValueError or TypeError for another value."""
    read = value_of(value)
    if not isinstance(read, list):
        raise TypeError("no list")
    if not column.parts:
        return read
    return [{part: one.get(part) for part in column.parts} for one in read]


FITTING: dict[str, Callable[[Any, Column], Any]] = {
    "text": lambda value, _: value if isinstance(value, str) else str(value),
    "integer": lambda value, _: int(value),
    "number": lambda value, _: float(value),
    "time": moment,
    "day": lambda value, _: date.fromisoformat(value),
    "list": members,
    "object": lambda value, _: value if isinstance(value, str) else str(value),
}
