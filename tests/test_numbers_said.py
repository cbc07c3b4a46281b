"""One article is no "1 articles": how many there are of something is said by the function for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.numbers_said import counted

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(path for half in ("archive", "crawler") for path in (ROOT / half).rglob("*.py"))
NOUN = (
    "articles|pages|sources|archives|records|links|wordings|revisions|texts|words|rows|lines|copies|bodies|"
    "takedowns|profiles|kills|days|hours|times|answers|characters|letters|blocks|addresses"
)
BEGINS = re.compile(rf" (?:more |kept |other |such )?(?:{NOUN})\b")
# Where one is never counted, and why.
NEVER_ONE = {
    "archive/health/answers.py": "a verdict needs twenty addresses, or three walls",
    "archive/health/rhythm.py": "a mean",
    "archive/health/texts.py": "a verdict needs twenty articles",
    "archive/revisions/showing.py": "of two counts, as -1 +1 words",
    "archive/site/public.py": "a limit",
    "archive/syndication/showing.py": "told of as many as are shown",
    "crawler/cleaning/encoding.py": "told of several letters",
    "crawler/cleaning/json_ld.py": "told above a limit",
    "crawler/discovery/listings.py": "told above a limit",
    "crawler/fetching/decoding.py": "told of several encodings",
    "crawler/fetching/redirects.py": "a limit",
    "crawler/fetching/robots_text.py": "told above a limit",
    "crawler/rendering/page.py": "told above a limit",
    "crawler/runs/learning.py": "told of several pages",
    "crawler/schedule/due.py": "told from two days on",
    "crawler/sources/values.py": "a limit",
    "crawler/torture/comparing.py": "told of two and more",
}


def plain_counts(path: Path) -> Iterator[str]:
    """What a module writes of numbers and nouns without `counted`; limits in capitals are no counts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, text in zip(node.values, node.values[1:], strict=False):
            if not isinstance(value, ast.FormattedValue) or not isinstance(text, ast.Constant):
                continue
            said = ast.unparse(value.value)
            if BEGINS.match(str(text.value)) and not said.isupper() and "counted(" not in said:
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {said}{text.value}"


def test_every_count_in_a_message_knows_one_from_many() -> None:
    found = [
        one
        for path in MODULES
        if path.relative_to(ROOT).as_posix() not in NEVER_ONE
        for one in plain_counts(path)
    ]
    assert not found


def test_where_one_is_never_counted_there_is_such_a_count() -> None:
    assert not [name for name in NEVER_ONE if not list(plain_counts(ROOT / name))]


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("article",), "0 articles"),
        (1, ("article",), "1 article"),
        (1234, ("kept page",), "1,234 kept pages"),
        (1, ("copy", "copies"), "1 copy"),
        (2, ("copy", "copies"), "2 copies"),
    ],
)
def test_a_count_is_said_in_english(count: int, words: tuple[str, ...], said: str) -> None:
    assert counted(count, *words) == said
