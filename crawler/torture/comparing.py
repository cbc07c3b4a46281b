"""What a tortured archive lacks, has twice or has otherwise than one that nobody disturbed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.health.findings import KINDS
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder

# What a page says, in columns: all that does not depend on when it was asked.
COMPARED = (
    *("url", "canonical_url", "title", "kicker", "lead", "body", "body_html", "content_hash"),
    *("published_at", "published_local", "published_raw", "published_evidence", "modified_at"),
    *("authors", "agency", "section", "tags", "language", "access", "article_type", "revisions"),
)
COUNTED_LISTS = {"links": "article_id", "images": "article_id", "revisions": "article_id"}
AUDIT_CLOSING = re.compile(r"(\d+) lost, (\d+) double, (\d+) damaged")


class Faults:
    """What is lost, double or damaged, counted by kind, with a sentence for each."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.said: list[str] = []

    def add(self, kind: str, said: str, count: int = 1) -> None:
        """Note `count` faults of a kind."""
        self.counts[kind] += count
        self.said.append(f"{kind}: {said}")

    def __bool__(self) -> bool:
        return bool(self.said)

    def counted(self) -> str:
        """How many of each kind, in the words of an audit."""
        return ", ".join(f"{self.counts[kind]} {kind}" for kind in KINDS)


def compare(tortured: Path, undisturbed: Path, faults: Faults) -> None:
    """Compare article by article, then audit every text and page; notes what is wrong."""
    there, expected = articles_of(tortured), articles_of(undisturbed)
    urls = Counter(article["url"] for article in there.values())
    for url in sorted({article["url"] for article in expected.values()} - urls.keys()):
        faults.add("lost", url)
    for url, count in urls.items():
        if count > 1:
            faults.add("double", f"{url}: {count} articles", count - 1)
    for key in sorted(there.keys() - expected.keys()):
        faults.add("double", f"{there[key]['url']}: an article that no undisturbed crawl finds")
    for key in sorted(there.keys() & expected.keys()):
        if columns := list(differing(there[key], expected[key])):
            faults.add("damaged", f"{expected[key]['url']}: other {', '.join(columns)}")
    audit(tortured, faults)


def articles_of(archive: Path) -> dict[str, dict[str, Any]]:
    """What an archive says of each article, by its key: columns, and how many rows each list has."""
    lists = ", ".join(
        f"(SELECT count(*) FROM {table} t WHERE t.{column} = a.id) AS {table}_rows"
        for table, column in COUNTED_LISTS.items()
    )
    query = f"SELECT a.url_key, {', '.join(f'a.{name}' for name in COMPARED)}, {lists} FROM articles a"
    with closing(open_to_read(ArchiveFolder(archive).news)) as db:
        return {row["url_key"]: row for row in db.query(query)}


def differing(one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    """The names of what two say differently."""
    return (name for name, value in other.items() if one[name] != value)


def audit(archive: Path, faults: Faults) -> None:
    """Have `muragat audit --full` look at the archive, as a user would."""
    command = [sys.executable, "-m", "crawler", "audit", "--full", "--archive", str(archive)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    lines = ended.stdout.splitlines()
    closing_line = AUDIT_CLOSING.fullmatch(lines[-1]) if lines else None
    if closing_line is None:
        faults.add("damaged", f"the audit ended with exit code {ended.returncode}: {ended.stderr.strip()}")
        return
    for kind, count in zip(KINDS, map(int, closing_line.groups()), strict=True):
        if count:
            said = "; ".join(line for line in lines[:-1] if f" {kind}" in line[:12])
            faults.add(kind, f"audit: {said}", count)
