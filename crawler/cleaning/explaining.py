"""Why an article says what it says: each field's candidates, and what became of each block. Pure.

Reads the page once more, as `clean` does; choosing stays there, here is only told what there was to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.records import Article, Found
from crawler.cleaning import date_places, people, places
from crawler.cleaning.agency import agency_credit
from crawler.cleaning.body.finding import NO_BOILERPLATE
from crawler.cleaning.body.judging import JudgedBlock, judged_blocks
from crawler.cleaning.candidates import Candidate, selected_lines
from crawler.cleaning.clean import clean
from crawler.cleaning.document import Unreadable, read_document
from crawler.cleaning.gate import clean_text, one_line
from crawler.cleaning.language import language_of
from crawler.cleaning.openings import lead_stated
from crawler.cleaning.reading import (
    LANGUAGE_CHARS,
    Reading,
    clock_of,
    clues_of,
    declared_language,
    read_page,
    shown_dates,
    signed_by,
    stated_dates,
)
from crawler.cleaning.titles import title_candidates
from crawler.sources.profile import Source

MAX_CANDIDATES = 40  # of one field: more tell a person nothing


@dataclass(frozen=True, slots=True)
class Seen:
    """A value some place of the page offered for a field, and whether the field took it."""

    value: str
    evidence: str
    won: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """One field: its value in words (`None`: the page did not say), where from, and all that was seen."""

    name: str
    value: str | None
    evidence: str | None
    candidates: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """An article with what speaks for it. `blocks` are all of the page, in reading order."""

    article: Article
    fields: tuple[Explained, ...]
    blocks: tuple[JudgedBlock, ...]


def explain(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    profile: Source | None = None,
    stated: Sequence[Found] = (),
) -> Explanation:
    """The article `clean` makes of a page, and why; a page no tree is made of has problems alone."""
    now = fetched_at or datetime.now(UTC)
    article = clean(html, url, content_type=content_type, fetched_at=now, profile=profile, stated=stated)
    document = read_document(html, content_type=content_type)
    if isinstance(document, Unreadable):
        return Explanation(article, (), ())
    reading = read_page(document, url, now=now, profile=profile, found=tuple(stated))
    blocks = judged_blocks(
        document.tree,
        title=reading.title.text,
        lead_stated=lead_stated(reading.page),
        clues=clues_of(reading.page, reading.title),
        selectors=reading.selectors or None,
        boilerplate=profile.boilerplate if profile else NO_BOILERPLATE,
        learned=profile.learned if profile else None,
    )
    return Explanation(article, tuple(explained(article, reading)), tuple(map(printable, blocks)))


def printable(block: JudgedBlock) -> JudgedBlock:
    """A block free of what no terminal and no browser should be given."""
    return JudgedBlock(
        text=clean_text(block.text),
        tag=one_line(block.tag),
        path=one_line(block.path),
        score=block.score,
        kept=block.kept,
        why=one_line(block.why),
    )


def explained(article: Article, reading: Reading) -> Iterator[Explained]:
    """Yield every field, in the order a reader meets them."""
    for name, (seen, value) in FIELDS.items():
        evidence = article.evidence.get(name)
        candidates = distinct(seen(article, reading))
        yield Explained(name, value(article), evidence, candidates)


def distinct(seen: Iterable[Seen]) -> tuple[Seen, ...]:
    """What was seen, fit to print, each value of a place once; the winners before all that is cut off."""
    clean_ones = (Seen(one_line(one.value), one_line(one.evidence), one.won) for one in seen)
    first: dict[tuple[str, str], Seen] = {}
    for one in clean_ones:
        if one.value and (one.value, one.evidence) not in first:
            first[one.value, one.evidence] = one
    kept = list(first.values())
    late = [one for one in kept[MAX_CANDIDATES:] if one.won]
    return (*kept[: MAX_CANDIDATES - len(late)], *late)


def marked(candidates: Iterable[Candidate], won: Callable[[Candidate], bool]) -> Iterator[Seen]:
    """Yield each candidate; the first that won is the winner, the others lost."""
    is_open = True
    for candidate in candidates:
        wins = is_open and won(candidate)
        is_open = is_open and not wins
        yield Seen(candidate.value, candidate.evidence, wins)


def title_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield every name the page gives itself."""
    said = title_candidates(
        reading.tree,
        reading.page,
        selector=reading.selectors.get("title"),
        found=reading.found,
        learned=reading.learned.get("title"),
    )
    candidates = (Candidate(one.value, one.evidence) for one in said)
    evidence = article.evidence.get("title")
    return marked(candidates, lambda c: c.evidence == evidence and one_line(c.value) == article.title)


def lead_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield the profile's lead, the one printed on the page, and what the page's head says of it."""

    def candidates() -> Iterator[Candidate]:
        for line in selected_lines(reading.tree, reading.selectors.get("lead")):
            yield Candidate(line, "profile")
        if reading.body.lead:
            yield Candidate(reading.body.lead, "page")
        if stated := lead_stated(reading.page):
            yield Candidate(stated, "stated in the head")

    return marked(candidates(), lambda c: c.evidence == article.evidence.get("lead"))


def published_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield the dates written for machines, then those readers see, then the one in the address."""
    clock = clock_of(reading)

    def candidates() -> Iterator[Candidate]:
        yield from stated_dates(reading)
        yield from shown_dates(reading, clock)

    return marked(
        candidates(),
        lambda c: c.evidence == article.published_evidence and one_line(c.value) == article.published_raw,
    )


def modified_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield every date of change, by the page, then by feeds and sitemaps."""

    def candidates() -> Iterator[Candidate]:
        yield from date_places.modified_candidates(reading.page)
        for one in reading.found:
            if one.modified:
                yield Candidate(one.modified, one.via)

    return marked(candidates(), lambda c: c.evidence == article.evidence.get("modified_at"))


def authors_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield what stands where authors are named; the first place of the evidence that names them won."""
    evidence = article.evidence.get("authors")
    names = [author.name.casefold() for author in article.authors]
    is_open = True
    for place, said in people.author_places(
        reading.tree,
        reading.page,
        reading.selectors.get("authors"),
        heading=reading.title.heading,
        container=reading.body.container,
        learned=reading.learned.get("authors"),
    ):
        texts = [one_line(one.text) for one in said]
        wins = (
            is_open and place == evidence and any(name in text.casefold() for name in names for text in texts)
        )
        is_open = is_open and not wins
        for text in texts:
            yield Seen(text, place, wins)


def agency_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield whom the text credits, and the agency named as author."""

    def candidates() -> Iterator[Candidate]:
        if credited := agency_credit(reading.body.text, own_names=reading.names):
            yield Candidate(credited, "text")
        if agency := signed_by(reading).agency:
            yield Candidate(agency, "author")

    return marked(candidates(), lambda c: c.evidence == article.evidence.get("agency"))


def section_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield where a section is named."""
    said = places.section_places(
        reading.tree,
        reading.page,
        article.breadcrumbs,
        reading.selectors.get("section"),
        reading.learned.get("section"),
    )
    candidates = (Candidate(value, evidence) for evidence, value in said)
    return marked(candidates, lambda c: c.evidence == article.evidence.get("section"))


def tags_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield the publisher's words, place by place."""
    evidence = article.evidence.get("tags")
    for place, said in places.tag_places(
        reading.document, reading.page, reading.selectors.get("tags"), reading.learned.get("tags")
    ):
        for text in said:
            yield Seen(text, place, place == evidence)


def language_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield the language the text is in, and the one the page says it is in."""
    text = f"{reading.title.text or ''}\n{reading.body.text[:LANGUAGE_CHARS]}"

    def candidates() -> Iterator[Candidate]:
        if read := language_of(text, declared=None):
            yield Candidate(read, "text")
        if declared := declared_language(reading.page):
            yield Candidate(declared, "declared")

    return marked(candidates(), lambda c: c.value[:2].lower() == article.language)


def canonical_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield the addresses the page names as its own."""

    def candidates() -> Iterator[Candidate]:
        for href in reading.page.linked("canonical"):
            yield Candidate(href, "link canonical")
        for name, value in reading.page.meta("og:url"):
            yield Candidate(value, f"meta {name}")

    base = reading.page.base
    return marked(candidates(), lambda c: article.canonical_url == places.absolute(c.value, base) is not None)


def links_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield the article's links by their zone; there is no choice among them."""
    return (Seen(f"{link.text} {link.url}", link.zone, True) for link in article.links)


def images_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield the article's pictures by their role; there is no choice among them."""
    return (
        Seen(" ".join(filter(None, (image.url, image.caption, image.credit))), image.role, True)
        for image in article.images
    )


def nothing_seen(article: Article, reading: Reading) -> Iterator[Seen]:
    """Yield nothing: the evidence says it all."""
    return iter(())


def counted(count: int, noun: str) -> str | None:
    """So many of something, `None` of nothing."""
    return f"{count} {noun}{'s' if count > 1 else ''}" if count else None


def published_value(article: Article) -> str | None:
    """The publication on the publisher's clock, as exactly as the page says."""
    if article.published_local is None or article.published_precision == "day":
        return str(article.published_date) if article.published_date else None
    return f"{article.published_local.isoformat(sep=' ')}, to the {article.published_precision}"


def modified_value(article: Article) -> str | None:
    """The last change, on the clock of the publication: two zones side by side are read as one."""
    if article.modified_at is None:
        return None
    zone = article.published_local.tzinfo if article.published_local else UTC
    return article.modified_at.astimezone(zone).isoformat(sep=" ")


SeenIn = Callable[[Article, Reading], Iterator[Seen]]
FIELDS: dict[str, tuple[SeenIn, Callable[[Article], str | None]]] = {
    "article_type": (nothing_seen, lambda a: f"{a.article_type}, {a.is_article:.2f} sure to be an article"),
    "title": (title_seen, lambda a: a.title),
    "kicker": (nothing_seen, lambda a: a.kicker),
    "lead": (lead_seen, lambda a: a.lead),
    "published_at": (published_seen, published_value),
    "modified_at": (modified_seen, modified_value),
    "authors": (authors_seen, lambda a: "; ".join(author.name for author in a.authors) or None),
    "agency": (agency_seen, lambda a: a.agency),
    "section": (section_seen, lambda a: a.section),
    "breadcrumbs": (nothing_seen, lambda a: " > ".join(a.breadcrumbs) or None),
    "tags": (tags_seen, lambda a: ", ".join(a.tags) or None),
    "language": (language_seen, lambda a: a.language),
    "access": (nothing_seen, lambda a: a.access),
    "canonical_url": (canonical_seen, lambda a: a.canonical_url),
    "images": (images_seen, lambda a: counted(len(a.images), "picture")),
    "links": (links_seen, lambda a: counted(len(a.links), "link")),
    "body": (nothing_seen, lambda a: counted(len(a.body), "character")),
}
