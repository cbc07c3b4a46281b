"""`muragat export --to x.warc.gz`: the raw pages in a file that every web archive reads."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio_command

from archive.cli import export
from archive.records import Page
from archive.store.archive import Archive

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
STEPPE = "https://steppe-news.example"


def run(folder, *arguments):
    return CliRunner().invoke(export, [*map(str, arguments), "--archive", str(folder.path)])


def records(path, kind="response"):
    """Target, WARC fields, HTTP head and payload of each record of a kind; every digest is checked."""
    found = []
    with Path(path).open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            payload = record.content_stream().read()
            assert record.digest_checker.passed is not False, record.digest_checker.problems
            if record.rec_type == kind:
                fields = dict(record.rec_headers.headers)
                found.append((fields["WARC-Target-URI"], fields, record.http_headers, payload))
    return found


def exported(folder, tmp_path, *arguments):
    path = tmp_path / "pages.warc.gz"
    done = run(folder, "--to", path, *arguments)
    assert done.exit_code == 0, done.output
    return records(path)


def keep(folder, page, kind="article"):
    with Archive(folder) as archive:
        return archive.pages.keep(page, kind=kind)


def page(url=f"{STEPPE}/raw", **fields):
    stated = {"source": "steppe_news", "fetched_at": NOON, "status": 200, "headers": (), "body": b"<p>x</p>"}
    return Page(**({"url": url, "requested_url": url} | stated | fields))


def test_every_kept_page_is_a_record_with_its_bytes(folder, tmp_path):
    kept = page(body=bytes(range(256)) * 40)
    keep(folder, kept)
    keep(folder, page(f"{STEPPE}/robots.txt", body=b"User-agent: *\n"), kind="robots")
    found = {url: payload for url, _, _, payload in exported(folder, tmp_path)}
    assert len(found) == 6
    assert found[kept.url] == kept.body
    assert found[f"{STEPPE}/robots.txt"] == b"User-agent: *\n"


def test_a_record_says_when_the_page_was_fetched_and_how_it_was_answered(folder, tmp_path):
    keep(folder, page(requested_url=f"{STEPPE}/?p=1", headers=(("Content-Type", "text/html"),)))
    url, fields, http, _ = exported(folder, tmp_path)[-1]
    assert url == f"{STEPPE}/raw"
    assert fields["WARC-Date"] == "2026-03-10T07:00:00Z"
    assert fields["Muragat-Requested-URI"] == f"{STEPPE}/?p=1"
    assert (http.protocol, http.statusline) == ("HTTP/1.1", "200 OK")
    assert http.get_header("Content-Type") == "text/html"


def test_headers_are_true_of_the_body_as_it_is_stored(folder, tmp_path):
    sent = (
        ("Content-Encoding", "br"),
        ("transfer-encoding", "chunked"),
        ("Content-Length", "17"),
        ("X-Poet", "Äбай"),
        ("X-Two", "a\r\nInjected: yes"),
        ("bad name", "x"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    body = b"<p>decoded</p>"
    keep(folder, page(headers=sent, body=body))
    _, _, http, payload = exported(folder, tmp_path)[-1]
    assert payload == body
    assert http.headers == [
        ("X-Archive-Orig-Content-Encoding", "br"),
        ("X-Archive-Orig-transfer-encoding", "chunked"),
        ("X-Archive-Orig-Content-Length", "17"),
        ("X-Poet", "Äбай"),
        ("X-Two", "a  Injected: yes"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Length", str(len(body))),
    ]


def test_options_choose_the_pages_of_articles(folder, tmp_path):
    assert [url for url, *_ in exported(folder, tmp_path, "--language", "kk")] == [f"{STEPPE}/next"]
    assert len(exported(folder, tmp_path, "--source", "aul_kz")) == 1
    assert len(exported(folder, tmp_path, "--since", "2026-03-10", "--until", "2026-03-10")) == 1
    assert [url for url, *_ in exported(folder, tmp_path, "--query", "мост*")] == [
        f"{STEPPE}/full",
        f"{STEPPE}/undated",
    ]


def test_a_chosen_article_brings_the_pages_of_all_its_visits(folder, tmp_path):
    later = replace(page(f"{STEPPE}/next", body=b"the same, said again"), fetched_at=NOON.replace(hour=9))
    keep(folder, later)
    found = exported(folder, tmp_path, "--language", "kk")
    assert [fields["WARC-Date"] for _, fields, *_ in found] == [
        "2026-03-10T07:00:00Z",
        "2026-03-10T09:00:00Z",
    ]


def test_a_damaged_page_is_left_out_and_told(folder, tmp_path):
    kept = page(body=b"<p>soon damaged</p>" * 200)
    page_id = keep(folder, kept)
    with Archive(folder) as archive:
        digest = sha256(kept.body).digest()
        archive.pages.db.conn.execute("UPDATE bodies SET zstd = x'00' WHERE sha256 = ?", [digest])
        archive.pages.db.conn.commit()
    done = run(folder, "--to", tmp_path / "pages.warc.gz")
    assert done.exit_code == 6
    assert f"Left out: {folder.pages}: page {page_id}" in done.stderr
    assert "4 pages to" in done.stderr
    assert len(records(tmp_path / "pages.warc.gz")) == 4


def test_a_file_begins_by_saying_what_it_is_and_is_packed_record_by_record(folder, tmp_path):
    path = tmp_path / "pages.warc.gz"
    run(folder, "--to", path)
    with path.open("rb") as file:
        first = next(iter(ArchiveIterator(file)))
        said = first.content_stream().read().decode()
    assert first.rec_type == "warcinfo"
    assert "software: muragat/" in said
    assert "conformsTo: http" in said
    assert path.read_bytes().count(b"\x1f\x8b\x08") >= 5
    plain = tmp_path / "pages.warc"
    assert run(folder, "--to", plain).exit_code == 0
    assert plain.read_bytes().startswith(b"WARC/1.1\r\n")
    assert len(records(plain)) == 4


def test_no_record_id_comes_twice(folder, tmp_path):
    keep(folder, page())
    keep(folder, page())
    ids = [fields["WARC-Record-ID"] for _, fields, *_ in exported(folder, tmp_path)]
    assert len(set(ids)) == len(ids) == 6


def test_warc_to_standard_output(folder):
    done = run(folder, "--to", "-", "--format", "warc")
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(b"WARC/1.1\r\n")
    assert done.stdout_bytes.count(b"WARC-Type: response") == 4


@pytest.mark.parametrize("option", [["--columns", "id"], ["--with-html"], ["--raw-csv"], ["--excel"]])
def test_options_of_tables_do_not_fit(folder, tmp_path, option):
    done = run(folder, "--to", tmp_path / "x.warc.gz", *option)
    assert done.exit_code == 2
    assert "whole pages" in done.output
    assert not (tmp_path / "x.warc.gz").exists()


@pytest.fixture
def file(folder, tmp_path):
    """An exported file of five pages."""
    keep(folder, page(headers=(("Content-Type", "text/html; charset=utf-8"),), body=b"<p>kept page</p>" * 90))
    path = tmp_path / "pages.warc.gz"
    assert run(folder, "--to", path).exit_code == 0
    return path


def test_warcio_check_finds_nothing(file, capsys):
    with pytest.raises(SystemExit) as ended:
        warcio_command(["check", str(file)])
    assert ended.value.code == 0
    assert not capsys.readouterr().out


def test_fastwarc_reads_it_and_its_digests_hold(file):
    warc = pytest.importorskip("fastwarc.warc")
    found = list(warc.ArchiveIterator(file.open("rb"), record_types=warc.WarcRecordType.response))
    assert len(found) == 5
    with file.open("rb") as stream:
        for record in warc.ArchiveIterator(stream, parse_http=False):
            assert record.verify_block_digest()


def test_cdxj_indexer_writes_a_line_for_each_page(file, capsys):
    indexer = pytest.importorskip("cdxj_indexer.main")
    indexer.main([str(file)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all('"status": "200"' in line for line in lines)


def test_pywb_replays_it(file, tmp_path):
    pytest.importorskip("pywb")
    for command in (["init", "muragat"], ["add", "muragat", str(file)]):
        subprocess.run(
            [sys.executable, "-c", "from pywb.manager.manager import main; main()", *command],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serve = "from pywb.apps.cli import wayback; wayback()"
    command = [sys.executable, "-c", serve, "-p", str(port), "-b", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        replayed = f"http://127.0.0.1:{port}/muragat/20260310070000id_/{STEPPE}/raw"
        assert answer(replayed) == (200, b"<p>kept page</p>" * 90)
    finally:
        server.kill()
        server.wait()


def answer(url, seconds=60):
    """Status and body, as soon as the server answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.2)


def test_what_is_packed_is_the_same_bytes_but_for_the_files_own_record(folder, tmp_path):
    bodies = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.warc.gz"
        run(folder, "--to", path)
        with gzip.open(path) as plain:
            bodies.append(plain.read().partition(b"WARC/1.1\r\nWARC-Record-ID")[2])
    assert bodies[0] == bodies[1] != b""
