"""Days, times and numbers as people write them on the command line, and what to say of others."""

from __future__ import annotations

from typing import Any

import click


class Day(click.DateTime):
    """A day."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day; write it like 2026-03-10", param, ctx)


class Minute(click.DateTime):
    """A time as it is shown, to the minute: all of that minute is meant. With its second, that second."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%SZ"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            moment = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f'{value!r} is no time; write it like "2026-03-10 12:30" or 2026-03-10', param, ctx)
        return moment if str(value).endswith("Z") else moment.replace(second=59)


class WholeNumber(click.IntRange):
    """A whole number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            said = f"{str(value)!r} is no whole number {within(self.min, self.max)}"
            self.fail(said, param, ctx)


class Number(click.FloatRange):
    """A number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{str(value)!r} is no number {within(self.min, self.max)}", param, ctx)


def within(least: float | None, most: float | None) -> str:
    """The bounds of a number, in words."""
    return f"from {least} on" if most is None else f"from {least} to {most}"


DAY = Day()
MOMENT = Minute()
