"""Hits for people and for programs: what a page wrote never steers a terminal."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from archive.search.finding import Hit
from archive.search.ranking import BEGIN, END
from archive.terminal import STEERING, terminal_safe


def marked(snippet: str, begin: str, end: str) -> str:
    """The snippet in one safe line, its found words between `begin` and `end`."""
    marks = {BEGIN: begin, END: end}
    return STEERING.sub(lambda character: marks.get(character[0], " "), snippet)


def hit_lines(hit: Hit, *, colours: bool) -> str:
    """A hit in two lines: day, source, title and address; then the text around the words."""
    title = terminal_safe(hit.title or "(no title)")
    day = hit.published_date or f"undated (first seen {hit.first_seen_date})"
    head = [day, hit.source, title, hit.url]
    head = [terminal_safe(part) for part in head]
    begin, end = "[", "]"
    if colours:
        head[2] = click.style(head[2], bold=True)
        begin, end = "\x1b[1;33m", "\x1b[0m"
    text = marked(hit.snippet, begin, end)
    return "  ".join(head) + (f"\n    {text}" if text else "")


def hit_json(hit: Hit, *, archive: str | None = None) -> str:
    """A hit as a line of JSON, the found words in its snippet in [brackets]; `archive` of several."""
    told = asdict(hit) | {"snippet": marked(hit.snippet, "[", "]")}
    return json.dumps(told | ({"archive": archive} if archive else {}), ensure_ascii=False)
