"""Where page, address and source say when it was published and changed, most trusted first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from archive.records import Found
from crawler.cleaning.candidates import Candidate, selected_lines
from crawler.cleaning.elements import HtmlElement, brief_text
from crawler.cleaning.gate import one_line
from crawler.cleaning.json_ld import strings
from crawler.cleaning.structured import ARTICLE_KINDS, PAGE_KINDS, Stated
from crawler.sources.profile import Source

# Metas that say "published" in so many words, then those that mostly mean it.
PUBLISHED_METAS = (
    *("article:published_time", "og:article:published_time", "article:published", "og:published_time"),
    *("article.published", "article:published_date"),
)
DATE_METAS = (
    *("mediator_published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime"),
    *("cxenseparse:publishtime", "cxenseparse:recs:articlepublishtime", "vr:published_time", "bt:pubdate"),
    *("rnews:datepublished", "originalpublicationdate", "datepublished", "date_published", "published_date"),
    *("published", "publish_date", "publish-date", "publishdate", "publication_date", "publication-date"),
    *(
        "pubdate",
        "article:post_date",
        "dcterms.issued",
        "dc.date.issued",
        "dc.date.created",
        "dcterms.created",
    ),
    *("dc.created", "citation_online_date", "citation_publication_date"),
    *("citation_date", "article_date_original", "article.created", "article:created_time", "dateposted"),
    *("creation_date", "displaydate", "pdate", "ptime", "date.created"),
)
# These say as often when a page was made or changed: on pages that state no other date 5 of 36 were wrong on
# the htmldate corpus, and the date readers saw was right on 4 of those 5.
VAGUE_METAS = ("dcterms.date", "dc.date", "dc:date", "date")
MODIFIED_METAS = (
    *("article:modified_time", "og:article:modified_time", "article:modified", "og:updated_time"),
    *("og:modified_time", "article:updated_time", "datemodified", "date_modified", "dcterms.modified"),
    *("dc.date.modified", "dc.modified", "article.updated", "lastmod", "last-modified", "revised"),
    "cxenseparse:recs:modifiedtime",
)
# One day in an address: year first, day first, or as eight figures of its own.
YEAR, MONTH, DAY = (
    r"(?P<y{0}>(?:19[89]|20[0-4])\d)",
    r"(?P<m{0}>0?[1-9]|1[0-2])",
    r"(?P<d{0}>0?[1-9]|[12]\d|3[01])",
)
DAY_IN_URL = re.compile(
    rf"(?<!\d){YEAR}[/_.-]{MONTH}[/_.-]{DAY}(?!\d)".format(1)
    + rf"|(?<!\d){DAY}[_.-]{MONTH}[_.-]{YEAR}(?!\d)".format(2)
    + r"|(?<=[/_.-])(?P<y3>20[0-4]\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?!\d)"
)
# "publishedAt": "2026-03-04T…" in data a page carries for its scripts, quotes escaped or not: first the
# stamp, cheap to find in a long page by how it begins, then the name before it.
STAMP = re.compile(rb"""20[0-4]\d-\d\d-\d\d[0-9T:.Z +-]{0,24}(?=\\?["'])""")
NAME_BEFORE = re.compile(
    rb"""["'](date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time)|publication_?date"""
    rb"""|first_?published(?:_?(?:at|date))?|date_?posted|posted_?(?:at|date|on)|pub_?date)\\?["']\s?:\s?\\?["']$""",
    re.IGNORECASE,
)
LONGEST_NAME = 40
# A mere time of day in a meta tag or microdata says nothing of the day.
NAMES_A_DAY = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d")

MAX_STATED = 300  # letters of a date, however it is written


def profile_dates(tree: HtmlElement, profile: Source | None) -> Iterator[Candidate]:
    """Yield what stands where the profile says the date stands."""
    for line in selected_lines(tree, profile.fields.get("published_at") if profile else None):
        yield Candidate(line, "profile")


def published_candidates(stated: Stated) -> Iterator[Candidate]:
    """Yield every publication date the page states for machines, most trusted first."""
    yield from stated_as(stated, "datePublished", PUBLISHED_METAS)
    if stated.article:
        yield from in_node(stated.article, ("dateCreated", "uploadDate"), "json-ld")
    else:
        for node in stated.json_ld.of_type(PAGE_KINDS):
            yield from in_node(node, ("datePublished",), "json-ld WebPage")
    for name, value in stated.meta(*DATE_METAS):
        yield Candidate(value, f"meta {name}")
    yield from in_items(stated, "dateCreated")


def vague_candidates(stated: Stated) -> Iterator[Candidate]:
    """Yield the dates the page states of itself without saying what happened then."""
    for name, value in stated.meta(*VAGUE_METAS):
        yield Candidate(value, f"meta {name}")


def modified_candidates(stated: Stated) -> Iterator[Candidate]:
    """Yield every date of change the page states for machines, most trusted first."""
    return stated_as(stated, "dateModified", MODIFIED_METAS)


def stated_as(stated: Stated, name: str, metas: Sequence[str]) -> Iterator[Candidate]:
    """Yield the dates of one schema.org name: in the article's JSON-LD, its metas, its microdata."""
    if stated.article:
        yield from in_node(stated.article, (name,), "json-ld")
    for meta, value in stated.meta(*metas):
        yield Candidate(value, f"meta {meta}")
    yield from in_items(stated, name)


def in_node(node: object, names: Sequence[str], place: str) -> Iterator[Candidate]:
    """Yield the dates a JSON-LD node states under these names."""
    for name in names:
        for text in strings(node.get(name)) if isinstance(node, dict) else ():
            yield Candidate(text, f"{place} {name}")


def in_items(stated: Stated, name: str) -> Iterator[Candidate]:
    """Yield microdata dates of an article, when the page has one such article: several are teasers."""
    found = [
        item for item in stated.items if item.name == name and (item.kind in ARTICLE_KINDS or not item.kind)
    ]
    values: dict[str, None] = {}
    for item in found:
        values[item.value or one_line(brief_text(item.node, MAX_STATED))] = None
        if len(values) > 2:
            return
    for value in values:
        yield Candidate(value, f"microdata {name}")


def found_dates(found: Iterable[Found]) -> Iterator[Candidate]:
    """Yield what feeds and news sitemaps said of the publication; a sitemap's lastmod is none."""
    for via in ("feed", "news sitemap", "listing", "given"):
        for one in found:
            if one.via == via and one.published:
                yield Candidate(one.published, via)


def day_in_url(url: str) -> Iterator[Candidate]:
    """Yield the one day an address names. Two different days in it name none."""
    days = set()
    for found in DAY_IN_URL.finditer(urlsplit(url).path):
        said = {name[0]: value for name, value in found.groupdict().items() if value}
        days.add(f"{said['y']}-{said['m']:0>2}-{said['d']:0>2}")
    if len(days) == 1:
        yield Candidate(days.pop(), "url")


def script_dates(source: bytes) -> Iterator[Candidate]:
    """Yield the publication date scripts hold for the page's own use, when all of them name one day."""
    said: dict[str, str] = {}
    for stamp in STAMP.finditer(source):
        before = source[max(0, stamp.start() - LONGEST_NAME) : stamp.start()]
        if name := NAME_BEFORE.search(before):
            said[stamp[0].decode("ascii")] = name[1].decode("ascii")
    if len({stamp[:10] for stamp in said}) == 1:
        longest = max(said, key=len)
        yield Candidate(longest, f"script {said[longest]}")
