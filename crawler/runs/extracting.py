"""`muragat extract`: pages from files, standard input or the web, each to a line of JSON, or explained."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from archive.exits import Exit
from crawler.cleaning import clean
from crawler.cleaning.document import Document, read_document
from crawler.cleaning.explaining import Explanation
from crawler.cleaning.explaining import explain as explain_page
from crawler.cleaning.jsonable import as_json, plain
from crawler.cleaning.places import absolute
from crawler.cleaning.structured import read_stated
from crawler.runs.explained_page import explained_page
from crawler.runs.explained_text import report
from crawler.runs.web_pages import write_web_page
from crawler.sources.values import web_address

WEB = ("http://", "https://")
OTHER_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
# Stands in where neither who asks nor the page says where it is from; a path, for the front page is no
# article.
NO_ADDRESS = "https://page.invalid/page"


@dataclass(frozen=True, slots=True)
class Opened:
    """A page to read: its name as given, its address and bytes where it has them, else what went wrong."""

    name: str
    url: str | None = None
    body: bytes | None = None
    content_type: str | None = None
    error: str = ""


def extract_pages(
    pages: Sequence[str],
    url: str | None,
    *,
    explain: bool,
    as_data: bool,
    html: Path | None,
    allow_private: bool,
) -> Exit:
    """Print each page's article as JSON, or why it is as it is with `explain`; a page that fails is told.

    `as_data` makes a line of JSON of the explanation too; `html` is a file to write one page's to.
    """
    if (url or html) and len(pages) > 1:
        raise click.UsageError(f"{'--url' if url else '--html'} is for one page; give one page with it")
    if as_data and not explain:
        raise click.UsageError("--json is for --explain; without it JSON is what is printed")
    if html and any(is_same_file(html, page) for page in pages):
        raise click.BadParameter(f"--html: {html} is the page itself; name another file")
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
        elif explain or html:
            found = explanation(page)
            if html:
                write_web_page(html, explained_page(found, page.name, page.url))
            click.echo("\n".join(explained(found, page, explain=explain, as_data=as_data)))
        else:
            click.echo(as_line(record(page)))
    return ended


def explained(found: Explanation, page: Opened, *, explain: bool, as_data: bool) -> Iterator[str]:
    """Yield what is printed of an explained page: the report, the same as data, or the article alone."""
    article = named(as_json(found.article), page)
    if not explain:
        yield as_line(article)
    elif as_data:
        yield as_line({**article, "fields": plain(found.fields), "blocks": plain(found.blocks)})
    else:
        yield from report(found, page.name)
        yield ""


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
                yield Opened(page, error=why_unread(page, error))


def why_unread(page: str, error: OSError) -> str:
    """Why what was named cannot be read, also where no file was meant."""
    if OTHER_ADDRESS.match(page):
        return "no file, and of addresses only those with http:// or https:// are asked"
    return error.strerror or "cannot be read"


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
    article = clean(page.body, address_of(page), content_type=page.content_type, fetched_at=now)
    return named(as_json(article), page)


def explanation(page: Opened) -> Explanation:
    """The page's article, and why it says what it says."""
    assert page.body is not None, "only opened pages are read"
    now = datetime.now(UTC)
    return explain_page(page.body, address_of(page), content_type=page.content_type, fetched_at=now)


def address_of(page: Opened) -> str:
    """Where the page is from: as given, else as it says itself, else nowhere."""
    document = None if page.url else read_document(page.body or b"", content_type=page.content_type)
    if page.url or not isinstance(document, Document):
        return page.url or NO_ADDRESS
    stated = read_stated(document, "")
    said = (*stated.linked("canonical"), *(value for _, value in stated.meta("og:url")))
    return next((href for href in said if href.startswith(WEB) and absolute(href, "")), NO_ADDRESS)


def as_line(said: dict[str, Any]) -> str:
    """Data as a line of JSON, its letters as they are."""
    return json.dumps(said, ensure_ascii=False)


def named(said: dict[str, Any], page: Opened) -> dict[str, Any]:
    """An article's data under the page's name as given; no address where nobody said one."""
    if page.url is None:
        said |= dict.fromkeys(("url", "requested_url", "url_key"))
    return {"page": page.name, **said}


def is_same_file(html: Path, page: str) -> bool:
    """Whether what is to be written would replace what is to be read, or is no file at all (`-`)."""
    if str(html) == "-":
        return True
    try:
        return html.samefile(page)
    except OSError:
        return False
