"""Packed files as pieces that can be read alone: gzip members, zstd frames, or the plain file itself.

Web archives pack record by record, so that one can be read without the others, and so that a damaged one
spoils no other: after it, reading goes on at the next piece that can be found.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

from archive.raw.first_bytes import LOOKED_AT, begins
from archive.raw.pieces import CHUNK, RECORD, AsItIs, Gunzip, Piece, Spoiled, Unpacker

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
ARC = b"filedesc://"
# A zstd file may begin with a frame that decoders skip and that holds the dictionary of all others.
# https://iipc.github.io/warc-specifications/specifications/warc-zstd/
DICTIONARY = b"\x5d\x2a\x4d\x18"
SKIPPED = b"\x2a\x4d\x18"  # after a first byte from 0x50 to 0x5f
DICTIONARY_MAX_BYTES = 64 * 1024 * 1024
TRAINED = b"\x37\xa4\x30\xec"


class NoWarc(Exception):
    """The file is none that we can read; the message says what it seems to be."""


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
            head = Piece(self.file, self.begins_at, self.new_unpacker()).read(LOOKED_AT)
            if head.startswith(ARC):
                raise NoWarc("it is an ARC, older than WARC; `warcio recompress` makes a WARC of it")
            if not head.startswith(RECORD[:4]):
                raise NoWarc(f"of what is packed in it, {begins(head)}")

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
        raise NoWarc(begins(head + self.file.read(LOOKED_AT)))

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
