"""`serve`: the address once it listens, clear refusals, a clean end, and a file that grows meanwhile."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from archive.errors import NotAnArchive, PortTaken
from archive.site import self_test
from archive.site.serving import serve
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder

SERVE = (
    "import sys; from pathlib import Path; from archive.site.serving import serve; "
    "from archive.store.folder import ArchiveFolder; "
    "serve(ArchiveFolder(Path(sys.argv[1])), port=0, open_browser=False)"
)


@dataclass
class Server:
    """A running server of its own process."""

    process: subprocess.Popen[str]
    address: str

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture
def awkward_folder(tmp_path: Path, archive_folder: ArchiveFolder) -> ArchiveFolder:
    """A copy of the archive at a path with every character addresses trip over."""
    path = tmp_path / "мой архив #2? 100%"
    path.mkdir()
    for file in archive_folder.path.glob("*.db*"):
        (path / file.name).write_bytes(file.read_bytes())
    return ArchiveFolder(path)


@pytest.fixture
def server(awkward_folder: ArchiveFolder) -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(awkward_folder.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    said = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found, f"no address in {said!r}"
    yield Server(process, found[0])
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.skipif(os.name != "posix", reason="signals to one process only exist on POSIX")
def test_it_answers_at_the_address_it_prints_and_ctrl_c_ends_it_quietly(
    server: Server, awkward_folder: ArchiveFolder
) -> None:
    status, html = server.get("/")
    assert status == 200
    assert "В Степном открыли мост" in html
    with Archive(awkward_folder) as archive:  # served live: what a crawl writes meanwhile is seen
        archive.news.conn.execute("UPDATE articles SET title = 'Новый мост' WHERE title LIKE '%мост'")
        archive.news.conn.commit()
        assert "Новый мост" in server.get("/")[1]
    assert server.get("/pages.json")[0] == 404
    assert server.get("/", Host="evil.example")[0] == 421
    assert server.get("/", Host="localhost:1")[0] == 200
    server.process.send_signal(signal.SIGINT)
    out, err = server.process.communicate(timeout=10)
    assert (server.process.returncode, out, err) == (0, "", "")


def test_a_taken_port_is_one_clear_line(archive_folder: ArchiveFolder) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"^port {port} on 127.0.0.1: another program uses it; .*--port"):
            serve(archive_folder, port=port, open_browser=False)


def test_a_folder_without_an_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive, match="no archive here"):
        serve(ArchiveFolder(tmp_path), port=0, open_browser=False)
    (tmp_path / "news.db").write_bytes(b"no database at all, only text" * 99)
    with pytest.raises(NotAnArchive, match="no Muragat archive"):
        serve(ArchiveFolder(tmp_path), port=0, open_browser=False)


def test_fault_51_a_search_that_finds_nonsense_is_switched_off_and_says_so(
    tmp_path: Path,
    archive_folder: ArchiveFolder,
    starting_site: Any,
    capsys: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(self_test, "NONSENSE", "мост")
    html = starting_site.page("/")
    assert "Search is off" in html
    assert 'type="search"' not in html
    assert 'type="search"' not in starting_site.page("/search?q=мост")
    assert "the search box is off" in capsys.readouterr().err


def test_an_archive_without_its_index_is_read_without_search(awkward_folder: ArchiveFolder) -> None:
    with closing(sqlite3.connect(awkward_folder.news)) as connection:
        connection.execute("DROP TABLE articles_fts")
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, to be moved
    copy = awkward_folder.news.rename(awkward_folder.path.parent / "plain.db")
    datasette = Datasette([str(copy)])
    answer = asyncio.run(datasette.client.get("/search?q=x", headers={"accept-language": "en"}))
    assert answer.status_code == 200
    assert "Search is off" in answer.text
    assert "В Степном открыли мост" in answer.text
