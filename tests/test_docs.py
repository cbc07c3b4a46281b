"""The generated pages say what the program does now, and the README names what exists."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from archive.exits import Exit
from crawler.cli import cli

ROOT = Path(__file__).resolve().parents[1]


def generator() -> ModuleType:
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_what_make_docs_would_write() -> None:
    # In a process of its own: click remembers how a command was called before.
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def every_command() -> list[tuple[str, click.Command]]:
    """All commands but groups, by full name."""
    found = generator().commands(cli, "muragat")
    return [(name, command) for name, command in found if not isinstance(command, click.Group)]


@pytest.mark.parametrize(("name", "command"), every_command(), ids=lambda value: str(value))
def test_every_command_shows_an_example_and_explains_every_option(name: str, command: click.Command) -> None:
    assert command.help
    assert "Example:" in command.help
    assert name.removeprefix("muragat ") in command.help
    unexplained = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert not unexplained


def test_the_readme_names_only_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    known = {name.split()[1] for name, _ in every_command()}
    named = set(re.findall(r"^muragat (\w+)", readme, flags=re.MULTILINE))
    named |= set(re.findall(r"`muragat (\w+)", readme))
    assert named
    assert named <= known


def test_the_readme_explains_every_exit_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    explained = {int(code) for code in re.findall(r"^\| (\d+) \|", readme, flags=re.MULTILINE)}
    assert explained == set(Exit)


def test_every_link_of_the_docs_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
