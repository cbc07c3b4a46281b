"""One body as it lies in pages.db, back to the bytes that were received: those or an error, nothing else."""

from __future__ import annotations

import sys
from hashlib import sha256

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class BodyDamaged(Exception):
    """A body cannot be unpacked to what was received; the message says why."""


def unpacked(packed: bytes, length: int, digest: bytes, zdict: zstd.ZstdDict | None) -> bytes:
    """The body of this length and SHA-256; raises BodyDamaged when what is kept is not that."""
    try:
        # A damaged frame may claim any size: never more than was received is unpacked.
        body = zstd.ZstdDecompressor(zstd_dict=zdict).decompress(packed, length + 1)
    except (zstd.ZstdError, TypeError, EOFError) as error:
        raise BodyDamaged(str(error)) from error
    if len(body) != length or sha256(body).digest() != digest:
        raise BodyDamaged(f"it is not what was received: {len(body)} bytes instead of {length}, or others")
    return body
