"""Asking an application as it is asked over the wire: a client of HTTP would tidy the path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import httpx


async def ask(app: Any, target: str, headers: Mapping[str, str], method: str = "GET") -> httpx.Response:
    """The answer to a request for this target, path and query as they are."""
    raw, _, query = target.partition("?")
    messages: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return httpx.Response(messages[0]["status"], headers=messages[0]["headers"], content=body)
