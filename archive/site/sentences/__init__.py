"""Every sentence a reader sees, by the page it stands on: (Russian, Kazakh, English)."""

from __future__ import annotations

from collections.abc import Mapping

from archive.site.sentences import (
    article,
    changes,
    charts,
    citing,
    doubts,
    evidence,
    frame,
    front,
    journal,
    notices,
    search,
    several,
    sources,
    story,
)

PAGES = (
    *(frame, search, front, article, evidence, doubts, citing, story, changes, journal, sources, charts),
    *(notices, several),
)

SENTENCES: Mapping[str, tuple[str, str, str]] = {
    key: sentences for page in PAGES for key, sentences in page.SENTENCES.items()
}
