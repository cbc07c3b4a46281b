"""The words of a text as copies are compared by. Pure."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"\w+")
SOFT_HYPHENS = re.compile("[\u00ad\u200b-\u200d\u2060]")


def words_of(text: str) -> list[str]:
    """The words and numbers of a text as copies are compared by: case, ё, hyphenation make no difference."""
    plain = unicodedata.normalize("NFKC", SOFT_HYPHENS.sub("", text)).casefold().replace("ё", "е")
    return WORD.findall(plain)
