"""The sources of all archives, and in which of them each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.site.compat import NotFound, Response
from archive.site.several.asking import Inquiry
from archive.site.several.books import sources_of
from archive.site.several.mounted import Mounted
from archive.site.several.reader import ReaderOfAll
from archive.site.shown import shown


@dataclass(frozen=True, slots=True)
class Source:
    """A source with the archives that have it: title, address of its page there, how many articles."""

    id: str
    name: str
    search_href: str
    places: tuple[tuple[str, str, int], ...]

    @property
    def articles(self) -> int:
        """How many articles there are in all archives."""
        return sum(articles for _, _, articles in self.places)


async def sources_page(reader: ReaderOfAll, archives: Sequence[Mounted]) -> Response:
    """Every source, the largest first."""
    inquiry = Inquiry(archives, reader.request)
    listed = await listed_sources(reader, inquiry)
    return page_of(reader, inquiry, reader.say("sources"), listed)


async def source_page(reader: ReaderOfAll, archives: Sequence[Mounted], source: str) -> Response:
    """The archives that have a source, or its page where one has it; raises NotFound for an unknown one."""
    inquiry = Inquiry(archives, reader.request)
    found = [one for one in await listed_sources(reader, inquiry) if one.id == source]
    if not found and not inquiry.silent:
        raise NotFound("no such source")
    if found and len(found[0].places) == 1 and not inquiry.silent:
        return Response.redirect(found[0].places[0][1])
    return page_of(reader, inquiry, found[0].name if found else reader.say("sources"), found)


def page_of(reader: ReaderOfAll, inquiry: Inquiry, heading: str, listed: Sequence[Source]) -> Response:
    """The page that lists sources."""
    return reader.response(
        "sources_of_all.html",
        heading=heading,
        listed=listed,
        in_several=any(len(one.places) > 1 for one in listed),
        silent=inquiry.silent_titles,
        none_answered=not inquiry.answering,
    )


async def listed_sources(reader: ReaderOfAll, inquiry: Inquiry) -> list[Source]:
    """The sources of all archives that answer, the largest first."""
    names: dict[str, str] = {}
    places: dict[str, list[tuple[str, str, int]]] = {}
    for archive, rows in (await sources_of(inquiry)).items():
        for row in rows:
            names.setdefault(row["id"], shown(row["name"]))
            href = reader.within(archive, f"/source/{row['id']}")
            places.setdefault(row["id"], []).append((archive.title, href, row["articles"]))
    listed = [
        Source(id_, names[id_], reader.href("/search", {"source": id_}), tuple(found))
        for id_, found in places.items()
    ]
    return sorted(listed, key=lambda one: (-one.articles, one.name))
