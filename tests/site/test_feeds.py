"""Feeds: well formed, stable, and cheap to ask again."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from archive.site.atom import Entry, entry_id, feed

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feed.atom", "/search.atom", "/search.atom?q=мост", "/search.atom?q=---", "/changes.atom")


def read(answer: Any) -> Any:
    """The feed of an answer."""
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return etree.fromstring(answer.content)


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_has_all_that_atom_asks_for(site: Any, path: str) -> None:
    tree = read(site.get(path))
    for one in [tree, *tree.iter(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            (element,) = one.findall(f"{ATOM}{name}")
            assert (element.text or "").strip(), name
    ids = [element.text for element in tree.iterfind(f"{ATOM}entry/{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_a_hostile_article_leaves_a_feed_well_formed(site: Any) -> None:
    titles = [one.text for one in read(site.get("/feed.atom")).iterfind(f"{ATOM}entry/{ATOM}title")]
    assert any("<script>alert(1)</script>" in title for title in titles)
    assert not any("\x1b" in title or "\u202e" in title for title in titles)


def test_an_entry_leads_to_the_reading_page_and_names_the_publishers(site: Any) -> None:
    tree = read(site.get("/search.atom?q=мост"))
    links = {link.get("rel"): link.get("href") for link in tree.find(f"{ATOM}entry").iterfind(f"{ATOM}link")}
    assert links["alternate"].startswith("http://localhost/a/")
    assert links["via"].startswith("https://steppe.example/")


def test_a_feed_one_has_is_not_sent_again(site: Any) -> None:
    first = site.get("/feed.atom")
    again = site.get("/feed.atom", if_none_match=first.headers["etag"])
    assert (again.status_code, again.text) == (304, "")
    assert site.get("/feed.atom", if_none_match='"other"').status_code == 200


def test_an_entry_is_called_the_same_wherever_it_is_served() -> None:
    assert entry_id("steppe.example/news/bridge") == entry_id("steppe.example/news/bridge")
    assert entry_id("a") != entry_id("b")


@pytest.mark.parametrize("trap", ["\x0b", "\x1b[2J", "]]>", "\ufffe", "\ud800", "\x00", "&<\"'"], ids=ascii)
def test_no_character_breaks_a_feed(trap: str) -> None:
    entry = Entry(
        id=entry_id(trap), title=f"a{trap}b", href=f"https://a.example/{trap}", updated="2026-03-10T00:00:00Z"
    )
    made = feed(
        trap,
        self_href="https://a.example/feed",
        page_href="https://a.example/",
        language="ru",
        entries=[entry],
    )
    tree = etree.fromstring(made.encode())
    assert (tree.find(f"{ATOM}entry/{ATOM}title").text or "")[0] == "a"


def test_the_journals_feed_tells_what_changed(site: Any) -> None:
    tree = read(site.get("/changes.atom", accept_language="en"))
    titles = [one.text for one in tree.iterfind(f"{ATOM}entry/{ATOM}title")]
    assert any(title.startswith("vanished") for title in titles)
    summaries = [one.text for one in tree.iterfind(f"{ATOM}entry/{ATOM}summary")]
    assert any("[-395-]" in text and "{+405+}" in text for text in summaries)
