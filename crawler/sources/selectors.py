"""Selectors of a profile: CSS, or XPath when they start with `/` or `(`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cssselect import HTMLTranslator, SelectorError
from lxml import etree, html
from lxml.html import HtmlElement

MAX_SELECTOR_CHARS = 1_000
# XPath 1.0 settles much at evaluation only: a page with an element of each usual kind brings it out.
TRIAL_PAGE = html.document_fromstring(
    """<html lang=kk><head><title>t</title><meta property=a content=b><link rel=a href=b></head>
    <body class=a id=b><header class=a><ul><li><a href=b class=a title=t>t</a></ul></header>
    <main><article class=a><section><h1 class=a>t</h1><h2>t</h2><h3>t</h3><div class=a id=b>
    <span class=a>t</span><time datetime=b class=a>t</time><p class=a>t</p>
    <figure><img src=a alt=b><figcaption>t</figcaption></figure><table><tr><td>t</table></div>"""
)
QUOTED = re.compile(r"""\"[^"]*\"|'[^']*'""")
CALLED = re.compile(r"(?<![\w:-])([A-Za-z][\w:-]*)\s*\(")
FUNCTIONS = frozenset(
    [
        *("last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat"),
        *("starts-with", "contains", "substring-before", "substring-after", "substring", "string-length"),
        *("normalize-space", "translate", "boolean", "not", "true", "false", "lang", "number", "sum"),
        *("floor", "ceiling", "round", "text", "node", "comment", "processing-instruction"),
        *("and", "or", "mod", "div"),  # operators before a bracket
    ]
)


@lru_cache(maxsize=1_024)
def compiled(selector: str) -> Callable[[HtmlElement], list[Any]]:
    """What finds the selector's matches below an element, in document order.

    The matches are elements, or strings where an XPath names attributes or text. Raises ValueError, with
    one line that says why, for a selector that cannot be read.
    """
    try:
        find = etree.XPath(xpath_of(selector), smart_strings=False)
        trial = find(TRIAL_PAGE)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector ({one_line(error)})") from error
    except etree.XPathError as error:
        raise ValueError(f"not an XPath expression ({one_line(error)})") from error
    if not isinstance(trial, list | str):
        raise ValueError("an XPath must find elements, attributes or text, not a number or a yes or no")
    return find if isinstance(trial, list) else lambda element: [text for text in (find(element),) if text]


def xpath_of(selector: str) -> str:
    """The selector as an XPath; raises ValueError or cssselect's SelectorError."""
    if not selector.strip():
        raise ValueError("the selector is empty")
    if len(selector) > MAX_SELECTOR_CHARS:
        raise ValueError(f"the selector is longer than {MAX_SELECTOR_CHARS} characters")
    if not selector.isprintable():
        raise ValueError("the selector has characters that cannot be seen")
    if selector.startswith(("/", "(")):
        return checked_xpath(selector)
    return HTMLTranslator().css_to_xpath(selector)


def checked_xpath(expression: str) -> str:
    """The expression; raises ValueError for functions, variables and prefixes that XPath 1.0 has not."""
    plain = QUOTED.sub("''", expression)
    for call in CALLED.findall(plain):
        name = call.rpartition("::")[2]
        if name not in FUNCTIONS:
            raise ValueError(f"not an XPath expression (unknown function {name})")
    if "$" in plain or re.search(r"\w:(?!:)(?<!::)\w", plain):
        raise ValueError("not an XPath expression (no variables and no namespace prefixes here)")
    return expression


def one_line(error: Exception) -> str:
    """An error's text without line breaks."""
    return " ".join(str(error).split())
