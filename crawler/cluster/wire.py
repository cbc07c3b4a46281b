"""Records as MessagePack and back: what travels between machines is data, never code."""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgpack

from archive.errors import ArchiveError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Record = TypeVar("Record")
LEVEL = 3
MOST_ITEMS = 200_000  # of one list or table; a sitemap names 50,000 addresses
MOST_BYTES = 96 * 1024 * 1024  # of one message unpacked: a page of 32 MiB, its text thrice


class WireError(ArchiveError):
    """What came is no message of ours: another version sent it, or somebody else."""


def packed(value: Mapping[str, Any]) -> bytes:
    """A message, compressed: plain values, bytes, and records by `plain`."""
    return zstd.compress(msgpack.packb({name: plain(one) for name, one in value.items()}), LEVEL)


def unpacked(message: bytes) -> dict[str, Any]:
    """The plain values of a message; raises WireError for what is none or unpacks to too much."""
    try:
        decompressor = zstd.ZstdDecompressor()
        data = decompressor.decompress(message, max_length=MOST_BYTES)
        if not decompressor.eof:
            raise WireError(f"a message of {len(message)} bytes unpacks to more than {MOST_BYTES}")
        value = msgpack.unpackb(data, max_array_len=MOST_ITEMS, max_map_len=MOST_ITEMS)
    except (zstd.ZstdError, ValueError, MemoryError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(f"a message that cannot be read ({error})") from error
    if not isinstance(value, dict):
        raise WireError("a message that is no table")
    return value


def plain(value: Any) -> Any:
    """A value as MessagePack has it: records as tables, times as ISO 8601, tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    # What no UTF-8 has would be refused by the packer, and its page lost.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def record(kind: type[Record], value: Any) -> Record:
    """A record of this kind from its plain table; raises WireError for what does not fit."""
    try:
        made: Record = read(kind, value)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise WireError(f"no {kind.__name__}: {error}; do all machines run one version?") from error
    return made


@cache
def hints(kind: type) -> dict[str, Any]:
    """The types of a record's fields."""
    return get_type_hints(kind)


def read(kind: Any, value: Any) -> Any:
    """A plain value as the type says; raises what the types raise."""
    if kind is Any:
        return value
    if get_origin(kind) is not None:
        return read_generic(get_origin(kind), get_args(kind), value)
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        return kind(**{name: read(hints(kind)[name], one) for name, one in value.items()})
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if kind is float:
        return float(value)
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} where {kind.__name__} is expected")
    return value


def read_generic(origin: Any, arguments: tuple[Any, ...], value: Any) -> Any:
    """`read` for `X | None`, tuples and mappings."""
    if origin in (Union, types.UnionType):
        (kind,) = (one for one in arguments if one is not type(None))
        return None if value is None else read(kind, value)
    if origin is tuple:
        parts = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(read(part, one) for part, one in zip(parts, value, strict=True))
    return {str(key): read(arguments[1], one) for key, one in value.items()}
