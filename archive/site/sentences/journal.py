"""The journal of silent edits."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "journal": ("Журнал правок", "Түзетулер журналы", "Journal of edits"),
    "journal_is": (
        "Что издатели изменили или убрали после публикации, как это увидел архив.",
        "Баспагерлер жарияланғаннан кейін нені өзгертті не алып тастады: мұрағат көргендей.",
        "What publishers changed or took away after publishing, as the archive saw it.",
    ),
    "journal_empty": (
        (
            "Таких правок архив пока не видел. Страницы просматриваются снова через час, шесть часов, сутки, "
            "неделю и месяц."
        ),
        (
            "Мұрағат мұндай түзетулерді әзірге көрген жоқ. Беттер бір сағат, алты сағат, бір тәулік, "
            "апта, айдан кейін қайта қаралады."
        ),
        (
            "The archive has seen no such edit yet. Pages are looked at again after an hour, six hours, "
            "a day, a week and a month."
        ),
    ),
    "kind_all": ("все правки", "барлық түзету", "all edits"),
    "kind_headline": ("заголовок изменён", "тақырып өзгертілген", "headline changed"),
    "kind_numbers": ("числа изменены", "сандар өзгертілген", "numbers changed"),
    "kind_text": ("текст изменён", "мәтін өзгертілген", "text changed"),
    "kind_gone": ("удалена с сайта", "сайттан алынған", "vanished"),
    "silently": ("без пометки издателя", "баспагердің белгісінсіз", "not said by the publisher"),
    "noticed": ("замечено {when}", "{when} байқалды", "noticed {when}"),
}
