"""English words to keys: inflection is taken off, derivation is left.

Stemmers go further and make one word of police and policy, minister and ministry; simplemma, which has a
dictionary, takes 3 s and 140 MB to load. Figures: docs/decisions/search-keys.md.
"""

from __future__ import annotations

import re

from archive.search.analysis.lists import lines, words

IRREGULAR = {form: base for base, *forms in lines("english_irregular") for form in (base, *forms)}
WHOLE, WITH_E, NO_E = words("english_whole"), words("english_with_e"), words("english_without_e")
SHORTEST = 4  # letters of a word that may be inflected
VOWEL = re.compile("[aeiouy]")
SYLLABLE = re.compile("[aeiouy]+")
DOUBLED = re.compile(r"([bdgmnprt])\1$")
HISSING_PLURAL = ("sses", "shes", "ches", "xes", "zzes")
# What an -e was lost from, by how the root ends: rated, reduced, settled, charged …
ALWAYS_E = re.compile(r"(?:[cvzu]|[^aeiou][lbdgt]l|[bcdfgkptz]l|[rdl]g|[^aeioun]ang|[lnrp]s|[aeiou]s)$")
# … and with a single vowel before the last consonant.
SINGLE_VOWEL = re.compile(r"(?:^|[^aeiou]|qu)[aeiouy][^aeiouwxy]$")
LONG_E = re.compile(r"(?:at|id|ad|ud|od|ak|ik|ok|am|um|in|un|ut|ot|ur|ir|ar|ul|il|ap|ip|yp|ag|ib|ub|yz|ys)$")


def key(word: str) -> str:
    """The key of a word in lower case without apostrophes; never empty."""
    if base := IRREGULAR.get(word):
        return base
    if word in WHOLE or len(word) < SHORTEST:
        return word
    return uninflected(word)


def keys(word: str) -> tuple[str, ...]:
    """The keys a word may be found under: leaves are of leaf or of leave."""
    regular = word if word in WHOLE or len(word) < SHORTEST else uninflected(word)
    return tuple(dict.fromkeys((key(word), regular)))


def uninflected(word: str) -> str:
    """The word without -s, -ed or -ing."""
    if word.endswith(("ies", "ied")):
        return f"{word[:-3]}y" if len(word) > SHORTEST else word[:-1]
    if word.endswith(HISSING_PLURAL):
        return word[:-2]
    if word.endswith("iest"):
        return f"{word[:-4]}y"
    if word.endswith("ings"):
        return uninflected(word[:-1])
    if word.endswith("s") and word[-2] not in "siu":
        return word[:-1]
    if word.endswith("ed") and not word.endswith("eed"):
        return restored(word[:-2]) or word
    if word.endswith("ing"):
        return restored(word[:-3]) or word
    return word


def restored(root: str) -> str | None:
    """A root as it is without -ed or -ing: plann is plan, hop is hope; `None` where it is no root."""
    if len(root) < 2 or not VOWEL.search(root):
        return None
    if root in WITH_E:
        return f"{root}e"
    if root in NO_E:
        return root
    if DOUBLED.search(root):
        return root[:-1]
    if root.endswith("ll") and len(SYLLABLE.findall(root)) > 1:
        return root[:-1]
    return f"{root}e" if has_lost_e(root) else root


def has_lost_e(root: str) -> bool:
    """Whether the root ends as only words with -e do."""
    if ALWAYS_E.search(root) and not root.endswith(("ss", "ous")):
        return True
    if root.endswith(("iat", "uat")):
        return True
    if not SINGLE_VOWEL.search(root):
        return False
    return len(SYLLABLE.findall(root)) == 1 or LONG_E.search(root) is not None
