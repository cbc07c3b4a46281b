"""The page a response's block holds: an HTTP answer, back to what the server sent."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from archive.raw.first_bytes import LOOKED_AT, begins
from archive.raw.http_bodies import UndecodableBody, sent_body
from archive.raw.warc_writing import KIND_FIELD, ORIGINAL, REQUESTED_FIELD, SOURCE_FIELD

MIB = 1024 * 1024
PAGE_MAX_BYTES = 32 * MIB  # as a crawl takes, after decoding; also what a record may have as stored
HEAD_MAX_BYTES = MIB // 4


@dataclass(frozen=True, slots=True)
class WarcPage:
    """An answer as its record tells of it.

    `body` is decoded; `headers` are as sent; `source` and `kind` are what an archive of ours said of it.
    """

    number: int
    offset: int
    url: str
    requested_url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source: str | None = None
    kind: str | None = None


class Unreadable(Exception):
    """A record that cannot be read; `is_lost` says that where it ends is not known either."""

    def __init__(self, code: str, detail: str, *, url: str | None = None, is_lost: bool = False) -> None:
        super().__init__(detail)
        self.code, self.url, self.is_lost = code, url, is_lost


def page_of(fields: Mapping[str, str], block: bytes, url: str, number: int, place: int) -> WarcPage:
    """The page a response's block holds; raises Unreadable."""
    if truncated := fields.get("warc-truncated"):
        raise Unreadable("cut_short", f"whoever fetched it stopped early ({truncated[:40]})", url=url)
    if "warc-segment-number" in fields:
        raise Unreadable("cut_short", "it is one of several segments", url=url)
    if not block.startswith(b"HTTP/"):
        raise Unreadable("no_http", f"it holds no HTTP answer: {begins(block[:LOOKED_AT])}", url=url)
    stream = io.BytesIO(block)
    http = StatusAndHeadersParser([], verify=False).parse(stream)
    if stream.tell() > HEAD_MAX_BYTES:
        raise Unreadable("bad_head", "its HTTP head is too long", url=url)
    encoding, transfer = (http.get_header(name, "") for name in ("content-encoding", "transfer-encoding"))
    try:
        body = sent_body(block[stream.tell() :], transfer, encoding, PAGE_MAX_BYTES)
    except UndecodableBody as error:
        raise Unreadable(error.code, str(error), url=url) from error
    return WarcPage(
        number=number,
        offset=place,
        url=url,
        requested_url=fields.get(REQUESTED_FIELD.lower(), url),
        fetched_at=moment(fields, url),
        status=status_of(http, url),
        headers=headers_as_sent(http.headers, is_ours=SOURCE_FIELD.lower() in fields),
        body=body,
        source=fields.get(SOURCE_FIELD.lower()),
        kind=fields.get(KIND_FIELD.lower()),
    )


FIRST_YEAR = 1990


def moment(fields: Mapping[str, str], url: str) -> datetime:
    """When the record was made, UTC; raises Unreadable."""
    written = fields.get("warc-date", "")
    try:
        stated = datetime.fromisoformat(written)
        made = stated.replace(tzinfo=stated.tzinfo or UTC).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        raise Unreadable("bad_date", f"its date is {written[:40]!r}", url=url) from error
    if made.year < FIRST_YEAR:
        raise Unreadable("bad_date", f"its date is {written[:40]!r}, before there was a web", url=url)
    return made


def status_of(http: StatusAndHeaders, url: str) -> int:
    """The HTTP status; raises Unreadable."""
    code = http.get_statuscode()
    if not (code.isascii() and code.isdigit() and len(code) == 3):
        raise Unreadable("no_http", f"its HTTP status is {code[:40]!r}", url=url)
    return int(code)


def headers_as_sent(headers: list[tuple[str, Any]], *, is_ours: bool) -> tuple[tuple[str, str], ...]:
    """The headers the server sent: of a file of ours, under their first names and without what was added."""
    if not is_ours:
        return tuple(headers)
    return tuple(
        (name.removeprefix(ORIGINAL), value) for name, value in headers if name.lower() != "content-length"
    )
