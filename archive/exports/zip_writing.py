"""A ZIP archive of any number of members, written in one pass, the same bytes for the same members.

Python's own `zipfile` keeps half a kilobyte of memory for each member until the end: 600 MB at a million.
Here the list of members waits in a temporary file. Format: APPNOTE.TXT 6.3, sections 4.3.7 to 4.3.16.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

LEVEL = 6
DEFLATED, STORED = 8, 0
UTF8_NAMES = 0x800
MADE_BY_UNIX = 3 << 8
PLAIN_FILE = 0o100644 << 16
NEW_YEAR_1980 = (0, 0x21)  # the earliest time the format knows, for every member: no clock shows
VERSION, VERSION_64 = 20, 45
MOST_16, MOST_32 = 0xFFFF, 0xFFFFFFFF
IN_MEMORY = 8 * 1024 * 1024
READ_AT_ONCE = 1024 * 1024


class ZipWriter:
    """Members to bytes. Each must be smaller than 4 GB; their number and sum may be as large as they are."""

    def __init__(self) -> None:
        self.place = 0
        self.members = 0
        self.listed = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `end`

    def member(self, name: str, content: bytes) -> bytes:
        """The bytes of one member; `name` is its path with slashes."""
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(content) + packer.flush()
        method, data = (DEFLATED, packed) if len(packed) < len(content) else (STORED, content)
        return self.begin(name, method, zlib.crc32(content), len(data), len(content)) + data

    def large_member(self, name: str, content: BinaryIO) -> Iterator[bytes]:
        """The same piece by piece, packed into a temporary file first: the size comes before the bytes."""
        packer, crc, size = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS), 0, 0
        with SpooledTemporaryFile(max_size=IN_MEMORY) as packed:
            while piece := content.read(READ_AT_ONCE):
                crc, size = zlib.crc32(piece, crc), size + len(piece)
                packed.write(packer.compress(piece))
            packed.write(packer.flush())
            yield self.begin(name, DEFLATED, crc, packed.tell(), size)
            packed.seek(0)
            while piece := packed.read(READ_AT_ONCE):
                yield piece

    def begin(self, name: str, method: int, crc: int, packed_size: int, size: int) -> bytes:
        """What comes before a member's bytes, which is noted with its place."""
        path = name.encode()
        sizes = (crc, packed_size, size, len(path))
        head = struct.pack("<4s5H3L2H", b"PK\3\4", VERSION, UTF8_NAMES, method, *NEW_YEAR_1980, *sizes, 0)
        self.note(path, method, sizes)
        self.place += len(head) + len(path) + packed_size
        return head + path

    def note(self, path: bytes, method: int, sizes: tuple[int, ...]) -> None:
        """Put a member on the list."""
        far = struct.pack("<2HQ", 1, 8, self.place) if self.place >= MOST_32 else b""
        version = VERSION_64 if far else VERSION
        made = (MADE_BY_UNIX | version, version, UTF8_NAMES, method, *NEW_YEAR_1980)
        rest = (*sizes, len(far), 0, 0, 0, PLAIN_FILE, min(self.place, MOST_32))
        self.listed.write(struct.pack("<4s6H3L5H2L", b"PK\1\2", *made, *rest) + path + far)
        self.members += 1

    def end(self) -> Iterator[bytes]:
        """What comes after the last member."""
        size = self.listed.tell()
        self.listed.seek(0)
        while piece := self.listed.read(READ_AT_ONCE):
            yield piece
        self.listed.close()
        counts = (self.members, self.members, size, self.place)
        if self.members >= MOST_16 or self.place + size >= MOST_32:
            yield struct.pack(
                "<4sQ2H2L4Q", b"PK\6\6", 44, MADE_BY_UNIX | VERSION_64, VERSION_64, 0, 0, *counts
            )
            yield struct.pack("<4sLQL", b"PK\6\7", 0, self.place + size, 1)
        few = (min(self.members, MOST_16),) * 2
        yield struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *few, min(size, MOST_32), min(self.place, MOST_32), 0)
