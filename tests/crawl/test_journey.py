"""From a site's address to a row, a search hit and an exported record."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from archive.raw.migrations import migrations
from archive.raw.pages import PageStore
from archive.store.connection import open_to_write
from crawler.demo import DemoArticle, DemoNewspaper


def words(text: str) -> list[str]:
    """The words in their order; marks of lists and tables are ours to choose."""
    return re.findall(r"\w+", text)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory, muragat) -> Iterator[tuple[Path, dict[str, DemoArticle], DemoNewspaper, Path]]:
    """The demo newspaper's morning edition, crawled once."""
    place = tmp_path_factory.mktemp("journey")
    with DemoNewspaper() as paper:
        profile = place / "demo.toml"
        profile.write_text(paper.profile_toml, encoding="utf-8")
        done = muragat("crawl", "--profile", profile, "--archive", place / "a", "--allow-private")
        assert done.code == 0, done.err
        yield place / "a", {article.url: article for article in paper.truth(1)}, paper, profile


@pytest.fixture(scope="module")
def records(crawled, muragat) -> dict[str, dict]:
    """Every exported record by address."""
    folder, *_ = crawled
    done = muragat("export", "--to", folder / "all.jsonl", "--archive", folder)
    assert done.code == 0, done.err
    lines = (folder / "all.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len({row["url"] for row in rows}) == len(rows), "an article came twice"
    return {row["url"]: row for row in rows}


def test_every_article_of_the_site_becomes_one_record(crawled, records):
    _, truth, *_ = crawled
    assert records.keys() == truth.keys()


def test_text_and_title_are_the_articles_own(crawled, records):
    _, truth, *_ = crawled
    wrong = [url for url, article in truth.items() if words(records[url]["body"]) != words(article.body)]
    assert not wrong
    assert not [url for url, article in truth.items() if records[url]["title"] != article.title]


def test_every_stated_date_is_right_and_the_unstated_one_is_empty(crawled, records):
    _, truth, *_ = crawled
    for url, article in truth.items():
        said = records[url]["published_at"]
        if article.published is None:
            assert said is None
        else:
            assert said is not None, url
            assert article.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == said[:16], url


def test_a_date_only_the_feed_or_the_sitemap_knew_says_so(crawled, archive_rows):
    _, truth, *_ = crawled
    evidence = dict(archive_rows("SELECT url, published_evidence FROM articles"))
    for url, article in truth.items():
        if article.dated == "feed":
            assert "feed" in evidence[url]
        if article.dated == "sitemap":
            assert "sitemap" in evidence[url]


@pytest.fixture(scope="module")
def archive_rows(crawled):
    db = sqlite3.connect(crawled[0] / "news.db")
    yield lambda sql: db.execute(sql).fetchall()
    db.close()


def test_languages_are_told_apart_in_every_script(crawled, records):
    _, truth, *_ = crawled
    assert {url: records[url]["language"] for url in truth} == {
        url: article.language for url, article in truth.items()
    }


def test_a_word_of_the_text_finds_the_article(crawled, muragat):
    folder, *_ = crawled
    done = muragat("search", "паводок эвакуацию", "--archive", folder)
    assert done.code == 0
    assert "pavodok-evakuatsiya-bozaral" in done.out


def test_a_second_crawl_asks_for_no_article_and_for_documents_only_if_changed(crawled, muragat):
    folder, truth, paper, profile = crawled
    paths = {article.path for article in truth.values()}
    asked = {path: paper.requests[path] for path in paths}
    unchanged = sum(paper.unchanged.values())
    done = muragat("crawl", "--profile", profile, "--archive", folder, "--allow-private")
    assert done.code == 0
    assert "nothing new" in done.out
    assert {path: paper.requests[path] for path in paths} == asked
    assert sum(paper.unchanged.values()) >= unchanged + 5


def test_the_raw_page_is_kept_as_it_was_sent(crawled):
    folder, truth, *_ = crawled
    store = PageStore(open_to_write(folder / "pages.db", migrations), folder / "pages.db")
    article = next(iter(truth.values()))
    page = next(store.pages("p.requested_url = ?", [article.url]))
    assert page.body.decode("utf-8").count(article.title) >= 1
    assert page.status == 200
    store.db.close()


README = Path(__file__).parents[2] / "README.md"


def searches_of_the_readme() -> list[str]:
    """What its table of searches says may be typed, and its slip without Kazakh letters."""
    text = README.read_text(encoding="utf-8")
    table = text[text.index("| typed | finds |") :].partition("\n\n")[0]
    typed = [one for line in table.splitlines()[2:] for one in re.findall("`([^`]+)`", line.split(" | ")[0])]
    return [*typed, re.search(r"Without a Kazakh keyboard, (\w+) finds", text)[1]]


@pytest.mark.parametrize("typed", searches_of_the_readme())
def test_each_search_of_the_readme_finds_something_in_the_demo(crawled, muragat, typed):
    folder, *_ = crawled
    found = muragat("search", typed, "--archive", folder)
    assert found.code == 0, found.err
    assert "nothing found" not in found.out + found.err
