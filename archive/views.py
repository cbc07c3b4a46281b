"""One article under several addresses: its AMP, print and mobile views, and its further pages. Pure.

An address alone proves nothing: `/news/2` may be another article. So a view is one only where the page itself
names the address of which its own is a known variation.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from archive.identity import key_or_none

# What stands before the host's name, between two slashes, or as a parameter, and asks for another view.
HOSTS = re.compile(r"^(?:m|mobile|mobi|wap|pda|amp|print)\.(?=[^/]+\.)")
STEPS = re.compile(r"/(?:amp|print|mobile|m|printable|print-version)(?=/|$)")
ENDINGS = re.compile(r"[._-](?:amp|print|printable)(?=\.[a-z]{3,5}$|$)|\.amp(?=\.html?$)")
PARAMETERS = re.compile(r"(?:amp|print(?:able)?|mobile|m|output(?:type)?|view|format|tmpl|version)", re.I)
VALUES = re.compile(r"(?:1|y|yes|true|on|amp|print(?:able|-version)?|mobile|component)?", re.I)
# A further page of one article.
PAGE_STEP = re.compile(r"/(?:page[/-]?)?\d{1,2}$")
PAGE_PARAMETER = re.compile(r"(?:page|p|pg|pagen?_\d+|paged|start)", re.I)


def is_view(url: str, article_key: str) -> bool:
    """Whether an address is only a view of the article with this `url_key`."""
    key = key_or_none(url)
    return key is not None and is_view_of(key, article_key)


def is_view_of(key: str, whole_key: str) -> bool:
    """Whether an address is a view or a further page of another one; both as `url_key`."""
    if key == whole_key:
        return False
    plain = without_view(key)
    return whole_key in (plain, PAGE_STEP.sub("", plain))


def without_view(key: str) -> str:
    """A `url_key` without what asks for another view or a further page by host, step, ending or parameter."""
    address, _, parameters = HOSTS.sub("", key).partition("?")
    host, slash, path = address.partition("/")
    path = ENDINGS.sub("", STEPS.sub("", slash + path))
    kept = [(n, v) for n, v in parse_qsl(parameters, keep_blank_values=True) if not asks_for_view(n, v)]
    return host + path + (f"?{urlencode(kept)}" if kept else "")


def asks_for_view(name: str, value: str) -> bool:
    """Whether a parameter asks for another view or a further page of the same article."""
    if PAGE_PARAMETER.fullmatch(name):
        return value.isdecimal() and len(value) <= 3
    return bool(PARAMETERS.fullmatch(name) and VALUES.fullmatch(value))
