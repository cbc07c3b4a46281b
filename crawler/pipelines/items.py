"""What the spider hands to the pipeline: an article, and the visit it was read from."""

from __future__ import annotations

from dataclasses import dataclass

from archive.records import Article, Visit


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """A kept page after cleaning."""

    article: Article
    visit: Visit
