"""Finding copies measured: which are found among made articles, and what saving costs as archives grow.

python benchmarks/copies.py                     quality on 10,000 articles, cost at 10,000 and 100,000
python benchmarks/copies.py --sizes 1000000     the cost in a large archive too: about 6 GB under --folder
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory

import numpy as np
from made_articles import Made, Newsroom, made_articles, true_pairs
from markdown_table import table
from sqlite_utils import Database

from archive.store.connection import open_to_write, transaction
from archive.store.copies import BATCH, CopyStore
from archive.store.migrations import migrations
from archive.syndication.article_fingerprints import fingerprints_of
from archive.syndication.clusters import LEAST_SAME_NUMBERS, THRESHOLD
from archive.syndication.finding import copies_of
from archive.syndication.fingerprints import numbers_of, runs
from archive.syndication.sharing import PASSAGE, shared
from archive.syndication.words import words_of

FLOORS = Path(__file__).with_name("floors.json")
QUALITY_SIZE = 10_000
PROBES = 1_000  # articles saved, and timed, in an archive of each size
CHUNK = 20_000
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """How a set of pairs compares with the true ones: `recall` and `precision`, 0 to 1."""

    true: int
    found: int
    recall: float
    precision: float


def compared(found: set[Pair], true: set[Pair]) -> Found:
    """What was found, held against the truth."""
    both = len(found & true)
    return Found(len(true), len(found), both / len(true), both / len(found))


def opened(folder: Path, name: str) -> tuple[Database, CopyStore]:
    """A new archive's news.db that keeps articles and copies, and no search rows or counts."""
    path = folder / f"{name}.db"
    db = open_to_write(path, migrations)
    for row_of in ("search", "count"):
        for event in ("insert", "delete"):
            db.conn.execute(f"DROP TRIGGER articles_{row_of}_{event}")
    db.conn.execute("INSERT INTO sources VALUES ('s', 's', 'h', '[]', 'UTC', NULL, NULL, NULL)")
    db.conn.commit()
    return db, CopyStore(db, path)


EMPTY = dict.fromkeys(("authors", "breadcrumbs", "tags", "problems", "evidence"), "[]")
STATED = {"source": "s", "access": "free", "article_type": "article", "cleaned_with": "1"}
COUNTED = {"is_article": 1, "page_id": 1, "revisions": 1}
UNSAID = dict.fromkeys(("body_html", "content_hash", "first_seen_at", "last_seen_at"), "")
ARTICLE = EMPTY | STATED | COUNTED | UNSAID
NAMES = ", ".join(("id", "url", "requested_url", "url_key", "body", *ARTICLE))
INSERT = f"INSERT INTO articles ({NAMES}) VALUES (?, ?, ?, ?, ?, {', '.join('?' * len(ARTICLE))})"
FIRST_ID = 19_000_000_000  # as an article of 2026 has


def insert_articles(db: Database, first: int, articles: Sequence[Made]) -> list[int]:
    """Rows of articles, numbered from `first`; returns their ids."""
    ids = [FIRST_ID + first + n for n in range(len(articles))]
    rows = (
        (id_, f"u{id_}", f"u{id_}", f"u{id_}", made.text, *ARTICLE.values())
        for id_, made in zip(ids, articles, strict=True)
    )
    db.conn.executemany(INSERT, rows)
    return ids


def save_all(db: Database, store: CopyStore, first: int, articles: Sequence[Made]) -> list[float]:
    """Save articles in batches, as a crawl does; returns the CPU seconds of each one's copies.

    The commit of a batch is shared out among its articles.
    """
    seconds = []
    for start in range(0, len(articles), BATCH):
        batch = articles[start : start + BATCH]
        with transaction(db, store.path):
            ids = insert_articles(db, first + start, batch)
        begun = time.process_time()
        with transaction(db, store.path):
            for id_, made in zip(ids, batch, strict=True):
                before = time.process_time()
                store.take_in(id_, made.text)
                seconds.append(time.process_time() - before)
        commit = time.process_time() - begun - sum(seconds[-len(batch) :])
        seconds[-len(batch) :] = [one + commit / len(batch) for one in seconds[-len(batch) :]]
    return seconds


def found_pairs(db: Database, count: int, threshold: float) -> set[Pair]:
    """The pairs that asking for each article's copies shows, by place in the list."""
    pairs = set()
    for place in range(count):
        for copy in copies_of(db, FIRST_ID + place, threshold):
            other = copy.id - FIRST_ID
            if other != place and copy.share >= threshold:
                pairs.add((min(place, other), max(place, other)))
    return pairs


def exact_pairs(articles: Sequence[Made], threshold: float) -> set[Pair]:
    """The same by comparing each article with every other, without fingerprints.

    Every run of three words of each is looked up in all; what has three in ten in common is then compared
    word by word. A pair that shares four fifths of its words has more of its runs in common.
    """
    texts = [words_of(made.text) for made in articles]
    of_article = [np.unique(runs(numbers_of(text), PASSAGE)) for text in texts]
    hashes = np.concatenate(of_article)
    owners = np.repeat(np.arange(len(articles)), [len(one) for one in of_article])
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    pairs = set()
    for place, mine in enumerate(of_article):
        begins, ends = np.searchsorted(hashes, mine), np.searchsorted(hashes, mine, side="right")
        having = np.concatenate([owners[a:b] for a, b in zip(begins, ends, strict=True)] or [owners[:0]])
        common = np.bincount(having, minlength=len(articles))
        for other in np.flatnonzero(common[:place]).tolist():
            fewer = min(len(mine), len(of_article[other]))
            if common[other] >= 0.3 * fewer and is_copy(texts[place], texts[other], threshold):
                pairs.add((other, place))
    return pairs


def is_copy(text: Sequence[str], other: Sequence[str], threshold: float) -> bool:
    """Whether two texts are copies by what `muragat copies` calls so."""
    found = shared(text, other)
    is_form = found.same_numbers is not None and found.same_numbers < LEAST_SAME_NUMBERS
    return max(found.share, found.share_of_other) >= threshold and not is_form


def quality(folder: Path, size: int) -> dict[str, Found]:
    """What is found among made articles: against who took it from whom, and against comparing all."""
    articles = made_articles(size)
    db, store = opened(folder, "quality")
    with closing(db):
        save_all(db, store, 0, articles)
        found = found_pairs(db, size, THRESHOLD)
    return {
        "who took it from whom": compared(found, true_pairs(articles, THRESHOLD)),
        "comparing each with every other": compared(found, exact_pairs(articles, THRESHOLD)),
    }


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds to save an article's copies in an archive of a size, and bytes of index an article."""

    size: int
    mean_ms: float
    p95_ms: float
    paired: float
    bytes: float
    bytes_of_text: float


def costs(folder: Path, sizes: Sequence[int]) -> Iterator[Cost]:
    """Save the same new articles in one archive as it grows; a third are copies of what is there."""
    news = Newsroom(1).news()
    stories = list(islice(news, 2 * PROBES))
    probes, present = stories[::2], stories[1::2]
    db, store = opened(folder, "cost")
    with closing(db):
        fill(db, 0, present)
        filled = len(present)
        for size in sizes:
            while filled < size:
                chunk = list(islice(news, min(CHUNK, size - filled)))
                fill(db, filled, chunk)
                filled += len(chunk)
            yield cost(db, store, size, probes)


def fill(db: Database, first: int, articles: Sequence[Made]) -> None:
    """Put articles and fingerprints in, without looking for pairs."""
    with transaction(db, Path("cost.db")):
        ids = insert_articles(db, first, articles)
        db.conn.executemany(
            "INSERT INTO article_fingerprints VALUES (?, ?, ?)",
            ((id_, *counted(made.text)) for id_, made in zip(ids, articles, strict=True)),
        )


def counted(text: str) -> tuple[int, bytes]:
    """How many words a text has, and its fingerprints."""
    taken = fingerprints_of(text)
    return taken.words, taken.hashes


def cost(db: Database, store: CopyStore, size: int, probes: Sequence[Made]) -> Cost:
    """Save new articles, take the time, and take them out again."""
    first = 10**8
    milliseconds = [1000 * one for one in save_all(db, store, first, probes)]
    ids = [FIRST_ID + first + n for n in range(len(probes))]
    paired = mean(bool(store.partners(id_)) for id_ in ids)
    with transaction(db, store.path):
        db.conn.execute("DELETE FROM articles WHERE id >= ?", [FIRST_ID + first])
    held = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('fingerprints', 'article_fingerprints')"
    (index,) = db.conn.execute(held).fetchone()
    (text,) = db.conn.execute("SELECT avg(length(CAST(body AS BLOB))) FROM articles").fetchone()
    return Cost(size, mean(milliseconds), quantiles(milliseconds, n=20)[-1], paired, index / size, text)


def quality_table(found: dict[str, Found]) -> str:
    """Recall and precision against each truth."""
    rows = [
        [name, str(one.true), str(one.found), f"{one.recall:.4f}", f"{one.precision:.4f}"]
        for name, one in found.items()
    ]
    return table("the truth", rows, ["pairs", "found", "recall", "precision"])


def cost_table(found: Sequence[Cost]) -> str:
    """What saving costs, also as a ratio to the smallest archive."""
    rows = [
        [
            f"{one.size:,}",
            f"{one.mean_ms:.2f} ms",
            f"{one.p95_ms:.2f} ms",
            f"{one.mean_ms / found[0].mean_ms:.2f}",
            f"{one.paired:.0%}",
            f"{one.bytes:,.0f}",
            f"{one.bytes_of_text:,.0f}",
        ]
        for one in found
    ]
    heads = ["CPU an article", "p95", "ratio", "had copies", "bytes of index", "bytes of text"]
    return table("articles", rows, heads)


def below_floors(found: dict[str, Found], costs_found: Sequence[Cost]) -> Iterator[str]:
    """Yield what is worse than benchmarks/floors.json allows."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["copies"]
    for name, one in found.items():
        for measure in ("recall", "precision"):
            if getattr(one, measure) < floors[measure]:
                yield f"{measure} against {name}: {getattr(one, measure):.4f} < {floors[measure]}"
    for one in costs_found:
        if one.mean_ms > floors["max_growth"] * costs_found[0].mean_ms:
            yield f"saving at {one.size:,} articles costs over {floors['max_growth']} times the least"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print two tables, and say what is below the floors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--articles", type=int, default=QUALITY_SIZE, help="made articles to find copies among"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[10_000, 100_000], help="archives to save into"
    )
    parser.add_argument("--folder", type=Path, help="where the archives are made and removed again")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory(dir=chosen.folder) as folder:
        found = quality(Path(folder), chosen.articles) if chosen.articles else {}
        print(quality_table(found) + "\n" if found else "")
        costs_found = list(costs(Path(folder), sorted(chosen.sizes)))
        print(cost_table(costs_found) if costs_found else "")
    failures = list(below_floors(found, costs_found))
    print("\n".join(failures) or "all floors are kept")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
