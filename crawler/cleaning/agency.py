"""Whom a text credits: the outlet it says reports the news, when that is not the publisher itself.

Only words that introduce an outlet are believed («передает …», «деп хабарлайды …», a dateline), and only
names that look like one's: a domain, a news agency, a name in quotes or after the word «агентство».
A ministry's press service reports too, and is no agency.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

HEAD_CHARS = 1500
TAIL_CHARS = 400
# Characters from the beginning of an outlet's name to the word that says it reports, from the beginning of
# a phrase to its stem («деп  хабарлайды»), and from the beginning of a stem to where its phrase has ended.
LONGEST_NAME, LONGEST_OPENING, LONGEST_STEM = 200, 20, 20

# News agencies and broadcasters that others quote, as they are written in our languages.
AGENCIES = (
    "Казинформ|ҚазАқпарат|КазАқпарат|QazAqparat|Qazinform|Kazinform|КазТАГ|ҚазТАГ|KazTAG"
    "|Интерфакс-Казахстан|Интерфакс|Interfax-Kazakhstan|Interfax|ИТАР-ТАСС|ТАСС|TASS|РИА Новости|RIA Novosti"
    "|Sputnik Казахстан|Sputnik Қазақстан|Sputnik|Спутник|Укринформ|Укрінформ|УНИАН|УНІАН|УНН|БЕЛТА|БелТА"
    "|Азертадж|УзА|Ховар|Синьхуа|Xinhua|Анадолу|Anadolu Agency|Anadolu|Reuters|Рейтер|AFP|АФП"
    "|Agence France-Presse|The Associated Press|Associated Press|AP|dpa|EFE|ANSA|ČTK|Agerpres|Yonhap|Kyodo"
    "|Bloomberg|Блумберг|CNN|BBC|Би-би-си"
)
UPPER = "A-ZА-ЯЁӘҒҚҢӨҰҮІ"
TOP_LEVEL = "kz|ru|com|org|net|info|kg|uz|ua|by|media|news|tv|today|asia|io|cr|press|pro|online|life"
DOMAIN = rf"(?:https?://)?(?:www\.)?(?:[\w-]{{1,30}}\.){{1,3}}(?i:{TOP_LEVEL})\b(?!\.\w)"
QUOTED = r"[«\"“„][^«»\"“”„\n]{2,40}[»\"”“]"
AGENCY = rf"(?:{AGENCIES})(?!\w)"
CAMEL = rf"[{UPPER}][\w-]{{0,20}}[a-zа-яёәғқңөұүі][{UPPER}]\w{{0,20}}"
LATIN = r"[A-Z][A-Za-z'’-]{2,20}(?: [A-Z][A-Za-z'’-]{2,20}){0,2}(?!\w)"
CAPITALISED = rf"[{UPPER}][\w-]{{2,30}}(?: (?:\d\d|[{UPPER}][\w-]{{2,30}})(?!\w))?"
SURE = rf"{DOMAIN}|{AGENCY}"
LIKELY = rf"{SURE}|{QUOTED}|{CAMEL}"

OUTLET = (
    r"(?:(?:МИА|ИА|РИА|НИА)\b|(?:информ)?аг[её]нтств\w{1,3}|агенці\w{1,2}|издани\w{1,3}|видання|газет\w{1,3}"
    r"|телеканал\w{0,2}|журнал\w{0,2})\s+"
)
SITE = r"(?:(?:интернет-)?портал\w{0,2}|сайт\w{0,2}|канал\w{0,2})\s+"
REPORTER = r"(?:\w{0,6}корреспондент\w{0,3}|\w{0,4}кор\b|корр?\.|служб\w{1,2} новостей|журналист\w{0,3})\s+"
MANNER = (
    r"(?:собственн\w{2,3}|специальн\w{2,3}|наш\w{0,3}|соб\.|международн\w{2,3}|информационн\w{2,3}|местн\w{2,3}"
    r"|новостн\w{2,3}|делов\w{2,3}|областн\w{2,3}|городск\w{2,3}|центральн\w{2,3}|сегодня|нам)\s+"
)
KAZAKH_OUTLET = (
    r"(?:меншікті |өз )?(?:тілшісі|ақпарат\w{0,6}|агентті\w{1,6}|портал\w{1,6}|теле(?:арна|канал)\w{1,6}"
    r"|газеті\w{0,4}|сайты\w{0,4}|басылым\w{1,5}|ұлттық|республикалық"
    r"|tilshisi|tilşisi|aqparat\w{0,6}|agentti\w{1,6}|portal\w{1,6}|gazeti|saıty|saity"
    r"|[ءٴ]?تىلشىسى|اگەنتتى\w{1,6}|پورتال\w{1,6}|گازەتى|سايتى)(?!\w)"
)
KAZAKH_VERB = (
    r"(?:(?:деп|дөп)\s+(?:хабарлай|хабарла|жаза|жаз|кабарлай)\w{1,4}"
    r"|dep\s+(?:habarla|jaza|jaz)\w{1,5}|دەپ\s+(?:حابارلا|جازا)\w{1,5})(?:\s+отыр|\s+otyr)?\s+"
)
NAMED_OUTLET = rf"(?:{OUTLET}(?P<outlet>{LIKELY}|{CAPITALISED})|{SITE}(?P<site>{LIKELY}))"
TELLS = r"\b(?i:переда[её]т|передают|пишет|передає|пише)\s+"
STATES = r"\b(?i:сообща[ею]т|информирует|повідомля[єю]\w{0,2}|інформує)\s+"
REFERS = r"\b(?:со ссылкой|ссылаясь|з посиланням|посилаючись) на\s+"
KNOWS = r"\b(?i:по (?:данным|информации|сообщению)|за даними)\s+"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to credit an outlet: the stems of its verb, one of which a text must have, and its pattern.

    Nearly no text has them, and to look for a stem costs a hundredth of trying the pattern. A pattern that
    begins with the name is only tried on the `before` characters in front of a stem.
    """

    stems: tuple[str, ...]
    pattern: re.Pattern[str]
    before: int = 0

    def credits(self, text: str, small: str) -> Iterator[re.Match[str]]:
        """Yield where the text credits an outlet so; `small` is the text in small letters."""
        places = sorted(place for stem in self.stems for place in places_of(stem, small))
        if not places:
            return
        if len(small) != len(text):  # a few capitals have two small letters
            yield from self.pattern.finditer(text)
        elif not self.before:
            yield from self.pattern.finditer(text, max(0, places[0] - LONGEST_OPENING))
        else:
            for place in places:
                yield from self.pattern.finditer(text, max(0, place - self.before), place + LONGEST_STEM)


def places_of(stem: str, small: str) -> Iterator[int]:
    """Yield where a stem stands."""
    place = small.find(stem)
    while place >= 0:
        yield place
        place = small.find(stem, place + 1)


def way(stems: str, source: str, *, before: int = 0) -> Way:
    """A way to credit by its stems, separated by commas."""
    return Way(tuple(stems.split(",")), re.compile(source), before)


TELLING, STATING, REFERRING = "переда,пише", "сообща,информиру,повідомля,інформує", "ссыл,посил"
KAZAKH = "хабарла,кабарла,жаз,habarla,jaz,حابارلا,جازا"
REPORTED = (
    # «Передает» and «пишет» name outlets; «сообщает» companies and press services as well.
    way(TELLING, rf"{TELLS}(?:{MANNER}|{REPORTER}){{0,4}}(?P<name>{LIKELY}|{LATIN})"),
    way(STATING, rf"{STATES}(?:{MANNER}){{0,3}}(?P<name>{SURE})"),
    way(
        f"{TELLING},{STATING}",
        rf"(?:{TELLS}|{STATES})(?:{MANNER}|{REPORTER}){{0,4}}(?:{REPORTER}(?P<name>{LIKELY})|{NAMED_OUTLET})",
    ),
    way(KAZAKH, rf"{KAZAKH_VERB}(?P<name>{SURE})"),
    way(
        KAZAKH,
        rf"{KAZAKH_VERB}(?P<name>{QUOTED}|{CAMEL})(?=\s*[.,;)\n]|\s*$|\s+{KAZAKH_OUTLET})",
    ),
    way(KAZAKH, rf"{KAZAKH_VERB}(?P<name>\w[\w.-]{{2,30}})(?=\s+{KAZAKH_OUTLET})"),
    way(
        " reports, reported",
        rf"\b(?P<name>{SURE})(?: [Nn]ews [Aa]gency)?(?: correspondent)? (?:reports|reported)\b",
        before=LONGEST_NAME,
    ),
    way(
        "according to,reported by,wie ",
        rf"\b(?:[Aa]ccording to|[Rr]eported by|[Ww]ie)(?: the| die Nachrichtenagentur)? (?P<name>{AGENCY})",
    ),
)
REFERRED = (
    way(REFERRING, rf"{REFERS}(?:{MANNER}){{0,3}}(?:(?P<name>{SURE})|{NAMED_OUTLET})"),
    way(
        "сілтеме жаса",
        rf"(?<!\w)(?P<name>{SURE})(?:-\w{{1,4}})?(?:\s+{KAZAKH_OUTLET}){{0,3}}\s+сілтеме жаса",
        before=LONGEST_NAME,
    ),
    way(
        "по данным,по информации,по сообщению,за даними",
        rf"{KNOWS}(?:{MANNER}){{0,3}}(?:(?P<name>{AGENCY})|{NAMED_OUTLET})",
    ),
)
DAY = r"(?:\d{1,2}\.? [\w.]{3,12}|[\w.]{3,12} \d{1,2})(?:,? \d{4})?[.,]?\s*"
PLACE = rf"[{UPPER}\u00c0-\u024f][^\W\d_]{{2,20}}(?:[ -][^\W\d_]{{2,20}})?"
DATELINES = (
    # NEW YORK (AP) — ; PARIS, 5 mars (Reuters) - ; Berlin (dpa/lno) -
    re.compile(rf"\s*[^()\n]{{0,60}}\((?P<name>{SURE})(?:/\w{{2,8}})?\)\s*\.?\s*[-–—]"),
    re.compile(rf"\s*【[^】\n]{{0,20}}?(?P<name>{AGENCY})】"),
    # АСТАНА, 5 ноября - Sputnik. ; КИЕВ. 3 декабря. УНН. ; ПЕТРОПАВЛОВСК. КАЗИНФОРМ –
    re.compile(rf"\s*{PLACE}[.,]\s*(?:{DAY})?[-–—/]?\s*/?(?P<name>(?i:{AGENCY})|{DOMAIN})\s*/?\s*[-–—.]"),
)
SOURCE_WORDS = (
    *("Источник", "Дереккөз", "Дереккөзі", "Дерек көзі", "Джерело"),
    *("Source", "Quelle", "Fuente", "Fonte", "Kaynak"),
)
SOURCE_LINE = re.compile(
    rf"(?:^|[\n(.!?…])\s*(?:{'|'.join(SOURCE_WORDS)})"
    r"(?: новости| информации)?\s*:\s*(?P<rest>[^\n)]{2,80})"
)
NAMED_SOURCE = re.compile(rf"(?P<name>{LIKELY}|[А-ЯЁӘҒҚҢӨҰҮІ][\w-]+(?: [\w-]+){{0,3}}(?=\s*[.,;]?\s*$))")
# Written like an outlet and none: authorities and social networks.
NO_OUTLET = re.compile(
    r"(?:^|\.)gov\.|министе|министр|акимат|департамент|управлени|полици|прокуратур|пресс-|әкімді|басқарма"
    r"|^(?:t\.me|vk\.com|(?:www\.)?(?:facebook|instagram|youtube|twitter|tiktok)(?:\.com)?|telegram|whatsapp)$",
    re.IGNORECASE,
)
SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?(?=\S+\.\w)")


def agency_credit(body: str, *, own_names: Collection[str] = ()) -> str | None:
    """The outlet a text credits, as written and without quotes; `None` where it credits none but its own.

    `own_names` are the publisher's names and domains. Only the text's beginning and end are read.
    """
    own = {bare(name) for name in own_names}
    head = body[:HEAD_CHARS]
    tail = body[max(HEAD_CHARS, len(body) - TAIL_CHARS) :]
    reported = list(named(REPORTED, head))
    named_in_turn = chain(
        datelines(head, reported),
        reported,
        sources(tail),
        sources(head),
        named(REPORTED, tail),
        named(REFERRED, head),
        named(REFERRED, tail),
    )
    return next(
        (name for name in named_in_turn if bare(name) not in own and not NO_OUTLET.search(name)), None
    )


def bare(name: str) -> str:
    """A name as names are compared: «Tengrinews», "tengrinews.kz" and "www.tengrinews.kz" are one."""
    return SCHEME.sub("", unquoted(name).casefold()).partition(".")[0]


def unquoted(name: str) -> str:
    return SCHEME.sub("", name.strip(" «»\"“”„'.,;:-–—"))


def named(ways: tuple[Way, ...], text: str) -> Iterator[str]:
    """Yield the names the ways find, first in the text first."""
    small = text.lower()
    found = sorted((match for way in ways for match in way.credits(text, small)), key=re.Match.start)
    for match in found:
        said = match.groupdict()
        yield unquoted(said.get("name") or said.get("outlet") or said["site"])


def datelines(head: str, reported: list[str]) -> Iterator[str]:
    """Yield the agency of a dateline; capitals there give way to the spelling the text uses elsewhere."""
    for pattern in DATELINES:
        if found := pattern.match(head):
            name = unquoted(found["name"])
            yield next((other for other in reported if other.casefold() == name.casefold()), name)


def sources(text: str) -> Iterator[str]:
    """Yield what «Источник:» lines name."""
    if not any(word in text for word in SOURCE_WORDS):
        return
    for line in SOURCE_LINE.finditer(text):
        if found := NAMED_SOURCE.match(line["rest"]):
            yield unquoted(found["name"])
