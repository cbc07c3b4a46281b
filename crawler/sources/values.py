"""What may stand behind the keys of a profile: each check returns the value or raises `Unfit`."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite
from urllib.parse import urlsplit

from crawler.sources.errors import Unfit
from crawler.sources.languages import CODES, SLIPS
from crawler.sources.profile import TLS_FAULTS
from crawler.sources.selectors import compiled

MAX_TEXT_CHARS = 1_000
LEAST_REPEATED, LEAST_BEGINNING = 4, 12  # letters
MAX_URL_CHARS = 2_048
IDENTIFIER = re.compile(r"[a-z0-9_-]{1,64}")
HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?")
ADDRESS_OF_IPV6 = re.compile(r"[0-9a-f:.]+")
DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def text(value: object) -> str:
    """One line of text that says something."""
    if not isinstance(value, str):
        raise Unfit(f"expected text, got {described(value)}", "write it in quotes")
    if not value.strip():
        raise Unfit("the text is empty", "write it out, or remove the key")
    if len(value) > MAX_TEXT_CHARS:
        raise Unfit(f"the text is longer than {MAX_TEXT_CHARS} characters", "shorten it")
    if not value.isprintable():
        raise Unfit("the text has line breaks or characters that cannot be seen", "write it on one line")
    return value


def repeated_text(value: object) -> str:
    """A paragraph that a site repeats, or how it begins: enough of it to be no other."""
    line = text(value)
    least = LEAST_BEGINNING if line.endswith("…") else LEAST_REPEATED
    if sum(letter.isalnum() for letter in line) < least:
        raise Unfit(
            f"{described(line)} has fewer than {least} letters, so it would fit other paragraphs too",
            "write out more of it, or name its element under drop",
        )
    return line


def identifier(value: object) -> str:
    """An id as files, tables and commands use it."""
    name = text(value)
    if not IDENTIFIER.fullmatch(name):
        raise Unfit(
            f"{described(name)} is no id: expected up to 64 of a–z, 0–9, _ and -", 'e.g. id = "kostanay_news"'
        )
    return name


def web_address(value: object) -> str:
    """An absolute http(s) address without credentials or fragment."""
    address = text(value)
    if flaw := flaw_of(address):
        raise Unfit(
            f"{described(address)}: {flaw}", 'write the whole address, e.g. "https://example.kz/news/"'
        )
    return address


def flaw_of(address: str) -> str | None:
    """Why this is no address to fetch, or `None`."""
    if len(address) > MAX_URL_CHARS:
        return f"longer than {MAX_URL_CHARS} characters"
    if any(letter.isspace() or letter in '<>"\\^`{|}' for letter in address):
        return "has a space or a character that must be percent-encoded"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"unreadable ({error})"
    if parts.scheme not in ("http", "https"):
        return "must start with http:// or https://"
    if not host or not is_host(host):
        return "names no readable host"
    if port == 0:
        return "port 0 cannot be asked"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user name or password"
    return "must not have a #fragment" if "#" in address else None


def is_host(host: str) -> bool:
    """Whether this can be the name or number of a host."""
    if ":" in host:
        return bool(ADDRESS_OF_IPV6.fullmatch(host))
    try:
        plain = host.encode("idna")
    except UnicodeError:
        return False
    return len(plain) <= 254 and bool(HOST.fullmatch(host))


def timezone(value: object) -> str:
    """An IANA time zone this machine knows."""
    name = text(value)
    known = timezones()
    if name in known:
        return name
    raise Unfit(f"unknown time zone {described(name)}", near(name, known) or 'e.g. timezone = "Asia/Almaty"')


@lru_cache(maxsize=1)
def timezones() -> frozenset[str]:
    """The names of all time zones, from the system or the tzdata package."""
    return frozenset(zoneinfo.available_timezones())


def language(value: object) -> str:
    """A two-letter language code."""
    code = text(value)
    if code in CODES:
        return code
    right = SLIPS.get(code.lower()) or code.lower()[:2]
    hint = f'did you mean "{right}"?' if right in CODES else 'e.g. languages = ["kk", "ru"]'
    raise Unfit(f"unknown language code {described(code)}, expected two letters of ISO 639-1", hint)


def selector(value: object) -> str:
    """A CSS selector, or an XPath."""
    if not isinstance(value, str):
        raise Unfit(f"expected a selector, got {described(value)}", 'write it in quotes, e.g. "h1.title"')
    try:
        compiled(value)
    except ValueError as error:
        raise Unfit(
            f"{described(value)}: {error}",
            "write CSS like 'h3 a', or an XPath that starts with / like //time/@datetime",
        ) from error
    return value


def yes_or_no(value: object) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise Unfit(f"expected true or false, got {described(value)}", "write it without quotes")
    return value


def month_or_day(value: object) -> str:
    """A year, a month or a day: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    written = value.isoformat() if type(value) is date else text(value)
    if not (match := DAY.fullmatch(written)):
        raise Unfit(
            f"expected a date, got {described(written)}", 'write a year, month or day, e.g. as_of = "2026-03"'
        )
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        date(year, month, day)
    except ValueError as error:
        raise Unfit(f"{described(written)} is not in the calendar", 'e.g. as_of = "2026-03"') from error
    return written


def day(value: object) -> str:
    """A whole day: `YYYY-MM-DD`."""
    written = month_or_day(value)
    if written.count("-") < 2:
        raise Unfit(f"expected a day, got {described(written)}", 'write all of it, e.g. until = "2026-12-31"')
    return written


def tls_fault(value: object) -> str:
    """A fault of a certificate that can be accepted, one of TLS_FAULTS."""
    name = text(value)
    if name not in TLS_FAULTS:
        known = ", ".join(TLS_FAULTS)
        raise Unfit(f"unknown fault {described(name)}", near(name, TLS_FAULTS) or f"known are {known}")
    return name


def number(low: float, high: float, *, example: str) -> Callable[[object], float]:
    """A check for a number from `low` to `high`, both allowed."""

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise Unfit(
                f"expected a number ≥ {low:g}, got {described(value)}",
                f"write it without quotes, e.g. {example}",
            )
        if not low <= value <= high:
            raise Unfit(
                f"expected a number from {low:g} to {high:g}, got {described(value)}", f"e.g. {example}"
            )
        return float(value)

    return check


def whole(low: int, high: int, *, example: str) -> Callable[[object], int]:
    """A check for a whole number from `low` to `high`, both allowed."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unfit(
                f"expected a whole number ≥ {low}, got {described(value)}",
                f"write it without quotes, e.g. {example}",
            )
        if not low <= value <= high:
            raise Unfit(
                f"expected a whole number from {low} to {high}, got {described(value)}", f"e.g. {example}"
            )
        return value

    return check


def near(word: str, known: Iterable[str]) -> str | None:
    """A question that offers the known word most like this one, or `None`."""
    by_lower = {name.lower(): name for name in sorted(known)}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return f'did you mean "{by_lower[close[0]]}"?' if close else None


def described(value: object) -> str:
    """A value as a message shows it: on one line, printable, short; of tables and lists only the kind."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        seen = "".join(letter if letter.isprintable() else "�" for letter in value[:80])
        return f'"{seen}…"' if len(value) > 80 else f'"{seen}"'
    if isinstance(value, int) and abs(value) >= 10**18:
        return "a huge number"
    return str(value)
