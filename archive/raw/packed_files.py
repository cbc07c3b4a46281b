"""Packed files as pieces that can be read alone: gzip members, zstd frames, or the plain file itself.

Web archives pack record by record, so that one can be read without the others, and so that a damaged one
spoils no other: after it, reading goes on at the next piece that can be found.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 16 * 1024
UNPACKED_AT_ONCE = 128 * 1024
GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
RECORD = b"WARC/1."
ARC = b"filedesc://"
# A zstd file may begin with a frame that decoders skip and that holds the dictionary of all others.
# https://iipc.github.io/warc-specifications/specifications/warc-zstd/
DICTIONARY = b"\x5d\x2a\x4d\x18"
SKIPPED = b"\x2a\x4d\x18"  # after a first byte from 0x50 to 0x5f
DICTIONARY_MAX_BYTES = 64 * 1024 * 1024
TRAINED = b"\x37\xa4\x30\xec"


class Spoiled(Exception):
    """What is packed cannot be unpacked from here on; the message says why."""


class Torn(Spoiled):
    """The file ends in the middle of a piece."""


class NoWarc(Exception):
    """The file is none that we can read; the message says what it seems to be."""


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


class PackedFile:
    """A file and how it is packed."""

    def __init__(self, file: BinaryIO) -> None:
        """Look at the beginning; raises NoWarc where it is nothing we know."""
        self.file = file
        self.begins_at = 0
        self.magic, self.new_unpacker = self.packing()
        self.refuse_others()

    def refuse_others(self) -> None:
        """Raise NoWarc for what is packed and no WARC."""
        with suppress(Spoiled):
            begins = Piece(self.file, self.begins_at, self.new_unpacker()).read(len(ARC))
            if begins == ARC:
                raise NoWarc("it is an ARC, older than WARC; `warcio recompress` makes a WARC of it")
            if not begins.startswith(RECORD[:4]):
                raise NoWarc(f"what is packed begins with {begins!r}")

    def packing(self) -> tuple[bytes, Callable[[], Unpacker]]:
        """The mark of each piece, and what unpacks one."""
        head = self.file.read(4)
        if head.startswith(GZIP):
            return GZIP, Gunzip
        if head == ZSTD:
            return ZSTD, zstd.ZstdDecompressor
        if head == DICTIONARY:
            zdict = self.dictionary()
            return ZSTD, lambda: zstd.ZstdDecompressor(zstd_dict=zdict)
        if head in (RECORD[:4], ARC[:4]):
            return RECORD, AsItIs
        raise NoWarc("it is empty" if not head else f"it begins with {head!r}")

    def dictionary(self) -> zstd.ZstdDict:
        """The dictionary at the beginning of a zstd file; raises NoWarc."""
        size = int.from_bytes(self.file.read(4), "little")
        if size > DICTIONARY_MAX_BYTES:
            raise NoWarc(f"its dictionary is said to have {size:,} bytes")
        content = self.file.read(size)
        self.begins_at = self.file.tell()
        try:
            if content.startswith(ZSTD):
                content = zstd.ZstdDecompressor().decompress(content, DICTIONARY_MAX_BYTES)
            return zstd.ZstdDict(content, is_raw=not content.startswith(TRAINED))
        except (zstd.ZstdError, ValueError) as error:
            raise NoWarc(f"its dictionary cannot be read ({error})") from error

    def pieces(self) -> Iterator[Piece]:
        """Every piece in its order; after one that proved Spoiled in reading, the next that can be found."""
        offset: int | None = self.begins_at
        while offset is not None:
            offset = self.after_skipped(offset)
            self.file.seek(offset)
            if not self.file.read(1):
                return
            piece = Piece(self.file, offset, self.new_unpacker())
            yield piece
            try:
                offset = piece.end()
            except Spoiled:
                offset = self.next_mark(offset + 1)

    def after_skipped(self, offset: int) -> int:
        """The offset, past frames that are to be skipped."""
        while self.magic == ZSTD:
            self.file.seek(offset)
            head = self.file.read(8)
            if head[1:4] != SKIPPED or not 0x50 <= head[0] <= 0x5F:
                break
            offset += 8 + int.from_bytes(head[4:], "little")
        return offset

    def next_mark(self, offset: int) -> int | None:
        """Where a piece whose first bytes are a record's begins, from this offset on; `None`: nowhere."""
        self.file.seek(offset)
        window, start = b"", offset
        while data := self.file.read(CHUNK):
            window += data
            at = window.find(self.magic)
            while at >= 0:
                if self.begins_record(start + at):
                    return start + at
                at = window.find(self.magic, at + 1)
            cut = max(0, len(window) - len(self.magic) + 1)
            window, start = window[cut:], start + cut
            self.file.seek(start + len(window))
        return None

    def begins_record(self, offset: int) -> bool:
        """Whether what lies here is a piece that begins with a record: the mark alone may be chance."""
        try:
            return Piece(self.file, offset, self.new_unpacker()).read(len(RECORD)) == RECORD
        except Spoiled:
            return False
