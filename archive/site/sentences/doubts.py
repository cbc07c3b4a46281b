"""What was doubted while a page was read, by the codes that cleaning writes down."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "doubt_more_pages": (
        "Статья продолжается на других страницах",
        "Мақала басқа беттерде жалғасады",
        "The article goes on on further pages",
    ),
    "doubt_bad_url": ("Адрес испорчен", "Мекенжайы бүлінген", "An address is broken"),
    "doubt_body_empty": ("Текст не найден", "Мәтін табылмады", "No text was found"),
    "doubt_boilerplate_doubted": (
        "Почти весь текст повторяется на других страницах",
        "Мәтіннің көбі басқа беттерде де бар",
        "Most of the text stands on other pages too",
    ),
    "doubt_canonical_refused": (
        "Основному адресу страницы не поверили",
        "Беттің негізгі мекенжайына сенілмеді",
        "The page’s canonical address was not believed",
    ),
    "doubt_charset_unknown": (
        "Кодировка страницы неизвестна",
        "Бет кодталуы белгісіз",
        "The page’s encoding is not known",
    ),
    "doubt_date_unreadable": (
        "Дату не удалось прочесть",
        "Күнін оқу мүмкін болмады",
        "A date could not be read",
    ),
    "doubt_empty": ("Страница пуста", "Бет бос", "The page is empty"),
    "doubt_encoding_conflict": (
        "Страница называет другую кодировку, чем в ней есть",
        "Бет кодталуын басқаша атайды",
        "The page names another encoding than it has",
    ),
    "doubt_encoding_replaced": (
        "Некоторые знаки не читаются",
        "Кей таңбалар оқылмайды",
        "Some characters cannot be read",
    ),
    "doubt_field_vanished": (
        "Поля нет там, где его ждёт профиль",
        "Өріс профиль күткен жерде жоқ",
        "A field is not where the profile expects it",
    ),
    "doubt_json_ld_broken": (
        "Сведения страницы для поисковиков испорчены",
        "Беттің іздеуіштерге арналған дерегі бүлінген",
        "What the page tells search engines is broken",
    ),
    "doubt_json_ld_repaired": (
        "Сведения страницы для поисковиков исправлены",
        "Беттің іздеуіштерге арналған дерегі түзетілді",
        "What the page tells search engines was mended",
    ),
    "doubt_json_ld_salvaged": (
        "Из сведений для поисковиков прочитана часть",
        "Іздеуіштерге арналған деректің бір бөлігі оқылды",
        "A part of what the page tells search engines was read",
    ),
    "doubt_json_ld_too_large": (
        "Сведения для поисковиков слишком велики",
        "Іздеуіштерге арналған дерек тым үлкен",
        "What the page tells search engines is too long",
    ),
    "doubt_json_ld_wrong_type": (
        "Сведения для поисковиков не той формы",
        "Іздеуіштерге арналған дерек түрі басқа",
        "What the page tells search engines has another form",
    ),
    "doubt_modified_before_published": (
        "Изменена раньше, чем опубликована",
        "Жарияланғаннан бұрын өзгертілген",
        "Modified before it was published",
    ),
    "doubt_not_article": ("Может быть, это не статья", "Бәлкім, мақала емес", "This may be no article"),
    "doubt_not_html": ("Это не страница HTML", "Бұл HTML беті емес", "This is no HTML page"),
    "doubt_published_after_visit": (
        "Дата позже, чем мы видели страницу",
        "Күні бетті көргенімізден кейін",
        "The date is after we saw the page",
    ),
    "doubt_published_contradicted": (
        "Страница называет две разные даты",
        "Бет екі түрлі күнді атайды",
        "The page states two different dates",
    ),
    "doubt_selector_unreadable": (
        "Правило профиля не читается",
        "Профиль ережесі оқылмайды",
        "A rule of the profile cannot be read",
    ),
    "doubt_too_complex": ("Страница слишком сложна", "Бет тым күрделі", "The page is too complex"),
    "doubt_zone_assumed": (
        "Часовой пояс не указан, принят UTC",
        "Уақыт белдеуі көрсетілмеген, UTC деп алынды",
        "No time zone is stated: taken for UTC",
    ),
}
