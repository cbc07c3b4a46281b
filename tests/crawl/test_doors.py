"""Every door users take, and ways to use one wrongly: one clear line, its own exit code, nothing lost."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def one_line(text: str) -> bool:
    return len(text.strip().splitlines()) == 1


def test_scrapys_own_command_crawls_into_the_same_archive(newspaper, profile, archive):
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"profile={profile}"]
    settings = ["-s", f"MURAGAT_ARCHIVE={archive.path}", "-s", "MURAGAT_ALLOW_PRIVATE=1"]
    done = subprocess.run([*command, *settings], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert archive.rows("SELECT count(*) FROM articles") == [(len(newspaper.truth(1)),)]
    assert archive.rows("SELECT status FROM runs") == [("done",)]


def test_scrapy_lists_our_spiders_and_its_check_passes():
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert "news" in listed.stdout.split()
    checked = subprocess.run(
        [sys.executable, "-m", "scrapy", "check"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert checked.returncode == 0


def test_a_profile_in_the_archives_folder_is_crawled_by_its_id(muragat, newspaper, profile, archive):
    (archive.path / "sources").mkdir(parents=True)
    (archive.path / "sources" / "demo.toml").write_text(newspaper.profile_toml, encoding="utf-8")
    done = muragat("crawl", "demo", "--archive", archive.path, "--allow-private", "--limit", 3)
    assert done.code == 0
    assert "3 new" in done.out


def test_one_dead_source_does_not_end_the_others(muragat, newspaper, archive):
    (archive.path / "sources").mkdir(parents=True)
    (archive.path / "sources" / "demo.toml").write_text(newspaper.profile_toml, encoding="utf-8")
    dead = newspaper.profile_toml.replace(newspaper.url.rstrip("/"), "http://127.0.0.1:9").replace(
        'id = "demo"', 'id = "dead"'
    )
    (archive.path / "sources" / "dead.toml").write_text(dead, encoding="utf-8")
    done = muragat("crawl", "dead", "demo", "--archive", archive.path, "--allow-private", "--limit", 4)
    assert done.code == 4
    assert "demo: 4 new" in done.out
    assert re.search(r"dead: nothing kept.*failed", done.out)


def test_an_unknown_source_is_named_with_what_it_may_have_been(muragat, archive):
    done = muragat("crawl", "liter_kzz", "--archive", archive.path)
    assert done.code == 2
    assert one_line(done.err)
    assert "liter_kz" in done.err


def test_a_wrong_profile_names_file_key_and_remedy(muragat, newspaper, archive, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(newspaper.profile_toml.replace("delay_seconds = 0", 'delay_seconds = "1s"'), "utf-8")
    done = muragat("crawl", "--profile", wrong, "--archive", archive.path)
    assert done.code == 3
    assert one_line(done.err)
    assert "wrong.toml" in done.err
    assert "pace.delay_seconds" in done.err
    assert "without quotes" in done.err


def test_a_broken_profile_of_ones_own_is_not_replaced_by_the_shipped_one(muragat, archive):
    (archive.path / "sources").mkdir(parents=True)
    (archive.path / "sources" / "liter_kz.toml").write_text("id = ", encoding="utf-8")
    done = muragat("crawl", "liter_kz", "--archive", archive.path)
    assert done.code == 3
    assert "liter_kz.toml" in done.err


@pytest.mark.parametrize("command", ["crawl", "search", "export", "status", "audit", "browse"])
def test_a_file_that_is_no_archive_is_refused_by_every_command(muragat, profile, tmp_path, command):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "news.db").write_text("a shopping list", encoding="utf-8")
    options = {
        "crawl": ["--profile", profile],
        "search": ["word"],
        "export": ["--to", "-"],
        "browse": ["--no-open", "--port", 0],
    }
    done = muragat(command, *options.get(command, []), "--archive", tmp_path / "other")
    assert done.code == 6
    assert one_line(done.err)
    assert "other" in done.err
    assert (tmp_path / "other" / "news.db").read_text(encoding="utf-8") == "a shopping list"


def test_fault_45_a_file_that_may_not_grow_ends_the_crawl_with_its_own_code_and_the_next_one_finishes(
    muragat, newspaper, profile, archive
):
    limited = (
        "import resource, sys, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)); "
        "sys.argv = sys.argv[1:]; runpy.run_module('crawler', run_name='__main__')"
    )
    arguments = ["crawl", "--profile", str(profile), "--archive", str(archive.path), "--allow-private"]
    full = subprocess.run(
        [sys.executable, "-c", limited, "muragat", *arguments], capture_output=True, text=True, timeout=120
    )
    assert full.returncode == 6, full.stdout + full.stderr
    assert "cannot be written" in full.stderr
    assert "Traceback" not in full.stderr
    assert muragat(*arguments).code == 0
    assert archive.rows("SELECT count(*) FROM articles") == [(len(newspaper.truth(1)),)]
    assert muragat("audit", "--archive", archive.path).code == 0


def test_the_demo_never_touches_another_archive(muragat, profile, archive):
    muragat("crawl", "--profile", profile, "--archive", archive.path, "--allow-private", "--limit", 1)
    done = muragat("demo", "--no-browse", "--archive", archive.path)
    assert done.code == 6
    assert "holds an archive already" in done.err
    assert archive.rows("SELECT count(*) FROM articles") == [(1,)]


def test_the_demos_archive_knows_its_newspaper_and_crawls_no_real_site(muragat, tmp_path):
    folder = tmp_path / "demo"
    assert muragat("demo", "--no-browse", "--archive", folder).code == 0
    listed = muragat("schedule", "list", "--archive", folder).out.splitlines()
    assert [line.split("\t")[0] for line in listed[1:]] == ["demo"]
    again = muragat("reclean", "--all", "--limit", 5, "--dry-run", "--archive", folder)
    assert again.code == 0, again.err
    assert again.err == ""
    assert muragat("sources", "learn", "demo", "--dry-run", "--archive", folder).code == 0
    all_there_are = muragat("sources", "list", "--archive", folder).out.splitlines()
    assert [line.split()[0] for line in all_there_are] == ["demo"]
    assert "next: demo at" in muragat("schedule", "run", "--archive", folder).out


def test_a_demo_replaces_an_earlier_one_and_nobodys_profiles(muragat, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "demo-archive"
    assert muragat("demo", "--no-browse").code == 0
    again = muragat("demo", "--no-browse")
    assert again.code == 0, again.err
    assert "is replaced" in again.out
    (folder / "sources" / "mine.toml").write_text("mine", encoding="utf-8")
    (folder / "news.db").rename(tmp_path / "news.db")
    for _ in ("without an archive", "with one"):
        done = muragat("demo", "--no-browse")
        assert done.code == 6
        assert "sources/mine.toml" in done.err
        if (tmp_path / "news.db").exists():
            (tmp_path / "news.db").rename(folder / "news.db")
    assert (folder / "sources" / "mine.toml").exists()


def test_sources_are_listed_shown_and_checked(muragat, newspaper, profile, archive):
    listed = muragat("sources", "list", "--archive", archive.path)
    assert listed.code == 0
    assert len(listed.out.splitlines()) >= 20
    shown = muragat("sources", "show", "liter_kz", "--archive", archive.path)
    assert 'id = "liter_kz"' in shown.out
    checked = muragat("sources", "check", "--profile", profile, "--allow-private", "--limit", 2)
    assert checked.code == 0
    assert checked.out.count("  title") == 2
    assert not archive.path.exists()


def test_a_check_whose_reader_has_left_ends_quietly(started, newspaper, profile):
    check = started("sources", "check", "--profile", profile, "--allow-private", "--limit", 1)
    check.stdout.close()
    assert check.wait(60) == 0
    said = check.stderr.read()
    assert "Error" not in said
    assert "Broken" not in said
    check.stdout = None  # nothing is left to be read of it


def test_a_site_is_added_checked_and_crawled_without_writing_a_profile(muragat, newspaper, archive):
    added = muragat(
        "sources", "add", newspaper.url, "--allow-private", "--archive", archive.path, "--id", "paper"
    )
    assert added.code == 0, added.err
    assert "not verified" in added.out
    again = muragat(
        "sources", "add", newspaper.url, "--allow-private", "--archive", archive.path, "--id", "paper"
    )
    assert again.code == 2
    assert "exists" in again.err
    path = archive.path / "sources" / "paper.toml"
    path.write_text(re.sub(r"delay_seconds = .*", "delay_seconds = 0", path.read_text("utf-8")), "utf-8")
    crawled = muragat("crawl", "paper", "--archive", archive.path, "--allow-private")
    assert crawled.code == 0, crawled.out
    ((articles,),) = archive.rows("SELECT count(*) FROM articles")
    assert articles >= 0.8 * len(newspaper.truth(1))


def test_a_page_is_extracted_from_a_file_from_standard_input_and_from_the_web(muragat, newspaper, tmp_path):
    article = next(a for a in newspaper.truth(1) if a.language == "ru")
    page = newspaper.answer(article.path).body
    (tmp_path / "page.html").write_bytes(page)
    from_file = muragat("extract", tmp_path / "page.html", "--url", article.url)
    assert article.title in from_file.out
    explained = muragat("extract", tmp_path / "page.html", "--url", article.url, "--explain")
    assert "title [" in explained.out
    piped = subprocess.run(
        [sys.executable, "-m", "crawler", "extract", "-"], input=page, capture_output=True, timeout=60
    )
    assert article.title in piped.stdout.decode()
    from_web = muragat("extract", article.url, "--allow-private")
    assert article.title in from_web.out
    missing = muragat("extract", tmp_path / "nosuch.html")
    assert missing.code == 2
    assert one_line(missing.err)


def test_a_terminal_shows_a_bar_and_a_pipe_gets_plain_lines(muragat, profile, archive):
    arguments = ["crawl", "--profile", str(profile), "--archive", str(archive.path), "--allow-private"]
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", *arguments],
        stdout=terminal,
        stderr=terminal,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"},
    )
    os.close(terminal)
    shown = b""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        ready, _, _ = select.select([screen], [], [], 1)
        try:
            shown += os.read(screen, 65536) if ready else b""
        except OSError:
            break
        if not ready and process.poll() is not None:
            break
    process.wait(timeout=10)
    os.close(screen)
    text = shown.decode("utf-8", "replace")
    assert re.search(r"\d+/\d+", text)
    assert "49 new" in text
    piped = muragat(*arguments)
    assert piped.out.isprintable() or "\x1b" not in piped.out
    assert one_line(piped.out)
    assert piped.err == ""


def test_words_need_no_quotes_and_a_left_out_word_is_no_option(muragat, newspaper, profile, archive):
    muragat("crawl", "--profile", profile, "--archive", archive.path, "--allow-private", "--limit", 3)
    assert muragat("search", "ремонт", "дорог", "-тендер", "--archive", archive.path).code == 0


def test_a_profile_and_an_id_together_are_refused(muragat, profile, archive):
    done = muragat("crawl", "liter_kz", "--profile", profile, "--archive", archive.path)
    assert done.code == 2
    assert "not both" in done.err


def test_a_file_without_an_address_gets_none_made_up(muragat, newspaper, tmp_path):
    article = newspaper.truth(1)[0]
    (tmp_path / "page.html").write_bytes(newspaper.answer(article.path).body)
    said = json.loads(muragat("extract", tmp_path / "page.html").out)
    assert said["url"] is None
    assert said["page"].endswith("page.html")
    assert muragat("extract", tmp_path / "page.html", "--url", "notaurl").code == 2
    assert muragat("extract", "http://127.0.0.1:9/", "--allow-private").code == 4


def test_a_taken_port_is_told_before_the_demo_replaces_anything(muragat, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = muragat("demo", "--port", port, "--no-open", "--archive", tmp_path / "d")
    assert done.code == 7
    assert f"choose another with --port (0: any); by make: make demo PORT={int(port) + 1}" in done.err
    assert not (tmp_path / "d").exists()


def test_a_demo_replaces_no_archive_that_another_process_shows(muragat, profile, tmp_path):
    shown = tmp_path / "demo-archive"
    there = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(ROOT)}}
    muragat("crawl", "--profile", profile, "--archive", shown, "--allow-private", "--limit", 2)
    browse = [sys.executable, "-m", "crawler", "browse", "--port", "0", "--no-open", "--archive", str(shown)]
    with subprocess.Popen(browse, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout.readline().startswith("Reading room: ")
            done = muragat("demo", "--no-browse", **there)
        finally:
            server.kill()
    assert done.code == 5
    assert one_line(done.err)
    assert "make demo ARCHIVE=demo-2 PORT=8002" in done.err
    assert (shown / "news.db").exists()
    after_it = muragat("demo", "--no-browse", **there)
    assert after_it.code == 0
    assert "The earlier demo's archive in demo-archive is replaced." in after_it.out


def test_scrapys_words_are_read_as_ours_or_refused(newspaper, profile, archive):
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"profile={profile}"]
    settings = ["-s", f"MURAGAT_ARCHIVE={archive.path}", "-s", "MURAGAT_ALLOW_PRIVATE=1"]
    words = ["-a", "since=2026-03-09", "-a", "limit=5", "-a", "revisit=no"]
    done = subprocess.run(
        [*command, *settings, *words], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert archive.rows("SELECT count(*) FROM articles") == [(5,)]
    assert archive.rows("SELECT count(*) FROM articles WHERE published_date < '2026-03-09'") == [(0,)]
