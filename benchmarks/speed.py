"""What cleaning costs: CPU of `clean` against lxml's parse of the same bytes, and against other extractors.

    python benchmarks/speed.py                            200 newspaper and article pages
    python benchmarks/speed.py --corpus wcxb-dev --pages 100 --rounds 5
    python benchmarks/speed.py --peers                    trafilatura and others on the same pages
    python benchmarks/speed.py --limits                   fail when a promise of the last table is broken

Readers take turns page by page, so that a busy machine is unfair to none; the least of the rounds counts.
Without the corpora the pages are those of the made-up newspaper.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

import lxml.html
from corpora import demo_pages, pages_of, shared_folder
from markdown_table import table
from readers import PEERS, SPEAKS_OF, installed_peers, said_by

from crawler.cleaning import clean

# htmldate reads one field and is no measure for readers of pages.
PEERS_TIMED = tuple(name for name in PEERS if "body" in SPEAKS_OF.get(name, ("body",)))
PARSE = "lxml parse"
TEN_TIMES_COSTS = 12.0
ATTRIBUTES = 40_000
ATTRIBUTES_SECONDS = 1.0
INSIDE_BODY = re.compile(rb"(<body\b[^>]*>)(.*)(</body>)", re.IGNORECASE | re.DOTALL)

Timed = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Promise:
    """Something measured with what it may be at most."""

    what: str
    measured: float
    at_most: float

    @property
    def is_kept(self) -> bool:
        """Whether it is no more than it may be."""
        return self.measured <= self.at_most


def main() -> int:
    given = parsed_arguments()
    pages = chosen_pages(shared_folder(given.shared), given.corpus, given.pages)
    peers = [name for name in installed_peers() if name in PEERS_TIMED] if given.peers else []
    print(f"{len(pages)} pages, least of {given.rounds} rounds, CPU time\n")
    print(speed_table(timed(pages, ["muragat", *peers], given.rounds)))
    promises = list(promised(pages, given.rounds))
    print()
    rows = ([p.what, f"{p.measured:.2f}", f"{p.at_most:g}"] for p in promises)
    print(table("promise", rows, ["is", "at most"]))
    return int(given.limits and not all(promise.is_kept for promise in promises))


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", action="append", help="default: fundus, kz and wcxb-dev; may be repeated")
    parser.add_argument("--pages", type=int, default=200, help="how many, evenly from each corpus (200)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is read (3)")
    parser.add_argument("--peers", action="store_true", help="time other extractors too, where installed")
    parser.add_argument("--limits", action="store_true", help="fail when a promise is broken")
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    return parser.parse_args()


def chosen_pages(shared: Path | None, corpora: Sequence[str] | None, most: int) -> list[tuple[str, bytes]]:
    """Addresses and bytes of at most so many articles, one of each corpus in turn."""
    if shared is None:
        return demo_pages()[:most]
    names = corpora or ("fundus", "kz", "wcxb-dev")
    piles = [[page for page in pages_of(shared, name) if page.is_article] for name in names]
    in_turn = (page for pages in zip_longest(*piles) for page in pages if page is not None)
    return [(page.url, page.raw()) for page in islice(in_turn, most)]


def timed(pages: Sequence[tuple[str, bytes]], readers: Sequence[str], rounds: int) -> Timed:
    """CPU seconds of the parse and of each reader, page by page, the least of the rounds."""
    found: dict[str, list[float]] = {name: [] for name in (PARSE, *readers)}
    for url, raw in pages:
        works: dict[str, Callable[[], object]] = {PARSE: lambda raw=raw: parse(raw)}
        works |= {name: lambda name=name, raw=raw, url=url: said_by(name, raw, url) for name in readers}
        least = dict.fromkeys(works, float("inf"))
        for _ in range(rounds):
            for name, work in works.items():
                least[name] = min(least[name], cpu_seconds(work))
        for name, seconds in least.items():
            found[name].append(seconds)
    return found


def parse(raw: bytes) -> object:
    """lxml's tree of the bytes, `None` where it makes none: the least anyone can do with a page."""
    try:
        return lxml.html.document_fromstring(raw)
    except lxml.etree.LxmlError:
        return None


def cpu_seconds(work: Callable[[], object]) -> float:
    """What it costs to do a work once."""
    started = time.process_time()
    work()
    return time.process_time() - started


def speed_table(found: Timed) -> str:
    """The readers in milliseconds, against the parse and against Muragat."""
    parse, own = found[PARSE], sum(found["muragat"])
    rows = (
        [
            name,
            *(f"{1000 * seconds:.1f}" for seconds in (statistics.median(times), high(times), max(times))),
            f"{statistics.median(t / max(p, 1e-6) for t, p in zip(times, parse, strict=True)):.1f}",
            f"{sum(times) / sum(parse):.1f}",
            f"{sum(times) / own:.1f}",
        ]
        for name, times in found.items()
    )
    columns = ["median ms", "p95 ms", "max ms", "÷ parse, median", "÷ parse, total", "÷ muragat, total"]
    return table("reader", rows, columns)


def high(times: Sequence[float]) -> float:
    """What 95 % of the pages cost at most."""
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def promised(pages: Sequence[tuple[str, bytes]], rounds: int) -> Iterator[Promise]:
    """Yield what is promised of any page, measured."""
    grown = [growth(url, raw, rounds) for url, raw in middling(pages)]
    larger = "a page of ten times the size costs so many times as much"
    yield Promise(f"{larger}, median", statistics.median(grown), TEN_TIMES_COSTS)
    yield Promise(f"{larger}, the worst", max(grown), TEN_TIMES_COSTS)
    for how, attribute in (("in quotes", b'a%d="1"'), ("with > in them", b'a%d=">"'), ("bare", b"a%d")):
        page = many_attributes(attribute)
        seconds = min(cpu_seconds(lambda page=page: clean(page, "https://news.example/a")) for _ in "123")
        yield Promise(f"seconds for {ATTRIBUTES:,} attributes {how} on one tag", seconds, ATTRIBUTES_SECONDS)


def middling(pages: Sequence[tuple[str, bytes]], most: int = 15) -> list[tuple[str, bytes]]:
    """The pages of middle size whose body can be repeated: tiny ones cost what any page costs."""
    whole = [(url, raw) for url, raw in pages if INSIDE_BODY.search(raw)]
    middle = sorted(whole, key=lambda page: len(page[1]))
    start = max(0, (len(middle) - most) // 2)
    return middle[start : start + most]


def growth(url: str, raw: bytes, rounds: int) -> float:
    """How many times the page costs what it costs once its body stands there ten times."""
    larger = INSIDE_BODY.sub(lambda found: found[1] + 10 * found[2] + found[3], raw, count=1)
    once = min(cpu_seconds(lambda: clean(raw, url)) for _ in range(rounds))
    return min(cpu_seconds(lambda: clean(larger, url)) for _ in range(rounds)) / once


def many_attributes(attribute: bytes) -> bytes:
    """A page with a tag of far too many attributes."""
    listed = b" ".join(map(attribute.__mod__, range(ATTRIBUTES)))
    return b"<html><body><p " + listed + b">Text.</p></body></html>"


if __name__ == "__main__":
    sys.exit(main())
