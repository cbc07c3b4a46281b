"""When two things are the same: one key per address, one hash per text. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from posixpath import normpath
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# Parameters that name a visit or a campaign and never an article.
TRACKING = re.compile(
    r"^(utm_.*|_openstat|fbclid|gclid|gbraid|wbraid|dclid|yclid|ysclid|msclkid|mc_[ce]id|igshid|twclid|ttclid"
    r"|_ga|_gl|openstat|from_source|ref_src|phpsessid|jsessionid|asp\.net_sessionid)$",
    re.IGNORECASE,
)
# These name a session only by a long value: other sites number their articles with them.
SESSION_NAMES = frozenset(("sid", "sessionid", "session"))
SESSION_VALUE = re.compile(r"[0-9A-Za-z_-]{16,}")
SESSION_IN_PATH = re.compile(r";(jsessionid|sid|phpsessid)=[^/?#]*", re.IGNORECASE)
# What nearly all addresses look like; the groups are the two parts of their key. A sitemap of
# 50,000 is read in two thirds of the time.
PLAIN = re.compile(
    r"https?://(?:www\.)?+([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)((?:/[A-Za-z0-9_-][A-Za-z0-9_.~-]*+)*+)/?"
)
# What a text says: words, and numbers with their sign.
SAID = re.compile(r"(?<!\w)[-\u2212\u2013+](?=\d)|\w+|%")
DEFAULT_PORTS = {"http": 80, "https": 443}


def url_key(url: str) -> str:
    """The name of what an address points to: the same for all its spellings.

    Scheme, `www.`, default port, fragment, session ids, campaign parameters, their order, doubled and
    closing slashes make no difference; path and remaining parameters do. Raises ValueError for what is
    no http(s) address. The spelling that was asked for is kept beside it, in `articles.url`.
    """
    return plain_key(url) or settled_key(url)


def key_or_none(url: str) -> str | None:
    """The url_key, or `None` for what is no readable address."""
    try:
        return url_key(url)
    except ValueError:
        return None


def plain_key(url: str) -> str | None:
    """The `url_key` of an address without anything to settle, `None` for all others."""
    plain = PLAIN.fullmatch(url)
    return plain[1] + plain[2] if plain else None


@lru_cache(maxsize=1024)
def settled_key(url: str) -> str:
    """The `url_key` of any address, its parts settled one by one.

    Remembered while pages are read: the address of each is asked for ten times, at 40 microseconds.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url[:200]!r}")
    host = ascii_host(parts.hostname)
    if not host:
        raise ValueError(f"an address without a host: {url[:200]!r}")
    if parts.port and parts.port != DEFAULT_PORTS[scheme]:
        host = f"{host}:{parts.port}"
    path = settled_path(SESSION_IN_PATH.sub("", parts.path))
    kept = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not is_visit(k, v))
    return host + path + (f"?{urlencode(kept)}" if kept else "")


def is_visit(name: str, value: str) -> bool:
    """Whether a parameter names a visit or a campaign, not an article."""
    if name.lower() in SESSION_NAMES:
        return SESSION_VALUE.fullmatch(value) is not None
    return TRACKING.match(name) is not None


def ascii_host(host: str) -> str:
    """The host in lower case and ASCII, without `www.` and closing dot; raises ValueError if it has none."""
    plain = host.rstrip(".").lower()
    if not plain.isascii():
        plain = plain.encode("idna").decode("ascii")
    return plain.removeprefix("www.")


def settled_path(path: str) -> str:
    """The path with one spelling: decoded and encoded again, no `//`, no `.` or `..`, no closing slash."""
    plain = normpath("/" + unquote(path).lstrip("/"))
    return "" if plain == "/" else quote(plain, safe="/!$&'()*+,;=:@~-._")


def url_hash(key: str) -> int:
    """8 bytes of BLAKE2b over a `url_key`, as the signed integer SQLite keeps: 10 million cost 147 MB."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def content_hash(title: str | None, lead: str | None, body: str) -> str:
    """The same for two readings that say the same: spacing, punctuation and case make no difference.

    Numbers do count, with their sign and per cent: a changed number is a changed article. 32 hexadecimal
    digits.
    """
    text = "\n".join((title or "", lead or "", body))
    words = " ".join(SAID.findall(unicodedata.normalize("NFKC", text).casefold()))
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one site: the same host, or one a subdomain of the other."""
    a, b = (ascii_host(urlsplit(url).hostname or "") for url in (one, other))
    return bool(a and b) and (a == b or a.endswith("." + b) or b.endswith("." + a))
