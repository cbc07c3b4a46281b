"""What a crawl costs: CPU, memory and the loop's lag beside a bare Scrapy spider, on 2,000 real pages.

    python benchmarks/crawling.py                     bare, without cleaning, in full, and asked again
    python benchmarks/crawling.py --pages 500 --floors    fail above what benchmarks/floors.json allows
    python benchmarks/crawling.py --long 20000        memory over so many pages too, without cleaning
    python benchmarks/crawling.py --known 10000000    what it costs to ask which addresses are known

Every crawl is a process of its own; CPU is of all its processes, without what a crawl of one page takes. The
contenders take turns, each against the same server, whose CPU is not counted; the median of the rounds
counts. Without the corpora and their replay server this says so and ends well.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from contenders import Took
from corpora import HERE, shared_folder
from known_addresses import measure_known
from markdown_table import table
from replayed import lay_out, replayed

FLOORS = HERE / "floors.json"
CONTENDERS = {
    "bare": "bare Scrapy, downloads only",
    "kept": "Muragat without cleaning",
    "full": "Muragat in full",
    "again": "the same source again",
    "revisit": "every article asked again",
}
NEW = ("bare", "kept", "full")  # begin with no archive
Runs = Mapping[str, Sequence[Took]]


def main() -> int:
    given = parsed_arguments()
    if given.known:
        measure_known(given.known)
        return 0
    shared = shared_folder(given.shared)
    if shared is None or not (shared / "tools/replay.py").is_file():
        print("No corpora and no replay server beside this project: nothing to crawl (--shared names them).")
        return 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        size = lay_out(shared, folder / "pages", given.pages)
        print(f"{given.pages:,} real pages of {size / 1000:.0f} kB, {given.rounds} rounds\n")
        lay_out(shared, folder / "one", 1)
        start = {
            took: median(run.cpu for run in runs) for took, runs in crawled(shared, folder, "one", 1).items()
        }
        runs = crawled(shared, folder, "pages", given.rounds)
        if given.long:
            lay_out(shared, folder / "long", given.long)
            with replayed(shared, folder / "long") as site:
                show_memory(one_crawl("kept", site, folder / "crawl"))
    figures = figures_of(runs, start, given.pages)
    print(cost_table(runs, start, given.pages), end="\n\n")
    print(table("figure", ([name, f"{value:.4g}"] for name, value in figures.items()), ["measured"]))
    return int(given.floors and not is_kept(figures))


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2_000, help="how many pages the site has (2000)")
    parser.add_argument("--rounds", type=int, default=1, help="how often each contender crawls (1)")
    parser.add_argument("--long", type=int, help="crawl so many pages too, without cleaning, and show memory")
    parser.add_argument("--known", type=int, help="only: ask for addresses among so many known ones")
    parser.add_argument("--floors", action="store_true", help="fail above what floors.json allows")
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    return parser.parse_args()


def crawled(shared: Path, folder: Path, corpus: str, rounds: int) -> dict[str, list[Took]]:
    """What every contender took in every round, each in its turn."""
    found: dict[str, list[Took]] = {name: [] for name in CONTENDERS}
    with replayed(shared, folder / corpus) as site:
        for _ in range(rounds):
            for name, runs in found.items():
                runs.append(one_crawl(name, site, folder / "crawl"))
    return found


def one_crawl(name: str, site: str, folder: Path) -> Took:
    """One crawl in a process of its own."""
    if name in NEW:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    said = subprocess.run(
        [sys.executable, HERE / "contenders.py", name, site, folder], stdout=subprocess.PIPE, check=True
    )
    return Took(**json.loads(said.stdout.splitlines()[-1]))


def cost_table(runs: Runs, start: Mapping[str, float], pages: int) -> str:
    """CPU milliseconds a page by who spends them, memory and lag, the median of the rounds."""
    bare = per_page(runs, start, "bare", pages)
    rows = []
    for name, title in CONTENDERS.items():
        own = runs[name]
        ms = per_page(runs, start, name, pages)
        parts = (
            median(getattr(one, part) for one in own) for part in ("reactor_cpu", "writer_cpu", "workers_cpu")
        )
        cells = [f"{ms:.2f}", f"{ms / bare:.2f}", *(f"{1000 * part / pages:.2f}" for part in parts)]
        lag = median(one.lag_ms[1] for one in own)
        memory = median(one.most_kb for one in own) / 1000
        rows.append([title, *cells, f"{start[name]:.1f}", f"{memory:.0f}", f"{lag:.0f}"])
    columns = [
        "CPU ms a page",
        "÷ bare",
        "reactor",
        "writer",
        "workers",
        "start, s",
        "main process, MB",
        "lag p99, ms",
    ]
    return table("crawl", rows, columns)


def per_page(runs: Runs, start: Mapping[str, float], name: str, pages: int) -> float:
    """CPU milliseconds a page, without the start."""
    return 1000 * (median(one.cpu for one in runs[name]) - start[name]) / pages


def figures_of(runs: Runs, start: Mapping[str, float], pages: int) -> dict[str, float]:
    """What is promised of a crawl: ratios, but for the lag in milliseconds."""
    bare = per_page(runs, start, "bare", pages)
    whole = {name: median(one.cpu for one in own) for name, own in runs.items()}
    received = {name: median(one.bytes for one in own) for name, own in runs.items()}
    most = {name: median(one.most_kb for one in own) for name, own in runs.items()}
    return {
        "full_cpu": per_page(runs, start, "full", pages) / bare,
        "kept_cpu": per_page(runs, start, "kept", pages) / bare,
        "memory": most["full"] / most["bare"],
        "lag_p99_ms": median(one.lag_ms[1] for one in runs["full"]),
        "again_cpu": whole["again"] / whole["full"],
        "again_bytes": received["again"] / received["full"],
        "again_cleaned": max(one.cleaned for one in runs["again"]),
        "revisit_cpu": whole["revisit"] / whole["full"],
        "revisit_cleaned": max(one.cleaned for one in runs["revisit"]),
    }


def is_kept(figures: Mapping[str, float]) -> bool:
    """Whether every figure is at most what floors.json allows; says which is not."""
    allowed = json.loads(FLOORS.read_text(encoding="utf-8"))["crawling"]
    broken = [name for name, most in allowed.items() if figures[name.removeprefix("max_")] > most]
    for name in broken:
        print(f"{name}: {figures[name.removeprefix('max_')]:.4g} is more than {allowed[name]:g}")
    return not broken


def show_memory(took: Took) -> None:
    """The main process' memory as its pages grew."""
    last = took.memory[-1][0]
    marks = [min(took.memory, key=lambda one: abs(one[0] - last * part / 10)) for part in range(1, 11)]
    rows = [[f"{pages:,}", f"{kb / 1000:.0f}"] for pages, kb in marks]
    print(table("answers received", rows, ["main process, MB"]), end="\n\n")


if __name__ == "__main__":
    sys.exit(main())
