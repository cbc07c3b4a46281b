"""A record as an Article of zyte-common-items (as its dictionary), and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SAME = {
    "url": "url",
    "canonical_url": "canonicalUrl",
    "title": "headline",
    "lead": "description",
    "body": "articleBody",
    "body_html": "articleBodyHtml",
    "published_at": "datePublished",
    "published_raw": "datePublishedRaw",
    "modified_at": "dateModified",
    "language": "inLanguage",
}


def is_zyte_article(told: Mapping[str, Any]) -> bool:
    """Whether a record is an Article of zyte-common-items."""
    return "url" in told and "body" not in told and ("articleBody" in told or "headline" in told)


def zyte_article(record: Mapping[str, Any]) -> dict[str, Any]:
    """The dictionary that `zyte_common_items.Article.from_dict` takes; what was not said is left out.

    Like theirs, a date without an hour has the midnight of the publisher's clock.
    """
    images = record.get("images") or ()
    said: dict[str, Any] = {
        **{name: record.get(column) for column, name in SAME.items()},
        "authors": [author(one) for one in record.get("authors") or ()],
        "breadcrumbs": [{"name": one} for one in record.get("breadcrumbs") or ()],
        "images": [{"url": one["url"]} for one in images],
        "mainImage": next(({"url": one["url"]} for one in images if one.get("role") == "lead"), None),
    }
    return {name: value for name, value in said.items() if value not in (None, [])}


def author(one: Mapping[str, Any]) -> dict[str, Any]:
    """An author: the name as the page wrote it is the name as we read it."""
    url = {"url": one["url"]} if one.get("url") else {}
    return {"name": one["name"], "nameRaw": one["name"], **url}


def record_of_zyte_article(told: Mapping[str, Any]) -> dict[str, Any]:
    """The record that says what an Article says; what it does not say is `None` or an empty list."""
    main = (told.get("mainImage") or {}).get("url")
    images = [one["url"] for one in told.get("images") or () if one.get("url")]
    if main and main not in images:
        images.insert(0, main)
    return {
        **{column: told.get(name) for column, name in SAME.items()},
        "body": told.get("articleBody") or "",
        "authors": [
            {"name": one.get("name") or one.get("nameRaw"), "url": one.get("url")}
            for one in told.get("authors") or ()
            if one.get("name") or one.get("nameRaw")
        ],
        "breadcrumbs": [one["name"] for one in told.get("breadcrumbs") or () if one.get("name")],
        "images": [{"url": one, "role": "lead" if one == main else "body"} for one in images],
        "published_precision": "second" if told.get("datePublished") else None,
        "tags": [],
        "links": [],
    }
