"""Pictures nobody took: a small PNG of sky and steppe whose colours follow from its name."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from hashlib import blake2b

WIDTH, HEIGHT = 480, 270


@cache
def png(name: str) -> bytes:
    """The picture with this name, the same bytes each time."""
    seed = blake2b(name.encode(), digest_size=4).digest()
    sky = (120 + seed[0] % 80, 170 + seed[1] % 60, 225 + seed[1] % 30)
    earth = (150 + seed[2] % 70, 120 + seed[2] % 60, 50 + seed[3] % 60)
    horizon = HEIGHT // 2 + seed[3] % 60
    rows = (row(sky, y / horizon) if y < horizon else row(earth, 1.4 - y / HEIGHT) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"".join(rows), 9)), chunk(b"IEND", b""))
    )


def row(colour: tuple[int, int, int], light: float) -> bytes:
    """One unfiltered line of pixels; the lighter, the paler."""
    pixel = bytes(min(255, int(part * (0.75 + 0.25 * light))) for part in colour)
    return b"\x00" + pixel * WIDTH


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
