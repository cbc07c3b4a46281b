"""An article's row, and what stands above its text on every page about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.site.compat import NotFound
from archive.site.day_words import Printed, changed, seen
from archive.site.lines import published_of
from archive.site.reader import Reader, language_tag
from archive.site.shown import safe_url, shown
from archive.site.workbench import names

ARTICLE = (
    "SELECT a.*, s.name AS source_name FROM articles a LEFT JOIN sources s ON s.id = a.source WHERE a.id = ?"
)
MAX_INTEGER = 2**63 - 1  # beyond it SQLite has no number to compare with


async def article_row(reader: Reader, db: Any) -> Mapping[str, Any]:
    """The article the address names; raises NotFound for none."""
    number = int(reader.request.url_vars["article_id"])
    found = (await db.execute(ARTICLE, [number])).first() if number <= MAX_INTEGER else None
    if found is None:
        raise NotFound("No such article")
    return dict(found)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the text."""

    title: str
    has_title: bool
    published: Printed | None
    source: str
    source_href: str
    section_href: str
    language_href: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    original: str | None
    gone: str
    modified: str
    lang: str


def head_of(reader: Reader, article: Mapping[str, Any]) -> Head:
    """Title, date, source and the rest, each with words for what the page did not say."""
    title = " ".join(shown(article["title"]).split())
    source = {"source": article["source"]}
    return Head(
        title=title or reader.say("untitled"),
        has_title=bool(title),
        published=published_of(article, reader),
        source=shown(article["source_name"] or article["source"]),
        source_href=reader.href(f"/source/{article['source']}"),
        section_href=reader.href("/search", source | {"section": article["section"]}),
        language_href=reader.href("/search", {"language": article["language"]}),
        authors=tuple(names(article["authors"])),
        tags=tuple(names(article["tags"])),
        original=safe_url(article["url"]),
        gone=seen(article["gone_at"], reader.language),
        modified=changed(article["modified_at"], article["published_local"], reader.language),
        lang=language_tag(article["language"]),
    )


async def hidden_by_site(reader: Reader, db: Any, article: Mapping[str, Any]) -> str:
    """A sentence on an article that its site does not show any more, though it is there; "" for others."""
    if article["gone_at"] or not await db.table_exists("withheld"):
        return ""
    query = "SELECT access, status, since FROM withheld WHERE article_id = ?"
    row = (await db.execute(query, [article["id"]])).first()
    if row is None:
        return ""
    words = "withheld_paywalled" if row["access"] == "paywalled" else "withheld_blocked"
    return reader.say(words, when=seen(row["since"], reader.language), status=row["status"])


def is_barred(reader: Reader) -> bool:
    """Whether the number is of an article that is barred."""
    return int(reader.request.url_vars["article_id"]) in reader.barred


async def was_taken_down(reader: Reader, db: Any) -> bool:
    """Whether a tombstone has the number; an archive of an earlier version has none."""
    number = int(reader.request.url_vars["article_id"])
    if number > MAX_INTEGER or not await db.table_exists("takedowns"):
        return False
    query = "SELECT 1 FROM takedowns WHERE article_id = ?"
    return (await db.execute(query, [number])).first() is not None
