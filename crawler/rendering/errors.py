"""Why a page was not rendered; needs neither the extra nor a browser."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class NotRendered(IgnoreRequest):
    """A page could not be shown by the browser; its address stays on the list."""
