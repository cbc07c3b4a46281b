"""Who signed the article: people, not agencies, desks, dates or addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement

from archive.records import Author
from crawler.cleaning.candidates import selected
from crawler.cleaning.gate import one_line, stated_line
from crawler.cleaning.json_ld import strings, types_of
from crawler.cleaning.names import is_agency, is_person, names_in, reads_like_a_name
from crawler.cleaning.structured import Stated, key_of, squeezed

MAX_AUTHORS = 30

AUTHOR_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
)
LATE_METAS = (
    *("dc:creator", "citation_author", "byl", "article:author_name", "mediator_author", "cxenseparse:author"),
    *("og:author", "book:author"),
)
BYLINES = etree.XPath("//*[@rel='author' or contains(@class,'uthor') or contains(@class,'yline')]")
TEXTS = etree.XPath("descendant::text()[not(parent::script or parent::style)]", smart_strings=False)
BELOW = etree.XPath("following::text()[normalize-space()][position()<=40]", smart_strings=False)
SIGNED = re.compile(r"^(?:By|Von|Par|Por|Автор|Авторы|Текст|Text)(?:\s*:\s*|\s+)(\w.{2,60})$")
ELSEWHERE = re.compile(r"comment|sidebar|related|recommend|popular|widget|footer|most-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signed:
    """The people who signed, whom else the page names as author, and where that stood."""

    authors: tuple[Author, ...] = ()
    agency: str | None = None
    evidence: str | None = None


def read_authors(
    tree: HtmlElement, stated: Stated, *, selector: str | None, own_names: Collection[str]
) -> Signed:
    """Those the most trusted place names: profile, JSON-LD, microdata, metas, a visible byline.

    A paper that names itself as author (`own_names`, squeezed) stands in only when nobody else is named.
    """
    agency: str | None = None
    paper: tuple[tuple[Author, ...], str] | None = None
    for evidence, said in places(tree, stated, selector):
        people: dict[str, Author] = {}
        papers: dict[str, Author] = {}
        for one in said:
            for name in names_in(one.text):
                plain = squeezed(name)
                if is_agency(name):
                    agency = agency or (name if plain not in own_names else None)
                elif plain in own_names or (one.is_organization and is_person(name)):
                    papers.setdefault(plain, Author(name, one.url))
                elif is_person(name):
                    people.setdefault(plain, Author(name, one.url))
        if people:
            return Signed(tuple(people.values())[:MAX_AUTHORS], agency, evidence)
        if papers and paper is None:
            paper = (tuple(papers.values())[:1], evidence)
    if paper and not agency:
        return Signed(paper[0], None, paper[1])
    return Signed(agency=agency)


@dataclass(frozen=True, slots=True)
class Said:
    """A line that names authors, where it leads, and whether it calls them an organization."""

    text: str
    url: str | None = None
    is_organization: bool = False


def places(tree: HtmlElement, stated: Stated, selector: str | None) -> Iterator[tuple[str, list[Said]]]:
    """Yield where authors are named and what stands there, most trusted first."""
    if selector:
        yield "profile", [said_by(found, stated.base) for found in selected(tree, selector)]
    if stated.article:
        yield (
            "json-ld author",
            list(in_json_ld(stated, stated.article.get("author") or stated.article.get("creator"))),
        )
    yield "microdata author", list(in_microdata(stated))
    yield "meta author", [Said(value) for _, value in stated.meta(*AUTHOR_METAS)]
    for line in bylines(tree, stated):
        if all(reads_like_a_name(name) for name in names_in(line.text)):
            yield "byline", [line]
    yield "meta", [Said(value) for _, value in stated.meta(*LATE_METAS)]


def in_microdata(stated: Stated) -> Iterator[Said]:
    """Yield the names of the article's authors in microdata: their `name`, else all they say."""
    for item in stated.items:
        if item.name == "author" and "omment" not in item.kind and not in_margin(item.node):
            name = next(
                (node for node in item.node.iter() if "name" in (node.get("itemprop") or "").split()),
                item.node,
            )
            yield Said(name.get("content") or item.value or shown(name), href_of(item.node, stated.base))


def in_json_ld(stated: Stated, value: object) -> Iterator[Said]:
    """Yield the names in a JSON-LD author: text, a person, or a list of them."""
    for one in (value if isinstance(value, list) else [value])[:MAX_AUTHORS]:
        node = stated.json_ld.resolved(one)
        if isinstance(node, str):
            yield Said(stated_line(node))
        elif isinstance(node, dict):
            url = address(node.get("url"), stated.base)
            is_organization = any("Organization" in kind for kind in types_of(node))
            for text in strings(node.get("name")):
                yield Said(stated_line(text), url, is_organization)


def bylines(tree: HtmlElement, stated: Stated) -> Iterator[Said]:
    """Yield the lines that sign the article: `rel=author`, what a class calls author, "By …" below."""
    found = [node for node in BYLINES(tree)[:60] if not in_margin(node)]
    for node in sorted(found, key=lambda node: node.get("rel") != "author")[:8]:
        parts = [line for text in TEXTS(node) if (line := one_line(text))]
        names = [part for part in parts if reads_like_a_name(part)]
        line = "; ".join(names) if len(names) > 1 and len(names) == len(parts) else " ".join(parts)
        if not 3 < len(line) < 160:
            continue
        link = node if node.tag == "a" else next(iter(node.iter("a")), None)
        if link is not None and 3 < len(name := shown(link)) < len(line) and len(names) < 2:
            line = name
        yield Said(line, href_of(node, stated.base))
    for heading in stated.headings[:1]:
        for text in BELOW(heading):
            line = one_line(text)
            if len(line) < 80 and (signed := SIGNED.match(line)):
                yield Said(signed[1])


def in_margin(node: HtmlElement) -> bool:
    """Whether an element stands in comments, a sidebar, a picture or a list of other articles."""
    return any(
        up.tag in ("aside", "footer", "nav", "form", "figure", "figcaption")
        or ELSEWHERE.search(f"{up.get('class') or ''} {up.get('id') or ''}")
        for up in (node, *islice(node.iterancestors(), 5))
        if up.tag not in ("body", "html")
    )


def shown(node: HtmlElement) -> str:
    """The text of an element, parts apart, without what scripts and styles hold."""
    return one_line(" ".join(text for text in TEXTS(node)))


def said_by(found: HtmlElement | str, base: str) -> Said:
    """The name an element or text holds, with where it links to."""
    if isinstance(found, str):
        return Said(one_line(found))
    return Said(one_line(found.get("content") or shown(found)), href_of(found, base))


def href_of(node: HtmlElement, base: str) -> str | None:
    """Where an element or the first link in it leads, when that is a web address."""
    link = node if node.get("href") else next(iter(node.iter("a")), None)
    return address(link.get("href"), base) if link is not None else None


def address(href: object, base: str) -> str | None:
    """The absolute web address of a stated one, or `None`."""
    if not isinstance(href, str) or not href.strip():
        return None
    try:
        joined = urljoin(base, href.strip())
    except ValueError:
        return None
    return joined if key_of(joined) else None
