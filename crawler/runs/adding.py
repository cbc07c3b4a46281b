"""`muragat sources add`: a site's front page to a draft profile."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import click

from archive.errors import StorageFull
from archive.exits import Exit
from archive.store.folder import ArchiveFolder
from crawler.runs.asking import ask
from crawler.runs.probe import Answer
from crawler.sources.drafting import addresses_to_probe, draft_source
from crawler.sources.profile import Source
from crawler.sources.showing import ways
from crawler.sources.values import identifier, web_address
from crawler.sources.writing import profile_text


def add_source(
    folder: ArchiveFolder, url: str, source_id: str | None, *, print_only: bool, allow_private: bool
) -> Exit:
    """Draft a profile and save it among the archive's own; never over one that is there."""
    home = front_page(url)
    if source_id:
        try:
            identifier(source_id)
        except ValueError as error:
            raise click.BadParameter(f"--id: {error}") from error
    robots = urljoin(home, "/robots.txt")

    def next_urls(answers: Mapping[str, Answer]) -> list[str]:
        if home not in answers or robots not in answers:
            return [home, robots]
        if answers[home][0] != 200:
            return []
        return addresses_to_probe(home, answers[home][2], robots_text(answers[robots]))

    if source_id and not print_only and (exists := folder.sources / f"{source_id}.toml").exists():
        return refuse(exists)
    click.echo(f"Asking {home} for feeds, sitemaps and listings …", err=True)
    asked = ask([home], next_urls, allow_private=allow_private, show=show_answer)
    answer = asked.answers.get(home)
    if answer is None or answer[0] != 200:
        why = f"HTTP {answer[0]}" if answer else asked.failures.get(home, "no answer")
        click.echo(f"Error: {home}: {why}; nothing was drafted", err=True)
        return Exit.SOURCES_FAILED
    probes = {url: answer for url, answer in asked.answers.items() if url not in (home, robots)}
    source = draft_source(asked.landed.get(home, home), answer[2], probes, seen_on=datetime.now(UTC).date())
    return saved(folder, replace(source, id=source_id or source.id), print_only=print_only)


def show_answer(url: str, answer: str) -> None:
    """One line for each address asked: the site's pace makes it a while."""
    click.echo(f"  {answer:>4}  {url}", err=True)


def refuse(path: Path) -> Exit:
    """Say that a profile is there already."""
    click.echo(f"Error: {path}: exists; remove it first, or name another with --id", err=True)
    return Exit.WRONG_USE


def front_page(url: str) -> str:
    """The address to begin with, with a scheme and a path. Raises click.BadParameter for what is none."""
    full = url if "://" in url else f"https://{url}"
    try:
        return web_address(full if urlsplit(full).path else full + "/")
    except ValueError as error:
        raise click.BadParameter(f"{error}; give the front page, e.g. https://news.example/") from error


def robots_text(answer: Answer) -> str | None:
    """robots.txt as text, or `None` when there is none."""
    status, _, body = answer
    return body.decode("utf-8", "replace") if status == 200 else None


def saved(folder: ArchiveFolder, source: Source, *, print_only: bool) -> Exit:
    """Print the draft, or write it into the archive's folder of sources, and say what was found."""
    text = profile_text(source)
    if print_only:
        click.echo(text, nl=False)
        return Exit.DONE
    folder.make()
    path = folder.sources / f"{source.id}.toml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return refuse(path)
    except OSError as error:
        raise StorageFull(f"{path}: cannot be written ({error.strerror})") from error
    click.echo(f"{path}: {', '.join(ways(source))}")
    for doubt in source.known.unverified:
        click.echo(f"  not verified: {doubt}")
    click.echo(f"Read it, correct it, then: muragat sources check {source.id}", file=sys.stdout)
    return Exit.DONE
