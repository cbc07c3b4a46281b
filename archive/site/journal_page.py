"""The journal of silent edits: what was reworded and what vanished, newest first; also as a feed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from archive.changes import Piece
from archive.site.atom import Entry, entry_id
from archive.site.compat import Response
from archive.site.day_words import seen
from archive.site.feed_pages import ENTRIES, feed_response
from archive.site.journal import KINDS, REWORDED, VANISHED, Event, merged, reworded, vanished
from archive.site.reader import Reader, language_tag

PAGE_SIZE = 20
MOST_PAGES = 20
SCANNED = 400  # of the newest, where only some kind is wanted: telling kinds apart takes 1 ms each


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An event as its page prints it."""

    event: Event
    title: str
    language: str
    href: str
    changes_href: str
    source_href: str
    seen: str
    labels: tuple[str, ...]


async def journal_page(reader: Reader, db: Any) -> Response:
    """One page of the journal, of one kind and source when the address says so."""
    kind, source, page = asked_of(reader)
    events = await events_of(db, kind=kind, source=source, first=(page - 1) * PAGE_SIZE, many=PAGE_SIZE + 1)

    def href(**changed: object) -> str:
        return reader.href("/changes", {"kind": kind, "source": source} | changed)

    return reader.response(
        "journal.html",
        lines=[line_of(reader, event) for event in events[:PAGE_SIZE]],
        kinds=[(reader.say(f"kind_{one}"), href(kind=one), one == kind) for one in KINDS],
        everything=(href(kind=""), not kind),
        source=source,
        without_source=href(source=""),
        feed_href=reader.plain_href("/changes.atom") + reader.query_of({"kind": kind, "source": source}),
        older=href(page=page + 1) if len(events) > PAGE_SIZE and page < MOST_PAGES else None,
        newer=href(page=page - 1) if page > 1 else None,
    )


async def journal_feed(reader: Reader, db: Any) -> Response:
    """The newest events as a feed."""
    kind, source, _ = asked_of(reader)
    events = await events_of(db, kind=kind, source=source, first=0, many=ENTRIES)
    path = "/changes" + reader.query_of({"kind": kind, "source": source})
    entries = [entry_of(reader, event) for event in events]
    return feed_response(reader, reader.say("journal"), path, entries)


def asked_of(reader: Reader) -> tuple[str, str, int]:
    """Kind, source and page the address asks for; what is none of these narrows nothing."""
    kind, source, page = (reader.request.args.get(name) or "" for name in ("kind", "source", "page"))
    number = int(page) if page.isdecimal() and len(page) < 4 else 1
    return kind if kind in KINDS else "", source[:100].replace("\x00", ""), min(max(number, 1), MOST_PAGES)


async def events_of(db: Any, *, kind: str, source: str, first: int, many: int) -> list[Event]:
    """Events in their order, from `first` on."""
    most = first + many if kind in ("", "gone") else SCANNED
    values = {"source": source, "most": most}
    rewordings = [] if kind == "gone" else (await db.execute(REWORDED, values)).rows
    gone = (await db.execute(VANISHED, values)).rows if kind in ("", "gone") else []
    # Comparing texts is work for the one interpreter all readers share.
    compared = await asyncio.to_thread(lambda: [reworded(row) for row in rewordings])
    events = merged(compared, [vanished(row) for row in gone])
    return [event for event in events if not kind or kind in event.kinds][first : first + many]


def line_of(reader: Reader, event: Event) -> JournalLine:
    """An event with its words and addresses."""
    labels = [reader.say(f"kind_{kind}") for kind in event.kinds]
    if event.is_silent and event.number is not None:
        labels.append(reader.say("silently"))
    changes = reader.href(f"/a/{event.article_id}/changes", {"new": event.number}) if event.number else ""
    return JournalLine(
        event=event,
        title=event.now_title or reader.say("untitled"),
        language=language_tag(event.language),
        href=reader.href(f"/a/{event.article_id}"),
        changes_href=changes,
        source_href=reader.href(f"/source/{event.source}"),
        seen=seen(event.at, reader.language),
        labels=tuple(labels),
    )


def entry_of(reader: Reader, event: Event) -> Entry:
    """An event as an entry of the feed."""
    line = line_of(reader, event)
    told = [in_signs(event.title), *map(in_signs, event.changes)]
    path = f"/a/{event.article_id}" + (f"/changes?new={event.number}" if event.number else "")
    return Entry(
        id=entry_id(f"{event.url_key} {event.number or 'gone'} {event.at}"),
        title=f"{', '.join(line.labels)}: {line.title}",
        href=reader.absolute_url(path),
        updated=event.at,
        source=event.source_name,
        summary="\n".join(filter(None, told)),
        language=event.language,
    )


def in_signs(pieces: tuple[Piece, ...]) -> str:
    """Pieces as plain text: [-so-] was taken out, {+so+} put in, as `muragat changes` writes it."""
    signs = {"removed": "[-{}-]", "added": "{{+{}+}}", "same": "{}"}
    return " ".join(signs[piece.fate].format(piece.text.strip()) for piece in pieces if piece.text.strip())
