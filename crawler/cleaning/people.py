"""Who signed the article: people, not agencies, desks, dates or addresses. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from archive.records import Author
from crawler.cleaning.bylines import TEXTS, Line, bylines, in_margin, marks_of, pen_names
from crawler.cleaning.candidates import selected
from crawler.cleaning.elements import CLASS_READ, MAX_INSIDE, HtmlElement, is_large
from crawler.cleaning.gate import one_line, stated_line
from crawler.cleaning.json_ld import strings, types_of
from crawler.cleaning.names import ROLE, is_agency, is_login, is_person, names_in
from crawler.cleaning.structured import Stated, key_of, squeezed

MAX_AUTHORS = 30
# A longer text is about an author, not a name.
MAX_SAID = 300
# A paper's name that begins another by no chance.
LONG_NAME = 5

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


@dataclass(frozen=True, slots=True)
class Signed:
    """The people who signed, whom else the page names as author, and where that stood."""

    authors: tuple[Author, ...] = ()
    agency: str | None = None
    evidence: str | None = None


def read_authors(
    tree: HtmlElement,
    stated: Stated,
    *,
    selector: str | None,
    own_names: Collection[str],
    heading: HtmlElement | None = None,
    container: HtmlElement | None = None,
    learned: str | None = None,
) -> Signed:
    """Those the most trusted place names: profile, JSON-LD, microdata, metas, where they were learned to
    stand, a visible byline.

    A log-in gives way to a byline. A paper that names itself as author (`own_names`, squeezed) and a desk
    stand in only when nobody else is named.
    """
    agency: str | None = None
    desk: Signed | None = None
    paper: Signed | None = None
    for evidence, said in author_places(
        tree, stated, selector, heading=heading, container=container, learned=learned
    ):
        named = told_apart(said, own_names)
        agency = agency or named.agency
        people = named.people[:MAX_AUTHORS]
        if evidence == "signature" and desk:
            continue
        if people and (evidence == "profile" or not all(is_stand_in(one.name) for one in people)):
            return Signed(people, agency, evidence)
        desk = desk or (Signed(people, agency, evidence) if people else None)
        paper = paper or (Signed(named.papers[:1], None, evidence) if named.papers else None)
    if desk or (paper and not agency):
        return desk or paper or Signed()
    return Signed(agency=agency)


def is_stand_in(name: str) -> bool:
    """Whether a name is a log-in or a desk: good where nobody else signs."""
    return is_login(name) or ROLE.search(name) is not None


@dataclass(frozen=True, slots=True)
class Sorted:
    """What one place names: people, papers, the first agency."""

    people: tuple[Author, ...] = ()
    papers: tuple[Author, ...] = ()
    agency: str | None = None


def told_apart(said: Iterable[Said], own_names: Collection[str]) -> Sorted:
    """The names of one place by what they are names of."""
    people: dict[str, Author] = {}
    papers: dict[str, Author] = {}
    agencies: list[str] = []
    for one in said:
        for name in names_in(one.text):
            plain = squeezed(name)
            if is_agency(name):
                agencies += [name] if plain not in own_names else []
            elif is_own(name, own_names) or (one.is_organization and is_person(name)):
                papers.setdefault(plain, Author(name, one.url))
            elif is_person(name):
                people.setdefault(plain, Author(name, one.url))
    return Sorted(tuple(people.values()), tuple(papers.values()), next(iter(agencies), None))


def is_own(name: str, own_names: Collection[str]) -> bool:
    """Whether a name is the paper's, or begins with it as its offices' names do: "ABC NORTH"."""
    plain, first = squeezed(name), name.split(" ", 1)[0]
    return (
        plain in own_names
        or (first.isupper() and first.casefold() in own_names)
        or any(len(own) > LONG_NAME and plain.startswith(own) for own in own_names)
        or any(len(plain) > 2 * LONG_NAME and own.startswith(plain) for own in own_names)
    )


@dataclass(frozen=True, slots=True)
class Said:
    """A line that names authors, where it leads, and whether it calls them an organization."""

    text: str
    url: str | None = None
    is_organization: bool = False


def author_places(
    tree: HtmlElement,
    stated: Stated,
    selector: str | None,
    *,
    heading: HtmlElement | None = None,
    container: HtmlElement | None = None,
    learned: str | None = None,
) -> Iterator[tuple[str, list[Said]]]:
    """Yield where authors are named and what stands there, most trusted first.

    `heading` shows the title; `container` holds the text, whose first and last line may be a signature;
    `learned` is where the source's authors were found to stand.
    """
    if selector:
        yield "profile", [said_by(found, stated.base) for found in selected(tree, selector)]
    if stated.article:
        yield (
            "json-ld author",
            list(in_json_ld(stated, stated.article.get("author") or stated.article.get("creator"))),
        )
    yield "microdata author", list(in_microdata(stated))
    yield "meta author", [Said(value) for _, value in stated.meta(*AUTHOR_METAS)]
    if learned:
        yield "learned", [said_by(found, stated.base) for found in selected(tree, learned)]
    marks = marks_of(tree, heading=heading, container=container)
    for line in bylines(marks, stated, heading=heading, container=container):
        yield "signature" if line.node is None else "byline", list(said_in(line, stated.base))
    yield "meta", [Said(value) for _, value in stated.meta(*LATE_METAS)]
    for line in pen_names(marks):
        yield "byline", list(said_in(line, stated.base))


def said_in(line: Line, base: str) -> Iterator[Said]:
    """Yield the names of a byline, each with where it leads; a single name takes the line's only link."""
    links = {} if line.node is None else {shown(a): address(a.get("href"), base) for a in line.node.iter("a")}
    lone = href_of(line.node, base) if line.node is not None and len(line.names) == 1 else None
    for name in line.names:
        yield Said(name, links.get(name) or lone)


def in_microdata(stated: Stated) -> Iterator[Said]:
    """Yield the names of the article's authors in microdata: their `name`, else all they say."""
    authors = (item for item in stated.items if item.name == "author")
    for item in islice(authors, 4 * MAX_AUTHORS):
        if "omment" not in item.kind and not in_margin(item.node):
            name = next(
                (
                    node
                    for node in islice(item.node.iter(), MAX_INSIDE)
                    if "name" in (node.get("itemprop") or "")[:CLASS_READ].split()
                ),
                item.node,
            )
            said = name.get("content") or item.value or shown(name)
            if len(said) <= MAX_SAID:
                yield Said(said, href_of(item.node, stated.base))


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


def shown(node: HtmlElement) -> str:
    """The text of an element, parts apart, without what scripts and styles hold; none of a large one."""
    return "" if is_large(node) else one_line(" ".join(TEXTS(node)))


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
