"""The corpora of real pages: where they lie, their pages with what people wrote down of them, their scorer.

The corpora are no part of this project, for pages belong to their publishers. Each is a folder with
`truth.jsonl` and `pages/ID.html.gz`; `tools/score.py` beside them says when two texts, titles or dates agree.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
NO_ADDRESS = "https://page.invalid/"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a corpus: what is true of it, and where its bytes lie."""

    corpus: str
    truth: Mapping[str, Any]
    path: Path

    @property
    def id(self) -> str:
        """The page's name in its corpus."""
        return str(self.truth["id"])

    @property
    def url(self) -> str:
        """Where the page was."""
        return str(self.truth.get("url") or NO_ADDRESS)

    @property
    def is_article(self) -> bool:
        """Whether the truth calls it an article; corpora of articles alone do not say."""
        return bool(self.truth.get("page_type", "article") == "article")

    def raw(self) -> bytes:
        """The page's bytes as they were served."""
        return gzip.decompress(self.path.read_bytes())


def shared_folder(given: str | None = None) -> Path | None:
    """The folder that holds `corpora/` and `tools/`: as given, as MURAGAT_SHARED says, or ../shared.

    `None` when it is not on this machine.
    """
    folder = Path(given or os.environ.get("MURAGAT_SHARED") or HERE.parent.parent / "shared")
    return folder if (folder / "corpora").is_dir() and (folder / "tools/score.py").is_file() else None


def pages_of(shared: Path, corpus: str) -> list[Page]:
    """All pages of a corpus, in the order of its truth."""
    folder = shared / "corpora" / corpus
    rows = [json.loads(line) for line in (folder / "truth.jsonl").read_bytes().splitlines() if line.strip()]
    return [Page(corpus, row, folder / "pages" / f"{row['id']}.html.gz") for row in rows]


@cache
def scorer(shared: Path) -> ModuleType:
    """The corpora's own scorer, as a module."""
    spec = importlib.util.spec_from_file_location("score", shared / "tools" / "score.py")
    assert spec is not None and spec.loader is not None, "a file that is there has a loader"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def demo_pages() -> list[tuple[str, bytes]]:
    """Address and bytes of every article of the made-up newspaper: pages for machines without the corpora."""
    from crawler.demo.edition import Edition
    from crawler.demo.site import Site

    home = "https://gazeta.example"
    site = Site(Edition(1), home)
    visited_at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    return [(f"{home}{path}", site.document(path, visited_at).body) for path in sorted(site.edition.by_path)]
