"""How the weights of `crawler.cleaning.likelihood` were found.

A corpus is a folder with `truth.jsonl` (id, url, page_type) and `pages/<id>.html.gz`.

    python benchmarks/fields.py fit CORPUS        weights of "is an article", with four folds by domain
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import click

from crawler.cleaning import clean
from crawler.cleaning.body import read_body
from crawler.cleaning.document import Document, read_document
from crawler.cleaning.likelihood import Read, traits
from crawler.cleaning.structured import read_stated

Truth = Mapping[str, Any]
FOLDS = 4


def pages(corpus: Path) -> Iterator[tuple[Truth, bytes]]:
    """Yield each page of a corpus with its truth."""
    for line in (corpus / "truth.jsonl").read_bytes().splitlines():
        truth = json.loads(line)
        packed = (corpus / "pages" / f"{truth['id']}.html.gz").read_bytes()
        yield truth, gzip.decompress(packed)


def is_news(truth: Truth) -> bool:
    """Whether the truth calls a page an article; corpora of articles alone do not say."""
    return bool(truth.get("page_type", "article") == "article")


@click.group(help=__doc__)
def cli() -> None:
    """Measure."""


@cli.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
def fit(corpus: Path) -> None:
    """Print the weights of `crawler.cleaning.likelihood` anew"""
    samples = [sample for truth, raw in pages(corpus) if (sample := sample_of(truth, raw))]
    for fold in range(FOLDS):
        weights = fitted([row for row in samples if row[2] != fold])
        click.echo(f"fold {fold}: F1 {f1(weights, [row for row in samples if row[2] == fold]):.3f}")
    for name, weight in fitted(samples).items():
        click.echo(f"{weight:+.2f} {name}")


Sample = tuple[dict[str, float], bool, int]


def sample_of(truth: Truth, raw: bytes) -> Sample | None:
    """A page's traits, whether it is an article, and the fold its domain falls in."""
    url = truth.get("url") or "https://example.org/a"
    document = read_document(raw)
    if not isinstance(document, Document):
        return None
    article = clean(raw, url)

    stated = read_stated(document, url)
    body = read_body(document.tree, base_url=stated.base, title=article.title)
    read = Read(
        body=article.body,
        body_likeness=body.is_article,
        date_evidence=article.published_evidence,
        signed=bool(article.authors),
        expected=False,
    )
    fold = crc32((urlsplit(url).hostname or "").removeprefix("www.").encode()) % FOLDS
    return {"constant": 1.0, **traits(stated, read)}, is_news(truth), fold


def fitted(samples: Sequence[Sample], *, rounds: int = 600, rate: float = 0.5) -> dict[str, float]:
    """Logistic regression by plain gradient descent, lightly held back."""
    weights = dict.fromkeys(samples[0][0], 0.0)
    for _ in range(rounds):
        slope = {name: 0.003 * weight for name, weight in weights.items() if name != "constant"}
        for row, is_article, _ in samples:
            error = (likely(weights, row) - is_article) / len(samples)
            for name, value in row.items():
                slope[name] = slope.get(name, 0.0) + error * value
        weights = {name: weight - rate * slope.get(name, 0.0) for name, weight in weights.items()}
    return weights


def likely(weights: Mapping[str, float], row: Mapping[str, float]) -> float:
    """The chance the weights give a page to be an article."""
    return 1 / (1 + math.exp(-sum(weights[name] * value for name, value in row.items())))


def f1(weights: Mapping[str, float], samples: Sequence[Sample]) -> float:
    """How well the weights tell articles."""
    seen = Counter((is_article, likely(weights, row) >= 0.5) for row, is_article, _ in samples)
    return 2 * seen[True, True] / (2 * seen[True, True] + seen[True, False] + seen[False, True])


if __name__ == "__main__":
    cli()
