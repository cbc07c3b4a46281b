"""A byline's words to names: people on one side, agencies on another, desks and small print nowhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.cleaning.agency import AGENCIES
from crawler.cleaning.gate import one_line
from crawler.cleaning.structured import squeezed

MAX_NAME = 70

LEADING = re.compile(
    r"^(?:(?:(?:written|story|report(?:ed)?|words?|posted|published|edited)\s+)?by|von|par|por|di|door|av|af"
    r"|autor(?:in|es|a)?|author|auteur|texte?|автор(?:ы)?(?:\s+(?:текста|статьи|материала))?|текст|редактор"
    r"|авторлары?|жазған|дайындаған|подготовил[аи]?|журналист)(?:\s*[:\uff1a]\s*|\s+)",
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
    r"|(?:Jr|Sr|Esq)\.?)$|editor|reporter|writer|correspondent|director|manager|expert|professor|journalist"
    r"|staff|team|корреспондент|редактор",
)
NO_NAME = re.compile(
    r"\d{4}|\d[./:]\d|https?:|www\.|@|[{}<>=]|\.(?:com|net|org|ru|kz|de|tr)\b|min(?:ute)? read"
    r"|^(?:фото|photo|foto|bild|снимка|сурет|quelle|source|источник)\b"
    r"|^(?:admin(?:istrator)?|editor(?:s|ial)?(?:\s+(?:staff|team|desk|board))?|staff(?:\s+(?:writer|reporter))?"
    r"|news\s?(?:desk|room)|redak(?:cja|tion|ce|tor)|redacci[oó]n|r[ée]daction|redazione|редакция|редактор"
    r"|редакциясы?|guest|anonymous|(?:the|about|about the|by)?\s?author|автор|unknown|none|null|undefined"
    r"|contributor|webmaster|super\s?user|user|пресс-служба|agenc(?:y|ies)|twitter|facebook|telegram|instagram"
    r"|linkedin|nachrichten|menu|see more|read more|follow|share|view all.*|more (?:from|by).*)$",
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
        kept = [p for p in pieces[1:] if is_agency(p) or not DEGREE.search(p)]
        yield from filter(None, map(settled_name, [pieces[0], *kept]))


def settled_name(text: str) -> str:
    """A name without what stands before and behind it in a byline."""
    name = one_line(text).strip(" ,.:;-\u2013\u2014")
    for _ in range(2):
        name = LEADING.sub("", name, count=1)
    return TRAILING.sub("", name).strip(" ,:;-\u2013\u2014")


def is_person(name: str) -> bool:
    """Whether a text can be someone's name: not a desk, an address, a date or a sentence."""
    return (
        1 < len(name) <= MAX_NAME
        and len(name.split()) <= 5
        and not NO_NAME.search(name)
        and any(map(str.isalpha, name))
    )


def is_agency(name: str) -> bool:
    """Whether a name is a news agency's."""
    return squeezed(name) in AGENCY_NAMES or AGENCY_WORDS.search(name) is not None


def reads_like_a_name(text: str) -> bool:
    """Whether a text has the look of a person's name: two to four words with capitals, no small print."""
    words = text.split()
    return 2 <= len(words) <= 4 and is_person(text) and words[0][:1].isupper() and words[-1][:1].isupper()
