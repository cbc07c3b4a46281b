"""A source written as a profile reads back as the same source."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sources.languages import CODES
from crawler.sources.profile import (
    ARTICLE_FIELDS,
    ArticlePatterns,
    Boilerplate,
    Expect,
    Known,
    Listing,
    Pace,
    Source,
)
from crawler.sources.reading import read_profile
from crawler.sources.shipped import SHIPPED, profile_files
from crawler.sources.writing import profile_text

PRINTABLE = st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \"'\\#=[]{}")
TEXTS = st.text(PRINTABLE, min_size=1, max_size=40).filter(lambda text: text.strip() and text.isprintable())
PATHS = st.from_regex(r"[a-z0-9а-яқ%/._~-]{0,30}(\?[a-z]=[0-9]{1,3})?", fullmatch=True)
URLS = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(
        ["example.kz", "127.0.0.1:8123", "[::1]:80", "xn--80ak6aa92e.kz", "жаңалық.kz", "a_b.example"]
    ),
    PATHS,
)
SELECTORS = st.sampled_from(["h1", "a[href='x']", 'a[href="x"]', "//time/@datetime", "(//a)[1]", ".a > .b"])
PATTERNS = st.sampled_from([r"^/n/\d+", r"/a\.html", "it's", 'say "x"', r"""'"\\""", r"[?&]id=\d+"])


def several(items: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(items, max_size=4, unique=True).map(tuple)


LISTINGS = st.builds(
    Listing, url=URLS, link=SELECTORS, next=SELECTORS, max_pages=st.integers(1, 1_000)
) | st.builds(Listing, url=URLS, link=SELECTORS)
SOURCES = st.builds(
    Source,
    id=st.from_regex(r"[a-z0-9_-]{1,64}", fullmatch=True),
    name=TEXTS,
    home=URLS,
    languages=several(st.sampled_from(sorted(CODES))),
    timezone=st.sampled_from(["UTC", "Asia/Almaty", "Asia/Aqtau"]),
    region=st.none() | TEXTS,
    render=st.booleans(),
    feeds=st.lists(URLS, min_size=1, max_size=9, unique=True).map(tuple),
    sitemaps=several(URLS),
    listings=st.lists(LISTINGS, max_size=3).map(tuple),
    articles=st.builds(ArticlePatterns, allow=several(PATTERNS), deny=several(PATTERNS)),
    fields=st.dictionaries(st.sampled_from(ARTICLE_FIELDS), SELECTORS),
    boilerplate=st.builds(
        Boilerplate,
        several(SELECTORS),
        several(st.sampled_from(["Наш канал", 'say "it" \\ twice', "How a long one begins…"])),
    ),
    pace=st.builds(
        Pace,
        st.floats(0, 86_400),
        st.integers(1, 16),
        st.integers(0, 100_000),
        st.none() | st.integers(1, 10_080),
    ),
    expect=st.builds(
        Expect, st.none() | st.floats(0, 100), st.none() | st.floats(0, 1), st.none() | st.integers(0, 99)
    ),
    known=st.builds(
        Known,
        several(TEXTS),
        several(TEXTS),
        st.none() | st.sampled_from(["2026", "2026-03", "2026-03-15"]),
        st.none() | TEXTS,
    ),
)


def read_back(source: Source) -> Source:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_text(profile_text(source), encoding="utf-8")
        return read_profile(path)


@settings(max_examples=150, deadline=None)
@given(SOURCES)
def test_any_source_reads_back_unchanged(source: Source) -> None:
    assert read_back(source) == source


@pytest.mark.parametrize("path", profile_files(SHIPPED), ids=lambda path: path.stem)
def test_each_shipped_profile_reads_back_unchanged(path: Path) -> None:
    source = read_profile(path)
    assert read_back(source) == source


def test_a_written_profile_explains_its_parts_and_leaves_out_what_it_does_not_know() -> None:
    source = Source(id="a", name="A", home="https://a.kz/", feeds=("https://a.kz/rss",))
    text = profile_text(source)
    assert 'feeds = ["https://a.kz/rss"]' in text
    assert "docs/sources.md" in text
    assert all(f"[{part}]" not in text for part in ("fields", "expect", "known", "articles"))
    assert "region" not in text


def test_patterns_are_written_without_doubled_backslashes() -> None:
    source = Source(
        id="a",
        name="A",
        home="https://a.kz/",
        feeds=("https://a.kz/rss",),
        articles=ArticlePatterns(allow=(r"^/n/\d+",)),
    )
    assert r"allow = ['^/n/\d+']" in profile_text(source)
