"""Paths to documents: what the paper's server answers to a visitor of an edition on a day."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import quote, unquote

import jinja2

from crawler.demo.day_words import stated_time, teaser_day, visit_day
from crawler.demo.edition import (
    LANGUAGES,
    Edition,
    TeaserPage,
    article_path,
    lead_image,
    section_name,
    section_path,
    tag_path,
)
from crawler.demo.manuscripts import DATA, Manuscript, newspaper
from crawler.demo.markup import Block, block_html
from crawler.demo.pictures import png

CLOCK = timezone(timedelta(hours=5))
# What Last-Modified says of an article whose day of publication nobody may learn.
MOVED_TO_NEW_SERVER = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
DEGREES = (-14, -13, -3, 9, 17, 23, 25, 23, 16, 7, -3, -11)
SITE_LANGUAGE = {"ru": "ru-RU", "kk": "kk-KZ", "en": "en-US"}
HTML, XML = "text/html; charset=UTF-8", "application/xml; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Document:
    """What an address answers. `etag` names what it says, not its bytes: sidebars change more often."""

    body: bytes
    kind: str
    etag: str
    modified: datetime | None = None
    status: int = 200


class Site:
    """One edition of the paper at one address."""

    def __init__(self, edition: Edition, home: str) -> None:
        self.edition = edition
        self.home = home.rstrip("/")
        self.templates = environment()
        self.templates.globals |= {
            "paper": newspaper(),
            "labels": newspaper()["labels"],
            "edition": edition,
            "home": self.home,
            "languages": LANGUAGES,
            "address": self.address,
            "block_html": self.block_html,
            "lead_images": lambda article: list(lead_image(article, self.home)),
            "json_ld": self.json_ld,
            "section_name": section_name,
            "section_path": section_path,
            "tag_path": lambda tag, language: quote(tag_path(tag, language)),
        }

    def document(self, path: str, visited_at: datetime) -> Document:
        """What the path answers to a visitor at this moment; a page of its own where nothing lies."""
        plain = unquote(path)
        if article := self.edition.by_path.get(plain):
            return self.article_page(article, visited_at)
        if listing := self.edition.listings.get(plain):
            return self.listing_page(listing)
        if plain in FIXED:
            template, kind, fields = FIXED[plain]
            text = self.templates.get_template(template).render(fields)
            return stated(gzip.compress(text.encode(), mtime=0) if kind == "application/gzip" else text, kind)
        if plain == "/static/gazeta.css":
            return stated(DATA.joinpath("static", "gazeta.css").read_bytes(), "text/css; charset=UTF-8")
        if plain.startswith("/wp-content/uploads/") and plain.endswith(".png"):
            return stated(png(plain.rsplit("/", 1)[1]), "image/png")
        language = next((code for code in LANGUAGES if plain.startswith(newspaper()["roots"][code])), "ru")
        html = self.templates.get_template("not_found.html").render(language=language)
        return Document(html.encode(), HTML, "", status=410 if plain in self.edition.withdrawn else 404)

    def article_page(self, article: Manuscript, visited_at: datetime) -> Document:
        """The page of an article, in the design of its section."""
        html = self.templates.get_template(f"{article.design}_article.html").render(
            article=article,
            language=article.language,
            site_language=SITE_LANGUAGE[article.language],
            visit_day=visit_day(visited_at.date(), article.language),
            degrees=DEGREES[visited_at.month - 1],
            related=self.edition.related(article),
            sidebar=self.edition.newest(6, language=article.language, but=article),
            menu_teasers=self.edition.newest(10, language=article.language, but=article)[-4:],
        )
        modified = article.revised_at or article.filed_at
        return Document(
            html.encode(),
            HTML,
            etag_of(repr(article).encode()),
            MOVED_TO_NEW_SERVER if article.dated == "nowhere" else modified,
        )

    def listing_page(self, listing: TeaserPage) -> Document:
        """A page of teasers."""
        html = self.templates.get_template("listing.html").render(listing=listing, language=listing.language)
        return stated(html, HTML)

    def address(self, article: Manuscript | str) -> str:
        """The absolute address of an article or of the article with this id."""
        found = self.edition.by_id[article] if isinstance(article, str) else article
        return self.home + article_path(found)

    def block_html(self, block: Block) -> str:
        """A block of text as HTML."""
        return block_html(block, self.address)

    def json_ld(self, article: Manuscript) -> str:
        """The article's JSON-LD: plain, within a `@graph`, or broken by a comma too many."""
        node = self.article_node(article)
        if article.json_ld == "graph":
            site = {"@type": "WebSite", "@id": f"{self.home}/#website", "name": newspaper()["names"]["ru"]}
            text = dumped({"@context": "https://schema.org", "@graph": [site, node]})
        else:
            text = dumped({"@context": "https://schema.org", **node})
        return text.removesuffix("\n}") + ",\n}" if article.json_ld == "broken" else text

    def article_node(self, article: Manuscript) -> dict[str, Any]:
        """The article in schema.org's words."""
        node: dict[str, Any] = {
            "@type": "NewsArticle",
            "headline": article.title,
            "description": article.lead,
            "datePublished": article.filed_at.isoformat(),
            "dateModified": (article.revised_at or article.filed_at).isoformat(),
            "inLanguage": article.language,
            "articleSection": section_name(article.section, article.language),
            "isAccessibleForFree": True,
            "mainEntityOfPage": self.address(article),
            "author": [{"@type": "Person", "name": name} for name in article.authors],
            "publisher": {"@type": "Organization", "name": newspaper()["names"][article.language]},
        }
        if images := [image.url for image in lead_image(article, self.home)]:
            node["image"] = images
        return node if article.authors else {key: node[key] for key in node if key != "author"}


FIXED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "/": ("home.html", HTML, {"language": "ru"}),
    "/o-gazete/": ("about.html", HTML, {"language": "ru"}),
    "/robots.txt": ("robots.txt", "text/plain; charset=UTF-8", {}),
    "/feed/": ("feed.xml", "application/rss+xml; charset=UTF-8", {}),
    "/sitemap.xml": ("sitemap_index.xml", XML, {}),
    "/news-sitemap.xml": ("news_sitemap.xml", XML, {}),
    "/sitemap-ru.xml": ("sitemap.xml", XML, {"language": "ru"}),
    "/sitemap-kk.xml": ("sitemap.xml", XML, {"language": "kk"}),
    "/sitemap-en.xml.gz": ("sitemap.xml", "application/gzip", {"language": "en"}),
}


def environment() -> jinja2.Environment:
    """The templates of the package: everything is escaped, an unknown name is an error."""
    templates = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: DATA.joinpath("templates", name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "http_date": lambda moment: format_datetime(moment),
        "stated_time": stated_time,
        "teaser_day": lambda moment, language: teaser_day(moment.date(), language),
    }
    return templates


def stated(body: str | bytes, kind: str) -> Document:
    """A document named by its bytes."""
    data = body.encode() if isinstance(body, str) else body
    return Document(data, kind, etag_of(data))


def etag_of(data: bytes) -> str:
    """A weak entity tag: the same for compressed and plain."""
    return f'W/"{blake2b(data, digest_size=8).hexdigest()}"'


def dumped(node: dict[str, Any]) -> str:
    """JSON that may stand in a script element."""
    return json.dumps(node, ensure_ascii=False, indent=1).replace("<", "\\u003c")
