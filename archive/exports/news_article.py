"""A record as schema.org's NewsArticle in JSON-LD, and back. Pure; the names stand in the list of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CONTEXT = "https://schema.org"
# Kinds of articles as schema.org knows them; a gallery or a video is a NewsArticle like any other.
TYPES = {
    "article": "NewsArticle",
    "opinion": "OpinionNewsArticle",
    "live": "LiveBlogPosting",
    "advertorial": "AdvertiserContentArticle",
}
KINDS = {name: kind for kind, name in TYPES.items()} | {
    "Article": "article",
    "ReportageNewsArticle": "article",
    "AnalysisNewsArticle": "article",
    "BackgroundNewsArticle": "article",
    "AskPublicNewsArticle": "article",
    "ReviewNewsArticle": "opinion",
}
FREE = {"free": True, "paywalled": False}
# Columns whose value is the property as it is.
SAME = {
    "url": "url",
    "title": "headline",
    "kicker": "alternativeHeadline",
    "lead": "abstract",
    "body": "articleBody",
    "published_at": "datePublished",
    "modified_at": "dateModified",
    "section": "articleSection",
    "language": "inLanguage",
    "canonical_url": "mainEntityOfPage",
}
ZONES = {"inline": "mentions", "related": "isRelatedTo", "source": "citation"}


def is_news_article(told: Mapping[str, Any]) -> bool:
    """Whether a record is JSON-LD of an article."""
    return isinstance(told.get("@type"), str) and told["@type"] in KINDS


def news_article(record: Mapping[str, Any]) -> dict[str, Any]:
    """The NewsArticle that says what a record says; what the page did not say is left out.

    A time of publication is given on the publisher's clock where that is known, a bare day as a day.
    """
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": TYPES.get(record.get("article_type") or "article", "NewsArticle"),
        **{name: record.get(column) for column, name in SAME.items()},
        "identifier": record.get("id"),
        "publisher": named("Organization", record.get("source")),
        "sourceOrganization": named("Organization", record.get("agency")),
        "author": [person(one) for one in record.get("authors") or ()],
        "keywords": record.get("tags"),
        "isAccessibleForFree": FREE.get(record.get("access") or ""),
        "image": [picture(one) for one in record.get("images") or ()],
        **links(record.get("links") or ()),
    }
    if record.get("published_at"):
        is_day = record.get("published_precision") == "day"
        day, local = record.get("published_date"), record.get("published_local")
        said["datePublished"] = (day if is_day else local) or record["published_at"]
    return {name: value for name, value in said.items() if value not in (None, [], {})}


def named(kind: str, name: str | None) -> dict[str, Any] | None:
    """A thing that has a name."""
    return {"@type": kind, "name": name} if name else None


def person(author: Mapping[str, Any]) -> dict[str, Any]:
    """An author."""
    url = {"url": author["url"]} if author.get("url") else {}
    return {"@type": "Person", "name": author["name"], **url}


def picture(image: Mapping[str, Any]) -> dict[str, Any]:
    """A picture; the one that opens the article is its representative."""
    stated = {
        "url": image["url"],
        "representativeOfPage": True if image.get("role") == "lead" else None,
        "alternateName": image.get("alt"),
        "caption": image.get("caption"),
        "creditText": image.get("credit"),
    }
    return {"@type": "ImageObject", **{name: value for name, value in stated.items() if value is not None}}


def links(said: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The links by what they are to the article."""
    found: dict[str, list[dict[str, Any]]] = {}
    for link in said:
        page = {"@type": "WebPage", "url": link["url"], "name": link["text"]}
        found.setdefault(ZONES.get(link["zone"], "mentions"), []).append(page)
    return found


def record_of_news_article(told: Mapping[str, Any]) -> dict[str, Any]:
    """The record that says what a NewsArticle says; what it does not say is `None` or an empty list."""
    record: dict[str, Any] = {column: plain(told.get(name)) for column, name in SAME.items()}
    record |= dates(record["published_at"])
    record["modified_at"] = record["modified_at"] and with_zone(record["modified_at"])
    return record | {
        "id": told["identifier"] if isinstance(told.get("identifier"), int) else None,
        "source": name_of(told.get("publisher")),
        "agency": name_of(told.get("sourceOrganization")),
        "body": record["body"] or "",
        "authors": [author_of(one) for one in several(told.get("author")) if name_of(one)],
        "tags": tags_of(told.get("keywords")),
        "access": next(
            (name for name, is_free in FREE.items() if told.get("isAccessibleForFree") is is_free), "unknown"
        ),
        "article_type": KINDS[told["@type"]],
        "images": [image_of(one) for one in several(told.get("image")) if address_of(one)],
        "links": [
            {"url": address_of(one), "text": name_of(one) or "", "zone": zone}
            for zone, name in ZONES.items()
            for one in several(told.get(name))
            if address_of(one)
        ],
    }


def dates(published: str | None) -> dict[str, Any]:
    """What a date of publication says: an instant, a day, or nothing.

    A bare day gives no instant: at whose midnight, only the publisher's clock would tell.
    """
    if not published:
        return {"published_at": None}
    if len(published) <= len("2026-03-10"):
        return {"published_at": None, "published_date": published, "published_precision": "day"}
    zoned = with_zone(published)
    is_local = zoned == published and not published.endswith("Z")
    return {
        "published_at": zoned,
        "published_local": published if is_local else None,
        "published_date": published[:10] if is_local else None,
        "published_precision": "second",
    }


def with_zone(written: str) -> str | None:
    """A time that names its zone, else `None`: nobody knows which instant the others mean."""
    ending = written[len("2026-03-10T07:00") :]
    return written if "Z" in ending or "+" in ending or "-" in ending else None


def several(value: Any) -> list[Any]:
    """One value or a list as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def plain(value: Any) -> Any:
    """The text of a value: of a thing, its address."""
    return address_of(value) if isinstance(value, dict) else value


def name_of(value: Any) -> str | None:
    """The name of a thing, or the text that stands for it."""
    found = value.get("name") if isinstance(value, dict) else value
    return found if isinstance(found, str) and found else None


def address_of(value: Any) -> str | None:
    """The address of a thing, or the text that stands for it."""
    found = (value.get("url") or value.get("@id")) if isinstance(value, dict) else value
    return found if isinstance(found, str) and found else None


def author_of(value: Any) -> dict[str, Any]:
    """An author as we have them."""
    return {"name": name_of(value), "url": value.get("url") if isinstance(value, dict) else None}


def tags_of(value: Any) -> list[str]:
    """Keywords: a list, or a text with commas between."""
    parts = [one.strip() for one in value.split(",")] if isinstance(value, str) else several(value)
    return [name for one in parts if (name := name_of(one))]


def image_of(value: Any) -> dict[str, Any]:
    """A picture as we have them."""
    said = value if isinstance(value, dict) else {}
    return {
        "url": address_of(value),
        "role": "lead" if said.get("representativeOfPage") else "body",
        "alt": said.get("alternateName"),
        "caption": said.get("caption"),
        "credit": said.get("creditText"),
    }
