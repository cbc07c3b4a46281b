"""Whether a page is a wall (consent, captcha, maintenance, "blocked") shown in the article's place. Pure.

No list of phrases tells that in every language; what tells is that one text stands at many addresses, and
that nothing of a known article is left in what its address shows now.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from archive.identity import url_hash
from archive.records import Article

LEAST_LETTERS = 20  # of a text: shorter ones are captions, the same at many galleries
# Other addresses that show the text before it is called a wall. Press offices do publish a text twice, so
# a new article's may stand at three others; five is what health calls a repeated text too.
ENOUGH_FOR_ARTICLE, ENOUGH_FOR_NO_ARTICLE, ENOUGH_FOR_KNOWN = 4, 2, 1
# A kept article's words that are still there: an article rewritten from end to end keeps its names.
LEAST_SHARED = 0.1
LEAST_WORDS = 8
WORD = re.compile(r"[^\W\d_]{4,}")
BELIEVED_AFTER = timedelta(days=1)  # what still stands there is the publisher's word


def text_mark(article: Article) -> int | None:
    """The same for the same text, spacing apart: 8 bytes as SQLite keeps them; `None` for hardly any text.

    Titles do not count: walls stand under the titles of articles too.
    """
    text = " ".join(article.body.split())
    if sum(map(str.isalpha, text[:400])) < LEAST_LETTERS:
        return None
    return url_hash(text.casefold())


def enough(article: Article, *, is_known: bool) -> int:
    """How many other addresses must show a page's text for it to be a wall."""
    if is_known:
        return ENOUGH_FOR_KNOWN
    return ENOUGH_FOR_NO_ARTICLE if article.article_type == "not_article" else ENOUGH_FOR_ARTICLE


def is_unlike(now: Article, before: Mapping[str, Any]) -> bool:
    """Whether nothing of a kept article (its title, lead and body) is left in what its page shows now."""
    kept = words_of(before["title"], before["lead"], before["body"])
    shown = words_of(now.title, now.lead, now.body)
    fewer = min(len(kept), len(shown))
    return fewer >= LEAST_WORDS and len(kept & shown) < LEAST_SHARED * fewer


def words_of(*texts: str | None) -> set[str]:
    """The longer words of some texts."""
    return {word for text in texts if text for word in WORD.findall(text.casefold())}
