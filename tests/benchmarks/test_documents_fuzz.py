"""The fuzz of documents tells what is lost, and a part of it runs with every test run."""

from __future__ import annotations

import documents_fuzz
from documents_fuzz import KINDS, Spoiled, made, tried

from crawler.discovery import Reading


def test_two_hundred_spoiled_documents_raise_nothing_and_hide_nothing():
    ended = [tried(f"5:{number}") for number in range(200)]
    assert [(one.case, one.failed) for one in ended if one.failed] == []
    assert {one.made.kind for one in ended} == set(KINDS)
    assert sum(bool(one.made.survive) for one in ended) > 60


def test_a_document_can_be_made_again():
    assert made("5:7") == made("5:7")
    assert made("5:7").raw != made("5:8").raw


def test_what_is_lost_and_what_raises_has_failed(monkeypatch):
    lossy = Spoiled("sitemap", b"<urlset/>", ("none",), ("/news/1-voda",))
    assert documents_fuzz.fault_of(Reading(), lossy).startswith("lost ['https://gazeta.example/news/1-voda']")
    ignoring = Spoiled("robots.txt", b"User-agent: *\nAllow: /\n", ("none",), ("/news/1-voda",))
    assert documents_fuzz.robots_fault(ignoring).startswith("ignored")
    monkeypatch.setattr(documents_fuzz, "made", lambda case: Spoiled("sitemap", None, ("none",)))  # type: ignore[arg-type]
    assert "Traceback" in tried("1:1").failed
