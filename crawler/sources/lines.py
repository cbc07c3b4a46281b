"""Where in a TOML text a key stands, for error messages: tomllib keeps no positions."""

from __future__ import annotations

import re

HEADER = re.compile(r"\s*\[\[?\s*([\w.\"'-]+)\s*\]")
ASSIGNED = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*[.=]")
PLACE = re.compile(r"(?:([\w-]+)(?:\[(\d+)\])?\.)?([\w-]+)(?:\[\d+\])?")


def line_of(text: str, key: str) -> int | None:
    """The line, counted from 1, of `name`, `table.name` or `table[2].name`, the second `[[table]]`'s name.

    Of a key that is not written the line of its table's head; `None` where that is not written either.
    """
    if not (place := PLACE.fullmatch(key)):
        return None
    table, count, name = place[1], int(place[2] or 1), place[3]
    head, current, seen = None, None, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            current = header[1].strip("\"'")
            seen += current == table
            if table is None and current == name:
                return number
            if current == table and seen == count:
                head = number
            continue
        here = current == table and (table is None or seen == count)
        if here and (assigned := ASSIGNED.match(line)) and assigned[1] == name:
            return number
    return head
