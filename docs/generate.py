"""Write the pages of docs/ that are made from the program and its tests, or have a table that is."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from archive.exports.columns import COLUMNS
from archive.exports.formats import TABLE
from archive.merging.tables import decisions_table
from archive.store.describing import schema_page
from crawler.cli import cli
from crawler.sources.showing import sources_table

DOCS = Path(__file__).parent
TESTS = DOCS.parent / "tests"
TABLE_BEGINS = "| id | site |"
FAULT_ROW = re.compile(r"^\| (\d+) \|(.*)\|[^|]*\|$", re.MULTILINE)
FAULT_TEST = re.compile(r"(?<=_)fault_(\d+)_")
FORMATS_BEGIN = "What follows is made from the program by `make docs`.\n"


def commands_page() -> str:
    """docs/commands.md: every command's own `--help`."""
    parts = ["# Commands", "", "Made from `--help` by `make docs`; do not edit here.", ""]
    for name, command in commands(cli, "muragat"):
        context = click.Context(
            command,
            info_name=name,
            max_content_width=100,
            terminal_width=100,
            help_option_names=["-h", "--help"],
        )
        parts += [f"## {name}", "", "```", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(parts)


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """A command and all its subcommands, by their full names."""
    yield name, command
    if isinstance(command, click.Group):
        for sub, subcommand in sorted(command.commands.items()):
            yield from commands(subcommand, f"{name} {sub}")


def sources_page() -> str:
    """docs/sources.md with its table as the profiles are now; the words before it are written by hand."""
    written = (DOCS / "sources.md").read_text(encoding="utf-8")
    return written[: written.index(TABLE_BEGINS)] + sources_table()


def faults_page() -> str:
    """docs/faults.md with the files of each case's tests; the cases are written by hand."""
    written = (DOCS / "faults.md").read_text(encoding="utf-8")
    shown = tests_by_fault()
    return FAULT_ROW.sub(
        lambda row: f"| {row[1]} |{row[2]}| {', '.join(shown.get(int(row[1]), []))} |", written
    )


def tests_by_fault() -> dict[int, list[str]]:
    """For each number of docs/faults.md the files under tests/ with a test that carries it in its name."""
    found: dict[int, set[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for number in FAULT_TEST.findall(node.name):
                    found.setdefault(int(number), set()).add(path.relative_to(TESTS).as_posix())
    return {number: sorted(files) for number, files in found.items()}


def merging_page() -> str:
    """docs/merging.md with what becomes of each table; the words before it are written by hand."""
    written = (DOCS / "merging.md").read_text(encoding="utf-8")
    return written[: written.index(FORMATS_BEGIN) + len(FORMATS_BEGIN)] + "\n" + decisions_table()


def datasets_page() -> str:
    """docs/datasets.md with its tables as the program is now; the words before them are written by hand."""
    written = (DOCS / "datasets.md").read_text(encoding="utf-8")
    return written[: written.index(FORMATS_BEGIN) + len(FORMATS_BEGIN)] + "\n" + tables_of_data_sets()


def tables_of_data_sets() -> str:
    """The formats and the columns."""
    formats = [
        f"| `{one.name}` | {' '.join(f'`{end}`' for end in one.endings)} | {one.meaning} |" for one in TABLE
    ]
    columns = [
        f"| `{one.name}` | {one.type} | {one.meaning}{'' if one.usual else ' (only when named)'} "
        f"| {one.schema_org or ''} | {one.zyte or ''} |"
        for one in COLUMNS
    ]
    parts = ["", "| format | endings | what |", "|---|---|---|", *formats, "", "## Columns", ""]
    parts += ["| column | type | meaning | schema.org | zyte-common-items |", "|---|---|---|---|---|"]
    return "\n".join([*parts, *columns, ""])


PAGES = {
    "commands.md": commands_page,
    "datasets.md": datasets_page,
    "schema.md": schema_page,
    "sources.md": sources_page,
    "faults.md": faults_page,
    "merging.md": merging_page,
}


def main() -> int:
    """Write the pages; with --check only say which are out of date."""
    stale = [file for file, page in PAGES.items() if (DOCS / file).read_text(encoding="utf-8") != page()]
    if "--check" in sys.argv:
        print(f"out of date: {', '.join(stale)}; run make docs" if stale else "docs are as the program is")
        return int(bool(stale))
    for file in stale:
        (DOCS / file).write_text(PAGES[file](), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
