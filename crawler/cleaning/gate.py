"""The one gate every text passes before it leaves cleaning. Pure."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from archive.records import Article, Author, Image, Link, Problem

# Controls but tab and newline, lone surrogates (SQLite refuses the whole batch), marks that reverse the
# reading direction (spoofing), invisible characters that split words for a search, private use (icon fonts)
# and noncharacters. ZWNJ and ZWJ stay: Persian, Arabic-script Kazakh and emoji are written with them.
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000f0000-\U0010ffff]"
)
SPACES = re.compile(r"[^\S\n]+")
MAX_PROBLEMS = 40
TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")


CLOSING_TAG = re.compile(r"</[a-z]|<br\b|/>", re.IGNORECASE)


def clean_text(text: str) -> str:
    """The text without what no reader sees and no store can keep; its lines stay as they are."""
    if text.replace("\n", "").isprintable():  # nothing unwanted is: told in a fifth of the time
        return text
    return UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_paragraphs(text: str) -> str:
    """The text of paragraphs without what no reader sees; those that were nothing else are gone."""
    cleaned = clean_text(text)
    if len(cleaned) == len(text):
        return text
    paragraphs = ("\n".join(map(str.rstrip, part.split("\n"))).strip() for part in cleaned.split("\n\n"))
    return "\n\n".join(filter(None, paragraphs))


def one_line(text: str) -> str:
    """The text on one line, single spaces, nothing unwanted."""
    return " ".join((text if text.isprintable() else UNWANTED.sub("", text)).split())


def stated_line(text: str) -> str:
    """One line of what a page states about itself in a script or a meta tag.

    Such values are often escaped once more than needed and may carry inline markup: both are undone.
    """
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if CLOSING_TAG.search(text):  # a tag that nothing closes is a text about tags
        text = TAG.sub(" ", text)
    return one_line(text)


def through_gate(article: Article) -> Article:
    """The article with every text free of what no reader sees and no store can keep."""
    return replace(
        article,
        title=line_or_none(article.title),
        kicker=line_or_none(article.kicker),
        lead=line_or_none(article.lead),
        body=clean_paragraphs(article.body),
        body_html=clean_text(article.body_html),
        published_raw=line_or_none(article.published_raw),
        authors=tuple(Author(one_line(a.name), a.url and clean_text(a.url)) for a in article.authors),
        agency=line_or_none(article.agency),
        section=line_or_none(article.section),
        breadcrumbs=tuple(filter(None, map(one_line, article.breadcrumbs))),
        tags=tuple(filter(None, map(one_line, article.tags))),
        canonical_url=article.canonical_url and clean_text(article.canonical_url),
        images=tuple(clean_image(image) for image in article.images),
        links=tuple(Link(clean_text(link.url), one_line(link.text), link.zone) for link in article.links),
        evidence={name: one_line(said) for name, said in article.evidence.items()},
        problems=tuple(Problem(p.code, one_line(p.detail)[:300]) for p in article.problems[:MAX_PROBLEMS]),
    )


def clean_image(image: Image) -> Image:
    """A picture with its texts on one line each."""
    return replace(
        image,
        url=clean_text(image.url),
        alt=line_or_none(image.alt),
        caption=line_or_none(image.caption),
        credit=line_or_none(image.credit),
    )


def line_or_none(text: str | None) -> str | None:
    """The text on one line, `None` when nothing is left of it."""
    return (one_line(text) or None) if text else None
