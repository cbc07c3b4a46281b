"""Sources as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.sources.errors import ProfileError
from crawler.sources.profile import Source
from crawler.sources.shipped import load_profiles


def list_lines(own: Path) -> tuple[list[str], list[ProfileError]]:
    """One line for each source, and what is wrong with the profiles that could not be read."""
    sources, errors = load_profiles(own)
    width = max((len(source_id) for source_id in sources), default=0)
    return [line(source, width) for source in sources.values()], errors


def line(source: Source, width: int) -> str:
    """Id, languages, name and region, how its articles are found, and what is known of it."""
    languages = ",".join(source.languages) or "?"
    place = f", {source.region}" if source.region else ""
    found_by = f"{', '.join(ways(source))}; {state(source)}"
    return f"{source.id:{width}}  {languages:8}  {source.name}{place} — {found_by}"


def ways(source: Source) -> Iterator[str]:
    """How the source's articles are found."""
    for name, found in (("feed", source.feeds), ("sitemap", source.sitemaps), ("listing", source.listings)):
        if found:
            yield f"{len(found)} {name}{'s' if len(found) > 1 else ''}"


def state(source: Source) -> str:
    """Whether anyone saw it work: what is left to verify was not."""
    if source.known.seen and not source.known.unverified:
        return f"seen {source.known.as_of or ''}".strip()
    return f"not verified{f', described in {source.known.as_of}' if source.known.as_of else ''}"
