"""The filters inside what was typed (source:, after:, =form), as SQL over the table of articles. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date

from archive.identity import url_hash
from archive.search.query import exact_forms
from archive.search.typed import Asked

INDEXED = {"source", "published_date"}  # the columns of one index
# The article that is kept under an address, or that was read at it once.
AT_ADDRESS = (
    "{t}.id = coalesce((SELECT k.id FROM articles k WHERE k.url_key = :asked_key), "
    "(SELECT article_id FROM addresses WHERE url_hash = :asked_hash))"
)
NONE_OF = "NOT "  # begins conditions that most articles meet: an index is no help


def conditions_of(what: Asked, table: str = "a") -> tuple[list[str], dict[str, str | int]]:
    """Conditions on `table`, which must all hold, and their values by name; needs `functions.register`.

    A source is named by its id or the beginning of it, with dots or as in profiles: liter.kz is liter_kz.
    """
    conditions: list[str] = []
    values: dict[str, str | int] = {}

    def any_of(name: str, wording: str, wanted: tuple[str, ...], *, unwanted: bool = False) -> None:
        names = [f"asked_{'no_' if unwanted else ''}{name}{n}" for n in range(len(wanted))]
        values.update(zip(names, wanted, strict=True))
        if names:
            any_one = " OR ".join(wording.format(t=table, v=f":{one}") for one in names)
            # What an article does not state is none of those.
            conditions.append(f"{NONE_OF}ifnull({any_one}, 0)" if unwanted else f"({any_one})")

    for named, unwanted in ((what.named, False), (what.unnamed, True)):
        sources = tuple(map(source_id, named.sources))
        within = "{t}.source BETWEEN {v} AND {v} || char(1114111)"
        any_of("source", within, sources, unwanted=unwanted)
        any_of("language", "{t}.language = {v}", named.languages, unwanted=unwanted)
        any_of("section", "same_words({t}.section, {v})", named.sections, unwanted=unwanted)
        any_of("author", "names_one({t}.authors, {v})", named.authors, unwanted=unwanted)
    for number, days in enumerate(what.unwanted_days):
        ends = zip((f"from_day{number}", f"to_day{number}"), days, (date.min, date.max), strict=True)
        values.update({name: str(day or open_end) for name, day, open_end in ends})
        within = f"{table}.published_date BETWEEN :from_day{number} AND :to_day{number}"
        conditions.append(f"{NONE_OF}ifnull({within}, 0)")
    any_of("since", "{t}.published_date >= {v}", (what.since.isoformat(),) if what.since else ())
    any_of("until", "{t}.published_date <= {v}", (what.until.isoformat(),) if what.until else ())
    if what.address:
        conditions.append(AT_ADDRESS.format(t=table))
        values |= {"asked_key": what.address, "asked_hash": url_hash(what.address)}
    for number, forms in enumerate(exact_forms(what)):
        said = "says_form({t}.title, {t}.lead, {t}.body, {v})"
        any_of(f"form{number}_", said, (json.dumps(forms),))
    return conditions, values


Days = Iterable[date | str | None]


def day_bounds(firsts: Days, lasts: Days) -> tuple[list[str], dict[str, str]]:
    """Bounds on articles_fts.rowid that let the index skip other days: ids grow with the day of publication.

    The latest of the first days and the earliest of the last ones count; `None` and "" are open. An article
    without a date, or dated anew, may have an id of another day, and so the days themselves are to be asked
    for too.
    """
    first = max((str(day) for day in firsts if day), default="")
    last = min((str(day) for day in lasts if day), default="")
    ends = {name: day for name, day in (("first_day", first), ("last_day", last)) if day}
    if not ends:
        return [], {}
    asked = {"first_day": "published_date >= :first_day", "last_day": "published_date <= :last_day"}
    inside = f"FROM articles WHERE {' AND '.join(asked[name] for name in ends)}"
    return [f"articles_fts.rowid BETWEEN (SELECT min(id) {inside}) AND (SELECT max(id) {inside})"], ends


def matching(conditions: list[str]) -> str:
    """FROM and WHERE of what `:words` finds, narrowed by conditions over articles `a`.

    Of a source the ids are read from an index and compared (16 ms at 100,000 articles of a source); all else
    is looked up for each match in turn, and by CROSS JOIN: left to choose, SQLite may ask the search index
    again for each article (more than 400 s at a million).
    """
    # A bound of days speaks of no column of `a`: within the list it would be asked anew for each match.
    indexed = [
        condition
        for condition in conditions
        if set() < columns_of(condition) <= INDEXED and not condition.startswith(NONE_OF)
    ]
    if not any("source" in columns_of(condition) for condition in indexed):
        indexed = []
    others = [condition for condition in conditions if condition not in indexed]
    where = ["articles_fts MATCH :words"]
    if indexed:
        where.append(f"+articles_fts.rowid IN (SELECT a.id FROM articles a WHERE {' AND '.join(indexed)})")
    tables = "articles_fts"
    if any(columns_of(condition) for condition in others):
        tables = "articles_fts CROSS JOIN articles a ON a.id = articles_fts.rowid"
    return f"FROM {tables} WHERE {' AND '.join([*where, *others])}"


def columns_of(condition: str) -> set[str]:
    """The columns of articles `a` that a condition speaks of."""
    return set(re.findall(r"\ba\.(\w+)", condition))


def source_id(typed: str) -> str:
    """A source as people name it, as its id begins."""
    plain = typed.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return plain.strip("/").replace(".", "_").replace("-", "_")
