"""How well the links an article offers to read next are told from all others.

    python benchmarks/links.py [CORPUS] [--worst]

CORPUS is a folder with `truth.jsonl` (id, url, related: address and text of each, or its text alone) and
`pages/<id>.html.gz`. Prints precision and recall over all links together (micro) and as the mean over pages
(macro; a page without related links counts where some are wrongly found). --worst lists what was missed and
what was wrongly found.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import click

from archive.identity import url_key
from archive.records import Link
from crawler.cleaning import clean
from crawler.cleaning.structured import squeezed

HERE = Path(__file__).parent
ADDRESS = re.compile(r"(?:https?:/)?/\S+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One page: the links rightly found, wrongly found, and what the truth has besides."""

    page: str
    right: tuple[Link, ...]
    wrong: tuple[Link, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; `None` where nothing was."""
        found = len(self.right) + len(self.wrong)
        return len(self.right) / found if found else None

    @property
    def recall(self) -> float | None:
        """The share of what is true that was found; `None` where nothing is."""
        told = len(self.right) + len(self.missed)
        return len(self.right) / told if told else None


def verdicts(corpus: Path) -> Iterator[Verdict]:
    """Yield how each page of a corpus was read."""
    for line in (corpus / "truth.jsonl").read_bytes().splitlines():
        row = json.loads(line)
        if "related" in row:
            raw = gzip.decompress((corpus / "pages" / f"{row['id']}.html.gz").read_bytes())
            links = [link for link in clean(raw, row["url"]).links if link.zone == "related"]
            yield verdict(row, links)


def verdict(row: dict[str, Any], links: Sequence[Link]) -> Verdict:
    """What is right and wrong of the links found on one page: each true one is matched once."""
    left = list(dict.fromkeys(row["related"]))
    right, wrong = [], []
    for link in links:
        match = next((told for told in left if is_same(told, link, row["url"])), None)
        if match is None:
            wrong.append(link)
        else:
            left.remove(match)
            right.append(link)
    return Verdict(row["id"], tuple(right), tuple(wrong), tuple(left))


def is_same(told: str, link: Link, url: str) -> bool:
    """Whether a link is the one the truth tells of, by its address or, where it has none, by its text."""
    if address := ADDRESS.match(told):
        return url_key(urljoin(url, address[0])) == url_key(link.url)
    return squeezed(told) == squeezed(link.text)


def mean(shares: Sequence[float]) -> float:
    """The mean of shares, 1 where there are none."""
    return sum(shares) / len(shares) if shares else 1.0


@click.command(help=__doc__)
@click.argument("corpus", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--worst", is_flag=True, help="List what was missed and what was wrongly found")
def main(corpus: Path | None, worst: bool) -> None:
    shared = Path(os.environ.get("MURAGAT_SHARED") or HERE.parent.parent / "shared")
    folder = corpus or shared / "corpora" / "kz"
    if not folder.is_dir():
        click.echo(f"no corpus of real pages at {folder}: nothing measured")
        return
    read = list(verdicts(folder))
    right, wrong = sum(len(v.right) for v in read), sum(len(v.wrong) for v in read)
    missed = sum(len(v.missed) for v in read)
    click.echo(f"{right} right, {wrong} wrong, {missed} missed on {len(read)} pages")
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    click.echo(f"micro   precision {precision:.3f}  recall {recall:.3f}")
    precisions = [share for v in read if (share := v.precision) is not None]
    recalls = [share for v in read if (share := v.recall) is not None]
    click.echo(f"macro   precision {mean(precisions):.3f}  recall {mean(recalls):.3f}")
    for v in read if worst else ():
        for link in v.wrong:
            click.echo(f"{v.page} wrong: {link.url} {link.text}")
        for told in v.missed:
            click.echo(f"{v.page} missed: {told}")


if __name__ == "__main__":
    main()
