"""The `muragat schedule` commands."""

from __future__ import annotations

import sys
from typing import Any

import click

from archive.cli import archive_option
from archive.option_types import DAY, WholeNumber
from archive.piped import PipedCommand
from archive.store.folder import archive_folder

source_ids = click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
allow_private = click.option(
    "--allow-private", is_flag=True, help="Ask loopback and private networks too (for tests)"
)
since = click.option(
    "--since",
    type=DAY,
    metavar="YYYY-MM-DD",
    help="Leave what states an earlier day on the list",
)


@click.group()
def schedule() -> None:
    """Crawl each source when it is time: by a timer, by cron, or in the foreground

    Each source has its own rhythm, from every 10 minutes to once a day, learned from what it publishes.
    """


@schedule.command("run")
@source_ids
@since
@click.option("--quiet", is_flag=True, help="Say only what went wrong: for cron, which mails what is said")
@click.option("--enqueue", is_flag=True, help="Send what is due to workers by way of MURAGAT_REDIS instead")
@click.option("--name", default="muragat", show_default=True, help="With --enqueue: the cluster's name")
@click.option(
    "--archive-per",
    type=click.Choice(["month", "source-group"]),
    help="With --enqueue: an archive for each month, or for each region of the profiles, in the folder",
)
@allow_private
@archive_option
def schedule_run(
    source_ids: tuple[str, ...],
    since: Any,
    quiet: bool,
    enqueue: bool,
    name: str,
    archive_per: str | None,
    allow_private: bool,
    archive: str | None,
) -> None:
    """Crawl what is due, and end: for timers; may be called at any time

    Sources that are not due are not touched. A long list is cut after ten minutes, so that no source waits
    for another; a run ends after half an hour, and the next one goes on. Ends with exit code 5 when another
    crawl holds the archive. Can be stopped at any time with Ctrl-C, or killed.

    \b
    Example:
        muragat schedule run
    """
    from crawler.runs.options import CrawlOptions
    from crawler.schedule.running import run_due

    options = CrawlOptions(since=since.date() if since else None, allow_private=allow_private)
    if archive_per and not enqueue:
        raise click.UsageError("--archive-per is for --enqueue: a crawl of this machine keeps one archive")
    if enqueue:
        from crawler.cluster.commands import enqueue_to

        home = archive_folder(archive)
        sys.exit(enqueue_to(home, source_ids, options, name=name, quiet=quiet, per=archive_per))
    sys.exit(run_due(archive_folder(archive), source_ids, options, quiet=quiet))


@schedule.command("list", cls=PipedCommand)
@source_ids
@click.option("--json", "as_json", is_flag=True, help="One JSON list")
@archive_option
def schedule_list(source_ids: tuple[str, ...], as_json: bool, archive: str | None) -> None:
    """Show when each source was crawled, how often it is and why, and when it is next

    \b
    Example:
        muragat schedule list
    """
    from crawler.schedule.showing import print_schedule

    print_schedule(archive_folder(archive), source_ids, as_json=as_json)


@schedule.command("install")
@source_ids
@since
@click.option(
    "--with",
    "kind",
    type=click.Choice(["systemd", "cron"]),
    help="What is to call; by default what this machine runs",
)
@click.option("--enable", is_flag=True, help="Start it too")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing")
@archive_option
def schedule_install(
    source_ids: tuple[str, ...],
    since: Any,
    kind: str | None,
    enable: bool,
    dry_run: bool,
    archive: str | None,
) -> None:
    """Have this machine call `muragat schedule run` every two minutes, and show how

    Writes a systemd service and timer of this user, which make up for what was missed while the machine
    slept, or shows a cron line where there is no systemd. Each archive has its own; called again, it changes
    nothing but what you ask for. MURAGAT_CONTACT, MURAGAT_CHROMIUM, MURAGAT_LOG_FORMAT
    and the limits of disk and locks are passed on as they are now.

    \b
    Example:
        muragat schedule install --archive my-archive --enable
    """
    from crawler.schedule.installing import install

    day = f"{since:%Y-%m-%d}" if since else None
    sys.exit(install(archive_folder(archive), source_ids, day, kind, enable=enable, dry_run=dry_run))


@schedule.command("uninstall")
@click.option("--dry-run", is_flag=True, help="Show what would be removed, and remove nothing")
@archive_option
def schedule_uninstall(dry_run: bool, archive: str | None) -> None:
    """Stop and remove what `muragat schedule install` made for the archive; the archive stays

    \b
    Example:
        muragat schedule uninstall --archive my-archive
    """
    from crawler.schedule.installing import uninstall

    sys.exit(uninstall(archive_folder(archive), dry_run=dry_run))


@schedule.command("loop")
@source_ids
@since
@click.option(
    "--metrics",
    "metrics_port",
    type=WholeNumber(0, 65535),
    metavar="PORT",
    help="Serve metrics for Prometheus on 127.0.0.1 at this port; 0: any free one",
)
@allow_private
@archive_option
def schedule_loop(
    source_ids: tuple[str, ...],
    since: Any,
    metrics_port: int | None,
    allow_private: bool,
    archive: str | None,
) -> None:
    """Stay in the foreground and crawl each source when it is due: for containers

    Each crawl is a process of its own. SIGTERM or Ctrl-C ends it within 30 seconds, with everything kept;
    a crawl that hangs is ended after 45 minutes. Profiles may be changed meanwhile.

    \b
    Example:
        muragat schedule loop --metrics 9100
    """
    from crawler.schedule.looping import run_loop

    options = ["--allow-private"] if allow_private else []
    options += ["--since", f"{since:%Y-%m-%d}"] if since else []
    sys.exit(run_loop(archive_folder(archive), source_ids, options, metrics_port=metrics_port))
