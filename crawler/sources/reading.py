"""Profiles read strictly: what a file does not say plainly is an error that tells how to say it."""

from __future__ import annotations

from pathlib import Path

from crawler.sources import values
from crawler.sources.errors import ProfileError, ProfileErrors
from crawler.sources.lines import line_of
from crawler.sources.patterns import pattern
from crawler.sources.profile import (
    ARTICLE_FIELDS,
    ArticlePatterns,
    Boilerplate,
    Expect,
    Known,
    Listing,
    Pace,
    Source,
    TlsException,
)
from crawler.sources.tables import Table
from crawler.sources.toml_files import parsed, text_of

SECONDS_A_DAY = 86_400
# Also the most pages one crawl walks of one listing; more is what sitemaps are for.
MAX_LISTING_PAGES = 1_000
MAX_CONCURRENT_REQUESTS = 16
MAX_VISITS_PER_CRAWL = 100_000
MAX_MINUTES = 7 * 24 * 60  # what is looked at less often than weekly needs no schedule
# A file with more faults is no profile: the rest would only hide the first.
MAX_ERRORS = 50


def read_profile(path: Path) -> Source:
    """The source a profile describes.

    Raises ProfileError for the first fault, with all faults of the file, in its order, as `.errors`.
    """
    text = text_of(path)
    table = Table(parsed(path, text))
    source = read_source(table)
    refuse_flaws(path, text, table)
    return source


def refuse_flaws(path: Path, text: str, table: Table) -> None:
    """Raise ProfileError for what is wrong with a table that was read, with all of it as `.errors`."""
    errors = [
        ProfileError(path, key, flaw.message, flaw.remedy, line=line_of(text, key))
        for key, flaw in table.flaws[:MAX_ERRORS]
    ]
    errors.sort(key=lambda error: (error.line or 0, error.key))
    if len(errors) > 1:
        raise ProfileErrors(errors)
    if errors:
        raise errors[0]


def read_source(table: Table) -> Source:
    """The source a table describes; what is wrong is noted in the table."""
    source = Source(
        id=table.required("id", values.identifier, "unreadable", example='id = "kostanay_news"'),
        name=table.required("name", values.text, "unreadable", example='name = "Kostanay News"'),
        home=table.required("home", values.web_address, "", example='home = "https://example.kz/"'),
        languages=table.each("languages", values.language),
        timezone=table.value("timezone", values.timezone, "UTC"),
        region=table.value("region", values.text, None),
        feeds=table.each("feeds", values.web_address),
        sitemaps=table.each("sitemaps", values.web_address),
        listings=tuple(read_listing(listing) for listing in table.tables("listings")),
        render=table.value("render", values.yes_or_no, False),
        articles=read_patterns(table.table("articles")),
        fields=read_fields(table.table("fields")),
        boilerplate=read_boilerplate(table.table("boilerplate")),
        pace=read_pace(table.table("pace")),
        tls=read_tls(table.table("tls")),
        expect=read_expect(table.table("expect")),
        known=read_known(table.table("known")),
    )
    if not any(table.values.get(name) for name in ("feeds", "sitemaps", "listings")):
        table.fault(
            "feeds",
            "no feed, sitemap or listing is named, so no article can be found",
            'add feeds = ["https://…"]',
        )
    table.close()
    return source


def read_listing(table: Table) -> Listing:
    """One `[[listings]]`."""
    pages = values.whole(1, MAX_LISTING_PAGES, example="max_pages = 3")
    listing = Listing(
        url=table.required("url", values.web_address, "", example='url = "https://example.kz/news/"'),
        link=table.required("link", values.selector, "a", example='link = "h3 a"'),
        next=table.value("next", values.selector, None),
        max_pages=table.value("max_pages", pages, 1),
    )
    if listing.max_pages > 1 and "next" not in table.values:
        table.fault(
            "max_pages", "several pages, but no way to the next one", 'add next = "a[rel=next]" or remove it'
        )
    table.close()
    return listing


def read_patterns(table: Table) -> ArticlePatterns:
    """`[articles]`."""
    patterns = ArticlePatterns(allow=table.each("allow", pattern), deny=table.each("deny", pattern))
    table.close()
    return patterns


def read_fields(table: Table) -> dict[str, str]:
    """`[fields]`: the selectors that are written, by field."""
    found = {name: table.value(name, values.selector, "") for name in ARTICLE_FIELDS}
    table.close()
    return {name: selector for name, selector in found.items() if selector}


def read_boilerplate(table: Table) -> Boilerplate:
    """`[boilerplate]`."""
    boilerplate = Boilerplate(
        drop=table.each("drop", values.selector), texts=table.each("texts", values.repeated_text)
    )
    table.close()
    return boilerplate


def read_pace(table: Table) -> Pace:
    """`[pace]`."""
    delay = values.number(0, SECONDS_A_DAY, example="delay_seconds = 1.0")
    at_once = values.whole(1, MAX_CONCURRENT_REQUESTS, example="concurrent_requests = 1")
    visits = values.whole(0, MAX_VISITS_PER_CRAWL, example="visits_per_crawl = 200")
    every = values.whole(1, MAX_MINUTES, example="every_minutes = 30")
    usual = Pace()
    pace = Pace(
        delay_seconds=table.value("delay_seconds", delay, usual.delay_seconds),
        concurrent_requests=table.value("concurrent_requests", at_once, usual.concurrent_requests),
        visits_per_crawl=table.value("visits_per_crawl", visits, usual.visits_per_crawl),
        every_minutes=table.value("every_minutes", every, usual.every_minutes),
    )
    table.close()
    return pace


def read_tls(table: Table) -> TlsException:
    """`[tls]`: what it accepts, it says why."""
    exception = TlsException(
        accept=table.each("accept", values.tls_fault),
        reason=table.value("reason", values.text, ""),
        until=table.value("until", values.day, None),
    )
    if exception.accept and "reason" not in table.values:
        table.fault("reason", "is missing", 'say why, e.g. reason = "expired in March, the publisher knows"')
    if table.values and not table.values.get("accept"):
        table.fault("accept", "accepts nothing", 'name what, e.g. accept = ["expired"], or remove [tls]')
    table.close()
    return exception


def read_expect(table: Table) -> Expect:
    """`[expect]`."""
    per_day = values.number(0, 10_000, example="articles_per_day_min = 5")
    share = values.number(0, 1, example="date_share_min = 0.9")
    chars = values.whole(0, 1_000_000, example="body_chars_min = 300")
    expect = Expect(
        articles_per_day_min=table.value("articles_per_day_min", per_day, None),
        date_share_min=table.value("date_share_min", share, None),
        body_chars_min=table.value("body_chars_min", chars, None),
    )
    table.close()
    return expect


def read_known(table: Table) -> Known:
    """`[known]`."""
    known = Known(
        seen=table.each("seen", values.text),
        unverified=table.each("unverified", values.text),
        as_of=table.value("as_of", values.month_or_day, None),
        note=table.value("note", values.text, None),
    )
    table.close()
    return known
