"""What changes on a page while its article stays the same: counters, clocks, teasers. Pure.

Noise is only ever a line or a sentence of its own: «Видео набрало 1000 просмотров» is news, «1000
просмотров» under a text is a counter. Everything else that differs is a change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from archive.identity import content_hash

NUMBER = r"[#№]?\d[\d\s.,]*(?:тыс\.?|млн\.?|мың|[kmкм])?"
COUNTED = (
    r"(?:(?:кол(?:ичест)?во\s+)?(?:просмотр\w*|прочтени\w*|прочитал\w*|прочитано|комментари\w*"
    r"|лайк\w*|репост\w*|поделил\w*|поделиться)"
    r"|қаралды|қаралым\w*|көрілді|көрілім\w*|оқылды|оқылым\w*|пікір(?:лер)?|бөлісу"
    r"|views?|reads?|comments?|likes?|shares?)"
)
TIMES = r"(?:раз\w*|человек|рет|times)"  # never alone: «5 человек» may be the news
UNIT = (
    r"(?:сек\w*|мин\w*|час\w*|ч|дн\w*|день|дня|недел\w*|месяц\w*|год\w*|лет"
    r"|секунд\w*|минут\w*|сағат\w*|күн\w*|апта\w*|ай|жыл\w*"
    r"|sec\w*|min\w*|hours?|hrs?|h|days?|weeks?|months?|years?)\.?"
)
CHANGED = (
    r"(?:обновлен[оа]?|изменен[оа]?|опубликован[оа]?|добавлен[оа]?|последнее\s+обновление|дата\s+обновления"
    r"|жаңартылды|жаңартылған|жарияланды|соңғы\s+жаңарту|(?:last\s+)?updated|published|posted|modified)"
)
AGO = (
    rf"(?:только\s+что|жаңа\s+ғана|just\s+now|(?:(?:\d+|an?)\s*)?{UNIT}\s*(?:тому\s+)?"
    r"(?:назад|бұрын|ago))"
)
DAY = r"(?:сегодня|вчера|бүгін|кеше|today|yesterday)"
CLOCK = r"(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)"
STAMP = rf"(?:{AGO}|{DAY}(?:[\s,в]*{CLOCK})?|\d[\d\s.:,/\-]*(?:г\.?|ж\.?)?|{CLOCK})"
NOISE = re.compile(
    "|".join(
        (
            rf"{COUNTED}\s*[:(–—-]?\s*{NUMBER}\s*\)?(?:\s*{TIMES})?",  # Просмотров: 1 204 · Комментарии (5)
            rf"{NUMBER}\s*(?:{TIMES}\s+)?{COUNTED}",  # 1204 просмотра · 35 рет оқылды
            # 👁 1204, behind a picture: a number alone may be the news, and so may one behind an arrow
            rf"[\u2600-\u27bf\U0001f000-\U0001faff]\ufe0f?\s*{NUMBER}",
            rf"{CHANGED}\s*[:–—-]?\s*(?:{STAMP})",  # Обновлено 5 минут назад · Updated: 10.03.2026, 12:30
            rf"{AGO}",
            rf"{DAY}[\s,в]*{CLOCK}",  # Сегодня, 12:30
            rf"(?:время\s+(?:на\s+)?чтени[ея]|читать|оқу\s+уақыты|reading\s+time)\s*:?\s*\d+\s*{UNIT}",
            rf"\d+\s*{UNIT}\s*(?:чтения|на\s+чтение|read)",
        )
    ),
    re.IGNORECASE,
)
# A line that begins so, and goes on after a colon or not at all, offers something else: what it offers
# changes with every visit. «Другие новости не подтвердились» is a sentence.
TEASER = re.compile(
    r"(?:(?:читайте|смотрите|прочтите|узнайте)\s+(?:также|ещё|еще)"
    r"|(?:похожие|другие)\s+(?:статьи|новости|материалы)"
    r"|материалы\s+по\s+теме|ранее\s+по\s+теме|на\s+правах\s+рекламы"
    r"|(?:сондай-ақ|тағы)\s+(?:оқыңыз|қараңыз)|оқи\s+отырыңыз|ұқсас\s+(?:жаңалықтар|мақалалар)"
    r"|read\s+(?:also|more|next)\b|see\s+also\b|related|more\s+on\s+this|advertisement)(?=\s*(?:[:|…]|\.\.\.|$))"
    r"|(?:реклама|жарнама)\s*(?:[:|]|\.\s*(?:ТОО|ЖШС|ООО|ИП|АО)\b)|по\s+теме\s*:",
    re.IGNORECASE,
)
# What listings put before and behind a headline, in the same anchor.
EDGES = re.compile(
    rf"^(?:{DAY}[\s,в]*{CLOCK}|{AGO})[\s,|•·–—-]+"
    rf"|[\s,|•·(–—-]+(?:{NUMBER}\s*{COUNTED}|{COUNTED}\s*:?\s*{NUMBER}|{DAY}[\s,в]*{CLOCK}|{AGO})\)?$",
    re.IGNORECASE,
)
LONGEST_NOISE = 80  # letters of a counter or clock with its words
LONGEST_TEASER = 300
# A line may hold several counters, and a counter may stand behind the last sentence.
PARTS = re.compile(
    r"\s*[|•·]\s*|(?<=[.!?…»])(?<!тыс\.)(?<!млн\.)(?<!мин\.)(?<!час\.)(?<!сек\.)\s+", re.IGNORECASE
)


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two wordings (title, lead, body) differ by noise at most."""
    return substance(one) == substance(other)


def same_headline(one: str | None, other: str | None) -> bool:
    """Whether two headlines of listings are one: counters, clocks and spacing apart."""
    if one is None or other is None or one == other:
        return one == other
    return headline_words(one) == headline_words(other)


def headline_words(headline: str) -> str:
    """What a listing's headline says, without the counters and clocks around it."""
    return " ".join(EDGES.sub("", without_noise(headline).strip()).split())


def substance(wording: Mapping[str, Any]) -> str:
    """The same for wordings that differ by noise at most; what it is of, is nobody's business."""
    return content_hash(*(without_noise(wording[name] or "") for name in ("title", "lead", "body")))


def without_noise(text: str) -> str:
    """The text without lines and sentences that are a counter, a clock or a teaser."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    kept = (line for line in lines if not is_teaser(line))
    return "\n".join(" ".join(p for p in PARTS.split(line) if not is_noise(p)) for line in kept)


def is_noise(part: str) -> bool:
    """Whether a line or sentence is nothing but a counter or a clock."""
    plain = part.strip().rstrip(".")
    return len(plain) <= LONGEST_NOISE and NOISE.fullmatch(plain) is not None


def is_teaser(line: str) -> bool:
    """Whether a line offers something else to read."""
    return len(line) <= LONGEST_TEASER and TEASER.match(line) is not None
