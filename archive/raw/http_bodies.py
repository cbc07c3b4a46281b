"""Bodies as they went over the wire, back to what was sent: chunks joined, compression undone, in bounds."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP_MAGIC = b"\x1f\x8b"
MOST_MEMBERS = 2_000  # each costs a copy of the rest; gzip writes one
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


class UndecodableBody(Exception):
    """The body is not what its headers say; `code` is "encoding" or "too_large"."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def sent_body(body: bytes, transfer_encoding: str, content_encoding: str, most: int) -> bytes:
    """The body decoded, at most `most` bytes; raises UndecodableBody.

    Many archives store decoded bodies and leave the headers as they were: a body that does not look like
    its encoding is taken as it is.
    """
    if "chunked" in transfer_encoding.lower():
        body = joined_chunks(body)
    for name in reversed([one.strip().lower() for one in content_encoding.split(",") if one.strip()]):
        body = decoded(body, name, most)
    if len(body) > most:
        raise UndecodableBody("too_large", f"more than {most:,} bytes")
    return body


def joined_chunks(body: bytes) -> bytes:
    """The chunks of a body put together, trailers left out; raises UndecodableBody where they are broken."""
    parts: list[bytes] = []
    at = 0
    while size := CHUNK_SIZE.match(body, at):
        start, count = size.end(), int(size[1], 16)
        if count == 0:
            return b"".join(parts)
        if start + count > len(body):
            break
        parts.append(body[start : start + count])
        at = start + count
        at += 2 * body.startswith(b"\r\n", at)
    if not parts:
        return body
    raise UndecodableBody("encoding", f"its chunks are broken or end early, at byte {at:,}")


def decoded(body: bytes, encoding: str, most: int) -> bytes:
    """The body with one encoding undone; raises UndecodableBody."""
    if encoding in ("identity", "none", "utf-8"):
        return body
    if encoding not in DECODERS:
        raise UndecodableBody("encoding", f"its encoding {encoding[:40]!r} is not known")
    try:
        return DECODERS[encoding](body, most)
    except (zlib.error, zstd.ZstdError, brotli.error, EOFError) as error:
        if looks_plain(body):
            return body
        raise UndecodableBody("encoding", f"said to be {encoding}, but {error}") from error


def gunzipped(body: bytes, most: int) -> bytes:
    """A body of gzip members; what follows them is ignored."""
    plain, rest = inflated(body, most, zlib.MAX_WBITS + 16)
    parts = [plain]
    while rest.startswith(GZIP_MAGIC) and len(parts) < MOST_MEMBERS:
        plain, rest = inflated(rest, most - sum(map(len, parts)), zlib.MAX_WBITS + 16)
        parts.append(plain)
    return b"".join(parts)


def undeflated(body: bytes, most: int) -> bytes:
    """A deflated body: with zlib's head, as it should be, or without it, as it often is."""
    with suppress(zlib.error):
        return inflated(body, most, zlib.MAX_WBITS)[0]
    return inflated(body, most, -zlib.MAX_WBITS)[0]


def inflated(body: bytes, most: int, window: int) -> tuple[bytes, bytes]:
    """What zlib makes of a stream, and what comes after it."""
    inner = zlib.decompressobj(window)
    plain = inner.decompress(body, most + 1)
    return whole(plain, most, is_finished=inner.eof), inner.unused_data


def unbrotlied(body: bytes, most: int) -> bytes:
    """A body packed by Brotli."""
    inner = brotli.Decompressor()
    plain = bytes(inner.process(body, output_buffer_limit=most + 1))
    return whole(plain, most, is_finished=inner.is_finished())


def unzstd(body: bytes, most: int) -> bytes:
    """A body packed by zstd."""
    inner = zstd.ZstdDecompressor()
    plain = inner.decompress(body, most + 1)
    return whole(plain, most, is_finished=inner.eof)


def whole(plain: bytes, most: int, *, is_finished: bool) -> bytes:
    """What was unpacked, if it is all there is and not too much; raises UndecodableBody and EOFError."""
    if len(plain) > most:
        raise UndecodableBody("too_large", f"unpacks to more than {most:,} bytes")
    if not is_finished:
        raise EOFError("it ends too early")
    return plain


def looks_plain(body: bytes) -> bool:
    """Whether a body begins like text: what is packed has control characters in its first thousand bytes."""
    return not CONTROLS.search(body[:1_000])


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": gunzipped,
    "x-gzip": gunzipped,
    "deflate": undeflated,
    "br": unbrotlied,
    "zstd": unzstd,
}
