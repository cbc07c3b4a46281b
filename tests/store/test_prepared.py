"""What was made of an article's texts where its page was read: used for the very texts it was made of."""

from __future__ import annotations

from archive.records import Article
from archive.search.article_keys import keys_of
from archive.store.prepared import MOST_PREPARED, OfTexts, Prepared, texts_of
from archive.syndication.article_fingerprints import fingerprints_of


def counted(asked: list[str]) -> Prepared[str, str]:
    return Prepared(lambda text: asked.append(text) or f"made of {text}")


def test_what_is_prepared_is_not_made_again():
    asked: list[str] = []
    prepared = counted(asked)
    prepared.add("a text", "made elsewhere")
    assert prepared.of("a text") == "made elsewhere"
    assert prepared.of("another") == "made of another"
    assert prepared.of("a text") == "made of a text"  # used as often as it was handed over
    assert asked == ["another", "a text"]


def test_two_pages_that_say_the_same_are_both_prepared():
    asked: list[str] = []
    prepared = counted(asked)
    prepared.add("", "nothing")
    prepared.add("", "nothing")
    assert [prepared.of("") for _ in range(2)] == ["nothing", "nothing"]
    assert asked == []
    assert not prepared.known


def test_what_is_never_kept_is_forgotten():
    prepared = counted([])
    for number in range(3 * MOST_PREPARED):
        prepared.add(str(number), "")
    assert len(prepared.known) == MOST_PREPARED


def test_what_a_worker_makes_is_what_would_be_made():
    url = "https://steppe.example/a/1"
    body = "Жители видели мосты. " * 20
    one = Article(url=url, requested_url=url, url_key="steppe.example/a/1", title="Мосты города", body=body)
    made = OfTexts.of(one)
    assert made == OfTexts(keys_of(texts_of(one)), fingerprints_of(one.body))
    assert made.keys != texts_of(one)
    assert made.fingerprints.words == 60
    assert made.fingerprints.count
