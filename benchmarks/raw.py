"""How small kept pages are beside WARC.gz of the same pages, and how fast one of them is read.

    python benchmarks/raw.py            a table; exit code 1 when a target is missed
    python benchmarks/raw.py --json     the same as a line of JSON

Both are written in the same run: pages.db by the store a crawl uses, one page after the other as they would
come; WARC.gz by warcio, a gzip member for each record. The ratio of "bodies" counts packed bodies and
dictionaries against the whole records; that of "file" counts all of pages.db, headers, indexes and empty
space in it too. What each corpus can prove:

- one template: the made-up newspaper's pages, and the two made-up pages of a tagDiv site. Made by us, so
  they show that the machinery works, not how large real pages get.
- one publisher: real newspaper pages, two or three of each publisher, often years apart (fundus, kz), and
  real sites with four to twelve pages each, most of them shops and handbooks (wcxb-dev). "later" leaves out
  each publisher's first page, as an archive that has crawled for a while does.
- mixed: one page of each site (wcxb-dev): no dictionary can help, it may only not harm.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from corpora import demo_pages, pages_of, shared_folder
from markdown_table import table
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.raw.migrations import migrations
from archive.raw.pages import PageStore
from archive.records import Page
from archive.store.connection import open_to_write

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
# What a plain server sends; the corpora kept bodies only.
HEADERS = (
    ("Date", "Tue, 10 Mar 2026 07:00:00 GMT"),
    ("Server", "nginx"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "max-age=60"),
    ("ETag", '"5f2b-abc"'),
)
READS = 400
LONGEST_READ_MS = 1.0
Sites = Mapping[str, Sequence[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Sizes in bytes, times in CPU milliseconds; `later` is of the pages after each site's first."""

    pages: int
    plain: int
    warc: int
    bodies: int
    later_warc: int
    later_bodies: int
    file: int
    keep_ms: float
    read_ms: float
    slowest_read_ms: float


def sites_of(shared: Path, corpora: Sequence[str], *, least: int, most: int | None = None) -> Sites:
    """Pages by host, of hosts with at least `least`, at most `most` of each; file addresses are left out."""
    sites: dict[str, list[tuple[str, bytes]]] = {}
    for corpus in corpora:
        for page in pages_of(shared, corpus):
            if host := urlsplit(page.url).hostname:
                sites.setdefault(host, []).append((page.url, page.raw()))
    return {host: pages[:most] for host, pages in sites.items() if len(pages) >= least}


def warc_sizes(pages: Sequence[tuple[str, bytes]]) -> list[int]:
    """The size of each page's record in WARC.gz."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    sizes = []
    for url, body in pages:
        before = out.tell()
        lines = [*HEADERS, ("Content-Length", str(len(body)))]
        http = StatusAndHeaders("200 OK", lines, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), length=len(body), http_headers=http
        )
        writer.write_record(record)
        sizes.append(out.tell() - before)
    return sizes


def measured(sites: Sites, folder: Path) -> Measured:
    """Keep all pages of all sites, read some of them at random from the reopened file."""
    path = folder / "pages.db"
    warc = {host: warc_sizes(pages) for host, pages in sites.items()}
    ids: dict[int, bytes] = {}
    with closing(open_to_write(path, migrations)) as db:
        store = PageStore(db, path)
        begun = time.process_time()
        for host, pages in sites.items():
            for url, body in pages:
                page = Page(url, url, host, NOON, 200, HEADERS, body)
                ids[store.keep(page, kind="article")] = body
        keep_ms = (time.process_time() - begun) / len(ids) * 1e3
        first, later = body_bytes(store)
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    reads = read_times(path, ids)
    return Measured(
        pages=len(ids),
        plain=sum(map(len, ids.values())),
        warc=sum(map(sum, warc.values())),
        bodies=first + later,
        later_warc=sum(sum(sizes[1:]) for sizes in warc.values()),
        later_bodies=later,
        file=path.stat().st_size,
        keep_ms=keep_ms,
        read_ms=median(reads),
        slowest_read_ms=sorted(reads)[int(0.99 * len(reads))],
    )


def body_bytes(store: PageStore) -> tuple[int, int]:
    """Packed bytes of each source's first page with its dictionary; and of all later ones and theirs."""
    query = (
        "SELECT coalesce(sum(length(b.zstd)), 0) FROM bodies b WHERE b.sha256 {} IN "
        "(SELECT body_sha256 FROM pages WHERE id IN (SELECT min(id) FROM pages GROUP BY source))"
    )
    owned = (
        "SELECT coalesce(sum(length(body)), 0) FROM dictionaries WHERE id {} IN "
        "(SELECT min(id) FROM dictionaries GROUP BY source)"
    )
    first, later = (
        sum(store.db.conn.execute(one.format(which)).fetchone()[0] for one in (query, owned))
        for which in ("", "NOT")
    )
    return first, later


def read_times(path: Path, ids: Mapping[int, bytes]) -> list[float]:
    """CPU milliseconds of reading pages at random, by SHA-256 and compared with what was kept."""
    times = []
    with closing(open_to_write(path, migrations)) as db:
        store = PageStore(db, path)
        for page_id in random.Random(0).choices(list(ids), k=READS):
            begun = time.process_time()
            page = store.page(page_id)
            times.append((time.process_time() - begun) * 1e3)
            assert page is not None and page.body == ids[page_id]
    return times


def corpora_measured(shared: Path) -> dict[str, tuple[Measured, float | None]]:
    """What was measured of each corpus, and the target of its ratio."""
    newspaper = demo_pages()
    random.Random(0).shuffle(newspaper)
    demo = {"gazeta.example": newspaper}
    made_up = demo | sites_of(shared, ["kz-synthetic"], least=2)
    parts: dict[str, tuple[Sites, float | None]] = {
        "one template: made-up newspaper and tagDiv pages": (made_up, 0.65),
        "one publisher: newspapers, 2–3 pages each": (sites_of(shared, ["fundus", "kz"], least=2), 0.75),
        "one publisher: sites with 4–12 pages": (sites_of(shared, ["wcxb-dev"], least=4), 0.75),
        "mixed: one page a site": (sites_of(shared, ["wcxb-dev"], least=1, most=1), 1.06),
    }
    found = {}
    for name, (sites, target) in parts.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = measured(sites, Path(folder)), target
    return found


def row(name: str, one: Measured, target: float | None) -> list[str]:
    """One line of the table."""
    later = f"{one.later_bodies / one.later_warc:.2f}" if one.later_warc else "—"
    return [
        name,
        str(one.pages),
        f"{one.plain / one.pages / 1000:.0f}",
        f"{one.bodies / one.warc:.2f}",
        "—" if target is None else f"≤ {target:.2f}",
        later,
        f"{one.file / one.warc:.2f}",
        f"{one.keep_ms:.1f}",
        f"{one.read_ms:.2f}",
        f"{one.slowest_read_ms:.2f}",
    ]


HEAD = [
    *("pages", "number", "kB each", "bodies ÷ WARC.gz", "target", "later", "file"),
    *("keep, ms", "read, ms", "read p99"),
]


def main() -> int:
    """Measure, print, and say whether every target is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", help="the folder with corpora/ and tools/")
    parser.add_argument("--json", action="store_true", help="a line of JSON instead of the table")
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    if shared is None:
        print("the corpora are not on this machine; name their folder with --shared or MURAGAT_SHARED")
        return 2
    found = corpora_measured(shared)
    if options.json:
        print(json.dumps({name: row(name, one, target)[1:] for name, (one, target) in found.items()}))
    else:
        print(table(HEAD[0], [row(name, one, target) for name, (one, target) in found.items()], HEAD[1:]))
    met = all(
        (target is None or one.bodies / one.warc <= target) and one.read_ms < LONGEST_READ_MS
        for one, target in found.values()
    )
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
