"""What a reader narrowed the archive to, as SQL over articles and over the counts of their days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

from archive.site.day_words import day_of

VALUE_CHARS = 300
ARTICLES = {"source": "a.source", "language": "a.language", "section": "a.section", "day": "a.published_date"}
DAILY = {"source": "source", "language": "language", "section": "section", "day": "day"}


@dataclass(frozen=True, slots=True)
class Filters:
    """`month` is 2026-03, `since` and `until` are days, both included; empty: not narrowed by it."""

    source: str = ""
    language: str = ""
    section: str = ""
    month: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        """The filters an address asks for; what is no day or month narrows nothing."""
        values = {f.name: (asked.get(f.name) or "").replace("\x00", "")[:VALUE_CHARS] for f in fields(cls)}
        for name in ("since", "until"):
            day = day_of(values[name])
            values[name] = day.isoformat() if day else ""
        if len(values["month"]) != len("2026-03") or not day_of(f"{values['month']}-01"):
            values["month"] = ""
        return cls(**values)

    def query(self) -> dict[str, str]:
        """The filters in force, as an address names them."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}

    def without(self, name: str) -> Filters:
        """The same but for one."""
        return replace(self, **{name: ""})

    def clauses(self, columns: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
        """SQL conditions over the named columns, and their values."""
        clauses = [f"{columns[n]} = :{n}" for n in ("source", "language", "section") if getattr(self, n)]
        values = {n: getattr(self, n) for n in ("source", "language", "section") if getattr(self, n)}
        first, last = self.days()
        if first:
            clauses.append(f"{columns['day']} >= :first")
            values["first"] = first
        if last:
            clauses.append(f"{columns['day']} <= :last")
            values["last"] = last
            if not first:
                # An article without a date is counted under the day '', which is before every other.
                clauses.append(f"{columns['day']} <> ''")
        return clauses, values

    @property
    def has_days(self) -> bool:
        """Whether days count, and not only months."""
        return bool(self.since or self.until)

    def month_clauses(self) -> tuple[list[str], dict[str, str]]:
        """SQL conditions over counts by month, and their values; only where no day counts."""
        values = {n: v for n, v in self.query().items() if n in ("source", "language", "section", "month")}
        return [f"{name} = :{name}" for name in values], values

    def days(self) -> tuple[str, str]:
        """First and last day looked at, each empty when open."""
        first = max(self.since, f"{self.month}-01" if self.month else "")
        lasts = [day for day in (self.until, f"{self.month}-31" if self.month else "") if day]
        return first, min(lasts, default="")
