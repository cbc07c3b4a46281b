"""The encoding of an answer's body undone: never more than a limit, and what is cut off is said to be.

Scrapy's own part takes what it can get of a broken body, which would be kept as a shorter wording of its
article, and as many encodings as a header names.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Self

import brotli
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP_MAGIC = b"\x1f\x8b"
ACCEPTED = b"gzip, deflate, br, zstd"
CHUNK = 64 * 1024
MOST_LAYERS = 3  # servers send one; each costs as much as the limit allows
MOST_MEMBERS = 2_000  # of gzip in a body; each has a cost of its own
MOST_FRAMES = 16  # of zstd, each with a copy of what follows it


class TooLarge(IgnoreRequest):
    """A body that is larger than the limit once it is decoded."""


class CutOff(IgnoreRequest):
    """A body whose encoding ends too early, or is broken."""


class UnknownEncoding(IgnoreRequest):
    """A body in an encoding nobody asked for."""


class DecodingMiddleware:
    """Say which encodings are read, and undo them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        encodings = encodings_of(response.headers.getlist("Content-Encoding"))
        if not encodings or not response.body:
            return response
        body = decoded(response.body, encodings, request.meta.get("download_maxsize", self.limit))
        plain = response.replace(body=body)
        del plain.headers["Content-Encoding"]
        return plain


def encodings_of(headers: Sequence[bytes]) -> list[str]:
    """The encodings a header names, in the order they were done; "identity" is none."""
    named = b",".join(headers).decode("latin-1").lower().split(",")
    return [name.strip() for name in named if name.strip() not in ("", "identity")]


def decoded(body: bytes, encodings: Sequence[str], limit: int) -> bytes:
    """The body with its encodings undone, the last first; raises TooLarge, CutOff or UnknownEncoding."""
    if len(encodings) > MOST_LAYERS:
        raise UnknownEncoding(f"its body is encoded {len(encodings)} times")
    for name in reversed(encodings):
        pieces = DECODERS.get(name)
        if pieces is None:
            raise UnknownEncoding(f"its body is encoded as {name[:40]!r}")
        body = gathered(pieces(body), name, limit)
    return body


def gathered(pieces: Iterator[bytes], name: str, limit: int) -> bytes:
    """The pieces as one, as far as they stay within the limit."""
    found: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise TooLarge(f"its {name} body unpacks to more than {limit // 1024**2} MiB")
            found.append(piece)
    except (zlib.error, zstd.ZstdError, brotli.error, EOFError) as error:
        raise CutOff(f"its {name} body is broken after {size} bytes: {error}"[:200]) from error
    return b"".join(found)


def from_gzip(body: bytes) -> Iterator[bytes]:
    """The content of gzip members, one after the other; what follows them is ignored."""
    rest = memoryview(body)
    for _ in range(MOST_MEMBERS):
        rest = yield from unpacked(zlib.decompressobj(16 + zlib.MAX_WBITS), rest)
        if bytes(rest[:2]) != GZIP_MAGIC:
            return
    raise zlib.error(f"more than {MOST_MEMBERS} gzip members")


def from_deflate(body: bytes) -> Iterator[bytes]:
    """zlib's format, or the bare stream that some servers mean by "deflate"."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    unpacker = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
    yield from unpacked(unpacker, memoryview(body))


def unpacked(unpacker: zlib._Decompress, body: memoryview) -> Generator[bytes, None, memoryview]:
    """What one zlib stream holds, a chunk at a time; returns what follows it, raises EOFError without an end.

    Fed in chunks too: zlib copies whatever it has not read yet with each chunk it gives.
    """
    for start in range(0, len(body), CHUNK):
        rest: bytes | memoryview = body[start : start + CHUNK]
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, CHUNK)
            rest = unpacker.unconsumed_tail
        if unpacker.eof:
            return body[min(start + CHUNK, len(body)) - len(unpacker.unused_data) :]
    while not unpacker.eof and (piece := unpacker.decompress(b"", CHUNK)):
        yield piece
    if not unpacker.eof:
        raise EOFError("it has no end")
    return body[len(body) :]


def from_brotli(body: bytes) -> Iterator[bytes]:
    """A brotli stream's content."""
    unpacker = brotli.Decompressor()
    yield unpacker.process(body, output_buffer_limit=CHUNK)
    while not unpacker.is_finished():
        piece = unpacker.process(b"", output_buffer_limit=CHUNK)
        if not piece:
            raise EOFError("it has no end")
        yield piece


def from_zstd(body: bytes) -> Iterator[bytes]:
    """The content of zstd frames, one after the other."""
    for _ in range(MOST_FRAMES):
        unpacker = zstd.ZstdDecompressor()
        yield unpacker.decompress(body, max_length=CHUNK)
        while not unpacker.eof:
            if unpacker.needs_input:
                raise EOFError("it has no end")
            yield unpacker.decompress(b"", max_length=CHUNK)
        body = unpacker.unused_data
        if not body:
            return
    raise EOFError(f"more than {MOST_FRAMES} zstd frames")


DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": from_gzip,
    "x-gzip": from_gzip,
    "deflate": from_deflate,
    "br": from_brotli,
    "zstd": from_zstd,
}
