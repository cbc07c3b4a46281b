"""How surely a page is an article: a small learned sum of what it states, shows and is called. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

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

# Logistic regression on the 1,358 pages of seven kinds of wcxb-dev; four folds by domain give F1 0.91.
# `benchmarks/fields.py fit` prints them anew.
WEIGHTS = {
    "text reads like an article": 1.05,
    "article in json-ld": 0.89,
    "news in json-ld": 0.58,
    "og:type article": 0.92,
    "og:type other": -0.36,
    "other kind in json-ld": -1.38,
    "stated date": 0.55,
    "shown date": 0.5,
    "signed": 0.77,
    "short": -0.9,
    "over 1500 characters": 0.58,
    "over 4000 characters": 0.46,
    "long paragraphs": 0.39,
    "front page": -0.74,
    "words in address": 1.64,
    "address of another kind": -1.56,
    "address of news": 1.72,
    "host of another kind": -1.39,
}
# Not learned, for no corpus has it: a news source's feed, sitemap, listing or profile led to the page.
EXPECTED = 2.0
# The fit's own constant is -2.6. A lost article costs a reader more than a page too many.
CONSTANT = -1.65
SHORT, MIDDLE, LONG = 250, 1_500, 4_000


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a page that tells whether it is an article."""

    body: str
    body_likeness: float
    date_evidence: str | None
    signed: bool
    expected: bool


def article_likelihood(stated: Stated, read: Read) -> float:
    """How surely a page is an article, 0 to 1; from 0.5 on it counts as one."""
    total = CONSTANT + EXPECTED * read.expected
    total += sum(WEIGHTS[name] * value for name, value in traits(stated, read).items())
    return 1 / (1 + math.exp(-total))


def traits(stated: Stated, read: Read) -> dict[str, float]:
    """The page's traits by the names of `WEIGHTS`, each 0 to 1."""
    kinds = frozenset(kind for node in stated.json_ld.nodes for kind in types_of(node))
    own = types_of(stated.article) if stated.article else frozenset()
    og_type = (stated.first_meta("og:type") or "").lower()
    date = read.date_evidence or ""
    size = len(read.body)
    return {
        "text reads like an article": read.body_likeness**4,
        "article in json-ld": bool(own),
        "news in json-ld": any("News" in kind or "Blog" in kind for kind in own),
        "og:type article": "article" in og_type,
        "og:type other": bool(og_type) and "article" not in og_type,
        "other kind in json-ld": not own and bool(kinds & OTHER_KINDS),
        "stated date": bool(date) and not date.startswith(("visible", "url")),
        "shown date": date.startswith("visible"),
        "signed": read.signed,
        "short": size < SHORT,
        "over 1500 characters": size > MIDDLE,
        "over 4000 characters": size > LONG,
        "long paragraphs": min(size / (read.body.count("\n\n") + 1), 400) / 400,
        **address_traits(stated.url),
    }


def address_traits(url: str) -> dict[str, float]:
    """What an address says of its page."""
    parts = urlsplit(url)
    path = parts.path.strip("/")
    last = path.rsplit("/", 1)[-1]
    return {
        "front page": not path and not parts.query,
        "words in address": min(last.count("-") + last.count("_"), 8) / 8,
        "address of another kind": OTHER_PATH.search(f"/{path}") is not None,
        "address of news": NEWS_PATH.search(f"/{path}") is not None,
        "host of another kind": OTHER_HOST.match(parts.hostname or "") is not None,
    }
