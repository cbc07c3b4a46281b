"""The keys of an article's texts, as the search index has them."""

from __future__ import annotations

Texts = tuple[str | None, str | None, str | None]  # title, lead and body


def keys_of(texts: Texts) -> Texts:
    """The keys of an article's texts, which decide together what language they are in."""
    from archive.search.analysis.keys import indexed_text, tongue_of  # a crawl's main process does without

    tongue = tongue_of(*texts)
    title, lead, body = (indexed_text(text, tongue) for text in texts)
    return title, lead, body
