"""What is said to a publisher, in Russian, Kazakh and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping

LANGUAGES = ("ru", "kk", "en")
Say = Callable[..., str]

WORDS: Mapping[str, tuple[str, str, str]] = {
    "title": ("Как мы обращаемся к {name}", "{name} сайтына қалай сұрау жібереміз", "How we treat {name}"),
    "intro": (
        (
            "Мы собираем архив новостей. Страница показывает, как часто наша программа "
            "обращалась к вашему сайту, "
            "и как сказать ей, чего вы не хотите."
        ),
        (
            "Біз жаңалықтар мұрағатын жинаймыз. Бұл бетте бағдарламамыз сайтыңызға қаншалықты "
            "жиі сұрау жібергені "
            "және нені қаламайтыныңызды оған қалай айтуға болатыны көрсетілген."
        ),
        (
            "We keep an archive of news. This page shows how often our program asked your site "
            "for pages, and how to "
            "tell it what you do not want."
        ),
    ),
    "period": ("С {since} по {until} (UTC)", "{since} – {until} (UTC)", "From {since} to {until} (UTC)"),
    "who": ("Кто мы", "Біз кімбіз", "Who we are"),
    "user_agent": ("Мы представляемся так", "Біз өзімізді былай атаймыз", "We call ourselves"),
    "contact": ("Связаться с нами", "Бізбен байланыс", "How to reach us"),
    "no_contact": (
        "владелец архива не указал адреса (MURAGAT_CONTACT)",
        "мұрағат иесі мекенжай көрсетпеген (MURAGAT_CONTACT)",
        "the owner of this archive has named no contact (MURAGAT_CONTACT)",
    ),
    "requests": ("Запросы", "Сұраулар", "Requests"),
    "summary": (
        "Запросов: {requests}, дней: {days}, в среднем {mean} в день, больше всего {most} за день",
        "Сұраулар: {requests}, күндер: {days}, күніне орта есеппен {mean}, ең көбі бір күнде {most}",
        "Requests: {requests}, days with any: {days}, {mean} a day on average, {most} on the busiest day",
    ),
    "none": ("запросов не было", "сұрау болған жоқ", "there were no requests"),
    "saved": (
        (
            "получено {bytes}; не передано заново {saved}: {count} раз сайт ответил, что страница "
            "не изменилась (304)"
        ),
        "{bytes} алынды; {saved} қайта жіберілмеді: сайт {count} рет бет өзгермеді деп жауап берді (304)",
        (
            "{bytes} received; {saved} were not sent again: {count} times the site answered "
            "that a page had not changed "
            "(304)"
        ),
    ),
    "day": ("день", "күн", "day"),
    "all_requests": ("запросы", "сұраулар", "requests"),
    "articles": ("статьи", "мақалалар", "articles"),
    "not_modified": ("без изменений", "өзгермеген", "unchanged"),
    "busy": ("сервер занят", "сервер бос емес", "server busy"),
    "refused": ("отказ", "бас тарту", "refused"),
    "received": ("получено", "алынды", "received"),
    "pace": ("Паузы между запросами", "Сұраулар арасындағы үзіліс", "Pauses between requests"),
    "pace_kept": (
        (
            "Пауза не меньше {delay} с, не больше {at_once} запросов одновременно. Если сервер "
            "отвечает медленно "
            "или с ошибкой, пауза растёт."
        ),
        (
            "Үзіліс {delay} с-тан кем емес, бір мезгілде {at_once} сұраудан артық емес. Сервер "
            "баяу немесе қатемен "
            "жауап берсе, үзіліс ұзарады."
        ),
        (
            "At least {delay} s between two requests, at most {at_once} at a time. While the "
            "server answers slowly or "
            "with errors, the pause grows."
        ),
    ),
    "smallest": (
        "Самая короткая записанная пауза: {seconds} с",
        "Жазылған ең қысқа үзіліс: {seconds} с",
        "The shortest pause on record: {seconds} s",
    ),
    "no_gaps": (
        "паузы ещё не записаны",
        "үзілістер әлі жазылмаған",
        "no pauses are recorded yet",
    ),
    "gap": ("{start}–{end} с", "{start}–{end} с", "{start} to {end} s"),
    "gap_open": ("{start} с и больше", "{start} с және одан көп", "{start} s and more"),
    "waits": (
        "Когда сервер просил подождать",
        "Сервер күтуді сұраған кездер",
        "When the server asked us to wait",
    ),
    "wait": (
        "{at}: ответ {status}, Retry-After: {stated}; мы молчали до {until}",
        "{at}: {status} жауабы, Retry-After: {stated}; {until} дейін сұрамадық",
        "{at}: answer {status}, Retry-After: {stated}; we were silent until {until}",
    ),
    "never": ("ни разу", "ешқашан", "never"),
    "robots": ("Ваш robots.txt", "Сіздің robots.txt", "Your robots.txt"),
    "robots_all": ("можно всё", "бәріне рұқсат", "everything may be asked"),
    "robots_part": ("можно не всё", "бәріне рұқсат емес", "a part may be asked"),
    "robots_nothing": (
        "нельзя ничего: мы ничего не запрашиваем",
        "ештеңеге рұқсат жоқ",
        "nothing may be asked",
    ),
    "robots_closed": (
        "не читается: мы ничего не запрашиваем",
        "оқылмайды: біз ештеңе сұрамаймыз",
        "cannot be read: nothing is asked until it can",
    ),
    "robots_row": (
        "с {fetched_at} по {checked_at}: {means}",
        "{fetched_at} – {checked_at}: {means}",
        "{fetched_at} to {checked_at}: {means}",
    ),
    "mining": (
        "Анализ текста и данных (TDM)",
        "Мәтін мен деректерді талдау (TDM)",
        "Text and data mining (TDM)",
    ),
    "mining_none": (
        "сайт ничего об этом не говорит",
        "сайт бұл туралы ештеңе айтпайды",
        "the site says nothing of it",
    ),
    "mining_rule": ("{location}: {said}", "{location}: {said}", "{location}: {said}"),
    "reserved": ("права сохранены", "құқықтар сақталған", "reserved"),
    "not_reserved": ("не сохранены", "сақталмаған", "not reserved"),
    "mining_pages": (
        "{count} статей сами говорят, что права сохранены",
        "{count} мақаланың өзі құқықтар сақталғанын айтады",
        "{count} articles say themselves that it is reserved",
    ),
    "mining_robots": (
        "robots.txt закрыт для {agents}",
        "robots.txt {agents} үшін жабық",
        "robots.txt shuts out {agents}",
    ),
    "wishes": ("Чего вы не хотите", "Нені қаламайсыз", "What you do not want"),
    "stop_all": (
        "Не обращаться к сайту вовсе, в robots.txt:",
        "Сайтқа мүлде сұрау жібермеу үшін, robots.txt ішінде:",
        "Not to be asked at all, in robots.txt:",
    ),
    "stop_slower": (
        "Обращаться реже (здесь раз в 10 секунд, до 60), в robots.txt:",
        "Сирегірек сұрау үшін (мұнда 10 секундта бір рет, 60-қа дейін), robots.txt ішінде:",
        "To be asked more slowly (here every 10 seconds, up to 60), in robots.txt:",
    ),
    "stop_mining": (
        "Сохранить права на анализ текста, в файле /.well-known/tdmrep.json:",
        "Мәтінді талдау құқығын сақтау үшін, /.well-known/tdmrep.json файлында:",
        "To reserve text and data mining, in the file /.well-known/tdmrep.json:",
    ),
    "stop_when": (
        "Мы читаем эти файлы заново не позже чем через сутки.",
        "Бұл файлдарды бір тәуліктен кешіктірмей қайта оқимыз.",
        "We read these files again within 24 hours.",
    ),
    "stop_article": (
        (
            "Убрать статью из архива: напишите по адресу выше. Текст и сохранённая страница "
            "удаляются, статья не "
            "собирается снова. Так убрано статей: {count}."
        ),
        (
            "Мақаланы мұрағаттан алып тастау үшін жоғарыдағы мекенжайға жазыңыз. Мәтін мен "
            "сақталған бет жойылады, "
            "мақала қайта жиналмайды. Осылай алынған мақалалар: {count}."
        ),
        (
            "To have an article taken out: write to the address above. Its text and the kept "
            "page are deleted, and it is "
            "not collected again. Taken out so far: {count}."
        ),
    ),
}


def words_in(language: str) -> Say:
    """What says things in a language of LANGUAGES."""
    place = LANGUAGES.index(language)

    def say(key: str, **values: object) -> str:
        return WORDS[key][place].format(**values)

    return say
