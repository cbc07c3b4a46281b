"""Records to columns and back: how a value of ours is written in SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from archive.records import Article, Found


def utc(moment: datetime) -> str:
    """An aware time as UTC to the second, e.g. 2026-03-10T07:00:00Z; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def moment_of(written: str) -> datetime:
    """The aware time that `utc` wrote."""
    return datetime.fromisoformat(written)


def json_text(value: object) -> str:
    """JSON as people can read it in a cell."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def found_text(found: Iterable[Found]) -> str:
    """What documents said of an address, as a JSON list without the address itself."""
    stated = ({k: v for k, v in plain_columns(one).items() if v is not None and k != "url"} for one in found)
    return json_text(list(stated))


def found_of(url: str, written: str) -> tuple[Found, ...]:
    """The records that `found_text` wrote."""
    return tuple(Found(url=url, **stated) for stated in json.loads(written))


def rows_of(records: Sequence[object], article_id: int) -> list[dict[str, Any]]:
    """Numbered rows for an article's own list."""
    return [
        {"article_id": article_id, "position": position, **plain_columns(record)}
        for position, record in enumerate(records)
    ]


def plain_columns(record: Any) -> dict[str, Any]:
    """The fields of a dataclass that holds plain values only, which `asdict` would copy: 9 times as long."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def article_columns(article: Article) -> dict[str, Any]:
    """What an article says, in the columns of `articles`; who keeps it and when is the store's to add."""
    return {
        "url": article.url,
        "requested_url": article.requested_url,
        "canonical_url": article.canonical_url,
        "url_key": article.url_key,
        "title": article.title,
        "kicker": article.kicker,
        "lead": article.lead,
        "body": article.body,
        "body_html": article.body_html,
        "published_at": utc(article.published_at) if article.published_at else None,
        "published_local": article.published_local.isoformat() if article.published_local else None,
        "published_date": article.published_date.isoformat() if article.published_date else None,
        "published_raw": article.published_raw,
        "published_precision": article.published_precision,
        "published_evidence": article.published_evidence,
        "modified_at": utc(article.modified_at) if article.modified_at else None,
        "authors": json_text([plain_columns(author) for author in article.authors]),
        "agency": article.agency,
        "section": article.section,
        "breadcrumbs": json_text(article.breadcrumbs),
        "tags": json_text(article.tags),
        "language": article.language,
        "access": article.access,
        "article_type": article.article_type,
        "is_article": article.is_article,
        "evidence": json_text(dict(article.evidence)),
        "problems": json_text([plain_columns(problem) for problem in article.problems]),
        "cleaned_with": article.cleaned_with,
    }
