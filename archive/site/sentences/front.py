"""The front page."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "latest": ("Последние новости", "Соңғы жаңалықтар", "Latest"),
    "sources": ("Источники", "Дереккөздер", "Sources"),
    "languages": ("Языки", "Тілдер", "Languages"),
    "in_archive": ("В архиве {counted}", "Мұрағатта {counted} бар", "{counted} in the archive"),
    "last_crawl": ("последний сбор {when}", "соңғы жинау {when}", "last crawl {when}"),
    "empty": ("Архив пока пуст", "Мұрағат әзірге бос", "The archive is still empty"),
    "empty_hint": (
        "Соберите первые статьи командой «muragat crawl» и обновите страницу.",
        "«muragat crawl» пәрменімен алғашқы мақалаларды жинап, бетті жаңартыңыз.",
        "Collect the first articles with “muragat crawl”, then reload this page.",
    ),
    "data_hint": (
        "Таблицы с отбором по любому столбцу, в JSON и CSV",
        "Кез келген баған бойынша сүзілетін кестелер, JSON және CSV",
        "Tables you can filter by any column, as JSON and CSV",
    ),
}
