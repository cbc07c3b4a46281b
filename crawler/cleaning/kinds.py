"""What kind of page it is, whether it is an article at all, and whether it is free to read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from archive.records import Problem
from crawler.cleaning.document import Document
from crawler.cleaning.json_ld import types_of
from crawler.cleaning.structured import Stated

TYPE_OF_KIND = {
    "LiveBlogPosting": "live",
    "OpinionNewsArticle": "opinion",
    "AdvertiserContentArticle": "advertorial",
    "ImageGallery": "gallery",
}
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
LIVE = re.compile(
    r"(?:^|[/-])(?:live-?(?:blog|ticker|updates?)|liveticker|online-?translyacii?a)(?:$|[/-])", re.IGNORECASE
)
GALLERY = re.compile(
    r"(?:^|/)(?:gallery|galleries|photos?|fotostrecken?|bildergalerie|fotogalereya|slideshow)(?:$|/)",
    re.IGNORECASE,
)
VIDEO = re.compile(r"(?:^|/)(?:videos?|tv|mediathek)(?:$|/)", re.IGNORECASE)
# Below this many characters there is nothing to read; a gallery or a video needs none.
TEXT_MIN = 40
# Above this many characters a page with pictures or a video is an article all the same.
PICTURES_MAX = 800
GALLERY_MIN = 5
PAYWALL = etree.XPath("boolean(//*[contains(@class,'paywall') or contains(@id,'paywall')])")
LOCKED_TIERS = frozenset(("locked", "metered", "paid", "premium", "subscriber", "subscription"))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a page is: an `article_type` of the records, how surely an article, and why."""

    article_type: str
    evidence: str
    is_article: float
    problems: tuple[Problem, ...] = ()


def kind_of(
    stated: Stated, *, likelihood: float, section: str | None, body_chars: int, images: int, title: str | None
) -> Kind:
    """The page's kind; what is no article says why in a problem."""
    if not title:
        return no_article(likelihood, "no title")
    named = types_of(stated.article) if stated.article else frozenset()
    for kind, article_type in TYPE_OF_KIND.items():
        if kind in named:
            return Kind(article_type, f"json-ld {kind}", max(likelihood, 0.5))
    if body_chars < PICTURES_MAX and (pictured := picture_kind(stated, section, images)):
        return Kind(pictured, "address", max(likelihood, 0.5))
    if body_chars < TEXT_MIN:
        return no_article(likelihood, "no text")
    if likelihood < 0.5:
        return no_article(likelihood, "does not read like an article")
    return Kind(*written_kind(stated, section), likelihood)


def picture_kind(stated: Stated, section: str | None, images: int) -> str | None:
    """ "gallery" or "video" for a page that shows rather than tells, else `None`."""
    path = urlsplit(stated.url).path
    if images >= GALLERY_MIN and GALLERY.search(f"{path} {section or ''}"):
        return "gallery"
    is_video = VIDEO.search(path) or "video" in (stated.first_meta("og:type") or "")
    return "video" if is_video else None


def written_kind(stated: Stated, section: str | None) -> tuple[str, str]:
    """The kind of a written article and what says so."""
    path = urlsplit(stated.url).path
    place = f"{path} {section or ''}"
    if LIVE.search(path):
        return "live", "address"
    if ADVERTORIAL.search(place):
        return "advertorial", "section"
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
    return (
        ("paywalled", "class paywall")
        if document.mentions(b"paywall") and PAYWALL(document.tree)
        else ("unknown", None)
    )
