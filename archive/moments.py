"""Times as people write them on the command line."""

from __future__ import annotations

from typing import Any

import click


class Minute(click.DateTime):
    """A time as it is shown, to the minute: all of that minute is meant. With its second, that second."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        moment = super().convert(value, param, ctx)
        return moment if str(value).endswith("Z") else moment.replace(second=59)


MOMENT = Minute(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%SZ"])
