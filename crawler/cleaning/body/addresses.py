"""Addresses as the page means them: absolute, http(s), without what only names a place on a page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from archive.identity import url_key
from crawler.cleaning.elements import HtmlElement

SPACES = re.compile(r"[\x00-\x20]+")
LONGEST = 4000


def base_of(tree: HtmlElement, base_url: str) -> str:
    """What relative addresses of the page are relative to: its `base`, if it has one that can be read."""
    stated = tree.xpath("/html/head/base/@href")
    return absolute(str(stated[0]), base_url) or base_url if stated else base_url


def absolute(href: str, base: str) -> str | None:
    """The address without its fragment, or `None` for what is no http(s) address."""
    return joined(href, base) if len(href) <= LONGEST else None


@lru_cache(maxsize=2048)
def joined(href: str, base: str) -> str | None:
    """The same, remembered: an article's links are asked for thrice."""
    plain = SPACES.sub(" ", href).strip().replace(" ", "%20")
    if not plain or plain[0] == "#" or len(plain) > LONGEST:
        return None
    try:
        parts = urlsplit(urljoin(base, plain))
        named = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        return None
    return parts._replace(fragment="").geturl() if named else None


def key_of(url: str) -> str:
    """The address's `url_key`, or the address itself when it has none."""
    try:
        return url_key(url)
    except (ValueError, UnicodeError):
        return url
