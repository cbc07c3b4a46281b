"""An article in a list: title, source, date, and a few words of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from archive.site.day_words import Printed, day_in_words, printed
from archive.site.reader import Reader, language_tag
from archive.site.shown import cut, paragraphs, shown

COLUMNS = (
    "a.id, a.title, a.lead, substr(a.body, 1, 600) AS opening, a.source, s.name AS source_name, "
    "a.section, a.language, a.published_local, a.published_date, a.published_precision, "
    "a.first_seen_at, a.gone_at, "
    "EXISTS (SELECT 1 FROM revisions r WHERE r.article_id = a.id AND r.cause = 'publisher') AS reworded"
)
TABLES = "articles a LEFT JOIN sources s ON s.id = a.source"
EXCERPT_CHARS = 240

# What FTS5 puts around a found word. Both are removed from what is shown, so no text can forge them.
MARK, UNMARK = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Line:
    """One article of a list, ready to be printed. `title` and `excerpt` may carry marks of found words.

    `first_seen` is the day an undated one has its place by, in words; `None` where the page states its day.
    `archive` is named where articles of several stand in one list.
    """

    href: str
    title: Markup
    excerpt: Markup
    source: str
    source_href: str
    section: str
    published: Printed | None
    first_seen: str | None
    language: str
    revised: bool
    gone: bool
    archive: str = ""
    archive_href: str = ""


def line_of(row: Mapping[str, Any], reader: Reader, found: Mapping[str, Any] | None = None) -> Line:
    """The line of a row with `COLUMNS`; `found` brings title and excerpt with found words marked."""
    title = marked(found["title"]) if found else escape(shown(row["title"]))
    excerpt = marked(found["excerpt"]) if found else escape(opening(row))
    return Line(
        href=reader.href(f"/a/{row['id']}"),
        title=title if title.strip() else escape(reader.say("untitled")),
        excerpt=excerpt,
        source=shown(row["source_name"] or row["source"]),
        source_href=reader.href("/search", {"source": row["source"]}),
        section=shown(row["section"]),
        published=(published := published_of(row, reader)),
        first_seen=None if published else day_in_words((row["first_seen_at"] or "")[:10], reader.language),
        language=language_tag(row["language"]),
        revised=bool(row["reworded"]),
        gone=row["gone_at"] is not None,
    )


def published_of(row: Mapping[str, Any], reader: Reader) -> Printed | None:
    """When an article appeared, as the reader sees it; `None` when the page did not say."""
    return printed(row["published_local"], row["published_date"], row["published_precision"], reader.language)


def opening(row: Mapping[str, Any]) -> str:
    """The lead, or the first paragraph where there is none."""
    parts = paragraphs(row["lead"]) or paragraphs(row["opening"])
    return cut(parts[0], EXCERPT_CHARS) if parts else ""


def marked(text: str | None) -> Markup:
    """Text with FTS5's marks as HTML: everything escaped, found words in `<mark>`, none left open."""
    out, inside = Markup(), False
    for piece in (text or "").replace(UNMARK, MARK).split(MARK):
        safe = escape(shown(piece))
        out += Markup("<mark>{}</mark>").format(safe) if inside and safe else safe
        inside = not inside
    return out
