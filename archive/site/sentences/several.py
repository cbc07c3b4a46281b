"""Several archives read together."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "all_archives": ("Все архивы", "Барлық мұрағат", "All archives"),
    "archives": ("Архивы", "Мұрағаттар", "Archives"),
    "archive": ("Архив", "Мұрағат", "Archive"),
    "in_archives": ("{archives}: {articles}", "{archives}: {articles}", "{archives}: {articles}"),
    "in_each": (
        "Это у каждого архива своё. Выберите архив:",
        "Бұл әр мұрағатта бөлек. Мұрағатты таңдаңыз:",
        "Each archive has its own. Choose an archive:",
    ),
    "from_to": ("{first} – {last}", "{first} – {last}", "{first} – {last}"),
    "counted_in_each": (
        "Статья, которая есть в нескольких архивах, показана один раз, а сосчитана в каждом.",
        "Бірнеше мұрағатта бар мақала бір рет көрсетіледі, ал әрқайсысында есептеледі.",
        "An article that stands in several archives is shown once, and counted in each.",
    ),
    "facets_are_sums": (
        "Числа – суммы по архивам: статья, которая есть в двух, сосчитана дважды.",
        "Сандар – мұрағаттар бойынша қосынды: екі мұрағатта бар мақала екі рет есептелген.",
        "Counts are sums over the archives: an article that stands in two is counted twice.",
    ),
    "unanswered": (
        "Нет ответа: {names}. Показано то, что есть в остальных.",
        "Жауап жоқ: {names}. Қалғандарында бары көрсетілді.",
        "No answer: {names}. Shown is what the others hold.",
    ),
    "none_answered": (
        "Ни один архив не ответил. Сузьте запрос или повторите позже.",
        "Ешбір мұрағат жауап бермеді. Сұрауды тарылтыңыз не кейін қайталаңыз.",
        "No archive answered. Narrow the search, or try again later.",
    ),
    "no_answer": ("не отвечает", "жауап бермейді", "does not answer"),
    "archive_silent": (
        "Этот архив не отвечает",
        "Бұл мұрағат жауап бермейді",
        "This archive does not answer",
    ),
    "archive_silent_hint": (
        "Его файла нет на месте, или он повреждён. Остальные архивы открыты.",
        "Оның файлы орнында жоқ не зақымданған. Қалған мұрағаттар ашық.",
        "Its file is not in its place, or damaged. The other archives are open.",
    ),
    "sampled_of_each": (
        "Разбивка посчитана по {n} новейшим каждого архива.",
        "Бөлініс әр мұрағаттың ең жаңа {n} мақаласы бойынша есептелді.",
        "Counts are of the newest {n} of each archive.",
    ),
    "ranked_among_each": (
        "Подходящие выбраны среди {n} новейших каждого архива.",
        "Сәйкестері әр мұрағаттың ең жаңа {n} мақаласынан таңдалды.",
        "Best matches are chosen among the newest {n} of each archive.",
    ),
    "sources_of_all": (
        "Источники всех архивов; ссылка ведёт к источнику в его архиве.",
        "Барлық мұрағаттың дереккөздері; сілтеме дереккөздің өз мұрағатына апарады.",
        "The sources of all archives; a link leads to the source in its archive.",
    ),
}
