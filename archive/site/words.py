"""What the site says, in its three languages. Every sentence a reader sees stands here."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}
DEFAULT_LANGUAGE = "ru"

# key: (Russian, Kazakh, English)
WORDS: Mapping[str, tuple[str, str, str]] = {
    "site": ("Мұрағат", "Мұрағат", "Muragat"),
    "site_is": ("архив новостей", "жаңалықтар мұрағаты", "news archive"),
    "skip": ("К содержанию", "Мазмұнға өту", "Skip to content"),
    "navigation": ("Разделы", "Бөлімдер", "Site"),
    "language_of_site": ("Язык", "Тіл", "Language"),
    "home": ("Главная", "Басты бет", "Home"),
    "search": ("Поиск", "Іздеу", "Search"),
    "data": ("Данные", "Деректер", "Data"),
    "footer": (
        "Тексты принадлежат их издателям; архив хранит, что и когда было опубликовано.",
        "Мәтіндер баспагерлеріне тиесілі; мұрағат не, қашан жарияланғанын сақтайды.",
        "The texts belong to their publishers; the archive keeps what was published, and when.",
    ),
    # search
    "find": ("Найти", "Табу", "Search"),
    "search_label": ("Слова в новостях", "Жаңалықтардағы сөздер", "Words in the news"),
    "search_hint": (
        "Все слова в любых формах · «фраза» в кавычках · =форма · -слово · начал* · ИЛИ · после:2025-11",
        "Барлық сөз кез келген түрде · «тіркес» · =түрі дәл · -сөз · баста* · НЕМЕСЕ · кейін:2025-11",
        'All words in any form · "a phrase" · =form exactly · -word · begin* · OR · after:2025-11',
    ),
    "search_off": (
        "Поиск отключён: указатель этого архива не отвечает как должен. Проверьте: «muragat audit».",
        "Іздеу өшірулі: осы мұрағаттың көрсеткіші дұрыс жауап бермейді. Тексеріңіз: «muragat audit».",
        "Search is off: this archive’s index does not answer as it should. Check it: “muragat audit”.",
    ),
    "all_articles": ("Все статьи", "Барлық мақала", "All articles"),
    "results": ("Что найдено", "Табылғандар", "Results"),
    "nothing_found": ("Ничего не нашлось", "Ештеңе табылмады", "Nothing found"),
    "nothing_hint": (
        "Попробуйте меньше слов, другое слово или начало слова со звёздочкой: караган*.",
        "Сөзді азайтып, басқа сөзді немесе сөз басын жұлдызшамен жазып көріңіз: қараған*.",
        "Try fewer words, another word, or the beginning of a word with a star: қараған*.",
    ),
    "did_you_mean": ("Может быть:", "Мүмкін:", "Did you mean:"),
    "no_words": (
        "В запросе нет ни одного слова, которое можно искать.",
        "Сұрауда іздеуге болатын бірде-бір сөз жоқ.",
        "There is no word to search for in the query.",
    ),
    "too_slow": (
        "Запрос занял слишком много времени. Сузьте его: добавьте слово, источник или даты.",
        "Сұрау тым ұзаққа созылды. Сөз, дереккөз не күн қосып тарылтыңыз.",
        "The search took too long. Narrow it: add a word, a source or dates.",
    ),
    "filters": ("Уточнить", "Нақтылау", "Narrow down"),
    "active_filters": ("Выбрано", "Таңдалғаны", "Chosen"),
    "remove": ("убрать", "алып тастау", "remove"),
    "clear_all": ("сбросить всё", "бәрін тастау", "clear all"),
    "source": ("Источник", "Дереккөз", "Source"),
    "language": ("Язык статьи", "Мақала тілі", "Language"),
    "section": ("Рубрика", "Айдар", "Section"),
    "month": ("Месяц", "Ай", "Month"),
    "dates": ("Даты", "Күндер", "Dates"),
    "since": ("с", "бастап", "from"),
    "until": ("по", "дейін", "to"),
    "since_day": ("с {day}", "{day} бастап", "from {day}"),
    "until_day": ("по {day}", "{day} дейін", "until {day}"),
    "apply": ("Показать", "Көрсету", "Show"),
    "more": ("ещё", "тағы", "more"),
    "sort": ("Сначала", "Алдымен", "First"),
    "sort_date": ("новые", "жаңалары", "newest"),
    "sort_relevance": ("подходящие", "сәйкестері", "best matches"),
    "sampled": (
        "Разбивка посчитана по {n} новейшим.",
        "Бөлініс ең жаңа {n} мақала бойынша есептелді.",
        "Counts are of the newest {n}.",
    ),
    "ranked_among": (
        "Подходящие выбраны среди {n} новейших.",
        "Сәйкестері ең жаңа {n} мақаладан таңдалды.",
        "Best matches are chosen among the newest {n}.",
    ),
    "pages": ("Страницы", "Беттер", "Pages"),
    "previous": ("← Назад", "← Артқа", "← Back"),
    "next": ("Дальше →", "Келесі →", "Next →"),
    "page_of": ("стр. {n}", "{n}-бет", "page {n}"),
    "more_than": ("больше {counted}", "{counted}-дан астам", "more than {counted}"),
    # front
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
    # article
    "untitled": ("Без заголовка", "Тақырыпсыз", "Untitled"),
    "undated": ("Без даты", "Күні көрсетілмеген", "Undated"),
    "no_body": (
        "Текст не извлечён. Откройте оригинал.",
        "Мәтін алынбады. Түпнұсқасын ашыңыз.",
        "No text could be read from the page. Open the original.",
    ),
    "original": ("Открыть оригинал", "Түпнұсқасын ашу", "Open the original"),
    "gone": (
        "На сайте этой статьи больше нет (замечено {when}). Здесь хранится её текст.",
        "Бұл мақала сайтта енді жоқ ({when} байқалды). Мәтіні осында сақтаулы.",
        "This article is not on the site any more (noticed {when}). Its text is kept here.",
    ),
    "is_gone": ("удалена с сайта", "сайттан алынған", "not on the site any more"),
    "is_revised": ("изменена", "өзгертілген", "reworded"),
    "authors": ("Авторы", "Авторлары", "By"),
    "agency": ("По сообщению", "Хабарлаған", "Credited to"),
    "tags": ("Метки", "Тегтер", "Tags"),
    "modified": (
        "Обновлено издателем {when}",
        "Баспагер жаңартқан: {when}",
        "Updated by the publisher {when}",
    ),
    "lead_picture": ("Главная иллюстрация", "Басты сурет", "Main picture"),
    "picture": ("Иллюстрация", "Сурет", "Picture"),
    "read_next": ("Издатель советует прочесть", "Баспагер ұсынады", "The publisher suggests"),
    "cited": ("Источники текста", "Мәтін дереккөздері", "Sources cited"),
    "mentioned": ("Ссылки в тексте", "Мәтіндегі сілтемелер", "Links in the text"),
    "alike": ("О том же", "Осы тақырыпта", "More like this"),
    "cited_by": ("На эту статью ссылаются", "Бұл мақалаға сілтейді", "Linked from"),
    "same_story": (
        "Тот же текст в других изданиях",
        "Осы мәтін басқа басылымдарда",
        "The same story elsewhere",
    ),
    "share_of_text": (
        "{share} % текста общие",
        "мәтіннің {share} %-ы ортақ",
        "{share}% of the text in common",
    ),
    "was_first": ("первая публикация", "алғашқы жарияланым", "published first"),
    "maybe_first": (
        "первой была она или другая того же дня",
        "алғашқысы осы не сол күнгі басқасы",
        "first, or another of the same day",
    ),
    "ours": ("в архиве", "мұрағатта", "in the archive"),
    "wordings": ("Редакции", "Редакциялары", "Wordings"),
    "compare": ("что изменилось", "не өзгерді", "what changed"),
    "cause_first": ("первая увиденная", "алғаш көрілгені", "first seen"),
    "cause_publisher": ("изменил издатель", "баспагер өзгертті", "changed by the publisher"),
    "cause_recleaned": (
        "страница та же, точнее прочитана нами",
        "беті сол, біз дәлірек оқыдық",
        "the same page, read better by us",
    ),
    "about_copy": ("Об этой записи", "Осы жазба туралы", "About this record"),
    "evidence": ("Откуда что взято", "Не қайдан алынды", "Where it came from"),
    "problems": ("Сомнения", "Күмәндер", "Doubts"),
    "address": ("Адрес", "Мекенжайы", "Address"),
    "first_seen": ("Впервые увидена", "Алғаш көрілгені", "First seen"),
    "last_seen": ("Последний раз на месте", "Соңғы рет орнында", "Last seen in place"),
    "as_written": ("Дата на странице", "Беттегі күні", "Date as written"),
    "access": ("Доступ", "Қолжетімділігі", "Access"),
    "access_free": ("открытый", "ашық", "free"),
    "access_paywalled": ("платный", "ақылы", "paywalled"),
    "access_unknown": ("не указан", "көрсетілмеген", "not stated"),
    "permanent": ("Постоянный адрес", "Тұрақты мекенжайы", "Permanent address"),
    "as_data": ("Запись как данные", "Жазба дерек түрінде", "The record as data"),
    # changes
    "changes": ("Что изменилось", "Не өзгерді", "What changed"),
    "changes_of": (
        "Редакция {old}, замеченная {old_seen}, и редакция {new}, замеченная {new_seen}.",
        "{old}-редакция ({old_seen} көрілген) және {new}-редакция ({new_seen} көрілген).",
        "Wording {old}, seen {old_seen}, and wording {new}, seen {new_seen}.",
    ),
    "changed_by": ("Почему иначе: {who}.", "Неге басқаша: {who}.", "Why it differs: {who}."),
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
    # notices
    "not_found": ("Такой страницы нет", "Мұндай бет жоқ", "There is no such page"),
    "taken_down": (
        "Эта статья изъята из архива",
        "Бұл мақала мұрағаттан алынды",
        "This article was taken down",
    ),
    "taken_down_hint": (
        "Её текста здесь больше нет, и он не будет собран снова.",
        "Оның мәтіні мұнда жоқ, ол қайта жиналмайды.",
        "Its text is not here any more, and it will not be collected again.",
    ),
    "not_found_hint": (
        "Возможно, адрес переписан с ошибкой. Попробуйте найти статью по словам.",
        "Мекенжай қате көшірілген болар. Мақаланы сөздері бойынша іздеп көріңіз.",
        "The address may have been copied wrongly. Try to find the article by its words.",
    ),
    "forbidden": ("Сюда нельзя", "Бұған рұқсат жоқ", "Not allowed"),
    "refused": ("Так не получится", "Бұлай болмайды", "That cannot be done"),
    "server_said": ("Ответ сервера: {said}", "Сервер жауабы: {said}", "The server says: {said}"),
}

# key: (Russian one, few, many), Kazakh, (English one, other)
COUNTED: Mapping[str, tuple[tuple[str, str, str], str, tuple[str, str]]] = {
    "articles": (("{n} статья", "{n} статьи", "{n} статей"), "{n} мақала", ("{n} article", "{n} articles")),
    "sources": (
        ("{n} источник", "{n} источника", "{n} источников"),
        "{n} дереккөз",
        ("{n} source", "{n} sources"),
    ),
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
    return WORDS[key][column(language)].format(**values)


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
