"""The card of a data set: what it covers, what it lacks, by which rules, and whose it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from archive.exports.columns import Column
from archive.exports.coverage import Coverage

MOST_GAPS = 40
MOST_COUNTED = 20
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def yaml_head(title: str, coverage: Coverage, files: Mapping[str, str]) -> str:
    """The head that Hugging Face's programs read; `files` are the names of parts and their files' pattern."""
    languages = sorted(one for one in coverage.counts.get("language", ()) if len(one) in (2, 3))
    lines = ["---", f"pretty_name: {quoted(title)}"]
    if languages:
        lines += ["language:", *(f"- {quoted(one)}" for one in languages)]
    lines += ["license: other", "license_name: rights-of-the-publishers"]
    lines += ["task_categories:", "- text-generation", "- text-classification", "tags:", "- news"]
    size = next((name for most, name in SIZES if coverage.articles < most), "1M<n<10M")
    lines += ["size_categories:", f"- {size}", "configs:", "- config_name: default", "  data_files:"]
    for part, pattern in files.items():
        lines += [f"  - split: {part}", f"    path: {quoted(pattern)}"]
    return "\n".join([*lines, "---", ""])


def quoted(text: str) -> str:
    """A text in YAML's double quotes, in which JSON's escapes hold too."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def coverage_part(coverage: Coverage) -> Iterator[str]:
    """What the set covers."""
    yield "## What it covers\n"
    span = coverage.span()
    days = f", published {span[0]} to {span[1]}" if span else ""
    yield f"{counted(coverage.articles, 'article')} of {counted(len(coverage.sources), 'source')}{days}.\n"
    yield from counts_part("Languages", coverage.counts.get("language"))
    yield from counts_part("Kinds of articles", coverage.counts.get("article_type"))
    yield from counts_part("Access", coverage.counts.get("access"))
    yield "### Articles by source and month\n"
    yield from month_table(coverage)


def counts_part(title: str, counts: Mapping[str, int] | None) -> Iterator[str]:
    """A line of counts, the most first."""
    if counts:
        most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        shown = ", ".join(f"{cell(name)} {number(count)}" for name, count in most[:MOST_COUNTED])
        more = f" and {len(most) - MOST_COUNTED} more" if len(most) > MOST_COUNTED else ""
        yield f"{title}: {shown}{more}.\n"


def month_table(coverage: Coverage) -> Iterator[str]:
    """A row for each source and month that has articles: sources may be many, a column each would not do."""
    rows = (
        (source, month, count)
        for source in coverage.sources
        for month, counts in coverage.months().items()
        if (count := counts[source])
    )
    yield table(("source", "month", "articles"), rows)


def missing_part(coverage: Coverage, undated: int = 0) -> Iterator[str]:
    """What the set lacks: days, values, and so many `undated` articles that a choice by days left out."""
    yield "## What it lacks\n"
    yield (
        "An archive knows what it was shown. A day without an article may be a day on which nothing was "
        "published, or one that the crawl did not see; `muragat status --missing` in the archive estimates "
        "the latter.\n"
    )
    if undated:
        were = "was" if undated == 1 else "were"
        yield (
            f"{counted(undated, 'article')} without a stated day of publication {were} left out: the set was "
            "chosen by days.\n"
        )
    gaps = coverage.gaps()
    if gaps:
        yield "### A week or more without an article, between a source's first and last\n"
        spans = ((gap.source, gap.first, gap.last, gap.days) for gap in gaps[:MOST_GAPS])
        yield table(("source", "from", "to", "days"), spans)
        if len(gaps) > MOST_GAPS:
            yield f"And {len(gaps) - MOST_GAPS} more.\n"
    else:
        yield "No source has a week without an article between its first and its last.\n"
    yield "### Empty values\n"
    yield "Empty means that the page did not say; nothing stands in for it.\n"
    rows = (
        (f"`{column.name}`", coverage.missing[column.name], share(coverage.missing[column.name], coverage))
        for column in coverage.columns
        if coverage.missing[column.name]
    )
    yield table(("column", "empty in", "share"), rows)


def share(count: int, coverage: Coverage) -> str:
    """How much of all articles that is, in per cent."""
    return f"{100 * count / coverage.articles:.1f} %" if coverage.articles else ""


def columns_part(columns: Sequence[Column]) -> Iterator[str]:
    """The columns and what they mean."""
    yield "## Columns\n"
    rows = ((f"`{c.name}`", c.type, c.meaning, c.schema_org or "") for c in columns)
    yield table(("column", "type", "meaning", "schema.org"), rows)


def making_part(coverage: Coverage) -> Iterator[str]:
    """By which rules the texts were read."""
    yield "## How it was made\n"
    yield (
        "Pages were fetched by [Muragat](https://pypi.org/project/muragat/) from the sources' own sites, "
        "obeying robots.txt, kept as received, and read into articles by code and a small learned model. "
        "`cleaned_with` says by which version of the cleaning.\n"
    )
    yield from counts_part("Cleaning versions", coverage.counts.get("cleaned_with"))
    yield from counts_part("Precision of dates", coverage.counts.get("published_precision"))


def rights_part(rights: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Whose the texts are, source by source, and what their publishers reserve."""
    yield "## Rights\n"
    yield (
        "The articles belong to their publishers. Collecting them for an archive or for research does not "
        "make them free: check what the law of your country lets you do, and ask the publisher for more. "
        "Reservations against text and data mining are given as they were found when the site was crawled; "
        "where none is noted, none was looked for or none was found.\n"
    )
    names = list(dict.fromkeys(name for one in rights for name in one))
    if rights:
        yield table(names, (["" if one.get(name) is None else one[name] for name in names] for one in rights))


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown; without rows a line that says so."""
    names = list(head)
    lines = [f"| {' | '.join(map(cell, row))} |" for row in rows]
    if not lines:
        return "None.\n"
    return "\n".join([f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *lines]) + "\n"


def cell(value: object) -> str:
    """A value in a cell: one line, no mark that ends it."""
    said = number(value) if isinstance(value, int) else str(value)
    return " ".join(said.replace("|", "\\|").replace("<", "&lt;").split())


def counted(value: int, noun: str) -> str:
    """So many of something."""
    return f"{number(value)} {noun}{'' if value == 1 else 's'}"


def number(value: int) -> str:
    """A number with its thousands apart."""
    return f"{value:,}".replace(",", " ")
