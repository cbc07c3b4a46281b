"""What a publisher says of text and data mining, as written by machines for machines. Pure.

W3C's TDMRep (`tdm-reservation` in headers, meta tags and /.well-known/tdmrep.json), `noai` and `noml` among
the directives for robots, and what robots.txt says to crawlers of AI companies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from archive.records import Reservation

HEAD_BYTES = 256 * 1024  # meta tags stand in a page's head
HEAD_ENDS = (b"</head", b"</HEAD", b"<body", b"<BODY")
WORDS = (b"tdm-reservation", b"noai", b"noml", b"noimageai")
NO_MINING = frozenset(("noai", "noml"))
SPEAKS = NO_MINING | {"noimageai"}
META = re.compile(rb"<meta\b[^>]{1,2000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(rb"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
MOST_RULES = 1_000
SAID_CHARS = 200


def origin_of(url: str) -> str:
    """Scheme and host of an address: what a site's rules speak of."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class SiteRule:
    """A rule of a tdmrep.json: which paths it speaks of, whether they are reserved, the terms it names."""

    location: str
    reserved: bool
    policy: str | None = None


def page_reservation(headers: Iterable[tuple[str, str]], body: bytes) -> Reservation | None:
    """What an answer says of its own text, in its headers and its meta tags; `None` where it says nothing."""
    said = [*from_headers(headers), *from_metas(body)]
    stated = [one for one in said if one[1] is not None]
    if not stated:
        return None
    policy = next((value for name, reserved, value in said if reserved is None), None)
    return Reservation(
        reserved=any(reserved for _, reserved, _ in stated),
        said=tuple(f"{name}: {value}"[:SAID_CHARS] for name, _, value in stated),
        policy=policy,
    )


Said = tuple[str, bool | None, str]  # where, whether it reserves (`None`: it only names terms), what


def from_headers(headers: Iterable[tuple[str, str]]) -> Iterator[Said]:
    """Yield what headers say."""
    for name, value in headers:
        match name.lower():
            case "tdm-reservation":
                yield "header tdm-reservation", value.strip() == "1", value.strip()
            case "tdm-policy":
                yield "header tdm-policy", None, value.strip()
            case "x-robots-tag" if speaks(value):
                yield "header X-Robots-Tag", not NO_MINING.isdisjoint(directives(value)), value.strip()


def from_metas(body: bytes) -> Iterator[Said]:
    """Yield what meta tags say; a page without the words costs a search for them alone."""
    head = head_of(body)
    small = head.lower()
    if not any(word in small for word in WORDS):
        return
    for tag in META.finditer(head):
        stated = attributes(tag[0])
        name, value = stated.get("name", "").lower(), stated.get("content", "").strip()
        match name:
            case "tdm-reservation":
                yield "meta tdm-reservation", value == "1", value
            case "tdm-policy":
                yield "meta tdm-policy", None, value
            case "robots" | "muragat" if speaks(value):
                yield f"meta {name}", not NO_MINING.isdisjoint(directives(value)), value


def head_of(body: bytes) -> bytes:
    """A page up to where its head ends, as far as that is said within HEAD_BYTES."""
    ends = (body.find(mark, 0, HEAD_BYTES) for mark in HEAD_ENDS)
    return body[: next((end for end in ends if end >= 0), HEAD_BYTES)]


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of a tag, names in lower case."""
    found = ATTRIBUTE.finditer(tag)
    return {
        one[1].decode("ascii").lower(): unescape(
            (one[2] or one[3] or one[4] or b"").decode("utf-8", "replace")
        )
        for one in found
    }


def directives(value: str) -> set[str]:
    """The directives of a robots tag, in lower case.

    What is said to one crawler by name ("otherbot: noai") is not said to all.
    """
    name, colon, rest = value.partition(":")
    if colon and name.strip().lower() not in ("muragat", "unavailable_after", "max-snippet"):
        return set()
    return {one.strip().lower() for one in (rest if colon else value).split(",")}


def speaks(value: str) -> bool:
    """Whether a robots tag says anything of mining."""
    return not SPEAKS.isdisjoint(directives(value))


def site_rules(body: bytes) -> tuple[SiteRule, ...]:
    """The rules of a tdmrep.json in their order; none where it is no such file."""
    try:
        stated = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ()
    return tuple(rules_of(stated[:MOST_RULES])) if isinstance(stated, list) else ()


def rules_of(stated: Sequence[Any]) -> Iterator[SiteRule]:
    """Yield the entries that are rules."""
    for one in stated:
        if not isinstance(one, Mapping) or not isinstance(one.get("location"), str):
            continue
        reserved, policy = one.get("tdm-reservation"), one.get("tdm-policy")
        if reserved in (0, 1, "0", "1"):
            said = policy[:2_000] if isinstance(policy, str) else None
            yield SiteRule(one["location"][:2_000], str(int(reserved)) == "1", said)


def rule_for(rules: Sequence[SiteRule], url: str) -> SiteRule | None:
    """The first rule that speaks of an address, or `None`."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return next((rule for rule in rules if pattern(rule.location).match(path)), None)


@lru_cache(maxsize=4096)
def pattern(location: str) -> re.Pattern[str]:
    """A location as paths are compared with it: `*` stands for anything, `$` for the end."""
    whole = location.endswith("$")
    plain = location.removesuffix("$") if whole else location + "*"
    # Of `fnmatch` only the star is wanted.
    quoted = re.sub(r"([?\[])", r"[\1]", re.sub(r"\*+", "*", "/" + plain.lstrip("/")))
    return re.compile(translate(quoted))
