"""What stands on every page."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "site": ("Мұрағат", "Мұрағат", "Muragat"),
    "site_is": ("архив новостей", "жаңалықтар мұрағаты", "news archive"),
    "skip": ("К содержанию", "Мазмұнға өту", "Skip to content"),
    "navigation": ("Разделы", "Бөлімдер", "Site"),
    "language_of_site": ("Язык", "Тіл", "Language"),
    "home": ("Главная", "Басты бет", "Home"),
    "search": ("Поиск", "Іздеу", "Search"),
    "edits": ("Правки", "Түзетулер", "Edits"),
    "data": ("Данные", "Деректер", "Data"),
    "footer": (
        "Тексты принадлежат их издателям; архив хранит, что и когда было опубликовано.",
        "Мәтіндер баспагерлеріне тиесілі; мұрағат не, қашан жарияланғанын сақтайды.",
        "The texts belong to their publishers; the archive keeps what was published, and when.",
    ),
}
