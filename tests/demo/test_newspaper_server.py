"""The demo newspaper as a visitor meets it: status, validators, compression, editions, rude clients."""

from __future__ import annotations

import gzip
import socket
import struct
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message

import pytest

from crawler.demo import DemoNewspaper

VISIT = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def paper() -> Iterator[DemoNewspaper]:
    with DemoNewspaper(now=VISIT) as newspaper:
        yield newspaper


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(
        url, headers={key.replace("_", "-"): value for key, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html"),
        ("novosti/", "text/html"),
        ("zhanalyqtar/bilik/", "text/html"),
        ("en/news/", "text/html"),
        ("o-gazete/", "text/html"),
        ("robots.txt", "text/plain"),
        ("feed/", "application/rss+xml"),
        ("sitemap.xml", "application/xml"),
        ("sitemap-en.xml.gz", "application/gzip"),
        ("news-sitemap.xml", "application/xml"),
        ("static/gazeta.css", "text/css"),
        ("wp-content/uploads/2026/03/buran-trassa.png", "image/png"),
    ],
)
def test_every_kind_of_page_is_served(paper, path, kind):
    status, headers, body = get(paper.url + path)
    assert status == 200
    assert headers.get_content_type() == kind
    assert body


def test_a_picture_is_a_png(paper):
    picture = next(image for article in paper.truth(1) for image in article.images)
    _, _, body = get(picture.url)
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", body[16:24]) == (480, 270)


def test_what_does_not_exist_is_a_404_page(paper):
    status, headers, body = get(paper.url + "zhanalyqtar/bilik/joq-maqala/")
    assert status == 404
    assert headers["ETag"] is None
    assert "Бет табылмады" in body.decode()


def test_a_known_page_is_unchanged_by_tag_and_by_time(paper):
    article = paper.truth(1)[0]
    _, headers, _ = get(article.url)
    by_tag = get(article.url, If_None_Match=headers["ETag"])
    by_time = get(article.url, If_Modified_Since=headers["Last-Modified"])
    earlier = get(article.url, If_Modified_Since="Mon, 02 Mar 2020 00:00:00 GMT")
    nonsense = get(article.url, If_Modified_Since="yesterday", If_None_Match='"other"')
    assert [one[0] for one in (by_tag, by_time, earlier, nonsense)] == [304, 304, 200, 200]
    assert by_tag[2] == b""
    assert paper.requests[article.path] == 5
    assert paper.unchanged[article.path] == 2


def test_pages_are_compressed_for_those_who_take_it(paper):
    address = paper.url + "novosti/"
    _, plain_headers, plain = get(address)
    _, refused, _ = get(address, Accept_Encoding="gzip;q=0")
    _, headers, packed = get(address, Accept_Encoding="br, gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    assert plain_headers["Content-Encoding"] is None
    assert refused["Content-Encoding"] is None


def test_a_head_request_has_headers_only(paper):
    request = urllib.request.Request(paper.url, method="HEAD")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert int(answer.headers["Content-Length"]) > 1000
        assert answer.read() == b""


def test_the_evening_edition_revises_one_article_drops_one_and_adds_two(paper):
    morning, evening = ({one.id: one for one in paper.truth(number)} for number in (1, 2))
    assert sorted(evening.keys() - morning.keys()) == ["pavodok-pomoshch-semyam", "tasqyn-komek"]
    assert sorted(morning.keys() - evening.keys()) == ["zimnyaya-rybalka-na-zhanasu"]
    changed = [name for name in morning.keys() & evening.keys() if morning[name].body != evening[name].body]
    assert changed == ["vybory-akimov-itogi"]
    before, after = morning[changed[0]], evening[changed[0]]
    assert before.url == after.url
    assert before.title != after.title
    assert before.published == after.published
    assert before.modified is None
    assert after.modified == datetime.fromisoformat("2026-03-10T18:20:00+05:00")


def test_publishing_changes_what_visitors_get_and_nothing_else(paper):
    tags = {one.url: get(one.url)[1]["ETag"] for one in paper.truth(1)}
    assert all(get(url, If_None_Match=tag)[0] == 304 for url, tag in tags.items())
    paper.publish(2)
    answers = {url: get(url, If_None_Match=tag) for url, tag in tags.items()}
    statuses = sorted(answer[0] for answer in answers.values())
    assert statuses == [200] + [304] * (len(tags) - 2) + [410]
    revised = next(answer for answer in answers.values() if answer[0] == 200)
    assert revised[1]["Last-Modified"] == "Tue, 10 Mar 2026 13:20:00 GMT"
    assert 'article:modified_time" content="2026-03-10T18:20:00+05:00"' in revised[2].decode()


def test_a_reprint_has_the_text_of_another_article(paper):
    articles = {one.id: one for one in paper.truth(1)}
    original, reprint = articles["muzey-sunduk"], articles["pisma-lastochki"]
    assert original.paragraphs == reprint.paragraphs
    assert original.title != reprint.title
    assert original.section != reprint.section
    assert reprint.agency == "Дала-Информ"


def test_an_edition_nobody_made_is_refused(paper):
    with pytest.raises(ValueError, match="not 3"):
        paper.publish(3)


def test_a_port_in_use_is_an_error_at_once(paper):
    port = int(paper.url.rstrip("/").rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        DemoNewspaper(port=port)


def test_visitors_who_hang_up_leave_no_trace(paper, capfd):
    host, port = "127.0.0.1", int(paper.url.rstrip("/").rsplit(":", 1)[1])
    for sent in (
        b"",
        b"GET /nov",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 20,
        b"\x16\x03\x01\x00\xff\r\n\r\n",
    ):
        with socket.create_connection((host, port), timeout=5) as visitor:
            # Close with a reset, as a killed client does.
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            visitor.sendall(sent)
    assert get(paper.url)[0] == 200
    assert get(paper.url + "wp-admin/")[0] == 404
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == ""


def test_the_paper_is_the_same_each_time_it_is_served():
    def pages(newspaper: DemoNewspaper) -> list[bytes]:
        with newspaper:
            paths = [one.path for one in newspaper.truth(1)] + [
                "/feed/",
                "/news-sitemap.xml",
                "/sitemap-en.xml.gz",
            ]
            return [get(newspaper.url.rstrip("/") + path)[2] for path in paths]

    port = 0
    with DemoNewspaper() as first:
        port = int(first.url.rstrip("/").rsplit(":", 1)[1])
    once, again = (pages(DemoNewspaper(port=port, now=VISIT)) for _ in range(2))
    assert once == again
