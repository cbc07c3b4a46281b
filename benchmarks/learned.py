"""What learning a source's layout is worth: pages of one publisher read with what the others teach.

    python benchmarks/learned.py [--shared DIR] [--pages]

Each look compares with the generic reading of the same pages; no truth is seen while learning: publishers of
`fundus` with several pages, and its pages on one template, whoever publishes them; the pages of `kz` on one
theme; hosts of `wcxb-dev` with several articles. "together" learns from all pages of a group, as an archive
reads its kept pages anew; "others" only from those that are not scored, when these are two or more. Pages
that read worse are always listed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import lxml.html
from corpora import pages_of, scorer, shared_folder
from unseen import unseen_model

from archive.records import Page
from crawler.cleaning import clean
from crawler.cleaning.body.model import BlockModel, judged_by
from crawler.cleaning.layout import learn
from crawler.sources.profile import Layout, Source

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SAME_TEMPLATE = 0.6  # class names two pages share, of all that either has
STABLE = re.compile(r"[A-Za-z_-]+")
Truth = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A page of a corpus, as an archive would hold it, its truth, and a body model that has not seen it."""

    page: Page
    truth: Truth
    model: BlockModel


@dataclass(frozen=True, slots=True)
class Read:
    """One page read both ways: precision and recall, F1, and how many fields were learned."""

    id: str
    before: tuple[float | None, float | None]
    after: tuple[float | None, float | None]
    f1_before: float
    f1_after: float
    learned: int


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    parser.add_argument("--pages", action="store_true", help="list every page whose figure changed")
    given = parser.parse_args()
    shared = shared_folder(given.shared)
    if shared is None:
        print("no corpora of real pages here: nothing measured")
        return 0
    score = scorer(shared)
    fundus = kept_pages(shared, "fundus")
    publishers = groups(fundus, lambda kept: kept.truth["publisher"])
    looks = {
        "fundus, together": [read for group in publishers for read in together(group, score)],
        "fundus, others": [read for group in publishers for read in others(group, score)],
        "one template, together": [read for group in alike(fundus) for read in together(group, score)],
        "one template, others": [read for group in alike(fundus) for read in others(group, score)],
        "kz, one theme": others(
            [k for k in kept_pages(shared, "kz") if k.truth["id"].startswith("td_")], score
        ),
        "wcxb-dev, one host": [
            read for group in groups(kept_pages(shared, "wcxb-dev"), host) for read in together(group, score)
        ],
    }
    print(f"{'':24}{'pages':>6}{'generic':>9}{'learned':>9}{'better':>8}{'worse':>7}")
    for name, reads in looks.items():
        show(name, reads, score, list_pages=given.pages)
    return 0


def kept_pages(shared: Path, corpus: str) -> list[Kept]:
    """The articles of a corpus that have a text in the truth."""
    return [
        Kept(Page(page.url, page.url, corpus, NOW, 200, (), page.raw()), page.truth, unseen_model(page))
        for page in pages_of(shared, corpus)
        if page.is_article and page.truth.get("body")
    ]


def groups(pages: Iterable[Kept], key: Callable[[Kept], str]) -> list[list[Kept]]:
    """The pages that have a key in common, where there are several."""
    found: defaultdict[str, list[Kept]] = defaultdict(list)
    for kept in pages:
        found[key(kept)].append(kept)
    return [group for group in found.values() if len(group) > 1]


def host(kept: Kept) -> str:
    """The host of a page."""
    return (urlsplit(kept.page.url).hostname or "").removeprefix("www.")


def alike(pages: Sequence[Kept]) -> list[list[Kept]]:
    """Groups of pages on one template: each shares most class names with the first of its group."""
    found: list[tuple[set[str], list[Kept]]] = []
    for kept in pages:
        mine = class_names(kept)
        for names, group in found:
            if len(mine & names) > SAME_TEMPLATE * len(mine | names):
                group.append(kept)
                break
        else:
            found.append((mine, [kept]))
    return [group for names, group in found if len(group) > 1 and len(names) > 10]


def class_names(kept: Kept) -> set[str]:
    """The class names of a page that have no figures in them."""
    tree = lxml.html.document_fromstring(kept.page.body, parser=lxml.html.HTMLParser(encoding="utf-8"))
    tokens = (token for node in tree.iter() for token in (node.get("class") or "").split())
    return {token for token in tokens if STABLE.fullmatch(token)}


def together(group: Sequence[Kept], score: ModuleType) -> list[Read]:
    """Each page read with what all of the group teach, itself included."""
    source = source_of(group)
    learned = learn([kept.page for kept in group], source)
    return [read_both(kept, source, learned.layout if learned else None, score) for kept in group]


def others(group: Sequence[Kept], score: ModuleType) -> list[Read]:
    """Each page read with what the others of the group teach; one other page teaches nothing."""
    source = source_of(group)
    reads = []
    for kept in group:
        learned = learn([one.page for one in group if one is not kept], source)
        reads.append(read_both(kept, source, learned.layout if learned else None, score))
    return reads


def source_of(group: Sequence[Kept]) -> Source:
    """The group as a source nothing is written of."""
    languages = tuple({kept.truth["lang"][:2] for kept in group if kept.truth.get("lang")})
    return Source(id="x", name=host(group[0]), home=f"https://{host(group[0])}/", languages=languages)


def read_both(kept: Kept, source: Source, layout: Layout | None, score: ModuleType) -> Read:
    """The figures of one page without and with the layout."""
    counts = []
    for profile in (source, replace(source, learned=layout)):
        with judged_by(kept.model):
            article = clean(kept.page.body, kept.page.url, fetched_at=NOW, profile=profile)
        counts.append(score.shingle_counts(kept.truth["body"], article.body))
    before, after = counts
    return Read(
        kept.truth["id"],
        score.page_pr(before),
        score.page_pr(after),
        score.page_f1(before),
        score.page_f1(after),
        len(layout.fields) if layout else 0,
    )


def show(name: str, reads: Sequence[Read], score: ModuleType, *, list_pages: bool) -> None:
    """Print one look, and with `list_pages` the pages that changed; those that got worse always."""
    generic, learned = (
        score.macro([getattr(read, side) for read in reads])[0] for side in ("before", "after")
    )
    better = [read for read in reads if read.f1_after > read.f1_before + 1e-9]
    worse = [read for read in reads if read.f1_after < read.f1_before - 1e-9]
    print(f"{name:24}{len(reads):6}{generic:9.4f}{learned:9.4f}{len(better):8}{len(worse):7}")
    for read in [*(better if list_pages else []), *worse]:
        print(f"    {read.f1_before:.3f} -> {read.f1_after:.3f}  {read.id}")


if __name__ == "__main__":
    sys.exit(main())
