"""Options that say which articles are meant: the same for every command that chooses some."""

from __future__ import annotations

from typing import Any

import click

from archive.option_types import DAY, Number


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


def sql_filters(command: Any) -> Any:
    """The options that choose further: a condition in SQL, one of each story, what is reserved."""
    for option in (
        click.option(
            "--tdm",
            type=click.Choice(["any", "free", "reserved"]),
            default="any",
            show_default=True,
            help="free: without what publishers reserve against text and data mining; reserved: only that",
        ),
        click.option(
            "--dedup", is_flag=True, help="Of each story only its first article; see `muragat copies`"
        ),
        click.option(
            "--where-seconds",
            "sql_seconds",
            type=Number(min=0.001),
            default=60.0,
            show_default=True,
            help="Give --where up after so long",
        ),
        click.option(
            "--where",
            "sql",
            metavar="SQL",
            help="Only where this holds: a condition over the columns of `articles`",
        ),
        click.option("--query", "words", metavar="WORDS", help="Only what `muragat search WORDS` finds"),
    ):
        command = option(command)
    return command
