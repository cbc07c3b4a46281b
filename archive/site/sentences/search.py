"""The search page."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "find": ("Найти", "Табу", "Search"),
    "search_label": ("Слова в новостях", "Іздейтін сөздер", "Words in the news"),
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
    "nothing_at_address": (
        "Статьи с этим адресом здесь нет. Чтобы искать адрес в текстах, возьмите его в кавычки.",
        "Мұнда бұл адрестегі мақала жоқ. Адресті мәтіндерден іздеу үшін оны тырнақшаға алыңыз.",
        "There is no article of this address here. Put it in quotes to look for it in texts.",
    ),
    "did_you_mean": ("Может быть:", "Мүмкін:", "Did you mean:"),
    "few_found": (
        "Нашлось мало. Может быть:",
        "Аз табылды. Мүмкін:",
        "Few were found. Did you mean:",
    ),
    "taken_as_wanted": (
        "поэтому искали это как слова",
        "сондықтан бұл сөздер ретінде ізделді",
        "so it was looked for as words",
    ),
    "taken_as_unwanted": (
        "поэтому убраны статьи с такими словами",
        "сондықтан мұндай сөздері бар мақалалар алып тасталды",
        "so articles with such words were left out",
    ),
    "unread_filter": (
        (
            "«{typed}»: не понято, что стоит после двоеточия, {taken}. "
            "Условия пишут так: после:2025-11, язык:kk."
        ),
        (
            "«{typed}»: қос нүктеден кейінгісі түсініксіз, {taken}. "
            "Шарттар былай жазылады: кейін:2025-11, тіл:kk."
        ),
        (
            "“{typed}”: what stands after the colon was not understood, {taken}. "
            "Conditions look like this: after:2025-11, lang:kk."
        ),
    ),
    "unknown_source": (
        "Источника «{typed}» здесь нет.",
        "Мұнда «{typed}» дереккөзі жоқ.",
        "There is no source “{typed}” here.",
    ),
    "unknown_language": (
        "Статей на языке «{typed}» здесь нет.",
        "Мұнда «{typed}» тіліндегі мақала жоқ.",
        "There are no articles in a language “{typed}” here.",
    ),
    "unknown_section": (
        "Рубрики «{typed}» здесь нет.",
        "Мұнда «{typed}» айдары жоқ.",
        "There is no section “{typed}” here.",
    ),
    "unknown_author": (
        "Среди авторов новейших статей нет имени «{typed}».",
        "Ең жаңа мақалалардың авторлары арасында «{typed}» деген есім жоқ.",
        "None of the newest articles names an author “{typed}”.",
    ),
    "unknown_filter": (
        (
            "«{typed}»: такого условия нет, {taken}. Условия: заголовок:, источник:, "
            "язык:, рубрика:, автор:, после:, до:, дата:."
        ),
        (
            "«{typed}»: мұндай шарт жоқ, {taken}. Шарттар: тақырып:, дереккөз:, "
            "тіл:, айдар:, автор:, кейін:, дейін:, күні:."
        ),
        (
            "“{typed}”: there is no such filter, {taken}. Filters are title:, source:, "
            "lang:, section:, author:, after:, before:, date:."
        ),
    ),
    "near_names": ("Похоже на: {names}.", "Ұқсасы: {names}.", "Near to it: {names}."),
    "there_are": ("Есть: {names}.", "Барлары: {names}.", "There are: {names}."),
    "bare_filter": (
        "Сразу после «{typed}» ничего не стоит, {taken}. Условия пишут без пробела: после:2025-11, язык:kk.",
        "«{typed}» дегеннен кейін бірден ештеңе жоқ, {taken}. Шарттарда бос орын болмайды: тіл:kk.",
        "Nothing stands right after “{typed}”, {taken}. Conditions have no space in them: lang:kk.",
    ),
    "only_leaves_out": (
        "Сказано только, чего не должно быть. Добавьте слово, которое искать.",
        "Тек не болмауы керегі айтылды. Іздейтін сөзді қосыңыз.",
        "Only words to leave out were given. Add a word to look for.",
    ),
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
    "author": ("Автор", "Авторы", "Author"),
    "month": ("Месяц", "Ай", "Month"),
    "dates": ("Даты", "Күндер", "Dates"),
    "since": ("с", "бастап", "from"),
    "until": ("по", "дейін", "to"),
    "since_day": ("с {day}", "басы: {day}", "from {day}"),
    "until_day": ("по {day}", "соңы: {day}", "until {day}"),
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
    "take_away": ("Взять с собой", "Өзіңізбен алу", "Take away"),
    "take_away_is": (
        "Новейшие из найденных: {counted}.",
        "Табылғандардың ең жаңалары: {counted}.",
        "The newest of these: {counted}.",
    ),
    "csv_for_excel": ("CSV для Excel", "Excel үшін CSV", "CSV for Excel"),
    "follow": (
        "Следить: Atom этого поиска",
        "Бақылау: осы іздеудің Atom таспасы",
        "Follow: Atom of this search",
    ),
    "share_over_time": ("Доля во времени", "Уақыт бойынша үлесі", "Share over time"),
    "pages": ("Страницы", "Беттер", "Pages"),
    "previous": ("← Назад", "← Артқа", "← Back"),
    "next": ("Дальше →", "Келесі →", "Next →"),
    "page_of": ("стр. {n}", "{n}-бет", "page {n}"),
    "more_than": ("больше {counted}", "{counted}-дан астам", "more than {counted}"),
}
