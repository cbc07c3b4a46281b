"""Documents in whatever encoding they came, to UTF-8 with no control characters in it."""

from __future__ import annotations

import codecs
import re

from bs4.dammit import EncodingDetector

from crawler.discovery.reading import MIB

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
C0 = bytes(code for code in range(0x20) if code not in b"\t\n\r")
ASCII = bytes(range(0x80))
ABOVE_ASCII = re.compile(rb"[\x80-\xff]")
# Python's codecs that turn bytes to text but are no character sets (and punycode is quadratic).
NO_CHARSETS = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "utf-7"})
# As browsers read these labels: whoever writes latin-1 or ascii means the Windows page.
MEANT = {"iso8859-1": "windows-1252", "ascii": "windows-1252"}
# Cyrillic in windows-1251 stands in words; accented letters of western languages stand alone.
CYRILLIC_RUN = re.compile(rb"[\xa8\xb8\xc0-\xff]{3}")
SAMPLE = 256 * 1024
DECLARATIONS = 64 * 1024  # Beautiful Soup looks at the first twentieth of it


def as_utf8(body: bytes, content_type: str | None = None) -> bytes:
    """The document in UTF-8, without BOM and control characters, whatever it says of itself.

    Bytes that cannot be read become U+FFFD.
    """
    encoding, start = settled_encoding(body, content_type)
    plain = body[start:] if encoding == "utf-8" else body[start:].decode(encoding, "replace").encode("utf-8")
    if encoding == "utf-8" and not is_utf8(plain):
        plain = plain.decode("utf-8", "replace").encode("utf-8")
    return plain.translate(None, delete=C0)


def settled_encoding(body: bytes, content_type: str | None) -> tuple[str, int]:
    """The encoding and the length of its BOM; trusted in order: BOM, valid UTF-8, header, document, guess."""
    for bom, encoding in BOMS:
        if body.startswith(bom):
            return encoding, len(bom)
    if body[:4] in (b"<\0?\0", b"<\0r\0"):
        return "utf-16-le", 0
    if body[:4] in (b"\0<\0?", b"\0<\0r"):
        return "utf-16-be", 0
    telling = telling_part(body)
    if is_utf8(body) or is_utf8_with_faults(telling):
        return "utf-8", 0
    declared = EncodingDetector.find_declared_encoding(body[:DECLARATIONS], is_html=True)
    for name in (header_charset(content_type), declared):
        if known := known_encoding(name):
            return known, 0
    return guessed_encoding(telling), 0


def telling_part(body: bytes) -> bytes:
    """A part of the body that starts with its first character above ASCII; empty if it has none."""
    first = ABOVE_ASCII.search(body)
    return body[first.start() : first.start() + SAMPLE] if first else b""


def is_utf8(body: bytes) -> bool:
    """Whether all of the body is UTF-8; looked at in pieces, so that no second copy of it is made."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(body), MIB):
            decoder.decode(body[start : start + MIB])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def is_utf8_with_faults(sample: bytes) -> bool:
    """Whether this is UTF-8 with a broken character here and there, as cut titles leave them."""
    above_ascii = len(sample.translate(None, delete=ASCII))
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    return broken * 10 < above_ascii


def header_charset(content_type: str | None) -> str | None:
    """The charset a Content-Type header names."""
    named = CHARSET.search(content_type or "")
    return named[1] if named else None


def known_encoding(name: str | None) -> str | None:
    """Python's name for a declared encoding that can be right for what is no UTF-8; `None` for any other."""
    try:
        codec = codecs.lookup(name or "utf-8").name
        b"".decode(codec)
    except (LookupError, ValueError):
        return None
    if codec in NO_CHARSETS or codec.startswith("utf"):
        return None
    return MEANT.get(codec, codec)


def guessed_encoding(sample: bytes) -> str:
    """windows-1251 where letters above ASCII stand in runs, else windows-1252."""
    above_ascii = len(sample.translate(None, delete=ASCII))
    in_runs = 3 * len(CYRILLIC_RUN.findall(sample))
    return "windows-1251" if in_runs * 2 > above_ascii else "windows-1252"
