"""Atom feeds (RFC 4287), well formed whatever the articles say. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from archive.site.shown import cut, paragraphs, shown
from archive.site.workbench import names

# What XML 1.0 has no place for, beside what `shown` takes out.
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\ufdd0-\ufdef]")
SUMMARY_CHARS = 500
COLUMNS = (
    "a.id, a.url, a.url_key, a.title, a.lead, substr(a.body, 1, 1200) AS opening, a.authors, a.section, "
    "a.language, a.source, s.name AS source_name, a.published_at, a.published_precision, a.first_seen_at, "
    "(SELECT max(r.seen_at) FROM revisions r WHERE r.article_id = a.id AND r.cause = 'publisher') "
    "AS reworded_at"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `id` never changes and does not depend on where the archive is served.

    `published` is `None` when the page named no moment. `via` is the publisher's own address.
    """

    id: str
    title: str
    href: str
    updated: str
    published: str | None = None
    via: str = ""
    authors: Sequence[str] = ()
    source: str = ""
    section: str = ""
    summary: str = ""
    language: str = ""


def entry_of(row: Mapping[str, Any], href: str, untitled: str) -> Entry:
    """A row with `COLUMNS` as an entry; `href` is its reading page, as the web knows it."""
    parts = paragraphs(row["lead"]) or paragraphs(row["opening"])
    precise = row["published_precision"] != "day"
    return Entry(
        id=entry_id(row["url_key"]),
        title=" ".join(shown(row["title"]).split()) or untitled,
        href=href,
        updated=row["reworded_at"] or row["first_seen_at"],
        published=row["published_at"] if precise else None,
        via=row["url"],
        authors=names(row["authors"]),
        source=row["source_name"] or row["source"],
        section=row["section"] or "",
        summary=cut(parts[0], SUMMARY_CHARS) if parts else "",
        language=row["language"] or "",
    )


def entry_id(what: str) -> str:
    """A name for what an entry is about, the same in every archive."""
    return uuid5(NAMESPACE_URL, what.encode("utf-8", "replace").decode()).urn


def feed(title: str, *, self_href: str, page_href: str, language: str, entries: Sequence[Entry]) -> str:
    """A feed of these entries, newest first; `self_href` is its own address, `page_href` the page it follows.

    Without an entry it was last updated at the epoch: it says nothing new.
    """
    updated = max((entry.updated for entry in entries), default="1970-01-01T00:00:00Z")
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={attribute(language)}>',
        f"<id>{text(entry_id(self_href.partition('://')[2].partition('/')[2]))}</id>",
        f"<title>{text(title)}</title>",
        f"<updated>{text(updated)}</updated>",
        "<author><name>Muragat</name></author>",
        f'<link rel="self" type="application/atom+xml" href={attribute(self_href)}/>',
        f'<link rel="alternate" type="text/html" href={attribute(page_href)}/>',
    ]
    return "\n".join([*head, *map(written, entries), "</feed>", ""])


def written(entry: Entry) -> str:
    """One entry."""
    language = f" xml:lang={attribute(entry.language)}" if entry.language.isalpha() else ""
    lines = [
        f"<entry{language}>",
        f"<id>{text(entry.id)}</id>",
        f"<title>{text(entry.title)}</title>",
        f'<link rel="alternate" type="text/html" href={attribute(entry.href)}/>',
        f'<link rel="via" href={attribute(entry.via)}/>' if entry.via else "",
        f"<updated>{text(entry.updated)}</updated>",
        f"<published>{text(entry.published)}</published>" if entry.published else "",
        *(f"<author><name>{text(name)}</name></author>" for name in entry.authors),
        f"<source><title>{text(entry.source)}</title></source>" if entry.source else "",
        f"<category term={attribute(entry.section)}/>" if entry.section else "",
        f"<summary>{text(entry.summary)}</summary>" if entry.summary else "",
        "</entry>",
    ]
    return "\n".join(filter(None, lines))


def text(value: object) -> str:
    """A text inside an element."""
    return escape(NO_XML.sub("", shown(value)), quote=False)


def attribute(value: object) -> str:
    """A value of an attribute, in quotes."""
    return f'"{escape(NO_XML.sub("", shown(value)))}"'
