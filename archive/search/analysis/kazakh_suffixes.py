"""Every ending a Kazakh noun or verb may take, made from the grammar: pure tables, no word in them.

A suffix is chosen by the sound the stem ends with and by whether its last vowel is front or back. Endings
pile up in a fixed order (plural, whose, case; negation, tense, person), so all of them are written out once,
and telling an ending is looking it up. Derivation (-лық, -шы, -лы, -сыз) makes another word and is none.
"""

from __future__ import annotations

from collections.abc import Iterator

BACK, FRONT = "back", "front"
HARMONIES = (BACK, FRONT)
# What a stem may end with, by how suffixes treat it.
VOWEL, GLIDE, LATERAL, NASAL, BUZZ, HARD = "vowel", "glide", "lateral", "nasal", "buzz", "hard"
ENDS = {
    **dict.fromkeys("аәеоөыіэяё", VOWEL),
    **dict.fromkeys("рйуию", GLIDE),
    **dict.fromkeys("л", LATERAL),
    **dict.fromkeys("мнң", NASAL),
    **dict.fromkeys("зж", BUZZ),
    **dict.fromkeys("бвгғдкқпстфхһцчшщ", HARD),
}
KINDS = (VOWEL, GLIDE, LATERAL, NASAL, BUZZ, HARD)
# One sound of a suffix by harmony: A а/е, I ы/і, G ғ/г, K қ/к.
SOUNDS = {"A": "ае", "I": "ыі", "G": "ғг", "K": "қк"}

PLURAL = {VOWEL: "лAр", GLIDE: "лAр", LATERAL: "дAр", NASAL: "дAр", BUZZ: "дAр", HARD: "тAр"}
GENITIVE = {VOWEL: "нIң", GLIDE: "дIң", LATERAL: "дIң", NASAL: "нIң", BUZZ: "дIң", HARD: "тIң"}
ACCUSATIVE = {VOWEL: "нI", GLIDE: "дI", LATERAL: "дI", NASAL: "дI", BUZZ: "дI", HARD: "тI"}
DATIVE = dict.fromkeys(KINDS, "GA") | {HARD: "KA"}
LOCATIVE = dict.fromkeys(KINDS, "дA") | {HARD: "тA"}
ABLATIVE = dict.fromkeys(KINDS, "дAн") | {NASAL: "нAн", HARD: "тAн"}
INSTRUMENTAL = dict.fromkeys(KINDS, "мен") | {BUZZ: "бен", HARD: "пен"}
BELONGING = {VOWEL: "нікі", GLIDE: "дікі", LATERAL: "дікі", NASAL: "нікі", BUZZ: "дікі", HARD: "тікі"}
CASES = (GENITIVE, ACCUSATIVE, DATIVE, ABLATIVE, INSTRUMENTAL, BELONGING)
# After «his»: үйін, үйіне, үйінде, үйінен.
HIS_CASES = ("нIң", "н", "нA", "нAн", "мен")
NEGATION = dict.fromkeys(KINDS, "мA") | {NASAL: "бA", BUZZ: "бA", HARD: "пA"}


def spoken(suffix: str, harmony: str) -> str:
    """A suffix in the letters of one harmony."""
    place = HARMONIES.index(harmony)
    return "".join(SOUNDS[letter][place] if letter in SOUNDS else letter for letter in suffix)


def case_endings(kind: str) -> Iterator[str]:
    """Every case after a stem of this kind, and what is *there* (-дағы) with cases of its own."""
    yield from (case[kind] for case in CASES)
    yield from place_endings(LOCATIVE[kind])


def place_endings(locative: str) -> Iterator[str]:
    """-да, -дағы, -дағылар, -дағының …"""
    yield locative
    there = f"{locative}GI"
    yield there
    yield from (there + case[VOWEL] for case in CASES)
    yield f"{there}лAр"
    yield from (f"{there}лAр" + case for case in (c[GLIDE] for c in CASES))


def owned_endings(kind: str) -> Iterator[str]:
    """Whose it is, alone and with cases; *my* and *your* only where no derived noun looks the same.

    -ым and -ің also end stems (білім, үкім, келісім): they are taken off only after a plural.
    """
    his = "сI" if kind == VOWEL else "I"
    yield his
    yield from (his + case for case in HIS_CASES)
    yield from (his + there for there in place_endings("ндA"))
    for ours in ("мIз", "ңIз") if kind == VOWEL else ("IмIз", "IңIз"):
        yield ours
        yield from (ours + case for case in case_endings(BUZZ))


def my_endings() -> Iterator[str]:
    """-ым, -ың after a plural, alone and with cases."""
    for mine in ("Iм", "Iң"):
        yield mine
        yield from (mine + case for case in (*case_endings(NASAL), "A"))


def noun_endings(kind: str) -> Iterator[str]:
    """Every ending of a noun whose stem is of this kind."""
    yield from case_endings(kind)
    yield from owned_endings(kind)
    many = PLURAL[kind]
    yield many
    for ending in (*case_endings(GLIDE), *owned_endings(GLIDE), *my_endings()):
        yield many + ending


def verb_endings(kind: str) -> Iterator[str]:
    """Every ending of a verb whose root is of this kind, said or denied."""
    yield from tense_endings(kind)
    yield from (NEGATION[kind] + ending for ending in tense_endings(VOWEL))


def tense_endings(kind: str) -> Iterator[str]:
    """Tenses with persons, verbal nouns and participles with the endings of nouns."""
    after_vowel, hard = kind == VOWEL, kind == HARD
    past = "тI" if hard else "дI"
    yield from (past + person for person in ("", "м", "ң", "ңIз", "ңдAр"))
    done = "KAн" if hard else "GAн"
    yield from (done + person for person in ("", "мIн", "сIң", "бIз", "сIз", "дIKтAн", "шA", "дAй"))
    yield from (done + ending for ending in noun_endings(NASAL))
    now = "й" if after_vowel else "A"
    yield from (now + person for person in ("дI", "мIн", "сIң", "мIз", "сIз"))
    doing = f"{now}тIн"
    yield doing
    yield from (doing + ending for ending in noun_endings(NASAL))
    yield "п" if after_vowel else "Iп"
    yield from ("сIн", "сIндAр", ("KAлI" if hard else "GAлI"))
    yield "у"
    yield from (f"у{ending}" for ending in noun_endings(GLIDE))


def doubtful_verb_endings(kind: str) -> Iterator[str]:
    """Endings so short, or so like the end of a noun, that only a known root may lose them."""
    now = "й" if kind == VOWEL else "A"
    yield now
    yield "р" if kind == VOWEL else "Aр"
    yield "тIK" if kind == HARD else "дIK"  # «we did», and the -дық of мамандық
    would = "сA"
    yield from (would + person for person in ("", "м", "ң", "K", "ңIз"))
    yield f"{NEGATION[kind]}с"
    yield f"{NEGATION[kind]}й"
    yield f"{NEGATION[kind][0]}AK"


Table = dict[tuple[str, str], frozenset[str]]


def table(endings: object) -> Table:
    """For each kind of stem and harmony, all its endings as they are written."""
    assert callable(endings)
    return {
        (kind, harmony): frozenset(spoken(ending, harmony) for ending in endings(kind))
        for kind in KINDS
        for harmony in HARMONIES
    }


NOUN = table(noun_endings)
VERB = table(verb_endings)
DOUBTFUL_VERB = table(doubtful_verb_endings)
ENDINGS = frozenset().union(*NOUN.values(), *VERB.values(), *DOUBTFUL_VERB.values())
LONGEST = max(map(len, ENDINGS))
