"""Articles of a source with `render = true` pass through the browser between download and keeping."""

from __future__ import annotations

import asyncio
import logging
from typing import Self
from uuid import uuid4

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.fetching.crawl import crawl_of
from crawler.fetching.keeping import kept_page
from crawler.fetching.requests import header
from crawler.rendering.browser import LOAD_SECONDS
from crawler.rendering.errors import NotRendered
from crawler.rendering.page import RenderedPage
from crawler.rendering.parts import PartFetcher

RENDER_SECONDS = 45.0  # for one page, whatever it does
RENDERED = "X-Muragat-Rendered"  # tells a kept page that a browser made from what a server sent
UNRENDERED = "unrendered"  # the kind of page that a server's own answer is kept as


class RenderingMiddleware:
    """Show each article in a fresh browser context and pass on what it shows; one page at a time.

    The browser's handler is apart from those that download: documents, robots.txt and what a page's scripts
    ask go the same way as in every other crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # it logs whole tracebacks of pages
        self.handler = ScrapyPlaywrightDownloadHandler.from_crawler(crawler)
        self.parts = PartFetcher(crawler)
        self.max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.one_at_a_time = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.handler.close, signal=signals.engine_stopped)
        return middleware

    async def process_response(self, request: Request, response: Response) -> Response:
        if not request.meta.get("render") or response.status != 200 or not is_html(response):
            return response
        await self.keep_unrendered(request, response)
        async with self.one_at_a_time:
            return await self.rendered(response)

    async def keep_unrendered(self, request: Request, response: Response) -> None:
        """Keep what the server sent, before a browser changes it; of a frame all articles share only once."""
        crawl = crawl_of(self.crawler)
        page = kept_page(request, response, crawl.source.id)
        await crawl.write(lambda archive: archive.pages.keep(page, kind=UNRENDERED))

    async def rendered(self, response: Response) -> Response:
        """What a browser shows of an answer; raises NotRendered."""
        page = RenderedPage(response, self.parts, self.max_bytes)
        try:
            html = await asyncio.wait_for(self.shown(response, page), RENDER_SECONDS)
        except TimeoutError as error:
            raise NotRendered(f"the browser did not show it within {RENDER_SECONDS:g} s") from error
        except NotRendered:
            raise
        except Exception as error:  # whatever a page makes of its browser is that page's bad luck
            self.tell_of_no_browser(error)
            raise NotRendered(f"the browser could not show it: {first_line(error)}") from error
        finally:
            await page.close()
        return answered(response, html, page.browser.version if page.browser else "")

    async def shown(self, response: Response, page: RenderedPage) -> str:
        """The page's HTML when it is done."""
        await self.handler.download_request(self.request(response, page))
        return await page.html()

    def request(self, response: Response, page: RenderedPage) -> Request:
        """What the browser is asked to show, in a context of its own: nothing is left of the page before."""
        languages = crawl_of(self.crawler).source.languages
        agent = self.crawler.settings["USER_AGENT"]
        return Request(
            response.url,
            headers={"User-Agent": agent},
            callback=NO_CALLBACK,
            meta={
                "playwright": True,
                "playwright_include_page": True,  # what it shows is asked by us, and when it is done
                "playwright_context": uuid4().hex,
                "playwright_context_kwargs": {
                    "user_agent": agent,
                    "service_workers": "block",
                    "accept_downloads": False,
                    "locale": languages[0] if languages else None,
                },
                "playwright_page_init_callback": page.prepare,
                "playwright_page_goto_kwargs": {
                    # Before any script of the page runs: a download it starts would be taken for its answer.
                    "wait_until": "commit",
                    "timeout": LOAD_SECONDS * 1000,
                },
            },
        )

    def tell_of_no_browser(self, error: Exception) -> None:
        """End a crawl whose browser does not even start: none of its articles could be read."""
        if "BrowserType.launch" in str(error):
            crawl_of(self.crawler).give_up(f"the browser does not start: {first_line(error)}")


def is_html(response: Response) -> bool:
    """Whether an answer is a page a browser can show."""
    stated = (header(response, "Content-Type") or "").lower()
    return not stated or stated.startswith(("text/html", "application/xhtml+xml"))


def answered(response: Response, html: str, version: str) -> Response:
    """The server's answer with what the browser made of its body, marked as such."""
    headers = response.headers.copy()
    headers["Content-Type"] = "text/html; charset=utf-8"
    headers[RENDERED] = f"Chromium {version}".strip()
    return response.replace(body=html.encode("utf-8", "replace"), headers=headers, flags=["rendered"])


def first_line(error: Exception) -> str:
    """The first line of an error: Playwright adds its whole log."""
    return " ".join(str(error).splitlines()[:1])[:300]
