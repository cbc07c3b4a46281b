"""How surely a page is an article: what it states, shows and is called, weighed by learned trees. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from crawler.cleaning.json_ld import types_of
from crawler.cleaning.structured import Stated

# Kinds of other pages: what states one of these and no article is none.
OTHER_KINDS = frozenset(
    (
        *(
            "Product",
            "ProductGroup",
            "Offer",
            "OfferCatalog",
            "CollectionPage",
            "SearchResultsPage",
            "ItemList",
        ),
        *(
            "DiscussionForumPosting",
            "QAPage",
            "FAQPage",
            "ContactPage",
            "AboutPage",
            "ProfilePage",
            "JobPosting",
        ),
        *("LocalBusiness", "ProfessionalService", "Service", "Store", "Restaurant", "Hotel", "Course"),
        "SoftwareApplication",
    )
)
OTHER_PATH = re.compile(
    r"/(?:products?|shop|store|dp|p|item|cart|collections?|categor(?:y|ies)|services?|pricing|about|contact|docs?"
    r"|documentation|reference|api|manual|guide|wiki|forums?|threads?|topics?|questions?|t|viewtopic\.php"
    r"|community|tags?|search|jobs?|careers|solutions|features|course|help|support)(?=[/.?-]|$)",
    re.IGNORECASE,
)
NEWS_PATH = re.compile(
    r"/(?:news|articles?|blogs?|posts?|stor(?:y|ies)|novosti|zhanalyqtar|20\d\d)(?=[/.?-]|$)", re.IGNORECASE
)
OTHER_HOST = re.compile(r"(?:docs?|developers?|help|support|forums?|community|wiki|shop|store)\.")
# Who sells, answers or teaches speaks to the reader; who reports quotes others.
ADDRESSING = frozenset("you your our we us вы ваш вас вам мы наш нас сіз сіздің біз біздің".split())  # noqa: SIM905
QUOTES = '"“«„'
SAMPLE_CHARS = 1_500

# `python benchmarks/train_kinds.py CORPORA` finds them anew and says how well they tell strange sites' pages.
LEARNED = Path(__file__).with_name("likelihood.json")
# Not learned, for no corpus has it: a news source's feed, sitemap, listing or profile led to the page.
EXPECTED = 2.0
# A lost article costs a reader more than a page too many; by five folds this costs 0.003 of F1 (to 0.924).
MERCY = 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a page that tells whether it is an article; `shape` is the body's."""

    text: str
    shape: Mapping[str, float]
    title: str | None
    date_evidence: str | None
    changed: bool
    signed: bool
    has_lead: bool
    images: int
    expected: bool


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of four questions, whether a trait is above a bound, and what each tree's answers add.

    `places` say which of `names` is asked for, `bounds` above what (both 4 × trees); `adds` (trees × 16) is
    what the answers add.
    """

    names: tuple[str, ...]
    places: NDArray[np.intp]
    bounds: NDArray[np.float64]
    adds: NDArray[np.float64]

    def total(self, figures: Mapping[str, float]) -> float:
        """The logarithm of the odds that a page with these traits is an article."""
        values = np.array([figures[name] for name in self.names], dtype=np.float64)
        answers = PLACE_VALUES @ (values[self.places] > self.bounds)
        return float(self.adds[np.arange(len(self.adds)), answers].sum())


PLACE_VALUES = np.array((8, 4, 2, 1))  # of the first to the last question


def forest_of(learned: Mapping[str, Any]) -> Forest:
    """The forest as `likelihood.json` has it: a tree `asks` names and bounds, and `adds` by the answers."""
    names = tuple(learned["names"])
    asked = [tree["asks"] for tree in learned["trees"]]
    return Forest(
        names,
        np.array([[names.index(name) for name, _ in asks] for asks in asked], dtype=np.intp).T,
        np.array([[bound for _, bound in asks] for asks in asked], dtype=np.float64).T,
        np.array([tree["adds"] for tree in learned["trees"]], dtype=np.float64),
    )


@cache
def learned_forest() -> Forest:
    """The forest that ships with the package, read once."""
    return forest_of(json.loads(LEARNED.read_text(encoding="utf-8")))


def article_likelihood(stated: Stated, read: Read) -> float:
    """How surely a page is an article, 0 to 1; from 0.5 on it counts as one."""
    total = learned_forest().total(traits(stated, read)) + MERCY + EXPECTED * read.expected
    return 1 / (1 + math.exp(-total))


def traits(stated: Stated, read: Read) -> dict[str, float]:
    """All that is known of a page as figures, by their names."""
    return {
        **read.shape,
        **stated_traits(stated),
        **read_traits(read),
        **address_traits(stated.url),
        **voice_traits(read.text[:SAMPLE_CHARS]),
    }


def stated_traits(stated: Stated) -> dict[str, float]:
    """What a page says for machines."""
    kinds = frozenset(kind for node in stated.json_ld.nodes for kind in types_of(node))
    own = types_of(stated.article) if stated.article else frozenset()
    og_type = (stated.first_meta("og:type") or "").lower()
    return {
        "article in json-ld": bool(own),
        "other kind in json-ld": not own and bool(kinds & OTHER_KINDS),
        "og:type article": "article" in og_type,
        "og:type other": bool(og_type) and "article" not in og_type,
        "author in meta": stated.first_meta("author", "article:author") is not None,
        "times": len(stated.times),
    }


def read_traits(read: Read) -> dict[str, float]:
    """What reading found out."""
    date = read.date_evidence or ""
    return {
        "dated": bool(date),
        "date stated": bool(date) and not date.startswith(("visible", "url")),
        "changed": read.changed,
        "signed": read.signed,
        "lead": read.has_lead,
        "images": read.images,
        "words of the title": len((read.title or "").split()),
        "letters of the title": len(read.title or ""),
    }


def address_traits(url: str) -> dict[str, float]:
    """What an address says of its page."""
    parts = urlsplit(url)
    path = parts.path.strip("/")
    steps = path.split("/")
    return {
        "steps of the address": len(steps) if path else 0,
        "letters of the last step": len(steps[-1]),
        "words of the last step": steps[-1].count("-") + steps[-1].count("_"),
        "most words of a step": max(step.count("-") for step in steps),
        "address of another kind": OTHER_PATH.search(f"/{path}") is not None,
        "address of news": NEWS_PATH.search(f"/{path}") is not None,
        "host of another kind": OTHER_HOST.match(parts.hostname or "") is not None,
    }


def voice_traits(text: str) -> dict[str, float]:
    """How the beginning of a text speaks."""
    words = text.lower().split()
    size = len(text) or 1
    return {
        "addresses the reader": sum(word in ADDRESSING for word in words) / (len(words) or 1),
        "quotes": sum(map(text.count, QUOTES)) / size,
        "digits": sum(map(text.count, "0123456789")) / size,
        "exclaims": text.count("!") / size,
        "asks": text.count("?") / size,
    }
