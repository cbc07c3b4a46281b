"""Front pages for people and for programs; what a page wrote never steers a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import click

from archive.fronts.reading import Front, Place, Stretch, Teaser
from archive.terminal import terminal_safe

NO_WORDS = "(no headline)"
# For how long an article stands on its place, and on the page; what follows has no width of its own.
PLACE_HEADINGS = f"{'#':>3}  {'on place':>8}  {'on page':>8}  headline  [block]  address"
STRETCH_HEADINGS = f"  {'from (UTC)':<17}    {'to':<17}  {'for':>8}  {'place':<9}"
KINDS_OF_TIME = ((86_400, "d"), (3_600, "h"), (60, "min"))


def front_lines(one: Front, *, at: str | None, colours: bool) -> Iterator[str]:
    """A listing at a time: which look saw it, then a line for each place."""
    yield click.style(terminal_safe(one.document), bold=True) if colours else terminal_safe(one.document)
    yield f"in this order since {minute_of(one.since)}, seen until {minute_of(one.seen_until)}"
    if at and minute_of(at) > minute_of(one.seen_until):  # to the minute, as times are told
        yield unseen_line(one, minute_of(at))
    yield PLACE_HEADINGS
    yield from (place_line(place, one.seen_until) for place in one.places)


def unseen_line(one: Front, minute: str) -> str:
    """That nobody looked at a listing in a minute."""
    if one.until is None:
        return f"nobody has looked since, so {minute} is a guess"
    return f"nobody looked at {minute}: the next look, {minute_of(one.until)}, saw another order"


def place_line(place: Place, seen_until: str) -> str:
    """One place: its number, how long the article stands there and on the page, the headline, the address."""
    parts = [
        f"{place.number:>3}",
        f"{lasting(place.since, seen_until):>8}",
        f"{lasting(place.here_since, seen_until):>8}",
        headline_of(place.teaser),
        f"[{terminal_safe(place.teaser.block)}]" if place.teaser.block else "",
        terminal_safe(place.teaser.url),
    ]
    return "  ".join(part for part in parts if part)


def stay_lines(stretches: Sequence[Stretch], *, colours: bool) -> Iterator[str]:
    """Where one article stood: for each listing how long in all, how long on top, then place by place."""
    for document, found in groupby(stretches, lambda stretch: stretch.document):
        stays = list(found)
        name = terminal_safe(document)
        yield click.style(name, bold=True) if colours else name
        yield f"there {in_all(stays)}; best place {min(stay.number for stay in stays)}"
        if tops := [stay for stay in stays if stay.number == 1]:
            yield f"on top {in_all(tops)}"
        yield f"{STRETCH_HEADINGS}  headline"
        headline: str | None = None
        for stay in stays:
            said = headline_of(stay.teaser)
            yield stretch_line(stay) + (f"  {said}" if said != headline else "")
            headline = said


def top_lines(stretches: Sequence[Stretch], *, colours: bool) -> Iterator[str]:
    """What was on top of each listing, one after the other."""
    for document, found in groupby(stretches, lambda stretch: stretch.document):
        name = terminal_safe(document)
        yield click.style(name, bold=True) if colours else name
        yield f"{STRETCH_HEADINGS}  headline  address"
        for top in found:
            yield f"{stretch_line(top)}  {headline_of(top.teaser)}  {terminal_safe(top.teaser.url)}"


def stretch_line(one: Stretch) -> str:
    """A stretch: from when to when it was seen, how long, and on which place."""
    ended = "now" if one.until is None else minute_of(one.seen_until)
    time = f"{minute_of(one.since)} to {ended:<17}  {lasting(one.since, one.seen_until):>8}"
    return f"  {time}  place {one.number:<3}"


def rewording_lines(wordings: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The headlines one article had on a listing, the earliest first."""
    yield terminal_safe(wordings[0]["url"])
    yield f"  {'first seen (UTC)':<17}  headline"
    for one in wordings:
        yield f"  {minute_of(one['first_seen_at'])}  {terminal_safe(one['headline'])}"


def headline_of(teaser: Teaser) -> str:
    """The headline as the listing has it, and the article's own title where that is another."""
    headline = terminal_safe(teaser.headline or "")
    title = terminal_safe(teaser.title or "")
    if not headline:
        return title or NO_WORDS
    return f"{headline} (its own title: {title})" if title and title != headline else headline


def in_all(stretches: Sequence[Stretch]) -> str:
    """How long stretches took together, at least and at most: between two looks nobody knows."""
    least = sum((time_between(one.since, one.seen_until) for one in stretches), timedelta())
    most = sum((time_between(one.since, one.until or one.seen_until) for one in stretches), timedelta())
    return words_of(least) if words_of(least) == words_of(most) else f"{words_of(least)} to {words_of(most)}"


def lasting(since: str, until: str) -> str:
    """The time between two moments as people read it."""
    return words_of(time_between(since, until))


def time_between(since: str, until: str) -> timedelta:
    """The time between two moments of the archive."""
    return datetime.fromisoformat(until) - datetime.fromisoformat(since)


def words_of(time: timedelta) -> str:
    """A time in its two largest units: 3 d 4 h, 25 min; under a minute 0 min."""
    seconds, parts = int(time.total_seconds()), []
    for size, unit in KINDS_OF_TIME:
        if count := seconds // size:
            parts.append(f"{count} {unit}")
        seconds %= size
    return " ".join(parts[:2]) or "0 min"


def as_json(record: Front | Stretch) -> str:
    """A record as a line of JSON."""
    return json.dumps(asdict(record), ensure_ascii=False)


def minute_of(moment: str) -> str:
    """A time of ours to the minute, UTC."""
    return f"{moment[:10]} {moment[11:16]}Z"
