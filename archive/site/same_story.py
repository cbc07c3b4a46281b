"""The same story elsewhere, as an article's reading page shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from archive.site.day_words import Printed
from archive.site.lines import published_of
from archive.site.reader import Reader, language_tag
from archive.site.shown import shown
from archive.syndication.clusters import CAN_BE_ASKED, CLUSTER, THRESHOLD, Copy, cluster_of

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One article of the story; `href` is empty for the one being read; `said` is its share.

    `paper` is the id of its source, `source` what that is called.
    """

    href: str
    paper: str
    title: str
    language: str
    source: str
    published: Printed | None
    agency: str
    said: str


async def same_story(reader: Reader, db: Any, number: int) -> list[StoryLine]:
    """The article among its copies, oldest first; nothing when it has none.

    An archive that an earlier version made, and no crawl has opened since, knows of none.
    """
    if not (await db.execute(CAN_BE_ASKED)).rows:
        return []
    rows = (await db.execute(CLUSTER, {"id": number, "threshold": THRESHOLD})).rows
    if len(rows) < 2:
        return []
    # Comparing texts is work for the one interpreter all readers share.
    copies = await asyncio.to_thread(cluster_of, rows, number)
    alone = sum(copy.may_be_first for copy in copies) == 1
    return [story_line(reader, copy, number, alone=alone) for copy in copies[:MOST_LISTED]]


def story_heading(reader: Reader, papers: Collection[str]) -> str:
    """What a story is headed that stands in these papers, one id for each of its articles."""
    if len(papers) < 2:
        return reader.say("only_this_paper")
    return reader.say("same_story" if len(set(papers)) > 1 else "same_story_again")


def story_line(reader: Reader, copy: Copy, number: int, *, alone: bool) -> StoryLine:
    """One article of the story in words; `alone` says that only one of them may be the first."""
    times = ("published_local", "published_date", "published_precision")
    parts = [] if copy.id == number else [reader.say("share_of_text", share=int(copy.share * 100))]
    if copy.may_be_first:
        parts.append(reader.say("was_first" if alone else "maybe_first"))
    return StoryLine(
        href="" if copy.id == number else reader.href(f"/a/{copy.id}"),
        paper=copy.source,
        title=" ".join(shown(copy.title).split()) or reader.say("untitled"),
        language=language_tag(copy.language),
        source=shown(copy.source_name),
        published=published_of({name: getattr(copy, name) for name in times}, reader),
        agency=shown(copy.agency),
        said=", ".join(parts),
    )
