"""What is said to a publisher, in Russian, Kazakh and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping

LANGUAGES = ("ru", "kk", "en")
Say = Callable[..., str]

WORDS: Mapping[str, tuple[str, str, str]] = {
    "title": (
        "Как мы обращаемся с сайтом: {name}",
        "Сайтқа қалай сұрау жібереміз: {name}",
        "How we treat {name}",
    ),
    "point": (",", ",", "."),
    "units": ("Б кБ МБ ГБ ТБ", "Б кБ МБ ГБ ТБ", "B kB MB GB TB"),
    "span": ("с {since} по {until}", "{since} – {until}", "{since} to {until}"),
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
    "period": (
        "С {since} по {until}; все времена — UTC",
        "{since} – {until}; барлық уақыт UTC бойынша",
        "From {since} to {until}; all times are UTC",
    ),
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
        (
            "Запросов: {requests}, дней с запросами: {days}, в среднем {mean} в день, больше всего "
            "за день: {most}"
        ),
        (
            "Сұраулар: {requests}, сұрау болған күндер: {days}, күніне орта есеппен {mean}, бір "
            "күнде ең көбі: {most}"
        ),
        "Requests: {requests}, days with any: {days}, {mean} a day on average, {most} on the busiest day",
    ),
    "none": ("Запросов не было", "Сұрау болған жоқ", "There were no requests"),
    "saved": (
        (
            "Получено: {bytes}. Сайту не пришлось передавать заново: {saved}; ответов, что страница не "
            "изменилась (304): {count}"
        ),
        (
            "Алынды: {bytes}. Сайтқа қайта жіберудің қажеті болмады: {saved}; бет өзгермеді деген "
            "жауаптар (304): {count}"
        ),
        (
            "Received: {bytes}. Not to be sent again: {saved}; answers that a page had not changed "
            "(304): {count}"
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
        "Между двумя запросами — не меньше {delay} с",
        "Екі сұраудың арасы — кемінде {delay} с",
        "Between two requests: at least {delay} s",
    ),
    "no_pause": (
        "Пауза между запросами не задана: ни нашими настройками, ни файлом robots.txt",
        "Сұраулар арасындағы үзіліс берілмеген: біздің баптауда да, robots.txt ішінде де жоқ",
        "No pause between requests is set: neither by our settings nor by robots.txt",
    ),
    "no_profile": (
        (
            "Какую паузу задают наши настройки, здесь неизвестно: в архиве нет описания этого "
            "источника (--profile)"
        ),
        (
            "Біздің баптау қандай үзіліс беретіні мұнда белгісіз: мұрағатта бұл дереккөздің "
            "сипаттамасы жоқ (--profile)"
        ),
        (
            "Which pause our settings have is not known here: the archive has no profile of this "
            "source (--profile)"
        ),
    ),
    "at_once": (
        "Запросов одновременно: не больше {count}",
        "Бір мезгілдегі сұраулар: ең көбі {count}",
        "Requests at a time: at most {count}",
    ),
    "pace_grows": (
        "Пока сервер отвечает медленно или с ошибками, пауза растёт",
        "Сервер баяу немесе қатемен жауап берсе, үзіліс ұзарады",
        "While the server answers slowly or with errors, the pause grows",
    ),
    "smallest": (
        "Самая короткая записанная пауза: {seconds} с",
        "Жазылған ең қысқа үзіліс: {seconds} с",
        "The shortest pause on record: {seconds} s",
    ),
    "no_gaps": (
        "Паузы ещё не записаны",
        "Үзілістер әлі жазылмаған",
        "No pauses are recorded yet",
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
    "never": ("Ни разу", "Ешқашан", "Never"),
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
    "mining": (
        "Анализ текста и данных (TDM)",
        "Мәтін мен деректерді талдау (TDM)",
        "Text and data mining (TDM)",
    ),
    "mining_none": (
        "Сайт ничего об этом не говорит",
        "Сайт бұл туралы ештеңе айтпайды",
        "The site says nothing of it",
    ),
    "mining_rule": ("{location}: {said}", "{location}: {said}", "{location}: {said}"),
    "reserved": ("права сохранены", "құқықтар сақталған", "reserved"),
    "not_reserved": ("не сохранены", "сақталмаған", "not reserved"),
    "mining_pages": (
        "Статей, которые сами говорят, что права сохранены: {count}",
        "Құқықтар сақталғанын өзі айтатын мақалалар: {count}",
        "Articles that say themselves that it is reserved: {count}",
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
    "write_there": (
        "напишите по адресу выше",
        "жоғарыдағы мекенжайға жазыңыз",
        "write to the address above",
    ),
    "ask_owner": (
        "обратитесь к владельцу архива, адреса он не указал",
        "мұрағат иесіне хабарласыңыз, ол мекенжай көрсетпеген",
        "ask the owner of this archive, who has named no address",
    ),
    "stop_article": (
        (
            "Убрать статью из архива: {where}. Текст и сохранённая страница "
            "удаляются, статья не "
            "собирается снова. Так убрано статей: {count}."
        ),
        (
            "Мақаланы мұрағаттан алып тастау үшін {where}. Мәтін мен "
            "сақталған бет жойылады, "
            "мақала қайта жиналмайды. Осылай алынған мақалалар: {count}."
        ),
        (
            "To have an article taken out: {where}. Its text and the kept "
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
