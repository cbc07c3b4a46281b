"""When an article is looked at again: a plan that decays from its publication, or from its last change. Pure.

Most edits come in the first hours; after a month nobody changes news (and what does is told by a sitemap).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from archive.store.columns import moment_of

# After so long an article is looked at again; then no more.
PLAN = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=30))
# The plan begins anew with a change, but not for ever: what changes at each visit is a page that never
# stands still, and 10 changes are 60 visits at most.
MOST_BEGINNINGS = 10
PLANNED_BY = ("published_at", "published_precision", "first_seen_at", "gone_at")  # columns of articles
# An article that was not there is looked at again before it is called gone; 410 says so itself.
CONFIRMED_AFTER = timedelta(hours=1)


def next_visit(now: datetime, begun: datetime) -> datetime | None:
    """When to look again at what the plan began for at `begun`; `None` for no more.

    What lies nearer than a quarter of its step is passed over: an article found 50 minutes after its
    publication is not asked again after 10.
    """
    return next((begun + step for step in PLAN if begun + step - now >= step / 4), None)


def plan_begins(article: Mapping[str, Any], changed_at: str | None) -> datetime:
    """Since when the plan of an article counts.

    Since it vanished, else since the publisher changed it (`changed_at`), else since it was published; a
    bare day says no hour, and a time after we saw it is none.
    """
    if since := article["gone_at"] or changed_at:
        return moment_of(since)
    seen = moment_of(article["first_seen_at"])
    if not article["published_at"]:
        return seen
    published = moment_of(article["published_at"])
    if article["published_precision"] == "day":
        published += timedelta(days=1)
    return min(published, seen)
