"""WARC files of others, record by record: pages, what is passed over, and what is wrong, each by its number.

Bounded in memory: at most one record is held, and none larger than a page may be. A broken record ends
nothing: reading goes on at the next one that can be found.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from archive.raw.first_bytes import LOOKED_AT, begins
from archive.raw.packed_files import PackedFile
from archive.raw.pieces import RECORD, Piece, Spoiled, Torn
from archive.raw.warc_pages import HEAD_MAX_BYTES, PAGE_MAX_BYTES, Unreadable, WarcPage, page_of
from archive.raw.warc_writing import SOURCES_FIELD
from archive.records import SourceDescription
from archive.source_descriptions import from_json

VERSIONS = ["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17"]
DIGESTS = ("md5", "sha1", "sha256", "sha512")
INFO_MAX_BYTES = 1024 * 1024
RECORD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A record that is no answer to a web address: `what` is its type, or "no web address".

    `sources` are those it tells of, where it tells of a file of ours; `unread` is why
    some that it may tell of are not known.
    """

    number: int
    what: str
    sources: tuple[SourceDescription, ...] = ()
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read, why, and where it begins: a byte of the file, of its piece if packed."""

    number: int
    offset: int
    code: str
    detail: str
    url: str | None = None


Said = WarcPage | PassedOver | BadRecord


def read_warc(file: BinaryIO) -> Iterator[Said]:
    """Every record of a seekable file, plain or packed by gzip or zstd; raises NoWarc for other files."""
    number = 0
    for piece in PackedFile(file).pieces():
        for said in records_of(piece, number):
            number = said.number
            yield said


def records_of(piece: Piece, before: int) -> Iterator[Said]:
    """The records of a piece, numbered from the one before it."""
    number = before
    while True:
        number += 1
        place = piece.place()
        try:
            head = head_of(piece)
            if head is None:
                return
            yield record(piece, head, number, place)
        except Spoiled as error:
            code = "truncated" if isinstance(error, Torn) else "damaged"
            yield BadRecord(number, place, code, str(error))
            return
        except Unreadable as error:
            yield BadRecord(number, place, error.code, str(error), error.url)
            if error.is_lost and not found_again(piece, place):
                return


def found_again(piece: Piece, place: int) -> bool:
    """Whether another record was found after one whose end is not known."""
    if piece.is_plain:
        piece.rewind(place + 1)
    try:
        return piece.skip_to_record()
    except Spoiled:
        return False


def head_of(piece: Piece) -> StatusAndHeaders | None:
    """The named fields of the next record, `None` at the end; raises Unreadable and Spoiled."""
    line = piece.line(HEAD_MAX_BYTES)
    while line in (b"\r\n", b"\n"):
        line = piece.line(HEAD_MAX_BYTES)
    if not line:
        return None
    if not line.startswith(RECORD) and not line.startswith(b"WARC/0."):
        raise Unreadable("no_record", begins(line[:LOOKED_AT]), is_lost=True)
    lines = [line]
    while (line := piece.line(HEAD_MAX_BYTES)).strip():
        lines.append(line)
        if sum(map(len, lines)) > HEAD_MAX_BYTES:
            raise Unreadable("bad_head", f"its head is longer than {HEAD_MAX_BYTES:,} bytes", is_lost=True)
    if not line:
        raise Unreadable("truncated", "it ends in its own head", is_lost=True)
    try:
        return StatusAndHeadersParser(VERSIONS).parse(io.BytesIO(b"".join(lines)))
    except StatusAndHeadersParserException as error:
        raise Unreadable("no_record", begins(lines[0][:LOOKED_AT]), is_lost=True) from error


def record(piece: Piece, head: StatusAndHeaders, number: int, place: int) -> WarcPage | PassedOver:
    """What the record under this head is; its block is read to the end. Raises Unreadable and Spoiled."""
    fields = {name.lower(): value.strip() for name, value in head.headers}
    url = fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">") or None
    length = length_of(fields, url)
    what = fields.get("warc-type", "a record without a type").lower()
    is_web = url is not None and url.lower().startswith(("http://", "https://"))
    if what == "warcinfo":
        return file_told(piece, number, length)
    if what != "response" or not is_web:
        passed_block(piece, length, url)
        return PassedOver(number, what if what != "response" else "no web address")
    assert url is not None, "a web address is one"
    if length > PAGE_MAX_BYTES + HEAD_MAX_BYTES:
        passed_block(piece, length, url)
        raise Unreadable("too_large", f"{length:,} bytes", url=url)
    block = whole_block(piece, length, url)
    refuse_wrong_digest(fields, block, url)
    return page_of(fields, block, url, number, place)


def length_of(fields: Mapping[str, str], url: str | None) -> int:
    """The stated length of a block; raises Unreadable."""
    written = fields.get("content-length", "")
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise Unreadable("bad_length", f"its length is {written[:40]!r}", url=url, is_lost=True)
    return int(written)


def whole_block(piece: Piece, length: int, url: str | None) -> bytes:
    """Read a block; raises Unreadable where it is not as long as it says."""
    block = piece.read(length)
    if len(block) < length:
        code = "truncated" if piece.is_plain else "bad_length"
        raise Unreadable(code, short(len(block), length), url=url, is_lost=True)
    refuse_wrong_end(piece, url)
    return block


def file_told(piece: Piece, number: int, length: int) -> PassedOver:
    """What a record about the file tells; its block is read to the end. Raises Unreadable and Spoiled."""
    if length > INFO_MAX_BYTES:
        passed_block(piece, length, None)
        return PassedOver(number, "warcinfo", unread=f"too long to be read: {length:,} bytes")
    sources: tuple[SourceDescription, ...] = ()
    unread = None
    for line in whole_block(piece, length, None).splitlines():
        name, _, value = line.partition(b":")
        if name.strip().lower() == SOURCES_FIELD.encode():
            try:
                sources += from_json(value)
            except (ValueError, RecursionError) as error:
                unread = f"{SOURCES_FIELD} cannot be understood: {error}"
    return PassedOver(number, "warcinfo", sources, unread)


def passed_block(piece: Piece, length: int, url: str | None) -> None:
    """Pass over a block; raises Unreadable where it is not as long as it says."""
    if (skipped := piece.skip(length)) < length:
        code = "truncated" if piece.is_plain else "bad_length"
        raise Unreadable(code, short(skipped, length), url=url, is_lost=True)
    refuse_wrong_end(piece, url)


def refuse_wrong_end(piece: Piece, url: str | None) -> None:
    """Read the two empty lines after a block; raises Unreadable where something else stands there."""
    end = piece.read(len(RECORD_END))
    piece.is_at_end()  # a damaged piece is known by the checksum at its end
    if end.strip(b"\r\n"):
        raise Unreadable("bad_length", "it is longer or shorter than it says", url=url, is_lost=True)


def refuse_wrong_digest(fields: Mapping[str, str], block: bytes, url: str | None) -> None:
    """Raise Unreadable where a block is not what its digest says; a digest of a kind unknown says nothing."""
    algorithm, _, stated = fields.get("warc-block-digest", "").partition(":")
    name = algorithm.lower().replace("-", "")
    if name not in DIGESTS:
        return
    digest = hashlib.new(name, block, usedforsecurity=False).digest()
    written = {digest.hex(), base64.b32encode(digest).decode().rstrip("=").lower()}
    if stated.rstrip("=").lower() not in written and len(stated.rstrip("=")) in map(len, written):
        raise Unreadable("digest", f"its block is not what its {algorithm} says", url=url)


def short(there: int, stated: int) -> str:
    """How much of a block is missing."""
    return f"it ends after {there:,} of {stated:,} bytes"
