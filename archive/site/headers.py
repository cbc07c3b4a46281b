"""What every answer says to the browser about itself: two policies, ours strict, Datasette's as it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
# How a request is refused: scope, receive, send, status and why.
Refusal = Callable[[dict[str, Any], Any, Any, int, str], Awaitable[None]]

READING_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
# Datasette's pages carry one to ten inline scripts and styles each: strict, they break.
WORKBENCH_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    b"content-security-policy": WORKBENCH_POLICY.encode(),  # unless the page states its own
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}


def with_safe_headers(app: App) -> App:
    """The application, every answer of which carries a policy."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                stated = list(message.get("headers", []))
                names = {name.lower() for name, _ in stated}
                added = [(name, value) for name, value in ALWAYS.items() if name not in names]
                message = message | {"headers": stated + added}
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


def known_hosts_only(app: App, hosts: frozenset[str]) -> App:
    """The application, answering only under names of its own.

    A page of the web could otherwise give its own name our address and read the archive through the
    reader's browser (DNS rebinding).
    """

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and host_of(scope) not in hosts:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 421, "headers": headers})
            await send({"type": "http.response.body", "body": b"This archive is not served under that name."})
            return
        await app(scope, receive, send)

    return wrapped


def without_detours(app: App, refuse: Refusal) -> App:
    """The application, with no answer to a path that a browser would take for the name of another host.

    Datasette sends `/\\evil.example/` on to `/\\evil.example`, which a browser reads as `//evil.example`.
    """

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"][1:2] in {"/", "\\"}:
            await refuse(scope, receive, send, 404, "no such page")
            return
        await app(scope, receive, send)

    return wrapped


def host_of(scope: dict[str, Any]) -> str:
    """The name the request was sent to, without its port."""
    raw = next((value for name, value in scope["headers"] if name == b"host"), b"")
    host: str = raw.decode("latin-1").lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
