"""What others write (profiles, settings files, pages, feeds) is data: nothing here can run it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUNS = {"eval", "exec", "__import__", "execfile"}
# Formats that can name code, and parsers that fetch what a document names.
LOADS = ("pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle", "xml", "xmlrpc")
MODULES = sorted(path for half in ("crawler", "archive") for path in (ROOT / half).rglob("*.py"))


def names_imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("half", ["crawler", "archive"])
def test_no_module_runs_what_it_reads(half):
    for path in MODULES:
        if half not in path.relative_to(ROOT).parts[:1]:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        shells = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword) and node.arg == "shell" and getattr(node.value, "value", None)
        ]
        assert not calls & RUNS, path
        assert not names_imported(tree) & set(LOADS), path
        assert not shells, path


def test_every_xml_parser_refuses_entities_and_the_network():
    """An lxml parser that is made without these words would resolve what a document names."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "") if isinstance(node, ast.Call) else ""
            if name in ("XMLParser", "XMLPullParser", "iterparse"):
                given = {word.arg: getattr(word.value, "value", None) for word in node.keywords}
                assert given.get("resolve_entities") is False, path
                assert given.get("no_network") is True, path
                assert given.get("load_dtd") is False, path
