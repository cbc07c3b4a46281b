"""Which articles are meant: one set of conditions for search and export. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from archive.search.conditions import conditions_of
from archive.search.typed import UNSPEAKABLE, asked


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Conditions that must all hold; an empty one holds for every article.

    `since` and `until` are days on the publisher's own clock, both included: an article without a date
    is in none of them. `words` are what a person would type into a search.
    """

    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    language: str | None = None
    section: str | None = None
    words: str | None = None

    def where(self) -> tuple[str, dict[str, object]]:
        """The conditions in SQL, speaking of articles as `a`, and their values by name.

        With `words` they need what `functions.register` gives a connection.
        """
        conditions, values = self.conditions()
        return " AND ".join(conditions) or "1", values

    def conditions(self) -> tuple[list[str], dict[str, object]]:
        """The same, one by one."""
        values: dict[str, object] = {}
        conditions = []
        if self.sources:
            names = [f"source{n}" for n in range(len(self.sources))]
            values |= dict(zip(names, self.sources, strict=True))
            conditions.append(f"a.source IN ({', '.join(':' + name for name in names)})")
        for name, condition in {
            "since": "a.published_date >= :since",
            "until": "a.published_date <= :until",
            "language": "a.language = :language",
            "section": "a.section = :section",
        }.items():
            if (value := getattr(self, name)) is not None:
                values[name] = value.isoformat() if isinstance(value, date) else value
                conditions.append(condition)
        if self.words is not None:
            found, named = words_condition(self.words)
            conditions.append(found)
            values |= named
        return conditions, values


def words_condition(words: str) -> tuple[str, dict[str, object]]:
    """The condition that an article is found by what was typed, and its values; needs `functions.register`.

    Nothing to look for finds nothing, never everything.
    """
    what = asked(words)
    if what.is_empty:
        return "0", {}
    conditions, named = conditions_of(what)
    values: dict[str, object] = {**named}
    if what.groups:
        values["words"] = UNSPEAKABLE.sub(" ", words)
        found = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH search_match(:words)"
        conditions = [f"a.id IN ({found})", *conditions]
    return " AND ".join(conditions), values
