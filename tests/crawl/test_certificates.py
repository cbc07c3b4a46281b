"""Fault 14: certificates that are not right are refused unless the source's profile accepts that fault."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from click.testing import CliRunner

from crawler.cli import cli
from tests.crawl.certificates import Issuer, server_context
from tests.crawl.conftest import Archive, Done, listening, muragat

# Source: the traits of its certificate, and the faults that its profile accepts.
SOURCES = {
    "good": ("known", {}, ()),
    "expired": ("known", {"days": (-9, -1)}, ()),
    "not_yet": ("known", {"days": (5, 9)}, ()),
    "wrong_name": ("known", {"address": "127.0.0.2"}, ()),
    "self_signed": (None, {}, ()),
    "unknown_issuer": ("unknown", {}, ()),
    "expired_accepted": ("known", {"days": (-9, -1)}, ("expired",)),
    "name_accepted": ("known", {"address": "127.0.0.2"}, ("wrong_name",)),
    "self_accepted": (None, {}, ("self_signed",)),
    "issuer_accepted": ("unknown", {}, ("unknown_issuer",)),
    "other_fault_accepted": ("known", {"days": (-9, -1), "address": "127.0.0.2"}, ("expired",)),
    "both_accepted": ("known", {"days": (-9, -1), "address": "127.0.0.2"}, ("expired", "wrong_name")),
    "accepted_till_yesterday": ("known", {"days": (-9, -1)}, ("expired",)),
}
READ = {
    "good": [],
    "expired_accepted": ["expired"],
    "name_accepted": ["wrong_name"],
    "self_accepted": ["self_signed"],
    "issuer_accepted": ["unknown_issuer"],
    "both_accepted": ["expired", "wrong_name"],
}
REFUSED = sorted(SOURCES.keys() - READ.keys())


def tls_table(name: str, accepted: tuple[str, ...]) -> str:
    until = '\nuntil = "2026-01-01"' if "till_yesterday" in name else ""
    return f'\n[tls]\naccept = {json.dumps(list(accepted))}\nreason = "the publisher knows"{until}\n'


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, Done]]:
    """All sources crawled at once, in a world that trusts the issuer "known" alone."""
    folder = tmp_path_factory.mktemp("certificates")
    issuers = {name: Issuer.named(name) for name in ("known", "unknown")}
    (folder / "trusted.pem").write_bytes(issuers["known"].pem())
    archive = Archive(folder / "archive")
    (archive.path / "sources").mkdir(parents=True)
    with ExitStack() as servers:
        for name, (issuer, traits, accepted) in SOURCES.items():
            context = server_context(folder, issuers.get(issuer or ""), **traits)
            site = servers.enter_context(listening(context))
            site.article("/a/1")
            profile = site.profile_toml.replace('id = "site"', f'id = "{name}"')
            profile += tls_table(name, accepted) if accepted else ""
            (archive.path / "sources" / f"{name}.toml").write_text(profile, encoding="utf-8")
        done = muragat(
            "crawl",
            *SOURCES,
            "--archive",
            archive.path,
            "--allow-private",
            env=os.environ | {"SSL_CERT_FILE": str(folder / "trusted.pem")},
        )
        yield archive, done


@pytest.mark.parametrize("source", READ)
def test_fault_14_what_is_right_or_accepted_is_read_and_the_exception_is_noted(crawled, source):
    archive, _ = crawled
    assert archive.rows("SELECT count(*) FROM articles WHERE source = ?", source) == [(1,)]
    noted = archive.rows("SELECT faults, reason, host FROM tls_exceptions WHERE source = ?", source)
    assert [json.loads(faults) for faults, _, _ in noted] == ([READ[source]] if READ[source] else [])
    assert all(reason == "the publisher knows" and "127.0.0.1:" in host for _, reason, host in noted)


@pytest.mark.parametrize("source", REFUSED)
def test_fault_14_what_nobody_accepts_is_refused_with_its_reason(crawled, source):
    archive, done = crawled
    assert done.code == 4
    assert archive.rows("SELECT count(*) FROM articles WHERE source = ?", source) == [(0,)]
    codes = {code for (code,) in archive.rows("SELECT code FROM problems WHERE source = ?", source)}
    assert "tls" in codes
    assert not archive.rows("SELECT 1 FROM tls_exceptions WHERE source = ?", source)


def test_fault_14_status_and_sources_show_it(crawled):
    archive, _ = crawled
    status = CliRunner().invoke(cli, ["status", "--archive", str(archive.path)])
    assert "both_accepted: certificate accepted though expired, wrong_name (the publisher knows)" in (
        status.output
    )
    as_data = json.loads(CliRunner().invoke(cli, ["status", "--json", "--archive", str(archive.path)]).output)
    by_id = {source["id"]: source for source in as_data["sources"]}
    assert by_id["name_accepted"]["tls_exceptions"] == ["wrong_name (the publisher knows)"]
    assert by_id["good"]["tls_exceptions"] == []
    shown = CliRunner().invoke(cli, ["sources", "show", "name_accepted", "--archive", str(archive.path)])
    assert 'accept = ["wrong_name"]' in shown.output
    listed = CliRunner().invoke(cli, ["sources", "list", "--archive", str(archive.path)])
    assert "TLS faults accepted: wrong_name" in listed.output


def test_a_downgrade_by_redirect_is_refused_unless_the_profile_names_http(tmp_path):
    from crawler.fetching.on_site import OffSite
    from crawler.fetching.redirects import refuse_redirect

    chain, clear = ["https://gazeta.example/a/1"], "http://gazeta.example/a/1"
    with pytest.raises(OffSite, match="from https to http"):
        refuse_redirect(chain, clear, 9, ["https://gazeta.example/"])
    refuse_redirect(chain, clear, 9, ["http://gazeta.example/"])
    refuse_redirect(["http://gazeta.example/a/1"], "https://gazeta.example/a/1", 9, [])


def test_the_books_name_each_host_once(tmp_path, crawled):
    archive, _ = crawled
    db = sqlite3.connect(archive.path / "news.db")
    ((most,),) = db.execute(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM tls_exceptions GROUP BY run_id, host)"
    ).fetchall()
    db.close()
    assert most == 1
