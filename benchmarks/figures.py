"""What a page's reading is worth, field by field, and what many pages come to with 95 % intervals.

Each page gives every field a few numbers to add up; a figure is made of the sums. So the same figure can be
had of a corpus, of its pages in one language, and of pages drawn with replacement (the bootstrap).
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urljoin

from corpora import Page

from archive.identity import url_key

Numbers = tuple[float, ...]
Marks = Mapping[str, Numbers]
RESAMPLES = 1_000
SEED = 0
# Dates there are instants of a machine whose zone nobody knows: the day beside the right one counts.
NEAR_IS_RIGHT = frozenset(("postlight",))
# Snippets there were taken from glued HTML, so they are compared without white space and punctuation.
SQUEEZED_SNIPPETS = frozenset(("postlight",))
# What a corpus is not asked for: no truth of people, or one too noisy to say anything.
NOT_ASKED = {"wcxb-dev": ("snippets",)}


def share(part: float, whole: float) -> float | None:
    """A part of a whole, `None` of nothing."""
    return part / whole if whole else None


def f1(precision: float | None, recall: float | None) -> float | None:
    """The harmonic mean, `None` where there was nothing to find and nothing found."""
    if precision is None and recall is None:
        return None
    one, other = precision or 0.0, recall or 0.0
    return 2 * one * other / (one + other) if one + other else 0.0


def counted_f1(found: float, too_many: float, missed: float) -> float | None:
    """F1 of counts."""
    return share(2 * found, 2 * found + too_many + missed)


def mean(sums: Numbers) -> float | None:
    """The mean of a field that gives its value and a one."""
    return share(sums[0], sums[1])


def of_kinds(sums: Numbers, whole: float) -> float | None:
    """The pages rightly taken for articles, of so many; `None` where no page is anything else."""
    return share(sums[0], whole) if sums[3] else None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the field whose sums it is made of, how, and whether less of it is better."""

    name: str
    title: str
    field: str
    of: Callable[[Numbers], float | None]
    less_is_better: bool = False


FIGURES = (
    Figure("body_f1", "body F1", "body", lambda s: f1(share(s[0], s[1]), share(s[2], s[3]))),
    Figure("body_precision", "body precision", "body", lambda s: share(s[0], s[1])),
    Figure("body_recall", "body recall", "body", lambda s: share(s[2], s[3])),
    Figure("body_exact", "body exact", "body", lambda s: share(s[4], s[5])),
    Figure("snippets_f1", "snippets F1", "snippets", lambda s: counted_f1(*s[:3])),
    Figure("snippets_kept", "snippets kept", "snippets", lambda s: share(s[0], s[0] + s[2])),
    Figure("snippets_out", "snippets out", "snippets", lambda s: share(s[3], s[3] + s[1])),
    Figure("title_exact", "title exact", "title", mean),
    Figure("right_day", "right day", "day", lambda s: share(s[0], s[2])),
    Figure("wrong_day", "wrong day", "day", lambda s: share(s[1], s[2]), less_is_better=True),
    Figure("false_day", "false day", "undated", mean, less_is_better=True),
    Figure("authors_f1", "authors F1", "authors", mean),
    Figure("lead", "lead", "lead", mean),
    Figure("language", "language", "language", mean),
    Figure(
        "is_article_f1", "is article F1 (seen)", "is_article", lambda s: counted_f1(*s[:3]) if s[3] else None
    ),
    Figure("is_article_precision", "is article P", "is_article", lambda s: of_kinds(s, s[0] + s[1])),
    Figure("is_article_recall", "is article R", "is_article", lambda s: of_kinds(s, s[0] + s[2])),
    Figure("related_precision", "related P", "related", lambda s: share(s[0], s[0] + s[1])),
    Figure("related_recall", "related R", "related", lambda s: share(s[0], s[0] + s[2])),
)
BY_NAME = {figure.name: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Value:
    """A figure's value, its 95 % interval (`None` when not asked for), and of how many pages."""

    value: float
    low: float | None
    high: float | None
    pages: int


def values(marked: Sequence[Marks], *, resamples: int = RESAMPLES) -> dict[str, Value]:
    """Every figure these pages have numbers for, by name."""
    found: dict[str, Value] = {}
    for field in dict.fromkeys(figure.field for figure in FIGURES):
        rows = [marks[field] for marks in marked if field in marks]
        if not rows:
            continue
        drawn = resampled(rows, resamples)
        for figure in FIGURES:
            if figure.field == field and (value := figure.of(added(rows))) is not None:
                found[figure.name] = Value(value, *interval(figure.of, drawn), pages=len(rows))
    return found


def added(rows: Iterable[Numbers]) -> Numbers:
    """Rows of numbers added up, column by column."""
    return tuple(map(sum, zip(*rows, strict=True)))


def resampled(rows: Sequence[Numbers], times: int) -> list[Numbers]:
    """The sums of as many rows drawn with replacement, again and again; the same draws each run."""
    draw = random.Random(SEED)
    return [added(draw.choices(rows, k=len(rows))) for _ in range(times)]


def interval(
    of: Callable[[Numbers], float | None], drawn: Sequence[Numbers]
) -> tuple[float | None, float | None]:
    """Where 95 % of the draws lie."""
    ordered = sorted(value for sums in drawn if (value := of(sums)) is not None)
    if not ordered:
        return None, None
    return ordered[int(0.025 * len(ordered))], ordered[min(len(ordered) - 1, int(0.975 * len(ordered)))]


def marks(
    score: ModuleType, page: Page, said: Mapping[str, Any], fields: Iterable[str] | None = None
) -> Marks:
    """What a reading is worth, field by field, where the truth has the field; `fields`: no others."""
    refused = NOT_ASKED.get(page.corpus, ())
    asked = MARKERS if fields is None else {name: MARKERS[name] for name in fields}
    given = {
        name: marker(score, page, said)
        for name, marker in asked.items()
        if name not in refused and (page.is_article or name == "is_article")
    }
    return {name: numbers for name, numbers in given.items() if numbers is not None}


def body_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """Precision and recall of the text's shingles with a one where each is defined; exactly right or not."""
    truth = page.truth.get("body")
    if truth is None:
        return None
    body = said.get("body") or ""
    precision, recall = score.page_pr(score.shingle_counts(truth, body))
    exact = score.TOKEN.findall(truth) == score.TOKEN.findall(body)
    return (precision or 0.0, precision is not None, recall or 0.0, recall is not None, exact, 1)


def snippet_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """Of the snippets that must be there, and must not: found rightly, wrongly, missed, rightly absent."""
    wanted, unwanted = page.truth.get("with") or [], page.truth.get("without") or []
    if not wanted and not unwanted:
        return None
    plain = score.squash if page.corpus in SQUEEZED_SNIPPETS else score.ws
    body = plain(said.get("body") or "")
    kept = sum(plain(snippet) in body for snippet in wanted)
    dirt = sum(plain(snippet) in body for snippet in unwanted)
    return (kept, dirt, len(wanted) - kept, len(unwanted) - dirt)


def title_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """Whether the title is the truth's."""
    truth = page.truth.get("title")
    return (score.norm_title(truth) == score.norm_title(said.get("title")), 1) if truth else None


def day_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """Whether the day of publication is right, or wrong."""
    if page.truth.get("published") is None:
        return None
    verdict = score.date_verdict(page.truth["published"], said.get("published"))
    if verdict == "near" and page.corpus in NEAR_IS_RIGHT:
        verdict = "right"
    return (verdict == "right", verdict in ("wrong", "near"), 1)


def undated_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """Whether a page that states no date was given one."""
    is_undated = "published" in page.truth and page.truth["published"] is None
    return (bool(said.get("published")), 1) if is_undated else None


def author_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """How well the sets of names agree."""
    told = {score.norm_name(name) for name in page.truth.get("authors") or ()} - {()}
    if not told:
        return None
    read = {score.norm_name(name) for name in score.as_list(said.get("authors"))} - {()}
    return (counted_f1(len(told & read), len(read - told), len(told - read)) or 0.0, 1)


def lead_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """How well the words of the lead agree."""
    truth = page.truth.get("lead")
    return (score.word_f1(said.get("lead"), truth)[2], 1) if truth else None


def language_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """Whether the language is the truth's."""
    truth = page.truth.get("lang")
    return ((said.get("lang") or "")[:2].lower() == truth[:2].lower(), 1) if truth else None


def article_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """Taken for an article rightly, wrongly, not taken for one; and whether it is none.

    The last is there because a corpus of articles alone tells nothing.
    """
    if "page_type" not in page.truth or said.get("is_article") is None:
        return None
    taken = bool(said["is_article"])
    return (
        page.is_article and taken,
        taken and not page.is_article,
        page.is_article and not taken,
        not page.is_article,
    )


def related_marks(score: ModuleType, page: Page, said: Mapping[str, Any]) -> Numbers | None:
    """Of the related links: found, too many, missed."""
    if "related" not in page.truth:
        return None
    left = [wanted_link(score, entry, page.url) for entry in page.truth["related"]]
    wanted = len(left)
    offered = said.get("related") or []
    for url, text in offered:
        names = {key_of(url, page.url), score.norm_title(text)}
        if (met := next((names_of for names_of in left if names_of & names), None)) is not None:
            left.remove(met)
    found = wanted - len(left)
    return (found, len(offered) - found, len(left))


def wanted_link(score: ModuleType, entry: str, base: str) -> set[str | None]:
    """What a true related link may be known by: its address when it is written, and its text."""
    first, _, rest = entry.strip().partition(" ")
    if first.startswith(("/", "http://", "https://")):
        return {key_of(first, base)} - {None} or {score.norm_title(rest)}
    return {score.norm_title(entry)}


def key_of(href: str, base: str) -> str | None:
    """The key of an address, `None` for what is none."""
    try:
        return url_key(urljoin(base, href))
    except ValueError:
        return None


MARKERS: dict[str, Callable[[ModuleType, Page, Mapping[str, Any]], Numbers | None]] = {
    "body": body_marks,
    "snippets": snippet_marks,
    "title": title_marks,
    "day": day_marks,
    "undated": undated_marks,
    "authors": author_marks,
    "lead": lead_marks,
    "language": language_marks,
    "is_article": article_marks,
    "related": related_marks,
}

LETTER = re.compile(r"[^\W\d_]")
# The first word of a letter's Unicode name, and what it is called here where several make one script.
ONE_SCRIPT = {
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Chinese or Japanese",
    "KATAKANA": "Chinese or Japanese",
}


def language(page: Page) -> str | None:
    """The language the truth names."""
    return str(page.truth["lang"])[:2].lower() if page.truth.get("lang") else None


def script(page: Page) -> str | None:
    """The script most letters of the page's true text are written in."""
    told = page.truth.get("body") or page.truth.get("title") or " ".join(page.truth.get("with") or ())
    names = Counter(unicodedata.name(letter, "?").split()[0] for letter in LETTER.findall(str(told)[:2_000]))
    if not names:
        return None
    name = names.most_common(1)[0][0]
    return ONE_SCRIPT.get(name, name.capitalize())
