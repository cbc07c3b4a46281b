"""Pages kept because each shows one thing; what they say was written down by a person."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.records import Found
from crawler.cleaning import clean
from crawler.cleaning.jsonable import as_json
from crawler.sources.profile import Source

PAGES = Path(__file__).resolve().parents[1] / "pages"


def kept_fields() -> Iterator[Any]:
    for folder in sorted(path.parent for path in PAGES.glob("*/*/expected.json")):
        expected = json.loads((folder / "expected.json").read_text("utf-8"))
        for field, value in expected.items():
            name = f"{folder.parent.name}/{folder.name}:{field}"
            yield pytest.param(folder, field, value, id=name)


def cleaned(folder: Path) -> dict[str, Any]:
    """The page as an article; `timezone` in page.toml stands for a source's profile."""
    meta = tomllib.loads((folder / "page.toml").read_text("utf-8"))
    zone = meta.pop("timezone", None)
    profile = Source(id="kept", name="Вестник степи", home=meta["url"], timezone=zone) if zone else None
    stated = [Found(url=meta["url"], **said) for said in meta.pop("stated", [])]
    return as_json(clean((folder / "page.html").read_bytes(), profile=profile, stated=stated, **meta))


@pytest.mark.parametrize(("folder", "field", "value"), list(kept_fields()))
def test_field_is_read_as_a_person_read_it(folder: Path, field: str, value: object) -> None:
    article: Any = cleaned(folder)
    for name in field.split("."):
        article = article[name]
    assert article == value
