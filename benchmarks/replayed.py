"""Real pages as a news site on loopback, served by `tools/replay.py` beside the corpora in its own process.

A crawl needs more pages than the corpora have of middle size. Further rounds of the same pages have the words
of their paragraphs in other orders, so that no round is a copy of another, in bytes or in text.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

from corpora import pages_of

# Corpora of pages that crawls meet; what is above the most is a tenth of the web and half of its bytes.
CORPORA = ("kz", "fundus", "newspaper4k", "readability", "postlight", "htmldate", "trafilatura", "wcxb-dev")
LEAST_BYTES, MOST_BYTES = 3_000, 150_000
PARAGRAPH = re.compile(rb"(<p\b[^>]*>)([^<]{40,})", re.IGNORECASE)


def served_pages(shared: Path) -> Iterator[bytes]:
    """Yield pages of the corpora of middle size for ever, each round with its words in another order."""
    pages = [page for name in CORPORA for page in pages_of(shared, name) if page.path.is_file()]
    for round_ in count():
        for page in pages:
            raw = page.raw()
            if LEAST_BYTES <= len(raw) <= MOST_BYTES:
                yield raw if round_ == 0 else shuffled(raw, round_)


def shuffled(raw: bytes, seed: int) -> bytes:
    """The page with the words of each paragraph in another order: as long, and nobody's copy."""
    chance = random.Random(seed)

    def mixed(found: re.Match[bytes]) -> bytes:
        words = found[2].split(b" ")
        chance.shuffle(words)
        return found[1] + b" ".join(words)

    return PARAGRAPH.sub(mixed, raw) + b"<!-- %d -->" % seed


def lay_out(shared: Path, folder: Path, pages: int) -> int:
    """Write a corpus of so many pages for the replay server; returns their mean size in bytes."""
    (folder / "pages").mkdir(parents=True)
    total = 0
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for number, raw in enumerate(islice(served_pages(shared), pages)):
            name = f"p{number:06}"
            (folder / "pages" / f"{name}.html.gz").write_bytes(gzip.compress(raw, compresslevel=1))
            truth.write(json.dumps({"id": name, "title": f"Page {number}"}) + "\n")
            total += len(raw)
    return total // pages


@contextmanager
def replayed(shared: Path, corpus: Path) -> Iterator[str]:
    """Serve a corpus while the block runs; gives the site's address, without the last slash."""
    server = subprocess.Popen(
        [sys.executable, shared / "tools" / "replay.py", corpus, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None, "it is piped"
        yield server.stdout.readline().split()[-1].rstrip("/")
    finally:
        server.kill()
        server.communicate()
