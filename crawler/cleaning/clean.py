"""A page's bytes to an Article: read once, gather candidates, choose, pass the gate.

document → what the page states → title → body → dates, people, places → kind → gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from archive.identity import url_key
from archive.records import Article, Found, Problem
from crawler.cleaning.document import Unreadable, read_document
from crawler.cleaning.gate import through_gate
from crawler.cleaning.places import own_key
from crawler.cleaning.reading import parts_of, read_page
from crawler.sources.profile import Source

CLEANING_VERSION = "2"


def clean(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    profile: Source | None = None,
    requested_url: str | None = None,
    stated: Sequence[Found] = (),
) -> Article:
    """The article a page holds, every value with its evidence.

    Never raises on any bytes: what is no article has `article_type` "not_article" and a problem with the
    reason. `stated` is what feeds, sitemaps and listings said of this address; `fetched_at` (aware) is what
    relative dates count from, this moment when it is missing.
    """
    key, problems = key_for(url)
    blank = Article(url=url, requested_url=requested_url or url, url_key=key, cleaned_with=CLEANING_VERSION)
    document = read_document(html, content_type=content_type)
    if isinstance(document, Unreadable):
        return replace(blank, problems=(*problems, document.problem))
    now = fetched_at or datetime.now(UTC)
    parts = parts_of(read_page(document, url, now=now, profile=profile, found=tuple(stated)))
    values: dict[str, Any] = {name: value for part in parts for name, value in part.values.items()}
    evidence = {name: said for part in parts for name, said in part.evidence.items() if said}
    values["url_key"] = own_key(key, values["canonical_url"])
    doubts = (*problems, *document.problems, *(problem for part in parts for problem in part.problems))
    return through_gate(replace(blank, **values, evidence=evidence, problems=doubts))


def key_for(url: str) -> tuple[str, tuple[Problem, ...]]:
    """The address's key; an address that has none stands for itself, with a problem."""
    try:
        return url_key(url), ()
    except ValueError as error:
        return url, (Problem("bad_url", str(error)),)
