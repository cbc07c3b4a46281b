"""The sections for a terminal, and as a web page that loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from crawler.manners.parts import Part, minute, parts_of
from crawler.manners.reading import Manners
from crawler.manners.words import words_in

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "th,td{padding:.2rem .8rem .2rem 0;text-align:right;border-bottom:1px solid #ddd}"
    "th:first-child,td:first-child{text-align:left}"
    "pre{background:#f3f3f3;padding:.6rem;overflow-x:auto}"
    "@media (prefers-color-scheme:dark){body{background:#181818;color:#e6e6e6}pre{background:#262626}"
    "th,td{border-color:#444}}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def text_lines(manners: Manners, language: str) -> Iterator[str]:
    """Yield the lines for a terminal."""
    say = words_in(language)
    yield say("title", name=f"{manners.name} ({manners.home})")
    yield say("period", since=manners.since, until=minute(manners.until))
    for part in parts_of(manners, say):
        yield ""
        yield part.heading
        yield from (f"  {plain(line)}" for line in part.lines)
        yield from table_lines(part)
        for what, text in part.copied:
            yield f"  {what}"
            yield from (f"      {line}" for line in text.splitlines())


def table_lines(part: Part) -> Iterator[str]:
    """Yield a table's rows, its columns below each other."""
    widths = [max(len(cell) for cell in column) for column in zip(*part.table, strict=True)]
    for first, *rest in part.table:
        cells = (f"{cell:>{width}}" for cell, width in zip(rest, widths[1:], strict=True))
        yield f"  {first:<{widths[0]}}  {'  '.join(cells)}".rstrip()


def plain(line: str) -> str:
    """A line without what a terminal obeys: robots.txt and headers are written by others."""
    return "".join(one if one.isprintable() else " " for one in line)


def web_page(manners: Manners, language: str) -> str:
    """The same as a web page in one file."""
    say = words_in(language)
    title = escape(say("title", name=manners.name))
    period = escape(say("period", since=manners.since, until=minute(manners.until)))
    body = "".join(map(section, parts_of(manners, say)))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n"
        f"<body>\n<h1>{title}</h1>\n<p>{escape(say('intro'))}</p>\n<p>{escape(manners.home)}<br>{period}</p>\n"
        f"{body}</body>\n</html>\n"
    )


def section(part: Part) -> str:
    """One section of the page."""
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in part.lines)
    copied = "".join(f"<p>{escape(what)}</p>\n<pre>{escape(text)}</pre>\n" for what, text in part.copied)
    return f"<section>\n<h2>{escape(part.heading)}</h2>\n{copied}{lines}{table(part)}</section>\n"


def table(part: Part) -> str:
    """A section's table, or nothing."""
    if not part.table:
        return ""
    head, *rows = part.table
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
