"""What a new reading of a known article changes, column by column. Pure: the same tells and does it."""

from __future__ import annotations

import json
from typing import Any

from archive.identity import content_hash
from archive.noise import says_the_same
from archive.records import Article
from archive.store.columns import article_columns, json_text
from archive.views import is_view

TEXT = ("title", "lead", "body", "body_html")
PUBLISHED = tuple(f"published_{part}" for part in ("at", "local", "date", "raw", "precision", "evidence"))
# What is kept from an earlier reading when a later page does not state it: it did once. A date is six columns
# of one reading, never a mix of two.
KEPT_IF_UNSTATED = (
    *("kicker", "modified_at", "authors", "agency", "section", "breadcrumbs", "tags", "language"),
    "published_at",
)
UNSTATED = {None, "[]"}


def columns_of(article: Article) -> dict[str, Any]:
    """What an article says, in columns, with the hash of its text."""
    said = content_hash(article.title, article.lead, article.body)
    return article_columns(article) | {"content_hash": said}


def columns_now(
    columns: dict[str, Any], before: dict[str, Any], cause: str, *, all_read: bool
) -> dict[str, Any]:
    """The columns of a known article that a new reading sets; with "revisions" where its text changed.

    With `all_read` what the reading does not state is gone: no other page states it.
    """
    now = columns | ({} if all_read else unstated(columns, before))
    if not says_as_kept(now, before):
        return now | {"revisions": before["revisions"] + 1}
    if cause == "publisher" and now["cleaned_with"] == before["cleaned_with"]:
        # Noise of a visit replaces nothing.
        return {name: value for name, value in now.items() if name not in (*TEXT, "content_hash")}
    # A text that stays is not named: writing it would make its search row anew.
    return {name: value for name, value in now.items() if name not in TEXT or value != before[name]}


def unstated(columns: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What was known before and is not stated now, with where it came from."""
    names = names_unstated(columns, before)
    said_before, says_now = json.loads(before["evidence"]), json.loads(columns["evidence"])
    says_now |= {name: said_before[name] for name in names if name in said_before}
    if "published_at" in names:
        names += PUBLISHED
    return {name: before[name] for name in names} | {"evidence": json_text(says_now)}


def names_unstated(columns: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """The fields that were known before and are not stated now."""
    return [n for n in KEPT_IF_UNSTATED if columns[n] in UNSTATED and before[n] not in UNSTATED]


def says_as_kept(columns: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether a reading says what was kept, noise apart."""
    return columns["content_hash"] == before["content_hash"] or says_the_same(columns, before)


def is_teaser_of(columns: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether a page now behind a paywall shows less than what was kept: that replaces nothing."""
    return columns["access"] == "paywalled" and len(columns["body"]) < len(before["body"])


def is_other_view(columns: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether a page is but a view (AMP, print, mobile) of the article, and another one than was kept.

    What it leaves out or adds is no edit: it replaces nothing.
    """
    return columns["url"] != before["url"] and is_view(columns["url"], columns["url_key"])
