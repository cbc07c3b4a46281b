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
SLUG_CHARS = 12  # of a last step that names one article; shorter ones are sections and scripts
LONG_NUMBER = re.compile(r"\d{4}")  # no list has so many pages
# A further page of one article.
PAGE_STEP = re.compile(r"/(?:page[/-]?)?\d{1,2}$")
PAGE_PARAMETER = re.compile(r"(?:page|p|pg|pagen?_\d+|paged|start)", re.I)


def is_view(url: str, article_key: str) -> bool:
    """Whether an address is only a view of the article with this `url_key`."""
    key = key_or_none(url)
    return key is not None and is_view_of(key, article_key)


def is_view_of(key: str, whole_key: str) -> bool:
    """Whether an address is a view or a further page of another one; both as `url_key`.

    By a parameter or a number at its end only where the other one names an article by a slug or a long
    number: `/news/12` that calls itself `/news` is an article with a wrong canonical address.
    """
    if key == whole_key:
        return False
    address, _, parameters = HOSTS.sub("", key).partition("?")
    plain = with_parameters(without_steps(address), parse_qsl(parameters, keep_blank_values=True))
    if plain == whole_key:
        return True
    return names_article(whole_key) and whole_key in pages_of(without_steps(address), parameters)


def names_article(key: str) -> bool:
    """Whether the last step of an address's path is an article's own: a slug, or a long number."""
    last = key.partition("?")[0].rpartition("/")[2]
    return (len(last) >= SLUG_CHARS and "." not in last) or LONG_NUMBER.search(last) is not None


def pages_of(address: str, parameters: str) -> tuple[str, str]:
    """An address without what asks for a view or a page, and that without a page's number at its end."""
    stated = parse_qsl(parameters, keep_blank_values=True)
    kept = [(name, value) for name, value in stated if not asks_for_view(name, value)]
    return with_parameters(address, kept), with_parameters(PAGE_STEP.sub("", address), kept)


def without_steps(address: str) -> str:
    """Host and path without the steps and endings that ask for another view."""
    host, slash, path = address.partition("/")
    return host + ENDINGS.sub("", STEPS.sub("", slash + path))


def with_parameters(address: str, parameters: list[tuple[str, str]]) -> str:
    """An address with its parameters, as in a `url_key`."""
    return address + (f"?{urlencode(parameters)}" if parameters else "")


def asks_for_view(name: str, value: str) -> bool:
    """Whether a parameter asks for another view or a further page of the same article."""
    if PAGE_PARAMETER.fullmatch(name):
        return value.isdecimal() and len(value) <= 3
    return bool(PARAMETERS.fullmatch(name) and VALUES.fullmatch(value))
