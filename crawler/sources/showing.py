"""Sources as lines for a terminal and as a table for the docs."""

from __future__ import annotations

from pathlib import Path

from crawler.sources.errors import ProfileError
from crawler.sources.profile import Source
from crawler.sources.shipped import SHIPPED, load_profiles, profiles_in


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
    excepted = f"; TLS faults accepted: {', '.join(source.tls.accept)}" if source.tls.accept else ""
    return f"{source.id:{width}}  {languages:8}  {source.name}{place} — {found_by}{excepted}"


def sources_table() -> str:
    """The shipped sources as a Markdown table, one row each: docs/sources.md holds it."""
    sources, _ = profiles_in(SHIPPED)
    rows = [
        "| id | site | languages | region | found by | as of | seen working |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows += [row(source) for source in sources.values()]
    return "\n".join(rows) + "\n"


def row(source: Source) -> str:
    """One source as a row of the table."""
    cells = (
        f"`{source.id}`",
        f"[{source.name}]({source.home})",
        ", ".join(source.languages),
        source.region or "",
        ", ".join(ways(source)),
        source.known.as_of or "",
        "yes" if source.known.seen else "not yet",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def ways(source: Source) -> list[str]:
    """How articles of the source are found, with counts: `2 feeds`, `1 listing`."""
    counts = {"feed": len(source.feeds), "sitemap": len(source.sitemaps), "listing": len(source.listings)}
    return [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count]


def state(source: Source) -> str:
    """Whether anyone saw it work: what is left to verify was not."""
    if source.known.seen and not source.known.unverified:
        return f"seen {source.known.as_of or ''}".strip()
    return f"not verified{f', described in {source.known.as_of}' if source.known.as_of else ''}"
