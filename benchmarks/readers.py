"""Who reads pages: Muragat, and the extractors it is compared with where these are installed.

A reader takes a page's bytes and address and says what it found under the scorer's names: title, body, lead,
lang, published, authors, related, is_article. None of the peers is needed to measure Muragat.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import lxml.html
from lxml.html import HtmlElement

from archive.records import Article
from crawler.cleaning import clean

Said = dict[str, Any]
Reader = Callable[[bytes, str], Said]
INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark"),
        *("q", "s", "small", "span", "strong", "sub", "sup", "u"),
    )
)


def muragat(raw: bytes, url: str) -> Said:
    """What `clean` says of a page."""
    article = clean(raw, url)
    return {
        "title": article.title,
        "body": article.body,
        "lead": article.lead,
        "lang": article.language,
        "published": stated_day(article),
        "authors": [author.name for author in article.authors],
        "related": [(link.url, link.text) for link in article.links if link.zone == "related"],
        "is_article": article.article_type != "not_article",
    }


def stated_day(article: Article) -> str | None:
    """The publication as the scorer reads it: the local day, or the instant with its offset."""
    if article.published_precision == "day" and article.published_date:
        return article.published_date.isoformat()
    return article.published_local.isoformat() if article.published_local else None


def trafilatura(raw: bytes, url: str) -> Said:
    """trafilatura with its defaults, comments left out."""
    found = module("trafilatura").bare_extraction(raw, url=url, with_metadata=True, include_comments=False)
    if found is None:
        return {}
    said = found.as_dict()
    return {
        "title": said.get("title"),
        "body": said.get("text"),
        "lead": said.get("description"),
        "lang": said.get("language"),
        "published": said.get("date"),
        "authors": said.get("author"),
    }


def newspaper4k(raw: bytes, url: str) -> Said:
    """newspaper4k with its defaults, nothing fetched."""
    try:
        article = newspaper_article(raw, url)
    except ImportError:  # for some languages it wants packages of its own
        article = newspaper_article(raw, url, language="en")
    published = article.publish_date
    return {
        "title": article.title,
        "body": article.text,
        "lang": article.meta_lang or None,
        "published": published.isoformat() if hasattr(published, "isoformat") else published or None,
        "authors": list(article.authors),
    }


def newspaper_article(raw: bytes, url: str, **options: str) -> Any:
    """newspaper4k's own article of a page."""
    article = module("newspaper").Article(url, fetch_images=False, **options)
    article.download(input_html=raw)
    article.parse()
    return article


def readability(raw: bytes, url: str) -> Said:
    """readability-lxml: a title and a body, no more."""
    document = module("readability").Document(raw, url=url)
    return {"title": document.short_title(), "body": text_of(document.summary(html_partial=True))}


def magic_html(raw: bytes, url: str) -> Said:
    """magic-html: a title and a body, no more."""
    said = module("magic_html").GeneralExtractor().extract(raw.decode("utf-8", "replace"), base_url=url)
    return {"title": said.get("title"), "body": text_of(said.get("html") or "")}


def htmldate(raw: bytes, url: str) -> Said:
    """htmldate, asked for the first publication: a day, no more."""
    return {"published": module("htmldate").find_date(raw, url=url, original_date=True)}


PEERS: dict[str, tuple[str, Reader]] = {
    "trafilatura": ("trafilatura", trafilatura),
    "newspaper4k": ("newspaper", newspaper4k),
    "readability-lxml": ("readability", readability),
    "magic-html": ("magic_html", magic_html),
    "htmldate": ("htmldate", htmldate),
}
# What a peer speaks of at all; elsewhere it is not scored.
SPEAKS_OF = {
    "trafilatura": ("body", "snippets", "title", "day", "undated", "authors", "lead"),
    "newspaper4k": ("body", "snippets", "title", "day", "undated", "authors", "language"),
    "readability-lxml": ("body", "title", "snippets"),
    "magic-html": ("body", "title", "snippets"),
    "htmldate": ("day", "undated"),
}


def reader(name: str) -> Reader:
    """The reader so called."""
    return muragat if name == "muragat" else PEERS[name][1]


def installed_peers() -> list[str]:
    """The peers that this Python can import."""
    return [name for name, (package, _) in PEERS.items() if importlib.util.find_spec(package)]


def said_by(name: str, raw: bytes, url: str) -> Said:
    """What a reader says of a page; a peer that fails on it has said nothing."""
    if name == "muragat":
        return muragat(raw, url)
    try:
        return PEERS[name][1](raw, url)
    except Exception:  # noqa: BLE001 - whatever a peer raises is a page it could not read
        return {}


def module(name: str) -> Any:
    """A peer's module; its warnings about its own extras are not ours to show."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


def text_of(html: str) -> str:
    """The text of a peer's HTML, each block on a line of its own."""
    if not html.strip():
        return ""
    return "\n".join(
        line for text in lines_of(lxml.html.fragment_fromstring(html, "div")) if (line := text.strip())
    )


def lines_of(tree: HtmlElement) -> Iterable[str]:
    """Yield the running text between the edges of blocks."""
    for node in tree.iter():
        if isinstance(node.tag, str) and node.tag not in INLINE:
            node.text = f"\n{node.text or ''}"
            node.tail = f"\n{node.tail or ''}"
    return tree.text_content().split("\n")
