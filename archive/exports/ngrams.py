"""How often words and successions of words stand in many texts: counts that give no text back.

Only what stands in several articles is told. Memory is bounded: what is counted is put aside in sorted runs,
which are merged at the end.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from tempfile import TemporaryFile
from typing import TextIO

LONGEST = 3
LEAST_ARTICLES = 5
WORD = re.compile(r"\w+")
MOST_COUNTED = 300_000  # n-grams in memory: about 60 MB
MOST_RUNS = 50
Line = tuple[str, str, int, int]


class NgramCounts:
    """Counts n-grams of one to three words, by language."""

    def __init__(self) -> None:
        self.articles: Counter[tuple[str, str]] = Counter()
        self.times: Counter[tuple[str, str]] = Counter()
        self.runs: list[TextIO] = []

    def add(self, language: str | None, text: str) -> None:
        """Count one article."""
        found = Counter((language or "", one) for one in ngrams(text))
        self.times.update(found)
        self.articles.update(found.keys())
        if len(self.times) >= MOST_COUNTED:
            self.put_aside()

    def put_aside(self) -> None:
        """Write what is counted into a sorted run."""
        self.runs.append(written(self.counted()))
        self.articles.clear()
        self.times.clear()
        if len(self.runs) >= MOST_RUNS:
            self.runs = [written(merged([lines_of(run) for run in self.runs]))]

    def counted(self) -> Iterator[Line]:
        """What is in memory, sorted."""
        for key in sorted(self.times):
            yield (*key, self.articles[key], self.times[key])

    def rows(self, least: int = LEAST_ARTICLES) -> Iterator[tuple[str, int, str, int, int]]:
        """Language, number of words, n-gram, in how many articles and how often; by language and n-gram.

        Of n-grams that stand in `least` articles or more.
        """
        for language, ngram, articles, times in merged([self.counted(), *map(lines_of, self.runs)]):
            if articles >= least:
                yield language, ngram.count(" ") + 1, ngram, articles, times


def ngrams(text: str) -> Iterator[str]:
    """The successions of one to three words of a text, in small letters."""
    words = WORD.findall(unicodedata.normalize("NFC", text).casefold())
    for length in range(1, LONGEST + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def written(lines: Iterable[Line]) -> TextIO:
    """A run on disk. Neither words nor languages hold a tab: it parts the columns."""
    file = TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - ends with its last reader
    file.writelines("\t".join(map(str, line)) + "\n" for line in lines)
    return file


def lines_of(run: TextIO) -> Iterator[Line]:
    """What a run holds."""
    run.seek(0)
    for line in run:
        language, ngram, articles, times = line.split("\t")
        yield language, ngram, int(articles), int(times)


def merged(runs: list[Iterator[Line]]) -> Iterator[Line]:
    """Sorted runs as one, the counts of an n-gram added."""
    for (language, ngram), same in groupby(merge(*runs, key=itemgetter(0, 1)), key=itemgetter(0, 1)):
        articles, times = map(sum, zip(*((one[2], one[3]) for one in same), strict=True))
        yield language, ngram, articles, times
