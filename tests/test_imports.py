"""Imports go one way: crawler acts, archive keeps, pure rooms stay pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(path for half in ("archive", "crawler") for path in (ROOT / half).rglob("*.py"))
# What a room must never reach for.
CLOSED = {
    "archive": {"crawler"},
    "archive/site": {"archive.store", "crawler"},
    "archive/search/query.py": {"sqlite3", "sqlite_utils"},
    "crawler/cleaning": {
        "scrapy",
        "twisted",
        "sqlite3",
        "sqlite_utils",
        "archive.store",
        "crawler.discovery",
    },
    "crawler/discovery": {
        "scrapy",
        "twisted",
        "sqlite3",
        "sqlite_utils",
        "archive.store",
        "crawler.cleaning",
    },
    "crawler/sources": {"scrapy", "twisted", "sqlite3", "sqlite_utils", "archive.store", "crawler.cleaning"},
    "crawler/fetching": {"sqlite3", "sqlite_utils", "crawler.cleaning", "crawler.spiders", "crawler.runs"},
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "stuff"}


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def is_inside(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    closed = {room for prefix, rooms in CLOSED.items() if place.startswith(prefix) for room in rooms}
    wrong = {module for module in imported(path) for room in closed if is_inside(module, room)}
    assert not wrong


def test_every_closed_room_exists() -> None:
    assert all((ROOT / room).exists() for room in CLOSED)


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [path for path in MODULES if path.stem in VAGUE]


def test_no_module_is_larger_than_24_kb() -> None:
    assert not [path.name for path in MODULES if path.stat().st_size > 24_000]
