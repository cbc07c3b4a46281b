"""Measure the search on a made-up archive of any size: building, adding, asking, suggesting.

    python benchmarks/search.py --articles 100000

Times are of the processor, never of the clock, and the building is compared with a plain FTS5 index over the
same texts in the same run. Articles of about 2 kB (55 % Russian, 40 % Kazakh, 5 % English) are written from
dictionary words in random forms, by Zipf's law, in ten years of ten sources.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
from markdown_table import table
from pymorphy3 import MorphAnalyzer

from archive.search.analysis.kazakh import STEMS
from archive.search.analysis.kazakh_suffixes import ENDS, HARMONIES, NOUN
from archive.search.finding import search
from archive.search.related import related_ids
from archive.search.spelling import suggestion
from archive.store.articles import ID_EPOCH, IDS_PER_MINUTE
from archive.store.connection import open_to_write
from archive.store.migrations import migrations
from archive.store.search_index import SearchIndex, index_size

LEXEMES, BATCH, HITS, QUESTIONS = 40_000, 2_000, 20, 200
WORDS = {"ru": 100, "kk": 85, "en": 250}
SHARES = {"ru": 0.55, "kk": 0.40, "en": 0.05}
YEARS_MINUTES = 10 * 365 * 24 * 60
FIRST_MINUTE = 26 * 365 * 24 * 60
RAW = (
    "CREATE VIRTUAL TABLE raw_fts USING fts5(title, lead, body, content='articles', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2')"
)


def vocabularies(seed: int) -> dict[str, list[list[str]]]:
    """For each language its lexemes, the commonest first, each with its forms."""
    chance = random.Random(seed)
    morphology = MorphAnalyzer(lang="ru")
    lemmas: dict[str, list[str]] = {}
    for word, tag, lemma, *_ in morphology.dictionary.iter_known_words():
        if tag.POS in {"NOUN", "VERB", "ADJF"} and "-" not in word and len(lemma) > 3:
            lemmas.setdefault(lemma, []).append(word)
    russian = chance.sample(sorted(lemmas.values()), LEXEMES)
    stems = sorted(STEMS) + [
        "".join(chance.choices("бдғжзклмнпрстш аәеіоөұүы".replace(" ", ""), k=6)) for _ in range(20_000)
    ]
    chance.shuffle(stems)
    kazakh = [[stem, *(stem + ending for ending in endings_of(stem, chance))] for stem in stems]
    roots = ["".join(chance.choices("aeioubcdfglmnprst", k=chance.randint(4, 8))) for _ in range(20_000)]
    english = [[root, f"{root}s", f"{root}ed", f"{root}ing"] for root in roots]
    return {"ru": russian, "kk": kazakh, "en": english}


def endings_of(stem: str, chance: random.Random) -> list[str]:
    """A dozen endings the stem may take."""
    kind = ENDS.get(stem[-1])
    endings = sorted(NOUN[kind, chance.choice(HARMONIES)]) if kind else []
    return chance.sample(endings, min(12, len(endings)))


class Writer:
    """Writes articles that say nothing, with the statistics of ones that do."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.words = vocabularies(seed)
        self.weights = {}
        for language, lexemes in self.words.items():
            weights = 1 / (np.arange(len(lexemes)) + 2.7)
            self.weights[language] = np.cumsum(weights / weights.sum())

    def text(self, language: str, words: int) -> str:
        """A text of so many words."""
        lexemes = self.words[language]
        places = np.searchsorted(self.weights[language], self.random.random(words))
        forms = self.random.random(words) ** 3  # some forms of a word are commoner than others
        said = [lexemes[p][int(f * len(lexemes[p]))] for p, f in zip(places, forms, strict=True)]
        return " ".join(said[:7]).capitalize() + " " + " ".join(said[7:]) + "."

    def rows(self, count: int) -> Iterator[tuple[object, ...]]:
        """Rows of `articles`: id, source, url, title, lead, body, language, day."""
        minutes = np.sort(self.random.integers(FIRST_MINUTE, FIRST_MINUTE + YEARS_MINUTES, count))
        languages = self.random.choice(list(SHARES), size=count, p=list(SHARES.values()))
        last, order = -1, 0
        for number in range(count):
            minute, language = int(minutes[number]), str(languages[number])
            order = order + 1 if minute == last else 0
            last = minute
            day = str(np.datetime64(ID_EPOCH.date()) + np.timedelta64(minute // 1440, "D"))
            title, lead = self.text(language, 8), self.text(language, 14)
            body = self.text(language, WORDS[language])
            yield (
                minute * IDS_PER_MINUTE + order,
                f"source{number % 10}",
                f"u{number}",
                title,
                lead,
                body,
                language,
                day,
            )


def fill(db: sqlite3.Connection, writer: Writer, count: int) -> int:
    """Put `count` articles in, past the triggers; returns the bytes of their texts."""
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    for number in range(10):
        db.execute(
            "INSERT INTO sources VALUES (?, ?, 'h', '[]', 'Asia/Almaty', NULL, NULL, NULL)",
            [f"source{number}"] * 2,
        )
    size, rows = 0, []
    insert = (
        "INSERT INTO articles (id, source, url, requested_url, url_key, title, lead, body, body_html, "
        "authors, breadcrumbs, tags, language, access, article_type, is_article, evidence, problems, "
        "cleaned_with, content_hash, page_id, revisions, first_seen_at, last_seen_at, published_date) VALUES "
        "(?1, ?2, ?3, ?3, ?3, ?4, ?5, ?6, '', '[]', '[]', '[]', ?7, 'free', 'article', 1, '{}', '[]', '2', "
        "'', 1, 1, '', '', ?8)"
    )
    for row in writer.rows(count):
        rows.append(row)
        size += sum(len(str(text).encode()) for text in row[3:6])
        if len(rows) == BATCH:
            db.executemany(insert, rows)
            db.commit()
            rows = []
    db.executemany(insert, rows)
    for _, sql in triggers:
        db.execute(sql)
    db.commit()
    return size


def cpu(work: Callable[[], object]) -> float:
    """Seconds of the processor that something takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def build_raw(db: sqlite3.Connection) -> None:
    """A plain index of the words as they are written, filled as ours is."""
    db.execute(RAW)
    last = 2**63 - 1
    while rows := db.execute(
        "SELECT id, title, lead, body FROM articles WHERE id < ? ORDER BY id DESC LIMIT 250", [last]
    ).fetchall():
        db.executemany("INSERT INTO raw_fts (rowid, title, lead, body) VALUES (?, ?, ?, ?)", rows)
        db.commit()
        last = rows[-1][0]
    db.execute("INSERT INTO raw_fts (raw_fts) VALUES ('optimize')")
    db.commit()


def questions(writer: Writer, chance: random.Random) -> dict[str, list[str]]:
    """What is asked, by class: words of the head, the middle and the tail of the vocabulary."""

    def word(language: str, first: int, last: int) -> str:
        return chance.choice(writer.words[language][chance.randrange(first, last)])

    def tongue() -> str:
        return chance.choice(["ru", "ru", "kk"])

    def two(first: int, last: int) -> str:
        language = tongue()
        return f"{word(language, 0, first)} {word(language, first, last)}"

    commonest = writer.words["ru"][0][0]
    return {
        "the commonest word": [commonest] * 20,
        "common word": [word(tongue(), 0, 60) for _ in range(QUESTIONS)],
        "rare word": [word(tongue(), 2_000, 15_000) for _ in range(QUESTIONS)],
        "two words": [two(100, 3_000) for _ in range(QUESTIONS)],
        "phrase": [f'"{two(100, 1_000)}"' for _ in range(QUESTIONS)],
        "word OR word": [two(100, 3_000).replace(" ", " OR ") for _ in range(QUESTIONS)],
        "prefix": [word("ru", 0, 3_000)[:4] + "*" for _ in range(QUESTIONS)],
        "word, source, year": [f"{word('ru', 0, 200)} source:source3 date:2019" for _ in range(QUESTIONS)],
    }


def slips(writer: Writer, chance: random.Random) -> list[str]:
    """Words with one letter wrong."""
    letters = "абвгдежзийклмнопрстуфхцчшыьэюя"
    found = []
    while len(found) < QUESTIONS:
        word = chance.choice(writer.words["ru"][chance.randrange(50, 5_000)])
        place = chance.randrange(1, len(word))
        found.append(word[:place] + chance.choice(letters) + word[place + 1 :])
    return found


def percentiles(times: list[float]) -> str:
    """Half and 95 of 100 are faster, in milliseconds."""
    half, most = np.percentile(np.array(times) * 1_000, [50, 95])
    return f"{half:.1f} / {most:.1f}"


def measure(path: Path, articles: int, seed: int) -> list[tuple[str, str]]:
    """What there is to say of an archive of this size."""
    writer, chance = Writer(seed), random.Random(seed)
    with closing(open_to_write(path, migrations)) as db:
        text = fill(db.conn, writer, articles)
        raw = cpu(lambda: build_raw(db.conn))
        raw_size = db.conn.execute("SELECT sum(length(block)) FROM raw_fts_data").fetchone()[0]
        db.conn.execute("DROP TABLE raw_fts")
        index = SearchIndex(db, path)
        ours = cpu(lambda: list(index.rebuild()))
        rows = [
            ("text", f"{text / 1e6:,.0f} MB"),
            ("plain FTS5: articles a second, index ÷ text", f"{articles / raw:,.0f}, {raw_size / text:.3f}"),
            ("ours: articles a second, index ÷ text", f"{articles / ours:,.0f}, {index_size(db) / text:.3f}"),
            ("speed of building ÷ plain FTS5", f"{raw / ours:.2f}"),
            ("adding in batches of 50, ms an article", f"{adding(db, index, writer):.2f}"),
        ]
        for name, asked in questions(writer, chance).items():
            search(db, asked[0], limit=HITS)
            rows.append(
                (
                    f"{name}, ms p50 / p95",
                    percentiles([cpu(lambda w=w: search(db, w, limit=HITS)) for w in asked]),
                )
            )
        newest = [
            cpu(lambda w=w: search(db, w, limit=HITS, newest=True))
            for w in questions(writer, chance)["common word"]
        ]
        rows.append(("common word, newest first", percentiles(newest)))
        suggestion(db.conn, "слово")
        rows.append(
            (
                "suggestion",
                percentiles([cpu(lambda w=w: suggestion(db.conn, w)) for w in slips(writer, chance)]),
            )
        )
        ids = [
            row[0]
            for row in db.conn.execute("SELECT id FROM articles ORDER BY random() LIMIT ?", [QUESTIONS])
        ]
        rows.append(("more like this", percentiles([cpu(lambda i=i: related_ids(db.conn, i)) for i in ids])))
    return rows


def adding(db: object, index: SearchIndex, writer: Writer) -> float:
    """Milliseconds an article costs the index when 50 come at once; its texts are changed and taken in."""
    connection = index.db.conn
    ids = [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY id DESC LIMIT 1000")]
    connection.execute("BEGIN")
    connection.executemany("UPDATE articles SET body = ? WHERE id = ?", [("", one) for one in ids])
    index.apply_changes()
    connection.commit()
    spent = 0.0
    for start in range(0, len(ids), 50):
        texts = [(writer.text("ru", WORDS["ru"]), one) for one in ids[start : start + 50]]
        connection.execute("BEGIN")
        connection.executemany("UPDATE articles SET body = ? WHERE id = ?", texts)
        spent += cpu(index.apply_changes) + cpu(connection.commit)
    return spent / len(ids) * 1_000


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="leave the archive in this folder")
    chosen = options.parse_args()
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="muragat-search-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        rows = measure(folder / "news.db", chosen.articles, chosen.seed)
    finally:
        if not chosen.keep:
            shutil.rmtree(folder)
    print(table(f"{chosen.articles:,} articles", rows, ["figure"]))


if __name__ == "__main__":
    main()
