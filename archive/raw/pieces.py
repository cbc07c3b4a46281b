"""One packed piece of a file, read from its beginning: a gzip member, a zstd frame, or a plain file."""

from __future__ import annotations

import sys
import zlib
from typing import BinaryIO, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 16 * 1024
UNPACKED_AT_ONCE = 128 * 1024
RECORD = b"WARC/1."


class Spoiled(Exception):
    """What is packed cannot be unpacked from here on; the message says why."""


class Torn(Spoiled):
    """The file ends in the middle of a piece."""


class Unpacker(Protocol):
    """What turns packed bytes into plain ones, a bounded number at a time."""

    @property
    def eof(self) -> bool:
        """Whether the piece has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether it has nothing more to give without more packed bytes."""

    @property
    def unused_data(self) -> bytes:
        """What was given to it and belongs to the next piece."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Up to so many plain bytes."""


class Gunzip:
    """A gzip member."""

    def __init__(self) -> None:
        self.inner = zlib.decompressobj(zlib.MAX_WBITS + 16)
        self.has_more = False

    @property
    def eof(self) -> bool:
        return self.inner.eof

    @property
    def needs_input(self) -> bool:
        return not self.has_more and not self.inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self.inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        plain = self.inner.decompress(self.inner.unconsumed_tail + data, max_length)
        self.has_more = len(plain) == max_length
        return plain


class AsItIs:
    """A file that is not packed: one piece, to the end."""

    eof = False
    needs_input = True
    unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return data


class Piece:
    """A part of the file that is read from its beginning: `offset` is where it lies, in packed bytes."""

    def __init__(self, file: BinaryIO, offset: int, unpacker: Unpacker) -> None:
        self.file, self.offset, self.unpacker = file, offset, unpacker
        self.is_plain = isinstance(unpacker, AsItIs)
        self.buffer = b""
        self.taken = 0
        file.seek(offset)

    def place(self) -> int:
        """Where the next byte lies in the file, or where its piece begins."""
        return self.offset + self.taken if self.is_plain else self.offset

    def fill(self) -> bool:
        """Unpack some more; False at the end. Raises Spoiled."""
        while not self.unpacker.eof:
            data = self.file.read(CHUNK) if self.unpacker.needs_input else b""
            if self.unpacker.needs_input and not data:
                if self.is_plain:
                    return False
                raise Torn("the file ends in the middle of it")
            try:
                plain = self.unpacker.decompress(data, UNPACKED_AT_ONCE)
            except (zlib.error, zstd.ZstdError) as error:
                raise Spoiled(f"it cannot be unpacked ({error})") from error
            if plain:
                self.buffer += plain
                return True
        return False

    def read(self, count: int) -> bytes:
        """So many bytes, fewer only at the end. Raises Spoiled."""
        parts = []
        while count and (self.buffer or self.fill()):
            part, self.buffer = self.buffer[:count], self.buffer[count:]
            parts.append(part)
            count -= len(part)
            self.taken += len(part)
        return b"".join(parts)

    def is_at_end(self) -> bool:
        """Whether nothing is left; checks what a piece has at its end to prove it whole. Raises Spoiled."""
        return not self.buffer and not self.fill()

    def skip(self, count: int) -> int:
        """Pass over so many bytes without keeping them; returns how many there were. Raises Spoiled."""
        skipped = 0
        while skipped < count and (part := self.read(min(UNPACKED_AT_ONCE, count - skipped))):
            skipped += len(part)
        return skipped

    def line(self, most: int) -> bytes:
        """The next line with its end, cut off after `most` bytes; empty at the end. Raises Spoiled."""
        while b"\n" not in self.buffer and len(self.buffer) < most and self.fill():
            pass
        end = self.buffer.find(b"\n", 0, most) + 1
        return self.read(end or most)

    def skip_to_record(self) -> bool:
        """Go to the next line that begins a record; False when there is none. Raises Spoiled."""
        while True:
            found = self.buffer.find(b"\n" + RECORD)
            if found >= 0:
                self.read(found + 1)
                return True
            self.read(max(0, len(self.buffer) - len(RECORD)))
            if not self.fill():
                return False

    def rewind(self, place: int) -> None:
        """Go back to a place in a plain file."""
        self.file.seek(place)
        self.buffer, self.taken = b"", place - self.offset

    def end(self) -> int:
        """Where the next piece begins: after this one, what is unread of it passed over. Raises Spoiled."""
        while self.read(UNPACKED_AT_ONCE):
            pass
        return self.file.tell() - len(self.unpacker.unused_data)
