"""Ways to spoil a page: what broken servers, broken templates and people of ill will send. Pure and seeded.

Each way takes the random numbers, the page and another page, and gives the bytes of a spoiled one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

MAX_FLIPS = 200
LONGEST = 2**21  # a flood is wide, not endless: the whole run is to end
TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]{0,400})>")
NUMBER = re.compile(rb"\d+")
STRING = re.compile(rb'"[^"\\\n]{0,200}"')
JSON_LD = re.compile(rb"(<script[^>]{0,200}ld\+json[^>]{0,100}>)(.*?)(</script>)", re.IGNORECASE | re.DOTALL)
CHARSET = re.compile(rb"""charset\s*=\s*["']?[\w-]+""", re.IGNORECASE)

NAMES = (
    *(b"p", b"div", b"a", b"table", b"tr", b"td", b"ul", b"li", b"script", b"style", b"svg", b"template"),
    *(b"select", b"option", b"h1", b"article", b"br", b"ruby", b"rt", b"iframe", b"noscript", b"form"),
    *(b"base", b"meta", b"title", b"body", b"head", b"html", b"figure", b"textarea", b"plaintext", b"math"),
)
ATTRIBUTES = (
    *(b"class", b"id", b"style", b"href", b"src", b"content", b"datetime", b"itemprop", b"itemscope"),
    *(b"itemtype", b"property", b"rel", b"hidden", b"lang", b"xml:lang", b"srcset", b"data-x", b"role"),
)
VALUES = (
    *(b"", b"http://[::1", b"javascript:alert(1)", b"file:///etc/passwd", b"data:image/png;base64,AAAA"),
    *(b"//", b"http://x:99999/", b"2026-13-45", b"0000-00-00", b"99999999999999999999", b"&#xD800;"),
    *(b"articleBody", b"datePublished", b"author", b"\xff\xfe", b"\xed\xa0\x80", b"a" * 5_000, b"&" * 500),
    "2026 жылғы 99 наурыз".encode(),
)
ENTITIES = (
    *(b"&#0;", b"&#xD800;", b"&#x110000;", b"&#99999999999;", b"&amp;", b"&nbsp;", b"&notanentity;", b"&"),
    *(b"&lt;script&gt;", b"&#8238;", b"&#x200b;", b"&#27;[2J"),
)
CHARSETS = (
    *(b"utf-7", b"utf-16", b"utf-32", b"bogus-8", b"koi8-r", b"windows-1251", b"iso-8859-1", b"shift_jis"),
    *(b"gb18030", b"idna", b"rot13", b"hex", b"utf-8", b"x-user-defined", b"cp1006"),
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "cp1251", "koi8-r", "cp866", "gb18030", "shift_jis", "utf-7")
JSON_VALUES = (
    *(b"{}", b"[]", b"null", b"0", b"1e999", b"true", b'"\\ud800"', b"[[[[]]]]", b'{"@id":"#x"}', b"-"),
    *(b'{"@graph":[{}]}', b'"<p>x</p>"', b"9" * 400, b'""', b"[1,{},null]", b'{"name":{"name":[]}}'),
)
JSON_NAMES = (
    *(b"@type", b"headline", b"author", b"datePublished", b"publisher", b"image", b"mainEntityOfPage"),
    *(b"@graph", b"@id", b"name", b"keywords", b"articleSection", b"itemListElement", b"inLanguage"),
    *(b"isAccessibleForFree", b"description", b"url", b"dateModified"),
)

# Names that readers of a page look for: what is looked at is what can cost time.
MARKS = (
    *(
        b"",
        b" class=date",
        b" class=byline",
        b" class='entry-content'",
        b" class=comments",
        b" itemprop=author",
    ),
    *(b" itemprop='author' itemscope", b" itemprop=datePublished", b" itemprop=articleBody", b" rel=author"),
    *(b" class=breadcrumb", b" class='" + b"author " * 5_000 + b"'", b" class='" + b"a" * 20_000 + b"'"),
)
SIBLINGS = (
    *(b"<p>x", b"<br>", b"<li><a href=/x>x</a>", b"<p>10.03.2026</p>", b"<h1>x</h1>", b"<!--", b"<td>"),
    *(b"<time datetime=2026-03-10>x</time>", b"<b><i>", b"<a href='?'>", b"<span itemprop=author>A B</span>"),
)

Way = Callable[[Random, bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A page as it was spoiled, and by which ways, in their order."""

    raw: bytes
    ways: tuple[str, ...]


def spoiled(seed: str, page: bytes, other: bytes) -> Spoiled:
    """The page spoiled in one to four ways, the same for the same seed."""
    draw = Random(seed)
    names = tuple(draw.choice(sorted(WAYS)) for _ in range(draw.choice((1, 1, 2, 3, 4))))
    for name in names:
        page = WAYS[name](draw, page, other)[:LONGEST]
    return Spoiled(page, names)


def span(draw: Random, page: bytes, most: int = 4_000) -> tuple[int, int]:
    """Where a piece of the page begins and ends."""
    start = draw.randrange(len(page) + 1)
    return start, min(len(page), start + draw.randrange(most))


def flip_bytes(draw: Random, page: bytes, other: bytes) -> bytes:
    """Some bytes become any others."""
    spoilt = bytearray(page)
    for _ in range(draw.randrange(1, MAX_FLIPS) if spoilt else 0):
        spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
    return bytes(spoilt)


def truncate(draw: Random, page: bytes, other: bytes) -> bytes:
    """The connection broke off, or began in the middle."""
    cut = draw.randrange(len(page) + 1)
    return page[:cut] if draw.random() < 0.8 else page[cut:]


def splice(draw: Random, page: bytes, other: bytes) -> bytes:
    """Half of one page, half of another."""
    return page[: draw.randrange(len(page) + 1)] + other[draw.randrange(len(other) + 1) :]


def repeat_span(draw: Random, page: bytes, other: bytes) -> bytes:
    """A piece stands there many times."""
    start, end = span(draw, page)
    return page[:end] + page[start:end] * draw.choice((1, 2, 10, 100)) + page[end:]


def delete_span(draw: Random, page: bytes, other: bytes) -> bytes:
    """A piece is missing."""
    start, end = span(draw, page, 20_000)
    return page[:start] + page[end:]


def swap_tags(draw: Random, page: bytes, other: bytes) -> bytes:
    """Tags of some kinds become tags of others; some are left open, some closed twice."""
    names = {name.lower() for _, name, _ in TAG.findall(page)}
    renamed = {name: draw.choice(NAMES) for name in sorted(names) if draw.random() < 0.2}

    def swapped(tag: re.Match[bytes]) -> bytes:
        chance = draw.random()
        if chance < 0.01:
            return b""
        if chance < 0.02:
            return tag[0] * 2
        return b"<" + tag[1] + renamed.get(tag[2].lower(), tag[2]) + tag[3] + b">"

    return TAG.sub(swapped, page)


def flood_attributes(draw: Random, page: bytes, other: bytes) -> bytes:
    """Tags get attributes nobody expects there; one of them more than any tag needs."""
    most = draw.choice((1, 5, 500, 1_900, 3_000, 40_000))

    def flooded(tag: re.Match[bytes]) -> bytes:
        if tag[1] or draw.random() > 0.1:
            return tag[0]
        given = b" ".join(
            draw.choice(ATTRIBUTES) + b"='" + draw.choice(VALUES) + b"'" for _ in range(draw.randrange(1, 4))
        )
        return b"<" + tag[2] + b" " + given + tag[3] + b">"

    quoted = draw.choice((b"a%d", b'a%d="1"', b"a%d='>'", b"a%d=<p>"))
    flood = b"<div " + b" ".join(quoted % number for number in range(most)) + b">"
    return inserted(draw, TAG.sub(flooded, page), flood)


def flood_nesting(draw: Random, page: bytes, other: bytes) -> bytes:
    """Elements in elements in elements, closed or not, around much text or none."""
    name, mark = draw.choice(NAMES), draw.choice(MARKS)
    depth = draw.choice((50, 250, 1_000, 2_050, 20_000))
    inside = draw.choice((b"", b"x", b"<b>x</b>" * 5_000))
    closing = b"</" + name + b">" if draw.random() < 0.5 else b""
    return inserted(draw, page, (b"<" + name + mark + b">") * depth + inside + closing * depth)


def flood_siblings(draw: Random, page: bytes, other: bytes) -> bytes:
    """Very many small elements side by side."""
    piece = draw.choice(SIBLINGS)
    if draw.random() < 0.3:
        name = draw.choice(NAMES)
        piece = b"<" + name + draw.choice(MARKS) + b">x 10.03.2026</" + name + b">"
    return inserted(draw, page, piece * draw.choice((100, 2_000, 20_000)))


def flood_text(draw: Random, page: bytes, other: bytes) -> bytes:
    """Endless text without an end of a line, a word or a sentence."""
    piece = draw.choice(
        (b" ", b"a", b"\n", b"a ", b"&", b"1.", b"=", b'"', b"\x00", b"\xd0\xb0", b"\xff", b"-/")
    )
    return inserted(draw, page, piece * draw.choice((1_000, 50_000, 400_000)))


def flood_entities(draw: Random, page: bytes, other: bytes) -> bytes:
    """Character references, most of characters that are none."""
    flood = b"".join(draw.choice(ENTITIES) for _ in range(draw.choice((5, 500, 20_000))))
    return inserted(draw, page, flood)


def lie_about_charset(draw: Random, page: bytes, other: bytes) -> bytes:
    """The page says one encoding and is in another."""
    if draw.random() < 0.5:
        return CHARSET.sub(lambda _: b"charset=" + draw.choice(CHARSETS), page) + b"<meta charset=utf-7>"
    text = page.decode("utf-8", "replace")
    return text.encode(draw.choice(ENCODINGS), "xmlcharrefreplace")


def spoil_json_ld(draw: Random, page: bytes, other: bytes) -> bytes:
    """Values of the wrong kind, brackets too many, a comma at the end, or all of it made up."""
    made_up = b"{" + b",".join(
        b'"' + draw.choice(JSON_NAMES) + b'":' + draw.choice(JSON_VALUES) for _ in range(draw.randrange(1, 9))
    )
    added = draw.choice(
        (b"[" * 100_000, made_up + b',"@type":"NewsArticle"}', made_up, b"/*x*/" + made_up + b"}")
    )

    def spoilt(script: re.Match[bytes]) -> bytes:
        way = draw.randrange(3)
        if way == 0:
            return script[1] + added + script[3]
        if way == 1:
            inside = STRING.sub(
                lambda s: draw.choice((s[0], s[0], s[0], draw.choice(JSON_VALUES))), script[2]
            )
            return script[1] + inside + script[3]
        start, end = span(draw, script[2], 200)
        return script[1] + script[2][:start] + script[2][end:] + script[3]

    return inserted(
        draw, JSON_LD.sub(spoilt, page), b'<script type="application/ld+json">' + added + b"</script>"
    )


def change_numbers(draw: Random, page: bytes, other: bytes) -> bytes:
    """Dates, times and counters become impossible ones."""
    odd = (b"0", b"00", b"13", b"99", b"9999", b"99999", b"-1", "٣".encode(), "²".encode(), b"1" * 300)
    return NUMBER.sub(lambda number: draw.choice(odd) if draw.random() < 0.1 else number[0], page)


def inserted(draw: Random, page: bytes, piece: bytes) -> bytes:
    """The page with a piece somewhere in it, most often in its visible part."""
    body = max(0, page.find(b"<body")) if draw.random() < 0.7 else 0
    place = draw.randrange(body, len(page) + 1)
    return page[:place] + piece + page[place:]


WAYS: dict[str, Way] = {
    way.__name__: way
    for way in (
        *(flip_bytes, truncate, splice, repeat_span, delete_span, swap_tags, flood_attributes),
        *(flood_nesting, flood_siblings, flood_text, flood_entities, lie_about_charset, spoil_json_ld),
        change_numbers,
    )
}
