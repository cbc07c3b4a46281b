"""`muragat extract`: pages from files, standard input or the web, each to one line of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from archive.exits import Exit
from crawler.cleaning import clean
from crawler.cleaning.jsonable import as_json
from crawler.sources.values import web_address

WEB = ("http://", "https://")
NO_ADDRESS = "https://page.invalid/"  # stands in where nobody said where the page is from


@dataclass(frozen=True, slots=True)
class Opened:
    """A page to read: its name as given, its address and bytes where it has them, else what went wrong."""

    name: str
    url: str | None = None
    body: bytes | None = None
    content_type: str | None = None
    error: str = ""


def extract_pages(pages: Sequence[str], url: str | None, *, explain: bool, allow_private: bool) -> Exit:
    """Print each page's article as JSON, or field by field with `explain`; a page that fails is told."""
    if url and len(pages) > 1:
        raise click.UsageError("--url names the address of one page; give one page with it")
    if url:
        try:
            web_address(url)
        except ValueError as error:
            raise click.BadParameter(f"--url: {error}") from error
    ended = Exit.DONE
    for page in opened(pages, url, allow_private=allow_private):
        if page.body is None:
            click.echo(f"Error: {page.name}: {page.error}", err=True)
            ended = Exit.SOURCES_FAILED if page.name.startswith(WEB) else Exit.WRONG_USE
            continue
        click.echo("\n".join(explained(page)) if explain else json.dumps(record(page), ensure_ascii=False))
    return ended


def opened(pages: Sequence[str], url: str | None, *, allow_private: bool) -> Iterator[Opened]:
    """The pages in their order; those from the web are asked together."""
    on_web = [page for page in pages if page.startswith(WEB)]
    fetched = asked_for(on_web, allow_private=allow_private) if on_web else {}
    for page in pages:
        if page in fetched:
            yield fetched[page]
        elif page == "-":
            yield Opened(page, url, sys.stdin.buffer.read())
        else:
            try:
                yield Opened(page, url, Path(page).read_bytes())
            except OSError as error:
                yield Opened(page, error=error.strerror or "cannot be read")


def asked_for(urls: Sequence[str], *, allow_private: bool) -> dict[str, Opened]:
    """What the addresses answered."""
    from crawler.runs.asking import ask  # Scrapy is only loaded for pages from the web

    asked = ask(urls, lambda answers: urls, allow_private=allow_private)
    found: dict[str, Opened] = {}
    for url in urls:
        status, content_type, body = asked.answers.get(url, (0, None, b""))
        if status == 200:
            found[url] = Opened(url, asked.landed[url], body, content_type)
        else:
            why = f"HTTP {status}" if status else asked.failures.get(url, "no answer")
            found[url] = Opened(url, error=why)
    return found


def record(page: Opened) -> dict[str, Any]:
    """The page's article as JSON-ready data, under its name as given; no address where nobody said one."""
    assert page.body is not None, "only opened pages are read"
    now = datetime.now(UTC)
    article = clean(page.body, page.url or NO_ADDRESS, content_type=page.content_type, fetched_at=now)
    said = as_json(article)
    if page.url is None:
        said |= dict.fromkeys(("url", "requested_url", "url_key"))
    return {"page": page.name, **said}


def explained(page: Opened) -> Iterator[str]:
    """Each field that has a value, and where it came from."""
    said = record(page)
    for name, value in said.items():
        if name in ("evidence", "body_html") or value in (None, [], "", {}):
            continue
        evidence = said["evidence"].get(name)
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield f"{name}{f' [{evidence}]' if evidence else ''}: {text}"
