"""How well cleaning reads real pages, field by field, against the truth people wrote down for them.

    python benchmarks/quality.py                       every corpus, then every language and script
    python benchmarks/quality.py --corpus kz --worst 5 --worst-by body_f1
    python benchmarks/quality.py --peers               trafilatura and others beside it, where installed
    python benchmarks/quality.py --floors              fail below benchmarks/floors.json; floors only rise

Figures have 95 % intervals: pages drawn with replacement 1,000 times, the same draws each run. Body F1 is of
4-word shingles; related links are compared by address. The corpora are not part of this project: --shared,
MURAGAT_SHARED or ../shared names their folder; without it this says so and ends well.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from corpora import HERE, Page, pages_of, scorer, shared_folder
from figures import BY_NAME, FIGURES, RESAMPLES, Marks, Value, language, marks, script, values
from markdown_table import table
from readers import SPEAKS_OF, installed_peers, said_by
from unseen import unseen_model

from crawler.cleaning.body.model import judged_by
from crawler.cleaning.dates import read_moment

FLOORS = HERE / "floors.json"
CORPORA = {
    "fundus": "newspaper pages, 20 languages",
    "wcxb-dev": "pages of seven kinds, 711 of them general articles",
    "kz": "Russian, Ukrainian, Bulgarian and tagDiv pages",
    "kz-synthetic": "made-up Russian and Kazakh pages",
    "newspaper4k": "pages of newspaper4k's tests",
    "readability": "pages of Readability's tests",
    "postlight": "pages of Postlight's tests",
    "trafilatura": "pages of trafilatura's tests",
    "htmldate": "pages of htmldate's tests",
}


@dataclass(frozen=True, slots=True)
class Read:
    """A page and what each reader's reading of it is worth, by the reader's name."""

    page: Page
    marks: Mapping[str, Marks]


def main() -> int:
    given = parsed_arguments()
    shared = shared_folder(given.shared)
    if shared is None:
        print("no corpora of real pages on this machine: nothing measured (--shared names their folder)")
        return 0
    readers = ["muragat", *(installed_peers() if given.peers else ())]
    read = [
        one
        for corpus in given.corpus or CORPORA
        for one in read_corpus(shared, corpus, readers, given.processes)
    ]
    found = {corpus: values_of(pages, "muragat", 0) for corpus, pages in by(corpus_of, read).items()}
    texts = {} if given.corpus else {"dates": date_figures(shared)}
    if given.floors:
        show_short(found, texts)
        return below_floors({name: plain(of) for name, of in found.items()} | texts, json_floors())
    show(read, readers, texts)
    for name in given.worst_by or ():
        show_worst(read, name, given.worst)
    return 0


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--floors", action="store_true", help="fail below a floor")
    parser.add_argument("--peers", action="store_true", help="score other extractors too, where installed")
    parser.add_argument("--corpus", action="append", choices=CORPORA, help="only this one; may be repeated")
    parser.add_argument("--worst", type=int, default=10, metavar="N", help="how many pages --worst-by lists")
    parser.add_argument(
        "--worst-by", action="append", choices=BY_NAME, help="list the pages that fail most by it"
    )
    parser.add_argument("--processes", type=int, help="how many at once; default: one for each processor")
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    return parser.parse_args()


def read_corpus(shared: Path, corpus: str, readers: Sequence[str], processes: int | None) -> list[Read]:
    """Every page of a corpus, read by every reader in the same run."""
    pages = pages_of(shared, corpus)
    read = partial(read_one, shared, readers)
    if processes == 1:
        return [read(page) for page in pages]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(read, pages, chunksize=8))


def read_one(shared: Path, readers: Sequence[str], page: Page) -> Read:
    """One page, read by every reader; by a body model that has not seen its publisher."""
    raw, score = page.raw(), scorer(shared)
    with judged_by(unseen_model(page)):
        said = {name: said_by(name, raw, page.url) for name in readers}
    return Read(page, {name: marks(score, page, said[name], SPEAKS_OF.get(name)) for name in readers})


def by(key: Callable[[Read], str | None], read: Iterable[Read]) -> dict[str, list[Read]]:
    """The pages by what they have in common, in the order met; those without it left out."""
    found: dict[str, list[Read]] = {}
    for one in read:
        if (name := key(one)) is not None:
            found.setdefault(name, []).append(one)
    return found


def of_page(key: Callable[[Page], str | None]) -> Callable[[Read], str | None]:
    """What a page has in common with others, asked of its reading."""
    return lambda one: key(one.page)


def corpus_of(one: Read) -> str:
    """The corpus a page is of."""
    return one.page.corpus


def values_of(read: Sequence[Read], reader: str, resamples: int) -> dict[str, Value]:
    """The figures of some pages for one reader."""
    return values([one.marks[reader] for one in read], resamples=resamples)


def plain(found: Mapping[str, Value]) -> dict[str, float]:
    """The figures without their intervals."""
    return {name: value.value for name, value in found.items()}


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


def show(read: Sequence[Read], readers: Sequence[str], texts: Mapping[str, Mapping[str, float]]) -> None:
    """Print every corpus field by field, then the languages and scripts of them all."""
    for corpus, pages in by(corpus_of, read).items():
        print(f"\n## {corpus}: {len(pages)} {CORPORA[corpus]}\n")
        print(table("figure", figure_rows(pages, readers), ["pages", *readers]))
    for title, key in (("language", language), ("script", script)):
        print(f"\n## Each {title} the corpora name\n")
        print(
            table(
                title,
                group_rows(by(of_page(key), read)),
                ["pages", *(figure.title for figure in GROUP_FIGURES)],
            )
        )
    for name, counted in texts.items():
        print(
            f"\n{name}: {counted['right']} of {counted['texts']} texts read right, {counted['wrong']} wrong"
        )


GROUP_FIGURES = tuple(
    BY_NAME[name]
    for name in ("body_f1", "body_exact", "title_exact", "right_day", "wrong_day", "authors_f1", "language")
)


def figure_rows(pages: Sequence[Read], readers: Sequence[str]) -> Iterator[list[str]]:
    """Yield a row for each figure: its name, of how many pages, each reader's value."""
    found = {reader: values_of(pages, reader, RESAMPLES) for reader in readers}
    for figure in FIGURES:
        have = [found[reader].get(figure.name) for reader in readers]
        if known := next((value for value in have if value is not None), None):
            yield [figure.title, str(known.pages), *map(shown, have)]


def group_rows(groups: Mapping[str, Sequence[Read]]) -> Iterator[list[str]]:
    """Yield a row for each group of pages, the largest first."""
    for name, pages in sorted(groups.items(), key=lambda item: -len(item[1])):
        found = values_of(pages, "muragat", RESAMPLES)
        yield [name, str(len(pages)), *(shown(found.get(figure.name)) for figure in GROUP_FIGURES)]


def shown(value: Value | None) -> str:
    """A value with its interval as a table shows it."""
    if value is None:
        return "–"
    if value.low is None or value.high is None:
        return f"{value.value:.3f}"
    return f"{value.value:.3f} ({value.low:.3f}–{value.high:.3f})"


def show_short(found: Mapping[str, Mapping[str, Value]], texts: Mapping[str, Mapping[str, float]]) -> None:
    """Print one line for each corpus."""
    for corpus, figures in found.items():
        said = "  ".join(f"{name} {value.value:.3f}" for name, value in figures.items())
        print(f"{corpus:12} {said}")
    for name, counted in texts.items():
        print(f"{name:12} {'  '.join(f'{key} {number}' for key, number in counted.items())}")


def show_worst(read: Iterable[Read], name: str, most: int) -> None:
    """Print the pages on which a figure comes out worst, one by one."""
    figure = BY_NAME[name]
    alone = [
        (value, one.page)
        for one in read
        if (numbers := one.marks["muragat"].get(figure.field)) and (value := figure.of(numbers)) is not None
    ]
    print(f"\n## The worst pages by {figure.title}\n")
    alone.sort(key=lambda item: -item[0] if figure.less_is_better else item[0])
    for value, page in alone[:most]:
        print(f"{value:.3f}  {page.corpus}  {page.id}  {page.url}")


def json_floors() -> dict[str, dict[str, float]]:
    """The floors as they are kept."""
    floors: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def below_floors(found: Mapping[str, Mapping[str, float]], floors: Mapping[str, Mapping[str, float]]) -> int:
    """1 when a figure is below its floor, or above its ceiling where less is better; says which."""
    failed = 0
    for corpus, name, bound in bounds(floors):
        is_ceiling, figure = name.startswith("max_"), name.removeprefix("max_")
        value: Any = found.get(corpus, {}).get(figure)
        if corpus not in found:
            continue
        if value is None:
            print(f"{corpus}: {figure} was not measured, the floor is {bound}")
        elif value > bound if is_ceiling else value < bound:
            print(f"{corpus}: {figure} is {value:.4f}, the {'ceiling' if is_ceiling else 'floor'} is {bound}")
        else:
            continue
        failed = 1
    return failed


def bounds(floors: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, str, float]]:
    """Yield corpus, name and value of each bound."""
    for corpus, named in floors.items():
        for name, bound in named.items():
            yield corpus, name, bound


if __name__ == "__main__":
    sys.exit(main())
