"""Who reads all archives together: addresses of the pages about all, and of each archive's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from archive.site.compat import Request
from archive.site.reader import SECTIONS, Reader, spoken_to
from archive.site.several.mounted import Mounted


@dataclass(frozen=True)
class ReaderOfAll(Reader):
    """A reader of the pages about all archives, which stand below `root`."""

    root: str

    def plain_href(self, path: str) -> str:
        """An address of the pages about all."""
        return f"{self.root}{path.removeprefix('/')}"

    def absolute(self, href: str) -> str:
        """An address of this host as the web knows it."""
        return urljoin(str(self.request.url), href)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The pages about all."""
        return [(word, self.href(path)) for word, path in SECTIONS]

    def within(self, archive: Mounted, path: str, query: Mapping[str, object] | None = None) -> str:
        """An address within one archive, that keeps the language the reader chose."""
        return f"{archive.path}{path.removeprefix('/')}{self.query_of(query or {})}"


def reader_of_all(root: str, request: Request) -> ReaderOfAll:
    """The reader of a request to the pages about all archives."""
    language, chosen = spoken_to(request)
    return ReaderOfAll(request, language, chosen, root)
