"""An address that is typed alone: meant is the article that is kept under it. Pure."""

from __future__ import annotations

import re

from archive.identity import key_or_none

# As a browser gives it away; or without the scheme, as it is shown.
ADDRESS = re.compile(r"https?://\S+|(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/\S+", re.IGNORECASE)


def key_of_address(typed: str) -> str | None:
    """The `url_key` of an address that is all that was typed, `None` for other text and for a bare site."""
    text = typed.strip()
    if not ADDRESS.fullmatch(text):
        return None
    key = key_or_none(text if "://" in text else f"https://{text}")
    return key if key and not {"/", "?"}.isdisjoint(key) else None
