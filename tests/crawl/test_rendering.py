"""Articles that scripts make are read as a browser shows them, and what a page tries reaches nothing."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading

import pytest

from archive.raw.migrations import migrations
from archive.raw.pages import PageStore
from archive.store.connection import open_to_write
from crawler.rendering.judging import is_answered, passed_headers, sent_headers

from .conftest import SENTENCE, Done, wait_for

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
needs_browser = pytest.mark.skipif(
    importlib.util.find_spec("scrapy_playwright") is None or CHROMIUM is None,
    reason="rendering needs muragat[render] and a browser: chromium, chromium-browser or google-chrome",
)
SHELL = (
    "<!doctype html><html><head><title>…</title><script src='/app.js'></script></head><body></body></html>"
)
APP = """
fetch('/data' + location.pathname).then(r => r.json()).then(a => {
  document.title = a.title;
  const text = a.text.map(t => '<p>' + t + '</p>').join('');
  document.body.innerHTML = '<article><h1></h1>' + text + '</article>';
  document.querySelector('h1').textContent = a.title;
});
"""
# Loopback stands for the internet here, and 127.0.0.2 for somebody's own network.
ONLY_ONE_IS_PUBLIC = """
import sys
import crawler.fetching.public_addresses as guard
guard.is_public = lambda address: address == "127.0.0.1"
from crawler.cli import main
sys.argv[0] = "muragat"
main()
"""
TRIES = """
const spy = 'http://127.0.0.2:PORT', trying = f => { try { f() } catch (e) {} };
for (const tag of ['script', 'img', 'iframe', 'video', 'embed'])
  trying(() => { const e = document.createElement(tag); e.src = spy + '/' + tag; document.body.append(e) });
for (const rel of ['stylesheet', 'prefetch', 'preconnect', 'dns-prefetch', 'icon'])
  trying(() => { const e = document.createElement('link');
                 e.rel = rel; e.href = spy; document.head.append(e) });
trying(() => fetch(spy + '/fetch', {mode: 'no-cors'}).catch(() => 0));
trying(() => fetch('/led-away').then(r => r.text()).then(t => document.title = t).catch(() => 0));
trying(() => fetch('file:///etc/passwd')
  .then(r => r.text()).then(t => document.body.append(t)).catch(e => 0));
trying(() => navigator.sendBeacon(spy + '/beacon', 'x'));
trying(() => new WebSocket('ws://127.0.0.2:PORT/socket'));
trying(() => new EventSource(spy + '/events'));
trying(() => navigator.serviceWorker.register('/app.js'));
trying(() => { const c = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.2:PORT'}]});
               c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)) });
trying(() => window.open(spy + '/window'));
trying(() => window.open('/popup'));
trying(() => { const a = document.createElement('a'); a.download = 'virus.exe';
               a.href = URL.createObjectURL(new Blob(['MZ'])); document.body.append(a); a.click() });
trying(() => { const f = document.createElement('form'); f.action = spy + '/form'; f.method = 'post';
               document.body.append(f); f.submit() });
trying(() => setTimeout(() => location.href = spy + '/jump', 50));
trying(() => setInterval(() => fetch('/poll').catch(() => 0), 20));
trying(() => document.cookie = 'seen=1');
"""
HOSTILE = "<!doctype html><html><head></head><body><script>{}</script><script>{}</script></body></html>"
SLOW = HOSTILE.format("const t = Date.now(); while (Date.now() - t < 2500);", APP)


def data(visitor) -> None:
    """An article as a site's own interface gives it."""
    name = visitor.path.removeprefix("/data")
    text = [f"{name}: {SENTENCE * 3}" for _ in range(4)]
    visitor.answer(json.dumps({"title": f"Вода пришла на улицу {name}", "text": text}), "application/json")


@pytest.fixture
def scripted(site):
    """Name an article that a script makes."""
    site.routes["/app.js"] = lambda visitor: visitor.answer(APP, "text/javascript; charset=utf-8")

    def add(path, page=SHELL):
        site.article(path, lambda visitor: visitor.answer(page))
        site.routes[f"/data{path}"] = data

    return add


@pytest.fixture
def profile(site, tmp_path):
    def written(name="site", *, folder=tmp_path, render=True):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.toml"
        text = site.profile_toml.replace('id = "site"', f'id = "{name}"\nrender = {str(render).lower()}')
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def crawl(profile, archive):
    """Crawl the site, with a program of the test's around the command."""

    def crawled(program=ONLY_ONE_IS_PUBLIC, **environment):
        arguments = ["crawl", "--profile", profile(), "--archive", archive.path]
        command = [sys.executable, "-c", program, *map(str, arguments)]
        env = os.environ | environment
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=180, stdin=subprocess.DEVNULL, env=env
        )
        return Done(ended.returncode, ended.stdout, ended.stderr)

    return crawled


@pytest.fixture(autouse=True)
def browsers(tmp_path, monkeypatch):
    """The browsers of this test that still run, as the system lists them."""
    mark = f"--test-of-muragat={tmp_path}"
    if CHROMIUM:
        marked = tmp_path / "marked-chromium"
        marked.write_text(f'#!/bin/sh\nexec {CHROMIUM} "{mark}" "$@"\n')
        marked.chmod(0o755)
        monkeypatch.setenv("MURAGAT_CHROMIUM", str(marked))

    def running() -> list[str]:
        command = ["ps", "-eww", "-o", "pid,stat,args"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
        return [row[0] for row in rows if mark in row[2] and not row[1].startswith("Z")]

    return running


class Spy:
    """Listens at an address of somebody's own network, and counts who comes."""

    def __init__(self) -> None:
        self.visits: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.2", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            caller.settimeout(1)
            with caller:
                self.visits.append(caller.recv(200))


@pytest.fixture
def spy():
    listening = Spy()
    yield listening
    listening.socket.close()


@needs_browser
def test_articles_made_by_scripts_are_read_and_a_hostile_page_reaches_nothing(
    scripted, site, crawl, archive, spy, browsers
):
    tries = TRIES.replace("PORT", str(spy.port))
    scripted("/a/hostile", HOSTILE.format(APP, tries))
    scripted("/a/1")
    scripted("/a/2", SLOW)
    site.routes["/led-away"] = lambda visitor: visitor.answer(
        "", status=302, Location=f"http://127.0.0.2:{spy.port}/led"
    )
    done = crawl()
    assert done.code == 0, done.out + done.err + archive.log()
    assert archive.reasons() == {}, archive.rows("SELECT detail FROM problems")
    titles = [title for (title,) in archive.rows("SELECT title FROM articles ORDER BY title")]
    assert titles == [f"Вода пришла на улицу /a/{name}" for name in ("1", "2", "hostile")]

    assert spy.visits == []
    asked = site.paths_asked()
    assert "/popup" not in asked
    assert 1 < asked.count("/poll") <= 80
    assert asked.count("/app.js") == 1, "what all pages share is asked once"
    agents = {headers["User-Agent"] for _, _, headers in site.asked}
    assert [agent.split("/")[0] for agent in agents] == ["Muragat"]
    assert not [headers for _, _, headers in site.asked if "Cookie" in headers]
    parts = archive.rows("SELECT url FROM fetches WHERE kind = 'part'")
    known = {"/feed", "/robots.txt", "/.well-known/tdmrep.json", "/a/1", "/a/2", "/a/hostile"}
    assert len(parts) == len([path for path in asked if path not in known])

    store = PageStore(open_to_write(archive.path / "pages.db", migrations), archive.path / "pages.db")
    pages = {}
    for page_id, kind in store.db.conn.execute(
        "SELECT id, kind FROM pages WHERE kind != 'robots'"
    ).fetchall():
        pages.setdefault(kind, []).append(store.page(page_id))
    store.db.close()
    assert sorted(page.body.decode() for page in pages["unrendered"]) == sorted(
        [HOSTILE.format(APP, tries), SLOW, SHELL]
    )
    assert all("Вода пришла" in page.body.decode() for page in pages["article"])
    assert all(page.header("x-muragat-rendered").startswith("Chromium ") for page in pages["article"])
    assert not [page for page in pages["article"] if b"root:" in page.body]
    assert browsers() == []


@needs_browser
@pytest.mark.slow  # a page that never ends takes its 20 seconds
def test_a_page_that_never_ends_or_fills_the_memory_is_a_row_and_the_others_are_read(
    scripted, crawl, archive, browsers
):
    scripted("/a/endless", HOSTILE.format("for (;;) {}", ""))
    scripted("/a/dialogs", HOSTILE.format("for (;;) alert('!')", ""))
    scripted("/a/large", HOSTILE.format("document.body.append('x'.repeat(40 * 1024 * 1024))", ""))
    scripted("/a/greedy", HOSTILE.format("const a = []; for (;;) a.push(new Array(1e6).fill(1.5))", ""))
    scripted("/a/1")
    done = crawl()
    assert done.code == 0, done.out + done.err
    assert archive.rows("SELECT title FROM articles") == [("Вода пришла на улицу /a/1",)]
    reasons = archive.reasons()
    assert reasons == dict.fromkeys(("/a/endless", "/a/dialogs", "/a/large", "/a/greedy"), "rendering")
    assert archive.rows("SELECT count(*) FROM frontier") == [(4,)]
    assert browsers() == []


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill-9"])
def test_no_browser_outlives_its_crawl_however_that_ends(
    scripted, site, profile, archive, started, browsers, sign
):
    for number in range(20):
        scripted(f"/a/{number}")
    process = started("crawl", "--profile", profile(), "--archive", archive.path, "--allow-private")
    wait_for(lambda: "/data/a/1" in site.paths_asked(), 90)
    assert browsers()
    os.killpg(process.pid, sign)
    process.communicate(timeout=60)
    wait_for(lambda: browsers() == [], 20)
    again = started("crawl", "--profile", profile(), "--archive", archive.path, "--allow-private")
    again.communicate(timeout=120)
    assert archive.rows("SELECT count(*), count(DISTINCT url) FROM articles") == [(20, 20)]


WITHOUT_EXTRA = "import sys\nsys.modules['scrapy_playwright'] = None\n"


@pytest.mark.parametrize(
    ("program", "browser", "said"),
    [
        (WITHOUT_EXTRA, "", "pip install -e '.[render]'"),
        pytest.param(
            "",
            "/no/such/browser",
            "MURAGAT_CHROMIUM=/no/such/browser",
            marks=[needs_browser, pytest.mark.slow],
        ),
        pytest.param("", "/bin/false", "the browser does not start", marks=[needs_browser, pytest.mark.slow]),
    ],
    ids=["no extra", "no browser", "a browser that does not start"],
)
def test_what_is_missing_is_told_for_its_source_and_the_others_go_on(
    scripted, site, profile, archive, program, browser, said
):
    scripted(
        "/a/1", SHELL.replace("<body>", f"<body><article><h1>Мост открыт</h1><p>{SENTENCE * 9}</p></article>")
    )
    for name, render in (("made", True), ("plain", False)):
        profile(name, folder=archive.path / "sources", render=render)
    arguments = ["crawl", "made", "plain", "--archive", str(archive.path)]
    ended = subprocess.run(
        [sys.executable, "-c", program + ONLY_ONE_IS_PUBLIC, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"MURAGAT_CHROMIUM": browser},
    )
    assert ended.returncode == 4, ended.stdout + ended.stderr
    lines = {line.split(":")[0]: line for line in ended.stdout.splitlines()}
    assert said in lines["made"]
    assert "failed" not in lines["plain"]
    assert archive.rows("SELECT source, status FROM runs ORDER BY source") == [
        ("made", "failed"),
        ("plain", "done"),
    ]


HOMES = ["https://news.example/"]


@pytest.mark.parametrize(
    ("kind", "method", "url", "answered"),
    [
        ("script", "GET", "https://cdn.example.net/app.js", True),
        ("stylesheet", "GET", "https://cdn.example.net/app.css", True),
        ("xhr", "GET", "https://news.example/api", True),
        ("fetch", "POST", "https://api.news.example/graphql", True),
        ("fetch", "GET", "https://metrics.example.net/", False),
        ("fetch", "DELETE", "https://news.example/api", False),
        ("script", "POST", "https://news.example/app.js", False),
        ("image", "GET", "https://news.example/1.jpg", False),
        ("document", "GET", "https://news.example/frame", False),
        ("script", "GET", "file:///etc/passwd", False),
        ("script", "GET", "ftp://news.example/app.js", False),
        ("script", "GET", "https://user:secret@news.example/app.js", False),
        ("script", "GET", "https://[::1", False),
    ],
)
def test_a_page_is_answered_its_code_and_its_own_site_s_data(kind, method, url, answered):
    assert is_answered(kind, method, url, HOMES) is answered


def test_headers_that_would_tell_or_keep_something_are_left_out():
    sent = {"Accept": "*/*", "X-Api-Key": "1", "Cookie": "a=1", "Referer": "x", "Sec-Fetch-Mode": "cors"}
    assert sent_headers(sent) == {"Accept": "*/*", "X-Api-Key": "1"}
    given = {
        "Content-Type": "text/html",
        "Set-Cookie": "a=1",
        "Content-Disposition": "attachment",
        "Link": "<x>",
    }
    assert passed_headers(given) == {"Content-Type": "text/html"}
