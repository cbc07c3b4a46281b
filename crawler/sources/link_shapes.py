"""Which links of a page lead to articles, told by the shape of their paths and the length of their texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.sources.home_page import HomeLink

# A headline: menus and tags say less. Measured on home pages in Russian, where menus end at 30 characters.
TITLE_CHARS = 25
TITLE_WORDS = 3
FEWEST_LINKS = 3
MOST_PATTERNS = 3
# A further shape counts if it has this share of the first one's headlines, and these are most of its links.
FURTHER_SHARE = 0.15
HEADLINE_SHARE = 0.5
FEWEST_ALIKE = 8
END = r"/?(?:\?|$)"
WORD = "word"
# What a segment of a path can be: the first that fits, and the pattern for all like it. The patterns are
# linear: what is repeated never overlaps with what follows.
SEGMENTS = (
    (re.compile(r"\d{4}-\d\d-\d\d"), r"\d{4}-\d{2}-\d{2}"),
    (re.compile(r"(?:19|20)\d\d"), r"\d{4}"),
    (re.compile(r"\d{1,2}"), r"\d{1,2}"),
    (re.compile(r"\d+"), r"\d+"),
    (re.compile(r"\d{3,}[-_].+"), r"\d+[-_][^/?]+"),
    (re.compile(r".+[-_]a?\d{3,}"), r"[^/?]+[-_]a?\d+"),
    (re.compile(r".+-(?=[a-f]*\d)[0-9a-f]{6,12}"), r"[^/?]+-[0-9a-f]{6,12}"),
    (re.compile(r"[^-_]*[-_][^-_]*[-_].*|.{30,}"), r"[^/?_-]*[-_][^/?_-]*[-_][^/?]*"),
)
EXTENSION = re.compile(r"(.+?)(\.(?:html?|php|aspx?|shtml))")
NUMBERED = re.compile(r"(?:^|&)(\w*id|p)=\d+(?:&|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a path: a pattern or WORD for each segment, an extension, and a numbering parameter."""

    segments: tuple[str, ...]
    extension: str
    parameter: str


@dataclass(frozen=True, slots=True)
class ArticleLinks:
    """What a page's links say of articles: the patterns of their addresses, and the addresses themselves."""

    patterns: tuple[str, ...]
    urls: frozenset[str]


def article_links(links: Iterable[HomeLink]) -> ArticleLinks:
    """The shapes most headlines have, at most MOST_PATTERNS; nothing where few links are headlines."""
    texts: dict[str, str] = {}
    for link in links:
        texts[link.url] = max(texts.get(link.url, ""), link.text, key=len)
    groups: dict[Shape, list[str]] = {}
    for url in texts:
        groups.setdefault(shape_of(url), []).append(url)
    headlines = {shape: [url for url in urls if is_headline(texts[url])] for shape, urls in groups.items()}
    best = sorted(
        (shape for shape in groups if tells_articles(shape, len(headlines[shape]), len(groups[shape]))),
        key=lambda shape: -len(headlines[shape]),
    )[:MOST_PATTERNS]
    most = len(headlines[best[0]]) if best else 0
    kept = [shape for shape in best if len(headlines[shape]) >= FURTHER_SHARE * most]
    return ArticleLinks(
        patterns=tuple(pattern_of(shape, headlines[shape]) for shape in kept),
        urls=frozenset(url for shape in kept for url in headlines[shape]),
    )


def is_headline(text: str) -> bool:
    """Whether a link's text is long enough for a headline."""
    return len(text) >= TITLE_CHARS and len(text.split()) >= TITLE_WORDS


def tells_articles(shape: Shape, headlines: int, links: int) -> bool:
    """Whether a shape is worth a pattern: it says more than *words*, and most links are headlines."""
    says_more = bool(shape.extension or shape.parameter or any(part != WORD for part in shape.segments))
    return says_more and headlines >= FEWEST_LINKS and headlines >= HEADLINE_SHARE * links


def shape_of(url: str) -> Shape:
    """The form of an address's path."""
    parts = urlsplit(url)
    *before, last = path_segments(url) or [""]
    named = EXTENSION.fullmatch(last)
    stem, extension = (named[1], named[2]) if named else (last, "")
    numbered = NUMBERED.search(parts.query)
    segments = tuple(segment_pattern(part) for part in (*before, stem))
    return Shape(segments, extension, numbered[1] if numbered else "")


def path_segments(url: str) -> list[str]:
    """The parts of an address's path."""
    return [part for part in urlsplit(url).path.split("/") if part]


def segment_pattern(segment: str) -> str:
    """The pattern of all segments like this one, or WORD."""
    return next((pattern for form, pattern in SEGMENTS if form.fullmatch(segment)), WORD)


def pattern_of(shape: Shape, urls: Sequence[str]) -> str:
    """A regular expression for the paths of this shape, with the words that nearly all of them share."""
    paths = [path_segments(url) for url in urls]
    parts = [
        words_pattern([path[place].removesuffix(shape.extension) for path in paths if place < len(path)])
        if part == WORD
        else part
        for place, part in enumerate(shape.segments)
    ]
    path = "^/" + "/".join(parts) + re.escape(shape.extension)
    if shape.parameter:
        return path + rf"/?\?(?:[^#]*&)?{re.escape(shape.parameter)}=\d+"
    return path + END


def words_pattern(words: Sequence[str]) -> str:
    """The word nearly all have at one place, or any word: a few links' rubrics are not all rubrics."""
    word, count = Counter(words).most_common(1)[0] if words else ("", 0)
    return re.escape(word) if count >= FEWEST_ALIKE and count >= 0.9 * len(words) else "[^/?]+"
