"""The words of a release: its title and its card. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from archive.exports import card
from archive.exports.coverage import Coverage
from archive.syndication.clusters import THRESHOLD

if TYPE_CHECKING:
    from archive.exports.releasing import Made, Plan
    from archive.exports.selection import Selection

MOST_NAMED = 3


def title_of(coverage: Coverage) -> str:
    """A title that names the sources."""
    named = list(coverage.sources)
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"News articles of {', '.join(named[:MOST_NAMED]) or 'no source'}{more}"


def description_of(coverage: Coverage) -> str:
    """What it is, in a sentence."""
    span = coverage.span()
    days = f", published {span[0]} to {span[1]}" if span else ""
    sources = card.counted(len(coverage.sources), "source")
    articles = card.counted(coverage.articles, "news article")
    return f"{articles} of {sources}{days}, with metadata; collected with Muragat."


def card_of(
    title: str,
    plan: Plan,
    made: Made,
    rights: Sequence[Mapping[str, Any]],
    selection: Selection,
    told: Mapping[str, Any],
) -> str:
    """The card: for people, with a head that Hugging Face's programs read."""
    coverage = made.coverage
    parts = [
        card.yaml_head(title, coverage, {"train": "articles.parquet"}) + f"# {title}\n",
        f"Release `{plan.name}`. {description_of(coverage)}\n",
        *files_part(made),
        *card.coverage_part(coverage),
        *card.missing_part(coverage, selection.undated),
        *duplicates_part(plan, selection.copies),
        *card.making_part(coverage),
        *without_text_part(plan),
        *card.rights_part(rights),
        *tombstones_part(),
        *again_part(told),
        *card.columns_part(plan.columns),
    ]
    return "\n".join(parts)


def files_part(made: Made) -> Iterator[str]:
    """The files and how many rows each has."""
    yield "## Files\n"
    rows = ((f"`{file.path}`", file.rows, file.bytes) for file in made.files)
    yield card.table(("file", "rows", "bytes"), rows)
    yield (
        "Each `articles` file holds the same rows, ordered by `id`: Parquet with typed columns, lines of "
        "JSON, and CSV as it is (a cell may look like a formula to a spreadsheet). `datapackage.json` "
        "(Frictionless) and `croissant.json` describe them to programs; `sha256sum -c SHA256SUMS` checks "
        "them.\n"
    )


def duplicates_part(plan: Plan, copies: int) -> Iterator[str]:
    """What was done about copies."""
    yield "## Duplicates\n"
    yield "No address comes twice: an article that was reworded is one row, as it reads now.\n"
    if plan.wanted.one_per_story:
        yield (
            f"Of each story only the first published article is here; {card.number(copies)} "
            f"{'copy was' if copies == 1 else 'copies were'} left out. Copies share {THRESHOLD:.0%} of the "
            "words of the shorter text, in the same passages, also over several steps.\n"
        )
    else:
        yield "The same story printed by several sources, or twice by one, is several rows.\n"


def without_text_part(plan: Plan) -> Iterator[str]:
    """What stands instead of texts."""
    if plan.text_free:
        yield "## Instead of texts\n"
        yield (
            "The texts may not be shared, so there are none, nor titles. `url` says where each stood, "
            "`content_hash` whether a text you have is this one, and `ngrams.csv` which words and "
            "successions of up to three words stand in several articles, and how often: of the whole set, "
            "never of one article.\n"
        )


def tombstones_part() -> Iterator[str]:
    """What was taken down."""
    yield "## Taken down\n"
    yield (
        "Articles that were taken out of the archive, for instance because someone wished to be forgotten, "
        "are in no release made afterwards. `tombstones.csv` lists their numbers: take them out of earlier "
        "releases too.\n"
    )


def again_part(told: Mapping[str, Any]) -> Iterator[str]:
    """What is needed to make it again."""
    yield "## Made again\n"
    made_with = ", ".join(f"{name} {version}" for name, version in told["made_with"].items())
    yield (
        f"The same archive (newest sight {told['as_of'] or 'none'}) and the same query give the same bytes "
        f"with {made_with}, on any machine.\n"
    )
    yield f"```json\n{json.dumps(told['query'], ensure_ascii=False, indent=2)}\n```\n"
