"""One reader's search: what its address asks for, in words, and the addresses of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from archive.search.known import Known
from archive.search.misnamed import Misnamed, misnamed, unknown_filters
from archive.search.typed import asked as asked_for
from archive.site.day_words import day_in_words, month_in_words
from archive.site.reader import Reader
from archive.site.search_filters import Filters
from archive.site.search_hits import Wanted, words_expression
from archive.site.shown import shown

TYPED_CHARS = 500  # more would make addresses no proxy lets through
LAST_PAGE = 500
SHOWN_OPTIONS = 8
MOST_OPTIONS = 60


@dataclass(frozen=True, slots=True)
class Option:
    """One value a reader may narrow the hits to."""

    label: str
    href: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facet:
    """Values of one kind; the first few are seen at once."""

    name: str
    options: tuple[Option, ...]

    @property
    def seen(self) -> tuple[Option, ...]:
        return self.options[:SHOWN_OPTIONS]

    @property
    def folded(self) -> tuple[Option, ...]:
        return self.options[SHOWN_OPTIONS:]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force and the address without it."""

    label: str
    without: str


class Search:
    """One reader's search: what its address asks for, and addresses of its neighbours."""

    def __init__(self, reader: Reader, names: Mapping[str, str]) -> None:
        asked = {name: reader.request.args.get(name) or "" for name in reader.request.args}
        self.reader, self.names = reader, names
        self.works = reader.search_works
        self.typed = shown(asked.get("q", "")[:TYPED_CHARS]).strip() if self.works else ""
        self.asked = asked_for(self.typed)
        self.expression: str | None = None  # known when the index was asked
        self.filters = Filters.of(asked)
        self.by_relevance = asked.get("sort") == "relevance"
        self.page = page_number(asked.get("page", ""))

    @property
    def wanted(self) -> Wanted:
        """What to look for."""
        return Wanted(self.expression, self.filters, self.by_relevance, self.asked)

    @property
    def has_no_words(self) -> bool:
        """Whether something was typed that holds neither word nor filter."""
        return bool(self.typed) and self.asked.is_empty

    def misnamed(self, known: Known | None) -> list[Misnamed]:
        """What was typed as a name of something and names nothing here; none where looking took too long."""
        return [spoken_of(one) for one in misnamed(self.asked, known)] if known else []

    @property
    def unknown_filters(self) -> list[Misnamed]:
        """What was typed as a filter and is none."""
        return unknown_filters(self.asked)

    def href(self, **changed: object) -> str:
        """The address of this search with something changed, from its first page unless that is changed."""
        query: dict[str, object] = {"q": self.typed, **self.filters.query()}
        if self.by_relevance:
            query["sort"] = "relevance"
        return self.reader.href("/search", query | changed)

    def path(self) -> str:
        """This search's address for others, who choose their own language."""
        pairs = urlencode({"q": self.typed, **self.filters.query()})
        return f"/search?{pairs}"

    def in_words(self) -> str:
        """What is looked for, as a heading says it."""
        return ", ".join(filter(None, (self.typed, *(chip.label for chip in self.chips()))))

    def narrowed(self, name: str, value: str) -> str:
        """The address of this search for one value of a facet; an author is named among the words."""
        if name != "author":
            return self.href(**{name: value})
        return self.href(q=f'{self.typed} author:"{value.replace(chr(34), " ")}"')

    def hidden(self) -> dict[str, str]:
        """What a form sends on beside its own fields."""
        return self.filters.query() | ({"sort": "relevance"} if self.by_relevance else {})

    def label(self, name: str, value: str) -> str:
        """A filter's value as readers call it."""
        language = self.reader.language
        match name:
            case "source":
                return shown(self.names.get(value, value))
            case "language":
                return self.reader.language_name(value)
            case "month":
                return month_in_words(value, language)
            case "since" | "until":
                return self.reader.say(f"{name}_day", day=day_in_words(value, language))
            case _:
                return shown(value)

    def chips(self) -> list[Chip]:
        """The filters in force, in words."""
        chosen = self.filters.query().items()
        return [Chip(self.label(name, value), self.href(**{name: ""})) for name, value in chosen]

    def facets(self, counts: Mapping[str, Mapping[str, int]]) -> list[Facet]:
        """What hits may be narrowed to: a kind already narrowed, or with one value only, offers nothing."""
        chosen = self.filters.query()
        facets = []
        for name, values in counts.items():
            if name in chosen or len(values) < 2 or (name == "author" and self.asked.named.authors):
                continue
            most_first = sorted(values.items(), key=lambda one: (-one[1], one[0]))
            ordered = sorted(values.items(), reverse=True) if name == "month" else most_first
            options = [
                Option(self.label(name, value), self.narrowed(name, value), n)
                for value, n in ordered[:MOST_OPTIONS]
            ]
            facets.append(Facet(name, tuple(options)))
        return facets


async def search_of(reader: Reader, db: Any) -> Search:
    """The search a reader's address asks for, its words as the index wants them."""
    names = {row["id"]: row["name"] for row in (await db.execute("SELECT id, name FROM sources")).rows}
    search = Search(reader, names)
    search.expression = await words_expression(db, search.asked)
    return search


def spoken_of(one: Misnamed) -> Misnamed:
    """The same, fit to be shown: names of sections and authors are a page's own words."""
    near, there = (tuple(map(shown, names)) for names in (one.near, one.there))
    return replace(one, near=near, there=there)


def page_number(asked: str) -> int:
    """The page asked for; the first where that is no number."""
    return min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() and len(asked) < 5 else 1
