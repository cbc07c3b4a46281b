"""The icon browsers ask for at the root of a host, as Datasette gives it where it stands there itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archive.site.compat import Response


async def icon() -> Response:
    """Datasette's own icon."""
    headers = {"cache-control": "max-age=3600, immutable, public"}
    return Response(picture(), headers=headers, content_type="image/png")


@cache
def picture() -> bytes:
    """The icon's bytes."""
    import datasette

    return (Path(str(datasette.__file__)).parent / "static" / "favicon.png").read_bytes()
