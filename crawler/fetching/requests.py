"""Requests for addresses whose turn has come, and what their answers were, as records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.mining import page_reservation
from archive.records import Page, Visit, Waiting

# What is judged by us. Redirects are followed before: `handle_httpstatus_all` would stop that too.
ANSWERS = [304, *range(400, 600)]
SITEMAP_BYTES = 64 * 1024 * 1024  # sitemaps.org allows 50 MB; counted after decompression


def request_for(waiting: Waiting, **callbacks: Any) -> Request:
    """The request for an address, asking for its body only if that changed since the last answer."""
    headers = {"If-None-Match": waiting.etag, "If-Modified-Since": waiting.last_modified}
    meta: dict[str, Any] = {"kind": waiting.kind, "handle_httpstatus_list": ANSWERS}
    if waiting.kind == "sitemap":
        meta["download_maxsize"] = SITEMAP_BYTES
    return Request(
        waiting.url,
        headers={name: value for name, value in headers.items() if value},
        meta=meta,
        cb_kwargs={"waiting": waiting},
        **callbacks,
    )


def visit_of(waiting: Waiting, response: Response) -> Visit:
    """The answer to a request, for the archive's books."""
    page: Page | None = response.meta.get("page")
    return Visit(
        url=waiting.url,
        kind=waiting.kind,
        status=response.status,
        fetched_at=datetime.now(UTC),
        seconds=response.meta.get("download_latency", 0.0),
        bytes=len(response.body),
        page_id=response.meta.get("page_id"),
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        reservation=page_reservation(page.headers, page.body) if page else None,
    )


def header(response: Response, name: str) -> str | None:
    """A header's value as sent, or `None`; one that could not be sent back is none."""
    value = response.headers.get(name)
    if not value or len(value) > 1000:
        return None
    text = value.decode("latin-1").strip()
    return text if text.isprintable() else None
