"""Whether there is a browser for sources that ask for one, and how it is started: without any network."""

from __future__ import annotations

import os
import shutil
from importlib import import_module
from typing import Any

from scrapy.settings import BaseSettings

from crawler.sources.profile import Source

NAMES = ("chromium", "chromium-browser", "google-chrome")
MIDDLEWARE = {"crawler.rendering.middleware.RenderingMiddleware": 65}  # next to see an answer is who keeps it
SCRIPT_MEGABYTES = 512  # what a page's scripts may take; a tab that needs more crashes alone
LOAD_SECONDS = 20.0
# All that a page asks is answered by us. What does not pass us, as a WebSocket or the browser's own errands,
# is sent to a proxy whose name cannot be found: it fails instead of reaching anybody.
NO_NETWORK = (
    "--proxy-server=http://muragat.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
)


def prepare(settings: BaseSettings, source: Source) -> str | None:
    """Set a crawl up to render its articles, if its source asks; returns why that cannot be, else `None`."""
    if not source.render:
        return None
    browser = browser_path(settings["MURAGAT_CHROMIUM"])
    if fault := fault_of(settings["MURAGAT_CHROMIUM"], browser):
        return fault
    middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES") | MIDDLEWARE
    for name, value in (browser_settings(browser or "") | {"DOWNLOADER_MIDDLEWARES": middlewares}).items():
        settings.set(name, value, priority="spider")
    return None


def fault_of(named: str, browser: str | None) -> str | None:
    """What is missing to render pages and what to do, or `None`."""
    try:
        import_module("crawler.rendering.middleware")
    except ImportError as error:
        return f"render = true needs the extra: pip install -e '.[render]' in Muragat's own folder ({error})"
    if browser:
        return None
    if named:
        return f"render = true needs a browser, and MURAGAT_CHROMIUM={named} is no program; correct it"
    names = ", ".join(NAMES)
    return f"render = true needs a browser: none of {names} is here; install one or set MURAGAT_CHROMIUM"


def browser_path(named: str) -> str | None:
    """The browser named, else the first of NAMES that is installed; `None` for none."""
    return next((path for name in ([named] if named else NAMES) if (path := shutil.which(name))), None)


def browser_settings(browser: str) -> dict[str, Any]:
    """What scrapy-playwright is told."""
    return {
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": browser,
            "headless": True,
            # Chromium refuses to run as root with its sandbox; for everybody else the sandbox stays.
            "chromium_sandbox": os.geteuid() != 0,
            "handle_sigint": False,  # Ctrl-C is the crawl's, which closes its browser when it ends
            "handle_sigterm": False,
            "handle_sighup": False,
            "args": [*NO_NETWORK, f"--js-flags=--max-old-space-size={SCRIPT_MEGABYTES}"],
        },
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": LOAD_SECONDS * 1000,
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
    }
