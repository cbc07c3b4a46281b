"""A byline's words to names: people on one side, agencies on another, desks and small print nowhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.cleaning.agency import AGENCIES
from crawler.cleaning.gate import one_line
from crawler.cleaning.structured import squeezed

MAX_NAME = 70

LEADING = re.compile(
    r"^(?:(?:(?:written|story|report(?:ed)?|words?|posted|published|edited|created|erstellt"
    r"|verfasst|geschrieben|text|ein\s\w+|eine\s\w+|publié|rédigé|escrito)\s+)?(?:by|von|par|por)|di|door|av|af"
    r"|authors?|autor(?:in|es|en|a)?|auteurs?|texte?|автор(?:ы)?(?:\s+(?:текста|статьи|материала))?|текст"
    r"|редактор|авторлары?|жазған|дайындаған|подготовил[аи]?|журналист|мәтін)(?:\s*[:\uff1a]\s*|\s+)",
    re.IGNORECASE,
)
# What a byline says before a name when it says it by itself.
LABEL = re.compile(
    r"(?:(?:written|posted|published|reported|story|words|text|created|erstellt|article|publié|rédigé|escrito)\s+)?"
    r"(?:by|von|par|por|di|door|av|af|@|-)|(?:about\s+(?:the\s+)?)?authors?|autor(?:in|es|en|a)?|autorin/autor"
    r"|auteurs?|texte?|contributors?|writer|reporter|автор(?:ы)?(?:\s+(?:текста|статьи|материала))?|текст"
    r"|журналист|авторлары?|мәтін",
    re.IGNORECASE,
)
# Behind a name: a role, a place, a way to write to its bearer.
TRAILING = re.compile(r"\s*(?:[|\u2022\u00b7(\[].*|,?\s*(?:https?://|@|www\.).*)$", re.DOTALL)
BETWEEN = re.compile(
    r"\s*[;\n|&\u2022\u00b7]\s*|\s+(?:and|und|et|y|и|және|e|og|och|with|mit|en)\s+|\s+/\s+"
    r"|(?<=\w{3})/(?=\w{3})"
)
# What a comma sets behind a name: a degree, a title, a role.
DEGREE = re.compile(
    r"^(?:[A-Z][A-Za-z]?\.?\s?)?(?:[A-Z]{2,6}\W*|(?:[A-Z][a-z]{0,2}\.){1,3}[A-Z]?|Ph\.?\s?D\.?|MD|II|III"
    r"|(?:Jr|Sr|Esq)\.?)$",
)
# An office of the state or a firm: whom the text is from, not who wrote it.
OFFICE = re.compile(
    r"пресс-(?:служб|центр|релиз)|баспасөз (?:қызмет|орталы)|акимат|әкімд|министерств|министрліг|департамент"
    r"|управлени|басқарма|pressestelle|press (?:office|service|release)|pr[ -]newswire|business wire",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"editor|reporter|writer|correspondent|director|manager|expert|professor|journalist|contribut|columnist"
    r"|specialist|engineer|founder|\bCEO\b|staff\b|\bteam\b|newsroom|news ?desk|subscribe|newsletter"
    r"|корреспондент|редактор|редакци|редактеу",
    re.IGNORECASE,
)
EASTERN = re.compile(r"[\u4e00-\u9fff]{2,5}|[\uac00-\ud7a3]{2,4}")
PARTICLES = frozenset(
    (
        *("de", "van", "von", "der", "den", "la", "le", "di", "da", "del", "della", "dos", "das", "do", "du"),
        *("al", "el", "bin", "ibn", "ten", "ter", "zu", "y", "e", "af", "av", "st.", "mac", "ul", "un", "v."),
    )
)
# What no name has in it: marks of sentences, figures, and words that stand about a name or call for a click.
CLAUSE = re.compile(r"[!?:…<>|]|(?!Prof)\w{4}\.\s|\d")
LABEL_WORDS_AS_WRITTEN = """
    about also all archive article articles best bio biography blog by click comment comments connected
    contact contents continue cookie credit details discover download edited email explore fact facts
    featured follow full guide her here his home how in info join last later latest learn licensed like
    login main meet menu might more my new news newsletter next now on only our overall page photo
    photos pin policy post posted posts previous privacy profile read recent related reviewed search see
    share show sign site source sources stay story subscribe table tag tags team terms the their this
    today top topics update updated updates video view visit watch website welcome what who why with
    word written you your alle autor autoren autorin beitrag beiträge bild datum foto heute hier ihr
    mehr neu neueste neues person profil quelle redaktion seite signaturen startseite text themen uhr
    unser unsere über vom weiterlesen zum zur zurück auteur auteurs autores autora avec ce dans des du
    les lire lisez nos notre nous par plus pour publié rédaction suivre sur tous tout vos votre más leer
    noticias nuestro nuestra por sobre sus todos todas автор авторы главная далее ещё еще комментарии
    материалы новости о об опубликовано подробнее показать просмотров редакция теги текст фото читать
    читайте 著者一覧 記事 会員
"""
LABEL_WORDS = frozenset(LABEL_WORDS_AS_WRITTEN.split())
NO_NAME = re.compile(
    r"\d{4}|\d[./:]\d|https?:|www\.|@|[{}<>=]|\.(?:com|net|org|ru|kz|de|tr)\b|min(?:ute)? read"
    r"|^(?:фото|photo|foto|bild|снимка|сурет|quelle|source|источник)\b"
    r"|^(?:admin(?:istrator)?|editor(?:s|ial)?(?:\s+(?:staff|team|desk|board))?|staff(?:\s+(?:writer|reporter))?"
    r"|news\s?(?:desk|room)|redak(?:cja|tion|ce|tor)|redacci[oó]n|r[ée]daction|redazione|редакция|редактор"
    r"|редакциясы?|guest|anonymous|(?:the|about|about the|by)?\s?author|автор|unknown|none|null|undefined"
    r"|contributor|webmaster|super\s?user|user|пресс-служба|agenc(?:y|ies)|twitter|facebook|telegram|instagram"
    r"|linkedin|nachrichten|menu|see more|read more|follow|share|view all.*|more (?:from|by).*|no author"
    r"|(?:(?:facebook|twitter|instagram|telegram|whatsapp|youtube|linkedin|email)\W*){2,})$",
    re.IGNORECASE,
)
# Agencies that papers elsewhere sign with, beside those the texts of our sources credit.
AGENCY_NAMES = frozenset(
    (
        *(
            "upi",
            "apa",
            "sda",
            "sid",
            "pap",
            "mti",
            "bta",
            "belga",
            "lusa",
            "anp",
            "ntb",
            "ritzau",
            "tt",
            "ctk",
        ),
        *("aa", "aap", "pti", "tanjug", "hina", "sta", "kna", "epd", "dts", "ots", "dpaafx", "iha", "dha"),
        *("anadoluajansi", "deutschepresseagentur", "francepresse", "cnnwire", "pamedia", "pressassociation"),
        *("canadianpress", "thecanadianpress", "apnews", "afpreuters", "риановости"),
    )
)
AGENCY_WORDS = re.compile(
    rf"^(?:{AGENCIES})$|nachrichtenagentur|news agency|информагентств|агенттігі", re.IGNORECASE
)


def names_in(text: str) -> Iterator[str]:
    """Yield the names in a line: parted by `;`, `and` and its like, by commas but for degrees and roles."""
    if "://" in text.split(" ", 1)[0]:
        return
    for part in BETWEEN.split(settled_name(text)):
        pieces = [piece.strip() for piece in (part or "").split(",")]
        if (
            len(pieces) == 2
            and len(pieces[0].split()) == 1
            and len(pieces[1].split()) == 1
            and not is_agency(pieces[1])
        ):
            yield settled_name(f"{pieces[1]} {pieces[0]}")  # "Roy, Aniruddha"
            continue
        kept = [p for p in pieces[1:] if is_agency(p) or not (DEGREE.search(p) or ROLE.search(p))]
        yield from filter(None, map(settled_name, [pieces[0], *kept]))


def settled_name(text: str) -> str:
    """A name without what stands before and behind it in a byline."""
    name = one_line(text).strip(" ,.:;-\u2013\u2014")
    for _ in range(2):
        name = LEADING.sub("", name, count=1)
    return TRAILING.sub("", name).strip(" ,:;-\u2013\u2014")


def is_person(name: str) -> bool:
    """Whether a text can be someone's name: not a desk, an address, a date or a sentence."""
    words = name.split()
    return (
        1 < len(name) <= MAX_NAME
        and len(words) <= 5
        and not NO_NAME.search(name)
        and not OFFICE.search(name)
        and any(map(str.isalpha, name))
        and (len(words) < 4 or is_capital(words[0]) or words[0].casefold() in PARTICLES)
    )


def is_label(text: str) -> bool:
    """Whether a word of a text is one that stands about names and in none."""
    return any(word.strip("’'.,()").casefold() in LABEL_WORDS for word in text.split())


def is_login(name: str) -> bool:
    """Whether a name is made for a machine: one word, small, or with a dot or figure in it."""
    return " " not in name and (name.islower() or any(letter in "._" or letter.isdigit() for letter in name))


def is_agency(name: str) -> bool:
    """Whether a name is a news agency's."""
    return squeezed(name) in AGENCY_NAMES or AGENCY_WORDS.search(name) is not None


def reads_like_a_name(text: str) -> bool:
    """Whether a text has the look of a person's name: two to five words with capitals, no small print.

    A name in Chinese characters or Hangul is short and has neither.
    """
    words = text.split()
    if not is_person(text) or ROLE.search(text) or CLAUSE.search(text) or is_label(text):
        return False
    if EASTERN.fullmatch(text):
        return True
    named = [word for word in words if word.casefold() not in PARTICLES]
    return 2 <= len(words) <= 5 and len(named) > 1 and all(map(is_capital, named))


def is_capital(word: str) -> bool:
    """Whether a word begins as names do; letters that know no capitals may."""
    first = word.lstrip("'’\"«(\u2018\u02bb")[:1]
    return first.isalpha() and not first.islower()
