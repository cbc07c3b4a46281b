"""The commands that need no crawler: search, browse, export, status, audit."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from archive.exits import Exit
from archive.store.folder import archive_folder

archive_option = click.option(
    "--archive", metavar="DIR", help="The archive's folder; by default MURAGAT_ARCHIVE or ./muragat-archive"
)
DAY = click.DateTime(["%Y-%m-%d"])


class PipedCommand(click.Command):
    """A command whose reader may leave: `muragat export --to - | head` ends quietly."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # What is still to be flushed at exit goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(Exit.DONE)
        return answer


def article_filters(command: Any) -> Any:
    """The options that say which articles are meant."""
    for option in (
        click.option("--section", help="Only this section, as the publisher writes it"),
        click.option("--language", metavar="CODE", help="Only this language: ru, kk, en …"),
        click.option(
            "--until",
            type=DAY,
            metavar="YYYY-MM-DD",
            help="Published on or before this day; leaves undated articles out",
        ),
        click.option(
            "--since",
            type=DAY,
            metavar="YYYY-MM-DD",
            help="Published on or after this day on the publisher's clock; leaves undated articles out",
        ),
        click.option(
            "--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated"
        ),
    ):
        command = option(command)
    return command


@click.command(cls=PipedCommand, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True)
@article_filters
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most this many")
@click.option("--newest", is_flag=True, help="The newest first instead of the best")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line")
@archive_option
def search(
    words: tuple[str, ...], limit: int, newest: bool, as_json: bool, archive: str | None, **filters: Any
) -> None:
    """Find articles that have all the WORDS

    Write "a phrase" in quotes, -word for a word that must not be there, and begin* for all words that
    begin so. A word in the title counts more than one in the text.

    \b
    Example:
        muragat search "ремонт дорог -тендер" --since 2026-01-01
    """
    from archive.search.commands import print_hits

    print_hits(archive_folder(archive), " ".join(words), filters, limit=limit, newest=newest, as_json=as_json)


@click.command(cls=PipedCommand)
@click.option(
    "--to", metavar="FILE|-", help="The file to write, .jsonl, .csv or .warc, packed with .gz after; - prints"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "warc"]),
    help="The format, where --to has no ending",
)
@article_filters
@click.option("--query", "words", metavar="WORDS", help="Only what `muragat search WORDS` finds")
@click.option("--columns", metavar="A,B,…", help="These columns in this order; see --list-columns")
@click.option("--with-html", is_flag=True, help="The body as safe HTML too")
@click.option(
    "--raw-csv", is_flag=True, help="Leave cells that a spreadsheet may run as a formula as they are"
)
@click.option("--excel", is_flag=True, help="Begin the CSV with a byte order mark, as Excel wants it")
@click.option("--list-columns", is_flag=True, help="Show every column with its meaning, and end")
@archive_option
def export(to: str | None, archive: str | None, list_columns: bool, **options: Any) -> None:
    """Write the archive's articles, or its raw pages, to a file: every one once, ordered by id

    The file appears when it is complete. WARC holds pages as they were fetched: all that are kept, or with
    options that choose articles, the pages those were read from. JSON Lines and CSV hold articles. In CSV,
    lists are JSON text, and a text that begins with = + - @ gets a leading apostrophe, so that no
    spreadsheet runs it.

    \b
    Example:
        muragat export --to march.csv --source liter_kz --since 2026-03-01 --until 2026-03-31
        muragat export --to pages.warc.gz
    """
    from archive.exports.commands import column_lines, export_to

    if list_columns:
        click.echo("\n".join(column_lines()))
        return
    if to is None:
        raise click.UsageError("say where to: --to FILE.jsonl, --to FILE.csv, --to FILE.warc.gz or --to -")
    sys.exit(export_to(archive_folder(archive), to, **options))


@click.command(cls=PipedCommand)
@click.option("--json", "as_json", is_flag=True, help="One JSON object")
@archive_option
def status(as_json: bool, archive: str | None) -> None:
    """Show how each source is doing: articles, the last run, what waits, what went wrong

    \b
    Example:
        muragat status
    """
    from archive.health.showing import print_status

    print_status(archive_folder(archive), as_json=as_json)


@click.command(cls=PipedCommand)
@click.option("--full", is_flag=True, help="Every page and article instead of a sample")
@archive_option
def audit(full: bool, archive: str | None) -> None:
    """Check whether anything in the archive is lost, double or damaged; changes nothing

    Ends with exit code 6 if so. May be run at any time, also while a crawl is writing.

    \b
    Example:
        muragat audit --full
    """
    from archive.health.showing import print_audit

    sys.exit(Exit.DONE if print_audit(archive_folder(archive), full=full) else Exit.STORAGE)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0: any free one"
)
@click.option("--no-open", is_flag=True, help="Do not open a web browser")
@archive_option
def browse(port: int, no_open: bool, archive: str | None) -> None:
    """Read the archive in a web browser on this machine, until Ctrl-C

    \b
    Example:
        muragat browse --archive my-archive
    """
    from archive.site.serving import serve

    serve(archive_folder(archive), port=port, open_browser=not no_open)
