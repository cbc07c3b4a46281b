"""What a timer is told: systemd units and a cron line that call `muragat schedule run`. Pure."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY_MINUTES = 2  # a run with nothing due costs 0.35 s of CPU; the shortest rhythm is 10 minutes
DELAY_SECONDS = 20  # by chance, so that archives on one machine do not begin together
# A run ends by itself after half an hour and what is under way then; what takes longer hangs.
LONGEST_RUN = "45min"
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be called: an absolute `command` for the archive in `folder`, with these variables set."""

    name: str
    folder: Path
    command: tuple[str, ...]
    variables: Mapping[str, str]

    @property
    def service_file(self) -> str:
        """The name of the unit that crawls."""
        return f"{self.name}.service"

    @property
    def timer_file(self) -> str:
        """The name of the unit that says when."""
        return f"{self.name}.timer"


def job_name(folder: Path) -> str:
    """A name of its own for each archive on a machine, from its absolute folder."""
    readable = re.sub(r"[^a-z0-9]+", "-", folder.name.lower().removeprefix("muragat-")).strip("-")
    digest = hashlib.blake2b(str(folder).encode(), digest_size=4).hexdigest()
    return "-".join(part for part in ("muragat", readable, digest) if part)


def units(job: Job) -> dict[str, str]:
    """The systemd units by file name."""
    return {job.service_file: service_text(job), job.timer_file: timer_text(job)}


def service_text(job: Job) -> str:
    """The unit that crawls what is due and ends."""
    program, *arguments = job.command
    command = " ".join([in_unit(program), *(in_unit(one).replace("$", "$$") for one in arguments)])
    environment = "".join(
        f"Environment={in_unit(f'{name}={value}')}\n" for name, value in job.variables.items()
    )
    return f"""\
# Made by `muragat schedule install`; it makes it anew when called again.
[Unit]
Description=Muragat crawls what is due into {job.folder.as_posix().replace("%", "%%")}

[Service]
Type=oneshot
ExecStart={command}
{environment}# 4: a source failed (muragat schedule list says why), 5: another crawl is at work: no faults.
SuccessExitStatus=4 5
# The crawl ends its own workers; what takes longer than this hangs, and what was kept is kept.
KillMode=mixed
TimeoutStartSec={LONGEST_RUN}
TimeoutStopSec={STOP_SECONDS}
Nice=10
"""


def timer_text(job: Job) -> str:
    """The unit that starts the other one; turns missed while the machine slept are one."""
    return f"""\
# Made by `muragat schedule install`; it makes it anew when called again.
[Unit]
Description=Muragat looks every {EVERY_MINUTES} minutes what is due

[Timer]
OnCalendar=*:0/{EVERY_MINUTES}
Persistent=true
RandomizedDelaySec={DELAY_SECONDS}
AccuracySec=10

[Install]
WantedBy=timers.target
"""


def in_unit(text: str) -> str:
    """A word as systemd reads it back: quoted, and no part of it a specifier."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def cron_line(job: Job) -> str:
    """The line for a crontab; its comment is how it is found again. cron mails what is said: only trouble."""
    variables = [f"{name}={shlex.quote(value)}" for name, value in job.variables.items()]
    words = [*variables, *map(shlex.quote, job.command), "--quiet"]
    command = " ".join(words).replace("%", "\\%")
    return f"*/{EVERY_MINUTES} * * * * {command} {cron_mark(job.name)}"


def cron_mark(name: str) -> str:
    """The comment at the end of a job's line."""
    return f"# {name}"


def with_line(crontab: str, name: str, line: str | None) -> str:
    """A crontab with the job's line as it is now, or with `None` without it; all else stays as it was."""
    others = [one for one in crontab.splitlines() if not one.endswith(cron_mark(name))]
    lines = [*others, line] if line else others
    return "".join(f"{one}\n" for one in lines)


def is_one_line(words: Sequence[str]) -> bool:
    """Whether every word can stand in a unit or crontab: neither can hold a line break."""
    return all(word.isprintable() for word in words)
