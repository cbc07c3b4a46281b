"""What a merge does with each table of an archive, so that none is forgotten; docs/merging.md shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TAKEN, MADE, LEFT = "taken in", "made anew", "stays behind"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a table's rows, and how or why."""

    what: str
    how: str


NEWS: Mapping[str, Decision] = {
    "articles": Decision(
        TAKEN,
        "under their own number where it is free; of one that both have, the last look's wording stands, "
        "with what only the other's page stated; gone only if the newest look says so",
    ),
    "revisions": Decision(
        TAKEN,
        "the wordings of both in the order they were seen, repeated ones once; that of the last look last",
    ),
    "links": Decision(TAKEN, "those of the article that stands, without any to what was taken down"),
    "images": Decision(TAKEN, "those of the article that stands"),
    "reservations": Decision(TAKEN, "as the page said at the newest look; of two at once, what reserves"),
    "withheld": Decision(TAKEN, "unless the article was shown to the other archive since"),
    "imported": Decision(TAKEN, "wordings that are here now are counted no more"),
    "sources": Decision(TAKEN, "named as when it was crawled last, crawled since the first time"),
    "addresses": Decision(TAKEN, "the later answer stands, with what documents said of it to either"),
    "frontier": Decision(
        TAKEN, "what neither archive has asked, or not since a change was stated; in nobody's hands"
    ),
    "missing": Decision(TAKEN, "unless the address was answered since"),
    "namings": Decision(TAKEN, "since the first time"),
    "runs": Decision(
        TAKEN,
        "each once, known again by its start and its first request; one that goes on is a killed one here, "
        "until it is taken in again; what it reported stays",
    ),
    "fetches": Decision(
        TAKEN, "with their run; what brought an article there that was known here brought nothing (`merged`)"
    ),
    "problems": Decision(TAKEN, "from the first time to the last; how often is the larger of the two"),
    "run_health": Decision(TAKEN, "with its run"),
    "tls_exceptions": Decision(TAKEN, "with their run"),
    "no_articles": Decision(TAKEN, "what is known here stays"),
    "robots": Decision(TAKEN, "two histories made one, a row for each change"),
    "waits": Decision(TAKEN, "each once"),
    "gaps": Decision(TAKEN, "of one day the larger number and the smallest gap: a sum would grow each time"),
    "site_reservations": Decision(TAKEN, "the later word, since it was first said"),
    "takedowns": Decision(
        TAKEN,
        "before all else: what is here goes, what comes stays out; the number it had is given to none",
    ),
    "takedown_addresses": Decision(TAKEN, "with those that only the other archive knows to lead there"),
    "front_teasers": Decision(TAKEN, "each once; of what was taken down without its words"),
    "front_looks": Decision(TAKEN, "two histories made one, a row for each change"),
    "documents": Decision(TAKEN, "as it was when it was read last"),
    "expectations": Decision(TAKEN, "where a source has none here: a profile is the owner's word"),
    "source_health": Decision(TAKEN, "the later verdict"),
    "schedule": Decision(TAKEN, "the later plan"),
    "lastmod_claims": Decision(TAKEN, "the later count"),
    "attempts": Decision(TAKEN, "how far each came home, so that a collector here could go on with it"),
    "attempt_pages": Decision(TAKEN, "with their attempt"),
    "articles_fts": Decision(MADE, "from the texts, in the article's own transaction"),
    "search_changes": Decision(MADE, "by the articles' triggers, and applied at once"),
    "search_indexes": Decision(MADE, "the index of the whole is the whole's own"),
    "search_words": Decision(MADE, "listed anew at the end, where the archive has grown by a fifth"),
    "daily_counts": Decision(MADE, "by the articles' triggers"),
    "monthly_counts": Decision(MADE, "by the triggers of `daily_counts`"),
    "article_fingerprints": Decision(MADE, "from the texts"),
    "fingerprints": Decision(MADE, "from the texts"),
    "copies": Decision(MADE, "compared with the texts that are here: a story of two archives is found"),
    "uncompared": Decision(MADE, "whatever waited there is compared here"),
    "leases": Decision(LEFT, "who crawls there crawls there"),
    "recleanings": Decision(LEFT, "how far a re-cleaning got there, by numbers of its pages"),
    "alarms_told": Decision(LEFT, "whom the other archive told; its alarms.toml is not this one's"),
    "texts_read": Decision(
        LEFT, "the last texts a crawl compares for walls: two crawls of one article would look like one"
    ),
    "doubted": Decision(
        LEFT, "a text that stood in an article's place: the next crawl sees it again, or not"
    ),
}
PAGES: Mapping[str, Decision] = {
    "pages": Decision(
        TAKEN,
        "every one, also those without an article, robots.txt and records; one with the same address, "
        "second, answer and bytes once; none of what was taken down",
    ),
    "bodies": Decision(
        TAKEN,
        "packed as they are, each looked at; anew where their dictionary held what was taken down",
    ),
    "dictionaries": Decision(TAKEN, "with the first page that needs one; the last one is used from then on"),
}
FILES: Mapping[str, Mapping[str, Decision]] = {"news.db": NEWS, "pages.db": PAGES}


def decisions_table() -> str:
    """What becomes of each table, as a page shows it."""
    lines = []
    for file, tables in FILES.items():
        lines += [f"### {file}", "", "| table | what | how |", "|---|---|---|"]
        lines += [f"| `{name}` | {one.what} | {one.how} |" for name, one in tables.items()]
        lines.append("")
    return "\n".join(lines)
