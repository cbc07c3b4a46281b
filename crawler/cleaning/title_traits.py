"""What speaks for and against a name a page gives itself being its title, and how much. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from crawler.cleaning.elements import HtmlElement, name_of
from crawler.cleaning.headings import Named
from crawler.cleaning.json_ld import types_of
from crawler.cleaning.structured import Stated, squeezed

# What speaks for and against a text, found by `benchmarks/train_titles.py` on 1,350 pages whose title is
# known (newspapers counted three times), and proven on domains left out: newspapers 0.854 -> 0.885 exact,
# general articles 0.841 -> 0.873, the other 509 pages 0.837 -> 0.859.
WEIGHTS: Mapping[str, float] = {
    "in profile": 99.0,  # the site's own word
    "in learned": 0.9,  # not measured: pages agreed on it, and it is heard beside what this page says
    "only in feed": -1.5,  # not measured: what a feed alone says is no name the page gives itself
    "in feed": 0.5,  # not measured: as good as half of what two places agree on
    "in h1": 0.42,
    "in h1, whole": 0.46,
    "in title": -0.74,
    "h1 and og:title": 1.52,
    "h1 and json-ld headline": 0.33,
    "og:title and title": 1.0,
    "in h1 of news": -1.53,
    "in json-ld headline of news": 1.34,
    "in title of news": -0.66,
    "part of json-ld headline": -1.08,
    "more than json-ld headline": 0.85,
    "more than h1": -1.07,
    "part of title": 0.62,
    "only h1": -0.81,
    "first h1": 1.04,
    "in main": 0.59,
    "in margin": -0.66,
    "in address": 0.51,
    "strange": -1.79,
    "short": -1.08,
    "bar": -1.57,
    "ends a sentence": -0.99,
}
# Shorter texts are in others by chance.
COMPARABLE = 8
BAR = re.compile(r"\s[|\u00b7\u2022\u00bb]\s")
# Asked of names in small letters.
MARGIN = re.compile(
    r"comment|sidebar|related|footer|modal|cookie|popup|newsletter|menu|nav(?<!\wnav)|promo|widget|logo|site-?title"
    r"|branding|banner|masthead"
)
MARGIN_TAGS = frozenset(("nav", "aside", "footer", "form"))
WORD = re.compile(r"\w\w+")
STOP_WORDS = frozenset(
    "the and of to in on for is are der die das und zu im den von mit de la le et les des du en el".split()  # noqa: SIM905
)
SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", **dict.fromkeys("éè", "e"), "ñ": "n"})
HEAD_PLACES = frozenset(("og:title", "json-ld headline", "title"))
PAIRS = (("h1", "og:title"), ("h1", "json-ld headline"), ("og:title", "title"))


def support(spoken_for: Mapping[str, float]) -> float:
    """How much speaks for a candidate."""
    return sum(WEIGHTS.get(name, 0.0) * value for name, value in spoken_for.items())


def traits(said: Sequence[Named], rivals: Sequence[Sequence[Named]], stated: Stated) -> dict[str, float]:
    """What speaks for and against a text, by the places that say it (`said`) and by those that do not."""
    text, places = said[0].value, {one.evidence for one in said}
    others = [one for group in rivals if group is not said for one in group]
    seen = {f"in {place}": 1.0 for place in places}
    seen["only in feed"] = float(places == {"feed"})
    seen |= dict(agreements(squeezed(text), places, others))
    seen |= {f"{a} and {b}": 1.0 for a, b in PAIRS if a in places and b in places}
    if is_news(stated):
        seen |= {f"in {place} of news": 1.0 for place in places & {"h1", "json-ld headline", "title"}}
    if "h1" in places:
        seen |= dict(stands(said, others, stated))
    seen |= dict(looks(text, stated.url))
    if not places & HEAD_PLACES:
        known = [words(one.value) for one in others if one.evidence in HEAD_PLACES]
        seen["strange"] = float(not any(words(text) & one for one in known))
    return seen


def agreements(plain: str, places: set[str], others: Sequence[Named]) -> Iterator[tuple[str, float]]:
    """Yield where a squeezed text is part of what another place says, or the other way round."""
    if len(plain) <= COMPARABLE:
        return
    for place in ("json-ld headline", "h1", "title"):
        theirs = [squeezed(one.value) for one in others if one.evidence == place and place not in places]
        if any(plain in text for text in theirs):
            yield f"part of {place}", 1.0
        elif any(len(text) > COMPARABLE and text in plain for text in theirs):
            yield f"more than {place}", 1.0


def stands(said: Sequence[Named], others: Sequence[Named], stated: Stated) -> Iterator[tuple[str, float]]:
    """Yield how a main heading stands on the page."""
    nodes = [one.heading.node for one in said if one.heading]
    around = [*nodes[0].iterancestors()]
    yield "only h1", float(all(one.evidence != "h1" for one in others))
    yield "first h1", float(first_heading(said, others, stated))
    yield "in main", float(any(up.tag in ("article", "main") for up in around))
    yield "in margin", float(any(map(is_margin, [nodes[0], *around[:4]])))


def first_heading(said: Sequence[Named], others: Sequence[Named], stated: Stated) -> bool:
    """Whether no other main heading that can be a title stands before."""
    rivals = {one.heading.node: False for one in others if one.heading and one.evidence == "h1"}
    own = {one.heading.node: True for one in said if one.heading}
    both = {**rivals, **own}
    return next((both[node] for node in stated.headings if node in both), False)


def is_margin(node: HtmlElement) -> bool:
    """Whether an element by its name is no part of an article."""
    if node.tag in ("body", "html"):
        return False
    name = name_of(node)
    return node.tag in MARGIN_TAGS or (len(name) > 1 and MARGIN.search(name.lower()) is not None)


def looks(text: str, url: str) -> Iterator[tuple[str, float]]:
    """Yield what a text looks like, and how many of its words the address has."""
    own = {part for word in words(text) for part in WORD.findall(word.translate(SPELLINGS))}
    path = words(unquote(urlsplit(url).path).replace("_", " ").translate(SPELLINGS))
    yield "in address", len(own & path) / len(own) if own else 0.0
    yield "short", float(len(text.split()) <= 2)
    yield "bar", float(BAR.search(text) is not None)
    yield "ends a sentence", float(text.endswith("."))


def words(text: str) -> set[str]:
    """The words of a text that mean something, in lower case."""
    return set(WORD.findall(text.casefold())) - STOP_WORDS


def is_news(stated: Stated) -> bool:
    """Whether JSON-LD calls the page news: papers write their headlines there."""
    kinds = types_of(stated.article) if stated.article else frozenset()
    return any("News" in kind or kind == "LiveBlogPosting" for kind in kinds)
