"""Made-up articles with known copies among them: who took how much from whom is known word by word.

Each word of an article remembers where it was first written, so the share of one article that stands in
another is counted, not estimated, and by nothing that the measured code does.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, combinations, count, islice
from random import Random

SYLLABLES = (
    *("ка", "ра", "ган", "да", "ал", "ма", "ты", "ше", "мей", "пав", "ло", "дар", "ак", "то", "бе", "жез"),
    *("қа", "ның", "лық", "дер", "ған", "бас", "тау", "өз", "ен", "құр", "ыл", "жол", "са", "пре", "сти"),
    *("ов", "ский", "ного", "ение", "ость", "ют", "ать", "про", "на", "по", "ве", "ли", "зо", "ки", "му"),
)
LITTLE = ("в", "и", "на", "с", "по", "что", "для", "мен", "және", "бұл", "о", "из", "за", "не", "к", "до")
WORDS = 30_000
PHRASES = 4_000
SOURCES = 40
Said = tuple[str, int]  # a word, and the number of the moment it was first written


@dataclass(frozen=True, slots=True)
class Made:
    """A made article: `family` is its story's number, `None` of a form filled in; `how` it came to be."""

    source: int
    family: int | None
    how: str
    said: tuple[Said, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """The article as a body: paragraphs of about forty words."""
        words = [word for word, _ in self.said]
        return "\n\n".join(" ".join(words[n : n + 40]) + "." for n in range(0, len(words), 40))


class Newsroom:
    """Writes articles: Zipf's words, set phrases, a footer of each source, all from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.moments = 0
        made = ("".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))) for _ in range(WORDS))
        named = sorted(set(made))
        self.random.shuffle(named)
        self.vocabulary = [*LITTLE, *named]
        self.word_ranks = list(accumulate(1 / (rank + 2) for rank in range(len(self.vocabulary))))
        self.phrases = [[self.word() for _ in range(self.random.randint(3, 7))] for _ in range(PHRASES)]
        self.phrase_ranks = list(accumulate(1 / (rank + 5) for rank in range(PHRASES)))
        self.footers = [tuple(self.written(self.random.randint(12, 40))) for _ in range(SOURCES)]

    def ranked(self, ranks: list[float]) -> int:
        """A rank, the lower the likelier."""
        return bisect(ranks, self.random.random() * ranks[-1])

    def word(self) -> str:
        """A word, or now and then a number."""
        if self.random.random() < 0.02:
            return str(self.random.randint(1, 3000))
        return self.vocabulary[self.ranked(self.word_ranks)]

    def new(self, word: str) -> Said:
        """A word written for the first time."""
        self.moments += 1
        return word, self.moments

    def written(self, number: int) -> list[Said]:
        """A new text: a word in seven belongs to a set phrase that other articles have too."""
        words: list[str] = []
        while len(words) < number:
            if self.random.random() < 1 / 30:
                words += self.phrases[self.ranked(self.phrase_ranks)]
            else:
                words.append(self.word())
        return [self.new(word) for word in words[:number]]

    def length(self) -> int:
        """Words of an article: from a flash to a long report, about 160 as a rule."""
        return min(max(int(self.random.lognormvariate(5.1, 0.6)), 35), 1500)

    def article(self, family: int | None, how: str, said: list[Said]) -> Made:
        """An article of a source chosen at random, with its footer in two of three sources."""
        source = self.random.randrange(SOURCES)
        footer = self.footers[source] if source % 3 else ()
        return Made(source, family, how, (*said, *footer))

    def rewritten(self, said: list[Said]) -> list[Said]:
        """2 to 20 % of the words replaced, one to three at a time, a few left out or put in."""
        share, text, done = self.random.uniform(0.02, 0.2), list(said), 0
        while done < share * len(said):
            place, words = self.random.randrange(len(text)), self.random.randint(1, 3)
            text[place : place + words] = self.written(words + self.random.choice((0, 0, 0, -1, 1)))
            done += words
        return text

    def shortened(self, said: list[Said]) -> list[Said]:
        """The first part, or with a paragraph left out: 30 to 95 % of it."""
        kept = max(int(len(said) * self.random.uniform(0.3, 0.95)), 32)
        if self.random.random() < 0.5:
            return said[:kept]
        start = self.random.randrange(kept)
        return said[:start] + said[start + len(said) - kept :]

    def lengthened(self, said: list[Said]) -> list[Said]:
        """Own words before and behind."""
        more = self.written(int(len(said) * self.random.uniform(0.05, 0.8)))
        cut = self.random.randint(0, len(more))
        return more[:cut] + said + more[cut:]

    def quoting(self, said: list[Said]) -> list[Said]:
        """An article of its own that quotes one or two paragraphs of another."""
        own, text = self.written(self.length()), list(said)
        for _ in range(self.random.randint(1, 2)):
            start = self.random.randrange(max(len(text) - 40, 1))
            place = self.random.randrange(len(own))
            own[place:place] = text[start : start + self.random.randint(20, 60)]
        return own

    def family(self, number: int, copies: int) -> Iterator[Made]:
        """A story and its copies, some of them copied from copies."""
        texts = [self.written(self.length())]
        yield self.article(number, "first", texts[0])
        ways = ("verbatim", "rewritten", "rewritten", "shortened", "lengthened", "quoting")
        for _ in range(copies):
            how, said = self.random.choice(ways), self.random.choice(texts)
            copy = said if how == "verbatim" else getattr(self, how)(said)
            texts.append(copy)
            yield self.article(number, how, copy)

    def forms(self, days: int) -> Iterator[Made]:
        """One form filled in day after day: rates or weather; a third of its words are that day's numbers."""
        source, form = self.random.randrange(SOURCES), self.written(self.random.randint(40, 120))
        is_number = [self.random.random() < 0.3 for _ in form]
        for _ in range(days):
            filled = (
                self.new(str(self.random.randint(1, 900))) if number else word
                for number, word in zip(is_number, form, strict=True)
            )
            yield Made(source, None, "form", tuple(filled))

    def news(self) -> Iterator[Made]:
        """Articles without end: one story in five has one to five copies, few have thirty; and forms."""
        for number in count():
            if number % 250 == 2:
                yield from self.forms(50)
            elif number % 700 == 1:
                yield from self.family(number, 29)
            else:
                yield from self.family(number, self.random.randint(1, 5) if number % 5 == 0 else 0)


def made_articles(number: int, *, seed: int = 0) -> list[Made]:
    """So many articles, in no order."""
    room = Newsroom(seed)
    articles = list(islice(room.news(), number))
    room.random.shuffle(articles)
    return articles


def true_share(one: Made, other: Made) -> float:
    """Of the article with fewer words the share that was written once for both."""
    mine, theirs = (Counter(moment for _, moment in made.said) for made in (one, other))
    return (mine & theirs).total() / min(len(one.said), len(other.said))


def true_pairs(articles: list[Made], least: float) -> set[tuple[int, int]]:
    """The pairs of one story, by place in the list, that share at least so much."""
    families: dict[int, list[int]] = {}
    for place, made in enumerate(articles):
        if made.family is not None:
            families.setdefault(made.family, []).append(place)
    return {
        (a, b)
        for places in families.values()
        for a, b in combinations(places, 2)
        if true_share(articles[a], articles[b]) >= least
    }
