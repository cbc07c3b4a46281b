"""Where an article stands: its address, its section, the way to it, its tags. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.identity import same_site, url_key
from archive.records import Problem
from archive.views import is_view_of
from crawler.cleaning.candidates import selected_lines
from crawler.cleaning.document import Document
from crawler.cleaning.elements import HtmlElement, text_of
from crawler.cleaning.gate import one_line, stated_line
from crawler.cleaning.json_ld import Node, strings
from crawler.cleaning.structured import Stated, squeezed

MAX_TAGS = 40
SLUG_CHARS = 12  # shorter last parts of a path are sections and scripts
MAX_LABEL = 80
SECTION_METAS = ("article:section", "og:article:section", "parsely-section", "section", "mediator_theme")
TAG_LINKS = etree.XPath("descendant::a[contains(@rel,'tag')]")
# Whether a page may have such links at all: far cheaper than to ask its tree.
REL_TAG = re.compile(rb"rel\s*+=\s*+[\"']?[^\"'<>]{0,40}tag")
HOME = frozenset(
    (
        *("home", "homepage", "start", "startseite", "accueil", "inicio", "início", "news"),
        *("главная", "главнаястраница", "новости", "бастыбет", "басты", "головна", "начало"),
    )
)


def canonical(stated: Stated) -> tuple[str | None, tuple[Problem, ...]]:
    """The address the page names as its own: on this site, http(s), and no front page."""
    said = [*stated.linked("canonical"), *(value for _, value in stated.meta("og:url"))]
    problems: list[Problem] = []
    for href in said:
        address = absolute(href, stated.base)
        if address is None or not same_site(address, stated.url):
            problems.append(Problem("canonical_refused", one_line(href)[:120]))
        elif urlsplit(address).path.strip("/") or urlsplit(address).query:
            return address, tuple(problems)
        elif urlsplit(stated.url).path.strip("/"):
            problems.append(Problem("canonical_refused", "names the front page"))
    return None, tuple(problems)


def further_page(stated: Stated) -> tuple[Problem, ...]:
    """A doubt where the page says that its article goes on at another address: its text is a part of it."""
    own = url_key(stated.url) if absolute(stated.url, stated.url) else ""
    for href in stated.linked("next"):
        address = absolute(href, stated.base)
        if address and is_view_of(url_key(address), own):
            return (Problem("more_pages", f"goes on at {address}"[:300]),)
    return ()


def own_key(key: str, canonical_url: str | None) -> str:
    """The article's `url_key`: without parameters where the page itself names its address without them.

    Only when the path names one article by a slug: a script that tells its articles by a parameter and
    states one canonical address for all of them would otherwise lose all but one. A view of an article (AMP,
    print, mobile, a further page) has the key of the address that it names.
    """
    if canonical_url and is_view_of(key, url_key(canonical_url)):
        return url_key(canonical_url)
    path, _, parameters = key.partition("?")
    slug = path.rpartition("/")[2]
    if not (canonical_url and parameters) or len(slug) < SLUG_CHARS or "." in slug:
        return key
    return path if url_key(canonical_url) == path else key


def absolute(href: str, base: str) -> str | None:
    """The absolute http(s) address, or `None` for what is none."""
    try:
        address = urljoin(base, href.strip())
        url_key(address)
    except ValueError:
        return None
    return address


def breadcrumbs(
    document: Document, stated: Stated, *, title: str | None, own_names: Collection[str]
) -> tuple[str, ...]:
    """The way from the front page to the article, without both ends."""
    found = next((crumbs for crumbs in crumb_lists(document, stated) if crumbs), [])
    named = squeezed(title or "")
    kept = [
        c
        for c in found
        if squeezed(c) not in HOME
        and squeezed(c) not in own_names
        and not (named and squeezed(c)[:40] == named[:40])
    ]
    return tuple(dict.fromkeys(kept))[:8]


def crumb_lists(document: Document, stated: Stated) -> Iterator[list[str]]:
    """Yield the breadcrumbs JSON-LD states, then those a reader sees."""
    for node in stated.json_ld.of_type(frozenset(("BreadcrumbList",))):
        yield [label for item in listed(node) if (label := crumb_label(item))]
    for trail in islice(document.named("crumb"), 1):
        links = [one_line(text_of(link)) for link in trail.iter("a")]
        yield [text for text in links if 0 < len(text) <= MAX_LABEL][:10]


def listed(node: Node) -> list[object]:
    """The entries of a JSON-LD list."""
    items = node.get("itemListElement")
    return items[:12] if isinstance(items, list) else []


def crumb_label(item: object) -> str | None:
    """What one entry of a JSON-LD breadcrumb list is called."""
    if not isinstance(item, dict):
        return None
    said = strings(item.get("name")) or strings(
        item.get("item") if isinstance(item.get("item"), dict) else None
    )
    return stated_line(said[0])[:MAX_LABEL] if said else None


def section(
    tree: HtmlElement,
    stated: Stated,
    crumbs: Sequence[str],
    selector: str | None,
    learned: str | None = None,
) -> tuple[str | None, str | None]:
    """The part of the paper the article stands in, with where that was said."""
    for evidence, said in section_places(tree, stated, crumbs, selector, learned):
        if label := stated_line(said)[:MAX_LABEL]:
            return label, evidence
    return None, None


def section_places(
    tree: HtmlElement, stated: Stated, crumbs: Sequence[str], selector: str | None, learned: str | None
) -> Iterator[tuple[str, str]]:
    """Yield where a section is named and what it is called there, most trusted first."""
    for line in selected_lines(tree, selector):
        yield "profile", line
    for text in strings((stated.article or {}).get("articleSection")):
        yield "json-ld articleSection", text
    for name, value in stated.meta(*SECTION_METAS):
        yield f"meta {name}", value
    for item in stated.items:
        if item.name == "articleSection":
            yield "microdata articleSection", item.value or one_line(text_of(item.node))
    for line in selected_lines(tree, learned):
        yield "learned", line
    for crumb in crumbs[-1:]:
        yield "breadcrumbs", crumb


def tags(
    document: Document, stated: Stated, selector: str | None, learned: str | None = None
) -> tuple[tuple[str, ...], str | None]:
    """The publisher's own words for what the article is about, with where they stood."""
    for evidence, said in tag_places(document, stated, selector, learned):
        labels = dict.fromkeys(
            label for text in said if 1 < len(label := stated_line(text).lstrip("#")) <= MAX_LABEL
        )
        if labels:
            return tuple(labels)[:MAX_TAGS], evidence
    return (), None


def tag_places(
    document: Document, stated: Stated, selector: str | None, learned: str | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Yield the places tags stand in, most trusted first."""
    yield "profile", list(selected_lines(document.tree, selector))
    yield "meta article:tag", split_one([value for _, value in stated.meta("article:tag", "og:article:tag")])
    if stated.article:
        yield "json-ld keywords", split_one(strings(stated.article.get("keywords")))
    if REL_TAG.search(document.utf8):
        yield "rel=tag", [text_of(link) for link in TAG_LINKS(document.tree)[:MAX_TAGS]]
    yield "learned", list(selected_lines(document.tree, learned))
    yield "meta news_keywords", split_one([value for _, value in stated.meta("news_keywords")])


def split_one(said: list[str]) -> list[str]:
    """A single text of several tags parted at its commas; a list stays as it is."""
    return said[0].replace(";", ",").split(",") if len(said) == 1 else said
