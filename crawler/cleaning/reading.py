"""From a parsed page to an article's fields, group by group: each sees, chooses, says where from. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from archive.records import Found, Problem
from crawler.cleaning import date_places, kinds, moments, places
from crawler.cleaning.agency import agency_credit
from crawler.cleaning.body import Body, Clues, read_body
from crawler.cleaning.candidates import Candidate, selected_lines
from crawler.cleaning.document import Document
from crawler.cleaning.elements import HtmlElement
from crawler.cleaning.json_ld import strings
from crawler.cleaning.language import language_of
from crawler.cleaning.likelihood import Read, article_likelihood
from crawler.cleaning.openings import lead_of, lead_stated, with_lead_image
from crawler.cleaning.people import Signed, read_authors
from crawler.cleaning.structured import Stated, read_stated, squeezed
from crawler.cleaning.titles import Title, kicker_of, read_title, site_names
from crawler.cleaning.visible_dates import datelines, visible_dates
from crawler.sources.profile import Boilerplate, Source

# Enough words to know a language by.
LANGUAGE_CHARS = 4_000
DESCRIPTIONS = ("og:description", "description", "twitter:description")
# An articleBody in JSON-LD: shorter ones are summaries, longer ones no article's.
SHORTEST_STATED, LONGEST_STATED = 200, 200_000


@dataclass(frozen=True, slots=True)
class Part:
    """Some fields of an article: their values by name, where these came from, what was doubted."""

    values: Mapping[str, Any]
    evidence: Mapping[str, str | None] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A page with what all its fields build on: what it states, its title, its text, who publishes it."""

    document: Document
    page: Stated
    title: Title
    body: Body
    language: str | None
    names: tuple[str, ...]
    selectors: Mapping[str, str]
    learned: Mapping[str, str]
    now: datetime
    profile: Source | None
    found: tuple[Found, ...]

    @property
    def tree(self) -> HtmlElement:
        """The parsed page."""
        return self.document.tree

    @property
    def own_names(self) -> frozenset[str]:
        """How the publisher calls itself, squeezed."""
        return frozenset(map(squeezed, self.names))


def read_page(
    document: Document, url: str, *, now: datetime, profile: Source | None, found: tuple[Found, ...]
) -> Reading:
    """What all fields build on. An address that is none is read as if it were missing."""
    selectors = profile.fields if profile else {}
    layout = profile.learned if profile else None
    learned = {} if layout is None else {k: v for k, v in layout.fields.items() if k not in selectors}
    page = read_stated(document, url if places.absolute(url, "") else "")
    title = read_title(
        document.tree, page, selector=selectors.get("title"), found=found, learned=learned.get("title")
    )
    body = read_body(
        document.tree,
        base_url=page.base,
        title=title.text,
        lead_stated=lead_stated(page),
        clues=clues_of(page, title),
        selectors=selectors or None,
        boilerplate=profile.boilerplate if profile else Boilerplate(),
        learned=layout,
    )
    text = f"{title.text or ''}\n{body.text[:LANGUAGE_CHARS]}"
    return Reading(
        document=document,
        page=page,
        title=title,
        body=body,
        language=language_of(text, declared=declared_language(page)),
        names=own_names(page, profile),
        selectors=selectors,
        learned=learned,
        now=now,
        profile=profile,
        found=found,
    )


def clues_of(page: Stated, title: Title) -> Clues:
    """What the page states of its article that tells its text from the rest of the page."""
    said = (lead_stated(page), *(value for _, value in page.meta(*DESCRIPTIONS)))
    return Clues(
        title=title.text or "",
        leads=tuple(dict.fromkeys(text for text in said if text)),
        text=article_text(page),
    )


def article_text(page: Stated) -> str:
    """The whole text as the page states it for machines, empty when it does not, or only a piece of it."""
    text = "\n".join(strings((page.article or {}).get("articleBody")))[:LONGEST_STATED]
    return text if len(text) >= SHORTEST_STATED else ""


def parts_of(reading: Reading) -> tuple[Part, ...]:
    """All fields of the article, in groups."""
    times, people, where = time_part(reading), people_part(reading), place_part(reading)
    said = text_part(reading)
    return said, times, people, where, kind_part(reading, said, times, people, where)


def text_part(reading: Reading) -> Part:
    """Title, lead, text, pictures, links, language."""
    body, title = reading.body, reading.title
    lead, lead_evidence = lead_of(reading.tree, body, reading.selectors.get("lead"))
    values = {
        "title": title.text,
        "kicker": kicker_of(title),
        "lead": lead,
        "body": body.text,
        "body_html": body.html,
        "images": with_lead_image(body.images, reading.page, reading.tree, reading.selectors.get("image")),
        "links": body.links,
        "language": reading.language,
    }
    evidence = {"title": title.evidence, "lead": lead_evidence, "body": body.evidence}
    return Part(values, evidence, (*reading.page.problems, *body.problems, *vanished(reading)))


def vanished(reading: Reading) -> Iterator[Problem]:
    """Yield a problem for the title or date that is no longer where it was known to stand on every page."""
    for name in ("title", "published_at"):
        said = "" if name in reading.selectors else "learned "
        selector = reading.selectors.get(name) or reading.learned.get(name)
        if selector and not any(selected_lines(reading.tree, selector)):
            yield Problem("field_vanished", f"{name}: {said}{selector!r} matched nothing on this page")


def time_part(reading: Reading) -> Part:
    """When it was published and changed."""
    clock = clock_of(reading)
    published = moments.published(stated_dates(reading), shown_dates(reading, clock), clock)
    modified_at, modified_evidence, doubts = moments.modified(
        reading.page, reading.found, published.at, clock
    )
    values = {
        "published_at": published.at,
        "published_local": published.local,
        "published_date": published.day,
        "published_raw": published.raw,
        "published_precision": published.precision,
        "published_evidence": published.evidence,
        "modified_at": modified_at,
    }
    evidence = {"published_at": published.evidence, "modified_at": modified_evidence}
    return Part(values, evidence, (*published.problems, *doubts))


def clock_of(reading: Reading) -> moments.Clock:
    """The publisher's clock."""
    return moments.clock_for(
        reading.page, now=reading.now, profile=reading.profile, languages=languages(reading)
    )


def signed_by(reading: Reading) -> Signed:
    """Who signed it, by the places that name authors."""
    return read_authors(
        reading.tree,
        reading.page,
        selector=reading.selectors.get("authors"),
        own_names=reading.own_names,
        heading=reading.title.heading,
        container=reading.body.container,
        learned=reading.learned.get("authors"),
    )


def people_part(reading: Reading) -> Part:
    """Who signed it and whom it credits."""
    signed = signed_by(reading)
    credited = agency_credit(reading.body.text, own_names=reading.names)
    agency_evidence = "text" if credited else "author" if signed.agency else None
    return Part(
        {"authors": signed.authors, "agency": credited or signed.agency},
        {"authors": signed.evidence, "agency": agency_evidence},
    )


def place_part(reading: Reading) -> Part:
    """Where it stands: its own address, its section, the way to it, its tags."""
    crumbs = places.breadcrumbs(
        reading.document, reading.page, title=reading.title.text, own_names=reading.own_names
    )
    section, section_evidence = places.section(
        reading.tree, reading.page, crumbs, reading.selectors.get("section"), reading.learned.get("section")
    )
    tags, tags_evidence = places.tags(
        reading.document, reading.page, reading.selectors.get("tags"), reading.learned.get("tags")
    )
    canonical_url, problems = places.canonical(reading.page)
    values = {"canonical_url": canonical_url, "section": section, "breadcrumbs": crumbs, "tags": tags}
    problems += places.further_page(reading.page)
    return Part(values, {"section": section_evidence, "tags": tags_evidence}, problems)


def kind_part(reading: Reading, said: Part, times: Part, people: Part, where: Part) -> Part:
    """What kind of page it is and who may read it."""
    kind = kinds.kind_of(
        reading.page,
        likelihood=article_likelihood(reading.page, read_of(reading, said, times, people)),
        section=where.values["section"],
        text=reading.body.text,
        images=len(said.values["images"]),
        title=reading.title.text,
    )
    access, access_evidence = kinds.access_of(reading.document, reading.page)
    values = {"article_type": kind.article_type, "is_article": kind.is_article, "access": access}
    return Part(values, {"article_type": kind.evidence, "access": access_evidence}, kind.problems)


def read_of(reading: Reading, said: Part, times: Part, people: Part) -> Read:
    """What was read of a page that tells whether it is an article."""
    return Read(
        text=reading.body.text,
        shape=reading.body.shape,
        title=reading.title.text,
        date_evidence=times.values["published_evidence"],
        changed=times.values["modified_at"] is not None,
        signed=bool(people.values["authors"]),
        has_lead=said.values["lead"] is not None,
        images=len(said.values["images"]),
        expected=bool(reading.found or reading.profile),
    )


def stated_dates(reading: Reading) -> Iterator[Candidate]:
    """Yield every date of publication written for machines, most trusted first."""
    yield from date_places.profile_dates(reading.tree, reading.profile)
    yield from date_places.published_candidates(reading.page)
    yield from date_places.found_dates(reading.found)


def shown_dates(reading: Reading, clock: moments.Clock) -> Iterator[Candidate]:
    """Yield where a date was learned to stand, the day in the address, the dates readers see beside the
    title, then what is said in passing.
    """
    for line in islice(selected_lines(reading.tree, reading.learned.get("published_at")), 1):
        yield Candidate(line, "learned")
    yield from date_places.day_in_url(reading.page.url)
    yield from visible_dates(
        reading.tree,
        reading.page,
        heading=reading.title.heading,
        container=reading.body.container,
        title=reading.title.text,
        is_today=clock.is_today,
    )
    yield from date_places.vague_candidates(reading.page)
    yield from date_places.script_dates(reading.document.utf8)
    yield from datelines(reading.body.text)


def languages(reading: Reading) -> tuple[str, ...]:
    """The languages a date may be written in, the page's own first."""
    known = reading.profile.languages if reading.profile else ()
    return tuple(dict.fromkeys(code for code in (reading.language, *known) if code))


def declared_language(page: Stated) -> str | None:
    """The language the page says it is in."""
    said = strings((page.article or {}).get("inLanguage"))
    return (
        page.language
        or next(iter(said), None)
        or page.first_meta("og:locale", "content-language", "dc.language")
    )


def own_names(page: Stated, profile: Source | None) -> tuple[str, ...]:
    """How the publisher calls itself: whom it credits under these names is no agency."""
    return (*((profile.name,) if profile else ()), *site_names(page))
