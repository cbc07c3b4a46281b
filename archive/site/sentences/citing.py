"""The page that says how to cite an article."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "cite": ("Как сослаться", "Қалай сілтеме жасау", "Cite this article"),
    "cite_hint": (
        "Имена приведены так, как их напечатал издатель. Дата обращения — сегодняшняя.",
        "Есімдер баспагер жазғандай берілді. Қаралған күні — бүгінгі күн.",
        "Names stand as the publisher printed them. The day of access is today.",
    ),
    "download_as": ("Скачать {name}", "{name} жүктеп алу", "Download {name}"),
}
