"""`muragat extract`: pages from files, standard input or the web, each to one line of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.exits import Exit
from archive.records import Article
from crawler.cleaning import clean
from crawler.cleaning.jsonable import as_json

WEB = ("http://", "https://")
NO_ADDRESS = "https://page.invalid/"  # stands in where nobody said where the page is from


def extract_pages(pages: Sequence[str], url: str | None, *, explain: bool, allow_private: bool) -> Exit:
    """Print each page's article as JSON, or field by field with `explain`; a page that fails is told."""
    if url and len(pages) > 1:
        raise click.UsageError("--url names the address of one page; give one page with it")
    failed = False
    for name, body, content_type, error in opened(pages, url, allow_private=allow_private):
        if body is None:
            click.echo(f"Error: {name}: {error}", err=True)
            failed = True
            continue
        article = clean(body, name, content_type=content_type, fetched_at=datetime.now(UTC))
        click.echo(
            "\n".join(explained(article)) if explain else json.dumps(as_json(article), ensure_ascii=False)
        )
    return Exit.WRONG_USE if failed else Exit.DONE


def opened(
    pages: Sequence[str], url: str | None, *, allow_private: bool
) -> Iterator[tuple[str, bytes | None, str | None, str]]:
    """Each page's address, bytes (`None` if it cannot be had), content type and what went wrong."""
    on_web = [page for page in pages if page.startswith(WEB)]
    fetched = asked_for(on_web, allow_private=allow_private) if on_web else {}
    for page in pages:
        if page in fetched:
            yield page, *fetched[page]
        elif page == "-":
            yield url or NO_ADDRESS, sys.stdin.buffer.read(), None, ""
        else:
            try:
                yield url or NO_ADDRESS, Path(page).read_bytes(), None, ""
            except OSError as error:
                yield page, None, None, error.strerror or "cannot be read"


def asked_for(urls: Sequence[str], *, allow_private: bool) -> dict[str, tuple[bytes | None, str | None, str]]:
    """What the addresses answered."""
    from crawler.runs.asking import ask  # Scrapy is only loaded for pages from the web

    asked = ask(urls, lambda answers: urls, allow_private=allow_private)
    found: dict[str, tuple[bytes | None, str | None, str]] = {}
    for url in urls:
        status, content_type, body = asked.answers.get(url, (0, None, b""))
        if status == 200:
            found[url] = (body, content_type, "")
        else:
            found[url] = (None, None, f"HTTP {status}" if status else asked.failures.get(url, "no answer"))
    return found


def explained(article: Article) -> Iterator[str]:
    """Each field that has a value, and where it came from."""
    for name, value in as_json(article).items():
        if name in ("evidence", "body_html") or value in (None, [], "", {}):
            continue
        evidence = article.evidence.get(name)
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield f"{name}{f' [{evidence}]' if evidence else ''}: {text}"
