"""Language codes of ISO 639-1, and the slips sites make when they write them."""

from __future__ import annotations

# ISO 639-1, https://www.loc.gov/standards/iso639-2/php/code_list.php: second letters by first letter.
SECOND_LETTERS = {
    "a": "abefkmnrsvyz",
    "b": "aeghimnors",
    "c": "aehorsuvy",
    "d": "aevz",
    "e": "elnostu",
    "f": "afijory",
    "g": "adlnuv",
    "h": "aeiortuyz",
    "i": "adegikostu",
    "j": "av",
    "k": "agijklmnorsuvwy",
    "l": "abginotuv",
    "m": "ghiklnrsty",
    "n": "abdeglnorvy",
    "o": "cjmrs",
    "p": "ailst",
    "q": "u",
    "r": "mnouw",
    "s": "acdegiklmnoqrstuvw",
    "t": "aeghiklnorstwy",
    "u": "gkrz",
    "v": "eio",
    "w": "ao",
    "x": "h",
    "y": "io",
    "z": "ahu",
}
CODES = frozenset(first + second for first, seconds in SECOND_LETTERS.items() for second in seconds)

# Country codes and three-letter codes written where a language belongs.
SLIPS = {
    "kz": "kk",
    "kaz": "kk",
    "qaz": "kk",
    "qz": "kk",
    "ua": "uk",
    "by": "be",
    "rus": "ru",
    "eng": "en",
    "cn": "zh",
}


def code_of(tag: str | None) -> str | None:
    """The two-letter code a language tag means: `ru-RU` → `ru`, `kz` → `kk`; `None` if it means none."""
    first = (tag or "").strip().lower().replace("_", "-").partition("-")[0]
    code = SLIPS.get(first, first)
    return code if code in CODES else None
