"""What the newsroom wrote: one TOML file per article under `articles/<language>/`, its name being its id."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from crawler.demo.markup import Block, read_blocks

DATA = files("crawler.demo")
EVERY_EDITION = (1, 2)


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture an article opens with; `credit` is printed as it stands («Коллаж: …»)."""

    name: str
    alt: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One article as it was handed in.

    `filed_at` orders the lists; where readers may learn it says `dated`: on the "page", in the "feed" only,
    in the news "sitemap" only, or "nowhere". `script` is "Cyrl", "Latn" or "Arab". `json_ld` is "article",
    "graph" or "broken". `source_line` is a credit printed under the text. `design` is "plain" or "theme".
    """

    id: str
    language: str
    section: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    filed_at: datetime
    revised_at: datetime | None = None
    script: str = "Cyrl"
    design: str = "plain"
    dated: str = "page"
    json_ld: str = "article"
    authors: tuple[str, ...] = ()
    agency: str | None = None
    source_line: str | None = None
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    picture: Picture | None = None


@cache
def newspaper() -> Mapping[str, Any]:
    """The paper's names, sections and the words its pages print."""
    return tomllib.loads(DATA.joinpath("newspaper.toml").read_text("utf-8"))


@cache
def handed_in(edition: int) -> tuple[Manuscript, ...]:
    """The manuscripts of one edition, newest first. Raises ValueError for an edition that is not made."""
    if edition not in EVERY_EDITION:
        raise ValueError(f"the demo newspaper has editions {EVERY_EDITION}, not {edition!r}")
    written = {
        name: fields for name, fields in article_files() if edition in fields.get("editions", EVERY_EDITION)
    }
    return newest_first(read_manuscript(name, written, edition) for name in written)


def newest_first(manuscripts: Iterable[Manuscript]) -> tuple[Manuscript, ...]:
    """Manuscripts in the order lists show them."""
    return tuple(sorted(manuscripts, key=lambda one: (one.filed_at, one.id), reverse=True))


def article_files() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every article file as its id and what it says, with its language."""
    for folder in sorted(folders_of(DATA.joinpath("articles")), key=lambda one: one.name):
        for file in folder.iterdir():
            if file.name.endswith(".toml"):
                fields = tomllib.loads(file.read_text("utf-8"))
                yield file.name.removesuffix(".toml"), {"language": folder.name, **fields}


def folders_of(place: Traversable) -> Iterator[Traversable]:
    """The folders directly in a place."""
    return (entry for entry in place.iterdir() if entry.is_dir())


def read_manuscript(name: str, written: Mapping[str, dict[str, Any]], edition: int) -> Manuscript:
    """One manuscript as it stands in an edition; an unknown key is a TypeError."""
    fields = dict(written[name])
    fields.pop("editions", None)
    revised = fields.pop("revised", None)
    if original := fields.pop("text_of", None):
        # A reprint: another headline and credit over the text of another article.
        fields |= {key: written[original][key] for key in ("lead", "body")}
    if picture := fields.pop("picture", None):
        fields["picture"] = Picture(**picture)
    if "design" not in fields:
        fields["design"] = section_of(fields["section"])["design"]
    for key in ("authors", "tags", "related"):
        fields[key] = tuple(fields.get(key, ()))
    body = fields.pop("body")
    manuscript = Manuscript(id=name, blocks=read_blocks(body), **fields)
    return revised_manuscript(manuscript, revised) if revised and edition == EVERY_EDITION[-1] else manuscript


def revised_manuscript(manuscript: Manuscript, revised: dict[str, Any]) -> Manuscript:
    """The manuscript as the evening edition prints it."""
    changes = dict(revised)
    if body := changes.pop("body", None):
        changes["blocks"] = read_blocks(body)
    return replace(manuscript, **changes)


def section_of(section: str) -> Mapping[str, Any]:
    """What `newspaper.toml` says of a section."""
    return next(one for one in newspaper()["sections"] if one["id"] == section)
