"""Bytes to text: which encoding a page is really in. Pure."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise

from bs4.dammit import EncodingDetector

from archive.records import Problem

CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)

# What browsers do with a label (WHATWG Encoding Standard): the label names the smaller of two sets.
AS_BROWSERS_READ = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# What servers say who were never told: believed only where the letters do not fall as Russian does.
WESTERN = frozenset(("cp1252", "iso8859-15"))
# Python's codecs that are no charset of a page, or that a meta tag in ASCII disproves by being readable.
NO_CHARSET = re.compile(
    r"utf[-_]?(7|16|32)|idna|punycode|unicode_escape|raw_unicode|undefined|mbcs|oem", re.IGNORECASE
)
# Detection reads this much: enough letters to count, and linear in nothing.
SAMPLE_BYTES = 200_000
# Above this share of U+FFFD a reader would notice.
REPLACED_SHARE = 0.0005
REPLACED_MIN = 5
# A declared charset that cannot read more than this share of a page is not its charset.
WRONG_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Settled:
    """A page's bytes as UTF-8, what they were in, and what had to be doubted."""

    utf8: bytes
    encoding: str
    problems: tuple[Problem, ...] = ()


def settled(raw: bytes, *, content_type: str | None) -> Settled:
    """The page in UTF-8: byte order mark, then valid UTF-8, then header, then meta, then detection."""
    data, marked = EncodingDetector.strip_byte_order_mark(raw)
    marked = marked or wide_encoding(data)
    if marked and marked != "utf-8":
        return decoded(data, marked, ())
    if not is_japanese(data):
        if data.isascii():
            return Settled(data, "utf-8")
        if valid := valid_utf8(data):
            text, length = valid
            return Settled(data[:length], "utf-8", replaced_problem(text, "utf-8"))
    if marked:
        return decoded(data, "utf-8", ())
    declared, problems = declared_charsets(data, content_type)
    for charset in declared:
        if charset in WESTERN and (cyrillic := cyrillic_charset(without_tags(data))):
            doubt = Problem("encoding_conflict", f"declared {charset}, read as {cyrillic}")
            return decoded(data, cyrillic, (*problems, doubt))
        text = data.decode(charset, "replace")
        if text.count("\ufffd") <= len(text) * WRONG_SHARE:
            return decoded(data, charset, problems)
    used = detected(data)
    if declared and used != declared[0]:
        problems += (Problem("encoding_conflict", f"declared {declared[0]}, read as {used}"),)
    return decoded(data, used, problems)


def decoded(data: bytes, charset: str, problems: tuple[Problem, ...]) -> Settled:
    """The bytes read as `charset`."""
    text = data.decode(charset, "replace")
    return Settled(text.encode("utf-8", "replace"), charset, problems + replaced_problem(text, charset))


def replaced_problem(text: str, charset: str) -> tuple[Problem, ...]:
    """A problem when so much of the text could not be read that a reader sees it."""
    replaced = text.count("\ufffd")
    if replaced < REPLACED_MIN or replaced < len(text) * REPLACED_SHARE:
        return ()
    return (Problem("encoding_replaced", f"{replaced} characters unreadable as {charset}"),)


def is_japanese(data: bytes) -> bool:
    """Whether the bytes shift between alphabets as ISO-2022-JP does: they look like plain ASCII."""
    return b"\x1b" in data and b"\x1b$" in data


def valid_utf8(data: bytes) -> tuple[str, int] | None:
    """The text of valid UTF-8 and its length in bytes, without a character cut off at the very end."""
    try:
        return codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return None


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a byte order mark, known by the zero beside its first `<`."""
    if data[:2] == b"<\x00":
        return "utf-16-le"
    return "utf-16-be" if data[:2] == b"\x00<" else None


def declared_charsets(data: bytes, content_type: str | None) -> tuple[list[str], tuple[Problem, ...]]:
    """What header and page declare, as Python's codecs, best first; a bogus name is a problem."""
    named = CHARSET.findall(content_type or "")[:1]
    if meta := EncodingDetector.find_declared_encoding(data, is_html=True):
        named.append(meta)
    known = [(name, codec_of(name)) for name in named]
    bogus = tuple(Problem("charset_unknown", name[:40]) for name, codec in known if codec is None)
    return list(dict.fromkeys(codec for _, codec in known if codec)), bogus


def codec_of(name: str) -> str | None:
    """The codec browsers use for a charset's name, or `None` when there is none."""
    if NO_CHARSET.match(name):
        return None
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # base64 and its like are codecs, but not of text
    except (LookupError, ValueError):
        return None
    return AS_BROWSERS_READ.get(codec.name, codec.name)


def detected(data: bytes) -> str:
    """The encoding of undeclared bytes: Cyrillic told by its letters, the rest by Beautiful Soup."""
    sample = without_tags(data)
    if mostly_utf8(sample):
        return "utf-8"
    if cyrillic := cyrillic_charset(sample):
        return cyrillic
    guesses = map(codec_of, EncodingDetector(sample, is_html=True).encodings)
    return next((codec for codec in guesses if codec and reads(codec, sample)), "cp1252")


def without_tags(data: bytes) -> bytes:
    """The beginning of a page without its tags."""
    return re.sub(rb"<[^>]{0,2000}>", b" ", data[:SAMPLE_BYTES])


def reads(codec: str, sample: bytes) -> bool:
    """Whether all of the bytes mean something in an encoding."""
    try:
        sample.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def mostly_utf8(sample: bytes) -> bool:
    """Whether nearly all of the text above ASCII is UTF-8: one foreign widget does not change a page."""
    text = sample.decode("utf-8", "replace")
    above = sum(1 for letter in text if letter > "\x7f")
    return above > 0 and text.count("\ufffd") < above * 0.1


def cyrillic_charset(sample: bytes) -> str | None:
    """windows-1251, koi8-r or cp866 when the letters fall as Russian does: small ones, one beside another."""
    high = sum(1 for byte in sample if byte > 0x7F)
    if high < 20:
        return None
    scores = {
        charset: cyrillic_pairs(sample.decode(charset, "replace"))
        for charset in ("cp1251", "koi8-r", "cp866")
    }
    best = max(scores, key=lambda charset: scores[charset])
    return best if scores[best] > high * 0.5 else None


def cyrillic_pairs(text: str) -> int:
    """How many small Cyrillic letters follow a Cyrillic letter, as in every word of every Cyrillic script."""
    return sum(
        1 for one, two in pairwise(text) if "\u0430" <= two <= "\u045f" and "\u0400" <= one <= "\u04ff"
    )
