"""A lead that the text itself begins with: readers are not told it twice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.site.shown import shown


def begins_with(body: str | None, lead: str | None) -> bool:
    """Whether a text begins with a lead, or with what is left of one that was cut short; so with none."""
    said = " ".join(shown(lead).split()).rstrip("….")
    begins = " ".join(shown(body)[: len(said) * 2 + 200].split())
    return begins.startswith(said)


def fields_told(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields below the title that tell what changed from one wording to the other.

    Not the lead where both texts begin with theirs and differ: their own changes have it.
    """
    if old["body"] == new["body"] or not all(begins_with(one["body"], one["lead"]) for one in (old, new)):
        return ("lead", "body")
    return ("body",)
