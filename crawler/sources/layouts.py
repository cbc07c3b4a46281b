"""What was learned of a source's pages, as a file a person can read and edit: `learned/ID.toml`.

It lies beside the profiles of an archive. A line at its end tells whether anybody changed it since it was
learned: then it is a person's, and learning leaves it alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from archive.numbers_said import counted
from crawler.sources import values
from crawler.sources.errors import ProfileError
from crawler.sources.profile import Layout, Source
from crawler.sources.reading import read_boilerplate, read_fields, refuse_flaws
from crawler.sources.tables import Table
from crawler.sources.toml_files import parsed, text_of
from crawler.sources.writing import assigned, boilerplate, part

logger = logging.getLogger(__name__)
LEARNED = "learned"
MAX_PAGES = 1_000_000
SEAL = "# Nobody changed this since it was learned: "


def layout_path(own: Path, source_id: str) -> Path:
    """Where the layout of a source lies, given the folder of an archive's own profiles."""
    return own / LEARNED / f"{source_id}.toml"


def with_layout(source: Source, own: Path) -> Source:
    """The source with what was learned of it, if anything was.

    Raises ProfileError for a file a person has changed that cannot be read. One that nobody changed is none:
    it is learned anew, and the source is read without it meanwhile.
    """
    path = layout_path(own, source.id)
    if not path.exists():
        return source
    text = text_of(path)
    try:
        return replace(source, learned=layout_of(path, text))
    except ProfileError as error:
        if not is_untouched(text):
            raise
        logger.warning("%s: its learned layout is left out: %s", source.id, error)
        return source


def read_layout(path: Path) -> Layout:
    """The layout a file describes; raises ProfileError as reading a profile does."""
    return layout_of(path, text_of(path))


def layout_of(path: Path, text: str) -> Layout:
    """The layout a text describes that is, or is to be, the file's; raises ProfileError as `read_layout`."""
    table = Table(parsed(path, text))
    pages = values.whole(0, MAX_PAGES, example="pages = 12")
    named = table.required("source", values.identifier, "", example=f'source = "{path.stem}"')
    if named and named != path.stem:
        table.fault("source", f"{named} is not the source of {path.name}", f'write source = "{path.stem}"')
    layout = Layout(
        fields=read_fields(table.table("fields")),
        boilerplate=read_boilerplate(table.table("boilerplate")),
        pages=table.value("pages", pages, 0),
        learned_on=table.value("learned_on", values.month_or_day, ""),
    )
    table.close()
    refuse_flaws(path, text, table)
    return layout


def layout_text(source_id: str, layout: Layout) -> str:
    """The TOML text of a layout, sealed; `read_layout` reads it back unchanged."""
    text = "\n".join(lines(source_id, layout)) + "\n"
    return f"{text}\n{SEAL}{digest(text)}\n"


def lines(source_id: str, layout: Layout) -> Iterator[str]:
    """The lines of a layout."""
    yield f"# Where the pages of {source_id} show what, and what they repeat, as learned from kept pages."
    yield "# Read it and correct it: docs/sources.md explains every key. What the profile says wins over it."
    yield "# Once you have changed a line it is yours, and learning leaves it alone; remove it to learn anew."
    head = {"source": source_id, "learned_on": layout.learned_on or None, "pages": layout.pages}
    yield from assigned(head)
    yield from part("fields", "Where the pages show a field.", layout.fields)
    said = boilerplate(layout.boilerplate)
    yield from part("boilerplate", "What stands in their articles and is none of the text.", said)


def is_untouched(text: str) -> bool:
    """Whether a layout's text is as learning wrote it."""
    body, found, seal = text.rpartition(f"\n{SEAL}")
    return bool(found) and seal.strip() == digest(body)


def digest(text: str) -> str:
    """A short name for exactly this text."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def learned_lines(source: Source) -> Iterator[str]:
    """What was learned of a source as comments under its profile; a field of the profile's own wins."""
    layout = source.learned
    if layout is None:
        return
    yield ""
    yield (
        f"# Learned from {counted(layout.pages, 'kept page')} on {layout.learned_on or 'an unknown day'}"
        f" (sources/{LEARNED}/{source.id}.toml); what stands above wins."
    )
    for name, selector in layout.fields.items():
        hidden = "   (not used: the profile names its own)" if name in source.fields else ""
        for line in assigned({f"fields.{name}": selector}):
            yield f"# {line}{hidden}"
    for name, said in boilerplate(layout.boilerplate).items():
        for line in assigned({f"boilerplate.{name}": said}):
            yield from (f"# {one}" for one in line.split("\n"))
