"""The keys of an article's texts, as the search index has them."""

from __future__ import annotations

from collections import OrderedDict

Texts = tuple[str | None, str | None, str | None]  # title, lead and body
MOST_PREPARED = 200  # articles read and not kept yet; those that need no keys are pushed out by the next


def keys_of(texts: Texts) -> Texts:
    """The keys of an article's texts, which decide together what language they are in."""
    from archive.search.analysis.keys import indexed_text, tongue_of  # a crawl's main process does without

    tongue = tongue_of(*texts)
    title, lead, body = (indexed_text(text, tongue) for text in texts)
    return title, lead, body


class PreparedKeys:
    """Keys that were made elsewhere, as by the process that read the page, until its article is kept.

    Making them here would load the words of two languages and remember tens of thousands: 30 MB.
    """

    def __init__(self) -> None:
        self.known: OrderedDict[Texts, Texts] = OrderedDict()

    def add(self, texts: Texts, keys: Texts) -> None:
        """Have the keys of these texts at hand. May be called in another thread than `of`."""
        self.known[texts] = keys
        while len(self.known) > MOST_PREPARED:
            self.known.popitem(last=False)

    def of(self, texts: Texts) -> Texts:
        """The keys of these texts, made now where nobody has prepared them."""
        return self.known.pop(texts, None) or keys_of(texts)
