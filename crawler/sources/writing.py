"""A source written as a profile a person can read and edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from crawler.sources.profile import Boilerplate, Expect, Known, Listing, Source, TlsException

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
ONE_LINE = 100


def profile_text(source: Source) -> str:
    """The TOML text of a source, with comments; `read_profile` reads it back unchanged."""
    return "\n".join(lines(source)) + "\n"


def lines(source: Source) -> Iterator[str]:
    """The lines of a profile, part by part, without the parts that say nothing."""
    yield "# Whom we crawl. Every key is explained in docs/sources.md; a slip is an error, never a guess."
    yield from assigned({"id": source.id, "name": source.name, "home": source.home})
    yield from assigned({"languages": source.languages, "timezone": source.timezone, "region": source.region})
    yield ""
    yield "# Where new articles are named: feeds first, then sitemaps, then listing pages."
    yield from assigned({"feeds": source.feeds, "sitemaps": source.sitemaps})
    if source.render:
        yield "# Articles are made by scripts: they are read as a browser shows them."
        yield from assigned({"render": True})
    for listing in source.listings:
        yield from listing_lines(listing)
    yield from part(
        "articles",
        "Which addresses are articles: regular expressions searched in path and query; deny wins over allow.",
        {"allow": source.articles.allow, "deny": source.articles.deny},
    )
    yield from part(
        "fields", "Where a page shows a field, if reading it without help goes wrong.", source.fields
    )
    yield from part(
        "boilerplate", "What stands in articles and is none of their text.", boilerplate(source.boilerplate)
    )
    yield from part(
        "pace",
        "How fast the site may be asked; robots.txt and the site's own answers can only slow this down.",
        {
            "delay_seconds": source.pace.delay_seconds,
            "concurrent_requests": source.pace.concurrent_requests,
            "visits_per_crawl": source.pace.visits_per_crawl,
            "every_minutes": source.pace.every_minutes,
        },
    )
    yield from part(
        "tls",
        "Faults of its certificate that are accepted, and why. Each crawl that overlooks one notes it.",
        tls(source.tls),
    )
    yield from part("expect", "What the site gives when all is well.", expected(source.expect))
    yield from part("known", "What was seen of the site, and what is only supposed.", known(source.known))


def listing_lines(listing: Listing) -> Iterator[str]:
    """One `[[listings]]`, without what is the default."""
    yield ""
    yield "[[listings]]"
    more = {"max_pages": listing.max_pages} if listing.max_pages != 1 else {}
    yield from assigned({"url": listing.url, "link": listing.link, "next": listing.next, **more})


def boilerplate(boilerplate: Boilerplate) -> dict[str, object]:
    """What `[boilerplate]` says."""
    return {"drop": boilerplate.drop, "texts": boilerplate.texts}


def tls(exception: TlsException) -> dict[str, object]:
    """What `[tls]` says."""
    reason = exception.reason if exception.accept else None
    return {"accept": exception.accept, "reason": reason, "until": exception.until}


def expected(expect: Expect) -> dict[str, object]:
    """What `[expect]` says."""
    return {
        "articles_per_day_min": expect.articles_per_day_min,
        "date_share_min": expect.date_share_min,
        "body_chars_min": expect.body_chars_min,
    }


def known(known: Known) -> dict[str, object]:
    """What `[known]` says; an empty `seen` is said too."""
    if known == Known():
        return {}
    return {
        "seen": list(known.seen),
        "unverified": known.unverified,
        "as_of": known.as_of,
        "note": known.note,
    }


def part(name: str, comment: str, values: Mapping[str, object]) -> Iterator[str]:
    """A table under its comment, or nothing."""
    said = list(assigned(values))
    if said:
        yield from ("", f"# {comment}", f"[{name}]", *said)


def assigned(values: Mapping[str, object]) -> Iterator[str]:
    """`key = value`, without what says nothing: `None` and empty tuples; an empty list is kept."""
    for name, value in values.items():
        if value is not None and value != ():
            yield f"{name} = {written(value)}"


def written(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return listed([written(item) for item in value])
    return repr(value)


def listed(items: Iterable[str]) -> str:
    """A list, on one line where it is short."""
    items = list(items)
    line = f"[{', '.join(items)}]"
    if len(line) <= ONE_LINE:
        return line
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]"


def quoted(text: str) -> str:
    """A string: without escapes where it has backslashes or quotes that can stand as they are."""
    if re.search(r'[\\"]', text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(escaped(letter) for letter in text) + '"'


def escaped(letter: str) -> str:
    """A letter as a basic string writes it."""
    if letter in ESCAPES:
        return ESCAPES[letter]
    return letter if ord(letter) >= 32 and ord(letter) != 127 else f"\\u{ord(letter):04x}"
