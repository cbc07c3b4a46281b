"""In which language a request is answered: chosen in the address, kept in a cookie, or the browser's."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from archive.site import words
from archive.site.headers import App
from archive.site.reader import CHOSEN, kept_language, wished_language
from archive.site.stock_words import SPOKEN

A_YEAR = 31_536_000
ARGUMENTS = ("lang", "_lang")  # Datasette's tables take one without `_` for a filter


def with_language(app: App, cookie_path: str) -> App:
    """The application, told the reader's language; a choice in the address is kept in a cookie."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        named = named_language(scope)
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        kept = kept_language(headers.get(b"cookie", ""))
        SPOKEN.set(named or wished_language(kept, headers.get(b"accept-language", "")))

        async def send_with_language(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and is_html(message):
                message = message | {"headers": spoken_headers(message["headers"], named, cookie_path)}
            await send(message)

        await app(scope, receive, send_with_language)

    return wrapped


def named_language(scope: dict[str, Any]) -> str | None:
    """The language that a request's address names, `None` for none of ours."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    named = [asked[name][-1] for name in ARGUMENTS if name in asked]
    return named[0] if named and named[0] in words.LANGUAGES else None


def is_html(message: dict[str, Any]) -> bool:
    """Whether an answer is a page."""
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in message.get("headers", [])
    )


def spoken_headers(
    stated: list[tuple[bytes, bytes]], named: str | None, cookie_path: str
) -> list[tuple[bytes, bytes]]:
    """The headers of a page with its language, what it depends on, and the choice to be kept."""
    names = {name.lower() for name, _ in stated}
    added = [] if b"vary" in names else [(b"vary", b"Accept-Language, Cookie")]
    if b"content-language" not in names:
        added.append((b"content-language", SPOKEN.get().encode()))
    if named:
        cookie = f"{CHOSEN}={named}; Path={cookie_path}; Max-Age={A_YEAR}; SameSite=Lax; HttpOnly"
        added.append((b"set-cookie", cookie.encode()))
    return [*stated, *added]
