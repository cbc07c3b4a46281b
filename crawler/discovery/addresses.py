"""What a document writes as a link, to an address that can be asked for, or the reason why not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from archive.identity import plain_key, same_site, url_key
from archive.records import Refusal
from crawler.discovery.reading import MAX_URL_CHARS, SHOWN_CHARS
from crawler.discovery.wording import without_controls

SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
# Browsers strip and drop these too, so `java\nscript:` is no relative link.
EDGES = "".join(map(chr, range(0x21))) + "\xa0\u200b\ufeff"
BREAKS = {ord(character): None for character in "\t\r\n"}
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?(?::[0-9]+)?|[0-9a-f:.]+")
HOST_ENDS = re.compile(r"[/?]")


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute http(s) address and its `url_key`."""

    url: str
    key: str

    @property
    def host(self) -> str:
        """The host as the key has it: lower case, ASCII, without `www.`, with an unusual port."""
        return self.key.partition("/")[0].partition("?")[0]


def address(href: str, base: str) -> Address | Refusal:
    """The address a link leads to, without its fragment, or why there is none."""
    if len(href) <= MAX_URL_CHARS and (key := plain_key(href)):
        return Address(href, key)
    text = href.strip(EDGES).translate(BREAKS)
    if not text:
        return Refusal(base, "no_link")
    if len(text) > MAX_URL_CHARS:
        return Refusal(shown(text), "bad_url", f"longer than {MAX_URL_CHARS} characters")
    scheme = SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return Refusal(shown(text), "scheme", scheme[1].lower()[:SHOWN_CHARS])
    try:
        url = text if scheme and text.startswith("//", scheme.end()) else urljoin(base, text)
        url = url.partition("#")[0].replace(" ", "%20")
        key = url_key(url)
    except ValueError as error:
        return Refusal(shown(text), "bad_url", shown(str(error)))
    if "@" in HOST_ENDS.split(url.partition("//")[2], maxsplit=1)[0]:
        return Refusal(shown(text.rpartition("@")[2]), "bad_url", "it carries a name or password")
    return Address(url, key)


def is_on_site(found: Address, home: str) -> bool:
    """Whether the address belongs to the site `home` is of; no site at all matches nothing."""
    try:
        return same_site(found.url, home)
    except ValueError:
        return False


def host_fault(found: Address, home: str) -> str | None:
    """The reason code against an address's host: no host that can be looked up, or not of `home`'s site."""
    if not HOST.fullmatch(found.host) or has_odd_host(found.url, home):
        return "bad_url"
    return None if is_on_site(found, home) else "offsite"


def has_odd_host(url: str, home: str) -> bool:
    """Whether a host ends in a dot, has an underscore that `home` has not, or mixes alphabets.

    Names like these lead to other servers in other programs, or deceive the reader.
    """
    host, own = (urlsplit(address).hostname or "" for address in (url, home))
    if host == own:
        return False
    return host.endswith(".") or "_" in host or any(map(is_mixed, readable(host).split(".")))


def readable(host: str) -> str:
    """A host as people read it: `xn--…` in its own letters where that can be done."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def is_mixed(label: str) -> bool:
    """Whether a part of a host has letters of several alphabets."""
    alphabets = {unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}
    return len(alphabets) > 1


def shown(text: str) -> str:
    """The text as a row may keep it: short, one line, nothing that SQLite or a terminal chokes on."""
    return without_controls(text[:SHOWN_CHARS])
