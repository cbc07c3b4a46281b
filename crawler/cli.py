"""The `muragat` command. Each subcommand states its promise; the work is done elsewhere."""

from __future__ import annotations

import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from archive.cli import (
    archive_option,
    browse,
    changes,
    copies,
    export,
    fronts,
    publish,
    reindex,
    release,
    search,
    status,
    takedown,
)
from archive.errors import ArchiveError, PortTaken
from archive.exits import Exit, exit_for
from archive.merging.commands import merge
from archive.option_types import DAY, WholeNumber
from archive.piped import PipedCommand
from archive.store.disk import is_machine_error, storage_error
from archive.store.folder import archive_folder
from crawler.cluster.commands import cluster, collect, worker
from crawler.schedule.commands import schedule
from crawler.settings import VERSION
from crawler.sources.errors import ProfileError, UnknownSource
from crawler.torture.commands import torture

allow_private = click.option(
    "--allow-private", is_flag=True, help="Ask loopback and private networks too (for tests)"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="muragat")
def cli() -> None:
    """Collect regional news into an archive of your own: crawl, clean, keep, search, read, export.

    \b
    Start with:
        muragat demo                 a made-up newspaper, offline
        muragat sources list         whom muragat knows
        muragat crawl liter_kz       what is new there
        muragat browse               read it
    """


COMMANDS = (
    *(search, copies, changes, fronts, browse, publish, export, release, reindex, status, takedown, schedule),
    *(torture, worker, collect, cluster, merge),
)
for command in COMMANDS:
    cli.add_command(command)


@cli.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A profile outside the archive",
)
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="Leave what states an earlier day on the list")
@click.option("--limit", type=WholeNumber(min=1), help="At most this many articles of each source")
@click.option("--revisit", is_flag=True, help="Ask for every known article again, whether it changed or went")
@allow_private
@archive_option
def crawl(
    source_ids: tuple[str, ...],
    profile: Path | None,
    since: datetime | None,
    limit: int | None,
    revisit: bool,
    allow_private: bool,
    archive: str | None,
) -> None:
    """Crawl sources, all by default: only what is new or changed is fetched

    Can be stopped at any time with Ctrl-C, or killed: the next crawl goes on where it was.

    \b
    Example:
        muragat crawl liter_kz inkaraganda_kz --since 2026-03-01
    """
    from crawler.runs.commands import crawl_sources  # Scrapy is only loaded by who needs it
    from crawler.runs.options import CrawlOptions

    if profile and source_ids:
        raise click.UsageError("name sources or a --profile, not both")
    options = CrawlOptions(
        limit=limit,
        since=since.date() if since else None,
        revisit=revisit,
        allow_private=allow_private,
    )
    sys.exit(crawl_sources(archive_folder(archive), source_ids, profile, options))


@cli.command()
@click.argument("source_id", required=False, metavar="SOURCE")
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A profile outside the archive",
)
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", required=True, help="From this day on")
@click.option("--limit", type=WholeNumber(min=1), help="At most this many articles")
@allow_private
@archive_option
def backfill(
    source_id: str | None,
    profile: Path | None,
    since: datetime,
    limit: int | None,
    allow_private: bool,
    archive: str | None,
) -> None:
    """Look for articles of days past that no crawl found: `muragat status --missing` lists such days

    Reads every sitemap that may name articles of these days, also those read before, and walks listings down
    until they are older. Then fetches what is new, as a crawl does, and says what each day has gained. What
    states an earlier day stays on the list.

    \b
    Example:
        muragat backfill liter_kz --since 2026-03-01
    """
    from crawler.runs.backfilling import backfill_source

    if (profile is None) == (source_id is None):
        raise click.UsageError("name a SOURCE or a --profile")
    folder, day = archive_folder(archive), since.date()
    sys.exit(backfill_source(folder, source_id, profile, day, limit=limit, allow_private=allow_private))


@cli.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--source", "source_id", metavar="ID", help="Every page is of this source, whatever its host")
@click.option("--limit", type=WholeNumber(min=1), help="At most this many new pages and articles in all")
@archive_option
def import_warc(
    files: tuple[Path, ...], source_id: str | None, limit: int | None, archive: str | None
) -> None:
    """Take in other people's crawls (.warc, .warc.gz, .warc.zst) and data sets (.jsonl, .jsonl.gz, .parquet)

    Every HTML page that was answered with 200 is kept, read and saved as if it had been fetched when the file
    says it was; nothing is asked of the internet. A page belongs to the source whose site it is of, or to one
    made from its host. Broken records are told by number and place, and left out. What is older than what
    the archive knows of an article replaces nothing. Can be stopped at any time with Ctrl-C, or killed:
    import the file again, and what is there already is passed over.

    A data set is what `muragat export` writes; articles come back as they were told, under their number where
    that is free, and one that is kept already stays as it is. Articles of schema.org or zyte-common-items
    come in too.

    \b
    Example:
        muragat import CC-NEWS-20260310.warc.gz --limit 1000
        muragat import articles.parquet
    """
    from crawler.runs.importing import import_files

    sys.exit(import_files(archive_folder(archive), files, source_id, limit))


@cli.command()
@click.option("--no-browse", is_flag=True, help="End after the crawl")
@click.option("--no-open", is_flag=True, help="Do not open a web browser")
@click.option("--port", type=WholeNumber(0, 65535), default=8001, show_default=True, help="For reading")
@click.option("--archive", metavar="DIR", help="The folder to crawl into; by default a fresh ./demo-archive")
def demo(no_browse: bool, no_open: bool, port: int, archive: str | None) -> None:
    """Crawl a made-up newspaper, offline, and open the archive it gives

    The newspaper is served on this machine until you have read enough, at the same addresses each time: its
    morning edition, then its evening edition, in which one article was reworded and one has gone.

    \b
    Example:
        muragat demo --no-browse --archive /tmp/demo
    """
    from crawler.demo.running import refuse_used, run_demo

    folder = archive_folder(archive or "demo-archive")
    if archive is None:
        refuse_used(folder)  # before the port: that one is taken too would be no help
    if no_browse:
        sys.exit(run_demo(folder, fresh=archive is None, read=None))
    from archive.site.serving import listening, serve

    try:
        listening("127.0.0.1", port).close()  # a taken port is told before anything is crawled or replaced
    except PortTaken as error:
        raise PortTaken(f"{error}; by make: make demo PORT={port + 1 if port < 65535 else 0}") from error
    sys.exit(
        run_demo(
            folder,
            fresh=archive is None,
            read=lambda: serve(folder, port=port, open_browser=not no_open),
        )
    )


@cli.group()
def sources() -> None:
    """See, check and add the sites that are crawled"""


@sources.command("list", cls=PipedCommand)
@archive_option
def sources_list(archive: str | None) -> None:
    """List every source: id, name, languages, and what is known of it

    \b
    Example:
        muragat sources list
    """
    from crawler.sources.showing import list_lines

    lines, errors = list_lines(archive_folder(archive).sources)
    click.echo("\n".join(lines))
    for error in errors:
        click.echo(f"Error: {error}", err=True)
    if errors:
        sys.exit(Exit.PROFILE)


@sources.command("show", cls=PipedCommand)
@click.argument("source_id")
@archive_option
def sources_show(source_id: str, archive: str | None) -> None:
    """Print a source's profile as it is read, and as comments what was learned of it

    \b
    Example:
        muragat sources show liter_kz > my-archive/sources/liter_kz.toml
    """
    from crawler.runs.choosing import named_sources
    from crawler.sources.layouts import learned_lines
    from crawler.sources.writing import profile_text

    source = named_sources(archive_folder(archive), [source_id], None)[0]
    click.echo(profile_text(source), nl=False)
    for line in learned_lines(source):
        click.echo(line)


@sources.command("check", cls=PipedCommand)
@click.argument("source_id", required=False)
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A profile outside the archive",
)
@click.option("--limit", type=WholeNumber(1, 50), default=3, show_default=True, help="Articles to read")
@allow_private
@archive_option
def sources_check(
    source_id: str | None, profile: Path | None, limit: int, allow_private: bool, archive: str | None
) -> None:
    """Fetch a few articles of a source and show what would be kept; nothing is

    \b
    Example:
        muragat sources check liter_kz
    """
    from crawler.runs.checking import check_source

    sys.exit(check_source(archive_folder(archive), source_id, profile, limit, allow_private=allow_private))


@sources.command("add", cls=PipedCommand)
@click.argument("url")
@click.option("--id", "source_id", help="Its id; by default made from the host")
@click.option("--print", "print_only", is_flag=True, help="Print the draft instead of saving it")
@allow_private
@archive_option
def sources_add(
    url: str, source_id: str | None, print_only: bool, allow_private: bool, archive: str | None
) -> None:
    """Draft a profile from a site's front page: its feeds, sitemaps and listings

    The draft names what is only supposed; read it, correct it, then `muragat sources check` it.

    \b
    Example:
        muragat sources add https://news.example/
    """
    from crawler.runs.adding import add_source

    sys.exit(
        add_source(
            archive_folder(archive), url, source_id, print_only=print_only, allow_private=allow_private
        )
    )


@sources.command("learn", cls=PipedCommand)
@click.argument("source_id", required=False)
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A profile outside the archive",
)
@click.option("--pages", type=WholeNumber(2, 50), default=12, show_default=True, help="Kept pages to compare")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing")
@archive_option
def sources_learn(
    source_id: str | None, profile: Path | None, pages: int, dry_run: bool, archive: str | None
) -> None:
    """Learn from kept pages where a source shows what, and what its texts repeat

    Reads pages the archive has kept, fetches nothing, and writes a file beside the profiles that the next
    crawl uses. A crawl does the same by itself when there are pages enough. A file that a person has
    changed is never overwritten.

    \b
    Example:
        muragat sources learn liter_kz --dry-run
    """
    from crawler.runs.learning import learn_source

    sys.exit(learn_source(archive_folder(archive), source_id, profile, pages, dry_run=dry_run))


@cli.group()
def alarms() -> None:
    """Be told when a source is worse, silent, or well again: by e-mail, webhook or file"""


@alarms.command("test")
@archive_option
def alarms_test(archive: str | None) -> None:
    """Send a test message to every channel of alarms.toml, and say what came of it

    \b
    Example:
        muragat alarms test
    """
    from crawler.alarms.commands import try_alarms

    sys.exit(try_alarms(archive_folder(archive)))


@alarms.command("list", cls=PipedCommand)
@archive_option
def alarms_list(archive: str | None) -> None:
    """List the channels of alarms.toml, and what each was told last

    \b
    Example:
        muragat alarms list
    """
    from crawler.alarms.commands import list_alarms

    sys.exit(list_alarms(archive_folder(archive)))


@cli.command(cls=PipedCommand)
@click.argument("source_id", required=False, metavar="SOURCE")
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A profile outside the archive",
)
@click.option("--days", type=WholeNumber(1, 3650), default=30, show_default=True, help="So many days back")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to this file as a web page that loads nothing, in the source's own language",
)
@click.option(
    "--language", type=click.Choice(["ru", "kk", "en"]), help="By default en, with --html the source's"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object")
@archive_option
def manners(
    source_id: str | None,
    profile: Path | None,
    days: int,
    html: Path | None,
    language: str | None,
    as_json: bool,
    archive: str | None,
) -> None:
    """Show a publisher how its site was treated: requests a day, pauses kept, bytes saved, robots.txt, wishes

    Says who asked, how often and how far apart, how much was received and how much the site did not have to
    send again, when it asked us to wait, what its robots.txt said and when that changed, what it reserves
    against text and data mining, and what to write where so that we ask more slowly or not at all.

    \b
    Example:
        muragat manners liter_kz --html liter_kz.html
    """
    from crawler.manners.commands import show_manners

    if (profile is None) == (source_id is None):
        raise click.UsageError("name a SOURCE or a --profile")
    if html and as_json:
        raise click.UsageError("--html or --json, not both")
    folder = archive_folder(archive)
    sys.exit(
        show_manners(folder, source_id, profile, days=days, html=html, language=language, as_json=as_json)
    )


@cli.command(cls=PipedCommand)
@click.argument("pages", nargs=-1, required=True, metavar="FILE|URL|-...")
@click.option("--url", help="The address a FILE or standard input was fetched from")
@click.option(
    "--explain",
    is_flag=True,
    help="Tell a person why: each field's winner and losers, and every block kept or dropped",
)
@click.option("--json", "as_data", is_flag=True, help="With --explain: the same as a line of JSON")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write why to this file too, as a web page that loads nothing",
)
@allow_private
def extract(
    pages: tuple[str, ...],
    url: str | None,
    explain: bool,
    as_data: bool,
    html: Path | None,
    allow_private: bool,
) -> None:
    """Read one page after the other and print each article as a line of JSON

    \b
    Example:
        muragat extract page.html --url https://news.example/a/1 --explain --html why.html
    """
    from crawler.runs.extracting import extract_pages

    sys.exit(
        extract_pages(pages, url, explain=explain, as_data=as_data, html=html, allow_private=allow_private)
    )


@cli.command(cls=PipedCommand)
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@click.option("--source", "more_ids", multiple=True, metavar="ID", help="The same as a SOURCE")
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A profile outside the archive",
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing")
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Also pages that this version has read: when a profile or a layout changed",
)
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="Only pages fetched on or after this day (UTC)")
@click.option("--limit", type=WholeNumber(min=1), help="At most this many pages; the next call goes on")
@click.option(
    "--examples", type=WholeNumber(0, 1000), default=3, show_default=True, help="Shown of each field"
)
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object")
@archive_option
def reclean(
    source_ids: tuple[str, ...],
    more_ids: tuple[str, ...],
    profile: Path | None,
    dry_run: bool,
    every: bool,
    since: datetime | None,
    limit: int | None,
    examples: int,
    as_json: bool,
    archive: str | None,
) -> None:
    """Read kept pages again with the present cleaning, and show what that gains, loses and changes

    Fetches nothing. The newest page of each article is read as in a crawl, and pages in which no article was
    seen. A text that reads otherwise is a revision of Muragat's own, never the publisher's edit. Can be
    killed at any time: the next call goes on.

    \b
    Example:
        muragat reclean liter_kz --dry-run
    """
    from crawler.recleaning.commands import reclean as read_again
    from crawler.recleaning.reading import RecleanOptions

    ids = (*source_ids, *more_ids)
    if profile and ids:
        raise click.UsageError("name sources or a --profile, not both")
    options = RecleanOptions(dry_run=dry_run, every=every, since=since.date() if since else None, limit=limit)
    sys.exit(read_again(archive_folder(archive), ids, profile, options, examples=examples, as_json=as_json))


@cli.command(cls=PipedCommand)
@click.option("--full", is_flag=True, help="Every page and article instead of a sample")
@click.option("--repair", is_flag=True, help="Repair what can be, after a full look, and look again")
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --repair: a profile outside the archive, to read its pages by",
)
@archive_option
def audit(full: bool, repair: bool, profile: Path | None, archive: str | None) -> None:
    """Check whether anything in the archive is lost, double or damaged; changes nothing without --repair

    Ends with exit code 6 if so. May be run at any time, also while a crawl is writing.

    With --repair no crawl may run. Indexes, counts, fingerprints and the search index are made again; texts,
    links and pictures, lost articles and wordings are read again from their kept pages; pages that are
    damaged themselves are asked again by the next crawl. What is overwritten is first written into
    logs/repair-*.jsonl. Ends with exit code 0 only when a second full look finds nothing.

    \b
    Example:
        muragat audit --full
        muragat audit --repair
    """
    if repair:
        from crawler.repairing.commands import repair_archive

        sys.exit(repair_archive(archive_folder(archive), profile))
    from archive.health.showing import print_audit

    sys.exit(Exit.DONE if print_audit(archive_folder(archive), full=full) else Exit.STORAGE)


def main() -> None:
    """Run the command; every error ends as one line and its own exit code."""
    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        give_up("interrupted", Exit.INTERRUPTED)
    except ProfileError as error:
        give_up(error, Exit.PROFILE)
    except UnknownSource as error:
        give_up(error, Exit.WRONG_USE)
    except ArchiveError as error:
        give_up(error, exit_for(error))
    except OSError as error:
        if not is_machine_error(error):
            give_up_on_a_bug(error)
        give_up(storage_error(error, "a file"), Exit.STORAGE)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug must be seen, and its place
        give_up_on_a_bug(error)
    else:
        sys.exit(code if isinstance(code, int) else Exit.DONE)


def give_up_on_a_bug(error: Exception) -> NoReturn:
    """Show where our own code failed and leave."""
    traceback.print_exc()
    give_up(f"{type(error).__name__}: {error} (this is a bug; please report what is above)", Exit.BUG)


def give_up(error: object, code: Exit) -> NoReturn:
    """Say what went wrong in one line and leave."""
    Console(stderr=True, soft_wrap=True).print(f"Error: {error}", markup=False, highlight=False)
    sys.exit(code)


if __name__ == "__main__":
    main()
