"""One named route for each way a server misbehaves, and how each must end.

The numbers are those of the list of faults the project is held to. A route writes raw bytes where an HTTP
library would be too polite.
"""

from __future__ import annotations

import gzip
import itertools
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli

from tests.crawl.conftest import Visitor, article_page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MIB = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
KEPT = "kept"
BOMB = b"\0" * (40 * MIB)


@dataclass(frozen=True, slots=True)
class Case:
    """How a route answers; `ends_as` is KEPT for an article or the reason in `problems`.

    `waits` says whether its address is still on the list after one crawl.
    """

    fault: int
    name: str
    answer: Callable[[Visitor], None]
    ends_as: str
    waits: bool = False

    @property
    def path(self) -> str:
        return f"/a/{self.name}"

    def __str__(self) -> str:
        return f"fault_{self.fault}_{self.name}"


CASES: list[Case] = []


def case(fault: int, ends_as: str, *, waits: bool = False, name: str = "") -> Callable:
    """Make a function the answer of a route with its name."""

    def register(answer: Callable[[Visitor], None]) -> Callable[[Visitor], None]:
        called = name or answer.__name__.strip("_")
        CASES.append(Case(fault, called, answer, ends_as, waits))
        return answer

    return register


def page(visitor: Visitor) -> bytes:
    """The good article this address would have."""
    return article_page(visitor.path).encode()


def with_length(body: bytes, *headers: bytes) -> bytes:
    """A whole answer with the right length."""
    lines = b"".join(header + b"\r\n" for header in (*headers, b"Content-Length: %d" % len(body)))
    return HEAD + lines + b"\r\n" + body


def redirect(to: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.answer("", status=302, Location=to)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


# --- 2 and 4: redirects

for name, address in {
    "to-metadata": "http://169.254.169.254/latest/meta-data/",
    "to-10": "http://10.0.0.1/",
    "to-decimal": "http://2130706433:1/",
    "to-octal": "http://0177.0.0.1/",
    "to-hex": "http://0x7f000001/",
    "to-mapped": "http://[::ffff:10.0.0.1]/",
    "to-zero": "http://0.0.0.0/",
    "to-ipv6-loopback": "http://[::1]/",
    "to-other-site": "https://elsewhere.example/",
    "to-password": "http://user:secret@127.0.0.1/a/x",
}.items():
    case(4 if "site" in name or "password" in name else 2, "offsite", name=f"redirect-{name}")(
        redirect(address)
    )
for name, address in {
    "file": "file:///etc/hostname",
    "data": "data:text/html,<h1>x",
    "javascript": "javascript:alert(1)",
    "ftp": "ftp://127.0.0.1/x",
    "broken": "http://[::1",
}.items():
    case(4, "scheme", name=f"redirect-to-{name}")(redirect(address))

case(4, "redirect_loop", waits=True, name="redirect-to-itself")(redirect("/a/redirect-to-itself"))
case(4, "redirect_loop", waits=True, name="redirect-there-and-back")(redirect("/b/back"))


@case(4, "redirect_loop", waits=True, name="redirect-endlessly")
def _(visitor: Visitor) -> None:
    number = int(visitor.path.partition("?x=")[2] or 0)
    visitor.answer("", status=302, Location=f"/b/endless?x={number + 1}")


case(4, KEPT, name="redirect-eight-times")(redirect("/b/hop1"))
case(4, "redirect_loop", waits=True, name="redirect-ten-times")(redirect("/b/long1"))


# --- 5: pages that would lead away by themselves


@case(5, KEPT, name="meta-refresh-to-file")
def _(visitor: Visitor) -> None:
    jump = '<meta http-equiv="refresh" content="0;url=file:///etc/hostname"></head>'
    visitor.answer(page(visitor).decode().replace("</head>", jump))


@case(5, KEPT, name="meta-refresh-to-itself")
def _(visitor: Visitor) -> None:
    jump = f'<meta http-equiv="refresh" content="0;url={visitor.path}"></head>'
    visitor.answer(page(visitor).decode().replace("</head>", jump))


# --- 6: encodings, good and bad


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "bare-deflate": raw_deflate,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstd.compress,
}


def packed(encoding: str, packer: Callable[[bytes], bytes], body: Callable[[Visitor], bytes]) -> Callable:
    return lambda visitor: visitor.answer(packer(body(visitor)), Content_Encoding=encoding)


def half(packer: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: packer(data)[:-40]


for name, packer in PACKERS.items():
    encoding = name.removeprefix("bare-")
    case(6, KEPT, name=f"packed-{name}")(packed(encoding, packer, page))
    case(6, "too_large", name=f"bomb-{name}")(packed(encoding, packer, lambda _: BOMB))
    case(8, "truncated", waits=True, name=f"cut-off-{name}")(packed(encoding, half(packer), page))


def twice(data: bytes) -> bytes:
    return gzip.compress(gzip.compress(data))


case(6, KEPT, name="packed-twice")(packed("gzip, gzip", twice, page))
case(6, "too_large", name="bomb-in-a-bomb")(packed("gzip, gzip", twice, lambda _: BOMB))
case(6, "encoding", waits=True, name="packed-a-hundred-times")(
    packed(", ".join(["gzip"] * 100), gzip.compress, page)
)
case(6, "encoding", waits=True, name="packed-in-nothing-known")(packed("x-lzma", gzip.compress, page))
case(6, "truncated", waits=True, name="said-to-be-packed")(
    lambda visitor: visitor.answer(page(visitor), Content_Encoding="gzip")
)
case(6, KEPT, name="packed-in-two-members")(
    packed("gzip", lambda data: gzip.compress(data[:300]) + gzip.compress(data[300:]), page)
)


# --- 7: answers without end


@case(7, "too_large", name="endless-chunks")
def _(visitor: Visitor) -> None:
    piece = chunk(b"<p>" + b"x" * MIB)
    visitor.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *itertools.repeat(piece, 200))


@case(7, "too_large", name="endless-body")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"\r\n", *itertools.repeat(b"<p>" + b"x" * MIB, 200))


@case(7, "timeout", waits=True, name="a-byte-at-a-time")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"Content-Length: 5000\r\n\r\n", *itertools.repeat(b"x", 300), every=0.2)


@case(7, "timeout", waits=True, name="a-header-at-a-time")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD, *itertools.repeat(b"X-More: 1\r\n", 300), every=0.2)


@case(7, "timeout", waits=True, name="silence")
def _(visitor: Visitor) -> None:
    visitor.raw(b"", every=30)


@case(7, "header_too_large", waits=True, name="endless-header")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD, *itertools.repeat(b"X-More: " + b"1" * 1_000 + b"\r\n", 500_000))


@case(7, "header_too_large", waits=True, name="header-of-200-kb")
def _(visitor: Visitor) -> None:
    visitor.raw(with_length(page(visitor), b"X-Long: " + b"1" * 200_000))


@case(7, "header_too_large", waits=True, name="two-hundred-cookies")
def _(visitor: Visitor) -> None:
    visitor.raw(with_length(page(visitor), *(b"Set-Cookie: c%d=" % n + b"1" * 3_000 for n in range(200))))


# --- 8: bodies that are not as long as they say


@case(8, "truncated", waits=True, name="length-too-long")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"Content-Length: 100000\r\n\r\n" + page(visitor))


@case(8, "truncated", waits=True, name="length-too-short")
def _(visitor: Visitor) -> None:
    body = page(visitor)
    letters = len(body.decode())  # the usual slip: letters are counted, not bytes
    visitor.raw(HEAD + b"Content-Length: %d\r\n\r\n" % letters + body)


@case(8, "http_protocol", waits=True, name="two-lengths")
def _(visitor: Visitor) -> None:
    body = page(visitor)
    visitor.raw(HEAD + b"Content-Length: 300\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@case(8, KEPT, name="one-length-twice")
def _(visitor: Visitor) -> None:
    body = page(visitor)
    visitor.raw(with_length(body, b"Content-Length: %d" % len(body)))


@case(8, "http_protocol", waits=True, name="negative-length")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"Content-Length: -5\r\n\r\n" + page(visitor))


@case(8, "http_protocol", waits=True, name="length-in-words")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"Content-Length: many\r\n\r\n" + page(visitor))


@case(8, "truncated", waits=True, name="broken-chunk")
def _(visitor: Visitor) -> None:
    body = page(visitor)
    visitor.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(body[:900]) + b"zz\r\n" + body[900:])


@case(8, "truncated", waits=True, name="last-chunk-missing")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(page(visitor)))


@case(8, "truncated", waits=True, name="broken-off")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"\r\n" + page(visitor)[:3_000], every=0.3)
    visitor.break_off()


@case(8, KEPT, name="ends-with-its-connection")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"\r\n" + page(visitor))


# --- 9: what is no HTTP, or says nothing


@case(9, "http_protocol", waits=True, name="garbage")
def _(visitor: Visitor) -> None:
    visitor.raw(b"HULLO\r\n\r\n")


@case(9, "http_protocol", waits=True, name="status-999")
def _(visitor: Visitor) -> None:
    body = page(visitor)
    visitor.raw(b"HTTP/1.1 999 Request denied\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@case(9, "http_protocol", waits=True, name="http-0.9")
def _(visitor: Visitor) -> None:
    visitor.raw(page(visitor))


@case(9, "http_protocol", waits=True, name="http-0.9-by-name")
def _(visitor: Visitor) -> None:
    visitor.raw(b"HTTP/0.9 200 OK\r\n\r\n" + page(visitor))


@case(9, "empty", waits=True, name="empty")
def _(visitor: Visitor) -> None:
    visitor.answer("")


@case(9, "empty", waits=True, name="empty-with-a-body-after-it")
def _(visitor: Visitor) -> None:
    visitor.raw(HEAD + b"Content-Length: 0\r\n\r\n" + page(visitor))


@case(9, "http_status", waits=True, name="redirect-to-nowhere")
def _(visitor: Visitor) -> None:
    visitor.answer("", status=302)


# --- 12 and 18: statuses


def status(code: int) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.answer("no", status=code)


for code, reason, stays in (
    *((code, "forbidden", True) for code in (401, 402, 403, 451)),
    *((404, "not_found", True), (410, "gone", False), (500, "server_error", True)),
):
    case(12, reason, waits=stays, name=f"status-{code}")(status(code))
case(18, "unasked_304", waits=True, name="unasked-304")(lambda visitor: visitor.answer("", status=304))


def other_routes() -> Iterator[tuple[str, Callable[[Visitor], None]]]:
    """Where the redirects above lead on the site."""
    yield "/b/back", redirect("/a/redirect-there-and-back")
    endless = next(one.answer for one in CASES if one.name == "redirect-endlessly")
    yield from ((f"/b/endless?x={number}", endless) for number in range(1, 40))
    for number in range(1, 8):
        yield f"/b/hop{number}", redirect(f"/b/hop{number + 1}")
    yield "/b/hop8", lambda visitor: visitor.answer(page(visitor))
    for number in range(1, 10):
        yield f"/b/long{number}", redirect(f"/b/long{number + 1}")
    yield "/b/long10", lambda visitor: visitor.answer(page(visitor))
