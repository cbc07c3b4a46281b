"""The part of a listing an article stands in: the nearest named element around it that holds several."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml.html import HtmlElement

SEVERAL = ""  # articles stand in it; no `url_key` is empty
# A name a person gave: what a machine makes anew at each visit ("b-5f3a2e") would make every look another.
GIVEN = re.compile(r"(?=.{1,60}$)[A-Za-z][A-Za-z_-]*\d{0,3}")


def blocks_of(standing: Mapping[str, HtmlElement]) -> dict[str, str]:
    """The block of each article by its `url_key`, such as "section#main"; none where nothing is named.

    An element around one article is its card, not a block.
    """
    holds = articles_around(standing)
    named = {key: block_around(element, holds) for key, element in standing.items()}
    return {key: name for key, name in named.items() if name}


def articles_around(standing: Mapping[str, HtmlElement]) -> dict[HtmlElement, str]:
    """Each element around articles with the `url_key` of the one it holds, or SEVERAL."""
    holds: dict[HtmlElement, str] = {}
    for key, element in standing.items():
        for around in element.iterancestors():
            if holds.get(around) == SEVERAL:
                break  # and so has all that is around it
            holds[around] = key if holds.get(around, key) == key else SEVERAL
    return holds


def block_around(element: HtmlElement, holds: Mapping[HtmlElement, str]) -> str | None:
    """The name of the nearest element around that holds several articles and has one, or `None`."""
    for around in element.iterancestors():
        if around.tag == "body":
            return None
        if holds.get(around) == SEVERAL and (name := name_of(around)):
            return name
    return None


def name_of(element: HtmlElement) -> str | None:
    """Tag with id, else with the first class that a person gave: "ul.latest"; `None` without either."""
    if GIVEN.fullmatch(own := element.get("id", "").strip()):
        return f"{element.tag}#{own}"
    given = (one for one in element.get("class", "").split() if GIVEN.fullmatch(one))
    return next((f"{element.tag}.{one}" for one in given), None)
