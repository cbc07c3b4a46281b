"""A timer that calls the right muragat for the right archive: written once, shown, verified, taken away."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import cli
from crawler.schedule.timer_texts import Job, cron_line, job_name, service_text, with_line

PROGRAM = Path(sys.executable).parent / "muragat"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anything, and a place for programs of our own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("MURAGAT_CONTACT", "archive@library.example")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(home: Path, name: str, script: str) -> None:
    path = home / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def fake_crontab(home: Path) -> Path:
    """A crontab command that keeps its table in a file."""
    table = home / "table"
    program(home, "crontab", f'if [ "$1" = -l ]; then cat {table}; else cat > {table}; fi')
    return table


def fake_systemctl(home: Path, code: int = 0) -> Path:
    """A systemctl that notes what it was told."""
    told = home / "told"
    program(
        home, "systemctl", f'echo "$@" >> {told}\nif [ {code} != 0 ]; then echo no bus >&2; fi; exit {code}'
    )
    return told


def schedule(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["schedule", *map(str, arguments)])


def files(home: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (home / ".config/systemd/user").glob("*")}


def test_units_are_written_for_this_program_and_the_archives_absolute_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    done = schedule("install", "liter_kz", "--with", "systemd", "--archive", "news")
    assert done.exit_code == 0, done.output
    name = job_name(home / "news")
    written = files(home)
    assert set(written) == {f"{name}.service", f"{name}.timer"}
    service, timer = written[f"{name}.service"], written[f"{name}.timer"]
    assert f'ExecStart="{PROGRAM}" "schedule" "run" "liter_kz" "--archive" "{home / "news"}"' in service
    assert 'Environment="MURAGAT_CONTACT=archive@library.example"' in service
    assert "SuccessExitStatus=4 5" in service
    assert "Persistent=true" in timer
    assert "RandomizedDelaySec=" in timer
    assert f"systemctl --user enable --now {name}.timer" in done.output
    assert "systemctl --user daemon-reload" in done.output
    assert service in done.output
    assert timer in done.output


def test_installing_twice_changes_nothing_and_a_dry_run_writes_nothing(home: Path) -> None:
    schedule("install", "--with", "systemd", "--archive", home / "news", "--dry-run")
    assert files(home) == {}
    schedule("install", "--with", "systemd", "--archive", home / "news")
    first, times = files(home), [p.stat().st_mtime_ns for p in (home / ".config/systemd/user").glob("*")]
    again = schedule("install", "--with", "systemd", "--archive", home / "news")
    assert again.output.count("(unchanged)") == 2
    assert files(home) == first
    assert [p.stat().st_mtime_ns for p in (home / ".config/systemd/user").glob("*")] == times
    schedule("install", "--with", "systemd", "--archive", home / "other")
    assert len(files(home)) == 4, "each archive has its own"


def test_the_place_for_settings_may_be_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "settings"))
    schedule("install", "--with", "systemd", "--archive", home / "news")
    assert len(list((home / "settings/systemd/user").iterdir())) == 2


def test_enabling_tells_systemd_and_says_when_that_fails(home: Path) -> None:
    told = fake_systemctl(home)
    name = job_name(home / "news")
    assert schedule("install", "--with", "systemd", "--enable", "--archive", home / "news").exit_code == 0
    assert told.read_text() == f"--user daemon-reload\n--user enable --now {name}.timer\n"
    fake_systemctl(home, code=1)
    failed = schedule("install", "--with", "systemd", "--enable", "--archive", home / "news")
    assert failed.exit_code == 2
    assert "systemctl --user daemon-reload: no bus" in failed.output


def test_uninstalling_stops_the_timer_and_removes_what_was_installed(home: Path) -> None:
    told = fake_systemctl(home)
    schedule("install", "--with", "systemd", "--archive", home / "news")
    schedule("install", "--with", "systemd", "--archive", home / "other")
    schedule("uninstall", "--dry-run", "--archive", home / "news")
    assert len(files(home)) == 4
    assert schedule("uninstall", "--archive", home / "news").exit_code == 0
    assert {name.split(".")[0] for name in files(home)} == {job_name(home / "other")}
    assert f"--user disable --now {job_name(home / 'news')}.timer" in told.read_text()
    again = schedule("uninstall", "--archive", home / "news")
    assert "Nothing was installed" in again.output


def test_a_cron_line_is_shown_and_put_into_the_crontab_once(home: Path) -> None:
    table = fake_crontab(home)
    table.write_text("0 3 * * * backup # mine\n")
    shown = schedule("install", "--with", "cron", "--archive", home / "news")
    line = shown.output.splitlines()[0]
    assert line.startswith("*/2 * * * * MURAGAT_CONTACT=archive@library.example ")
    assert f"{PROGRAM} schedule run --archive {home / 'news'} --quiet" in line
    assert table.read_text() == "0 3 * * * backup # mine\n"
    for _ in range(2):
        assert schedule("install", "--with", "cron", "--enable", "--archive", home / "news").exit_code == 0
        assert table.read_text() == f"0 3 * * * backup # mine\n{line}\n"
    assert schedule("uninstall", "--archive", home / "news").exit_code == 0
    assert table.read_text() == "0 3 * * * backup # mine\n"


def test_without_systemd_cron_is_what_calls(home: Path) -> None:
    if Path("/run/systemd/system").is_dir():
        pytest.skip("systemd runs here")
    assert schedule("install", "--archive", home / "news").output.startswith("*/2 * * * * ")


def test_an_unknown_source_is_told_when_installing(home: Path) -> None:
    failed = schedule("install", "no_such", "--with", "systemd", "--archive", home / "news")
    assert failed.exit_code != 0
    assert files(home) == {}


def test_a_shell_reads_the_cron_line_back_whatever_the_folder_is_called() -> None:
    folder = Path('/data/мой архив $HOME 50%\'s "news"')
    command = ("/opt/muragat", "schedule", "run", "--archive", str(folder))
    job = Job(job_name(folder), folder, command, {"MURAGAT_CONTACT": "a b"})
    line = cron_line(job).removeprefix("*/2 * * * * ")
    read = shlex.split(line.replace("\\%", "%"), comments=True)
    assert read == ["MURAGAT_CONTACT=a b", *command, "--quiet"]


def test_a_line_break_in_a_folders_name_writes_no_unit(home: Path) -> None:
    failed = schedule("install", "--with", "systemd", "--archive", f"{home}/a\nExecStart=evil")
    assert failed.exit_code == 2
    assert files(home) == {}


def test_the_crontabs_other_lines_stay_as_they_are() -> None:
    assert with_line("a\n\n# b\n", "job", "x # job") == "a\n\n# b\nx # job\n"
    assert with_line("a\nold # job\nb # another-job\n", "job", None) == "a\nb # another-job\n"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_finds_the_units_sound(tmp_path: Path, home: Path) -> None:
    archive = tmp_path / 'мой архив 50% $HOME "news"'
    schedule("install", "--with", "systemd", "--archive", archive)
    environment = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    for path in (home / ".config/systemd/user").glob("*"):
        verified = subprocess.run(
            ["systemd-analyze", "--user", "verify", str(path)],
            capture_output=True,
            text=True,
            env=environment,
            timeout=30,
            check=False,
        )
        ours = [line for line in verified.stderr.splitlines() if "muragat" in line]
        assert verified.returncode == 0, verified.stderr
        assert not ours


def test_systemd_is_told_no_part_of_a_name_as_a_specifier() -> None:
    folder = Path('/data/%h $HOME \\ "x"')
    text = service_text(Job("n", folder, ("/bin/m", "--archive", str(folder)), {}))
    assert 'ExecStart="/bin/m" "--archive" "/data/%%h $$HOME \\\\ \\"x\\""' in text
