"""When the article was published, and when it was changed: the choice among all that says so. Pure.

A wrong date is worse than none: the visit's date, dates of other articles and of changes never stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from archive.records import Found, Problem
from crawler.cleaning.candidates import Candidate, selected_lines
from crawler.cleaning.dates import Moment, read_moment
from crawler.cleaning.gate import one_line
from crawler.cleaning.json_ld import strings
from crawler.cleaning.structured import ARTICLE_KINDS, PAGE_KINDS, Stated
from crawler.sources.profile import Source

# Metas that say "published" in so many words, then those that mostly mean it; a bare "date" comes last.
PUBLISHED_METAS = (
    *("article:published_time", "og:article:published_time", "article:published", "og:published_time"),
    *("article.published", "article:published_date"),
)
DATE_METAS = (
    *("mediator_published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime"),
    *("cxenseparse:publishtime", "cxenseparse:recs:articlepublishtime", "vr:published_time", "bt:pubdate"),
    *("rnews:datepublished", "originalpublicationdate", "datepublished", "date_published", "published_date"),
    *("published", "publish_date", "publish-date", "publishdate", "publication_date", "publication-date"),
    *(
        "pubdate",
        "article:post_date",
        "dcterms.issued",
        "dc.date.issued",
        "dc.date.created",
        "dcterms.created",
    ),
    *(
        "dcterms.date",
        "dc.date",
        "dc:date",
        "dc.created",
        "citation_online_date",
        "citation_publication_date",
    ),
    *("citation_date", "article_date_original", "article.created", "article:created_time", "dateposted"),
    *("creation_date", "displaydate", "pdate", "ptime", "date.created", "date"),
)
MODIFIED_METAS = (
    *("article:modified_time", "og:article:modified_time", "article:modified", "og:updated_time"),
    *("og:modified_time", "article:updated_time", "datemodified", "date_modified", "dcterms.modified"),
    *("dc.date.modified", "dc.modified", "article.updated", "lastmod", "last-modified", "revised"),
    "cxenseparse:recs:modifiedtime",
)
# One day in an address: year first, day first, or as eight figures of its own.
YEAR, MONTH, DAY = (
    r"(?P<y{0}>(?:19[89]|20[0-4])\d)",
    r"(?P<m{0}>0?[1-9]|1[0-2])",
    r"(?P<d{0}>0?[1-9]|[12]\d|3[01])",
)
DAY_IN_URL = re.compile(
    rf"(?<!\d){YEAR}[/_.-]{MONTH}[/_.-]{DAY}(?!\d)".format(1)
    + rf"|(?<!\d){DAY}[_.-]{MONTH}[_.-]{YEAR}(?!\d)".format(2)
    + r"|(?<=[/_.-])(?P<y3>20[0-4]\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?!\d)"
)
# A mere time of day in a meta tag or microdata says nothing of the day.
NAMES_A_DAY = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d")
OFFSET = re.compile(r"\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?([+-])(\d\d):?(\d\d)$")
# Two sources that differ by more contradict each other; by less it is a clock or a zone.
CONTRADICTION = timedelta(days=1, hours=12)
# A page may have been fetched by a machine whose clock was behind; a later date than this is nonsense.
AHEAD = timedelta(days=14)


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
        """The moment on the publisher's own clock: the profile's zone before the offset the page states."""
        return moment.at.astimezone(self.zone) if self.profiled and moment.precision != "day" else moment.at


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
    """The publisher's clock: from the profile, else an offset any of the page's dates states, else UTC."""
    if profile is not None and profile.timezone != "UTC":
        return Clock(now, ZoneInfo(profile.timezone), sure=True, languages=languages, profiled=True)
    written = [c.value for c in (*published_candidates(stated), *modified_candidates(stated))]
    for text in written:
        if found := OFFSET.search(text.strip()):
            minutes = int(found[2]) * 60 + int(found[3])
            if minutes <= 14 * 60:
                ahead = timedelta(minutes=minutes if found[1] == "+" else -minutes)
                return Clock(now, timezone(ahead), sure=True, languages=languages)
    return Clock(now, UTC, sure=profile is not None, languages=languages)


def profile_dates(tree: HtmlElement, profile: Source | None) -> Iterator[Candidate]:
    """Yield what stands where the profile says the date stands."""
    for line in selected_lines(tree, profile.fields.get("published_at") if profile else None):
        yield Candidate(line, "profile")


def published_candidates(stated: Stated) -> Iterator[Candidate]:
    """Yield every publication date the page states for machines, most trusted first."""
    if stated.article:
        yield from in_node(stated.article, ("datePublished",), "json-ld")
    for name, value in stated.meta(*PUBLISHED_METAS):
        yield Candidate(value, f"meta {name}")
    yield from in_items(stated, "datePublished")
    if stated.article:
        yield from in_node(stated.article, ("dateCreated", "uploadDate"), "json-ld")
    else:
        for node in stated.json_ld.of_type(PAGE_KINDS):
            yield from in_node(node, ("datePublished",), "json-ld WebPage")
    for name, value in stated.meta(*DATE_METAS):
        yield Candidate(value, f"meta {name}")
    yield from in_items(stated, "dateCreated")


def modified_candidates(stated: Stated) -> Iterator[Candidate]:
    """Yield every date of change the page states for machines, most trusted first."""
    if stated.article:
        yield from in_node(stated.article, ("dateModified",), "json-ld")
    for name, value in stated.meta(*MODIFIED_METAS):
        yield Candidate(value, f"meta {name}")
    yield from in_items(stated, "dateModified")


def in_node(node: object, names: Sequence[str], place: str) -> Iterator[Candidate]:
    """Yield the dates a JSON-LD node states under these names."""
    for name in names:
        for text in strings(node.get(name)) if isinstance(node, dict) else ():
            yield Candidate(text, f"{place} {name}")


def in_items(stated: Stated, name: str) -> Iterator[Candidate]:
    """Yield microdata dates of an article, when the page has one such article: several are teasers."""
    found = [
        item for item in stated.items if item.name == name and (item.kind in ARTICLE_KINDS or not item.kind)
    ]
    values = dict.fromkeys(item.value or one_line(item.node.text_content()) for item in found)
    if len(values) <= 2:
        for value in values:
            yield Candidate(value, f"microdata {name}")


def found_dates(found: Iterable[Found]) -> Iterator[Candidate]:
    """Yield what feeds and news sitemaps said of the publication; a sitemap's lastmod is none."""
    for via in ("feed", "news sitemap", "listing", "given"):
        for one in found:
            if one.via == via and one.published:
                yield Candidate(one.published, via)


def day_in_url(url: str) -> Iterator[Candidate]:
    """Yield the one day an address names. Two different days in it name none."""
    days = set()
    for found in DAY_IN_URL.finditer(urlsplit(url).path):
        said = {name[0]: value for name, value in found.groupdict().items() if value}
        days.add(f"{said['y']}-{said['m']:0>2}-{said['d']:0>2}")
    if len(days) == 1:
        yield Candidate(days.pop(), "url")


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
        readable = list(islice(((c, moment) for c in weak if (moment := clock.read(one_line(c.value)))), 1))
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
