"""JSON text of the archive as values that can be written anywhere."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import orjson

from archive.errors import ArchiveError


@lru_cache(maxsize=1024)  # most lists are empty, and sections, tags and names come again and again
def value_of(written_json: str) -> Any:
    """What JSON text says, to be read only; raises ArchiveError for what is none.

    Half a letter (a lone surrogate), which JSON can name and UTF-8 cannot, is U+FFFD.
    """
    try:
        return orjson.loads(written_json)
    except (ValueError, TypeError):
        pass
    try:
        return with_whole_letters(json.loads(written_json))
    except (ValueError, TypeError, RecursionError) as error:
        shown = repr(written_json)[:60]
        raise ArchiveError(f"a list that is no JSON: {shown}; run `muragat audit`") from error


def with_whole_letters(value: Any) -> Any:
    """The value with U+FFFD for every half of a letter."""
    if isinstance(value, str):
        return whole_letters(value)
    if isinstance(value, list):
        return [with_whole_letters(one) for one in value]
    if isinstance(value, dict):
        return {whole_letters(name): with_whole_letters(one) for name, one in value.items()}
    return value


def whole_letters(text: str) -> str:
    """The text with U+FFFD for every half of a letter; two halves that belong together are one letter."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
