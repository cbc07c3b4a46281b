"""Dates a reader sees beside the title, for pages that state none for machines. Pure.

The traps: a header that prints today's date, teasers and sidebars with dates of other articles, comments,
dates in the running text. So a date counts only near the title, and outside of all that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

from crawler.cleaning.candidates import Candidate
from crawler.cleaning.date_lines import DATEISH, Seen, date_line, lines_with_dates
from crawler.cleaning.elements import HtmlElement, brief_text, name_of
from crawler.cleaning.headings import set_apart
from crawler.cleaning.structured import Stated, key_of, spoken, squeezed

# Between a date and what else a line says: views, author, section.
PARTING = re.compile(r"\s*[|\u2022\u00b7]\s*")
# Asked of lines and names in small letters: to search in all cases takes three to eight times as long.
WEEKDAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|понедельник|вторник|сред[ау]|четверг|пятниц|суббот"
    r"|воскресень|дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|\bжұма\b|\bсенбі\b|жексенбі|понеділок|вівторок|середа"
    r"|четвер|п.ятниц|неділя|понеделник|сряда|четвъртък|петък|събота|неделя|\b(?:lun|mar|mercre|jeu|vendre|same)di\b"
    r"|\b(?:mon|diens|donners|frei|sams|sonn)tag\b|mittwoch|dimanche|dilluns|dimarts|dimecres|dijous|divendres"
    r"|\b(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|(?:segunda|terça|quarta|quinta|sexta)-feira)\b",
)
SURE_NAME = re.compile(
    r"pub(?:lish(?:ed)?)?[_-]?(?:date|time)|published|dateline|date-header"
    r"|(?:post|article|news|entry|node|asset)[_-]{0,2}(?:date|meta|footer|info)",
)
CHANGED = re.compile(
    r"updat|modif|changed|edited|обновл|изменен|редакт|жаңарт|өзгерт|aktualisiert|geändert|actualiz"
    r"|mis à jour|aggiornat|atualizad",
)
PUBLISHED = re.compile(
    r"publi|posted|опублик|размещ|дата|жариялан|veröff|erschienen|erstellt|gespeichert|submitted|written|added"
    r"|добавлен|created|pubblicat|posté|gepost|datum|\bstand:"
    r"|(?:artikel|eintrag|beitrag) wurde|entry was"
    r"|^(?:von|by|par|author|autor|автор)\b.{2,40}\b(?:am|on|le|от) \d",
)
# Whole words of class and id: "node-promoted" is no promotion, "leftmost" no list of the most read.
ELSEWHERE = re.compile(
    r"(?<![a-z])(?:comments?|commentlist|respond|sidebar|side-bar|related|recommend\w*|popular|teasers?"
    r"|(?<!elementor-)widget|copyright|breadcrumbs?|nav|navbar|navigation|menu|ticker|weather|pogoda"
    r"|header[_-]?date|current|today|latest|recent|trending|read-?also|read-?more|promo|banner|advert\w*|calendar"
    r"|archives?|prev|next|pagination|disqus|tweets?|twitter|carousel|slider|slick|swiper|login|search|profile"
    r"|joined|(?<![a-z-])signature|cookies?|most|lenta|newsfeed|news-list|(?:site|page|main)-?footer|events?|deadline)(?![a-z])",
)
NEVER = frozenset(
    (
        *("nav", "form", "select", "button", "option", "textarea", "figure", "figcaption", "blockquote"),
        *("script", "style", "noscript", "template"),
    )
)
HEADINGS = ("h2", "h3", "h4", "h5")
# A block of more text is no teaser, whatever links it holds.
TEASER_CHARS = 600
# A line this short that reads as a date says nothing else.
BARE = 30
# A line this short that says "published" is a label and its date.
LABELLED = 60
# Within this many characters of the title a line stands at the head of the article.
NEAR = 800
# A date before the title belongs to it when both stand in one of the elements so near around the title: what
# stands farther off is the page's header, with the day of the visit.
HEAD_LEVELS, TODAY_LEVELS = 5, 3
# So close behind the title nobody sets another article.
BESIDE = 100
MAX_HEADING = 1_000  # letters of a heading
# Below this nobody is believed.
ENOUGH = 3
# «Astana, (12 March 2026). », "01.02.2022 –" at the head of a paragraph.
MIN_OPENING = 80
DATELINE = re.compile(
    r"(?:[^\W\d_][\w.-]*(?: [^\W\d_][\w.-]*){0,3}[,.]?\s{0,2})?\(?"
    r"(?P<day>\d{1,2}\.\s?(?:\d{1,2}\.|[^\W\d_]{3,12})\s?(?:19|20)\d\d|\d{1,2} [^\W\d_]{3,12},? (?:19|20)\d\d"
    r"|[^\W\d_]{3,12} \d{1,2}, (?:19|20)\d\d)\)?\s?"
    r"(?:[.:\u2013\u2014\u201e\u00ab(/]|- )"
)
# Lines whose surroundings are looked at, the likeliest first.
MAX_CANDIDATES = 30


def visible_dates(
    tree: HtmlElement,
    stated: Stated,
    *,
    heading: HtmlElement | None,
    container: HtmlElement | None,
    title: str | None,
    is_today: Callable[[str], bool],
) -> Iterator[Candidate]:
    """Yield dates printed beside the title, nearest and best marked first.

    `is_today` tells whether a line names the day of the visit, which page headers print.
    """
    anchor = heading if heading is not None else heading_like(tree, title)
    if anchor is None and container is None:
        return
    lines = [
        *lines_in_heading(anchor),
        *lines_with_dates(tree, anchor if anchor is not None else container),
    ]
    behind = Counter(described(seen.node) for seen in lines if seen.behind_prose)
    own = {*ancestors(anchor), *ancestors(container)}
    likely = [
        (score, -abs(seen.distance), seen)
        for seen in lines
        if (score := likelihood(seen)) >= ENOUGH
        and (seen.distance >= 0 or heads_the_title(seen, anchor, is_today))
        # What stands behind the text three times over is a list of other articles.
        and not (seen.behind_prose and behind[described(seen.node)] > 2)
    ]
    best = sorted(likely, key=lambda item: item[:2], reverse=True)[:MAX_CANDIDATES]
    for seen in (seen for _, _, seen in best if not stands_elsewhere(seen, own, stated.url)):
        pieces = [piece for piece in PARTING.split(seen.line) if DATEISH.search(piece)]
        for piece in dict.fromkeys((seen.line, *pieces)):
            yield Candidate(piece, f"visible {described(seen.node)}")


def lines_in_heading(heading: HtmlElement | None) -> Iterator[Seen]:
    """Yield the lines with a date that are set into the title's heading beside the title."""
    for part in set_apart(heading) if heading is not None else ():
        if line := date_line(spoken(part)):
            yield Seen(line, part, distance=0, behind_prose=False, marked=True)


def heads_the_title(seen: Seen, anchor: HtmlElement | None, is_today: Callable[[str], bool]) -> bool:
    """Whether a line before the title belongs to it: one small element holds them both."""
    levels = TODAY_LEVELS if is_today(seen.line) else HEAD_LEVELS
    around = {up for up in ancestors(anchor)[1:levels] if up.tag not in ("body", "html")}
    return not around.isdisjoint(seen.node.iterancestors())


def ancestors(node: HtmlElement | None) -> list[HtmlElement]:
    """An element and all it stands in."""
    return [] if node is None else [node, *node.iterancestors()]


def heading_like(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    """The heading that shows the title where no `<h1>` does."""
    wanted = squeezed(title or "")
    if not wanted:
        return None
    for node in tree.iter("h1", "h2", "h3", "h4"):
        said = squeezed(brief_text(node, MAX_HEADING))
        if said == wanted or (len(said) > 12 and said in wanted):
            return node
    return None


def likelihood(seen: Seen) -> float:
    """How likely a line is the article's own date, by its marks, its words and its distance."""
    names = name_of(seen.node).lower()
    line = seen.line.lower()
    published = PUBLISHED.search(line) is not None
    if not published and CHANGED.search(line):
        return 0
    if seen.behind_prose and not (
        seen.marked or published or (len(seen.line) <= BARE and seen.distance < NEAR)
    ):
        return 0
    named = SURE_NAME.search(names) is not None
    sure = named or seen.node.tag == "time"
    score = 2.0 if seen.marked else 0.5
    score += 1 if sure else 0
    score -= 1.5 if CHANGED.search(names) and not named else 0
    score += (3.5 if len(seen.line) <= LABELLED else 1.5) if published else 0
    score += 1 if len(seen.line) <= 40 else 0
    score -= 1 if is_sentence(seen.line) and not (sure or seen.marked or published) else 0
    score += 1 if DATEISH.match(seen.line) else 0
    return score + nearness(seen, named=named)


def is_sentence(line: str) -> bool:
    """Whether a line says more than when, or ends as sentences do."""
    return len(line) > LABELLED or (len(line) > BARE and line.endswith((".", "!", "?")))


def nearness(seen: Seen, *, named: bool) -> float:
    """What the distance from the title says for or against a line."""
    if seen.distance < 0:
        if WEEKDAY.search(seen.line.lower()) and seen.node.tag != "time" and not named:
            return -3  # what a page header prints each day
        return 1.5 if seen.distance > -150 else -0.5 if seen.distance > -400 else -4
    if seen.behind_prose:
        if len(seen.line) <= BARE and seen.distance < NEAR:
            return 1.5
        return 0 if named else -1 if seen.node.tag == "time" else -2
    return 3 if seen.distance < 200 else 2 if seen.distance < NEAR else 0


def stands_elsewhere(seen: Seen, own: set[HtmlElement], url: str) -> bool:
    """Whether a line stands in a menu, a sidebar, a comment, or a teaser of another article.

    `own` is what the title and the text stand in: how that is called says nothing.
    """
    for level, node in enumerate((seen.node, *seen.node.iterancestors())):
        if node in own or node.tag in ("body", "html"):
            return False
        name = name_of(node)
        if node.tag in NEVER or (len(name) > 1 and ELSEWHERE.search(name.lower())):
            return True
        if node.tag in ("aside", "footer") and seen.distance < 0:
            return True
        # A bare date may lead to its day's archive; a line that leads elsewhere is another article's.
        if node.tag == "a" and len(seen.line) > BARE and leads_elsewhere(node, url):
            return True
        if level < 4 and not 0 <= seen.distance < BESIDE and is_teaser(node, url):
            return True
    return False


def is_teaser(node: HtmlElement, url: str) -> bool:
    """Whether a small element is mostly a link to another article, or a heading that is one."""
    text = spoken(node)
    if len(text) > TEASER_CHARS:
        return False
    for link in node.iter("a"):
        said = len(spoken(link))
        if said < 15 or not leads_elsewhere(link, url):
            continue
        if said > 45 and said > len(text) * 0.5:
            return True
        if next(chain(link.iterancestors(*HEADINGS), link.iter(*HEADINGS)), None) is not None:
            return True
    return False


def leads_elsewhere(link: HtmlElement, url: str) -> bool:
    """Whether a link leads to another page: not to this one, and not nowhere."""
    href = link.get("href")
    if not href or href.startswith(("#", "javascript:", "mailto:")) or "bookmark" in (link.get("rel") or ""):
        return False
    if not href.startswith("http"):
        return not url.endswith(href)
    return key_of(href) != key_of(url)


def described(node: HtmlElement) -> str:
    """Where a date stood, for a person: tag and first class."""
    name = (node.get("class") or "")[:500].split()
    return f"{node.tag}.{name[0]}"[:60] if name else str(node.tag)


def datelines(text: str) -> Iterator[Candidate]:
    """Yield the day a text opens with, after its place: how press releases and agencies begin."""
    for paragraph in text.split("\n\n", 3)[:3]:
        if len(paragraph) > MIN_OPENING and (found := DATELINE.match(paragraph)):
            yield Candidate(found["day"], "dateline")
