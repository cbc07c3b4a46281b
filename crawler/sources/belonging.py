"""Which source a page of somebody else's crawl belongs to: its site's, or one made from its host. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from archive.identity import ascii_host
from crawler.sources.drafting import guessed_timezone, source_id
from crawler.sources.profile import Source
from crawler.sources.values import IDENTIFIER


class Belonging:
    """The sources that are known, and those made on the way."""

    def __init__(self, profiled: Iterable[Source], kept: Iterable[Source]) -> None:
        """`profiled` have a profile and stand for their subdomains too; `kept` only have articles.

        Of two with one id the first counts.
        """
        self.by_id: dict[str, Source] = {}
        self.sites: dict[str, list[Source]] = {}
        self.hosts: dict[str, list[Source]] = {}
        self.made_as: dict[str, Source] = {}
        self.described: dict[str, Source] = {}
        profiled = list(profiled)
        self.profiled = {source.id for source in profiled}
        for place, sources in ((self.sites, profiled), (self.hosts, kept)):
            for source in sources:
                if source.id not in self.by_id:
                    self.by_id[source.id] = source
                    place.setdefault(host_of(source.home), []).append(source)

    def source_of(self, url: str, said: str | None = None) -> Source:
        """The source of a page; `said` is the id its source has in the archive that it comes from."""
        host = host_of(url)
        for known in (self.hosts.get(host), *(self.sites.get(site) for site in with_parents(host))):
            if known:
                return chosen(known, url, said)
        source = self.made_as.get(said or "") or self.made(url, said)
        self.hosts[host] = [source]
        return source

    def describe(self, source: Source) -> None:
        """Remember a source as another archive describes it, for articles or pages of its.

        Known sources are what they are, but for one that has no profile and only its host's name.
        """
        known = self.by_id.get(source.id)
        if known is None:
            self.described.setdefault(source.id, source)
        elif self.is_named_by_host(known) and host_of(known.home) == host_of(source.home):
            self.put_in_place(known, source)

    def is_named_by_host(self, source: Source) -> bool:
        """Whether a source was made from its host, and nobody has said what it is called.

        One with a profile is called what that says, if only its host's name.
        """
        return source.id not in self.profiled and not is_described(source)

    def put_in_place(self, known: Source, source: Source) -> None:
        """Have a source stand where another of its id stood."""
        self.by_id[source.id] = source
        for listed in (*self.sites.values(), *self.hosts.values()):
            listed[:] = [source if one is known else one for one in listed]
        self.made_as = {said: source if one is known else one for said, one in self.made_as.items()}

    def made(self, url: str, said: str | None) -> Source:
        """A source for a host nobody has described here: as another archive does, else named as is said or
        by its host.
        """
        if found := self.described.get(said) if said else self.described_at(host_of(url)):
            self.by_id[found.id] = found
            self.made_as[found.id] = found
            return found
        parts = urlsplit(url)
        home = f"{parts.scheme.lower()}://{parts.netloc}/"
        is_named = said is not None and IDENTIFIER.fullmatch(said) and said not in self.by_id
        name = said if said and is_named else free_id(source_id(home), {**self.by_id, **self.described})
        source = Source(id=name, name=host_of(url), home=home, timezone=guessed_timezone(home))
        self.by_id[name] = source
        if is_named:
            self.made_as[name] = source
        return source

    def described_at(self, host: str) -> Source | None:
        """The source of this host that another archive describes, where it is the only one."""
        found = [source for source in self.described.values() if host_of(source.home) == host]
        return found[0] if len(found) == 1 else None


def is_described(source: Source) -> bool:
    """Whether anybody has said what a source is called: one that was made is called like its host."""
    return source.name != host_of(source.home) or bool(source.languages)


def chosen(known: list[Source], url: str, said: str | None) -> Source:
    """Of several sources of a host the one that is said, else the one whose front page's path is nearest."""
    for source in known:
        if source.id == said:
            return source
    return max(known, key=lambda source: nearness(urlsplit(source.home).path, urlsplit(url).path))


def host_of(url: str) -> str:
    """Host and unusual port of an address, without `www.`."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return ascii_host(parts.hostname or "") + port


def with_parents(host: str) -> Iterator[str]:
    """A host and the domains it is part of, the nearest first, without the top-level one."""
    while "." in host:
        yield host
        host = host.partition(".")[2]


def nearness(home: str, path: str) -> int:
    """How much of a path is the front page's own; -1 where it lies elsewhere."""
    return len(home) if path.startswith(home.rstrip("/") + "/") or path == home else -1


def free_id(name: str, taken: Iterable[str]) -> str:
    """The name, with a number after it where it is taken."""
    names = set(taken)
    numbered = (f"{name[:60]}_{number}" for number in range(2, len(names) + 3))
    return name if name not in names else next(one for one in numbered if one not in names)
