"""How well every field but the body is read, and how the weights of `crawler.cleaning.likelihood` were found.

A corpus is a folder with `truth.jsonl` (id, url, page_type, title, published, authors) and
`pages/<id>.html.gz`.

    python benchmarks/fields.py score CORPUS      shares of right titles, days and authors; CPU against lxml
    python benchmarks/fields.py worst CORPUS      the pages whose title or day is not the truth's
    python benchmarks/fields.py fit CORPUS        weights of "is an article", with four folds by domain
"""

from __future__ import annotations

import gzip
import json
import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import click
import lxml.html

from archive.records import Article
from crawler.cleaning import clean
from crawler.cleaning.body import read_body
from crawler.cleaning.document import Document, read_document
from crawler.cleaning.likelihood import Read, traits
from crawler.cleaning.structured import read_stated, squeezed

Truth = Mapping[str, Any]
FOLDS = 4


@dataclass(frozen=True, slots=True)
class Case:
    """A page, what is true of it, what was read, and what reading and parsing it cost in seconds."""

    truth: Truth
    article: Article
    clean_seconds: float
    parse_seconds: float


def pages(corpus: Path) -> Iterator[tuple[Truth, bytes]]:
    """Yield each page of a corpus with its truth."""
    for line in (corpus / "truth.jsonl").read_bytes().splitlines():
        truth = json.loads(line)
        packed = (corpus / "pages" / f"{truth['id']}.html.gz").read_bytes()
        yield truth, gzip.decompress(packed)


def cases(corpus: Path) -> Iterator[Case]:
    """Yield every page of a corpus as it was read."""
    for truth, raw in pages(corpus):
        started = time.process_time()
        article = clean(raw, truth.get("url") or "https://example.org/a")
        cleaned = time.process_time()
        lxml.html.document_fromstring(raw)
        yield Case(truth, article, cleaned - started, time.process_time() - cleaned)


def day_verdict(truth: Truth, article: Article) -> str:
    """ "right", "wrong" or "missing"; a day is right on the publisher's clock or in UTC."""
    if article.published_at is None:
        return "missing"
    told = str(truth["published"])
    read = {article.published_at.date(), article.published_date}
    return "right" if read & days_of(told) else "wrong"


def days_of(told: str) -> set[date]:
    """The days a truth's moment falls on: as it says, and in UTC when it names an offset."""
    at = datetime.fromisoformat(told.replace("Z", "+00:00"))
    return {at.date(), at.astimezone(UTC).date()} if at.tzinfo else {at.date()}


def author_f1(truth: Truth, article: Article) -> float:
    """How well two sets of names agree, without regard to the order of words in a name."""
    told = {tuple(sorted(name.casefold().split())) for name in truth["authors"]}
    read = {tuple(sorted(author.name.casefold().split())) for author in article.authors}
    return 2 * len(told & read) / (len(told) + len(read)) if told or read else 1.0


def is_news(truth: Truth) -> bool:
    """Whether the truth calls a page an article; corpora of articles alone do not say."""
    return bool(truth.get("page_type", "article") == "article")


@click.group(help=__doc__)
def cli() -> None:
    """Measure."""


@cli.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
def score(corpus: Path) -> None:
    """Print the shares of right values"""
    read = list(cases(corpus))
    articles = [case for case in read if is_news(case.truth)]
    titled = [case for case in articles if case.truth.get("title")]
    right = sum(squeezed(case.truth["title"]) == squeezed(case.article.title or "") for case in titled)
    verdicts = Counter(day_verdict(c.truth, c.article) for c in articles if c.truth.get("published"))
    signed = [author_f1(case.truth, case.article) for case in articles if case.truth.get("authors")]
    kinds = Counter((is_news(c.truth), c.article.article_type != "not_article") for c in read)
    seconds = sum(case.clean_seconds for case in read)
    click.echo(f"pages     {len(read)}, {seconds / sum(case.parse_seconds for case in read):.1f} x lxml")
    click.echo(f"title     {share(right, len(titled))} right of {len(titled)}")
    for verdict in ("right", "wrong", "missing"):
        click.echo(f"day       {share(verdicts[verdict], verdicts.total())} {verdict} of {verdicts.total()}")
    click.echo(f"authors   {sum(signed) / max(len(signed), 1):.3f} F1 of {len(signed)}")
    click.echo(f"articles  {share(kinds[True, True], len(articles))} known as such")
    click.echo(f"others    {share(kinds[False, False], len(read) - len(articles))} known as such")


def share(part: int, whole: int) -> str:
    """A share as a percentage."""
    return f"{100 * part / whole:5.1f} %" if whole else "    –  "


@cli.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
def worst(corpus: Path) -> None:
    """Print the pages whose title or day is not the truth's"""
    for case in cases(corpus):
        truth, article = case.truth, case.article
        if not is_news(truth):
            continue
        if truth.get("title") and squeezed(truth["title"]) != squeezed(article.title or ""):
            click.echo(f"{truth['id']} title: {truth['title']!r}, read {article.title!r}")
        if truth.get("published") and (verdict := day_verdict(truth, article)) != "right":
            read = f"{article.published_date} by {article.published_evidence}"
            click.echo(f"{truth['id']} day {verdict}: {truth['published']}, read {read}")


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
