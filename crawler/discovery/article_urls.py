"""Which addresses of a source are articles."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from crawler.sources.profile import Source

# Where a profile says nothing, what no news site has its articles at. Searched in path and query.
FRONT_PAGE = re.compile(
    r"^/(?:[a-z]{2}/?)?(?:(?:index|default)\.[a-z]{3,5})?(?:\?(?:utm_|fbclid=|yclid=|gclid=).*)?$",
    re.IGNORECASE,
)
FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|pdf|docx?|xlsx?|pptx?|rtf|odt|zip|rar|7z|t?gz|tar|apk|exe"
    r"|mp[34]|m4[av]|avi|mov|webm|mkv|wav|ogg|flac|m3u8|css|js|json|xml|rss|atom|txt|woff2?)(?:\?|$)",
    re.IGNORECASE,
)
NO_ARTICLES = re.compile(
    r"/(?:tags?|category|categories|author|authors|search|poisk|login|signin|signup|register|registration|logout"
    r"|feed|feeds|rss|wp-admin|wp-content|wp-includes|wp-json|cdn-cgi)(?:/|\?|$)"
    r"|/(?:wp-login|xmlrpc|search|login)\.php"
    r"|/page/\d+/?(?:\?|$)"
    r"|/(?:archives?|arhiv)(?:/\d+){0,3}/?(?:\?|$)"
    r"|/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])(?:/(?:0?[1-9]|[12]\d|3[01]))?/?(?:\?|$)"
    r"|^/(?:[a-z]{2}/)?(?:about|about-us|contacts?|kontakty|reklama|privacy|privacy-policy|sitemap)/?(?:\?|$)"
    r"|^/(?:index\.php)?\?(?:s|q|cat|tag|author|feed|paged|page|m)=",
    re.IGNORECASE,
)


def is_article_url(url: str, source: Source) -> bool:
    """Whether the address may be an article, by the source's patterns, else by what articles never look like.

    Patterns are searched in path and query, as written and with percent signs decoded; `deny` wins. Says
    nothing of the site the address is of.
    """
    spellings = path_spellings(url)
    if spellings is None or is_matched(source.articles.deny, spellings):
        return False
    if source.articles.allow:
        return is_matched(source.articles.allow, spellings)
    return not any(is_no_article(path) for path in spellings)


def is_front_page(url: str) -> bool:
    """Whether the address is a front page, of the site or of one of its languages."""
    spellings = path_spellings(url)
    return bool(spellings) and any(FRONT_PAGE.search(path) for path in spellings or ())


def path_spellings(url: str) -> set[str] | None:
    """Path and query, as written and decoded; `None` for what is no http(s) address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    written = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return {written, unquote(written)}


def is_matched(patterns: tuple[str, ...], spellings: set[str]) -> bool:
    """Whether one of the patterns is found in a spelling of the path."""
    return any(compiled(pattern).search(path) for pattern in patterns for path in spellings)


@lru_cache(maxsize=4_096)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once: `re` itself remembers only 512, and a large archive has more."""
    return re.compile(pattern)


def is_no_article(path: str) -> bool:
    """Whether a path with query is a front page, a file or one of the usual lists and forms."""
    return any(pattern.search(path) for pattern in (FRONT_PAGE, FILE, NO_ARTICLES))
