"""Quality and speed in one table, as a README can show it.

    python benchmarks/bench.py                what `make bench` prints
    python benchmarks/bench.py --peers        with a line for every other extractor that is installed

Each figure with its 95 % interval; CPU is that of the whole reading over that of lxml's parse of the same
pages, in total. Without the corpora of real pages this says so and ends well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpora import shared_folder
from figures import BY_NAME, RESAMPLES, Value
from markdown_table import table
from quality import CORPORA, read_corpus, values_of
from readers import installed_peers
from speed import PARSE, PEERS_TIMED, chosen_pages, timed

SHOWN = ("fundus", "kz", "wcxb-dev", "newspaper4k", "trafilatura", "htmldate")
# Bodies are what costs: a corpus without them is not timed.
TIMED = ("fundus", "kz", "wcxb-dev")
FIGURES = ("body_f1", "body_exact", "title_exact", "right_day", "wrong_day", "authors_f1", "is_article_f1")


def main() -> int:
    given = parsed_arguments()
    shared = shared_folder(given.shared)
    if shared is None:
        print("no corpora of real pages on this machine: nothing measured (--shared names their folder)")
        return 0
    readers = ["muragat", *(installed_peers() if given.peers else ())]
    columns = ["reader", *(BY_NAME[name].title for name in FIGURES), "CPU ÷ parse"]
    rows = [row for corpus in given.corpus or SHOWN for row in rows_of(shared, corpus, readers, given)]
    print(table("pages", rows, columns))
    return 0


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", action="store_true", help="other extractors too, where installed")
    parser.add_argument("--corpus", action="append", choices=CORPORA, help="only this one; may be repeated")
    parser.add_argument("--timed-pages", type=int, default=100, help="of each corpus (100)")
    parser.add_argument("--processes", type=int, help="how many at once; default: one for each processor")
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    return parser.parse_args()


def rows_of(
    shared: Path, corpus: str, readers: Sequence[str], given: argparse.Namespace
) -> Iterator[list[str]]:
    """Yield a corpus's row for each reader that says something of it."""
    read = read_corpus(shared, corpus, readers, given.processes)
    costs = cost_over_parse(shared, corpus, readers, given.timed_pages) if corpus in TIMED else {}
    for reader in readers:
        found = values_of(read, reader, RESAMPLES)
        if found:
            cells = [percentage(found.get(name), is_share=not name.endswith("_f1")) for name in FIGURES]
            cost = f"{costs[reader]:.1f}" if reader in costs else "–"
            yield [f"{len(read)} {CORPORA[corpus]}", reader, *cells, cost]


def cost_over_parse(shared: Path, corpus: str, readers: Sequence[str], most: int) -> Mapping[str, float]:
    """CPU of each reader on so many pages of a corpus, over that of the parse."""
    names = [name for name in readers if name == "muragat" or name in PEERS_TIMED]
    found = timed(chosen_pages(shared, [corpus], most), names, rounds=2)
    return {name: sum(found[name]) / sum(found[PARSE]) for name in names}


def percentage(value: Value | None, *, is_share: bool) -> str:
    """A figure with its interval: shares of pages in per cent, F1 in thousandths."""
    if value is None:
        return "–"
    shown = (lambda number: f"{100 * number:.0f}") if is_share else (lambda number: f"{number:.3f}")
    interval = f" ({shown(value.low)}–{shown(value.high)})" if value.low is not None else ""
    return f"{shown(value.value)}{' %' if is_share else ''}{interval}"


if __name__ == "__main__":
    sys.exit(main())
