"""What a record of a data set says, as an article. Pure; nothing is guessed, and what is no value is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from html import escape
from typing import Any, TypeVar

from archive.exports.columns import BY_NAME
from archive.exports.json_values import whole_letters
from archive.exports.news_article import is_news_article, record_of_news_article
from archive.exports.zyte_article import is_zyte_article, record_of_zyte_article
from archive.identity import url_key
from archive.records import Article, Author, Image, Link, Problem, Reservation
from archive.store.imports import Record

Member = TypeVar("Member")
TEXTS = (
    *("title", "kicker", "lead", "published_raw", "published_precision", "published_evidence", "agency"),
    *("section", "language", "canonical_url"),
)
PRECISIONS = {"second", "minute", "day"}
UNSTATED_TYPE = "article"
BY_OTHERS = "imported"


class NoRecord(ValueError):
    """What a record says is no article; the message says what is wrong."""


def record_of(told: Mapping[str, Any], written: bytes, *, source: str | None, now: datetime) -> Record:
    """The record that was told; raises NoRecord.

    `source` is whose it is, whatever it says. What nobody has seen was seen `now`.
    """
    said = mapped(told)
    url = text(said, "url")
    if url is None:
        raise NoRecord("no url")
    if "body" not in said:
        raise NoRecord("no body: a set without texts holds no articles")
    seen = moment(said, "last_seen_at") or now
    return Record(
        article=article_of(said, url),
        source=source or text(said, "source") or "",
        written=written,
        last_seen_at=seen,
        first_seen_at=moment(said, "first_seen_at") or seen,
        gone_at=moment(said, "gone_at"),
        id=whole_number(said, "id"),
        wordings=whole_number(said, "revisions") or 1,
        edits=whole_number(said, "edits") or 0,
        reservation=reservation(said),
    )


def reservation(said: Mapping[str, Any]) -> Reservation | None:
    """What the other archive knew of text and data mining, by page or site; `None` for nothing."""
    reserved = whole_number(said, "tdm_reserved")
    return None if reserved is None else Reservation(bool(reserved), texts(said, "tdm_said"))


def is_tombstone(told: Mapping[str, Any]) -> bool:
    """Whether a record says that an article was taken down, as the lines of `--with-takedowns` do."""
    return "taken_down_at" in told and "body" not in told


def mapped(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record under our own names."""
    if is_news_article(told):
        return record_of_news_article(told)
    return record_of_zyte_article(told) if is_zyte_article(told) else told


def article_of(said: Mapping[str, Any], url: str) -> Article:
    """The article a record tells of."""
    body = text(said, "body") or ""
    local = text(said, "published_local")
    precision = text(said, "published_precision")
    if precision is not None and precision not in PRECISIONS:
        raise NoRecord(f"published_precision {precision[:40]!r} is none of {', '.join(sorted(PRECISIONS))}")
    html = text(said, "body_html")
    requested_url = text(said, "requested_url") or url
    key_of(requested_url)
    own_key = key_of(url)
    return Article(
        url=url,
        requested_url=requested_url,
        url_key=text(said, "url_key") or own_key,
        body=body,
        body_html=html if html is not None else paragraphs(body),
        published_at=moment(said, "published_at"),
        published_local=zoned(local) if local else None,
        published_date=day(said, "published_date"),
        modified_at=moment(said, "modified_at"),
        authors=members(said, "authors", Author),
        breadcrumbs=texts(said, "breadcrumbs"),
        tags=texts(said, "tags"),
        images=members(said, "images", Image),
        links=members(said, "links", Link),
        access=text(said, "access") or "unknown",
        article_type=text(said, "article_type") or UNSTATED_TYPE,
        is_article=number(said, "is_article", 1.0),
        evidence=evidence(said),
        problems=members(said, "problems", Problem),
        cleaned_with=text(said, "cleaned_with") or BY_OTHERS,
        **{name: text(said, name) for name in TEXTS},
    )


def key_of(url: str) -> str:
    """The url_key; raises NoRecord for what is no address of a page."""
    try:
        return url_key(url)
    except ValueError as error:
        raise NoRecord(str(error)) from error


def text(said: Mapping[str, Any], name: str) -> str | None:
    """A text; raises NoRecord for another value."""
    value = said.get(name)
    if value is not None and not isinstance(value, str):
        raise NoRecord(f"{name} {str(value)[:40]!r} is no text")
    return None if value is None else whole_letters(value)


def whole_number(said: Mapping[str, Any], name: str) -> int | None:
    """A whole number that is not negative; raises NoRecord for another value."""
    value = said.get(name)
    if value is not None and (
        not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63
    ):
        raise NoRecord(f"{name} {str(value)[:40]!r} is no count")
    return value


def number(said: Mapping[str, Any], name: str, unstated: float) -> float:
    """A number; raises NoRecord for another value."""
    value = said.get(name)
    if value is None:
        return unstated
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise NoRecord(f"{name} {str(value)[:40]!r} is no number")
    return float(value)


def zoned(written: str) -> datetime:
    """A time with its offset; raises NoRecord."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError as error:
        raise NoRecord(f"{written[:40]!r} is no time") from error
    if read.tzinfo is None:
        raise NoRecord(f"{written[:40]!r} names no time zone")
    return read


def moment(said: Mapping[str, Any], name: str) -> datetime | None:
    """A time in UTC; raises NoRecord."""
    written = text(said, name)
    try:
        return zoned(written).astimezone(UTC) if written else None
    except OverflowError as error:
        raise NoRecord(f"{name} {written!r} is out of all time") from error


def day(said: Mapping[str, Any], name: str) -> date | None:
    """A day; raises NoRecord."""
    written = text(said, name)
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise NoRecord(f"{name} {str(written)[:40]!r} is no day") from error


def listed(said: Mapping[str, Any], name: str) -> Sequence[Any]:
    """A list, also as JSON text, as CSV has it; raises NoRecord for another value."""
    value = said.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise NoRecord(f"{name} is no list") from error
    if value is None:
        return ()
    if not isinstance(value, list):
        raise NoRecord(f"{name} is no list")
    return value


def texts(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts; raises NoRecord."""
    found = listed(said, name)
    if not all(isinstance(one, str) for one in found):
        raise NoRecord(f"{name} has members that are no texts")
    return tuple(map(whole_letters, found))


def members(said: Mapping[str, Any], name: str, kind: type[Member]) -> tuple[Member, ...]:
    """A list of records of ours; raises NoRecord."""
    return tuple(member(one, name, kind) for one in listed(said, name))


def member(one: Any, name: str, kind: type[Member]) -> Member:
    """One member of such a list; what is not stated is as the record has it."""
    if not isinstance(one, dict):
        raise NoRecord(f"{name} has members that are no objects")
    stated = {part: text(one, part) for part in BY_NAME[name].parts}
    required = {field.name for field in fields(kind) if field.type == "str"}  # type: ignore[arg-type]
    try:
        return kind(
            **{part: value for part, value in stated.items() if value is not None or part not in required}
        )
    except TypeError as error:
        raise NoRecord(
            f"{name} has a member that lacks {', '.join(sorted(required - one.keys()))}"
        ) from error


def evidence(said: Mapping[str, Any]) -> dict[str, str]:
    """The evidence, also as JSON text, as Parquet has it; raises NoRecord."""
    value = said.get("evidence")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise NoRecord("evidence is no object") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NoRecord("evidence is no object")
    return {whole_letters(name): text(value, name) or "" for name in value}


def paragraphs(body: str) -> str:
    """A body as HTML, where the record has none."""
    return "".join(f"<p>{escape(one, quote=False)}</p>" for one in body.split("\n\n") if one.strip())
