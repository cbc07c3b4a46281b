"""The filters inside what was typed (source:, after:, =form), as SQL over the table of articles. Pure."""

from __future__ import annotations

import json

from archive.search.query import exact_forms
from archive.search.typed import Asked


def conditions_of(what: Asked, table: str = "a") -> tuple[list[str], dict[str, str]]:
    """Conditions on `table`, which must all hold, and their values by name; needs `functions.register`.

    A source is named by its id or the beginning of it, with dots or as in profiles: liter.kz is liter_kz.
    """
    conditions: list[str] = []
    values: dict[str, str] = {}

    def any_of(name: str, wording: str, wanted: tuple[str, ...]) -> None:
        names = [f"asked_{name}{n}" for n in range(len(wanted))]
        values.update(zip(names, wanted, strict=True))
        if names:
            conditions.append(f"({' OR '.join(wording.format(t=table, v=f':{one}') for one in names)})")

    any_of("source", "substr({t}.source, 1, length({v})) = {v}", tuple(map(source_id, what.sources)))
    any_of("language", "{t}.language = {v}", what.languages)
    any_of("section", "same_words({t}.section, {v})", what.sections)
    any_of("author", "names_one({t}.authors, {v})", what.authors)
    any_of("since", "{t}.published_date >= {v}", (what.since.isoformat(),) if what.since else ())
    any_of("until", "{t}.published_date <= {v}", (what.until.isoformat(),) if what.until else ())
    for number, forms in enumerate(exact_forms(what)):
        said = "says_form({t}.title, {t}.lead, {t}.body, {v})"
        any_of(f"form{number}_", said, (json.dumps(forms),))
    return conditions, values


def day_bounds(first: str, last: str) -> tuple[list[str], dict[str, str]]:
    """Bounds on articles_fts.rowid that let the index skip other days: ids grow with the day of publication.

    Days are ISO, empty where open. An article without a date, or dated anew, may have an id of another day,
    and so the days themselves are to be asked for too.
    """
    ends = {name: day for name, day in (("first_day", first), ("last_day", last)) if day}
    if not ends:
        return [], {}
    asked = {"first_day": "published_date >= :first_day", "last_day": "published_date <= :last_day"}
    inside = f"FROM articles WHERE {' AND '.join(asked[name] for name in ends)}"
    return [f"articles_fts.rowid BETWEEN (SELECT min(id) {inside}) AND (SELECT max(id) {inside})"], ends


def source_id(typed: str) -> str:
    """A source as people name it, as its id begins."""
    plain = typed.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return plain.strip("/").replace(".", "_").replace("-", "_")
