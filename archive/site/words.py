"""What the site says, in its three languages: sentences, numbers of things, names of languages."""

from __future__ import annotations

from collections.abc import Mapping

from archive.site.sentences import SENTENCES

LANGUAGES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}
DEFAULT_LANGUAGE = "ru"


# key: (Russian one, few, many), Kazakh, (English one, other)
COUNTED: Mapping[str, tuple[tuple[str, str, str], str, tuple[str, str]]] = {
    "articles": (("{n} статья", "{n} статьи", "{n} статей"), "{n} мақала", ("{n} article", "{n} articles")),
    "archives": (
        ("{n} архив", "{n} архива", "{n} архивов"),
        "{n} мұрағат",
        ("{n} archive", "{n} archives"),
    ),
    "sources": (
        ("{n} источник", "{n} источника", "{n} источников"),
        "{n} дереккөз",
        ("{n} source", "{n} sources"),
    ),
    "rows": (("{n} строка", "{n} строки", "{n} строк"), "{n} жол", ("{n} row", "{n} rows")),
    "hidden_tables": (
        ("ещё {n} скрытая таблица", "ещё {n} скрытые таблицы", "ещё {n} скрытых таблиц"),
        "тағы {n} жасырын кесте",
        ("{n} more hidden table", "{n} more hidden tables"),
    ),
    "days": (("{n} день", "{n} дня", "{n} дней"), "{n} күн", ("{n} day", "{n} days")),
    "wordings": (
        ("{n} редакция", "{n} редакции", "{n} редакций"),
        "{n} редакция",
        ("{n} wording", "{n} wordings"),
    ),
    "words": (("{n} слово", "{n} слова", "{n} слов"), "{n} сөз", ("{n} word", "{n} words")),
}

# How the articles' languages are called, per language of the site.
LANGUAGE_NAMES: Mapping[str, tuple[str, str, str]] = {
    "ru": ("русский", "орысша", "Russian"),
    "kk": ("казахский", "қазақша", "Kazakh"),
    "en": ("английский", "ағылшынша", "English"),
    "uz": ("узбекский", "өзбекше", "Uzbek"),
    "ug": ("уйгурский", "ұйғырша", "Uyghur"),
    "ky": ("киргизский", "қырғызша", "Kyrgyz"),
    "zh": ("китайский", "қытайша", "Chinese"),
    "de": ("немецкий", "немісше", "German"),
    "tr": ("турецкий", "түрікше", "Turkish"),
}


def say(key: str, language: str, **values: object) -> str:
    """A sentence in the site's language; raises KeyError for one that is not in the table."""
    return SENTENCES[key][column(language)].format(**values)


def counted(key: str, n: int, language: str) -> str:
    """A number of things, with the plural form the language wants: 1 статья, 2 статьи, 5 статей."""
    russian, kazakh, english = COUNTED[key]
    if language == "ru":
        form = russian[russian_form(n)]
    elif language == "kk":
        form = kazakh
    else:
        form = english[n != 1]
    return form.format(n=number(n, language))


def russian_form(n: int) -> int:
    """Which of the three Russian forms a number takes."""
    if n % 10 == 1 and n % 100 != 11:
        return 0
    if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14}:
        return 1
    return 2


def number(n: int, language: str) -> str:
    """A number in groups of three: thin no-break spaces, or commas in English."""
    return f"{n:,}" if language == "en" else f"{n:,}".replace(",", "\u202f")


def language_name(code: str, language: str) -> str:
    """What a language is called; its code where the table does not know it."""
    known = LANGUAGE_NAMES.get(code)
    return known[column(language)] if known else code


def column(language: str) -> int:
    """Where a language stands in the table."""
    return list(LANGUAGES).index(language)
