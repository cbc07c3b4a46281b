"""What names and files do to an archive, by the number of their fault: pages' names, profiles, databases."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.store.archive import Archive as Store
from archive.store.folder import ArchiveFolder
from crawler.cli import cli, main
from crawler.sources.values import IDENTIFIER

from .conftest import article_page

NAMES = {
    "up": "http://a.example/../../../etc/passwd",
    "up, encoded": "http://a.example/a/%2e%2e%2f%2e%2e%2fb.toml",
    "a device": "http://con.example/CON",
    "a device as host": "http://nul/aux.html",
    "300 bytes": f"http://a.example/{'x' * 300}",
    "300 bytes of host": f"http://{'.'.join(['y' * 60] * 5)}/a",
    "NUL": "http://a.example/a%00.html",
    "a shell": "http://a.example/$(touch x)`touch y`;touch z",
    "letters of others": "http://жаңалық.example/a",
}
PLAIN = {"news.db", "pages.db", "crawl.lock", "sources", "logs"}


def warc_of(urls) -> bytes:
    """A WARC with a page for each address."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number, url in enumerate(urls):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        body = io.BytesIO(article_page(f"улица {number}").encode())
        dates = {"WARC-Date": "2026-03-10T07:00:00Z"}
        record = writer.create_warc_record(
            url, "response", payload=body, http_headers=headers, warc_headers_dict=dates
        )
        writer.write_record(record)
    return out.getvalue()


def test_fault_54_no_name_of_a_page_becomes_a_name_of_a_file(tmp_path, archive, muragat):
    file = tmp_path / "strange.warc.gz"
    file.write_bytes(warc_of(NAMES.values()))
    done = muragat("import", file, "--archive", archive.path, cwd=tmp_path)
    assert done.code in (0, 4), done.err
    kept = archive.rows("SELECT count(*) FROM articles")[0][0]
    refused = archive.rows("SELECT count(*) FROM problems")[0][0]
    assert kept >= 6
    assert kept + refused >= len(NAMES)
    assert {path.name for path in tmp_path.iterdir()} == {"strange.warc.gz", "archive"}
    assert {path.name for path in archive.path.iterdir()} <= PLAIN
    assert not list((archive.path / "sources").rglob("*.toml"))
    ids = [one for (one,) in archive.rows("SELECT id FROM sources")]
    assert len(ids) == 5
    assert all(IDENTIFIER.fullmatch(one) for one in ids), ids


BAD = 'id = "bad"\nname = "Bad"\nhome = "http://127.0.0.1/"\nfeeds = ["http://127.0.0.1/f"]\n'


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("[pace]\nevery_minutes = 0\n", "bad.toml:6: pace.every_minutes"),
        ("[articles]\nallow = ['.*']\n", "bad.toml:6: articles.allow[1]: '.*' matches every address"),
        ("[articles]\nalow = ['^/a/']\n", "bad.toml:6: articles.alow"),
        ("a: &a [*a, *a]\n", "bad.toml:5: "),
    ],
    ids=["interval 0", "matches all", "unknown key", "YAML"],
)
def test_fault_55_a_wrong_profile_is_told_with_its_line(archive, added, said):
    own = archive.path / "sources"
    own.mkdir(parents=True)
    (own / "bad.toml").write_text(BAD + added, encoding="utf-8")
    told = CliRunner().invoke(cli, ["sources", "list", "--archive", str(archive.path)])
    assert told.exit_code == 3
    assert said in told.output


def test_fault_55_good_sites_are_crawled_beside_wrong_profiles_and_twins(site, archive, muragat):
    site.article("/a/one")
    own = archive.path / "sources"
    own.mkdir(parents=True)
    (own / "bad.toml").write_text(BAD + "[pace]\nevery_minutes = 0\n", encoding="utf-8")
    (own / "site.toml").write_text(site.profile_toml, encoding="utf-8")
    (own / "twin.toml").write_text(site.profile_toml.replace("/feed", "/twin"), encoding="utf-8")
    done = muragat("crawl", "site", "--archive", archive.path, "--allow-private")
    assert done.code == 0, done.err
    assert "site: 1 new" in done.out
    assert "/twin" not in site.paths_asked()
    told = CliRunner().invoke(cli, ["sources", "list", "--archive", str(archive.path)])
    assert "twin.toml" in told.output
    assert "is the id of site.toml too" in told.output
    assert told.exit_code == 3


@pytest.fixture
def kept(tmp_path) -> ArchiveFolder:
    """An archive that a sound version made."""
    folder = ArchiveFolder(tmp_path / "archive")
    Store(folder).close()
    return folder


def of_a_newer_version(folder: ArchiveFolder) -> None:
    with closing(sqlite3.connect(folder.news)) as db, db:
        added = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) SELECT migration_set, ?, ''"
        db.execute(f"{added} FROM _sqlite_migrations LIMIT 1", ["m999_future"])


def no_database(folder: ArchiveFolder) -> None:
    folder.news.write_bytes(b"no database, but notes\n" * 500)


def cut_short(folder: ArchiveFolder) -> None:
    folder.news.write_bytes(folder.news.read_bytes()[:5_000])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (of_a_newer_version, "made by a newer version (m999_future); upgrade muragat"),
        (no_database, "no readable database"),
        (cut_short, "no readable database"),
    ],
    ids=["newer", "no database", "cut short"],
)
def test_fault_49_what_cannot_be_opened_is_one_line_and_exit_code_6(kept, monkeypatch, capsys, spoil, said):
    spoil(kept)
    before = kept.news.read_bytes()
    monkeypatch.setattr("sys.argv", ["muragat", "reindex", "--archive", str(kept.path)])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr().err
    assert left.value.code == 6
    assert said in told
    assert told.count("\n") == 1
    assert kept.news.read_bytes() == before


def test_without_the_libraries_of_a_cluster_a_worker_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("crawler.cluster.commands.find_spec", lambda name: None)
    monkeypatch.setattr("sys.argv", ["muragat", "worker", "--redis", "redis://127.0.0.1:1/0"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 8
    assert "pip install -e '.[cluster]'" in capsys.readouterr().err
