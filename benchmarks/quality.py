"""How well cleaning reads real pages, against the truth people wrote down for them.

    python benchmarks/quality.py [--floors] [--shared DIR]

The corpora are not part of this project: --shared, MURAGAT_SHARED or ../shared names their folder; without it
this says so and ends well. --floors compares with benchmarks/floors.json and fails below one; they only rise.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import lxml.html

from archive.records import Article
from crawler.cleaning import clean
from crawler.cleaning.dates import read_moment

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
CORPORA = ("fundus", "kz", "wcxb-dev", "newspaper4k")


def main() -> int:
    arguments = parsed_arguments()
    shared = Path(arguments.shared or os.environ.get("MURAGAT_SHARED") or HERE.parent.parent / "shared")
    if not (shared / "corpora").is_dir():
        print(f"no corpora of real pages at {shared}: nothing measured")
        return 0
    figures = {name: corpus_figures(shared, name) for name in CORPORA}
    figures["dates"] = date_figures(shared)
    show(figures)
    return below_floors(figures) if arguments.floors else 0


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--floors", action="store_true", help="fail below a floor")
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    return parser.parse_args()


def corpus_figures(shared: Path, name: str) -> dict[str, float]:
    """The figures of one corpus by short names, and CPU of cleaning over CPU of parsing."""
    corpus = shared / "corpora" / name
    truth = [json.loads(line) for line in (corpus / "truth.jsonl").open(encoding="utf-8")]
    pages = [(str(corpus / "pages" / f"{row['id']}.html.gz"), row) for row in truth]
    with ProcessPoolExecutor() as pool:
        predictions = list(pool.map(prediction, pages, chunksize=8))
    scorer = loaded_scorer(shared)
    articles = [row for row in truth if row.get("page_type", "article") == "article"]
    scored, _ = scorer.score(articles, {row["id"]: row for row in predictions}, n_boot=0)
    figures = {
        "pages": len(articles),
        "body_f1": scored["body"]["f1"],
        "body_exact": scored["body"]["accuracy"],
        "cpu_over_parse": sum(p["seconds"] for p in predictions)
        / sum(p["parse_seconds"] for p in predictions),
    }
    for figure, field, key in (
        ("title_exact", "title", "exact"),
        ("right_day", "date", "right"),
        ("wrong_day", "date", "wrong"),
        ("authors_f1", "authors", "f1"),
    ):
        if field in scored:
            figures[figure] = scored[field][key]
    return figures


def prediction(page: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """What cleaning says of one page, as the scorer reads it."""
    path, row = page
    raw = gzip.decompress(Path(path).read_bytes())
    begun = time.process_time()
    article = clean(raw, row.get("url") or "https://page.invalid/")
    seconds = time.process_time() - begun
    begun = time.process_time()
    lxml.html.document_fromstring(raw)
    return {
        "id": row["id"],
        "title": article.title,
        "body": article.body,
        "published": stated_day(article),
        "authors": [author.name for author in article.authors],
        "lang": article.language,
        "seconds": seconds,
        "parse_seconds": time.process_time() - begun,
    }


def stated_day(article: Article) -> str | None:
    """The publication as the scorer reads it: the local day, or the instant with its offset."""
    if article.published_precision == "day" and article.published_date:
        return article.published_date.isoformat()
    return article.published_local.isoformat() if article.published_local else None


def date_figures(shared: Path) -> dict[str, float]:
    """How many date texts in words are read right and wrong."""
    rows = [json.loads(x) for x in (shared / "corpora/dates/dates.jsonl").open(encoding="utf-8")]
    right = wrong = 0
    for row in rows:
        now = datetime.fromisoformat(row["now"])
        moment = read_moment(row["text"], now=now, zone=now.tzinfo or UTC, languages=[row["lang"][:2]])
        if moment is None:
            continue
        expected = row["expected"]
        said = moment.at.isoformat() if moment.zone_stated else moment.at.replace(tzinfo=None).isoformat()
        good = said.startswith(expected) or same_instant(said, expected)
        right, wrong = right + good, wrong + (not good)
    return {"texts": len(rows), "right": right, "wrong": wrong}


def same_instant(one: str, other: str) -> bool:
    """Whether two ISO times with offsets are the same moment."""
    a, b = datetime.fromisoformat(one), datetime.fromisoformat(other)
    return bool(a.tzinfo and b.tzinfo and a == b)


def loaded_scorer(shared: Path) -> ModuleType:
    """The corpora's own scorer."""
    spec = importlib.util.spec_from_file_location("score", shared / "tools" / "score.py")
    assert spec is not None and spec.loader is not None, "the corpora come with their scorer"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def show(figures: dict[str, dict[str, float]]) -> None:
    """Print one line for each corpus."""
    for corpus, values in figures.items():
        shown = "  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in values.items())
        print(f"{corpus:12} {shown}")


def below_floors(figures: dict[str, dict[str, float]]) -> int:
    """1 when a figure is below its floor, or above its ceiling where less is better; says which."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    failed = 0
    for corpus, bounds in floors.items():
        for name, bound in bounds.items():
            least = name.removeprefix("max_")
            value = figures[corpus][least]
            if value > bound if name.startswith("max_") else value < bound:
                print(f"{corpus}: {least} is {value:.3f}, the floor is {bound}")
                failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
