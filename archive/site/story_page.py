"""One story in all its papers: in time order, who was first, how much each shares and what it added."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.changes import passages
from archive.site.article_head import article_row, head_of
from archive.site.compat import Response
from archive.site.reader import Reader
from archive.site.same_story import StoryLine, story_heading, story_line
from archive.site.shown import cut, paragraphs
from archive.syndication.clusters import CAN_BE_ASKED, CLUSTER, THRESHOLD, Copy, cluster_of

MOST_COMPARED = 20  # texts laid beside the first one: 1 to 5 ms each
COMPARED_CHARS = 30_000
ADDED_CHARS = 400
WAITING = "SELECT 1 FROM uncompared LIMIT 1"


@dataclass(frozen=True, slots=True)
class Telling:
    """One paper's telling: `added` are passages the first one has not, `left_out` counts words."""

    line: StoryLine
    added: tuple[str, ...]
    added_words: int
    left_out: int
    is_first: bool


async def story_page(reader: Reader, db: Any) -> Response:
    """The story an article belongs to; an article that is alone in it is said to be."""
    article = await article_row(reader, db)
    number = article["id"]
    can_be_asked = (await db.execute(CAN_BE_ASKED)).rows
    rows = (await db.execute(CLUSTER, {"id": number, "threshold": THRESHOLD})).rows if can_be_asked else []
    tellings = await asyncio.to_thread(tellings_of, reader, rows, number) if len(rows) > 1 else []
    is_known = tellings or (can_be_asked and not (await db.execute(WAITING)).rows)
    papers = [one.line.paper for one in tellings]
    return reader.response(
        "story.html",
        head=head_of(reader, article),
        heading=story_heading(reader, papers) if is_known else reader.say("story_elsewhere"),
        back=reader.href(f"/a/{number}"),
        tellings=tellings,
        nothing=reader.say("story_alone" if is_known else "story_not_compared"),
    )


def tellings_of(reader: Reader, rows: Sequence[Mapping[str, Any]], number: int) -> list[Telling]:
    """Each article of the story against its first."""
    copies = cluster_of(rows, number)
    bodies = {row["id"]: paragraphs(row["body"][:COMPARED_CHARS]) for row in rows}
    first = bodies[copies[0].id]
    alone = sum(copy.may_be_first for copy in copies) == 1
    return [
        telling(reader, copy, number, first, bodies[copy.id], alone=alone) for copy in copies[:MOST_COMPARED]
    ]


def telling(
    reader: Reader, copy: Copy, number: int, first: Sequence[str], own: Sequence[str], *, alone: bool
) -> Telling:
    """One article's telling against the first one's paragraphs."""
    added, left_out, added_words = [], 0, 0
    for passage in passages(first, own):
        new = " ".join(piece.text.strip() for piece in passage.pieces if piece.fate == "added")
        gone = " ".join(piece.text for piece in passage.pieces if piece.fate == "removed")
        added_words += len(new.split())
        left_out += len(gone.split())
        if len(new.split()) >= 3:  # a changed word or two is no addition a reader looks for
            added.append(cut(new, ADDED_CHARS))
    return Telling(
        line=story_line(reader, copy, number, alone=alone),
        added=tuple(added[:3]),
        added_words=added_words,
        left_out=left_out,
        is_first=own is first,
    )
