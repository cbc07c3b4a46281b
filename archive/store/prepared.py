"""What the process that read a page made of its article's texts, until the article is kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from archive.records import Article
from archive.search.article_keys import Texts, keys_of
from archive.syndication.article_fingerprints import Fingerprints, fingerprints_of

MOST_PREPARED = 200  # articles read and not kept yet; those that need nothing are pushed out by the next
Given = TypeVar("Given", bound=Hashable)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class OfTexts:
    """What an article is found by: the keys of its texts for the search, the fingerprints of its body."""

    keys: Texts
    fingerprints: Fingerprints

    @classmethod
    def of(cls, article: Article) -> Self:
        """Made here and now."""
        return cls(keys_of(texts_of(article)), fingerprints_of(article.body))


class Prepared(Generic[Given, Made]):
    """What was made elsewhere, used as often as it was made, and only for the very text it was made of.

    Making it where articles are kept would load the words of two languages and remember tens of thousands,
    and load numpy: 40 MB.
    """

    def __init__(self, make: Callable[[Given], Made]) -> None:
        self.make = make
        self.known: OrderedDict[Given, tuple[Made, int]] = OrderedDict()  # with how often it may be used

    def add(self, given: Given, made: Made) -> None:
        """Have at hand what was made. May be called in another thread than `of`."""
        _, times = self.known.pop(given, (made, 0))  # two pages may say the same
        self.known[given] = made, times + 1
        while len(self.known) > MOST_PREPARED:
            self.known.popitem(last=False)

    def of(self, given: Given) -> Made:
        """What was made of it, made now where nobody has prepared it."""
        if (known := self.known.pop(given, None)) is None:
            return self.make(given)
        made, times = known
        if times > 1:
            self.known[given] = made, times - 1
        return made


def texts_of(article: Article) -> Texts:
    """The texts an article is searched by."""
    return article.title, article.lead, article.body
