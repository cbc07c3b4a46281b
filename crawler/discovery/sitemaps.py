"""Sitemaps, news sitemaps, sitemap indexes and plain lists of addresses."""

from __future__ import annotations

from itertools import islice

from lxml import etree

from crawler.discovery.addresses import SCHEME, shown
from crawler.discovery.gathering import Gathering
from crawler.discovery.reading import MAX_SITEMAP_URLS
from crawler.discovery.records_alone import records_alone
from crawler.discovery.wording import plain_title, stated_date
from crawler.discovery.xml_records import TooComplex, local_name, records, text_of

RECORD_NAMES = ("url", "sitemap")


def gather_sitemap(xml: bytes, into: Gathering) -> None:
    """Note the addresses and child sitemaps of a sitemap or index. Raises `TooComplex`."""
    try:
        for count, record in enumerate(records(xml, RECORD_NAMES, into.note_damage)):
            if count == MAX_SITEMAP_URLS:
                reject_rest(into)
                return
            gather_record(record, into)
    except TooComplex:
        into.note_damage()
        raise
    finally:
        if into.is_damaged:
            gather_each_alone(xml, into)


def gather_each_alone(xml: bytes, into: Gathering) -> None:
    """Note also what the records of a broken sitemap name when each is read by itself."""
    again = into.anew()
    for record in islice(records_alone(xml, RECORD_NAMES), MAX_SITEMAP_URLS):
        gather_record(record, again)
    into.take_missing(again)


def gather_record(record: etree._Element, into: Gathering) -> None:
    """Note what one `<url>` or `<sitemap>` names; images, videos and translations are no articles."""
    namespace, kind = local_name(record)
    loc = lastmod = news = None
    for child in record:
        child_namespace, name = local_name(child)
        if name == "news":
            news = child
        elif child_namespace != namespace:
            continue
        elif name == "loc":
            loc = loc or text_of(child).strip()
        elif name == "lastmod":
            lastmod = stated_date(child.text)
    if not loc:
        into.reject(into.document, "no_link", f"<{kind}> without <loc>")
    elif kind == "sitemap":
        into.add_child(loc, lastmod)
    elif news is None:
        into.add(loc, "sitemap", modified=lastmod)
    else:
        title, published = said_by_news(news)
        into.add(loc, "news sitemap", title=title, published=published, modified=lastmod)


def said_by_news(news: etree._Element) -> tuple[str | None, str | None]:
    """The title and publication date a `<news:news>` states."""
    said = {local_name(child)[1]: child for child in news}
    title = text_of(said["title"]) if "title" in said else None
    published = text_of(said["publication_date"]) if "publication_date" in said else None
    return plain_title(title), stated_date(published)


def gather_lines(text: str, into: Gathering) -> None:
    """Note the addresses of a text sitemap, one a line."""
    count = 0
    for line in text.splitlines():
        if not line.strip():
            continue
        if count == MAX_SITEMAP_URLS:
            reject_rest(into)
            return
        count += 1
        if SCHEME.match(line.strip()):
            into.add(line, "sitemap")
        else:
            into.reject(shown(line), "bad_url", "a text sitemap has whole addresses only")


def reject_rest(into: Gathering) -> None:
    """Note that the sitemap has more addresses than a sitemap may have."""
    into.reject_document("too_many_items", f"only the first {MAX_SITEMAP_URLS} were read")
