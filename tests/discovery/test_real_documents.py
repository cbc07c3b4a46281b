"""Real feeds and listings of Kazakhstani and neighbouring sites."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crawler.discovery import read_feed, read_listing
from crawler.sources.profile import Listing

# Feed, its site, articles a person counted in it that are of the site, a word of its first title.
FEEDS = [
    ("liga_net_rss_1", "liga.net", 20, "Украина"),
    ("pravda_com_ua_rss_1", "pravda.com.ua", 13, "День"),
    ("ukranews_rss_1", "ukranews.com", 21, "Печенизкая"),
    ("newsru_com_rss_1251", "newsru.com", 30, "Турции"),
    ("aif_ru_rss_1251", "aif.ru", 17, "новогоднюю"),
]
LINKS = {
    "tengrinews_kz_list_1": ".content_main_item_title a",
    "tengrinews_kz_tag_1": ".tn-news-author-list-item a.tn-link",
    "tengrinews_kz_tag_2": "//div[@class='tn-news-author-list-item-text']",
    "tengrinews_kz_tag_3": "//div[@class='tn-news-author-list-item-text']//a/@href",
}
NEXT = "//ul[contains(@class, 'pagination')]//a[contains(@href, '/page/2/')]"


def page(shared: Path, name: str) -> bytes:
    (path,) = (shared / "corpora" / "kz-lists" / "pages").glob(f"{name}.*.gz")
    return gzip.decompress(path.read_bytes())


@pytest.mark.parametrize(("name", "site", "count", "word"), FEEDS)
def test_real_feed_gives_all_articles_of_its_site(shared, name, site, count, word):
    reading = read_feed(page(shared, name), f"https://{site}/rss")
    assert len(reading.found) == count
    assert word in (reading.found[0].title or "")
    assert all(found.title for found in reading.found)
    assert {rejected.code for rejected in reading.rejected} <= {"offsite"}


@pytest.mark.parametrize("name", LINKS)
def test_real_listing_gives_the_articles_a_person_listed(shared, name):
    rows = map(
        json.loads, (shared / "corpora" / "kz-lists" / "index.jsonl").read_text(encoding="utf-8").splitlines()
    )
    truth = next(row["truth"] for row in rows if row["id"] == name)
    wanted = {urljoin(truth["url"], item["url"]): item["title"] for item in truth["items"]}
    reading = read_listing(page(shared, name), truth["url"], Listing(truth["url"], LINKS[name], NEXT))
    found = {each.url: each.title for each in reading.found}
    assert len(wanted.keys() & found.keys()) >= 0.95 * len(wanted)
    assert not found.keys() - wanted.keys()
    assert "/page/2/" in (reading.next_page or "")
    if not LINKS[name].endswith("@href"):
        assert all(title == wanted[url] for url, title in found.items())
