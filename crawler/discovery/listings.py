"""Listing pages to the articles they name and the page they go on with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree, html
from lxml.html import HtmlElement

from archive.records import Teaser
from crawler.discovery.addresses import Address, address, host_fault
from crawler.discovery.blocks import blocks_of
from crawler.discovery.gathering import Gathering
from crawler.discovery.reading import (
    MAX_ATTRIBUTES,
    MAX_LISTING_BYTES,
    MAX_LISTING_LINKS,
    MAX_LISTING_TAGS,
    MIB,
    Reading,
)
from crawler.discovery.text_encoding import as_utf8
from crawler.discovery.wording import plain_title
from crawler.sources.profile import Listing
from crawler.sources.selectors import compiled

VIA = "listing"
INLINE = frozenset(
    {"a", "abbr", "b", "em", "font", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u"}
)
ANCHOR = "descendant-or-self::a[@href]"
# One tag with its attributes, as HTML tokenizers see it; the last group is met by a tag that has too many.
ATTRIBUTE = rb"(?:[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?+)"
LADEN_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+%b{0,%d}+(%b)?+" % (ATTRIBUTE, MAX_ATTRIBUTES, ATTRIBUTE))


def read_listing(
    body: bytes, url: str, listing: Listing, *, content_type: str | None = None, home: str | None = None
) -> Reading:
    """What the listing page at `url` names where `listing.link` points, and its next page.

    `link` may point to anchors, to what stands in an anchor or holds one, or to `@href` itself; the title is
    the anchor's text. `home` is an address of the source, where it differs from the listing's own.
    """
    into = Gathering(url, home)
    text = as_utf8(body[:MAX_LISTING_BYTES], content_type)
    page = parsed(text, into)
    if page is None:
        return into.reading()
    if len(body) > MAX_LISTING_BYTES:
        into.reject_document("too_large", f"only the first {MAX_LISTING_BYTES // MIB} MiB were read")
    into.base = base_of(page, into)
    blocks = blocks_of(gather_links(page, listing.link, into))
    if listing.next:
        into.next_page = next_page(page, listing.next, into)
    return replace(into.reading(), teasers=teasers(into, blocks))


def teasers(into: Gathering, blocks: Mapping[str, str]) -> tuple[Teaser, ...]:
    """What was gathered as the listing offers it, in its order."""
    return tuple(Teaser(one.url, one.title, blocks.get(key)) for key, one in into.by_key.items())


def parsed(text: bytes, into: Gathering) -> HtmlElement | None:
    """The page's tree, or `None` after noting why there is none."""
    if not text.strip():
        into.reject_document("empty")
        return None
    if text.count(b"<") > MAX_LISTING_TAGS or has_laden_tag(text):
        into.reject_document("too_complex", "too many tags, or too many attributes on one")
        return None
    try:
        return html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        into.reject_document("parse", " ".join(str(error).split()))
        return None


def has_laden_tag(text: bytes) -> bool:
    """Whether a tag has more attributes than the parser can take in reasonable time."""
    return any(tag[1] for tag in LADEN_TAG.finditer(text))


def base_of(page: HtmlElement, into: Gathering) -> str:
    """What relative links start from: `<base href>` if it stays on the site, else the page itself."""
    for href in page.xpath("//base/@href")[:1]:
        named = address(href, into.base)
        if isinstance(named, Address) and not host_fault(named, into.home):
            return named.url
    return into.base


def gather_links(page: HtmlElement, selector: str, into: Gathering) -> dict[str, HtmlElement]:
    """Note the addresses where the selector points; returns where each stands first, by its `url_key`."""
    standing: dict[str, HtmlElement] = {}
    matches = matches_of(page, selector, into)
    if matches == []:
        into.reject_document("no_matches", f"{selector} found nothing")
    for match in (matches or [])[:MAX_LISTING_LINKS]:
        href = href_of(match)
        key = into.add(href, VIA, title=title_of(match, href)) if href else None
        if key and not isinstance(match, str):  # a text knows no place on the page
            standing.setdefault(key, match)
    if matches and len(matches) > MAX_LISTING_LINKS:
        into.reject_document("too_many_items", f"kept the first {MAX_LISTING_LINKS} of {len(matches)} links")
    return standing


def next_page(page: HtmlElement, selector: str, into: Gathering) -> str | None:
    """The address the listing goes on with: on the site and not the page itself."""
    for match in matches_of(page, selector, into) or []:
        href = href_of(match)
        named = into.settled(href) if href else None
        if named and named.key != into.own_key():
            return named.url
    return None


def matches_of(page: HtmlElement, selector: str, into: Gathering) -> list[HtmlElement | str] | None:
    """Elements and texts the selector points to; `None` after noting that it cannot be read."""
    try:
        return compiled(selector)(page)
    except (ValueError, etree.XPathError) as error:
        into.reject_document("bad_selector", " ".join(str(error).split()))
        return None


def href_of(match: HtmlElement | str) -> str | None:
    """Where a match leads; `None` for what leads nowhere, such as `#` buttons."""
    anchor = match if isinstance(match, str) else anchor_of(match)
    href = anchor if isinstance(anchor, str) or anchor is None else anchor.get("href")
    return href if href and not href.strip().startswith("#") else None


def anchor_of(element: HtmlElement) -> HtmlElement | None:
    """The anchor around the element, or the first in it."""
    around = element.xpath("ancestor-or-self::a[@href][1]")
    inside = around or element.xpath(f"({ANCHOR})[1]")
    return inside[0] if inside else None


def title_of(match: HtmlElement | str, href: str) -> str | None:
    """The text of the match in its anchor, or of the anchors it holds to that address.

    A teaser has several anchors to one address, and the first is often a picture.
    """
    if isinstance(match, str):
        return None
    around = match.xpath("ancestor-or-self::a[@href][1]")
    inside = [anchor for anchor in match.xpath(ANCHOR) if anchor.get("href") == href]
    anchors = [match, *around] if around else inside
    texts = (text for anchor in anchors for text in (visible_text(anchor), anchor.get("title")))
    return next((title for text in texts if (title := plain_title(text))), None)


def visible_text(element: HtmlElement) -> str:
    """The element's text as a reader sees it: what stands in different blocks is not glued together."""
    texts = element.xpath("descendant::text()[not(parent::script or parent::style)]")
    return "".join(text if text.getparent().tag in INLINE else f" {text}" for text in texts)
