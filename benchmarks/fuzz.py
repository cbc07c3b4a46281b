"""Clean spoiled pages by the thousand: nothing may raise, cost more than two seconds, or break a promise.

    python benchmarks/fuzz.py --mutations 20000 --seed 1
    python benchmarks/fuzz.py --only 1:4711 --save spoiled.html      that page again, and its bytes

Pages are those of the corpora, or of the made-up newspaper where these are not at hand; each is spoiled in
one to four ways (benchmarks/mutations.py), the same for the same seed. What fails is printed as SEED:NUMBER
with its ways. Ends with a summary, and with 1 when anything failed.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from pathlib import Path
from random import Random

from corpora import demo_pages, pages_of, shared_folder
from fuzz_summary import summarized
from mutations import spoiled
from pebble import ProcessPool
from promises import broken_promises

from crawler.cleaning import clean

CORPORA = (
    "kz",
    "kz-synthetic",
    "fundus",
    "newspaper4k",
    "readability",
    "postlight",
    "trafilatura",
    "wcxb-dev",
)
SLOW_SECONDS = 2.0  # of CPU, for the page alone
KILLED_AFTER = 30.0  # seconds by the clock: what hangs is ended
HEADERS = (
    None,
    "text/html",
    "text/html; charset=utf-16",
    "text/html; charset=bogus-8",
    "\ud800;=",
    "image/png",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One spoiled page by its seed and number, and the pages it is made of."""

    seed: int
    number: int
    url: str
    page: bytes | Path
    other: bytes | Path

    @property
    def name(self) -> str:
        """What --only takes to make it again."""
        return f"{self.seed}:{self.number}"

    def made(self) -> tuple[bytes, tuple[str, ...], str | None]:
        """Its bytes, the ways it was spoiled in, and the header it comes with."""
        spoilt = spoiled(self.name, bytes_of(self.page), bytes_of(self.other))
        return spoilt.raw, spoilt.ways, Random(self.name + "header").choice(HEADERS)


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a spoiled page: how long it took, and what went wrong if anything did."""

    case: str
    ways: tuple[str, ...]
    seconds: float
    kind: str
    failed: str = ""


def main() -> int:
    given = parsed_arguments()
    cases = list(chosen_cases(given))
    if given.save:
        Path(given.save).write_bytes(cases[0].made()[0])
    return int(summarized(all_ended(cases, given.processes), "pages") > 0)


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mutations", type=int, default=1_000, help="how many spoiled pages (1000)")
    parser.add_argument("--seed", type=int, default=0, help="another number: other pages (0)")
    parser.add_argument("--only", metavar="SEED:NUMBER", help="one page again, with its whole traceback")
    parser.add_argument("--save", metavar="FILE", help="write the bytes of the first page there")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count(), help="default: one for each processor"
    )
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    return parser.parse_args()


def chosen_cases(given: argparse.Namespace) -> Iterator[Case]:
    """The spoiled pages that were asked for."""
    pages = pages_to_spoil(given.shared)
    if given.only:
        seed, _, number = given.only.partition(":")
        return iter([case(pages, int(seed), int(number))])
    return (case(pages, given.seed, number) for number in range(given.mutations))


def pages_to_spoil(shared: str | None) -> list[tuple[str, bytes | Path]]:
    """Address and bytes, or place, of every page at hand."""
    folder = shared_folder(shared)
    if folder is None:
        return list(demo_pages())
    return [(page.url, page.path) for corpus in CORPORA for page in pages_of(folder, corpus)]


def case(pages: list[tuple[str, bytes | Path]], seed: int, number: int) -> Case:
    """The spoiled page of that number: always the same pages in the same way."""
    draw = Random(f"{seed}:{number} pages")
    (url, page), (_, other) = draw.choice(pages), draw.choice(pages)
    return Case(seed, number, url, page, other)


def bytes_of(page: bytes | Path) -> bytes:
    """A page's bytes, unpacked where it lies in a file."""
    return page if isinstance(page, bytes) else gzip.decompress(page.read_bytes())


def all_ended(cases: Iterable[Case], processes: int | None) -> Iterator[Ended]:
    """Clean each page in a process that is ended when it hangs."""
    cases = list(cases)
    if len(cases) == 1:
        yield tried(cases[0])
        return
    with ProcessPool(max_workers=processes or 1) as pool:
        results = pool.map(tried, cases, timeout=KILLED_AFTER).result()
        for one in cases:
            try:
                yield next(results)
            except TookTooLong:
                yield Ended(one.name, one.made()[1], KILLED_AFTER, "hung", "hung and was ended")
            except Exception as error:  # noqa: BLE001 - a process that died is a failure to be told
                yield Ended(one.name, one.made()[1], 0.0, "died", f"its process died: {error!r}")


def tried(one: Case) -> Ended:
    """Clean a spoiled page and look at what comes of it."""
    raw, ways, header = one.made()
    started = time.process_time()
    try:
        article = clean(raw, one.url, content_type=header)
        seconds = time.process_time() - started
        broken = broken_promises(article)
    except Exception:  # noqa: BLE001 - that nothing raises is what is tried
        seconds = time.process_time() - started
        return Ended(one.name, ways, seconds, "raised", traceback.format_exc().strip())
    if seconds > SLOW_SECONDS:
        broken = [*broken, f"took more than {SLOW_SECONDS:g} s for {len(raw)} bytes"]
    kind = next(
        (p.code for p in article.problems if p.code in ("too_complex", "empty")), article.article_type
    )
    return Ended(one.name, ways, seconds, kind, "; ".join(broken))


if __name__ == "__main__":
    sys.exit(main())
