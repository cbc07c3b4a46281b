"""The addresses of one document as they are met: each once, on its site, and why others are not used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from archive.records import Found, Refusal
from crawler.discovery.addresses import Address, address, host_fault, is_on_site, shown
from crawler.discovery.reading import MAX_REJECTED, Child, Reading


class Gathering:
    """What one document names, as long as it is of the site of `home` (else of the document itself)."""

    def __init__(self, document: str, home: str | None = None) -> None:
        self.document = document
        self.home = home or document
        self.base = self._own_base()
        self.next_page: str | None = None
        self.is_damaged = False
        self._found: dict[str, Found] = {}
        self._children: dict[str, Child] = {}
        self._rejected: list[Refusal] = []
        self._left_out = 0
        self._host_faults: dict[str, str | None] = {}

    @property
    def found(self) -> tuple[Found, ...]:
        """The addresses met so far, in the document's order."""
        return tuple(self._found.values())

    @property
    def by_key(self) -> Mapping[str, Found]:
        """The same by `url_key`."""
        return self._found

    def add(
        self,
        href: str,
        via: str,
        *,
        base: str | None = None,
        title: str | None = None,
        published: str | None = None,
        modified: str | None = None,
    ) -> str | None:
        """Note an address and what is said of it; the first to say something of an address wins.

        Returns its `url_key`, `None` for a rejected one.
        """
        named = self.settled(href, base)
        if named is None:
            return None
        before = self._found.get(named.key)
        if before is None:
            self._found[named.key] = Found(named.url, via, self.document, title, published, modified)
            return named.key
        self._found[named.key] = replace(
            before,
            title=before.title or title,
            published=before.published or published,
            modified=before.modified or modified,
        )
        return named.key

    def add_child(self, href: str, lastmod: str | None) -> None:
        """Note a sitemap the document names, unless it is the document itself."""
        named = self.settled(href)
        if named is None:
            return
        if named.key == self.own_key():
            self.reject(named.url, "loop", "the sitemap names itself")
            return
        self._children.setdefault(named.key, Child(named.url, lastmod))

    def settled(self, href: str, base: str | None = None) -> Address | None:
        """The address a link leads to; `None` after its rejection is noted."""
        named = address(href, base or self.base)
        if isinstance(named, Refusal):
            self.reject(named.url, named.code, named.detail)
            return None
        if fault := self._host_fault(named):
            self.reject(shown(named.url), fault)
            return None
        return named

    def reject(self, url: str, code: str, detail: str = "") -> None:
        """Note what could not be used, as long as there are not too many."""
        if len(self._rejected) < MAX_REJECTED:
            self._rejected.append(Refusal(url, code, detail))
        else:
            self._left_out += 1

    def reject_document(self, code: str, detail: str = "") -> None:
        """Note what is wrong with the document itself; it comes first, and always finds room."""
        self._rejected.insert(0, Refusal(self.document, code, detail))

    def own_key(self) -> str | None:
        """The document's own `url_key`, or `None` if its address has none."""
        own = address(self.document, self.document)
        return own.key if isinstance(own, Address) else None

    def note_damage(self) -> None:
        """Note that the document is broken, so that some of what it names may not have been met."""
        self.is_damaged = True

    def anew(self) -> Gathering:
        """An empty gathering of the same document."""
        return Gathering(self.document, self.home)

    def take_missing(self, other: Gathering) -> None:
        """Add what another gathering of the document met and this one did not."""
        for key, found in other._found.items():
            self._found.setdefault(key, found)
        for key, child in other._children.items():
            self._children.setdefault(key, child)

    def keep_only(self, kept: Iterable[Found]) -> None:
        """Forget all other addresses."""
        urls = {each.url for each in kept}
        self._found = {key: each for key, each in self._found.items() if each.url in urls}

    def reading(self) -> Reading:
        """All that was gathered."""
        rejected = tuple(self._rejected)
        if self._left_out:
            rejected += (Refusal(self.document, "more_rejected", f"and {self._left_out} more"),)
        return Reading(self.found, tuple(self._children.values()), self.next_page, rejected=rejected)

    def _own_base(self) -> str:
        """What relative links start from: a feed of a proxy means its source's site, not the proxy's."""
        own = address(self.document, self.document)
        return self.document if isinstance(own, Address) and is_on_site(own, self.home) else self.home

    def _host_fault(self, named: Address) -> str | None:
        # A sitemap has 50,000 addresses and one host, so each host is judged once.
        # As written, since that is what would be looked up.
        host = named.url.split("/", 3)[2]
        if host not in self._host_faults:
            self._host_faults[host] = host_fault(named, self.home)
        return self._host_faults[host]
