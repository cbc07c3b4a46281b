"""gzip to bytes, never more than a limit: a bomb is stopped while it unpacks."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\x1f\x8b"
GZIP = 16 + zlib.MAX_WBITS
CHUNK = 64 * 1024
# A file packed for the server and once more for the way, and one to spare.
MAX_LAYERS = 3
# Members cost a copy of the rest of the chunk each; gzip writes one, parallel packers one per 128 KiB.
MAX_MEMBERS = 2_000


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Plain bytes, and what was wrong with the packing: "too_large", "truncated" or `None`.

    With a problem, `body` is what could be had before it.
    """

    body: bytes
    problem: str | None = None


def unpacked(body: bytes, limit: int) -> Unpacked:
    """The body without the gzip around it, if there is any, cut at `limit` bytes."""
    problem = None
    for _ in range(MAX_LAYERS):
        if not body.startswith(MAGIC):
            break
        layer = gunzipped(body, limit)
        body, problem = layer.body, problem or layer.problem
    if len(body) > limit:
        return Unpacked(body[:limit], "too_large")
    return Unpacked(body, problem)


def gunzipped(body: bytes, limit: int) -> Unpacked:
    """The content of one layer of gzip, up to `limit` bytes."""
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in unpacked_pieces(body):
            pieces.append(piece[: limit - size])
            size += len(piece)
            if size > limit:
                return Unpacked(b"".join(pieces), "too_large")
    except (zlib.error, EOFError):
        return Unpacked(b"".join(pieces), "truncated")
    return Unpacked(b"".join(pieces))


def unpacked_pieces(body: bytes) -> Iterator[bytes]:
    """Yield the content of all gzip members, at most a chunk at a time; what follows them is ignored.

    Raises zlib.error where the packing is broken, EOFError where it ends too early.
    """
    members = 0
    unpacker = None
    for start in range(0, len(body), CHUNK):
        packed = body[start : start + CHUNK]
        while packed:
            if unpacker is None:
                if members == MAX_MEMBERS or not packed.startswith(MAGIC[: len(packed)]):
                    return
                members += 1
                unpacker = zlib.decompressobj(GZIP)
            yield unpacker.decompress(packed, CHUNK)
            packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if unpacker.eof:
                unpacker = None
    if unpacker is None:
        return
    yield unpacker.flush()
    if not unpacker.eof:
        raise EOFError("the last gzip member has no end")
