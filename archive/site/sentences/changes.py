"""The page of changes, and the names of fields."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "changes": ("Что изменилось", "Не өзгерді", "What changed"),
    "changes_of": (
        "Редакция {old}, замеченная {old_seen}, и редакция {new}, замеченная {new_seen}.",
        "{old}-редакция ({old_seen} көрілген) және {new}-редакция ({new_seen} көрілген).",
        "Wording {old}, seen {old_seen}, and wording {new}, seen {new_seen}.",
    ),
    "changed_by": ("Почему иначе: {who}.", "Неге басқаша: {who}.", "Why it differs: {who}."),
    "view_inline": ("подряд", "қатарынан", "inline"),
    "view_sides": ("рядом", "қатар қойып", "side by side"),
    "only_one_wording": (
        "Известна одна редакция: сравнивать не с чем.",
        "Бір ғана редакция белгілі: салыстыратын ештеңе жоқ.",
        "Only one wording is known: there is nothing to compare.",
    ),
    "no_difference": (
        "Слова те же: изменились только пробелы или оформление.",
        "Сөздері бірдей: тек бос орындар не безендірілуі өзгерген.",
        "The words are the same: only spacing or layout changed.",
    ),
    "removed": ("удалено", "алынды", "removed"),
    "added": ("добавлено", "қосылды", "added"),
    "back_to_article": ("К статье", "Мақалаға", "To the article"),
    "title": ("Заголовок", "Тақырып", "Title"),
    "lead": ("Вступление", "Кіріспе", "Lead"),
    "body": ("Текст", "Мәтін", "Text"),
    "published_at": ("Дата публикации", "Жарияланған күні", "Publication date"),
    "modified_at": ("Дата изменения", "Өзгертілген күні", "Modification date"),
    "kicker": ("Надзаголовок", "Тақырыпүсті", "Kicker"),
    "images": ("Иллюстрации", "Суреттер", "Pictures"),
    "links": ("Ссылки", "Сілтемелер", "Links"),
    "canonical_url": ("Основной адрес", "Негізгі мекенжайы", "Canonical address"),
    "breadcrumbs": ("Путь по рубрикам", "Айдарлар жолы", "Breadcrumbs"),
    "article_type": ("Вид", "Түрі", "Kind"),
}
