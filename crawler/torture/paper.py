"""The made-up newspaper with as many articles as a long test needs, each sent as slowly as by a real site."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.demo import DemoNewspaper
from crawler.demo.edition import LANGUAGES, article_path
from crawler.demo.manuscripts import EVERY_EDITION, Manuscript, handed_in, newspaper
from crawler.demo.markup import LINK, Block
from crawler.demo.site import CLOCK

MORNING, EVENING = EVERY_EDITION
# The day pages print in their headers; the day the test runs must not tell two archives apart.
VISIT_DAY = datetime(2026, 3, 12, 9, 0, tzinfo=CLOCK)
FIRST_FILED = datetime(2025, 11, 3, 8, 0, tzinfo=CLOCK)
SENTENCE_END = re.compile(r"(?<=[.!?…»])\s+(?=[А-ЯӘҒҚҢӨҰҮҺІA-Z«—])")
SENTENCES_EACH = 14
REWORDED_EVERY = 5
LATENCY_SECONDS = 0.08  # of a page that is sent: two at a time make 25 a second, as fast as pages are read


class LargePaper(DemoNewspaper):
    """The demo newspaper with `size` articles more, of which the evening rewords every fifth."""

    def __init__(self, size: int, *, seed: int) -> None:
        morning = made_articles(size, seed)
        super().__init__(now=VISIT_DAY, more={MORNING: morning, EVENING: reworded(morning)})
        self.latency_seconds = LATENCY_SECONDS

    def count(self, path: str, *, unchanged: bool) -> None:
        """Remember one request, and take a while before it is answered."""
        super().count(path, unchanged=unchanged)
        if not unchanged:
            time.sleep(self.latency_seconds)

    def articles_sent(self) -> int:
        """How often a whole article was sent since the last count."""
        paths = {article_path(one) for edition in EVERY_EDITION for one in self._edition(edition).articles}
        with self._counting:
            return sum(self.requests[path] - self.unchanged[path] for path in paths)

    def count_anew(self) -> None:
        """Forget the requests there were."""
        with self._counting:
            self.requests.clear()
            self.unchanged.clear()


def made_articles(size: int, seed: int) -> tuple[Manuscript, ...]:
    """Articles put together from sentences of the newspaper's own; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    return tuple(made_article(number, chance) for number in range(1, size + 1))


def made_article(number: int, chance: random.Random) -> Manuscript:
    """One article, in each language in turn."""
    language = LANGUAGES[number % len(LANGUAGES)]
    said = chance.sample(sentences(language), SENTENCES_EACH)
    paragraphs = [" ".join(said[start : start + 3]) for start in range(2, SENTENCES_EACH, 3)]
    return Manuscript(
        id=f"zametka-{number}",
        language=language,
        section=chance.choice(newspaper()["sections"])["id"],
        title=f"{said[0].rstrip('.!?…')} — {number}",
        lead=said[1],
        blocks=tuple(Block("paragraph", (paragraph,)) for paragraph in paragraphs),
        filed_at=FIRST_FILED + timedelta(minutes=37 * number),
    )


def sentences(language: str) -> list[str]:
    """Every plain sentence of a language's articles, each once, in their order."""
    articles = [one for one in handed_in(MORNING) if (one.language, one.script) == (language, "Cyrl")]
    found = (said for article in articles for said in sentences_of(article))
    return list(dict.fromkeys(said for said in found if 40 <= len(said) <= 200))


def sentences_of(article: Manuscript) -> Iterator[str]:
    """The sentences of an article's paragraphs that link nowhere."""
    for block in article.blocks:
        if block.kind == "paragraph" and not LINK.search(block.lines[0]):
            yield from SENTENCE_END.split(block.text)


def reworded(articles: Sequence[Manuscript]) -> tuple[Manuscript, ...]:
    """The articles as the evening prints them: every fifth says one paragraph more."""
    return tuple(
        one if number % REWORDED_EVERY else with_one_more(one, number) for number, one in enumerate(articles)
    )


def with_one_more(article: Manuscript, number: int) -> Manuscript:
    """The article with a paragraph added at its end."""
    known = sentences(article.language)
    added = " ".join(known[(number + step) % len(known)] for step in range(3))
    return replace(article, blocks=(*article.blocks, Block("paragraph", (added,))))
