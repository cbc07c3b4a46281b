"""Several pages of one source to its layout, checked page by page against what is read without it. Pure.

observe each page → a selector for each field, what is repeated → leave one page out, learn from the others,
read it both ways → keep what was nowhere worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from archive.records import Page
from crawler.cleaning.body.opening import squashed
from crawler.cleaning.layout.observing import Seen, observe, paragraphs, said_by
from crawler.cleaning.layout.places import FIELDS, Lesson, may_differ, place_of, related
from crawler.cleaning.layout.repeats import Repeated, boilerplate_of
from crawler.sources.profile import Boilerplate, Layout, Source

LEAST_PAGES = 2
SAME_STORY = 0.5  # two pages that share more of their text are one article twice
DIFFERS_AT_MOST = 0.02  # share of a text that may read otherwise when its element is named
DROPPED_AT_MOST = 0.4  # share of any page's text that one line of boilerplate may be


@dataclass(frozen=True, slots=True)
class Change:
    """How one page reads without the layout and with it: letters of its text, and of what was dropped."""

    url: str
    before: int
    after: int
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What several pages taught: the layout, what was learned of each field, what repeats, what changes."""

    layout: Layout
    lessons: tuple[Lesson, ...]
    repeated: tuple[Repeated, ...]
    changes: tuple[Change, ...]
    left_out: int


def learn(pages: Sequence[Page], profile: Source, *, on: date | None = None) -> Learned | None:
    """The layout of a source's pages; `None` when fewer than two of them are articles that differ.

    A field the profile names itself is not learned. Each selector and each line of boilerplate has stood its
    trial: with what the other pages teach, no page reads worse than without.
    """
    seen = told_apart(page for one in pages if (page := observe(one, profile)) is not None)
    if len(seen) < LEAST_PAGES:
        return None
    layout, lessons, repeated = lessons_of(seen, profile)
    worse: dict[str, int] = {}
    spared = Boilerplate()
    for number, page in enumerate(seen):
        others = [*seen[:number], *seen[number + 1 :]]
        trial, _, _ = lessons_of(others, profile)
        for field in {*worse_fields(page, profile, trial), *worse_fields(page, profile, layout)}:
            worse[field] = worse.get(field, 0) + 1
        spared = joined(spared, too_much(page, layout.boilerplate))
    worse = {name: pages for name, pages in worse.items() if pages > may_differ(name, len(seen))}
    layout = Layout(
        fields={name: selector for name, selector in layout.fields.items() if name not in worse},
        boilerplate=without(layout.boilerplate, spared),
        pages=len(seen),
        learned_on=on.isoformat() if on else "",
    )
    return Learned(
        layout=layout,
        lessons=tuple(judged(lesson, worse.get(lesson.field, 0)) for lesson in lessons),
        repeated=repeated,
        changes=tuple(change(page, profile, layout) for page in seen),
        left_out=len(pages) - len(seen),
    )


def is_stale(layout: Layout, newest: Sequence[Page], profile: Source) -> bool:
    """Whether most of the newest pages miss a field where it was learned to stand on all."""
    known = replace(profile, learned=layout)
    missing = [
        page
        for page in newest
        if (told := said_by(page, known)) and any(p.code == "field_vanished" for p in told.problems)
    ]
    return 2 * len(missing) > len(newest)


def told_apart(pages: Iterator[Seen]) -> list[Seen]:
    """The pages without those that tell again what an earlier one told."""
    apart: list[Seen] = []
    for page in pages:
        mine = {block.words: block.weight for block in page.kept}
        whole = sum(mine.values()) or 1.0
        if all(
            sum(mine.get(block.words, 0.0) for block in other.kept) <= SAME_STORY * whole for other in apart
        ):
            apart.append(page)
    return apart


def lessons_of(
    seen: Sequence[Seen], profile: Source
) -> tuple[Layout, tuple[Lesson, ...], tuple[Repeated, ...]]:
    """The layout these pages teach, field by field, and the texts they share."""
    lessons = tuple(place_of(name, seen, profile) for name in FIELDS if name not in profile.fields)
    boilerplate, repeated = boilerplate_of(seen)
    fields = {lesson.field: lesson.selector for lesson in lessons if lesson.selector}
    return Layout(fields, boilerplate), lessons, repeated


def worse_fields(page: Seen, profile: Source, trial: Layout) -> Iterator[str]:
    """Yield the fields that read worse on a page with what its fellows teach."""
    told = said_by(page.page, replace(profile, learned=replace(trial, boilerplate=Boilerplate())))
    if told is None:
        return
    values = told.values
    for name in trial.fields:
        if name in ("body", "lead"):
            if is_another_text(page.values, values):
                yield name
        elif name == "related":
            if related(page.values) and related(values) != related(page.values):
                yield name
        elif name == "published_at":
            if page.values["published_date"] and values["published_date"] != page.values["published_date"]:
                yield name
        elif page.values[name] and values[name] != page.values[name]:
            yield name


def is_another_text(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a text has other paragraphs than it had."""
    had, has = paragraphs(before["body"]), paragraphs(after["body"])
    return sum(map(len, had ^ has)) > DIFFERS_AT_MOST * sum(map(len, had))


def too_much(page: Seen, boilerplate: Boilerplate) -> Boilerplate:
    """Those lines of the boilerplate that would take too much of a page's text."""
    whole = sum(block.weight for block in page.kept)

    def takes(words: set[str]) -> bool:
        return sum(block.weight for block in page.kept if block.words in words) > DROPPED_AT_MOST * whole

    return Boilerplate(
        drop=tuple(
            selector
            for selector in boilerplate.drop
            if takes({block.words for node in page.matches(selector) for block in page.blocks_in(node)})
        ),
        texts=tuple(
            text
            for text in boilerplate.texts
            if takes({block.words for block in page.kept if block.words.startswith(squashed(text))})
        ),
    )


def joined(one: Boilerplate, other: Boilerplate) -> Boilerplate:
    """The lines of both."""
    return Boilerplate(one.drop + other.drop, one.texts + other.texts)


def without(boilerplate: Boilerplate, spared: Boilerplate) -> Boilerplate:
    """The boilerplate without some of its lines."""
    return Boilerplate(
        drop=tuple(line for line in boilerplate.drop if line not in spared.drop),
        texts=tuple(line for line in boilerplate.texts if line not in spared.texts),
    )


def judged(lesson: Lesson, worse: int) -> Lesson:
    """The lesson, taken back when a page read worse with it."""
    if not worse or lesson.selector is None:
        return lesson
    return replace(lesson, selector=None, reason=f"{lesson.selector} reads worse on {worse} of the pages")


def change(page: Seen, profile: Source, layout: Layout) -> Change:
    """How a page reads with the layout."""
    told = said_by(page.page, replace(profile, learned=layout))
    after = told.values["body"] if told else ""
    gone = paragraphs(page.values["body"]) - paragraphs(after)
    said = dict.fromkeys(block.text for block in page.kept if block.words in gone)
    return Change(page.page.url, len(page.values["body"]), len(after), tuple(said))
