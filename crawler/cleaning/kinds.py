"""What kind of page it is, whether it is an article at all, and whether it is free to read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.records import Problem
from crawler.cleaning.document import Document
from crawler.cleaning.json_ld import types_of
from crawler.cleaning.structured import Stated

TYPE_OF_KIND = {
    "LiveBlogPosting": "live",
    "OpinionNewsArticle": "opinion",
    "AdvertiserContentArticle": "advertorial",
}
GALLERY_KINDS = frozenset(("ImageGallery", "MediaGallery"))
OPINION = re.compile(
    r"(?:^|[/\s])(?:opinions?|op-ed|columnists?|kommentar|meinung|мнени[ея]|колонк[аи]|пікір|көзқарас|debatt"
    r"|tribune)(?:$|[/\s])",
    re.IGNORECASE,
)
ADVERTORIAL = re.compile(
    r"(?:^|[/\s])(?:advertorial|sponsored|partner-?(?:content|material)s?|на правах рекламы"
    r"|партн[её]рский материал|жарнама|реклама|anzeige|press-?release)(?:$|[/\s])",
    re.IGNORECASE,
)
# What a paid text must say of itself, on a line of its own above or below it.
PAID = re.compile(
    r"\W*(?:на правах рекламы|реклама|партн[её]рский материал|жарнама(?: құқығында| ретінде)?"
    r"|advertorial|anzeige|(?:paid|sponsored|partner) (?:content|post|article))\W*",
    re.IGNORECASE,
)
LIVE = re.compile(
    r"(?:^|[/-])(?:live-?(?:blog|ticker|updates?)|liveticker|online-?translya[ct]s?i+[jy]?a)(?:$|[/-])",
    re.IGNORECASE,
)
LIVE_TITLE = re.compile(
    r"^live(?:\s*[:|]|\s+[–—]\s)|\b(?:live ?(?:blog|ticker|updates?)|(?:онлайн|текстовая)[- ]трансляция"
    r"|онлайн-хроника|тікелей (?:эфир|трансляция))\b",
    re.IGNORECASE,
)
GALLERY = re.compile(
    r"(?:^|/)(?:gallery|galleries|photos?|fotostrecken?|bildergalerie|fotogalereya|slideshow)(?:$|/)",
    re.IGNORECASE,
)
VIDEO = re.compile(r"/(?:videos?|tv|mediathek)/", re.IGNORECASE)
# A film has a name or a number; what has neither is a section of them.
NAMED_FILM = re.compile(r"\d{3}|[-_][^-_]+[-_]")
LISTS = (
    (
        re.compile(r"/(?:(?:ru|kz|kk|en|qaz|uz|ky|uk|ua|de|fr|es)/?)?(?:index\.\w{3,5})?", re.I),
        "the front page",
    ),
    (re.compile(r".*/(?:tags?|teg|hashtag)/[^/]+(?:/page/\d+)?/?", re.I), "a tag's articles"),
    (re.compile(r".*/(?:authors?|avtor[yi]?|avtorlar)/[^/]+/?", re.I), "an author's articles"),
    (re.compile(r".*/(?:search|poisk|izdeu)/?", re.I), "what a search found"),
    (re.compile(r".*/page/\d{1,5}/?", re.I), "a page of a list"),
)
# WordPress searches by `s=` on its front page; `?s=20` elsewhere is how one network marks what is shared.
SEARCHED = re.compile(r"(?:^|&)(?:q|query|search|keywords?)=|(?:^|&)s=(?!\d*(?:&|$))", re.IGNORECASE)
MISSING_WORD = r"(?:error|ошибка|қате(?:лік)?|помилка|fehler)"
MISSING = re.compile(
    rf"\W*(?:{MISSING_WORD}\W*)?(?:404|410)(?:\W*{MISSING_WORD}|\W*not found)?\W*"
    # The whole title but for the site's name behind a bar: «Материал удалён: суд обязал газету» is news.
    rf"|\W*(?:(?:404|410|{MISSING_WORD}|sorry|oops|the|this|your|ой|упс|извините|к сожалению|бұл)\W+){{0,3}}"
    r"(?:(?:page|file|article|document) (?:(?:was |is )?not found"
    r"|(?:you requested )?(?:could not|cannot|can not) be found)"
    r"|(?:страниц[аы]|материал|запись|документ) (?:не (?:найден[аы]?|существует)|удал[её]н[аы]?)"
    r"|такой страницы нет|(?:бет|парақша|материал) (?:табылмады|жоқ)|бет табылған жоқ"
    r"|сторінк[аиу] не (?:знайдено|існує)|seite (?:wurde )?nicht gefunden|página no encontrada"
    r"|page (?:introuvable|non trouvée))(?:\W+(?:404|410|error|ошибка))?\W*(?:\s[|·•—–-]\s.*)?",
    re.IGNORECASE,
)
NOTICE_MAX = 80  # characters of a title or a line that says only one thing
PATH_MAX = 2_000
MISSING_TEXT_MAX = 1_500
# Below this many characters there is nothing to read; a gallery or a video needs none.
TEXT_MIN = 40
# Above this many characters a page with pictures or a video is an article all the same.
PICTURES_MAX = 800
GALLERY_MIN = 5
LOCKED_TIERS = frozenset(("locked", "metered", "paid", "premium", "subscriber", "subscription"))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a page is: an `article_type` of the records, how surely an article, and why."""

    article_type: str
    evidence: str
    is_article: float
    problems: tuple[Problem, ...] = ()


def kind_of(
    stated: Stated, *, likelihood: float, section: str | None, text: str, images: int, title: str | None
) -> Kind:
    """The page's kind; what is no article says why in a problem."""
    if not title:
        return no_article(likelihood, "no title")
    if reason := missing(stated, title, text) or listing(stated):
        return no_article(likelihood, reason)
    named = types_of(stated.article) if stated.article else frozenset()
    for kind, article_type in TYPE_OF_KIND.items():
        if kind in named:
            return Kind(article_type, f"json-ld {kind}", max(likelihood, 0.5))
    if len(text) < PICTURES_MAX and (pictured := picture_kind(stated, section, images)):
        return Kind(*pictured, max(likelihood, 0.5))
    if len(text) < TEXT_MIN:
        return no_article(likelihood, "no text")
    if likelihood < 0.5:
        return no_article(likelihood, "does not read like an article")
    return Kind(*written_kind(stated, section, title, text), likelihood)


def missing(stated: Stated, title: str, text: str) -> str | None:
    """Why the page is only a notice that there is no such page, or `None`; a long text is no notice."""
    if len(text) > MISSING_TEXT_MAX:
        return None
    names = (title, stated.page_title or "")
    said = any(len(name) <= NOTICE_MAX and MISSING.fullmatch(name) for name in names)
    return "says that there is no such page" if said else None


def listing(stated: Stated) -> str | None:
    """Why the address names a list of articles, or `None`; what states itself an article is believed."""
    if stated.article is not None or not stated.url:
        return None
    parts = urlsplit(stated.url)
    if SEARCHED.search(parts.query):
        return "what a search found"
    path = (parts.path or "/")[:PATH_MAX]
    reason = next((reason for pattern, reason in LISTS if pattern.fullmatch(path)), None)
    return None if reason == "the front page" and parts.query else reason


def picture_kind(stated: Stated, section: str | None, images: int) -> tuple[str, str] | None:
    """ "gallery" or "video" for a page that shows rather than tells, with what says so, else `None`."""
    path = urlsplit(stated.url).path[:PATH_MAX]
    if images >= GALLERY_MIN:
        if next(stated.json_ld.of_type(GALLERY_KINDS), None):
            return "gallery", "json-ld ImageGallery"
        if GALLERY.search(f"{path} {section or ''}"):
            return "gallery", "address"
    if VIDEO.search(path) and NAMED_FILM.search(path.rstrip("/").rpartition("/")[2]):
        return "video", "address"
    return ("video", "meta og:type") if "video" in (stated.first_meta("og:type") or "") else None


def written_kind(stated: Stated, section: str | None, title: str, text: str) -> tuple[str, str]:
    """The kind of a written article and what says so."""
    path = urlsplit(stated.url).path[:PATH_MAX]
    place = f"{path} {section or ''}"
    if LIVE.search(path):
        return "live", "address"
    if LIVE_TITLE.search(title):
        return "live", "title"
    if ADVERTORIAL.search(place):
        return "advertorial", "section"
    ends = text.partition("\n\n")[0], text.rpartition("\n\n")[2]
    if any(len(line) <= NOTICE_MAX and PAID.fullmatch(line) for line in ends):
        return "advertorial", "text"
    if OPINION.search(place):
        return "opinion", "section"
    return "article", "json-ld" if stated.article else "page"


def no_article(likelihood: float, reason: str) -> Kind:
    """A page that is none, with the reason."""
    return Kind("not_article", reason, min(likelihood, 0.49), (Problem("not_article", reason),))


def access_of(document: Document, stated: Stated) -> tuple[str, str | None]:
    """Whether everyone may read the article: "free", "paywalled" or "unknown", with what says so."""
    if stated.article is not None and "isAccessibleForFree" in stated.article:
        said = str(stated.article["isAccessibleForFree"]).rsplit("/", 1)[-1].strip().lower()
        if said in ("true", "false"):
            return ("free" if said == "true" else "paywalled"), "json-ld isAccessibleForFree"
    tier = stated.first_meta("article:content_tier", "og:article:content_tier", "content_tier")
    if tier and tier.lower() in ("free", *LOCKED_TIERS):
        return ("free" if tier.lower() == "free" else "paywalled"), "meta article:content_tier"
    has_wall = next(document.named("paywall"), None) is not None
    return ("paywalled", "class paywall") if has_wall else ("unknown", None)
