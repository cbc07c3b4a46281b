"""What a page states about itself for machines: head, JSON-LD, microdata, as plain data. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.identity import url_key
from archive.records import Problem
from crawler.cleaning.document import Document
from crawler.cleaning.elements import HtmlElement, brief_text, has_fewer
from crawler.cleaning.gate import one_line, stated_line
from crawler.cleaning.json_ld import JsonLd, Node, read_json_ld, strings

ARTICLE_KINDS = frozenset(
    (
        *("Article", "NewsArticle", "ReportageNewsArticle", "OpinionNewsArticle", "AnalysisNewsArticle"),
        *("BackgroundNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "SatiricalArticle"),
        *("AdvertiserContentArticle", "BlogPosting", "LiveBlogPosting", "Report", "TechArticle"),
        *("ScholarlyArticle", "MedicalScholarlyArticle", "Review", "Recipe"),
    )
)
PAGE_KINDS = frozenset(("WebPage", "ItemPage", "AboutPage", "QAPage", "MedicalWebPage"))
TEXT_FIELDS = ("headline", "description", "datePublished", "dateModified", "articleSection", "author")
# A page that states more metas than this is no page for people.
MAX_METAS = 500
ITEMPROP_READ = 200  # letters
MAX_SPOKEN = 5_000  # letters

# Where one element's text ends in a small letter and the next begins with a capital, a line ended.
GLUED = re.compile(r"(?<=[a-z\u0430-\u044f\u0451:.])\0+(?=[A-Z\u0410-\u042f])")
NO_WORD = re.compile(r"[\W_]+")
ITEMPROPS = etree.XPath("descendant-or-self::*[@itemprop]")  # `//` gathers all texts as well


@dataclass(frozen=True, slots=True)
class Item:
    """One microdata value: its property, what it says, the kind of thing it belongs to, and where."""

    name: str
    value: str
    kind: str
    node: HtmlElement


@dataclass(frozen=True, slots=True)
class Stated:
    """What the page states about itself. Names of `metas` are lower case; values are as written."""

    url: str
    metas: Mapping[str, tuple[str, ...]]
    links: tuple[tuple[str, str], ...]
    page_title: str | None
    headings: tuple[HtmlElement, ...]
    times: tuple[HtmlElement, ...]
    base: str
    language: str | None
    json_ld: JsonLd
    article: Node | None
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield name and value of the metas so named that say something, in the order of the names."""
        for name in names:
            for value in self.metas.get(name, ()):
                if value.strip():
                    yield name, value

    def first_meta(self, *names: str) -> str | None:
        """The first of the named metas that says something, on one line."""
        return next((line for _, value in self.meta(*names) if (line := stated_line(value))), None)

    def linked(self, rel: str) -> Iterator[str]:
        """Yield where the page's `<link rel=…>` of that kind point, as written."""
        return (href for stated, href in self.links if rel in stated.split())


def read_stated(document: Document, url: str) -> Stated:
    """Everything a page states for machines, read in one pass over the elements that can."""
    tree = document.tree
    metas: defaultdict[str, list[str]] = defaultdict(list)
    links: list[tuple[str, str]] = []
    scripts: list[str] = []
    titles: list[HtmlElement] = []
    headings: list[HtmlElement] = []
    times: list[HtmlElement] = []
    base: str | None = None
    for node in tree.iter("meta", "link", "title", "script", "h1", "time", "base"):
        match node.tag:
            case "meta":
                read_meta(node, metas)
            case "link" if node.get("rel") and node.get("href"):
                links.append((node.get("rel").lower(), node.get("href")))
            case "script" if "ld+json" in (node.get("type") or "").lower():
                scripts.append(node.text or "")
            case "title":
                titles.append(node)
            case "h1":
                headings.append(node)
            case "time":
                times.append(node)
            case "base" if base is None:
                base = node.get("href")
    json_ld = read_json_ld(scripts)
    frozen = {name: tuple(values) for name, values in metas.items()}
    page_title = title_of(titles)
    article_names = {
        squeezed(text)
        for text in (page_title, *frozen.get("og:title", ()), *map(spoken, headings[:5]))
        if text
    }
    article = article_node(json_ld, url, article_names)
    return Stated(
        url=url,
        metas=frozen,
        links=tuple(links),
        page_title=page_title,
        headings=tuple(headings),
        times=tuple(times),
        base=base_of(base, url),
        language=tree.get("lang")
        or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
        or tree.get("xml:lang"),
        json_ld=json_ld,
        article=article,
        items=tuple(microdata(tree)) if document.mentions(b"itemprop") else (),
        problems=(*json_ld.problems, *wrong_types(article)),
    )


def read_meta(node: HtmlElement, metas: defaultdict[str, list[str]]) -> None:
    """Note one meta tag under its name, property and http-equiv; microdata has its own reader."""
    content = node.get("content")
    if not content or len(metas) > MAX_METAS:
        return
    for name in {(node.get(key) or "").strip().lower() for key in ("name", "property", "http-equiv")}:
        if name and len(metas[name]) < 100:
            metas[name].append(content)


def title_of(titles: list[HtmlElement]) -> str | None:
    """The page's `<title>`: the one in the head, for pictures drawn in the page have titles too."""
    in_head = [node for node in titles if (parent := node.getparent()) is not None and parent.tag == "head"]
    found = in_head or [node for node in titles if not any(up.tag == "svg" for up in node.iterancestors())]
    return next((text for node in found if (text := spoken(node))), None)


def spoken(node: HtmlElement) -> str:
    """The text of an element on one line; words of two elements that stand on each other stay two.

    Empty when it is longer than any line.
    """
    text = brief_text(node, MAX_SPOKEN)
    if not text or has_fewer(node, 1):
        return one_line(text)
    return one_line(GLUED.sub(" ", "\0".join(node.itertext())).replace("\0", ""))


def squeezed(text: str) -> str:
    """A text's letters and digits in lower case: what is left when two spellings are compared."""
    return NO_WORD.sub("", text.casefold())


def base_of(href: str | None, url: str) -> str:
    """What relative addresses on the page start from; a `<base>` that is no web address is not believed."""
    if not href:
        return url
    try:
        base = urljoin(url, href.strip())
        parts = urlsplit(base)
    except ValueError:
        return url
    return base if parts.scheme in ("http", "https") and parts.netloc else url


def microdata(tree: HtmlElement) -> Iterator[Item]:
    """Yield the page's microdata values; `kind` is the type of the thing around each, or empty."""
    for node in ITEMPROPS(tree)[:2_000]:
        value = (
            node.get("content") or node.get("datetime") or (node.get("title") if node.tag == "abbr" else None)
        )
        for name in dict.fromkeys(node.get("itemprop")[:ITEMPROP_READ].split()):
            yield Item(name, value or "", kind_around(node), node)


def kind_around(node: HtmlElement) -> str:
    """The last word of the type of the nearest thing an element is inside of, or empty."""
    for up in node.iterancestors():
        if up.get("itemscope") is not None:
            return str(up.get("itemtype") or "").rstrip("/").rsplit("/", 1)[-1]
    return ""


def article_node(json_ld: JsonLd, url: str, names: set[str]) -> Node | None:
    """The JSON-LD node that is this page's article.

    Several are told apart by address and headline; when none of several fits, the page is a list of
    other articles and none is this page's.
    """
    articles = list(json_ld.of_type(ARTICLE_KINDS))
    if not articles:
        return None
    fits = [(fit(node, url, names), -index) for index, node in enumerate(articles)]
    best, place = max(fits)
    if best < 0 or (best == 0 and len(articles) > 1):
        return None
    return articles[-place]


def fit(node: Node, url: str, names: set[str]) -> int:
    """How surely a node speaks of this page: by headline, by address; below 0 when it names another one."""
    headline = next(
        (squeezed(text) for text in strings(node.get("headline")) or strings(node.get("name"))), ""
    )
    same_name = bool(headline) and any(
        headline in name or name in headline for name in names if len(name) > 8
    )
    stated = [
        address for key in ("url", "mainEntityOfPage", "@id") for address in addresses(node.get(key), url)
    ]
    here = key_of(url)
    same_place = any(key_of(address) == here for address in stated)
    return (
        4 * same_place + 3 * same_name + (1 if "datePublished" in node and (same_place or same_name) else 0)
    )


def addresses(value: object, base: str) -> Iterator[str]:
    """Yield the absolute addresses a `url` or `mainEntityOfPage` states."""
    stated = [value.get("@id"), value.get("url")] if isinstance(value, dict) else [value]
    for address in stated:
        if isinstance(address, str) and address:
            try:
                yield urljoin(base, address)
            except ValueError:
                continue


def wrong_types(article: Node | None) -> Iterator[Problem]:
    """Yield a problem for each field of the article that holds no text where text belongs."""
    for name in TEXT_FIELDS:
        value = (article or {}).get(name)
        if value is not None and value != "" and not strings(value):
            yield Problem("json_ld_wrong_type", f"{name} is {type(value).__name__}")


def key_of(address: str) -> str | None:
    """The address's key, or `None` when it is no web address."""
    try:
        return url_key(address)
    except ValueError:
        return None
