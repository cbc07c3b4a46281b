"""Kazakh written in Latin or Arabic letters, in Cyrillic: one key for one word, whatever it is written in."""

from __future__ import annotations

import re

# The alphabets of 2021 and 2018 differ in what y, u and ı stand for; their own letters tell them apart.
LATIN_BOTH = str.maketrans("abdefghjklmnopqrstvxzi", "абдефгхжклмнопқрствхзі")
LATIN_2021 = str.maketrans("äğñöüūşıyucéìî", "әғңөүұшыйуцеии")
LATIN_2018 = str.maketrans("áǵńóúýıyu", "әғңөүуиыұ")
MARKS_2021, MARKS_2018 = re.compile("[äğñöüūş]"), re.compile("[áǵńóúý]|sh|ch")
LETTER_PAIRS = (
    ("sh", "ш"),
    ("ch", "ч"),
    ("ia", "я"),
    ("ıa", "я"),
    ("iý", "ю"),
    ("iu", "ю"),
    ("yo", "ё"),
    ("ts", "ц"),
)
LATIN_MARKED = re.compile("[äğñöüūşáǵńóúýı]")
ARABIC = re.compile("[\u0621-\u06d5]+")
ARABIC_PLAIN = str.maketrans("بۆگعدەجزيكقلمنڭپرستۋفحھچشهتاأإآىئ", "бвгғдежзйкқлмнңпрстуфхһчшһтааааыы")
BACK_PAIRS, FRONT_PAIRS = str.maketrans("اوۇى", "аоұы"), str.maketrans("اوۇى", "әөүі")
BACK_SIGNS, FRONT_SIGNS = re.compile("[قعغ]"), re.compile("[ءگكە]")
AFTER_VOWEL = re.compile("(?<=[aáoóuúyıieý])ı")


def is_marked_latin(word: str) -> bool:
    """Whether a Latin word has letters that Kazakh needs and English does not."""
    return LATIN_MARKED.search(word) is not None


def is_of_2018(text: str) -> bool:
    """Whether Kazakh in Latin letters is in the alphabet of 2018 rather than that of 2021."""
    return len(MARKS_2018.findall(text)) > len(MARKS_2021.findall(text))


def from_latin(word: str) -> tuple[str, ...]:
    """A Kazakh word in Latin letters, lower case, as Cyrillic: by the alphabet it names, else by both."""
    if MARKS_2021.search(word):
        return (from_latin_2021(word),)
    if MARKS_2018.search(word):
        return (from_latin_2018(word),)
    return tuple(dict.fromkeys((from_latin_2021(word), from_latin_2018(word))))


def from_latin_2021(word: str) -> str:
    """The word in Cyrillic, by the alphabet of 2021."""
    return transcribed(word, LATIN_2021)


def from_latin_2018(word: str) -> str:
    """The word in Cyrillic, by the alphabet of 2018: its ı is и, and й after a vowel."""
    return transcribed(AFTER_VOWEL.sub("й", word), LATIN_2018)


def transcribed(word: str, table: dict[int, int]) -> str:
    """The word in Cyrillic by one table; letters that no alphabet has stay."""
    for pair, letter in LETTER_PAIRS:
        word = word.replace(pair, letter)
    return word.translate(table).translate(LATIN_BOTH)


def from_arabic(word: str) -> str:
    """A Kazakh word in Arabic letters as Cyrillic: one sign makes all its vowels front or back."""
    is_front = FRONT_SIGNS.search(word) and not BACK_SIGNS.search(word)
    pairs = FRONT_PAIRS if is_front else BACK_PAIRS
    return (word.replace("ء", "") or word).translate(pairs).translate(ARABIC_PLAIN)
