"""Sources as files of other archives describe them, held to what a profile is held to."""

from __future__ import annotations

from collections.abc import Iterable

from archive.numbers_said import counted
from archive.records import SourceDescription
from crawler.sources import values
from crawler.sources.belonging import Belonging
from crawler.sources.errors import Unfit
from crawler.sources.profile import Source

MOST_NAMED = 5


def source_described(said: SourceDescription) -> Source:
    """The source; raises Unfit for a value that no profile may have."""
    return Source(
        id=values.identifier(said.id),
        name=values.text(said.name),
        home=values.web_address(said.home),
        languages=tuple(map(values.language, said.languages)),
        timezone=values.timezone(said.timezone),
        region=None if said.region is None else values.text(said.region),
    )


def describe(
    belonging: Belonging, told: Iterable[SourceDescription], kept: Iterable[Source]
) -> tuple[list[str], list[Source]]:
    """Have the sources belong as they are told of.

    Returns a line for each of which no source can be made, and those of the `kept` ones that are now told of
    otherwise: an earlier file told only their hosts.
    """
    wrong = []
    for one in told:
        try:
            belonging.describe(source_described(one))
        except Unfit as error:
            wrong.append(f"source {values.described(one.id)}: {error.message}; what it is called is left out")
    now = [(one, belonging.by_id[one.id]) for one in kept]
    return wrong, [source for one, source in now if source is not one]


def undescribed_line(belonging: Belonging, sources: Iterable[Source]) -> str | None:
    """What is not known of sources that have only their hosts' names, on one line; `None` where all is."""
    ids = [source.id for source in sources if belonging.is_named_by_host(source)]
    if not ids:
        return None
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    named = f"{', '.join(ids[:MOST_NAMED])}{more}"
    return (
        f"{counted(len(ids), 'source')} named by host ({named}): no file told name, languages or time zone; "
        "a profile does, or a fuller export (docs/datasets.md, And back)"
    )
