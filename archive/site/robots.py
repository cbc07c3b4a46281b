"""What the site asks of robots: texts belong to their publishers, who want to be found first."""

from __future__ import annotations

from archive.site.compat import Response


async def robots() -> Response:
    """Nothing is to be indexed."""
    return Response.text("User-agent: *\nDisallow: /\n")
