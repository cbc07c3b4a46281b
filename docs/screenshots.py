"""Pictures of the site on the demo newspaper, for people to look at: `make screenshots`.

A few for the README into docs/screenshots; with `--all DIR` each page on a desktop, a phone and in the dark.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

KEPT = Path(__file__).parent / "screenshots"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MURAGAT = "import sys; from crawler.cli import main; sys.argv[0] = 'muragat'; main()"


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    name: str
    size: tuple[int, int]
    scheme: str


DESKTOP, PHONE = Look("desktop", (1200, 800), "light"), Look("phone", (390, 760), "light")
DARK = Look("dark", (1200, 800), "dark")
LOOKS = {look.name: look for look in (DESKTOP, PHONE, DARK)}
PAGES = {
    "front": "/",
    "search": "/search?q=школа",
    "nothing": "/search?q=школва",
    "article": "/a/{article}",
    "changes": "/a/{reworded}/changes",
    "cite": "/a/{article}/cite",
    "story": "/a/{story}/story",
    "sources": "/sources",
    "source": "/source/{source}",
    "journal": "/changes",
    "charts": "/charts?q=школа",
    "not_found": "/nowhere",
    "tables": "/news",
    "table": "/news/articles",
    "saved": "/news/with_words?since=2020-01-01",
}
FOR_THE_README = (("front", "desktop"), ("changes", "dark"), ("article", "phone"), ("search", "phone"))
ASKED = {
    "article": "SELECT id FROM articles ORDER BY length(body) DESC LIMIT 1",
    "reworded": "SELECT article_id FROM revisions WHERE number > 1 AND cause = 'publisher' LIMIT 1",
    "story": "SELECT article_id FROM copy_pairs LIMIT 1",
    "source": "SELECT id FROM sources ORDER BY id LIMIT 1",
}


def command(*words: str) -> list[str]:
    """A command of muragat, as a process."""
    return [sys.executable, "-c", MURAGAT, *words]


@contextmanager
def browsed(folder: str) -> Iterator[str]:
    """`muragat browse` on the archive; gives its address."""
    words = command("browse", "--no-open", "--port", "0", "--archive", folder)
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        said = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        if not found:
            sys.exit(f"the site did not start: {said}")
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)


def numbers(folder: str) -> dict[str, Any]:
    """What the addresses of PAGES leave open; 0 where the archive has none."""
    with closing(sqlite3.connect(Path(folder) / "news.db")) as connection:
        return {name: (connection.execute(sql).fetchone() or (0,))[0] for name, sql in ASKED.items()}


def photograph(browser: Any, address: str, look: Look, file: Path, *, whole: bool) -> None:
    """One picture of one page."""
    width, height = look.size
    context = browser.new_context(
        locale="ru-RU",
        color_scheme=look.scheme,
        viewport={"width": width, "height": height},
        is_mobile=look is PHONE,
        has_touch=look is PHONE,
    )
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=str(file), full_page=whole)
    context.close()


def main() -> int:
    """Make the demo's archive, serve it, and take the pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--all", type=Path, metavar="DIR", help="every page, whole, in every look")
    everything = options.parse_args().all
    target = everything or KEPT
    target.mkdir(parents=True, exist_ok=True)
    wanted = [(page, look) for page in PAGES for look in LOOKS] if everything else list(FOR_THE_README)
    named = [os.environ.get("MURAGAT_CHROMIUM"), *map(shutil.which, PROGRAMS)]
    program = next((one for one in named if one), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run(
            command("demo", "--no-browse", "--archive", folder), check=True, stdout=subprocess.DEVNULL
        )
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        with browsed(folder) as address:
            known = numbers(folder)
            for page, look in wanted:
                file = target / f"{page}-{look}.png"
                photograph(
                    browser, address + PAGES[page].format(**known), LOOKS[look], file, whole=bool(everything)
                )
                print(f"{file}  {file.stat().st_size / 1000:.0f} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
