"""The article's pictures, with caption and credit told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.records import Image
from crawler.cleaning.body.addresses import absolute, key_of
from crawler.cleaning.body.choosing import Choice
from crawler.cleaning.body.hints import (
    ADVERT,
    ASIDE,
    AUTHOR,
    BYLINE,
    CAPTION,
    COMMENTS,
    FEED,
    FORM,
    FURNITURE,
    NAVIGATION,
    PLEA,
    RELATED,
    SHARE,
    SIDE,
)
from crawler.cleaning.body.phrases import CAPTION_START
from crawler.cleaning.body.reading import Picture, printed
from crawler.cleaning.body.scoring import Weighed
from crawler.cleaning.elements import HtmlElement

ELSEWHERE = (
    ADVERT
    | ASIDE
    | AUTHOR
    | BYLINE
    | COMMENTS
    | FEED
    | FORM
    | FURNITURE
    | NAVIGATION
    | PLEA
    | RELATED
    | SHARE
    | SIDE
)
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "data-img-url")
PLACEHOLDER = re.compile(
    r"^data:|(?:blank|spacer|pixel|placeholder|transparent|1x1|loading|lazy|grey|default)[\w-]*"
    r"\.(?:gif|png|svg|jpe?g)",
    re.IGNORECASE,
)
NO_PICTURE = re.compile(
    r"\.svg(?:$|\?)|/(?:icons?|logos?|avatars?|emoji|smil(?:ey|ies))[/_-]|gravatar\.com/"
    r"|(?:^|[/_-])(?:logo|avatar|icon)\w{0,12}[._-]",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"(?:(?:источник (?:фото|изображения)|автор фото|авторы? снимка|фото|коллаж|сурет|иллюстрация|скриншот"
    r"|кадр|инфографика|видео|photo(?:graph)?(?: credit)?|image(?: credit| source)?|credit|picture|foto|fotos"
    r"|bild(?:quelle)?|quelle|imagen|imagem|crédito|crédit|grafik|illustration)s?\s*(?:[:/|]|\bby\b)|©|\(c\))\s*",
    re.IGNORECASE,
)
EDGES = " \t\n()[]{}|/;,–—-."
SMALL = 80  # CSS pixels: less is an icon
MOST = 60


@dataclass(slots=True)
class Shown:
    """A picture of the article and the number of the block it stands before."""

    image: Image
    before: int


def pictures_of(
    weighed: Weighed, choice: Choice, start: int, base: str, named: Sequence[HtmlElement]
) -> list[Shown]:
    """The pictures in and right above the text, in order; the one that opens the article has the role "lead".

    `start` is the number of the title's block; `named` are elements a profile says hold the lead picture.
    """
    container, last = choice.container, choice.blocks[-1].index
    first = choice.blocks[min(len(choice.standfirst), len(choice.blocks) - 1)].index
    shown: list[Shown] = []
    seen: set[str] = set()
    for picture in weighed.reading.pictures:
        if len(shown) >= MOST:
            break
        is_named = bool(named) and any(node in named for node in ancestors(picture.element))
        if not is_named and not belongs(weighed, container, picture, start, last):
            continue
        url = picture_url(picture.element, base)
        if url is None or NO_PICTURE.search(url) or key_of(url) in seen:
            continue
        seen.add(key_of(url))
        opens = is_named or (not named and not shown and picture.before <= first + 1)
        caption, credit = caption_and_credit(captions(weighed, picture))
        alt = printed(picture.element.get("alt") or "") or None
        shown.append(Shown(Image(url, alt, caption, credit, "lead" if opens else "body"), picture.before))
    return shown


def ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    """The element and the ones around it, inside out."""
    yield element
    yield from element.iterancestors()


def belongs(weighed: Weighed, container: int, picture: Picture, start: int, last: int) -> bool:
    """Whether a picture stands between the title and the end of the text, and in no box of something else."""
    if picture.before > last + 1 or (picture.before <= start and not is_hero(weighed, picture, start)):
        return False
    if picture.before == last + 1 and not is_within(weighed, picture.box, container):
        return False
    return not weighed.hints[picture.box] & ~weighed.hints[container] & ELSEWHERE and is_of_interest(picture)


def is_hero(weighed: Weighed, picture: Picture, start: int) -> bool:
    """Whether a picture stands right above the title, in the same `article` element."""
    if start < 0 or start - picture.before > 3:
        return False
    boxes = weighed.reading.boxes
    number = weighed.reading.blocks[start].box
    while number >= 0 and boxes[number].tag != "article":
        number = boxes[number].parent
    return number >= 0 and is_within(weighed, picture.box, number)


def is_within(weighed: Weighed, number: int, container: int) -> bool:
    """Whether a box lies in another."""
    return container <= number <= weighed.reading.boxes[container].last_box


def is_of_interest(picture: Picture) -> bool:
    """Whether a picture is more than an icon or another page's teaser."""
    for side in ("width", "height"):
        stated = (picture.element.get(side) or "").removesuffix("px")
        if stated.isdecimal() and len(stated) < 6 and int(stated) < SMALL:
            return False
    return True


def picture_url(element: HtmlElement, base: str) -> str | None:
    """The address of the picture itself, not of what stands in for it until it is loaded."""
    for stated in stated_addresses(element):
        if not PLACEHOLDER.search(stated):
            url = absolute(stated, base)
            if url is not None:
                return url
    return None


def stated_addresses(element: HtmlElement) -> Iterator[str]:
    """The addresses an `img` and its `picture` name, the most telling first."""
    src = element.get("src")
    if src and not PLACEHOLDER.search(src):
        yield src
    for name in LAZY:
        if stated := element.get(name):
            yield first_of_set(stated) if name.endswith("srcset") else stated
    if stated := element.get("srcset"):
        yield first_of_set(stated)
    above = element.getparent()
    if above is not None and above.tag == "picture":
        for source in above.iterchildren("source"):
            if stated := source.get("srcset") or source.get("data-srcset"):
                yield first_of_set(stated)


def first_of_set(srcset: str) -> str:
    """The first address of a `srcset`."""
    words = srcset[:4000].split()
    return words[0].rstrip(",") if words else ""


def captions(weighed: Weighed, picture: Picture) -> Iterator[str]:
    """The texts printed with a picture: those of its figure, or of the small box of captions it stands in."""
    boxes, blocks = weighed.reading.boxes, weighed.reading.blocks
    number = picture.box
    figure = boxes[number].setting.figure
    if figure >= 0:
        for block in blocks[boxes[figure].first : boxes[figure].end][:6]:
            yield block.text
        return
    for _ in range(4):
        box = boxes[number]
        inside = blocks[box.first : box.end] if box.end - box.first <= 4 else []
        told = [
            b
            for b in inside
            if b.weight < 600 and (weighed.hints[b.box] & CAPTION or CAPTION_START.match(b.text))
        ]
        if told and len(told) == len(inside):
            for block in told:
                yield block.text
            return
        if box.end - box.first > 4 or box.parent < 0:
            break
        number = box.parent
    after = picture.before
    if (
        after < len(blocks)
        and blocks[after].weight < 300
        and (boxes[blocks[after].box].hints & CAPTION or CAPTION_START.match(blocks[after].text))
    ):
        yield blocks[after].text


def caption_and_credit(texts: Iterable[str]) -> tuple[str | None, str | None]:
    """What all texts printed with a picture tell of it; `None` for what is not there."""
    told = [told_apart(text) for text in dict.fromkeys(texts)]
    caption = " ".join(part for part, _ in told if part) or None
    return caption, next((credit for _, credit in told if credit), None)


def told_apart(text: str) -> tuple[str | None, str | None]:
    """A caption and the credit in it, without the word that announces it; `None` for what is not there."""
    if not text:
        return None, None
    marks = list(CREDIT.finditer(text))
    if not marks:
        return text, None
    mark = marks[-1]
    caption = text[: marks[0].start()].strip(EDGES.replace(".", "") + ":") or None
    credit = text[mark.end() :].strip(EDGES) or None
    return (caption, credit) if credit else (text, None)
