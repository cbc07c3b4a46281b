"""What holds of every article, whatever bytes it was read from; checked by the fuzz and by the tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime

import lxml.html

from archive.records import Article
from crawler.cleaning.jsonable import as_json

# Nothing a terminal, a database or XML would stumble over; line ends only where the text has lines.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\ufffe\uffff]")
WEB = re.compile(r"https?://[^\s/]")
SAFE_TAGS = frozenset(
    (
        *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "em", "strong", "br"),
        *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "figure", "figcaption", "img"),
    )
)
SAFE_ATTRIBUTES = {"a": {"href", "rel"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}}
SAFE_ATTRIBUTES["th"] = SAFE_ATTRIBUTES["td"]
KINDS = frozenset(("article", "live", "opinion", "gallery", "video", "advertorial", "not_article"))


def broken_promises(article: Article) -> list[str]:
    """What an article breaks of what is promised of all; empty when it keeps everything."""
    return [*broken_texts(article), *broken_html(article.body_html), *broken_facts(article)]


def broken_texts(article: Article) -> Iterator[str]:
    """Yield what is wrong with texts: characters nobody can print, lines where one line belongs."""
    lines = {
        **{
            name: getattr(article, name) for name in ("title", "kicker", "agency", "section", "published_raw")
        },
        "authors": " ".join(author.name for author in article.authors),
        "tags": " ".join((*article.tags, *article.breadcrumbs)),
        "link texts": " ".join(link.text for link in article.links),
        "captions": " ".join(f"{i.alt}{i.caption}{i.credit}" for i in article.images),
        "problems": " ".join(f"{p.code}{p.detail}" for p in article.problems),
    }
    for name, text in {**lines, "body": article.body, "body_html": article.body_html}.items():
        if text and (bad := UNPRINTABLE.search(text)):
            yield f"{name} holds {bad[0]!r}"
    for name, text in lines.items():
        if text is not None and ("\n" in text or text != text.strip()):
            yield f"{name} is not one line: {text[:60]!r}"
    if article.title == "":
        yield "title is empty instead of None"
    if article.body != article.body.strip() or "\n\n\n" in article.body:
        yield "body has blank paragraphs"


def broken_html(html: str) -> Iterator[str]:
    """Yield what is wrong with the safe HTML: a tag, attribute or address that is not safe."""
    if not html:
        return
    for node in lxml.html.fragment_fromstring(html, create_parent="div").iterdescendants():
        if node.tag not in SAFE_TAGS:
            yield f"body_html has <{node.tag}>"
            continue
        for name, value in node.items():
            if name not in SAFE_ATTRIBUTES.get(node.tag, ()):
                yield f"body_html has <{node.tag} {name}>"
            elif name in ("href", "src") and not WEB.match(value):
                yield f"body_html links to {value[:60]!r}"


def broken_facts(article: Article) -> Iterator[str]:
    """Yield what is wrong with dates, addresses, kinds and numbers."""
    for name in ("published_at", "published_local", "modified_at"):
        moment: datetime | None = getattr(article, name)
        if moment is not None and moment.tzinfo is None:
            yield f"{name} has no zone"
    if (article.published_at is None) != (article.published_date is None):
        yield "published_at and published_date do not go together"
    addresses = [link.url for link in article.links] + [image.url for image in article.images]
    addresses += [author.url for author in article.authors if author.url]
    addresses += [article.canonical_url] if article.canonical_url else []
    for address in addresses:
        if not WEB.match(address):
            yield f"an address is {address[:60]!r}"
    if article.article_type not in KINDS:
        yield f"article_type is {article.article_type!r}"
    if not 0 <= article.is_article <= 1:
        yield f"is_article is {article.is_article}"
    if article.article_type == "not_article" and not article.problems:
        yield "no article, and no reason why"
    try:
        json.dumps(as_json(article), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        yield f"no JSON: {error}"
