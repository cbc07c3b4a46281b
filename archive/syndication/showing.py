"""Copies for people and for programs: what a page wrote never steers a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from archive.numbers_said import counted
from archive.syndication.clusters import MOST_SHOWN, Copy
from archive.terminal import terminal_safe

FIRST, MAYBE_FIRST = "first", "first?"


def cluster_lines(copies: Sequence[Copy]) -> list[str]:
    """A cluster: what it is, then a line for each article: day, source, share, title, credit, address."""
    return [heading(copies), *(f"  {copy_line(copy, copies)}" for copy in copies)]


def heading(copies: Sequence[Copy]) -> str:
    """How many have the story, and what the pages tell of who was first."""
    if len(copies) == 1:
        return "1 article, no copies of it"
    sources = len({copy.source for copy in copies})
    more = " or more" if len(copies) == MOST_SHOWN else ""
    articles = counted(len(copies), "article") if not more else f"{len(copies)}{more} articles"
    return f"{articles} of {counted(sources, 'source')}; {who_was_first(copies)}"


def who_was_first(copies: Sequence[Copy]) -> str:
    """Who was first as far as the pages say; of several on one day nobody knows."""
    firsts = [copy for copy in copies if copy.may_be_first]
    undated = sum(copy.published_at is None for copy in copies)
    names = " or ".join(dict.fromkeys(terminal_safe(copy.source_name) for copy in firsts))
    if not firsts:
        return "no page states a date, so nobody knows who was first"
    said = f"first: {names}, {written_time(firsts[0])}"
    if len(firsts) > 1:
        said = f"first: {names}, the same day ({firsts[0].published_date or written_time(firsts[0])})"
    return f"{said}; {undated} undated" if undated else said


def written_time(copy: Copy) -> str:
    """The publisher's day, and the time on its clock where it states one."""
    if copy.published_date is None:
        return (copy.published_at or "undated").replace("T", " ")
    if copy.published_precision == "day" or not copy.published_local:
        return copy.published_date
    return f"{copy.published_date} {copy.published_local[11:16]}"


def copy_line(copy: Copy, copies: Sequence[Copy]) -> str:
    """One article of a cluster in a line."""
    alone = sum(one.may_be_first for one in copies) == 1
    first = (FIRST if alone else MAYBE_FIRST) if copy.may_be_first else ""
    title = terminal_safe(copy.title or "(no title)")
    credit = f"  (credits {terminal_safe(copy.agency)})" if copy.agency else ""
    when, source = written_time(copy), terminal_safe(copy.source)
    share = f"{first:<6} {share_words(copy.share):>5}  " if copies[1:] else ""
    return f"{when:<16}  {share}{source}  {title}{credit}  {copy.url}"


def share_words(share: float) -> str:
    """A share in per cent, rounded down: only a text that is all in the other says 100 %."""
    return f"{int(share * 100)} %"


def cluster_json(copies: Sequence[Copy], article_id: int, threshold: float) -> str:
    """A cluster as a line of JSON; shares are those with the article `of`."""
    firsts = [copy.id for copy in copies if copy.may_be_first]
    stated = {
        "of": article_id,
        "threshold": threshold,
        "first": firsts[0] if len(firsts) == 1 else None,
        "articles": [asdict(copy) for copy in copies],
    }
    return json.dumps(stated, ensure_ascii=False)
