"""A first profile of a site, drafted from its home page and what answered at a few addresses. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urljoin, urlsplit

from archive.identity import ascii_host, same_site
from archive.numbers_said import counted
from crawler.discovery.documents import read_feed
from crawler.sources.documents import Kind, fingerprint, kind_of
from crawler.sources.home_page import HomeLink, HomePage, address, read_home_page
from crawler.sources.languages import code_of
from crawler.sources.link_shapes import WORD as WORD_SEGMENT
from crawler.sources.link_shapes import ArticleLinks, article_links, path_segments, segment_pattern
from crawler.sources.profile import ArticlePatterns, Known, Listing, Pace, Source

MOST_PROBES = 20
MOST_DECLARED = 5
MOST_FEEDS = 3
MOST_SITEMAPS = 4
MOST_SECTIONS = 3
MAX_ROBOTS_CHARS = 500_000
POLITE_DELAY_SECONDS = 2.0
FITTING_SHARE = 0.95  # of a feed's addresses; the rest may be advertorials elsewhere
ANY_LINK = "a[href]"
USUAL_FEEDS = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/rss/all.rss",
    "/news.rss",
    "/feed.json",
)
USUAL_SITEMAPS = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/wp-sitemap.xml",
    "/news-sitemap.xml",
    "/sitemap-index.xml",
    "/sitemap-news.xml",
)
SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
# The last segment of pages that list all news, in the languages of the region.
NEWS_WORDS = frozenset(
    [
        *("news", "all-news", "allnews", "latest", "last", "lenta", "newsline", "novosti", "vse-novosti"),
        *("zhanalyqtar", "zhanalyktar", "janalyqtar", "janalyktar", "zhangalyqtar", "habarlar", "xabarlar"),
    ]
)
TIMEZONES = {
    "kz": "Asia/Almaty",
    "kg": "Asia/Bishkek",
    "uz": "Asia/Tashkent",
    "tj": "Asia/Dushanbe",
    "tm": "Asia/Ashgabat",
    "mn": "Asia/Ulaanbaatar",
    "by": "Europe/Minsk",
    "ua": "Europe/Kyiv",
}

Answer = tuple[int, str | None, bytes]


def addresses_to_probe(home_url: str, home_html: bytes, robots_txt: str | None) -> list[str]:
    """Where feeds and sitemaps of a site may be, likeliest first, at most MOST_PROBES.

    What the home page declares and robots.txt names comes before the usual paths.
    """
    home = read_home_page(home_url, home_html)
    declared = home.feeds[:MOST_DECLARED]
    named = list(named_sitemaps(home_url, robots_txt or ""))[:MOST_DECLARED]
    below_home = [urljoin(home_url, "feed/")] if home_url.endswith("/") else []
    usual = [urljoin(home_url, path) for path in (*USUAL_SITEMAPS, *USUAL_FEEDS)]
    return list(dict.fromkeys([*declared, *named, *below_home, *usual]))[:MOST_PROBES]


def named_sitemaps(home_url: str, robots_txt: str) -> Iterator[str]:
    """The sitemaps of the same site that robots.txt names."""
    for stated in SITEMAP_LINE.findall(robots_txt[:MAX_ROBOTS_CHARS]):
        sitemap = address(home_url, stated)
        if sitemap and same_site(sitemap, home_url):
            yield sitemap


def draft_source(
    home_url: str, home_html: bytes, answers: Mapping[str, Answer], *, seen_on: date | None = None
) -> Source:
    """A source as far as the documents tell; what is guessed is listed under `known.unverified`.

    `home_url` is the home page's address after redirects; `answers` maps a probed address to its status,
    content type and body.
    """
    home = read_home_page(home_url, home_html)
    found = answered(answers)
    feeds = tuple(url for url, kind in found.items() if kind is Kind.FEED)[:MOST_FEEDS]
    sitemaps = tuple(url for url, kind in found.items() if kind is Kind.SITEMAP)[:MOST_SITEMAPS]
    articles = article_links(home.links)
    fits = fits_feeds(articles.patterns, [(url, answers[url][2]) for url in feeds])
    listings = tuple(guessed_listings(home, articles, needed=not (feeds or sitemaps)))
    doubts = [*guesses(home), pattern_doubt(articles, fits=fits), *listing_doubts(home, listings)]
    return Source(
        id=source_id(home_url),
        name=home.name or ascii_host(urlsplit(home_url).hostname or "") or "unnamed",
        home=home_url,
        languages=home.languages,
        timezone=guessed_timezone(home_url),
        feeds=feeds,
        sitemaps=sitemaps,
        listings=listings,
        articles=ArticlePatterns(allow=articles.patterns if fits else ()),
        pace=Pace(delay_seconds=POLITE_DELAY_SECONDS),
        known=Known(
            seen=tuple(f"{url} answered as a {kind.value}" for url, kind in found.items()),
            unverified=tuple(doubts),
            as_of=seen_on.isoformat() if seen_on else None,
            note="Drafted from the home page; check it with `muragat sources check`.",
        ),
    )


def fits_feeds(patterns: tuple[str, ...], feeds: Sequence[tuple[str, bytes]]) -> bool:
    """Whether a pattern takes what the site's own feeds name: a front page may show one language of three.

    Without a pattern there is none to be wrong.
    """
    named = [found.url for url, body in feeds for found in read_feed(body, url).found]
    paths = [urlsplit(url)._replace(scheme="", netloc="").geturl() for url in named]
    taken = sum(any(re.search(pattern, path) for pattern in patterns) for path in paths)
    return not patterns or taken >= FITTING_SHARE * len(paths)


def answered(answers: Mapping[str, Answer]) -> dict[str, Kind]:
    """The probes that are feeds or sitemaps, without those that repeat an earlier one."""
    found: dict[str, Kind] = {}
    known: set[bytes] = set()
    for url, (status, _, body) in answers.items():
        kind = kind_of(body) if status == 200 else None
        mark = fingerprint(body)
        if kind is None or mark in known:
            continue
        known.add(mark)
        found[url] = kind
    return found


def source_id(home_url: str) -> str:
    """An id from host and language path: `https://khabar.kz/kk/` → `khabar_kz_kk`."""
    parts = urlsplit(home_url)
    first = next(iter(path_segments(home_url)), "")
    language = f"_{first.lower()}" if len(first) == 2 and code_of(first) else ""
    host = ascii_host(parts.hostname or "")
    port = f"_{parts.port}" if parts.port else ""
    name = re.sub(r"[^a-z0-9-]+", "_", host + port).strip("_")
    return (name[: 64 - len(language)] + language) or "source"


def guessed_timezone(home_url: str) -> str:
    """The time zone most sites of this top-level domain live in, or UTC."""
    return TIMEZONES.get(ascii_host(urlsplit(home_url).hostname or "").rpartition(".")[2], "UTC")


def guessed_listings(home: HomePage, articles: ArticleLinks, *, needed: bool) -> Iterator[Listing]:
    """The home page and its likeliest news pages, as listings.

    Without a pattern of articles a listing would name every page of the site, so there is none unless
    nothing else names articles.
    """
    if not articles.patterns:
        if needed:
            yield Listing(home.url, ANY_LINK)
        return
    yield Listing(home.url, link_selector(home.links, articles.urls))
    for section in news_sections(home, articles):
        yield Listing(section, ANY_LINK)


def link_selector(links: tuple[HomeLink, ...], wanted: frozenset[str]) -> str:
    """The class that finds most of the wanted links and few others; any link where there is none.

    A loose selector costs nothing, `articles.allow` still chooses; one that misses links loses articles.
    """
    targets: dict[str, set[str]] = {}
    for link in links:
        for hook in link.hooks:
            targets.setdefault(hook, set()).add(link.url)
    good = [
        (len(found & wanted), -len(found), hook)
        for hook, found in targets.items()
        if len(found & wanted) >= 0.9 * len(wanted) and len(found & wanted) >= 0.5 * len(found)
    ]
    return max(good)[2] if good else ANY_LINK


def news_sections(home: HomePage, articles: ArticleLinks) -> list[str]:
    """Pages that list news: those named so, else the sections most articles of the home page lie in."""
    scheme, below = urlsplit(home.url).scheme, path_segments(home.url)
    links = (urlsplit(link.url)._replace(scheme=scheme).geturl() for link in home.links)
    pages = dict.fromkeys(
        url for url in links if is_section(url) and path_segments(url)[: len(below)] == below
    )
    named = [url for url in pages if path_segments(url)[-1].lower() in NEWS_WORDS]
    if named:
        return named[:MOST_SECTIONS]
    lie_in = Counter(path_segments(url)[0] for url in articles.urls if len(path_segments(url)) > 1)
    sections = [url for url in pages if len(path_segments(url)) == 1 and lie_in[path_segments(url)[0]] > 1]
    return sorted(sections, key=lambda url: -lie_in[path_segments(url)[0]])[:MOST_SECTIONS]


def is_section(url: str) -> bool:
    """Whether an address may be a section's: one or two plain words."""
    segments = path_segments(url)
    return (
        0 < len(segments) < 3
        and not urlsplit(url).query
        and all(segment_pattern(part) == WORD_SEGMENT and "." not in part for part in segments)
    )


def guesses(home: HomePage) -> Iterator[str]:
    """What the draft supposes of the site, for a person to look at."""
    zone = guessed_timezone(home.url)
    yield f"timezone: guessed from the domain as {zone}" if zone != "UTC" else "timezone: UTC, none is known"
    yield (
        "languages: as the home page declares" if home.languages else "languages: the home page declares none"
    )
    yield "name: as the home page gives it" if home.name else "name: the home page gives none"


def pattern_doubt(articles: ArticleLinks, *, fits: bool) -> str:
    """What is supposed of the articles' addresses: one sentence, for there is one pattern or none."""
    if not articles.patterns:
        return "articles.allow: too few links of the home page look like headlines; it may need JavaScript"
    if not fits:
        return "articles.allow: none, as the front page's pattern would leave out what the feed names"
    return f"articles.allow: guessed from the shape of {counted(len(articles.urls), 'link')} of the home page"


def listing_doubts(home: HomePage, listings: tuple[Listing, ...]) -> Iterator[str]:
    """What is supposed of the listings."""
    if any(listing.url != home.url for listing in listings):
        yield "listings: guessed from links of the home page; the section pages were not fetched"
    elif listings:
        yield "listings: the home page alone"
