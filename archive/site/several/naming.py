"""What archives that are served together are called in addresses, after their folders. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

NAME_CHARS = 60
WITHOUT_A_NAME = "archive"
# First steps of the paths that are all archives' own.
TAKEN = frozenset({"search", "feed", "source", "sources", "changes", "charts", "robots", "favicon"})
LATIN = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
    "ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "",
    "ю": "yu", "я": "ya", "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
    "і": "i",
}  # fmt: skip


def safe_names(titles: Sequence[str]) -> list[str]:
    """For each title a name of small Latin letters, digits, `-` and `_`, none twice and none of `TAKEN`.

    A later one of the same name gets a number.
    """
    names: list[str] = []
    for title in titles:
        plain = name = safe_name(title)
        number = 1
        while name in names or name in TAKEN:
            number += 1
            name = f"{plain}-{number}"
        names.append(name)
    return names


def safe_name(title: str) -> str:
    """The title as it can stand in an address: Cyrillic letters by their sound, `-` for what is no letter."""
    spelled = "".join(LATIN.get(letter, letter) for letter in unicodedata.normalize("NFC", title).casefold())
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", plain)[:NAME_CHARS].strip("-_") or WITHOUT_A_NAME
