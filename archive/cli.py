"""The commands that need no crawler: search, copies, changes, fronts, browse, publish, export and others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import click

from archive.article_options import article_filters, sql_filters
from archive.exits import Exit
from archive.option_types import DAY, MOMENT, Number, WholeNumber
from archive.piped import PipedCommand
from archive.store.folder import ArchiveFolder, archive_folder

archive_option = click.option(
    "--archive", metavar="DIR", help="The archive's folder; by default MURAGAT_ARCHIVE or ./muragat-archive"
)


@click.command(cls=PipedCommand, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1)
@article_filters
@click.option("--like", metavar="ARTICLE", help="Instead of WORDS: articles like this one, by id or address")
@click.option("--limit", type=WholeNumber(min=1), default=20, show_default=True, help="At most this many")
@click.option("--newest", is_flag=True, help="The newest first instead of the best")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line")
@archive_option
def search(
    words: tuple[str, ...],
    like: str | None,
    limit: int,
    newest: bool,
    as_json: bool,
    archive: str | None,
    **filters: Any,
) -> None:
    """Find articles that have all the WORDS, in any of their forms

    «выборы акимов» finds «выборов акима», «сайлау» finds «сайлауының». Write "a phrase" in quotes, =form for
    that very form, -word (NOT word) for a word that must not be there, begin* for all words that begin so, OR
    (ИЛИ, НЕМЕСЕ) between words of which one will do, and title:word, source:liter_kz (or liter.kz), lang:kk,
    section:Спорт, author:Сатова (-lang:kk for all others), after:2025-11, before:2026. An address alone finds
    the article that is kept under it. A word in the title counts more than one in the text, and new articles
    a little more than old ones. Of a folder of several archives all are searched, the newest first.

    \b
    Example:
        muragat search "выборы акимов -тендер" --since 2026-01-01
        muragat search --newest "сайлау lang:kk after:2026-03"
        muragat search --like https://news.example/a/1
    """
    from archive.search.commands import print_alike, print_hits

    unknown = next((word for word in words if word.startswith("--") and len(word) > 2), None)
    if unknown:
        raise click.UsageError(f"no such option: {unknown}; -word leaves a word out, with one hyphen")
    if bool(words) == bool(like):
        raise click.UsageError("name WORDS to look for, or an article with --like")
    if like:
        print_alike(archive_folder(archive), like, limit=limit, as_json=as_json)
        return
    asked = " ".join(words)
    sys.exit(print_hits(archive_folder(archive), asked, filters, limit=limit, newest=newest, as_json=as_json))


@click.command(cls=PipedCommand)
@click.option(
    "--to", metavar="FILE|DIR|-", help="The file or folder to write; its ending names the format; - prints"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet", "sqlite", "hf", "datapackage", "warc", "atom", "txt"]),
    help="The format, where --to has no ending; see --list-formats",
)
@article_filters
@sql_filters
@click.option(
    "--split",
    "splits",
    type=DAY,
    multiple=True,
    metavar="YYYY-MM-DD",
    help="A new part begins with this day: once for train and test, twice for validation too. A story, "
    "copies and all, is in the part of its first day",
)
@click.option(
    "--partition-by",
    type=click.Choice(["source", "month", "source,month"]),
    help="Parquet: a folder for each, named as DuckDB and Spark read it (source=liter_kz/month=2026-03)",
)
@click.option("--columns", metavar="A,B,…", help="These columns in this order; see --list-columns")
@click.option("--with-html", is_flag=True, help="The body as safe HTML too")
@click.option(
    "--raw-csv", is_flag=True, help="Leave cells that a spreadsheet may run as a formula as they are"
)
@click.option("--excel", is_flag=True, help="Begin the CSV with a byte order mark, as Excel wants it")
@click.option(
    "--with-takedowns", is_flag=True, help="JSON Lines: a line for each article taken down, at the end"
)
@click.option(
    "--with-sources",
    is_flag=True,
    help="JSON Lines: a line for each source, before the articles: its name, languages, time zone",
)
@click.option("--list-columns", is_flag=True, help="Show every column with its meaning, and end")
@click.option("--list-formats", is_flag=True, help="Show every format with its endings, and end")
@archive_option
def export(
    to: str | None, archive: str | None, list_columns: bool, list_formats: bool, **options: Any
) -> None:
    """Write the archive's articles, or its raw pages, to a file or folder: every one once, ordered by id

    What is written appears when it is complete; a folder for it that is not there is made. Parquet has
    typed columns; sqlite is an archive of its own, for Datasette; hf is a folder for Hugging Face's
    `datasets`, datapackage one for Frictionless; txt is a text for each article, in a folder or a ZIP; WARC
    holds pages as they were fetched: all that are kept, or with options that choose articles, the pages
    those were read from. In CSV, lists are JSON text, and a text that begins with = + - @ gets a leading
    apostrophe, so that no spreadsheet runs it.

    What sources are called, their languages and time zones stand in the heads of Parquet and WARC files, and
    in JSON Lines with --with-sources; `muragat import` takes them from there.

    What a publisher says of text and data mining stands in the columns tdm_reserved and tdm_said: in the page
    or its headers, else in the site's tdmrep.json, else robots.txt shuts crawlers of AI companies out.

    \b
    Example:
        muragat export --to corpus.jsonl.gz --tdm free
        muragat export --to march.csv --source liter_kz --since 2026-03-01 --until 2026-03-31
        muragat export --to long.parquet --where "length(body) > 2000 AND section = 'Спорт'" --dedup
        muragat export --to corpus --format hf --split 2026-01-01
        muragat export --to articles --format parquet --partition-by source,month
        muragat export --to pages.warc.gz
    """
    from archive.exports.commands import column_lines, export_to, format_lines

    if list_columns or list_formats:
        click.echo("\n".join(column_lines() if list_columns else format_lines()))
        return
    if to is None:
        raise click.UsageError("say where to: --to FILE.jsonl, FILE.csv, FILE.parquet, FILE.warc.gz, or -")
    sys.exit(export_to(archive_folder(archive), to, **options))


@click.group()
def release() -> None:
    """Make data sets that can be cited: the same bytes again from the same archive"""


@release.command("make")
@click.argument("name")
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    required=True,
    help="The folder that releases lie in; this one is DIR/NAME",
)
@article_filters
@sql_filters
@click.option(
    "--text-free",
    is_flag=True,
    help="No texts: addresses, hashes, and counts of words and successions of words over all articles",
)
@click.option(
    "--after",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="RELEASE",
    help="The release to tell changes from; by default the newest other one in DIR",
)
@click.option("--title", help="Its title; by default it names the sources")
@archive_option
def release_make(name: str, to: Path, archive: str | None, **options: Any) -> None:
    """Write the release NAME: articles as Parquet, JSON Lines and CSV, with all that citing them needs

    A card says what the set covers and lacks, its duplicates, by which rules it was read and whose it is;
    datapackage.json and croissant.json say it to programs; CHANGELOG.md and changes.csv what changed since
    the release before; tombstones.csv what was taken down; SHA256SUMS proves every file. The same archive
    and options give the same bytes on any machine with the same versions, which are stated.

    \b
    Example:
        muragat release make 2026-03 --to releases --until 2026-03-31
        muragat release make 2026-03-counts --to releases --until 2026-03-31 --text-free
    """
    from archive.exports.release_commands import release_to

    sys.exit(release_to(archive_folder(archive), name, to, **options))


@click.command()
@click.option("--always", is_flag=True, help="Make the index anew even if it is sound")
@archive_option
def reindex(always: bool, archive: str | None) -> None:
    """Make the search index anew, where it needs to be

    It needs to be after an update with better rules of word forms, or when another program filled it.
    May be stopped at any time and goes on where it was; searches are answered meanwhile.

    \b
    Example:
        muragat reindex
    """
    from archive.search.reindexing import reindex as make_anew

    make_anew(archive_folder(archive), always=always)


@click.command(cls=PipedCommand)
@click.argument("article", required=False)
@click.option(
    "--threshold",
    type=Number(0.3, 1.0),
    default=0.8,
    show_default=True,
    help="How much of the shorter text must stand in the other, 0.3 to 1",
)
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only stories this source has too")
@click.option(
    "--since", type=DAY, metavar="YYYY-MM-DD", help="Only stories with an article of this day or later"
)
@click.option(
    "--limit", type=WholeNumber(min=1), default=20, show_default=True, help="Without ARTICLE: how many"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each story")
@click.option("--fill", is_flag=True, help="Compare what an earlier version kept; goes on if stopped")
@click.option("--rebuild", is_flag=True, help="Compare all articles anew, when the audit finds damage")
@archive_option
def copies(article: str | None, archive: str | None, fill: bool, rebuild: bool, **options: Any) -> None:
    """Show where else the story of an ARTICLE stands, and who was first; without one, the widest spread

    ARTICLE is its number in the archive or its address. The share is how many words of the shorter text
    stand in the other, in the same passages. Of several that state only one and the same day nobody knows
    which was first, and it says so. A form filled in anew, as weather and rates are, is no copy.

    \b
    Example:
        muragat copies --since 2026-03-01
        muragat copies https://news.example/a/1 --threshold 0.5
    """
    from archive.syndication.commands import fill_copies, print_copies

    if fill or rebuild:
        if article is not None:
            raise click.UsageError("--fill and --rebuild concern all articles; name none")
        fill_copies(archive_folder(archive), anew=rebuild)
        return
    print_copies(archive_folder(archive), article, **options)


@click.command(cls=PipedCommand)
@click.argument("article", required=False)
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated")
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="Only what was seen on or after this day (UTC)")
@click.option(
    "--by",
    "cause",
    type=click.Choice(["publisher", "recleaned"]),
    help="Only the publisher's edits, or only our own better readings of the same page",
)
@click.option(
    "--limit", type=WholeNumber(min=1), default=20, show_default=True, help="Without ARTICLE: how many"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each rewording")
@archive_option
def changes(article: str | None, archive: str | None, **options: Any) -> None:
    """Show how an ARTICLE was reworded, word by word; without one, which were reworded last

    ARTICLE is its number in the archive or its address. Removed words stand in [-these-] marks, new ones in
    {+these+}; a better reading of the same page by Muragat itself is told apart from the publisher's edits.

    \b
    Example:
        muragat changes --since 2026-03-01 --by publisher
        muragat changes https://news.example/a/1
    """
    from archive.revisions.commands import print_changes

    print_changes(archive_folder(archive), article, **options)


@click.command(cls=PipedCommand)
@click.argument("source")
@click.option(
    "--at", type=MOMENT, metavar="TIME", help='In this minute (UTC): "2026-03-10 12:30"; by default now'
)
@click.option("--url", help="Where the article of this address stood, and how long")
@click.option("--top", is_flag=True, help="What was on top, one after the other")
@click.option("--reworded", is_flag=True, help="Articles whose headline was changed on the page")
@click.option(
    "--since", type=DAY, metavar="YYYY-MM-DD", help="With --top or --reworded: from this day on (UTC)"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line")
@archive_option
def fronts(
    source: str,
    at: datetime | None,
    url: str | None,
    top: bool,
    reworded: bool,
    since: datetime | None,
    as_json: bool,
    archive: str | None,
) -> None:
    """Show what stands on the front pages of a SOURCE, or stood there at a time

    Remembers the first page of each listing its profile names, as crawls saw it: which article on which
    place, in which block, under which headline. For each place: how long the article stands on it, how long
    on the page, the headline there and the article's own title where that is another. Between two looks
    nobody knows, and it says so.

    \b
    Example:
        muragat fronts liter_kz --at "2026-03-10 12:30"
        muragat fronts liter_kz --url https://liter.kz/a/1
        muragat fronts liter_kz --top --since 2026-03-01
    """
    from archive.fronts import commands

    if sum((at is not None, url is not None, top, reworded)) > 1:
        raise click.UsageError("choose one of --at, --url, --top and --reworded")
    if since and not (top or reworded):
        raise click.UsageError("--since goes with --top or --reworded")
    folder = archive_folder(archive)
    if url:
        commands.print_stay(folder, source, url, json_lines=as_json)
    elif top:
        commands.print_tops(folder, source, since, json_lines=as_json)
    elif reworded:
        commands.print_rewordings(folder, source, since, json_lines=as_json)
    else:
        commands.print_front(folder, source, at, json_lines=as_json)


# What others add below `muragat status`, line by line: the crawler, not imported here, fills it.
also_told: list[Callable[[ArchiveFolder], Iterable[str]]] = []


@click.command(cls=PipedCommand)
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object")
@click.option("--check", is_flag=True, help="End with exit code 4 when a source is worse or silent")
@click.option("--missing", is_flag=True, help="Show days of which articles are likely missing instead")
@click.option(
    "--since", type=DAY, metavar="YYYY-MM-DD", help="With --missing: from this day; by default 30 days back"
)
@archive_option
def status(
    source_ids: tuple[str, ...],
    as_json: bool,
    check: bool,
    missing: bool,
    since: datetime | None,
    archive: str | None,
) -> None:
    """Show how SOURCEs are doing, all by default: well or not and why, articles, the last run, what waits

    A source is well, worse or silent, judged after each crawl by its profile's [expect] and its own past; new
    while too little is known. --missing estimates, from how far feeds, sitemaps and listings name the same
    articles of a day, how many none of them named: a floor, since what one misses others miss too.
    The last line is of the whole archive. Of a folder of several archives each is shown under its name.

    \b
    Example:
        muragat status liter_kz
        muragat status --check
        muragat status --missing --since 2026-03-01
    """
    if missing:
        from archive.health.missing_showing import print_missing

        day = since.date() if since else None
        print_missing(archive_folder(archive), source_ids, since=day, as_json=as_json)
        return
    from archive.health.showing import print_status

    folder = archive_folder(archive)
    well = print_status(folder, source_ids, as_json=as_json)
    for line in () if as_json or source_ids else chain.from_iterable(told(folder) for told in also_told):
        click.echo(line)
    sys.exit(Exit.SOURCES_FAILED if check and not well else Exit.DONE)


@click.command(cls=PipedCommand)
@click.argument("article", required=False, metavar="URL")
@click.option("--reason", default="", help="Why, in words; kept with the tombstone")
@click.option("--by", "asked_by", default="", help="Who wished it; kept with the tombstone")
@click.option("--yes", "is_confirmed", is_flag=True, help="Do not ask whether it is meant")
@click.option("--list", "is_list", is_flag=True, help="Show what was taken down, the newest first")
@click.option("--json", "as_json", is_flag=True, help="With --list: one JSON object a line")
@archive_option
def takedown(
    article: str | None,
    reason: str,
    asked_by: str,
    is_confirmed: bool,
    is_list: bool,
    as_json: bool,
    archive: str | None,
) -> None:
    """Take an article out of the archive for good, at its publisher's wish or a court's

    URL is any address of it, or its number. Its text, earlier wordings, pictures, links, search row, copies
    and raw pages go, and the files are written anew, so that its words are in neither any more; that takes a
    while and as much free disk as the files. A tombstone stays: the address is never asked, imported or read
    again. No crawl may run. Can be killed: the same command again goes on. Ends with exit code 6 when a copy
    of it is left that a person must see to, and says where.

    \b
    Example:
        muragat takedown https://news.example/a/1 --reason "right to be forgotten" --by "letter of 3 March"
        muragat takedown --list
    """
    from archive.takedown.commands import list_takedowns, take_down_named

    if is_list == bool(article):
        raise click.UsageError("name the URL of an article, or --list")
    if as_json and not is_list:
        raise click.UsageError("--json is for --list")
    folder = archive_folder(archive)
    if is_list:
        sys.exit(list_takedowns(folder, as_json=as_json))
    assert article is not None, "without --list it is named"
    sys.exit(take_down_named(folder, article, reason=reason, asked_by=asked_by, is_confirmed=is_confirmed))


@click.command()
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The file to write, or a folder for it",
)
@archive_option
def publish(snapshot: Path, archive: str | None) -> None:
    """Write a snapshot of the archive, to be shown to the world: one file that nobody changes

    It is made beside FILE, checked, and put in its place at once; what serves the earlier one goes on and
    sees the new one within seconds. A folder for it that is not there is made. A crawl may go on meanwhile.
    It holds what the site shows: no raw pages, and nothing of whom alarms tell or what waits to be asked;
    of what was taken down, unsalted hashes of addresses, so who guesses an address can confirm it.

    \b
    Example:
        muragat publish --snapshot /srv/public/news.db
    """
    from archive.publishing.commands import publish_snapshot

    publish_snapshot(archive_folder(archive), snapshot)


@click.command()
@click.argument("archives", nargs=-1, metavar="[ARCHIVE]...", type=click.Path(path_type=Path))
@click.option("--port", type=WholeNumber(0, 65535), default=8001, show_default=True, help="0: any free one")
@click.option("--no-open", is_flag=True, help="Do not open a web browser")
@click.option(
    "--snapshot",
    "snapshots",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Serve this published file instead of an archive; may be repeated",
)
@click.option(
    "--public",
    metavar="ADDRESS",
    help="Be fit for the world, which finds it at ADDRESS: https://archive.example/",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Listen at this address of the machine; another one than this wants --public",
)
@click.option("--sql", is_flag=True, help="Let readers write SQL, within the limits of time and size")
@archive_option
def browse(
    archives: tuple[Path, ...],
    port: int,
    no_open: bool,
    snapshots: tuple[Path, ...],
    public: str | None,
    host: str,
    sql: bool,
    archive: str | None,
) -> None:
    """Read archives in a web browser on this machine, until Ctrl-C

    Several ARCHIVEs, or the parts in the folders of one, are served together: a search across all of them at
    /, and each below its folder's name. With --public it answers to the name of ADDRESS only (and to
    localhost, for the proxy and its health checks: with the same pages), shows nothing of the machine,
    refuses what would be slow for all, and says what it has set and what is left to the proxy before it.

    \b
    Example:
        muragat browse --archive my-archive
        muragat browse archive-2025 archive-2026
        muragat browse --snapshot /srv/public/news.db --public https://archive.example/ --no-open
    """
    from archive.site.openness import Openness, PublicAddress
    from archive.site.serving import is_loopback, serve_chosen

    try:
        address = PublicAddress.of(public) if public else None
    except ValueError as error:
        raise click.UsageError(f"--public: {error}") from error
    if address is None and not is_loopback(host):
        raise click.UsageError(
            f"--host {host}: others could read it there; say at which address with --public"
        )
    if sum((bool(archives), bool(snapshots), archive is not None)) > 1:
        raise click.UsageError("name ARCHIVEs, or --snapshot files, or an --archive, not several of these")
    serve_chosen(
        archives or (archive_folder(archive).path,),
        snapshots,
        port=port,
        open_browser=not no_open,
        host=host,
        openness=Openness(address, sql),
    )
