"""What travels between machines: the same there as here, data only, refused when it is none of ours."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("msgpack", reason="the optional libraries of the cluster are not installed")

from archive.records import Article, Author, Found, Image, Link, Page, Problem, Visit
from crawler.cluster.jobs import Job
from crawler.cluster.wire import MOST_BYTES, WireError, packed, record, unpacked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NOW = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
ARTICLE = Article(
    url="https://steppe.example/a",
    requested_url="https://steppe.example/a",
    url_key="steppe.example/a",
    title="Мост",
    body="Текст",
    published_at=NOW,
    published_local=datetime.fromisoformat("2026-03-10T11:30:00+05:00"),
    published_date=date(2026, 3, 10),
    authors=(Author("Айгуль"), Author("Болат", "https://steppe.example/b")),
    images=(Image("https://steppe.example/i.jpg", alt="мост"),),
    links=(Link("https://steppe.example/l", "далее", "related"),),
    evidence={"title": "h1"},
    problems=(Problem("date_unreadable"),),
    is_article=1.0,
)
PAGE = Page("https://a.example/", "https://a.example/", "a", NOW, 200, (("A", "b"), ("A", "c")), b"\x00\xff")
VISIT = Visit("https://a.example/", "article", None, NOW, page_id=3)
JOB = Job("1", "a", {"a.toml": "id = 'a'"}, ({"url_hash": -5, "url": "x"},), (), (-5, 7))


@pytest.mark.parametrize(
    "one", [ARTICLE, PAGE, VISIT, JOB, Found("u", "feed")], ids=lambda o: type(o).__name__
)
def test_a_record_arrives_as_it_left(one: object) -> None:
    assert record(type(one), unpacked(packed({"it": one}))["it"]) == one


@settings(max_examples=200, deadline=None)
@given(st.text(), st.binary(max_size=200), st.floats(0, 1))
def test_any_text_and_bytes_arrive(text: str, body: bytes, score: float) -> None:
    article = replace(ARTICLE, title=text, is_article=score)
    arrived = record(Article, unpacked(packed({"it": article}))["it"])
    assert arrived.title == text.encode("utf-8", "replace").decode()
    assert arrived.is_article == score
    page = record(Page, unpacked(packed({"it": replace(PAGE, body=body)}))["it"])
    assert page.body == body


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_of_others_are_refused_and_nothing_else(message: bytes) -> None:
    with pytest.raises(WireError):
        unpacked(message)
    with pytest.raises(WireError):
        unpacked(zstd.compress(b"\xc1" + message))


@pytest.mark.parametrize(
    "changed",
    [
        {"url": 5},
        {"published_at": "soon"},
        {"authors": [{"nom": "x"}]},
        {"more": 1},
        {"links": "x"},
        {"title": b"x"},
    ],
    ids=str,
)
def test_a_table_that_does_not_fit_is_refused(changed: dict[str, object]) -> None:
    said = unpacked(packed({"it": ARTICLE}))["it"] | changed
    with pytest.raises(WireError):
        record(Article, said)


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    with pytest.raises(WireError, match="unpacks to more"):
        unpacked(zstd.compress(b"\x00" * (MOST_BYTES + 1)))


def test_a_job_writes_no_file_outside_its_folder(tmp_path: object) -> None:
    from pathlib import Path

    from archive.errors import ArchiveError
    from crawler.cluster.files import write_file

    folder = Path(str(tmp_path)) / "sources"
    for name in ("../x.toml", "/etc/x.toml", "x.py", "a/../../x.toml"):
        with pytest.raises(ArchiveError):
            write_file(folder, name, "")
    write_file(folder, "learned/a.toml", "x = 1")
    assert (folder / "learned" / "a.toml").read_text(encoding="utf-8") == "x = 1"
