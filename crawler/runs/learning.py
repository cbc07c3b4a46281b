"""`muragat sources learn`: kept pages of a source to its layout, told to a person and kept in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.exits import Exit
from archive.numbers_said import counted
from archive.raw.pages import PageStore
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from crawler.cleaning.layout import LEAST_PAGES, Change, Learned, Lesson, learn
from crawler.runs.choosing import named_sources
from crawler.runs.layouts import sample, written
from crawler.sources.errors import ProfileError
from crawler.sources.layouts import layout_path, layout_text
from crawler.sources.profile import Source

SHOWN_CHARS = 70


def learn_source(
    folder: ArchiveFolder, source_id: str | None, profile: Path | None, pages: int, *, dry_run: bool
) -> Exit:
    """Learn one source's layout from its kept pages, say what was found, and keep it beside the profiles."""
    if bool(source_id) == bool(profile):
        raise click.UsageError("name a source or a --profile; muragat sources list shows the sources")
    source = source_to_learn(folder, source_id, profile)
    source_id = source.id
    with closing(open_to_read(folder.pages)) as db:
        kept = sample(PageStore(db, folder.pages), source_id, pages)
    today = datetime.now(UTC).date()
    learned = learn(kept, source, on=today) if len(kept) >= LEAST_PAGES else None
    if learned is None:
        click.echo(f"Error: {source_id}: {too_few(len(kept))}", err=True)
        return Exit.SOURCES_FAILED
    for line in told(source, learned, len(kept)):
        click.echo(line)
    text = layout_text(source_id, learned.layout)
    if dry_run:
        click.echo(f"\nNothing was written; this is what would be:\n\n{text}", nl=False)
        return Exit.DONE
    click.echo(written(folder, source_id, text))
    return Exit.DONE


def source_to_learn(folder: ArchiveFolder, source_id: str | None, profile: Path | None) -> Source:
    """The source of this id or profile. Raises ProfileError; of an unreadable layout it says how to go on."""
    try:
        return named_sources(folder, [source_id] if source_id else [], profile)[0]
    except ProfileError as error:
        if error.path.parent == layout_path(folder.sources, "any").parent:
            raise ProfileError(
                error.path, error.key, error.message, f"{error.remedy}, or remove the file", line=error.line
            ) from error
        raise


def too_few(kept: int) -> str:
    """Why nothing can be learned from so many pages."""
    if kept < LEAST_PAGES:
        has = "no article page of it is" if kept == 0 else "only one article page of it is"
        return f"{has} kept here, and learning needs {LEAST_PAGES}; crawl it first: muragat crawl"
    return (
        f"of {kept} kept pages fewer than {LEAST_PAGES} are articles that differ, so nothing can be compared"
    )


def told(source: Source, learned: Learned, read: int) -> Iterator[str]:
    """What was learned, for a person to judge."""
    layout = learned.layout
    left = f", {learned.left_out} left out: no article, or one twice" if learned.left_out else ""
    yield f"{source.id}: {layout.pages} of {counted(read, 'kept page')} compared{left}"
    yield "\nWhere they show what:"
    for lesson in learned.lessons:
        yield f"  {lesson.field:13} {lesson_line(lesson)}"
    for field in source.fields:
        yield f"  {field:13} {source.fields[field]}   (the profile's own: not learned)"
    yield "\nWhat repeats in their texts:"
    for selector in layout.boilerplate.drop:
        yield f"  element       {selector}"
    for one in learned.repeated:
        yield f"  on {one.pages:2} pages   {shown(one.text)}"
    if not (layout.boilerplate.drop or learned.repeated):
        yield "  nothing"
    yield "\nHow they read with it:"
    yield from (f"  {line}" for line in change_lines(learned.changes))


def lesson_line(lesson: Lesson) -> str:
    """What was learned of one field."""
    if lesson.selector is None:
        return f"—   {lesson.reason}"
    return f"{lesson.selector}   same as without on {lesson.agrees} of {lesson.of}"


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """The pages whose text changes, and what they lose."""
    changed = [change for change in changes if change.before != change.after]
    yield f"the same as without: {len(changes) - len(changed)} of {counted(len(changes), 'text')}"
    for change in changed:
        yield f"{change.url}: {change.before} -> {counted(change.after, 'letter')}"
        for text in change.dropped:
            yield f"  without: {shown(text)}"


def shown(text: str) -> str:
    """The beginning of a text in one line."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= SHOWN_CHARS else line[:SHOWN_CHARS] + "…"
