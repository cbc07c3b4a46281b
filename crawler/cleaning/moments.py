"""When the article was published, and when it was changed: the choice among all that says so. Pure.

A wrong date is worse than none: the visit's date, dates of other articles and of changes never stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from archive.records import Found, Problem
from crawler.cleaning.candidates import Candidate
from crawler.cleaning.date_places import NAMES_A_DAY, modified_candidates, published_candidates
from crawler.cleaning.dates import Moment, read_moment
from crawler.cleaning.gate import one_line
from crawler.cleaning.structured import Stated
from crawler.sources.profile import Source

OFFSET = re.compile(r"\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?([+-])(\d\d):?(\d\d)$")
# Two sources that differ by more contradict each other; by less it is a clock or a zone.
CONTRADICTION = timedelta(days=1, hours=12)
# A page may have been fetched by a machine whose clock was behind; a later date than this is nonsense.
AHEAD = timedelta(days=14)
FARTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Clock:
    """What a date without an offset is read by: the visit, the publisher's zone and its languages.

    `sure` tells whether the zone is known from profile or page, and not merely assumed.
    """

    now: datetime
    zone: tzinfo
    sure: bool
    languages: tuple[str, ...] = ()
    profiled: bool = False

    def read(self, text: str) -> Moment | None:
        """The moment a text names, or `None`."""
        return read_moment(text, now=self.now, zone=self.zone, languages=self.languages)

    def read_ahead(self, text: str) -> Moment | None:
        """The moment a stamp with an offset names a little after the visit: somebody's clock is wrong."""
        if not OFFSET.search(text):
            return None
        return read_moment(text, now=self.now + AHEAD, zone=self.zone, languages=self.languages)

    def is_today(self, text: str) -> bool:
        """Whether a text names the day of the visit."""
        moment = self.read(text)
        return moment is not None and moment.at.date() == self.now.astimezone(moment.at.tzinfo).date()

    def local(self, moment: Moment) -> datetime:
        """The moment on the publisher's own clock.

        The profile's zone comes before the offset a date states; an offset another date of the page states
        before UTC, in which machines write what people read in local time.
        """
        if moment.precision == "day":
            return moment.at
        in_utc = moment.zone_stated and not moment.at.utcoffset()
        return moment.at.astimezone(self.zone) if self.profiled or (in_utc and self.sure) else moment.at


@dataclass(frozen=True, slots=True)
class Published:
    """When the article was published, as far as the page says; `raw` is kept even when it cannot be read."""

    at: datetime | None = None
    local: datetime | None = None
    day: date | None = None
    precision: str | None = None
    raw: str | None = None
    evidence: str | None = None
    problems: tuple[Problem, ...] = ()


def clock_for(stated: Stated, *, now: datetime, profile: Source | None, languages: tuple[str, ...]) -> Clock:
    """The publisher's clock: from the profile, else the first offset but UTC's on the page, else UTC."""
    if profile is not None and profile.timezone != "UTC":
        return Clock(now, ZoneInfo(profile.timezone), sure=True, languages=languages, profiled=True)
    for text in written_dates(stated):
        if (ahead := offset_in(text)) and abs(ahead) <= FARTHEST_ZONE:
            return Clock(now, timezone(ahead), sure=True, languages=languages)
    return Clock(now, UTC, sure=profile is not None, languages=languages)


def written_dates(stated: Stated) -> Iterator[str]:
    """Yield the dates a page states as written, the article's own first."""
    for candidate in (*published_candidates(stated), *modified_candidates(stated)):
        yield candidate.value.strip()
    for node in stated.times[:5]:
        yield (node.get("datetime") or "").strip()


def offset_in(text: str) -> timedelta | None:
    """How far the clock of a written date is ahead of UTC, as it says itself."""
    if not (found := OFFSET.search(text)):
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return ahead if found[1] == "+" else -ahead


def published(strong: Iterable[Candidate], weak: Iterable[Candidate], clock: Clock) -> Published:
    """The most trusted date that can be read; what contradicts it or cannot be read is noted.

    `strong` dates were written for machines, most trusted first. `weak` ones are only looked at when no
    strong one could be read: they are costly to see, and the first that reads is taken.
    """
    problems: list[Problem] = []
    readable: list[tuple[Candidate, Moment]] = []
    for candidate in strong:
        text = one_line(candidate.value)
        if (moment := clock.read(text)) and (NAMES_A_DAY.search(text) or candidate.evidence == "profile"):
            readable.append((candidate, moment))
        elif moment := clock.read_ahead(text):
            readable.append((candidate, moment))
            problems.append(Problem("published_after_visit", f"{candidate.evidence}: {text[:80]}"))
        else:
            problems.append(
                Problem("date_unreadable", f"{candidate.evidence}: {one_line(candidate.value)[:80]}")
            )
    if not readable:
        readable = weakly_readable(weak, clock)
    if not readable:
        return Published(
            raw=problems[0].detail.partition(": ")[2] if problems else None, problems=tuple(problems)
        )
    first, others = readable[0], readable[1:]
    for candidate, moment in others:
        if abs(moment.at - first[1].at) > CONTRADICTION:
            problems.append(
                Problem("published_contradicted", f"{candidate.evidence}: {one_line(candidate.value)[:80]}")
            )
    chosen = next((other for other in others if is_finer(other[1], first[1])), first)
    return settled_moment(*chosen, clock, problems)


def weakly_readable(weak: Iterable[Candidate], clock: Clock) -> list[tuple[Candidate, Moment]]:
    """The first that can be read; when it names a bare day, with the next that names a time of that day."""
    readable = ((c, moment) for c in weak if (moment := clock.read(one_line(c.value))))
    first = next(readable, None)
    if first is None:
        return []
    if first[1].precision != "day":
        return [first]
    return [first, *islice((other for other in readable if is_finer(other[1], first[1])), 1)]


def is_finer(moment: Moment, than: Moment) -> bool:
    """Whether a moment names the time of the very day another one names alone."""
    return than.precision == "day" != moment.precision and moment.at.date() == than.at.date()


def settled_moment(candidate: Candidate, moment: Moment, clock: Clock, problems: list[Problem]) -> Published:
    """The chosen date on both clocks, with a problem when its zone is a guess."""
    if not moment.zone_stated and not clock.sure:
        problems.append(Problem("zone_assumed", "no offset on the page and no profile: read as UTC"))
    local = clock.local(moment)
    return Published(
        at=moment.at.astimezone(UTC),
        local=local,
        day=local.date(),
        precision=moment.precision,
        raw=one_line(candidate.value),
        evidence=candidate.evidence,
        problems=tuple(problems),
    )


def modified(
    stated: Stated, found: Iterable[Found], since: datetime | None, clock: Clock
) -> tuple[datetime | None, str | None, tuple[Problem, ...]]:
    """When the article was changed: by the page, else feed or sitemap; never before it was published."""
    said = [Candidate(one.modified, one.via) for one in found if one.modified]
    for candidate in (*modified_candidates(stated), *said):
        moment = clock.read(one_line(candidate.value)[:200])
        if moment is None:
            continue
        if since and moment.at < since - timedelta(days=1):
            return (
                None,
                None,
                (Problem("modified_before_published", f"{candidate.evidence}: {candidate.value[:80]}"),),
            )
        return moment.at.astimezone(UTC), candidate.evidence, ()
    return None, None, ()
