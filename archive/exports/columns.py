"""The columns of an export: one list, in order, each with its type, meaning and names elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the export.

    `type` is "text", "integer", "number", "time" (UTC, to the second), "day", "list" or "object"; the last
    two are kept as JSON text. `parts` names the texts in each member of a list; without them its members
    are texts. `schema_org` is the property of schema.org's NewsArticle and `zyte` the field of
    zyte-common-items' Article that says the same, `None` where there is none. One that is not `usual` is
    exported only when asked for by name.
    """

    name: str
    type: str
    meaning: str
    schema_org: str | None = None
    zyte: str | None = None
    parts: tuple[str, ...] = ()
    usual: bool = True

    @property
    def is_json(self) -> bool:
        """Whether the archive keeps it as JSON text."""
        return self.type in ("list", "object")


COLUMNS = (
    Column(
        "id",
        "integer",
        "stable number of the article in this archive; grows with publication time",
        "identifier",
    ),
    Column("url", "text", "address of the page, after redirects", "url", "url"),
    Column("requested_url", "text", "address as asked for", usual=False),
    Column("canonical_url", "text", "address the page names as its own", "mainEntityOfPage", "canonicalUrl"),
    Column("url_key", "text", "what makes two addresses the same article", usual=False),
    Column("source", "text", "id of the source", "publisher"),
    Column("title", "text", "headline", "headline", "headline"),
    Column("kicker", "text", "line above the headline", "alternativeHeadline"),
    Column("lead", "text", "opening summary", "abstract", "description"),
    Column("body", "text", "plain text, a blank line between paragraphs", "articleBody", "articleBody"),
    Column(
        "body_html", "text", "the body as a small safe subset of HTML", zyte="articleBodyHtml", usual=False
    ),
    Column(
        "published_at",
        "time",
        "time of publication, UTC, ISO 8601; empty: the page did not say",
        "datePublished",
        "datePublished",
    ),
    Column("published_local", "text", "the same instant on the publisher's clock, with its offset"),
    Column("published_date", "day", "the publisher's local day, YYYY-MM-DD"),
    Column("published_raw", "text", "date as written on the page", zyte="datePublishedRaw", usual=False),
    Column("published_precision", "text", "second, minute or day: a bare day is not midnight"),
    Column("published_evidence", "text", "where on the page the date was read", usual=False),
    Column(
        "modified_at", "time", "time of change as stated by the page, UTC", "dateModified", "dateModified"
    ),
    Column("authors", "list", "people who signed: {name, url}", "author", "authors", parts=("name", "url")),
    Column("agency", "text", "news agency or outlet the text credits", "sourceOrganization"),
    Column("section", "text", "the publisher's section", "articleSection"),
    Column("breadcrumbs", "list", "the publisher's path to the section", zyte="breadcrumbs"),
    Column("tags", "list", "the publisher's tags", "keywords"),
    Column("language", "text", "two letters; kk for Kazakh in any script", "inLanguage", "inLanguage"),
    Column("access", "text", "free, paywalled or unknown", "isAccessibleForFree"),
    Column("article_type", "text", "article, live, opinion, gallery, video or advertorial", "@type"),
    Column("is_article", "number", "how sure the cleaning is that this is an article, 0 to 1", usual=False),
    Column(
        "images",
        "list",
        "pictures: {url, role, alt, caption, credit}",
        "image",
        "images",
        parts=("url", "role", "alt", "caption", "credit"),
    ),
    Column(
        "links",
        "list",
        "links the article offers: {url, text, zone}; zone is inline, related or source",
        "citation",
        parts=("url", "text", "zone"),
    ),
    Column("tdm_reserved", "integer", "1: mining is reserved; 0: said not to be; empty: unsaid", usual=False),
    Column("tdm_said", "list", "where page, tdmrep.json or robots.txt say so", usual=False),
    Column("first_seen_at", "time", "when this archive first met it, UTC"),
    Column("last_seen_at", "time", "when it was last seen on the site, UTC"),
    Column("gone_at", "time", "since when it is not on the site any more, UTC"),
    Column("revisions", "integer", "how many wordings are known, 1 or more, our own better readings counted"),
    Column("edits", "integer", "how often the publisher was seen to change the text"),
    Column("content_hash", "text", "the same for texts that say the same"),
    Column("evidence", "object", "field to where its value came from", usual=False),
    Column(
        "problems",
        "list",
        "what was doubted while reading: {code, detail}",
        parts=("code", "detail"),
        usual=False,
    ),
    Column("page_id", "integer", "the kept page it was read from, in pages.db", usual=False),
    Column("cleaned_with", "text", "version of the cleaning that read it"),
)
USUAL = tuple(column for column in COLUMNS if column.usual)
BY_NAME = {column.name: column for column in COLUMNS}


def columns_named(names: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these names in the order given; raises ValueError that says what is wrong."""
    if unknown := [name for name in names if name not in BY_NAME]:
        raise ValueError(f"no column {unknown[0]!r}; there are: {', '.join(BY_NAME)}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if list(names).count(name) > 1)
        raise ValueError(f"column {twice!r} is named twice")
    return tuple(BY_NAME[name] for name in names)
