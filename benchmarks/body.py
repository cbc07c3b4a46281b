"""Score the body finder on corpora of real pages.

    python benchmarks/body.py CORPORA_FOLDER [--corpus NAME]... [--worst N]

Each corpus is a folder with `truth.jsonl` and `pages/ID.html.gz`; the figures come from `../tools/score.py`
beside the folder. Printed with them: CPU seconds of parsing and of `read_body`, each page read twice, the
better time counted.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from lxml import html
from lxml.html import HtmlElement

from crawler.cleaning.body import Body, read_body

PARSER = html.HTMLParser(encoding="utf-8")


def scorer(corpora: Path) -> ModuleType:
    """The scoring tool that lies beside the corpora."""
    spec = importlib.util.spec_from_file_location("score", corpora.parent / "tools" / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scoring tool beside {corpora}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages(corpus: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The articles of a corpus that have a body in the truth, with their bytes."""
    for line in (corpus / "truth.jsonl").open(encoding="utf-8"):
        truth = json.loads(line)
        if truth.get("body") is not None and truth.get("page_type", "article") == "article":
            yield truth, gzip.decompress((corpus / "pages" / f"{truth['id']}.html.gz").read_bytes())


def stated(tree: HtmlElement, name: str) -> str | None:
    """What the page's OpenGraph says: a stand-in for the title that cleaning settles on."""
    found = tree.xpath(f'//meta[@property="og:{name}" or @name="og:{name}"]/@content')
    return str(found[0]) if found else None


def body_of(tree: HtmlElement, url: str) -> Body:
    """The body as cleaning asks for it."""
    return read_body(tree, base_url=url, title=stated(tree, "title"), lead_stated=stated(tree, "description"))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The CPU seconds of the better of two runs, and what came out."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def predictions(corpus: Path) -> tuple[dict[str, dict[str, Any]], float, float]:
    """What is found on each page, and the CPU seconds of parsing and of finding."""
    found: dict[str, dict[str, Any]] = {}
    parsing = finding = 0.0
    for truth, raw in pages(corpus):
        seconds, tree = timed(lambda raw=raw: html.document_fromstring(raw, parser=PARSER))
        parsing += seconds
        url = truth.get("url") or "https://example.org/"
        seconds, body = timed(lambda tree=tree, url=url: body_of(tree, url))
        finding += seconds
        found[truth["id"]] = {"id": truth["id"], "body": body.text, "lead": body.lead, "seconds": seconds}
    return found, parsing, finding


def main() -> None:
    """Print the figures of each corpus."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("corpora", type=Path)
    options.add_argument("--corpus", action="append", help="default: fundus, kz and wcxb-dev")
    options.add_argument("--worst", type=int, default=0, help="list the N worst pages of each corpus")
    given = options.parse_args()
    score = scorer(given.corpora)
    for name in given.corpus or ["fundus", "kz", "wcxb-dev"]:
        found, parsing, finding = predictions(given.corpora / name)
        truth, predicted = score.load(given.corpora / name, found, "article", None)
        figures, by_page = score.score(truth, predicted, 0)
        body, lead = figures["body"], figures.get("lead", {})
        sys.stdout.write(
            f"{name:10} n={body['n']:<4} F1={body['f1']:.3f} P={body['precision']:.3f} R={body['recall']:.3f}"
            f" exact={body['accuracy']:.2f} lead={lead.get('word_f1', 0):.2f}"
            f"  parse {parsing:.2f} s, body {finding:.2f} s, {finding / parsing:.1f} times\n"
        )
        worst = sorted((page for page in by_page.values() if "f1" in page), key=lambda page: page["f1"])
        for page in worst[: given.worst]:
            sys.stdout.write(f"  {page['f1']:.2f}  {page['id']}  {page['url']}\n")


if __name__ == "__main__":
    main()
