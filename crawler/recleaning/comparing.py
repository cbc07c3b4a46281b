"""What a new reading of a kept page changes, field by field. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from archive.changes import paragraphs, passages, word_counts
from archive.records import Article
from archive.store.readings import columns_now, columns_of

LISTS = ("links", "images")
# Fields in the order a reader wants them; the rest of the columns says how it was read, not what.
FIELDS = (
    *("title", "kicker", "lead", "body", "body_html", "published_date", "published_at", "modified_at"),
    *("authors", "agency", "section", "breadcrumbs", "tags", "language", "access", "article_type"),
    *("canonical_url", *LISTS),
)
NOTHING = {None, "", "[]"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that a new reading changes: `kind` is "gained", "lost" or "changed".

    `old` and `new` are as a person reads them, `None` for no value; `share` is the share of words that
    changed, for the body only.
    """

    field: str
    kind: str
    old: str | None
    new: str | None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of reading one page again.

    `fate` is "same", "changed", "found" (an article where none was seen), "no_article" (none where one was
    seen), "none" (neither then nor now) or "failed"; `reworded` says that it makes a revision; `detail` is
    the title of a found article, or why reading failed.
    """

    page_id: int
    article_id: int | None
    url: str
    fate: str
    reworded: bool = False
    changes: tuple[FieldChange, ...] = ()
    detail: str = ""


def effect_of(
    page_id: int, before: Mapping[str, Any] | None, article: Article, *, all_read: bool, known: bool
) -> Effect:
    """What a new reading changes; `before` has the article's columns, links and images, if there was one.

    `known` says that an article is kept under the reading's own key, as is one of `before`.
    """
    article_id = before["id"] if before else None
    if article.article_type == "not_article":
        score = f"score {article.is_article:.2f}"
        return Effect(page_id, article_id, article.url, "no_article" if before else "none", detail=score)
    if before is None:
        return Effect(page_id, None, article.url, "none" if known else "found", detail=article.title or "")
    now = columns_now(columns_of(article), dict(before), "recleaned", all_read=all_read)
    lists = {name: [asdict(one) for one in getattr(article, name)] for name in LISTS}
    changes = changes_of(before, {**before, **now, **lists})
    fate = "changed" if changes else "same"
    return Effect(page_id, article_id, article.url, fate, "revisions" in now, changes)


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields that differ. Another layout of a text that differs anyway is no news."""
    names = [name for name in FIELDS if said(before, name) != said(after, name)]
    if "body" in names and "body_html" in names:
        names.remove("body_html")
    return tuple(change_of(name, before, after) for name in names)


def change_of(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> FieldChange:
    """One field that differs."""
    old, new = (shown(name, side) for side in (before, after))
    kind = "gained" if old is None else "lost" if new is None else "changed"
    share = share_changed(before[name], after[name]) if name == "body" else None
    return FieldChange(name, kind, old, new, share)


def said(row: Mapping[str, Any], name: str) -> Any:
    """A field as it is compared: of links and images what the page says, not where we keep it."""
    if name == "links":
        return [(one["zone"], one["url"], one["text"]) for one in row[name]]
    if name == "images":
        return [tuple(one[k] for k in ("role", "url", "alt", "caption", "credit")) for one in row[name]]
    return row[name]


def shown(name: str, row: Mapping[str, Any]) -> str | None:
    """A field for people; `None` for no value."""
    value = row[name]
    if name in LISTS:
        kinds = Counter(one["zone" if name == "links" else "role"] for one in value)
        return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or None
    if value in NOTHING:
        return None
    if name in ("authors", "breadcrumbs", "tags"):
        return ", ".join(one["name"] if isinstance(one, dict) else str(one) for one in json.loads(value))
    return str(value)


def share_changed(old: str, new: str) -> float:
    """The share of the words of both texts that differ, 0 to 1."""
    counts = word_counts(passages(paragraphs(old), paragraphs(new)))
    changed = counts["removed"] + counts["added"]
    return changed / max(1, changed + 2 * counts["same"])
