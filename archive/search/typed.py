"""What a person typed, as terms and filters: words, phrases, -words, OR, title:, after:. Pure.

No text is an error. What is no filter is a word: «12:30» is searched for. An address that stands alone is no
word: it means the article that is kept under it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from archive.search.addressed import key_of_address

MAX_CHARS = 2_000  # of what was typed; the rest is left out
MAX_TERMS = 32
SHORTEST_NAME = 3  # letters before a colon that may be meant for a filter
# «-» says *not*; «=» the very form; a phrase stands in any pair of quotes (an open one ends with the text);
# `*` ends a prefix.
TERM = re.compile(
    r"(?P<no>-?)(?P<exact>=?)(?:(?P<field>[^\W\d_]+):(?P<exact2>=?))?"
    r'(?:"(?P<straight>[^"]*)"?|[«“„](?P<curly>[^»”“]*)[»”“]?|(?P<word>[^\s"«“„]+))'
)
UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
OR = frozenset(("OR", "ИЛИ", "НЕМЕСЕ", "|", "||"))
AND = frozenset(("AND", "И", "ЖӘНЕ", "&", "&&"))
# As «-» before the next term. «НЕ» among capitals only is a headline's word.
NOT, NOT_AMONG_SMALL_LETTERS = "NOT", "НЕ"
DAY = re.compile(r"(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?$")
DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})$")
# What filters are called, in English, Russian and Kazakh.
FIELDS = {
    name: one
    for one, names in {
        "title": "title заголовок тақырып",
        "source": "source site источник сайт дереккөз",
        "language": "lang language язык тіл",
        "section": "section раздел рубрика бөлім айдар",
        "author": "author автор",
        "since": "after since после с кейін бастап",
        "until": "before until до по дейін",
        "day": "date дата күні",
    }.items()
    for name in names.split()
}
LANGUAGES = {
    name: code
    for code, names in {
        "ru": "ru rus russian русский рус орыс орысша",
        "kk": "kk kz kaz kazakh казахский каз қазақ қазақша",
        "en": "en eng english английский англ ағылшын",
    }.items()
    for name in names.split()
}
Span = tuple[date | None, date | None]
# Before a day means the day before; the others take the day in.
EXCLUSIVE = frozenset(("before", "до", "дейін"))


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to be found, or not to be found.

    With `prefix` it is the beginning of a word; with `exact` the very form; with `in_title` it must stand
    in the title.
    """

    text: str
    wanted: bool = True
    prefix: bool = False
    exact: bool = False
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Filters that name something, as typed: any of the named sources or languages will do."""

    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()

    @classmethod
    def of(cls, typed: Mapping[str, Sequence[str]]) -> Self:
        """By what filters are called, each name once."""
        once = {name: tuple(dict.fromkeys(values)) for name, values in typed.items()}
        return cls(
            once.get("source", ()), once.get("language", ()), once.get("section", ()), once.get("author", ())
        )

    def __bool__(self) -> bool:
        """Whether anything is named."""
        return any((self.sources, self.languages, self.sections, self.authors))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: every one of `groups` (any term of a group will do), none of `unwanted`.

    The articles are to be of what is `named`, and of nothing that is `unnamed` (-source:x). `since` and
    `until` are days of publication, both included; `unwanted_days` are spans of days, from and to, `None`
    for an open end. `address` is the `url_key` of the one article that is meant.

    `unread` are filters whose value is none, such as after:soon, and `unknown` are what looks like a filter,
    such as foo:bar; they are words to look for, or with a minus to leave out. `bare` are names of filters
    with nothing right after the colon; they are such words too.
    """

    groups: tuple[tuple[Term, ...], ...] = ()
    unwanted: tuple[Term, ...] = ()
    named: Named = Named()
    unnamed: Named = Named()
    since: date | None = None
    until: date | None = None
    unwanted_days: tuple[Span, ...] = ()
    address: str | None = None
    unread: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()

    @property
    def has_filters(self) -> bool:
        """Whether anything but words narrows the search."""
        narrowing = (self.named, self.unnamed, self.since, self.until, self.unwanted_days, self.address)
        return any(narrowing)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for that could be found."""
        return not self.groups and not self.has_filters

    @property
    def only_leaves_out(self) -> bool:
        """Whether nothing was asked for but that words be left out."""
        return self.is_empty and bool(self.unwanted)


@dataclass
class Reading:
    """An `Asked` while it is read, term by term."""

    groups: list[list[Term]] = field(default_factory=list)
    unwanted: list[Term] = field(default_factory=list)
    named: dict[str, list[str]] = field(default_factory=dict)
    unnamed: dict[str, list[str]] = field(default_factory=dict)
    days: list[Span] = field(default_factory=list)
    unwanted_days: list[Span] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    has_small_letters: bool = False  # anywhere in what was typed
    joined: bool = False  # an OR was typed just before
    negated: bool = False  # a NOT was typed just before

    def add(self, term: Term) -> None:
        """Take in a word or phrase."""
        if not term.wanted:
            self.unwanted.append(term)
        elif self.joined and self.groups:
            self.groups[-1].append(term)
        else:
            self.groups.append([term])
        self.joined = False

    def is_not(self, word: str) -> bool:
        """Whether a word says that the next term is to be left out."""
        return word == NOT or (word == NOT_AMONG_SMALL_LETTERS and self.has_small_letters)

    def count(self) -> int:
        """How many terms were taken in."""
        return len(self.unwanted) + sum(map(len, self.groups))


def asked(typed: str) -> Asked:
    """What was typed, read; no text is an error, and text without a word or filter asks for nothing."""
    if address := key_of_address(typed[:MAX_CHARS]):
        return Asked(address=address)
    reading = Reading(has_small_letters=any(letter.islower() for letter in typed))
    for match in TERM.finditer(speakable(typed)):
        if reading.count() >= MAX_TERMS:
            break
        take_in(reading, match)
    since = max((first for first, _ in reading.days if first), default=None)
    until = min((last for _, last in reading.days if last), default=None)
    return Asked(
        groups=tuple(map(tuple, reading.groups)),
        unwanted=tuple(reading.unwanted),
        named=Named.of(reading.named),
        unnamed=Named.of(reading.unnamed),
        since=since,
        until=until,
        unwanted_days=tuple(dict.fromkeys(reading.unwanted_days)),
        unread=tuple(reading.unread),
        unknown=tuple(reading.unknown),
        bare=tuple(reading.bare),
    )


def speakable(typed: str) -> str:
    """As much as is read of what was typed, without what no text holds."""
    return UNSPEAKABLE.sub(" ", typed[:MAX_CHARS])


def is_bare(match: re.Match[str]) -> bool:
    """Whether a term is a filter's name with nothing right after its colon."""
    word = match["word"] or ""
    return not match["field"] and word.endswith(":") and word[:-1].lower() in FIELDS


def take_in(reading: Reading, match: re.Match[str]) -> None:
    """Take in one term: a filter, an OR or a NOT, or a word or phrase."""
    word = match["word"]
    if word and not match["no"] and not match["field"] and joins(reading, word):
        return
    unwanted = bool(match["no"]) or reading.negated
    minus = "-" if unwanted else ""
    reading.negated = False
    name = FIELDS.get((match["field"] or "").lower())
    value = (word or match["straight"] or match["curly"] or "").strip()
    if name and name != "title":
        if is_filter(reading, match, name, value, unwanted=unwanted):
            return
        reading.unread.append(minus + match[0].removeprefix("-"))
    if match["field"] and not name and is_like_filter(match["field"], value):
        reading.unknown.append(f"{minus}{match['field']}:{value}")
    if is_bare(match):
        reading.bare.append(f"{minus}{word}")
    for term in terms_of(match, value, name, wanted=not unwanted):
        reading.add(term)


def joins(reading: Reading, word: str) -> bool:
    """Whether a word is none to look for, but says how its neighbours are meant; then it is noted."""
    if word in OR:
        reading.joined = True
        return True
    if reading.is_not(word):
        reading.negated = True
        return True
    return word in AND


def is_like_filter(name: str, value: str) -> bool:
    """Whether somebody may have meant a filter: not a time, a score, a port, an address or a smile."""
    return len(name) >= SHORTEST_NAME and value[:1].isalpha()


def is_filter(reading: Reading, match: re.Match[str], name: str, value: str, *, unwanted: bool) -> bool:
    """Whether the value makes sense for the filter; then it is noted."""
    if name in ("since", "until", "day"):
        days = days_of(name, match["field"].lower(), value)
        if days:
            (reading.unwanted_days if unwanted else reading.days).append(days)
        return days is not None
    values = [one for one in re.split("[,;]", value) if said(one)]
    if name == "language":
        values = [LANGUAGES.get(one.lower().strip(), one.lower().strip()) for one in values]
    noted = (reading.unnamed if unwanted else reading.named).setdefault(name, [])
    noted.extend(values[: MAX_TERMS - len(noted)])
    return bool(values)


def terms_of(match: re.Match[str], value: str, name: str | None, *, wanted: bool) -> Iterator[Term]:
    """The word or phrase of a match, if it has a letter or digit; an unknown field is a part of the word."""
    word = match["word"]
    if match["field"] and name != "title":
        value = f"{match['field']}:{value}"
    if not said(value):
        return
    yield Term(
        value.rstrip("*") if word else value,
        wanted=wanted,
        prefix=bool(word) and value.endswith("*"),
        exact=bool(match["exact"] or match["exact2"]),
        in_title=name == "title",
    )


def said(text: str) -> bool:
    """Whether the text holds a letter or digit."""
    return any(character.isalnum() for character in text)


def days_of(name: str, typed_name: str, value: str) -> Span | None:
    """First and last day a filter means, `None` for an open end; `None` alone when the value is no day."""
    first, _, last = value.partition("..")
    span = span_of(first), span_of(last or first)
    if span[0] is None or span[1] is None:
        return None
    if name == "day":
        is_backwards = span[0][0] > span[1][1]
        return (span[1][0], span[0][1]) if is_backwards else (span[0][0], span[1][1])
    if name == "since":
        return span[0][0], None
    if typed_name in EXCLUSIVE:
        return None, date.fromordinal(max(span[0][0].toordinal() - 1, 1))
    return None, span[0][1]


def span_of(value: str) -> tuple[date, date] | None:
    """The first and last day of a year, month or day as people write them, `None` for anything else."""
    match = DAY.fullmatch(value)
    if match:
        year, month, day = match.groups()
    elif match := DAY_FIRST.fullmatch(value):
        day, month, year = match.groups()
    else:
        return None
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        last_month = int(month or 12)
        return first, date(int(year), last_month, int(day or monthrange(int(year), last_month)[1]))
    except ValueError:
        return None
