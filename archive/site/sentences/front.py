"""The front page."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "latest": ("Последние новости", "Соңғы жаңалықтар", "Latest"),
    "sources": ("Источники", "Дереккөздер", "Sources"),
    "how_sources_are": ("Как дела у источников", "Дереккөздердің жайы", "How the sources are doing"),
    "all_well": ("Все источники в порядке", "Барлық дереккөз қалыпты", "All sources are well"),
    "unwell": ("Не в порядке: {counted}", "Ақауы бар: {counted}", "Not well: {counted}"),
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
