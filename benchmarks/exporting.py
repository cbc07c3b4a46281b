"""What an export costs: CPU beside the plainest loop that does the same, and the most memory of each format.

    python benchmarks/exporting.py                        100,000 articles, made in a temporary folder
    python benchmarks/exporting.py --archive DIR --make 1000000
    python benchmarks/exporting.py --archive DIR --memory

The plain loop asks SQLite for the same rows in one statement and hands them to pyarrow or orjson, nothing
else: no bounded batches of ids, no schema, no checks. Both run in turn in one process, three times; the
figures are shares of CPU seconds. Memory is the most that a process of `muragat export` had in use.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pyarrow as pa
from pyarrow import parquet

from archive.exports.columns import USUAL
from archive.exports.exporting import Order, export_articles
from archive.exports.formats import FORMATS, TABLE
from archive.exports.rows import COUNTED, LISTS
from archive.exports.selection import Wanted
from archive.store.archive import Archive
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder

FROM = datetime(2016, 1, 1, tzinfo=UTC)
SOURCES = 40
LETTERS = "абвгдежзийклмнопрстуфхцчшыэюя"
ROUNDS = 3
GROUP = 10_000
MADE_AT_ONCE = 5_000
STATED = {
    "authors": '[{"name": "Айгуль Серикова", "url": null}]', "breadcrumbs": '["Новости", "Город"]',
    "access": "free", "article_type": "article", "is_article": 1.0, "evidence": '{"title": "h1"}',
    "problems": "[]", "cleaned_with": "2", "page_id": 1, "revisions": 1, "published_precision": "minute",
    "language": "ru",
}  # fmt: skip


def texts(random: Random) -> Iterator[str]:
    """Texts of 120 to 360 words out of 20,000, the first words likelier."""
    words = ["".join(random.choices(LETTERS, k=random.randint(2, 11))) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    drawn: list[str] = []
    while True:
        if len(drawn) < 400:
            drawn = random.choices(words, weights, k=200_000)
        some, drawn = drawn[: random.randint(120, 360)], drawn[360:]
        yield "\n\n".join(" ".join(some[n : n + 40]) + "." for n in range(0, len(some), 40))


def make(folder: ArchiveFolder, articles: int) -> None:
    """Fill an archive with so many articles, three links and a picture each, by SQL alone."""
    random = Random(7)
    made = texts(random)
    with Archive(folder) as archive:
        for number in range(SOURCES):
            archive.sources.save(
                f"paper_{number}", name=f"Газета {number}", home="h", languages=["ru"], timezone="UTC",
                region=None,
            )  # fmt: skip
        connection = archive.news.conn
        for name in ("articles_search_insert", "articles_search_replace"):
            connection.execute(f"DROP TRIGGER {name}")  # the search index is not what is measured
        for start in range(1, articles + 1, MADE_AT_ONCE):
            numbers = range(start, min(start + MADE_AT_ONCE, articles + 1))
            rows = [row_of(number, next(made), random) for number in numbers]
            insert(connection, "articles", rows)
            insert(connection, "revisions", [revision_of(row) for row in rows])
            insert(connection, "links", [link for row in rows for link in links_of(row["id"])])
            insert(connection, "images", [image_of(row["id"]) for row in rows])
            connection.commit()


def row_of(number: int, body: str, random: Random) -> dict[str, Any]:
    """One article."""
    at = FROM + timedelta(minutes=5 * number)
    source, url = f"paper_{random.randrange(SOURCES)}", f"https://paper.example/{number}-novost"
    written = at.isoformat().replace("+00:00", "Z")
    return STATED | {
        "id": number * 1000, "source": source, "url": url, "requested_url": url, "canonical_url": url,
        "url_key": url[8:], "title": body[:60].replace("\n", " "), "lead": body[:150].replace("\n", " "),
        "body": body, "body_html": "".join(f"<p>{one}</p>" for one in body.split("\n\n")),
        "published_at": written, "published_local": at.isoformat(), "published_date": written[:10],
        "section": f"Раздел {number % 12}", "tags": json.dumps([f"тег {number % 500}"], ensure_ascii=False),
        "content_hash": f"{random.getrandbits(128):032x}", "first_seen_at": written, "last_seen_at": written,
    }  # fmt: skip


def revision_of(row: dict[str, Any]) -> dict[str, Any]:
    """The first wording of an article."""
    return {
        "article_id": row["id"], "number": 1, "cause": "first", "seen_at": row["first_seen_at"], "page_id": 1,
        "cleaned_with": "2", "content_hash": row["content_hash"],
    }  # fmt: skip


def links_of(article: int) -> list[dict[str, Any]]:
    """Three links of an article."""
    return [
        {
            "article_id": article,
            "position": place,
            "zone": "related",
            "url": f"https://paper.example/{article + place}-ещё",
            "text": "Читайте также",
        }
        for place in range(3)
    ]


def image_of(article: int) -> dict[str, Any]:
    """A picture of an article."""
    url = f"https://paper.example/i/{article}.jpg"
    return {"article_id": article, "position": 0, "role": "lead", "url": url, "credit": "Фото редакции"}


def insert(connection: Any, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows."""
    names = list(rows[0])
    marks = ", ".join(f":{name}" for name in names)
    connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)


def plain_rows(db: Any) -> Any:
    """The rows of the usual columns, asked in one statement."""
    listed = {
        name: f"(SELECT json_group_array({made}) FROM {name} WHERE article_id = a.id)"
        for name, made in LISTS.items()
    }
    asked = ", ".join(listed.get(c.name) or COUNTED.get(c.name) or f"a.{c.name}" for c in USUAL)
    return db.conn.execute(f"SELECT {asked} FROM articles a ORDER BY a.id")


def plain_jsonl(folder: ArchiveFolder, to: Path) -> None:
    """The plainest loop into lines of JSON."""
    names = [column.name for column in USUAL]
    lists = [place for place, column in enumerate(USUAL) if column.is_json]
    with closing(open_to_read(folder.news)) as db, to.open("wb") as file:
        for row in plain_rows(db):
            values = list(row)
            for place in lists:
                values[place] = orjson.loads(values[place])
            file.write(orjson.dumps(dict(zip(names, values, strict=True))) + b"\n")


def plain_parquet(folder: ArchiveFolder, to: Path) -> None:
    """The plainest loop into Parquet: texts as they are, lists parsed."""
    writer = None
    with closing(open_to_read(folder.news)) as db:
        rows = plain_rows(db)
        while batch := rows.fetchmany(GROUP):
            said = zip(USUAL, zip(*batch, strict=True), strict=True)
            columns = {c.name: [orjson.loads(v) for v in vs] if c.is_json else vs for c, vs in said}
            columns = {name: pa.array(values) for name, values in columns.items()}
            if writer is None:
                types = {
                    name: one.type if one.type != pa.null() else pa.string() for name, one in columns.items()
                }
                schema = pa.schema(list(types.items()))
                writer = parquet.ParquetWriter(to, schema, compression="zstd")
            arrays = [one.cast(schema.field(name).type) for name, one in columns.items()]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    if writer:
        writer.close()


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of the process, all threads, for some work."""
    before = time.process_time()
    work()
    return time.process_time() - before


def shares(folder: ArchiveFolder, into: Path) -> None:
    """Print how fast ours is beside the plain loop, for each format that has one."""
    for form, plain in (("jsonl", plain_jsonl), ("parquet", plain_parquet)):
        to, other = into / f"ours.{form}", into / f"plain.{form}"
        order = Order(FORMATS[form], USUAL)
        found = []
        for _ in range(ROUNDS):
            ours = cpu(lambda to=to, order=order: export_articles(folder, str(to), order, Wanted()))
            theirs = cpu(lambda plain=plain, other=other: plain(folder, other))
            found.append((theirs / ours, ours, theirs))
        share, ours, theirs = median(found)
        mb = [path.stat().st_size / 1e6 for path in (to, other)]
        print(
            f"{form:8} {share:.0%} of the plain loop's speed ({ours:.1f} s CPU against {theirs:.1f}; "
            f"{mb[0]:.0f} MB against {mb[1]:.0f}; shares {', '.join(f'{one[0]:.0%}' for one in found)})",
            flush=True,
        )
        to.unlink(), other.unlink()


def memory(folder: ArchiveFolder, into: Path, forms: list[str]) -> None:
    """Print the most memory that an export into each format takes, in a process of its own."""
    for form in forms:
        to = into / f"all{(FORMATS[form].endings or ('',))[0]}"
        command = [sys.executable, "-m", "crawler", "export", "--archive", str(folder.path), "--to", str(to)]
        begun = time.monotonic()
        running = subprocess.Popen([*command, "--format", form], stderr=subprocess.PIPE)
        _, status, usage = os.wait4(running.pid, 0)
        assert status == 0, running.stderr.read() if running.stderr else ""
        seconds = usage.ru_utime + usage.ru_stime
        print(
            f"{form:12} {usage.ru_maxrss / 1024:.0f} MB at most, {seconds:.0f} s CPU, "
            f"{time.monotonic() - begun:.0f} s",
            flush=True,
        )
        shutil.rmtree(to) if to.is_dir() else to.unlink()


def main() -> None:
    """Make what is asked, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--archive", type=Path, help="an archive that is there, or is made")
    parser.add_argument("--make", type=int, metavar="N", help="make N articles in it first")
    parser.add_argument("--memory", action="store_true", help="measure memory instead of speed")
    parser.add_argument("--formats", nargs="+", default=[one.name for one in TABLE if one.name != "warc"])
    options = parser.parse_args()
    with TemporaryDirectory() as made_in:
        folder = ArchiveFolder(options.archive or Path(made_in) / "archive")
        if options.make or not options.archive:
            make(folder, options.make or 100_000)
        if options.memory:
            memory(folder, Path(made_in), options.formats)
        else:
            shares(folder, Path(made_in))


if __name__ == "__main__":
    main()
