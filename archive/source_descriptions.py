"""What files say of the sources their articles or pages are from: a list in JSON beside them. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from archive.records import SourceDescription

OWN = ("id", "name", "home", "timezone")


def as_json(sources: Iterable[SourceDescription]) -> str:
    """The list, on one line."""
    return json.dumps([asdict(one) for one in sources], ensure_ascii=False)


def as_line(source: SourceDescription) -> bytes:
    """A source as a line among articles: under `source`, as they name it."""
    said = asdict(source)
    return json.dumps({"source": said.pop("id"), **said}, ensure_ascii=False).encode() + b"\n"


def is_line(told: Mapping[str, Any]) -> bool:
    """Whether a record among articles tells of a source."""
    return "source" in told and "home" in told and "url" not in told and "body" not in told


def of_line(told: Mapping[str, Any]) -> SourceDescription:
    """What such a record says; raises ValueError for what it cannot mean."""
    return one_of({"id": told["source"], **told})


def from_json(written: str | bytes) -> tuple[SourceDescription, ...]:
    """The sources of such a list; raises ValueError for what is none."""
    listed = json.loads(written)
    if not isinstance(listed, list):
        raise ValueError("no list of sources")
    return tuple(map(one_of, listed))


def one_of(said: Any) -> SourceDescription:
    """One source; raises ValueError for what is none. Whether its values fit is for others to say."""
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in OWN):
        raise ValueError(f"no source: it must state {', '.join(OWN)} as texts")
    languages, region = said.get("languages") or [], said.get("region")
    if not isinstance(languages, list) or not all(isinstance(one, str) for one in languages):
        raise ValueError(f"source {said['id'][:40]!r}: languages are no list of texts")
    if region is not None and not isinstance(region, str):
        raise ValueError(f"source {said['id'][:40]!r}: region is no text")
    return SourceDescription(**{name: said[name] for name in OWN}, languages=tuple(languages), region=region)
