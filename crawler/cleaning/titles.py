"""Which of the names a page gives itself is the article's title. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from archive.records import Found
from crawler.cleaning.candidates import selected_lines
from crawler.cleaning.elements import HtmlElement
from crawler.cleaning.gate import stated_line
from crawler.cleaning.headings import KICKER, MAX_KICKER, Named, leads_home, read_heading
from crawler.cleaning.json_ld import strings
from crawler.cleaning.structured import Stated, spoken, squeezed
from crawler.cleaning.title_traits import BAR, COMPARABLE, support, traits

MAX_TITLE = 400
MAX_HEADINGS = 6
SITE_KINDS = frozenset(("WebSite", "Organization", "NewsMediaOrganization"))
# What stands between a title and a site's name. A plain hyphen only with spaces, or between Chinese or
# Japanese words: "COVID-19" is one word.
SEPARATOR = re.compile(
    r"\s+[|\u2013\u2014\u2022\u00b7\u00bb\u00ab:/~-]{1,2}\s+|\s*[|\u2022\u00bb\uff5c]\s*|\s*::\s*"
    r"|(?<=[\u3040-\u9fff\uff00-\uffef])\s*[-_]\s*(?=[\u3040-\u9fff])"
)
# What is left of a separator when one side of it is empty. Guillemets that quote stay.
LOOSE = re.compile(r"^(?:[\s|\u2022\u00b7]|\u00bb(?![^\u00ab]*\u00ab)\s)+|[\s|\u2022\u00b7]+$")
# A heading that names a part of the page or the site, not the article.
NO_TITLE = re.compile(
    r"^(home|news|blog|menu|search|comments?|share|subscribe|untitled"
    r"|404(?:\W*(?:error|not found|ошибка.*|страница.*))?|новости|главная|меню|поиск"
    r"|жаңалықтар)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Title:
    """The chosen title, where it was said, and the heading on the page that shows it, if one does."""

    text: str | None
    evidence: str | None = None
    heading: HtmlElement | None = None
    kicker: str | None = None


def read_title(
    tree: HtmlElement,
    stated: Stated,
    *,
    selector: str | None,
    found: Sequence[Found],
    learned: str | None = None,
) -> Title:
    """The name most speaks for; the profile's own place wins over all, a learned one is heard."""
    rivals = ballot(title_candidates(tree, stated, selector=selector, found=found, learned=learned))
    if not rivals:
        return Title(None)
    best = rivals[0]
    if len(rivals) > 1:
        best = max(rivals, key=lambda said: support(traits(said, rivals, stated)))
    heading = next((one.heading for one in best if one.heading), None)
    return Title(
        best[0].value, best[0].evidence, heading and heading.node, heading.kicker if heading else None
    )


def title_candidates(
    tree: HtmlElement,
    stated: Stated,
    *,
    selector: str | None,
    found: Sequence[Found],
    learned: str | None = None,
) -> Iterator[Named]:
    """Yield every name the page gives itself, best spelling first, without the site's."""
    names = [squeezed(name) for name in site_names(stated)]
    for line in selected_lines(tree, selector):
        yield Named(line, "profile")
    said = [*in_headings(stated), *in_head(stated)]
    said += [Named(line, "learned") for line in islice(selected_lines(tree, learned), 1)]
    for one in (*said, *in_lesser_headings(tree, said, names), *whole_headings(said), *in_feeds(found)):
        if len(one.value) > 2 * MAX_TITLE:
            continue
        text = without_site(one.value, names)
        if is_title(text, names):
            yield Named(text, one.evidence, one.heading)
        if one.evidence == "title" and (first := BAR.split(text)[0]) != text and len(first.split()) > 2:
            yield Named(LOOSE.sub("", first), "title, cut")


def in_headings(stated: Stated) -> Iterator[Named]:
    """Yield the main headings, but for those that lead to the front page, then headlines in microdata."""
    for node in stated.headings[:MAX_HEADINGS]:
        if not leads_home(node):
            heading = read_heading(node)
            yield Named(heading.title, "h1", heading)
    headlines = [item for item in stated.items if item.name == "headline"]
    for item in headlines[:3]:
        yield Named(stated_line(item.value) or spoken(item.node), "microdata")


def in_head(stated: Stated) -> Iterator[Named]:
    """Yield what the page says for machines."""
    if title := stated.first_meta("og:title", "twitter:title", "dc.title"):
        yield Named(title, "og:title")
    article = stated.article or {}
    for text in (strings(article.get("headline")) or strings(article.get("name")))[:1]:
        yield Named(stated_line(text), "json-ld headline")
    if stated.page_title:
        yield Named(stated_line(stated.page_title), "title")


def in_lesser_headings(tree: HtmlElement, said: Sequence[Named], names: Sequence[str]) -> Iterator[Named]:
    """Yield the smaller headings the page's `<title>` begins or ends with, where no main one does so."""
    titles = [squeezed(one.value) for one in said if one.evidence in ("title", "og:title")]
    if any(one.heading and opens_or_ends(one.value, titles) and is_title(one.value, names) for one in said):
        return
    for node, _ in zip(tree.iter("h2", "h3", "h4"), range(60), strict=False):
        heading = read_heading(node)
        if opens_or_ends(heading.title, titles):
            yield Named(heading.title, "heading", heading)


def opens_or_ends(text: str, titles: Sequence[str]) -> bool:
    """Whether one of the titles (squeezed) begins or ends with a text long enough to do so on purpose."""
    plain = squeezed(text)
    return len(plain) > COMPARABLE and any(t.startswith(plain) or t.endswith(plain) for t in titles)


def whole_headings(said: Sequence[Named]) -> Iterator[Named]:
    """Yield the headings of which a part was set apart as they stand on the page."""
    for one in said:
        if one.heading and one.heading.whole != one.heading.title:
            yield Named(one.heading.whole, "h1, whole", one.heading)


def in_feeds(found: Sequence[Found]) -> Iterator[Named]:
    """Yield what feeds and listings call the article."""
    for one in found:
        if one.title:
            yield Named(stated_line(one.title), "feed")


def ballot(candidates: Iterator[Named]) -> list[list[Named]]:
    """The candidates in groups that say the same; a text cut short is none where another goes on."""
    groups: dict[str, list[Named]] = {}
    for one in candidates:
        groups.setdefault(squeezed(one.value), []).append(one)
    return [said for plain, said in groups.items() if not is_cut(said[0].value, plain, groups)]


def is_title(text: str, names: Sequence[str]) -> bool:
    """Whether a text can be a title at all: not empty, not endless, not the site's own name."""
    plain = squeezed(text)
    return bool(plain) and len(text) <= MAX_TITLE and plain not in names and not NO_TITLE.match(text)


def is_cut(text: str, plain: str, others: Mapping[str, object]) -> bool:
    """Whether a text (`plain` when squeezed) ends in dots where another place goes on."""
    if not text.rstrip().endswith(("\u2026", "...")):
        return False
    return any(len(other) > len(plain) and other.startswith(plain) for other in others)


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
    labels = host.split(".")
    said += [host, host.rsplit(".", 1)[0], labels[0], max(labels[:-1], key=len, default="")]
    return [line for text in said if (line := stated_line(text))]


def without_site(text: str, names: Sequence[str]) -> str:
    """The text without the site's name before or behind it, set apart by a separator."""
    for _ in range(3):
        text = LOOSE.sub("", text)
        cuts = list(SEPARATOR.finditer(text))
        if not cuts:
            break
        last, first = cuts[-1], cuts[0]
        if is_site(text[last.end() :], names):
            text = text[: last.start()]
        elif is_site(text[: first.start()], names):
            text = text[first.end() :]
        else:
            break
    before, colon, behind = text.partition(": ")
    return behind if colon and len(before) > 3 and squeezed(before) in names else text


def is_site(piece: str, names: Sequence[str]) -> bool:
    """Whether a piece of a title is one of the site's names, or as good as one."""
    plain = squeezed(piece)
    return bool(plain) and any(
        plain == name
        or (len(name) > 3 and len(plain) < 40 and name in plain)
        or (len(plain) > 5 and name.endswith(plain))
        for name in names
    )


def kicker_of(title: Title) -> str | None:
    """The short line above the title, where the page sets one apart in or right before its heading."""
    if title.kicker or title.heading is None:
        return title.kicker
    before = title.heading.getprevious()
    if before is None or not KICKER.search(before.get("class") or ""):
        return None
    line = spoken(before).rstrip(": ")
    return line if 1 < len(line) <= MAX_KICKER and line != title.text else None
