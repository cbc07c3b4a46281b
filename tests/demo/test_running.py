"""Where `muragat demo` serves its newspaper."""

from __future__ import annotations

import socket

import pytest

from crawler.demo import running


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port in the place of the newspaper's own, which a demo on this machine may hold."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = int(server.getsockname()[1])
    monkeypatch.setattr(running, "PORT", free)
    return free


def test_the_newspaper_has_the_same_addresses_each_time(port, capsys):
    for _ in range(2):
        with running.opened_newspaper() as newspaper:
            assert newspaper.url == f"http://127.0.0.1:{port}/"
    assert capsys.readouterr().err == ""


def test_while_its_port_is_taken_it_has_others_and_says_what_that_means(port, capsys):
    with socket.create_server(("127.0.0.1", port)), running.opened_newspaper() as newspaper:
        assert newspaper.url != f"http://127.0.0.1:{port}/"
    told = capsys.readouterr().err
    assert told.startswith(f"Port {port} is taken, so the newspaper has other addresses this time")
    assert "merged with another demo" in told
