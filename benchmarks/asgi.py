"""An application of ASGI asked in this process, as a server hands it a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Pairs = Sequence[tuple[bytes, bytes]]


@dataclass(slots=True)
class Answer:
    """What an application sent; the pieces of its body as they came."""

    status: int = 0
    headers: Pairs = ()
    pieces: list[bytes] = field(default_factory=list)


async def answer_of(app: Any, path: str, headers: Pairs) -> Answer:
    """The answer to a GET request, whose path is sent as it is: a client of HTTP would tidy it."""
    raw, _, query = path.partition("?")
    answer = Answer()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": raw,
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "headers": list(headers),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answer.status = message.get("status", answer.status)
        answer.headers = message.get("headers", answer.headers)
        answer.pieces.append(message.get("body", b""))

    await app(scope, receive, send)
    return answer
