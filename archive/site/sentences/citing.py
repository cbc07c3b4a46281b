"""The page that says how to cite an article."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "cite": ("Как сослаться", "Қалай сілтеме жасау", "Cite this article"),
    "cite_hint": (
        "Имена — как у издателя. Дата обращения — когда архив последний раз видел статью на сайте.",
        "Есімдер баспагер жазғандай. Қаралған күні — мұрағат мақаланы сайттан соңғы рет көрген күн.",
        "Names stand as printed. The day of access is when the archive last saw the article on the site.",
    ),
    "cite_no_address": (
        "Адрес копии не назван: у этого архива нет адреса, который откроется у других.",
        "Көшірменің мекенжайы аталмады: бұл мұрағаттың басқаларда ашылатын мекенжайы жоқ.",
        "No address of the copy is named: this archive has none that others can open.",
    ),
    "download_as": ("Скачать {name}", "{name} жүктеп алу", "Download {name}"),
}
