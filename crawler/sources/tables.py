"""One table of a profile while it is read: what is asked of it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from crawler.sources.errors import Unfit
from crawler.sources.values import described

T = TypeVar("T")
MAX_ITEMS = 200


class Table:
    """Hands out the values of one table, checked, and notes what is wrong under the key it stands at.

    Nothing raises: a value that is unfit becomes its default and a note, so that one reading finds every
    fault of a file. `flaws` is shared by all tables of the file.
    """

    def __init__(
        self, values: Mapping[str, Any], at: str = "", flaws: list[tuple[str, Unfit]] | None = None
    ) -> None:
        self.values = values
        self.at = at
        self.flaws = [] if flaws is None else flaws
        self.asked: set[str] = set()

    def key(self, name: str) -> str:
        """The whole key of a name in this table."""
        return f"{self.at}.{name}" if self.at else name

    def fault(self, name: str, message: str, remedy: str) -> None:
        """Note what is wrong at a name of this table."""
        self.flaws.append((self.key(name), Unfit(message, remedy)))

    def value(self, name: str, check: Callable[[object], T], default: T) -> T:
        """The value as the check returns it; the default where it is not written or unfit."""
        self.asked.add(name)
        if name not in self.values:
            return default
        return self.checked(name, self.values[name], check, default)

    def required(self, name: str, check: Callable[[object], T], default: T, *, example: str) -> T:
        """The value, which must be written."""
        if name not in self.values:
            self.asked.add(name)
            self.fault(name, "is missing", f"add it, e.g. {example}")
            return default
        return self.value(name, check, default)

    def each(self, name: str, check: Callable[[object], T]) -> tuple[T, ...]:
        """The values of a list, without the unfit ones."""
        self.asked.add(name)
        items = self.values.get(name, [])
        if not isinstance(items, list):
            self.fault(
                name, f"expected a list, got {described(items)}", f"write it in brackets: {name} = [ … ]"
            )
            return ()
        if len(items) > MAX_ITEMS:
            self.fault(name, f"has {len(items)} items, more than {MAX_ITEMS}", "keep the ones that matter")
            return ()
        fit: list[T] = []
        for place, item in enumerate(items, start=1):
            self.checked(f"{name}[{place}]", item, once(check, fit), None)
        return tuple(fit)

    def checked(self, name: str, value: object, check: Callable[[object], T], default: T) -> T:
        """What the check makes of the value, or the default and a note."""
        try:
            return check(value)
        except Unfit as flaw:
            self.flaws.append((self.key(name), flaw))
            return default

    def table(self, name: str) -> Table:
        """The table of this name, empty where it is not written."""
        self.asked.add(name)
        return self.inner(name, self.values.get(name, {}), f"write it under a line of its own: [{name}]")

    def tables(self, name: str) -> list[Table]:
        """The tables of a `[[name]]` list."""
        self.asked.add(name)
        items = self.values.get(name, [])
        remedy = f"begin each with a line of its own: [[{name}]]"
        if not isinstance(items, list):
            self.fault(name, f"expected a list of tables, got {described(items)}", remedy)
            return []
        return [
            self.inner(f"{name}[{place}]", item, remedy) for place, item in enumerate(items[:MAX_ITEMS], 1)
        ]

    def inner(self, name: str, value: object, remedy: str) -> Table:
        """A table below this one."""
        if isinstance(value, dict):
            return Table(value, self.key(name), self.flaws)
        self.fault(name, f"expected a table, got {described(value)}", remedy)
        return Table({}, self.key(name), self.flaws)

    def close(self) -> None:
        """Note every key nobody asked for: a slip of the pen must not pass for a setting."""
        for name in self.values.keys() - self.asked:
            near = get_close_matches(name, self.asked, n=1)
            hint = (
                f'did you mean "{near[0]}"?'
                if near
                else f"remove it; known here: {', '.join(sorted(self.asked))}"
            )
            self.fault(printable(name), "unknown key", hint)


def once(check: Callable[[object], T], fit: list[T]) -> Callable[[object], None]:
    """The check, which keeps what is fit and refuses what it has kept before."""

    def check_once(item: object) -> None:
        value = check(item)
        if value in fit:
            raise Unfit(f"{described(value)} is listed twice", "remove one of them")
        fit.append(value)

    return check_once


def printable(name: str) -> str:
    """A key as a message shows it."""
    return name if name.isprintable() and len(name) <= 60 else described(name)
