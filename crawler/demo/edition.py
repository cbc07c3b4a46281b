"""One edition of the paper: which articles it has, where they lie, and what a perfect reader gets. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.records import Image
from crawler.demo.manuscripts import Manuscript, handed_in, newest_first, newspaper, section_of
from crawler.demo.markup import linked_ids

FEED_LENGTH = 20
LANGUAGES = ("ru", "kk", "en")


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """What a perfect reader gets from an article's page and the feed or sitemap that named it.

    `paragraphs` are all blocks of the text in order, the lead first, without pictures' captions and credit
    lines; a list's items and a table's rows are lines of one block. `published` is `None` where neither
    page, feed nor news sitemap says it. `related` and `inline` are absolute addresses.
    """

    id: str
    url: str
    path: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    language: str
    section: str
    published: datetime | None
    modified: datetime | None
    dated: str
    design: str
    authors: tuple[str, ...]
    agency: str | None
    tags: tuple[str, ...]
    related: tuple[str, ...]
    inline: tuple[str, ...]
    images: tuple[Image, ...]

    @property
    def body(self) -> str:
        """The paragraphs with a blank line between them."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class TeaserPage:
    """One page of teasers; `newer` and `older` are the paths of its neighbours."""

    path: str
    name: str
    language: str
    articles: tuple[Manuscript, ...]
    newer: str | None
    older: str | None


class Edition:
    """The articles of one edition, and `more` beside them, and the paths they and their lists lie under."""

    def __init__(self, number: int, more: Sequence[Manuscript] = ()) -> None:
        self.number = number
        self.articles = newest_first((*handed_in(number), *more))
        self.by_id = {one.id: one for one in self.articles}
        self.by_path = {article_path(one): one for one in self.articles}
        before = handed_in(number - 1) if number > 1 else ()
        self.withdrawn = {article_path(one) for one in before} - self.by_path.keys()
        self.listings = {page.path: page for page in self._listings()}

    def newest(self, count: int, *, language: str, but: Manuscript | None = None) -> tuple[Manuscript, ...]:
        """The newest articles in a language, one of them left out."""
        others = (one for one in self.articles if one.language == language and one is not but)
        return tuple(others)[:count]

    def fed(self) -> tuple[Manuscript, ...]:
        """What the feed names: the newest of those it may name."""
        return tuple(one for one in self.articles if one.dated in ("page", "feed"))[:FEED_LENGTH]

    def mapped_as_news(self) -> tuple[Manuscript, ...]:
        """What the news sitemap names."""
        return tuple(one for one in self.articles if one.dated in ("page", "sitemap"))

    def related(self, article: Manuscript) -> tuple[Manuscript, ...]:
        """What the article offers to read next, as far as it is still there."""
        return tuple(self.by_id[name] for name in article.related if name in self.by_id)

    def truth(self, home: str) -> list[DemoArticle]:
        """What a perfect reader gets of each article of the paper at `home`, newest first."""
        return [self._truth(article, home.rstrip("/")) for article in self.articles]

    def _truth(self, article: Manuscript, home: str) -> DemoArticle:
        path = article_path(article)
        return DemoArticle(
            id=article.id,
            url=home + path,
            path=path,
            title=article.title,
            lead=article.lead,
            paragraphs=(article.lead, *(block.text for block in article.blocks)),
            language=article.language,
            section=section_name(article.section, article.language),
            published=None if article.dated == "nowhere" else article.filed_at,
            modified=article.revised_at,
            dated=article.dated,
            design=article.design,
            authors=article.authors,
            agency=article.agency,
            tags=article.tags,
            related=tuple(home + article_path(one) for one in self.related(article)),
            inline=tuple(home + article_path(self.by_id[name]) for name in linked_ids(article.blocks)),
            images=tuple(lead_image(article, home)),
        )

    def _listings(self) -> Iterator[TeaserPage]:
        for language in LANGUAGES:
            mine = self.newest(len(self.articles), language=language)
            root = newspaper()["roots"][language]
            yield from listing_pages(root, newspaper()["labels"][language]["all"], language, mine)
            for section in newspaper()["sections"]:
                here = [one for one in mine if one.section == section["id"]]
                place = section[language]
                yield from listing_pages(f"{root}{place['path']}/", place["name"], language, here)
            for tag in sorted({tag for one in mine for tag in one.tags}):
                yield from listing_pages(
                    tag_path(tag, language), tag, language, [one for one in mine if tag in one.tags]
                )


def listing_pages(
    path: str, name: str, language: str, articles: Sequence[Manuscript]
) -> Iterator[TeaserPage]:
    """The pages of a list, the first under `path`, further ones under `path`page/2/ and so on."""
    size = newspaper()["per_page"]
    starts = range(0, max(len(articles), 1), size)
    paths = [path if number == 1 else f"{path}page/{number}/" for number in range(1, len(starts) + 1)]
    for index, start in enumerate(starts):
        yield TeaserPage(
            path=paths[index],
            name=name,
            language=language,
            articles=tuple(articles[start : start + size]),
            newer=paths[index - 1] if index else None,
            older=paths[index + 1] if index + 1 < len(paths) else None,
        )


def article_path(article: Manuscript) -> str:
    """Where an article lies."""
    return f"{section_path(article.section, article.language)}{article.id}/"


def section_path(section: str, language: str) -> str:
    """Where a section lies in a language."""
    return f"{newspaper()['roots'][language]}{section_of(section)[language]['path']}/"


def tag_path(tag: str, language: str) -> str:
    """Where the articles with a tag are listed, as people read it; addresses carry it percent-encoded."""
    return f"/{language}/tag/{tag.replace(' ', '-')}/"


def section_name(section: str, language: str) -> str:
    """What a section is called in a language."""
    name: str = section_of(section)[language]["name"]
    return name


def lead_image(article: Manuscript, home: str) -> Iterator[Image]:
    """The article's picture, if it has one."""
    if picture := article.picture:
        address = f"{home}/wp-content/uploads/2026/03/{picture.name}.png"
        yield Image(address, alt=picture.alt, caption=picture.caption, credit=picture.credit, role="lead")
