"""Which of the names a page gives itself is the article's title. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.records import Found
from crawler.cleaning.candidates import Candidate, selected_lines
from crawler.cleaning.gate import stated_line
from crawler.cleaning.json_ld import strings
from crawler.cleaning.structured import Stated, spoken, squeezed

MAX_TITLE = 400
MAX_KICKER = 100
KICKER = re.compile(r"kicker|overline|dachzeile|eyebrow|topline|roofline", re.IGNORECASE)
SITE_KINDS = frozenset(("WebSite", "Organization", "NewsMediaOrganization"))
# What stands between a title and a site's name. A plain hyphen only with spaces: "COVID-19" is one word.
SEPARATOR = re.compile(
    r"\s+[|\u2013\u2014\u2022\u00b7\u00bb\u00ab:/~-]{1,2}\s+|\s*[|\u2022\u00bb]\s*|\s*::\s*"
)
# What it counts for a name to be said in a place: found by search on 841 pages whose title is known
# (newspapers 0.82 -> 0.85 exact, general articles 0.81 -> 0.84). The profile's place is the site's own word.
WEIGHTS = {
    "profile": 99.0,
    "json-ld headline": 2.2,
    "h1": 1.2,
    "microdata": 1.0,
    "title": 0.9,
    "og:title": 0.3,
    "feed": 0.3,
}
# How much a place that says more, or less, than a name still speaks for it; and a place for itself once more.
SAYS_MORE, SAYS_LESS, OWN_PLACE = 0.9, 0.75, 0.35
# Shorter texts are in others by chance.
COMPARABLE = 12
# A heading that names a part of the page or the site, not the article.
NO_TITLE = re.compile(
    r"^(home|news|blog|menu|search|comments?|share|subscribe|untitled|404.*|новости|главная|меню|поиск"
    r"|жаңалықтар)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Title:
    """The chosen title, where it was said, and the heading on the page that shows it, if one does."""

    text: str | None
    evidence: str | None = None
    heading: HtmlElement | None = None


def read_title(tree: HtmlElement, stated: Stated, *, selector: str | None, found: Sequence[Found]) -> Title:
    """The title most places agree on; the profile's own place wins over all."""
    names = [squeezed(name) for name in site_names(stated)]
    candidates = [
        c for c in title_candidates(tree, stated, selector, found, names) if is_title(c.value, names)
    ]
    whole = [c for c in candidates if not is_cut(c, candidates)]
    if not whole:
        return Title(None)
    best = max(whole, key=lambda c: agreement(c, whole))
    heading = next((h for h in stated.headings if squeezed(spoken(h)) == squeezed(best.value)), None)
    return Title(best.value, best.evidence, heading)


def title_candidates(
    tree: HtmlElement, stated: Stated, selector: str | None, found: Sequence[Found], names: Sequence[str]
) -> Iterator[Candidate]:
    """Yield every name the page gives itself, most trusted first, without the site's (`names`, squeezed)."""
    for line in selected_lines(tree, selector):
        yield Candidate(line, "profile")
    for place, said in said_titles(stated):
        yield Candidate(without_site(said, names), place)
    for one in found:
        if one.title:
            yield Candidate(without_site(stated_line(one.title), names), "feed")


def said_titles(stated: Stated) -> Iterator[tuple[str, str]]:
    """Yield where the page names itself and what it says there."""
    article = stated.article or {}
    for text in (strings(article.get("headline")) or strings(article.get("name")))[:1]:
        yield "json-ld headline", stated_line(text)
    for heading in stated.headings[:5]:
        yield "h1", spoken(heading)
    for item in stated.items:
        if item.name == "headline":
            yield "microdata", stated_line(item.value) or spoken(item.node)
    if title := stated.first_meta("og:title", "twitter:title", "dc.title"):
        yield "og:title", title
    if stated.page_title:
        yield "title", stated_line(stated.page_title)


def is_title(text: str, names: Sequence[str]) -> bool:
    """Whether a text can be a title at all: not empty, not endless, not the site's own name."""
    plain = squeezed(text)
    return bool(plain) and len(text) <= MAX_TITLE and plain not in names and not NO_TITLE.match(text)


def agreement(candidate: Candidate, others: Sequence[Candidate]) -> float:
    """How much speaks for a candidate: each place that says the same, a little more, or a little less."""
    mine = squeezed(candidate.value)
    total = OWN_PLACE * WEIGHTS[candidate.evidence]
    heard: set[str] = set()
    for other in others:
        share = likeness(mine, squeezed(other.value)) if other.evidence not in heard else 0.0
        if share:
            heard.add(other.evidence)
            total += WEIGHTS[other.evidence] * share
    return total


def likeness(mine: str, theirs: str) -> float:
    """How much one squeezed text supports another."""
    if mine == theirs:
        return 1.0
    if len(mine) <= COMPARABLE or len(theirs) <= COMPARABLE:
        return 0.0
    return SAYS_MORE if mine in theirs else SAYS_LESS if theirs in mine else 0.0


def is_cut(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether a text ends in dots where another place goes on."""
    text = candidate.value.rstrip()
    if not text.endswith(("\u2026", "...")):
        return False
    kept = squeezed(text)
    return any(
        len(theirs := squeezed(other.value)) > len(kept) and theirs.startswith(kept) for other in others
    )


def site_names(stated: Stated) -> list[str]:
    """How the site calls itself: said by the page, and by its address."""
    said = [
        value
        for _, value in stated.meta(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "publisher"
        )
    ]
    said += strings(stated.json_ld.resolved((stated.article or {}).get("publisher")))
    for node in stated.json_ld.of_type(SITE_KINDS):
        said += strings(node.get("name"))
    host = (urlsplit(stated.url).hostname or "").removeprefix("www.")
    return [
        line
        for text in (*said, host, host.rsplit(".", 1)[0], host.split(".")[0])
        if (line := stated_line(text))
    ]


def without_site(text: str, names: Sequence[str]) -> str:
    """The text without the site's name before or behind it, set apart by a separator."""
    for _ in range(3):
        cuts = list(SEPARATOR.finditer(text))
        if not cuts:
            return text
        last, first = cuts[-1], cuts[0]
        if is_site(text[last.end() :], names):
            text = text[: last.start()]
        elif is_site(text[: first.start()], names):
            text = text[first.end() :]
        else:
            return text
    return text


def is_site(piece: str, names: Sequence[str]) -> bool:
    """Whether a piece of a title is one of the site's names, or as good as one."""
    plain = squeezed(piece)
    return bool(plain) and any(
        plain == name or (len(name) > 3 and len(plain) < 40 and name in plain) for name in names
    )


def kicker_of(title: Title) -> str | None:
    """The short line above the title, where the page sets one apart in or right before its heading."""
    heading = title.heading
    if heading is None:
        return None
    before = heading.getprevious()
    for node in [*heading.iter("span", "small", "strong"), *([] if before is None else [before])]:
        line = spoken(node).rstrip(": ")
        if KICKER.search(node.get("class") or "") and 1 < len(line) <= MAX_KICKER and line != title.text:
            return line
    return None
