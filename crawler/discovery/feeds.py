"""RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed to addresses with their titles and dates."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from archive.records import Found
from crawler.discovery.gathering import Gathering
from crawler.discovery.reading import KEPT_FEED_ITEMS, MAX_FEED_ITEMS
from crawler.discovery.records_alone import records_alone
from crawler.discovery.wording import plain_title, stated_date
from crawler.discovery.xml_records import TooComplex, local_name, records, text_of

VIA = "feed"
ITEM_NAMES = ("item", "entry")
PUBLISHED = ("pubdate", "published", "issued", "date", "created")
MODIFIED = ("updated", "modified")
TEXTS = frozenset({"title", "guid", "origlink", *PUBLISHED, *MODIFIED})
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?")
MAIL_DATE = re.compile(
    rf"(\d{{1,2}}) ({'|'.join(MONTHS)})[a-z]{{0,6}} (\d{{4}})(?: (\d\d):(\d\d)(?::(\d\d))?)?"
)


def gather_feed(xml: bytes, into: Gathering) -> None:
    """Note what the newest items of an XML feed name. Raises `TooComplex`."""
    try:
        for item in islice(records(xml, ITEM_NAMES, into.note_damage), MAX_FEED_ITEMS):
            gather_item(item, into)
    except TooComplex:
        into.note_damage()
        raise
    finally:
        if into.is_damaged:
            gather_each_alone(xml, into)
        keep_newest(into)


def gather_each_alone(xml: bytes, into: Gathering) -> None:
    """Note also what the items of a broken feed name when each is read by itself."""
    again = into.anew()
    for item in islice(records_alone(xml, ITEM_NAMES), MAX_FEED_ITEMS):
        gather_item(item, again)
    into.take_missing(again)


def gather_item(item: etree._Element, into: Gathering) -> None:
    """Note what one item names."""
    texts = item_texts(item)
    title = plain_title(texts.get("title"))
    href = texts.get("origlink") or item_link(item) or permalink(item, texts.get("guid"))
    if not href:
        into.reject(into.document, "no_link", title or "")
        return
    into.add(
        href,
        VIA,
        base=item.base,
        title=title,
        published=stated_date(first_of(texts, PUBLISHED)),
        modified=stated_date(first_of(texts, MODIFIED)),
    )


def item_texts(item: etree._Element) -> dict[str, str]:
    """What the item's children say, by name; its own vocabulary before foreign ones like `media:title`."""
    namespace, _ = local_name(item)
    own: dict[str, str] = {}
    foreign: dict[str, str] = {}
    for child in item:
        child_namespace, name = local_name(child)
        if name in TEXTS and (text := text_of(child).strip()):
            (own if child_namespace == namespace else foreign).setdefault(name, text)
    return foreign | own


def first_of(texts: dict[str, str], names: Sequence[str]) -> str | None:
    """The text of the first name that has one."""
    return next((texts[name] for name in names if name in texts), None)


def item_link(item: etree._Element) -> str | None:
    """The link to the article: RSS writes it as text, Atom as the `href` of an alternate."""
    alternates: list[etree._Element] = []
    for child in item:
        namespace, name = local_name(child)
        if name != "link":
            continue
        if not child.get("href"):
            # Only the vocabulary's own: `<media:link>` and its like are other things.
            if namespace == local_name(item)[0] and (text := text_of(child).strip()):
                return text
        elif child.get("rel", "alternate").lower() == "alternate":
            alternates.append(child)
    as_html = (link for link in alternates if "html" in link.get("type", "html"))
    best = next(as_html, alternates[0] if alternates else None)
    return best.get("href") if best is not None else None


def permalink(item: etree._Element, guid: str | None) -> str | None:
    """The address an item without link is known by: RSS 1.0's `rdf:about`, or a `guid` that is one."""
    about: str | None = item.get(f"{RDF}about")
    if about or not guid or not guid.lower().startswith(("http://", "https://")):
        return about
    guids = (child for child in item if local_name(child)[1] == "guid")
    return guid if all(child.get("isPermaLink", "true").lower() != "false" for child in guids) else None


def gather_json_feed(text: str, into: Gathering) -> bool:
    """Note what the newest items of a JSON Feed name; `False` if the text is no JSON Feed."""
    items = json_items(text)
    if items is None:
        return False
    for item in items[:MAX_FEED_ITEMS]:
        gather_json_item(item, into)
    keep_newest(into)
    return True


def json_items(text: str) -> list[object] | None:
    """The items of a JSON Feed, or `None` if the text is none."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = feed.get("items") if isinstance(feed, dict) else None
    return items if isinstance(items, list) else None


def gather_json_item(item: object, into: Gathering) -> None:
    """Note what one item of a JSON Feed names."""
    said = dict(json_texts(item))
    title = plain_title(said.get("title"))
    href = said.get("url") or said.get("external_url")
    if not href:
        into.reject(into.document, "no_link", title or "")
        return
    into.add(
        href,
        VIA,
        title=title,
        published=stated_date(said.get("date_published")),
        modified=stated_date(said.get("date_modified")),
    )


def json_texts(item: object) -> Iterator[tuple[str, str]]:
    """Yield the item's members that are texts with something in them."""
    if isinstance(item, dict):
        yield from ((name, value) for name, value in item.items() if isinstance(value, str) and value.strip())


def keep_newest(into: Gathering) -> None:
    """Drop the older addresses of a feed that names too many."""
    everything = into.found
    kept = newest(everything)
    if len(kept) < len(everything):
        into.keep_only(kept)
        into.reject_document("too_many_items", f"kept the newest {len(kept)} of {len(everything)}")


def newest(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """The newest of a feed's addresses, as many as are kept, in the feed's order.

    An undated one counts as old as the one before it; without any date the first are kept.
    """
    if len(found) <= KEPT_FEED_ITEMS:
        return found
    ages: list[tuple[int, ...]] = []
    for each in found:
        stated = written_moment(each.published or each.modified)
        ages.append(stated or (ages[-1] if ages else ()))
    kept = heapq.nlargest(KEPT_FEED_ITEMS, range(len(found)), key=ages.__getitem__)
    return tuple(found[place] for place in sorted(kept))


def written_moment(date: str | None) -> tuple[int, ...] | None:
    """Year to second as written, good for putting one feed's dates in order and for nothing else."""
    if iso := ISO_DATE.match(date or ""):
        return tuple(int(part or 0) for part in iso.groups())
    if mail := MAIL_DATE.search(date or ""):
        day, month, year, *clock = mail.groups()
        return (int(year), MONTHS.index(month), int(day), *(int(part or 0) for part in clock))
    return None
