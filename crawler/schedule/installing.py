"""`muragat schedule install` and `uninstall`: the timer of this user that calls `muragat schedule run`."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from archive.errors import StorageFull
from archive.exits import Exit
from archive.store.folder import ArchiveFolder
from crawler.runs.choosing import readable_sources
from crawler.schedule.timer_texts import Job, cron_line, is_one_line, job_name, units, with_line

PASSED_ON = (  # a timer does not know what the shell knows
    "MURAGAT_CONTACT",
    "MURAGAT_CHROMIUM",
    "MURAGAT_LOG_FORMAT",
    "MURAGAT_DISK_RESERVE_MIB",
    "MURAGAT_DISK_PATIENCE_SECONDS",
    "MURAGAT_LOCK_PATIENCE_SECONDS",
    "MURAGAT_LOG_WARNING_MIB",
)
COMMAND_SECONDS = 30


def job_for(folder: ArchiveFolder, ids: Sequence[str], since: str | None) -> Job:
    """The job that crawls this archive; raises UsageError for what cannot be written down."""
    path = folder.path.resolve()
    options = ["--since", since] if since else []
    command = (*this_program(), "schedule", "run", *ids, *options, "--archive", str(path))
    variables = {name: os.environ[name] for name in PASSED_ON if os.environ.get(name)}
    if not is_one_line([*command, *variables.values()]):
        raise click.UsageError(f"{str(path)!r}: a timer cannot call what has a line break in its name")
    return Job(job_name(path), path, command, variables)


def this_program() -> tuple[str, ...]:
    """How to call this very muragat from anywhere."""
    beside = Path(sys.executable).parent / "muragat"  # of a virtual environment, its links not followed
    if os.access(beside, os.X_OK):
        return (str(beside),)
    return (sys.executable, "-m", "crawler")


def install(
    folder: ArchiveFolder,
    ids: Sequence[str],
    since: str | None,
    kind: str | None,
    *,
    enable: bool,
    dry_run: bool,
) -> Exit:
    """Install a timer for the archive: "systemd" or "cron", by default whichever this machine runs."""
    readable_sources(folder, ids)  # a slip is told now, not by a timer at night
    job = job_for(folder, ids, since)
    if not job.variables:
        click.echo(
            "Note: publishers see no way to reach you; set MURAGAT_CONTACT and install again", err=True
        )
    if (kind or default_kind()) == "systemd":
        return install_units(job, enable=enable, dry_run=dry_run)
    return install_line(job, enable=enable, dry_run=dry_run)


def default_kind() -> str:
    """What calls at set times here; the folder is how systemd says that it runs (sd_booted(3))."""
    return "systemd" if Path("/run/systemd/system").is_dir() and shutil.which("systemctl") else "cron"


def unit_folder() -> Path:
    """Where this user's units lie."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def install_units(job: Job, *, enable: bool, dry_run: bool) -> Exit:
    """Write the units and show them, with what is left to do."""
    for file, text in units(job).items():
        path = unit_folder() / file
        state = "not written" if dry_run else written(path, text)
        click.echo(f"# {path} ({state})\n{text}")
    if enable and not dry_run:
        return enable_units(job)
    click.echo("To start it:")
    for command in enabling(job):
        click.echo(f"  {shlex.join(command)}")
    click.echo("To let it crawl while you are logged out: loginctl enable-linger")
    return Exit.DONE


def written(path: Path, text: str) -> str:
    """Write a file unless it says this already; returns what became of it. Raises StorageFull."""
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else None
        if before == text:
            return "unchanged"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageFull(f"{path}: cannot be written ({error.strerror}); make room or rights") from error
    return "new" if before is None else "changed"


def enabling(job: Job) -> list[list[str]]:
    """The two commands that start a timer, now and after each boot."""
    return [
        ["systemctl", "--user", "daemon-reload"],
        ["systemctl", "--user", "enable", "--now", job.timer_file],
    ]


def enable_units(job: Job) -> Exit:
    """Start the timer, or say why that is impossible and what to type instead."""
    for command in enabling(job):
        if said := failure_of(command):
            click.echo(f"Error: {shlex.join(command)}: {said}; log in as this user and type it", err=True)
            return Exit.WRONG_USE
    click.echo(f"It runs: systemctl --user list-timers {job.timer_file}")
    return Exit.DONE


def failure_of(command: Sequence[str], text: str | None = None) -> str | None:
    """Run a command with `text` to read; returns why it failed, in a line, or `None`."""
    try:
        ended = subprocess.run(  # noqa: S603 - a command of ours, without a shell
            command, input=text, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
        )
    except FileNotFoundError:
        return "is not installed here"
    except subprocess.TimeoutExpired:
        return f"did not end in {COMMAND_SECONDS} s"
    if ended.returncode == 0:
        return None
    return " ".join(ended.stderr.split()) or f"ended with {ended.returncode}"


def install_line(job: Job, *, enable: bool, dry_run: bool) -> Exit:
    """Show the cron line, and with `enable` put it into this user's crontab."""
    line = cron_line(job)
    click.echo(line)
    if enable and not dry_run:
        return set_line(job.name, line)
    click.echo(
        "To start it, put the line into your crontab: crontab -e (or call this with --enable).\n"
        "Where nothing calls at set times, as in a container: muragat schedule loop"
    )
    return Exit.DONE


def set_line(name: str, line: str | None) -> Exit:
    """Make the job's line in the crontab this one, or with `None` take it out."""
    before = crontab()
    after = with_line(before, name, line)
    if before == after:
        click.echo("The crontab was so already" if line else "Nothing was installed in the crontab")
        return Exit.DONE
    if said := failure_of(["crontab", "-"], after):
        click.echo(f"Error: crontab -: {said}; put the line there with crontab -e", err=True)
        return Exit.WRONG_USE
    click.echo("It is in the crontab: crontab -l" if line else "It was taken out of the crontab")
    return Exit.DONE


def crontab() -> str:
    """This user's crontab; empty where there is none."""
    if not shutil.which("crontab"):
        return ""
    ended = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)  # noqa: S607
    return ended.stdout if ended.returncode == 0 else ""


def uninstall(folder: ArchiveFolder, *, dry_run: bool) -> Exit:
    """Remove what `install` made for the archive, whatever that was; the archive stays as it is."""
    job = Job(job_name(folder.path.resolve()), folder.path, (), {})
    there = [
        path for path in (unit_folder() / job.timer_file, unit_folder() / job.service_file) if path.exists()
    ]
    in_crontab = with_line(crontab(), job.name, None) != crontab()
    for path in there:
        click.echo(f"{'would remove' if dry_run else 'removed'} {path}")
    if in_crontab and dry_run:
        click.echo("would take its line out of the crontab")
    if not there and not in_crontab:
        click.echo("Nothing was installed for this archive")
    if dry_run:
        return Exit.DONE
    remove_units(job, there)
    return set_line(job.name, None) if in_crontab else Exit.DONE


def remove_units(job: Job, paths: Sequence[Path]) -> None:
    """Stop the timer, where systemd can be asked to, and remove its files."""
    if not paths:
        return
    failure_of(["systemctl", "--user", "disable", "--now", job.timer_file])
    for path in paths:
        path.unlink(missing_ok=True)
    failure_of(["systemctl", "--user", "daemon-reload"])
