"""Where archives are found and what they are called: folders as people name them, addresses that are safe."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import browse
from archive.errors import NotAnArchive
from archive.site.among import Among
from archive.site.openness import Openness, PublicAddress
from archive.site.several.choosing import chosen_archives, parts_of
from archive.site.several.library import THREADS, library, settings_for
from archive.site.several.naming import TAKEN, safe_names
from archive.site.several.places import plain_paths
from archive.store.folder import ArchiveFolder
from tests.site.several.conftest import APRIL, MARCH, Together, hits, made, opened, together
from tests.site.test_public import SQL

Months = list[ArchiveFolder]
HOSTILE = [
    *(
        "<script>alert(1)</script>",
        "архив #2? 100%",
        "a&b=c",
        "search",
        "..hidden",
        "{{7*7}}",
        "quote\"'",
        "-",
    ),
    *("\u202eдом", "🙂", "SEARCH", "x" * 120),
]
BROWSE = (
    "import sys; from crawler.cli import main; "
    "sys.argv = ['muragat', 'browse', '--no-open', '--port', '0', *sys.argv[1:]]; main()"
)


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["2026-03", "2026-04"], ["2026-03", "2026-04"]),
        (["карагандинская_область", "Қостанай"], ["karagandinskaya_oblast", "qostanay"]),
        (["Archive", "archive", "ARCHIVE"], ["archive", "archive-2", "archive-3"]),
        (["search", "sources", "feed.atom"], ["search-2", "sources-2", "feed-atom"]),
        (["..", "-", "🙂", ""], ["archive", "archive-2", "archive-3", "archive-4"]),
        (["a/b\\c?d#e%20f", "Ünïcode"], ["a-b-c-d-e-20f", "unicode"]),
        (["b-2", "b", "b"], ["b-2", "b", "b-3"]),
    ],
)
def test_names_are_safe_and_none_is_given_twice(titles: list[str], names: list[str]) -> None:
    assert safe_names(titles) == names


def test_names_of_hostile_folders_are_plain_letters() -> None:
    names = safe_names(HOSTILE * 2)
    assert len(set(names)) == len(names)
    assert not TAKEN & set(names)
    assert all(re.fullmatch(r"[a-z0-9_][a-z0-9_-]{0,63}", name) for name in names)


@pytest.mark.parametrize(
    "root", ["//evil.example", "https://evil.example/", "/\\evil", "evil", "/a b", "/a?b"]
)
def test_a_way_back_that_leads_elsewhere_is_refused(root: str) -> None:
    with pytest.raises(ValueError, match="no path of this host"):
        Among.of("x", root)


@pytest.mark.skipif(os.name != "posix", reason="other systems allow no such names")
def test_folders_of_any_name_are_served_and_shown_as_text(tmp_path: Path) -> None:
    folders = [
        made(tmp_path / name, APRIL if n % 2 else MARCH)
        for n, name in enumerate(HOSTILE[:-1])
        if "/" not in name
    ]
    nameless = tmp_path / os.fsdecode(b"no letters \xff")
    made(tmp_path / "letters", MARCH).path.rename(nameless)
    with plain_paths(chosen_archives([*(folder.path for folder in folders), nameless])) as places:
        assert not [one for one in places if re.search("[#?%]", str(one.news))]
        site = Together(library(places, "127.0.0.1", Openness()))
        html = site.page("/")
        assert "No answer" not in html
        assert "<script" not in html
        assert "\u202e" not in html
        assert 'href="/arkhiv-2-100/"' in html
        for href in re.findall(r'<a href="(/[^"]+/)"><span class="label"', html):
            assert "open" in site.page(href) or "Latest" in site.page(href)
        assert len(site.hits("/search?q=мост")) == 2


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_what_is_written_meanwhile_is_seen_through_a_link(tmp_path: Path) -> None:
    from archive.store.archive import Archive

    folder = made(tmp_path / "архив #1?", MARCH)
    with plain_paths(chosen_archives([folder.path])) as places:
        site = Together(library(places, "127.0.0.1", Openness()))
        assert "В Степном открыли" in site.page("/search?q=мост")
        with Archive(folder) as archive:
            archive.news.conn.execute("UPDATE articles SET title = 'Новый мост' WHERE title LIKE '%мост'")
            archive.news.conn.commit()
            assert "Новый" in site.page("/search?q=мост")
    assert not list(tmp_path.glob("**/*.muragat*"))


def test_the_folders_of_a_folder_are_its_parts(months: Months) -> None:
    whole = months[0].path.parent
    assert [one.title for one in parts_of(whole)] == ["2026-03", "2026-04"]
    assert [one.title for one in chosen_archives([whole])] == ["2026-03", "2026-04"]
    assert parts_of(months[0].path) == []
    assert [one.title for one in chosen_archives([months[1].path, whole])] == [
        "2026-04",
        "2026-03",
    ]  # none twice


def test_a_path_without_an_archive_is_refused(months: Months, tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive, match="no archive here, nor in its folders"):
        chosen_archives([months[0].path, tmp_path / "nowhere"])
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "news.db").write_bytes(b"no database")
    with pytest.raises(NotAnArchive, match="no Muragat archive"):
        chosen_archives([tmp_path])
    assert len(chosen_archives([months[0].path, tmp_path])) == 2  # one that is damaged may be mended


def test_many_archives_take_no_more_than_a_few() -> None:
    for many in (1, 2, 12, 36):
        settings = settings_for(many)
        assert settings["num_sql_threads"] * many <= max(THREADS, 2 * many)
        assert settings["cache_size_kb"] * settings["num_sql_threads"] * many <= 250_000


def test_archives_are_named_in_one_way() -> None:
    for words in (["a", "--archive", "b"], ["a", "--snapshot", "b"], ["--archive", "a", "--snapshot", "b"]):
        result = CliRunner().invoke(browse, words)
        assert result.exit_code == 2
        assert "not several of these" in result.output


@pytest.mark.skipif(os.name != "posix", reason="signals to one process only exist on POSIX")
@pytest.mark.parametrize("named", [["--archive", "{whole}"], ["{whole}/2026-03", "{whole}/2026-04"]])
def test_browse_serves_several_and_ctrl_c_ends_it_quietly(months: Months, named: list[str]) -> None:
    words = [word.format(whole=months[0].path.parent) for word in named]
    process = subprocess.Popen(
        [sys.executable, "-c", BROWSE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        assert process.stdout.readline() == "2 archives: 2026-03, 2026-04\n"
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        with urllib.request.urlopen(f"{found[0]}/search?q=%D0%BC%D0%BE%D1%81%D1%82", timeout=10) as answer:
            assert len(hits(answer.read().decode())) == 2
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")
    finally:
        if process.poll() is None:
            process.kill()


ADDRESS = PublicAddress.of("https://library.example:8443/news-archive/")


@pytest.fixture(scope="module")
def public(months: Months) -> Together:
    """Both archives as the world may see them, below a path."""
    return opened(together(*months, openness=Openness(ADDRESS)))


@pytest.mark.parametrize("prefix", ["/news-archive", ""], ids=["kept by the proxy", "taken away"])
def test_in_public_everything_stands_below_the_path_of_the_address(public: Together, prefix: str) -> None:
    host = "library.example:8443"
    for path in (
        "/",
        "/search?q=мост",
        "/sources",
        "/2026-03/",
        "/2026-04/search?q=мост",
        "/2026-03/news/articles",
    ):
        answer = public.get(f"{prefix}{path}", host=host)
        assert answer.status_code == 200, path
        inside = re.findall(r'(?:href|action)="(/[^"]*)"', answer.text)
        assert len(inside) > 3
        assert [href for href in inside if not href.startswith("/news-archive/")] == []
    feed = public.get(f"{prefix}/search.atom?q=мост", host="localhost").text
    assert 'href="https://library.example:8443/news-archive/2026-04/a/' in feed
    assert "localhost" not in feed
    sent = public.get(f"{prefix}/2026-03", host=host).headers["location"]
    assert sent == "/news-archive/2026-03/"
    for path in ("/?lang=kk", "/2026-03/?lang=kk"):
        assert "Path=/news-archive/;" in public.get(f"{prefix}{path}", host=host).headers["set-cookie"]
    assert "Disallow: /" in public.get(f"{prefix}/robots.txt", host=host).text


def test_in_public_nothing_of_the_machine_is_shown_and_nothing_slow_is_answered(public: Together) -> None:
    host = "library.example"
    assert public.get("/", host="evil.example").status_code == 421
    assert public.get("/2026-03/", host="evil.example").status_code == 421
    assert public.get("/", host="127.0.0.1:8001").status_code == 200
    for page in ("databases", "settings", "plugins", "metadata", "versions"):
        assert public.get(f"/-/{page}", host=host).status_code == 404
        assert public.get(f"/2026-03/-/{page}.json", host=host).status_code == 404
    assert public.get("/2026-03/news/articles?body__contains=x", host=host).status_code == 400
    assert public.get(f"/2026-04{SQL}select+1", host=host).status_code == 403
    assert public.get("/2026-04/news/takedowns", host=host).status_code == 403
    refused = public.get("/", host="evil.example", accept_language="en")
    assert refused.headers["x-content-type-options"] == "nosniff"


def test_at_home_archives_answer_under_names_of_this_machine_only(site: Together) -> None:
    assert site.get("/", host="evil.example").status_code == 421
    assert site.get("/2026-03/", host="evil.example").status_code == 421
    assert site.get("/2026-03/", host="127.0.0.1:8001").status_code == 200


def test_snapshots_are_served_together_and_a_newer_one_is_seen(
    own_months: Months, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.publishing.snapshots import publish
    from archive.site import snapshots
    from archive.store.archive import Archive

    files = [tmp_path / "public" / f"{folder.path.name}.db" for folder in own_months]
    for folder, file in zip(own_months, files, strict=True):
        publish(folder.news, file)
    chosen = chosen_archives(files)
    assert [one.title for one in chosen] == ["2026-03", "2026-04"]
    site = Together(library(chosen, "127.0.0.1", Openness()))
    assert len(site.hits("/search?q=мост")) == 2
    assert site.get("/2026-04/2026-04/articles").status_code == 200
    with Archive(own_months[1]) as archive:
        archive.news.conn.execute("UPDATE articles SET title = 'Новый мост' WHERE title LIKE 'Мост закрыли%'")
        archive.news.conn.commit()
    publish(own_months[1].news, files[1])
    monkeypatch.setattr(snapshots, "LOOK_SECONDS", 0)
    assert "Новый" in site.page("/search?q=мост")
    assert "Новый" in site.page("/2026-04/search?q=мост")
