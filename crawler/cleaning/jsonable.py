"""An article as plain data for JSON: the same names, times as ISO 8601. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from archive.records import Article


def as_json(article: Article) -> dict[str, Any]:
    """The article as JSON-ready data, every field by its own name.

    UTC ends in `Z`, other times in their offset.
    """
    return {field.name: plain(getattr(article, field.name)) for field in fields(article)}


def plain(value: Any) -> Any:
    """A value of a record as JSON knows it."""
    if isinstance(value, datetime):
        text = value.isoformat()
        return text.removesuffix("+00:00") + "Z" if value.tzinfo is UTC else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value
