"""Who reads: the language the site speaks to them, and addresses that keep it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.site import self_test, words
from archive.site.among import Among, among_of
from archive.site.archive_file import archive_name
from archive.site.barred import barred_of
from archive.site.compat import Request, Response
from archive.site.headers import READING_POLICY
from archive.site.openness import openness_of
from archive.site.shown import safe_url, shown
from archive.site.stylesheet import STYLE_PATH

# Not Datasette's environment: what it puts into templates differs by version, and what is missing there
# prints nothing. Here a name that is not given is an error.
environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: "" if value is None else value,
)
environment.filters["shown"] = shown
environment.filters["safe_url"] = safe_url

ACCEPTED = re.compile(r"\s*([a-zA-Z]{2,3})(?:-[\w-]{1,30})?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")
CHOSEN = "muragat_language"  # the cookie of a reader who chose a language; nothing else is kept
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}")
SECTIONS = (("search", "/search"), ("sources", "/sources"), ("edits", "/changes"), ("charts", "/charts"))


@dataclass(frozen=True)
class Reader(ABC):
    """One request's reader: `language` is what the site speaks, `chosen` whether the address says so."""

    request: Request
    language: str
    chosen: bool

    @abstractmethod
    def plain_href(self, path: str) -> str:
        """An address of this site as it stands: Datasette's own pages know no `lang`."""

    @abstractmethod
    def absolute(self, href: str) -> str:
        """An address of this host as the web knows it."""

    @property
    @abstractmethod
    def sections(self) -> list[tuple[str, str]]:
        """The parts of the site that every page leads to: the key of its word, and its address."""

    @property
    def among(self) -> Among | None:
        """The archive's place among several, `None` for one that stands alone, and for all together."""
        return None

    @property
    def barred(self) -> frozenset[int]:
        """The numbers of articles that are barred: taken down in another archive that stands beside."""
        return frozenset()

    @property
    def is_public(self) -> bool:
        """Whether the world finds the site under an address that its owner named."""
        return False

    @property
    def search_works(self) -> bool:
        """Whether words can be searched for."""
        return True

    def say(self, key: str, **values: object) -> str:
        """A sentence of the site."""
        return words.say(key, self.language, **values)

    def counted(self, key: str, n: int) -> str:
        """A number of things in words."""
        return words.counted(key, n, self.language)

    def number(self, n: int) -> str:
        """A number as the language groups it."""
        return words.number(n, self.language)

    def language_name(self, code: str) -> str:
        """What a language of articles is called."""
        return words.language_name(shown(code), self.language)

    def href(self, path: str, query: Mapping[str, object] | None = None) -> str:
        """An address of this site that keeps the language the reader chose."""
        return f"{self.plain_href(path)}{self.query_of(query or {})}"

    def query_of(self, query: Mapping[str, object]) -> str:
        """A query string of what is not empty, with the language the reader chose; empty for nothing.

        A list is named once for each of its values.
        """
        named = [(name, value if isinstance(value, list) else [value]) for name, value in query.items()]
        pairs = [(name, value) for name, values in named for value in values if value not in (None, "")]
        if self.chosen:
            pairs.append(("lang", self.language))
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def own_url(self) -> str:
        """This very page's address as the web knows it."""
        return self.absolute(self.request.full_path)

    def absolute_url(self, path: str) -> str:
        """An address of this site as the web knows it, without the reader's language."""
        return self.absolute(self.plain_href(path))

    def public_url(self, path: str) -> str:
        """An address that anybody can open, as citations want it; "" where the site has no such."""
        return self.absolute_url(path) if self.is_public else ""

    def in_language(self, language: str) -> str:
        """This very page in another language."""
        kept = [(name, value) for name in self.request.args for value in self.request.args.getlist(name)]
        query = urlencode([pair for pair in kept if pair[0] != "lang"] + [("lang", language)])
        return f"{self.request.path}?{query}"

    def response(self, template: str, status: int = 200, **values: object) -> Response:
        """A page of the reading room."""
        html = environment.get_template(template).render(
            reader=self,
            say=self.say,
            href=self.href,
            counted=self.counted,
            language_name=self.language_name,
            languages=words.LANGUAGES,
            style=self.plain_href(STYLE_PATH),
            **values,
        )
        headers = {
            "content-security-policy": READING_POLICY,
            "content-language": self.language,
            "vary": "Accept-Language, Cookie",
        }
        return Response.html(html, status=status, headers=headers)


@dataclass(frozen=True)
class ArchiveReader(Reader):
    """Who reads one archive, served by one Datasette."""

    datasette: Any

    def plain_href(self, path: str) -> str:
        """An address of this archive; its `base_url` stands before the path."""
        return str(self.datasette.urls.path(path))

    def absolute(self, href: str) -> str:
        """An address of this host as the web knows it."""
        return str(self.datasette.absolute_url(self.request, href))

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The archive's own pages and its tables."""
        tables = self.datasette.get_database(archive_name(self.datasette)).route
        own = [(word, self.href(path)) for word, path in SECTIONS]
        return [*own, ("data", self.plain_href(f"/{tables}"))]

    @property
    def among(self) -> Among | None:
        """The archive's place among several, `None` for one that stands alone."""
        return among_of(self.datasette)

    @property
    def barred(self) -> frozenset[int]:
        """The numbers of articles that are barred: taken down in another archive that stands beside."""
        return barred_of(self.datasette).ids

    @property
    def is_public(self) -> bool:
        """Whether the world finds the archive under an address that its owner named."""
        return openness_of(self.datasette).public is not None

    @property
    def search_works(self) -> bool:
        """Whether the search index answered as it should when the server started."""
        return self_test.search_works(self.datasette)


def reader_of(datasette: Any, request: Request) -> ArchiveReader:
    """The reader of a request to one archive."""
    language, chosen = spoken_to(request)
    return ArchiveReader(request, language, chosen, datasette)


def spoken_to(request: Request) -> tuple[str, bool]:
    """The language a request is answered in, and whether its address names it.

    `?lang=` decides, else what was chosen before, the browser, Russian.
    """
    named = request.args.get("lang")
    if named in words.LANGUAGES:
        return named, True
    kept = kept_language(request.headers.get("cookie", ""))
    return wished_language(kept, request.headers.get("accept-language", "")), False


def kept_language(cookie: str) -> str | None:
    """The language that a Cookie header names."""
    try:
        morsel = SimpleCookie(cookie).get(CHOSEN)
    except CookieError:
        return None
    return morsel.value if morsel else None


def wished_language(chosen: str | None, accept: str) -> str:
    """What a reader is spoken to in who names no language: chosen once, else liked by the browser."""
    return chosen if chosen in words.LANGUAGES else accepted_language(accept) or words.DEFAULT_LANGUAGE


def accepted_language(header: str) -> str | None:
    """The language of ours that an Accept-Language header likes best, or `None`."""
    liked: list[tuple[float, str]] = []
    for part in header[:1000].split(","):
        match = ACCEPTED.fullmatch(part)
        if match and match[1].lower() in words.LANGUAGES:
            liked.append((float(match[2] or 1), match[1].lower()))
    best = max(liked, key=lambda one: one[0], default=(0.0, ""))
    return best[1] if best[0] > 0 else None


def language_tag(code: str | None) -> str:
    """A language fit for HTML's `lang`: empty (unknown) when it is no code."""
    return code if code and LANGUAGE_TAG.fullmatch(code) else ""
