"""Patterns of article addresses: regular expressions that compile, choose, and cannot run away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as tokens  # type: ignore[attr-defined]
from re import _parser as grammar  # type: ignore[attr-defined]
from typing import Any

from crawler.sources.errors import Unfit

MAX_PATTERN_CHARS = 500
# Paths so different that a pattern found in all of them chooses nothing.
ANY_PATHS = ("/", "/a", "/B-2/", "/кала/жол.html", "/?p=17", "/x_y/%D0%B0?z=1&w")
REPEATS = (tokens.MAX_REPEAT, tokens.MIN_REPEAT, tokens.POSSESSIVE_REPEAT)
# A repeat of up to this many rounds may hold another one: /(?:[a-z]+/){1,3} is how sections are written.
FEW_ROUNDS = 4


def pattern(value: object) -> str:
    """The value, if it is a regular expression that tells some addresses from others in linear time."""
    if not isinstance(value, str):
        raise Unfit("expected a regular expression in quotes", "e.g. allow = ['^/news/[0-9]+']")
    if len(value) > MAX_PATTERN_CHARS:
        raise Unfit(
            f"the pattern is longer than {MAX_PATTERN_CHARS} characters", "split it in several patterns"
        )
    try:
        regex = re.compile(value)
        parsed = grammar.parse(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise Unfit(
            f"{shown(value)} is not a regular expression ({error})",
            "correct it; a dot or bracket meant literally is \\.",
        ) from error
    if can_run_away(parsed):
        raise Unfit(
            f"{shown(value)} repeats a repetition, which can take for ever on a long address",
            "repeat one set of characters instead, e.g. [a-z/-]+ for ([a-z-]+/)+",
        )
    if all(regex.search(path) for path in ANY_PATHS):
        raise Unfit(
            f"{shown(value)} matches every address",
            "name what tells articles from other pages; or remove it, which allows every likely page",
        )
    return value


def shown(value: str) -> str:
    """The pattern as a message shows it: printable and short."""
    return repr(value if len(value) <= 60 else value[:57] + "…")


def can_run_away(nodes: Iterable[Any]) -> bool:
    """Whether a part of unsettled length is repeated without end, and matching may take for ever."""
    for operator, argument in nodes:
        if operator in REPEATS:
            _, most, inner = argument
            if most > FEW_ROUNDS and is_unsettled(inner):
                return True
        if any(can_run_away(part) for part in parts_of(argument)):
            return True
    return False


def is_unsettled(nodes: Iterable[Any]) -> bool:
    """Whether the same text may be matched by the nodes in several ways: repeats, choices."""
    for operator, argument in nodes:
        if operator in REPEATS and argument[0] != argument[1]:
            return True
        if operator in (tokens.BRANCH, tokens.GROUPREF, tokens.GROUPREF_EXISTS):
            return True
        if any(is_unsettled(part) for part in parts_of(argument)):
            return True
    return False


def parts_of(argument: Any) -> list[Any]:
    """The sub-patterns somewhere in a node's argument, which the parser nests in tuples and lists."""
    if isinstance(argument, grammar.SubPattern):
        return [argument]
    if isinstance(argument, tuple | list):
        return [part for item in argument for part in parts_of(item)]
    return []
