"""The commands for many machines: `muragat worker`, `muragat collect`, `muragat cluster`."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

import click

from archive.cli import also_told, archive_option
from archive.errors import ToolMissing
from archive.exits import Exit
from archive.numbers_said import counted
from archive.option_types import WholeNumber
from archive.piped import PipedCommand
from archive.store.folder import ArchiveFolder, archive_folder
from archive.terminal import terminal_safe
from crawler.runs.options import CrawlOptions

LIBRARIES = ("dramatiq", "msgpack", "redis")
EXTRA = "needs the cluster's libraries: pip install -e '.[cluster]' in Muragat's own folder"


class ClusterMissing(ToolMissing):
    """The optional libraries are not installed."""


def cluster_told(home: ArchiveFolder) -> Iterator[str]:
    """The status of the archive's cluster, where it has one and MURAGAT_REDIS says where."""
    url = os.environ.get("MURAGAT_REDIS")
    if not url or any(find_spec(name) is None for name in LIBRARIES):
        return
    from datetime import UTC, datetime

    from crawler.cluster.claiming import cluster_of
    from crawler.cluster.looking import cluster_status, status_lines
    from crawler.cluster.places import Places, RedisAway, connected

    if not (name := cluster_of(home)):
        return
    places = Places(name)
    try:
        status = cluster_status(connected(url), places, datetime.now(UTC))
    except RedisAway as error:
        yield f"cluster {places.name}: {error}"
        return
    yield from (f"cluster {places.name}: {line}" for line in status_lines(status))


also_told.append(cluster_told)


def plain_name(_: click.Context, __: click.Parameter, name: str) -> str:
    """A name that stands for itself in a pattern of Redis."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name):
        raise click.BadParameter(f"{name!r}: letters, digits, - and _ only")
    return name


def named_redis(_: click.Context, __: click.Parameter, url: str | None) -> str:
    """Where Redis is; an error that names the variable where nobody said."""
    if not url:
        raise click.UsageError("say in MURAGAT_REDIS where Redis is, as redis://127.0.0.1:6379/0")
    return url


def cluster_options(command: Callable[..., None]) -> Callable[..., None]:
    """Where the cluster's Redis is, and what the cluster is called."""
    command = click.option(
        "--name",
        default="muragat",
        show_default=True,
        callback=plain_name,
        help="What the cluster is called in Redis",
    )(command)
    return click.option(
        "--redis",
        "url",
        envvar="MURAGAT_REDIS",
        callback=named_redis,
        metavar="URL",
        help="redis:// or rediss:// address; better in MURAGAT_REDIS, which no list of processes shows",
    )(command)


def require_libraries() -> None:
    """Raise ClusterMissing where the optional libraries are not installed."""
    for name in LIBRARIES:
        if find_spec(name) is None:
            raise ClusterMissing(f"{name}: {EXTRA}")


def enqueue_to(
    folder: ArchiveFolder,
    ids: Sequence[str],
    options: CrawlOptions,
    *,
    name: str,
    quiet: bool,
    per: str | None = None,
) -> Exit:
    """Send what is due to the workers of a cluster; raises click's error where no Redis is named."""
    require_libraries()
    from crawler.cluster.parts import Per
    from crawler.cluster.places import Places
    from crawler.cluster.sending import enqueue_due

    url = os.environ.get("MURAGAT_REDIS")
    if not url:
        raise click.UsageError("--enqueue: say in MURAGAT_REDIS where Redis is, as redis://127.0.0.1:6379/0")
    return enqueue_due(
        folder, ids, options, url=url, places=Places(name), quiet=quiet, per=Per(per) if per else None
    )


@click.command()
@cluster_options
@click.option("--threads", type=WholeNumber(1, 64), default=4, show_default=True, help="Sources at once")
def worker(url: str, name: str, threads: int) -> None:
    """Crawl sources for an archive on another machine, as `schedule run --enqueue` sends them

    Each crawl is a process of its own that ends with the worker. SIGTERM or Ctrl-C ends it within half a
    minute; what is under way goes back into the queue.

    \b
    Example:
        MURAGAT_REDIS=redis://archive.example:6379/0 muragat worker --threads 8
    """
    require_libraries()
    from crawler.cluster.places import Places
    from crawler.cluster.working import run_worker

    sys.exit(run_worker(url, Places(name), threads=threads))


@click.command()
@cluster_options
@click.option("--until-empty", is_flag=True, help="End when nothing waits any more")
@archive_option
def collect(url: str, name: str, until_empty: bool, archive: str | None) -> None:
    """Take home what workers fetched, into the archive

    Stays in the foreground; may be killed at any time, and goes on where it was. Ends with exit code 5 when
    a crawl or another collector holds the archive.

    \b
    Example:
        MURAGAT_REDIS=redis://127.0.0.1:6379/0 muragat collect
    """
    require_libraries()
    from crawler.cluster.places import Places
    from crawler.cluster.running import run_collector

    sys.exit(run_collector(archive_folder(archive), url, Places(name), until_empty=until_empty))


@click.group()
def cluster() -> None:
    """How many machines are doing: workers, queue, leases, jobs that failed for good"""


@cluster.command("status", cls=PipedCommand)
@cluster_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object")
def cluster_status_command(url: str, name: str, as_json: bool) -> None:
    """Show workers, queue, what is on its way home, and who crawls what

    \b
    Example:
        muragat cluster status
    """
    require_libraries()
    from datetime import UTC, datetime

    from crawler.cluster.looking import cluster_status, status_lines
    from crawler.cluster.places import Places, connected

    status = cluster_status(connected(url), Places(name), datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(status.as_table(), ensure_ascii=False, indent=2))
        return
    for line in status_lines(status):
        click.echo(line)


@cluster.command("dead", cls=PipedCommand)
@cluster_options
@click.option("--retry", "sources", multiple=True, metavar="SOURCE", help="Send this source's job again")
@click.option("--retry-all", is_flag=True, help="Send all of them again")
def cluster_dead(url: str, name: str, sources: tuple[str, ...], retry_all: bool) -> None:
    """Show jobs that failed for good and messages that could not be kept, and why, or send them again

    \b
    Example:
        muragat cluster dead --retry liter_kz
    """
    require_libraries()
    from crawler.cluster.broker import broker_at
    from crawler.cluster.looking import bury, dead_jobs, send_again, unkept_messages
    from crawler.cluster.places import Places, connected
    from crawler.cluster.sending import message

    places = Places(name)
    client: Any = connected(url)
    jobs = [one for one in dead_jobs(client, places) if not sources or one.source in sources]
    messages = [one for one in unkept_messages(client, places) if not sources or one.source in sources]
    is_retry = retry_all or bool(sources)
    for dead in jobs:
        if is_retry:
            message(broker_at(url, places), places, dead.job, dead.source)
            bury(client, places, dead)
        told = "sent again" if is_retry else f"tried {counted(dead.tried, 'time')}; {dead.error}"
        click.echo(terminal_safe(f"{dead.source}: {told}"))
    for unkept in messages:
        if is_retry:
            send_again(client, places, unkept)
        told = "on its way home again" if is_retry else f"could not be kept; {unkept.reason}"
        click.echo(terminal_safe(f"{unkept.source}: {unkept.what} {told}"))
    if is_retry and not jobs and not messages:
        click.echo("nothing of that lies there", err=True)
