"""How an element may be pointed at so that the same words find its like on other pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from crawler.cleaning.elements import HtmlElement

# Letters, - and _ alone: a figure in a name is mostly the number of an article, a column or a build.
PLAIN = re.compile(r"[A-Za-z][A-Za-z_-]{1,39}")
# CSS modules hash the end of a name anew with each build: `ArticleBody_section__wWasx`. BEM's ends are words.
HASHED = re.compile(r"([A-Za-z][\w-]{2,60}__)(?=\w*[A-Z0-9])[\w-]{5,6}")
# What styled components are called: `sc-goswLM`, `esHIqh`.
BUILT = re.compile(r"(?:sc-)?[a-z]{0,4}[A-Z][a-zA-Z]{0,5}|sc-[A-Za-z]{5,7}|css-.*|jsx-.*|svelte-.*")
TAG = re.compile(r"[a-z][a-z0-9-]{0,30}")  # a broken page has elements of any name
# States and counters of a page, not kinds of boxes.
PASSING = re.compile(r"(?:is|has|no|js)-|active|open|visible|loaded|first|last|odd|even", re.IGNORECASE)
# Tags that say by themselves what they hold.
TELLING = frozenset(("h1", "time", "article", "main"))
CLASSES_TRIED = 4
ABOVE_TRIED = 4  # elements around one, of those that have a name


def marks(node: HtmlElement) -> list[str]:
    """The selectors that name an element alone, the most telling first; none when nothing stable names it."""
    if not TAG.fullmatch(node.tag):
        return []
    words = (node.get("itemprop") or "").split()
    found = [f'[itemprop="{word}"]' for word in words if PLAIN.fullmatch(word)]
    if PLAIN.fullmatch(node.get("id") or ""):
        found.append(f"#{node.get('id')}")
    tokens = islice((node.get("class") or "").split(), CLASSES_TRIED * 2)
    found.extend(mark for token in tokens if (mark := class_mark(node.tag, token)))
    return found[: CLASSES_TRIED + 2]


def class_mark(tag: str, token: str) -> str | None:
    """The selector of an element by one of its classes, or `None` where the class tells nothing lasting."""
    if not TAG.fullmatch(tag):
        return None
    if hashed := HASHED.fullmatch(token):
        return f'{tag}[class*="{hashed[1]}"]'
    if PLAIN.fullmatch(token) and not BUILT.fullmatch(token) and not PASSING.match(token):
        return f"{tag}.{token}"
    return None


def selectors(node: HtmlElement) -> Iterator[str]:
    """Yield what may point at an element, shortest first: its marks, then boxes around it."""
    own = marks(node)
    yield from own
    if node.tag in TELLING:
        yield str(node.tag)
    named = (up for up in node.iterancestors() if up.tag not in ("html", "body"))
    around = [mark for up in islice(named, 2 * ABOVE_TRIED) for mark in marks(up)[:2]][: 2 * ABOVE_TRIED]
    inner = [*own[:1], *([node.tag] if TAG.fullmatch(node.tag) else [])]
    yield from (f"{mark} {name}" for mark in around for name in inner)
