"""JSON-LD scripts to plain nodes, also broken ones: what a page states about itself. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.records import Problem

Node = Mapping[str, Any]

MAX_SCRIPT_CHARS = 2_000_000
MAX_NODES = 2_000
MAX_DEPTH = 12

OPENING = re.compile(r"\s*+(?:/\*|//)?+\s*+(?:<!\[CDATA\[|<!--)\s*+(?:\*/)?+")
CLOSING = re.compile(r"(?:/\*|//)?+\s*+(?:\]\]>|-->)[\s*/;]*+$")
# A string is kept whole; outside of strings comments and commas before a closing bracket are dropped. What is
# never closed reaches to the end, so that no start is tried twice.
OUTSIDE = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|,(?=\s*+[}\]])|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|//[^\n]*+', re.DOTALL
)
BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
MISSING_COMMA = re.compile(r'([}\]"])([ \t\r]*+\n\s*+)(?=")|(\})(\s*+)(?=\{)')
# What is still worth having of a script no repair could save.
SALVAGED = re.compile(
    r'"(@type|headline|datePublished|dateModified|articleSection|inLanguage|isAccessibleForFree)"'
    r'\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){1,400})"'
)
DECODER = json.JSONDecoder(strict=False)  # raw line breaks in strings are the most common slip

# Where a node of this page may stand. Lists of other pages (itemListElement, hasPart) are not entered.
ENTERED = ("@graph", "mainEntity", "mainEntityOfPage", "subjectOf")


@dataclass(frozen=True, slots=True)
class JsonLd:
    """The typed nodes a page states, in its order; `by_id` resolves `{"@id": …}`."""

    nodes: tuple[Node, ...] = ()
    by_id: Mapping[str, Node] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def of_type(self, kinds: frozenset[str]) -> Iterator[Node]:
        """Yield the nodes that are of one of these kinds."""
        return (node for node in self.nodes if kinds & types_of(node))

    def resolved(self, value: object) -> object:
        """The node a bare `{"@id": …}` points to, else the value itself."""
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
            return self.by_id.get(value["@id"], value)
        return value


def read_json_ld(scripts: Iterable[str]) -> JsonLd:
    """All nodes of a page's JSON-LD scripts. A broken script is repaired or a problem, never an exception."""
    nodes: list[Node] = []
    problems: list[Problem] = []
    for script in scripts:
        values, problem = loaded(script)
        if problem:
            problems.append(problem)
        for value in values:
            nodes.extend(nodes_in(value, MAX_NODES - len(nodes)))
    by_id = {node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str)}
    return JsonLd(tuple(node for node in nodes if types_of(node)), by_id, tuple(problems))


def loaded(script: str) -> tuple[list[object], Problem | None]:
    """The values of one script: strictly read, then repaired, then salvaged field by field."""
    if len(script) > MAX_SCRIPT_CHARS:
        return [], Problem("json_ld_too_large", f"{len(script)} characters")
    text = script.strip()
    if not text:
        return [], None
    if (values := decoded(text)) is not None:
        return values, None
    if (values := decoded(repaired(text))) is not None:
        return values, Problem("json_ld_repaired")
    if saved := {key: html.unescape(value) for key, value in reversed(SALVAGED.findall(text))}:
        return [{"@type": "Article", **saved}], Problem("json_ld_salvaged", ", ".join(sorted(saved)))
    return [], Problem("json_ld_broken", text[:80])


def decoded(text: str) -> list[object] | None:
    """The JSON values that follow each other in a text, or `None` when it is no JSON."""
    values: list[object] = []
    position = 0
    while position < len(text):
        try:
            value, position = DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):  # too deep for the reader is too deep for a page
            return None
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def repaired(text: str) -> str:
    """The text without what commonly breaks JSON-LD: wrappings, comments, loose commas, wrong escapes."""
    text = OPENING.sub("", text, count=1) if OPENING.match(text) else text
    text = text[:-40] + CLOSING.sub("", text[-40:])
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    text = BAD_ESCAPE.sub(r"\\\\", text)
    text = OUTSIDE.sub(lambda found: found.group() if found.group().startswith('"') else "", text)
    return MISSING_COMMA.sub(r"\1\3,\2\4", text).strip().rstrip(";")


def nodes_in(value: object, room: int) -> Iterator[Node]:
    """Yield the nodes of a value that speak of this page, in order, at most `room`."""
    stack = [(value, 0)]
    while stack and room > 0:
        value, depth = stack.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, list):
            stack.extend((item, depth + 1) for item in reversed(value[:MAX_NODES]))
        elif isinstance(value, dict):
            room -= 1
            yield value
            stack.extend(
                (value[key], depth + 1)
                for key in reversed(ENTERED)
                if isinstance(value.get(key), (dict, list))
            )


def types_of(node: Node) -> frozenset[str]:
    """The kinds a node is of, without the vocabulary's address."""
    stated = node.get("@type")
    kinds = stated if isinstance(stated, list) else [stated]
    return frozenset(kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in kinds if isinstance(kind, str))


def strings(value: object) -> list[str]:
    """What is text in a value: itself, a list's items, a node's name or `@value`."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value[:200] for text in strings(item) if not isinstance(item, list)]
    if isinstance(value, dict):
        return [text for key in ("name", "@value") if isinstance(text := value.get(key), str)][:1]
    return []
