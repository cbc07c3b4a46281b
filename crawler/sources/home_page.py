"""What a site's home page says of itself: its name, languages, feeds and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from lxml import etree, html
from lxml.html import HtmlElement

from archive.identity import ascii_host
from crawler.sources.languages import code_of
from crawler.sources.values import flaw_of

MAX_HOME_BYTES = 4 * 1024 * 1024
MAX_LINKS = 5_000
MAX_NAME_CHARS = 120
# A tag of 40,000 attributes takes lxml 46 seconds; none this long is worth reading here.
OVERLONG_TAG = re.compile(rb"<[^<>]{16000,}>?")
CLASS_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
ANCESTORS = 4
FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
}
BETWEEN_PARTS = re.compile(r"\s+[-–—|·•:/]+\s+")
NO_NAME = {"home", "homepage", "main", "главная", "главная страница", "басты бет", "басты", "новости", "news"}


@dataclass(frozen=True, slots=True)
class HomeLink:
    """A link of the home page: address without fragment, text, and CSS selectors of its like."""

    url: str
    text: str
    hooks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the home page says; `name` is `None` and the rest empty where it says nothing."""

    url: str
    name: str | None
    languages: tuple[str, ...]
    feeds: tuple[str, ...]
    links: tuple[HomeLink, ...]
    next: str | None


def read_home_page(url: str, body: bytes) -> HomePage:
    """The home page at this address. Never raises for any bytes; of a huge page the beginning is read."""
    tree = parsed(body)
    if tree is None:
        return HomePage(url, None, (), (), (), None)
    base = base_of(url, tree)
    return HomePage(
        url=url,
        name=name_of(tree, url),
        languages=tuple(dict.fromkeys(languages_of(tree, url, base))),
        feeds=tuple(dict.fromkeys(declared_feeds(tree, base))),
        links=tuple(links_of(tree, url, base)),
        next="a[rel=next]" if tree.xpath("//a[@rel='next']") else None,
    )


def parsed(body: bytes) -> HtmlElement | None:
    """The page as a tree, or `None` for what has no element."""
    plain = OVERLONG_TAG.sub(b"", body[:MAX_HOME_BYTES]).replace(b"\0", b"")
    try:
        plain.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # what the page's own meta element says
    try:
        return html.document_fromstring(plain, parser=html.HTMLParser(encoding=encoding))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def base_of(url: str, tree: HtmlElement) -> str:
    """What relative addresses start from."""
    stated = next(iter(tree.xpath("//base/@href")), "")
    return address(url, stated) or url


def address(base: str, href: str) -> str | None:
    """The absolute http(s) address a link means, without fragment, or `None`."""
    try:
        whole = urldefrag(urljoin(base, href.strip())).url
    except ValueError:
        return None
    return None if flaw_of(whole) or not whole.isprintable() else whole


def name_of(tree: HtmlElement, url: str) -> str | None:
    """The site's name: what it calls itself, or the part of its title most like its host."""
    stated = tree.xpath(
        "//meta[@property='og:site_name']/@content | //meta[@name='application-name']/@content"
    )
    host = re.sub(r"[^a-zа-я0-9]", "", ascii_host_of(url))
    titles = [*stated, *tree.xpath("//head/title/text()")]
    parts = [part for title in titles for part in BETWEEN_PARTS.split(one_line(title)) if part]
    parts = [part for part in parts if part.lower() not in NO_NAME]
    like_host = (part for part in parts if is_like(part, host))
    return next(like_host, None) or next(iter(parts), None)


def is_like(name: str, host: str) -> bool:
    """Whether a name is written in the host's own letters: `Orda.kz`, `NUR.KZ`."""
    letters = re.sub(r"[^a-zа-я0-9]", "", name.lower())
    return len(letters) > 2 and letters in host


def ascii_host_of(url: str) -> str:
    """The host of an address, or nothing."""
    found = re.match(r"https?://(?:[^/@]*@)?([^/:?#]+)", url)
    try:
        return ascii_host(found[1]) if found else ""
    except UnicodeError:
        return ""


def one_line(text: str) -> str:
    """Text on one line, printable, no longer than a name."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line[:MAX_NAME_CHARS].strip()


def languages_of(tree: HtmlElement, url: str, base: str) -> Iterator[str]:
    """The languages the page states: its own, then those of its versions on the same host."""
    for tag in tree.xpath("/html/@lang | //meta[@http-equiv='Content-Language']/@content"):
        if code := code_of(tag):
            yield code
    for node in tree.xpath("//link[@hreflang][@href]"):
        other = address(base, node.get("href"))
        code = code_of(node.get("hreflang"))
        if other and code and ascii_host_of(other) == ascii_host_of(url):
            yield code


def declared_feeds(tree: HtmlElement, base: str) -> Iterator[str]:
    """The feeds the page's head names, but for those of comments."""
    for node in tree.xpath("//link[@href][@type]"):
        kind = node.get("type").partition(";")[0].strip().lower()
        if "alternate" not in node.get("rel", "").lower().split() or kind not in FEED_TYPES:
            continue
        feed = address(base, node.get("href"))
        if feed and "comment" not in feed and "/wp-json/" not in feed and "oembed" not in feed:
            yield feed


def links_of(tree: HtmlElement, url: str, base: str) -> Iterator[HomeLink]:
    """The links to other pages of the same host."""
    host = ascii_host_of(url)
    for node in tree.xpath("//a[@href]")[:MAX_LINKS]:
        target = address(base, node.get("href"))
        if target and target != url and ascii_host_of(target) == host:
            yield HomeLink(
                target, one_line(node.text_content() or node.get("title", "")), tuple(hooks_of(node))
            )


def hooks_of(node: HtmlElement) -> Iterator[str]:
    """Selectors by class name that find this link: on itself, and on what it stands in."""
    for name in class_names(node):
        yield f"a.{name}"
    for depth, ancestor in enumerate(node.iterancestors()):
        if depth == ANCESTORS:
            return
        for name in class_names(ancestor):
            yield f".{name} a"


def class_names(node: HtmlElement) -> list[str]:
    """The first few class names of an element that CSS can write plainly."""
    return [name for name in node.get("class", "")[:500].split()[:6] if CLASS_NAME.fullmatch(name)]
