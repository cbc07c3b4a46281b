"""One page in the browser: its own context, its requests answered or refused, and then what it shows."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page, Route
from playwright.async_api import Request as Asked
from scrapy.http import Response

from crawler.rendering.errors import NotRendered
from crawler.rendering.judging import is_answered
from crawler.rendering.parts import PART_BYTES, Part, PartFetcher, part_of

MOST_PARTS = 80  # requests of one page that are answered; one that asks for ever gets no more
# Refused requests after which a page's scripts are stopped: a flood is work too, and all else waits for it.
MOST_REFUSED = 500
QUIET_SECONDS = 0.5  # in which nothing is asked: then a page is taken to be done
LONGEST_SECONDS = 10.0  # one that asks for ever is read as it is then
LOOK_SECONDS = 0.05
CLOSING_SECONDS = 5.0
ALWAYS = "**/*"
HTML = (
    "(document.doctype ? '<!DOCTYPE ' + document.doctype.name + '>' : '') + "
    "(document.documentElement ? document.documentElement.outerHTML : '')"
)


class RenderedPage:
    """What one page may ask and is given. `shell` is the answer of the server, which the page begins with."""

    def __init__(self, shell: Response, parts: PartFetcher, max_bytes: int) -> None:
        self.shell, self.parts, self.max_bytes = shell, parts, max_bytes
        self.asked = 0
        self.refused = 0
        self.under_way = 0
        self.asked_at = monotonic()
        self.begun: set[Page] = set()
        self.session: CDPSession | None = None
        self.context: BrowserContext | None = None
        self.browser: Browser | None = None

    async def prepare(self, page: Page, _: Any = None) -> None:
        """Take over all that a new page asks, before it asks anything."""
        self.asked_at = monotonic()
        self.session = await page.context.new_cdp_session(page)
        self.context, self.browser = page.context, page.context.browser
        await page.context.route(ALWAYS, refuse)  # of windows it opens; the page's own route comes first
        await page.route(ALWAYS, self.answer)
        await page.context.route_web_socket(ALWAYS, lambda socket: socket.close())
        page.on("popup", close_quietly)

    async def answer(self, route: Route, asked: Asked) -> None:
        """Answer one request of the page, or refuse it."""
        try:
            part = await self.part(asked)
        except Exception:  # noqa: BLE001 - every failure of any handler means the same: no answer
            part = None
        with suppress(Error):  # the page may be gone meanwhile
            if part is None:
                await self.refuse(route)
            else:
                await route.fulfill(status=part.status, headers=part.headers, body=part.body)

    async def refuse(self, route: Route) -> None:
        """Answer nothing, and stop the scripts of a page that asks for ever."""
        self.refused += 1
        if self.refused == MOST_REFUSED:
            await self.stop_scripts()
        await refuse(route)

    async def stop_scripts(self) -> None:
        """Let no script of the page run any more; what it shows stays."""
        assert self.session is not None, "a page was shown"
        await self.session.send("Emulation.setScriptExecutionDisabled", {"value": True})

    async def part(self, asked: Asked) -> Part | None:
        """What a request is answered with; the page itself once, a jump or a frame never."""
        if asked.is_navigation_request():
            return self.beginning(asked)
        if not is_answered(asked.resource_type, asked.method, asked.url, self.parts.homes):
            return None
        self.asked += 1
        body = asked.post_data_buffer
        if self.asked > MOST_PARTS or (body and len(body) > PART_BYTES):
            return None
        self.under_way += 1
        try:
            headers = await asked.all_headers()
            return await self.parts.part(asked.resource_type, asked.method, asked.url, headers, body)
        finally:
            self.under_way -= 1
            self.asked_at = monotonic()

    def beginning(self, asked: Asked) -> Part | None:
        """The server's answer, for the first navigation of a page's main frame."""
        page = asked.frame.page
        if asked.frame != page.main_frame or page in self.begun:
            return None
        self.begun.add(page)
        return part_of(self.shell)

    async def html(self) -> str:
        """What the page shows when it has nothing more under way, or after long enough; raises NotRendered.

        Asked in a world of its own, where no script of the page can answer instead.
        """
        assert self.session is not None, "a page was shown"
        until = monotonic() + LONGEST_SECONDS
        await self.quiet(until)
        world = await IsolatedWorld.of(self.session)
        await self.settled(world, until)
        await self.stop_scripts()
        size = int(await world.value(f"({HTML}).length"))
        if size > self.max_bytes:
            raise NotRendered(f"shows {size} letters of HTML, more than a page may have")
        return str(await world.value(HTML))

    async def settled(self, world: IsolatedWorld, until: float) -> None:
        """Wait until the page is quiet with its scripts done: a long one asks nothing while it runs."""
        asked = -1
        while asked != self.asked and monotonic() < until:
            asked = self.asked
            await world.value("0")
            await self.quiet(until)

    async def quiet(self, until: float) -> None:
        """Wait until nothing was asked for a while, or that moment: Playwright's own signs miss odd pages."""
        since = monotonic()
        while monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
            if not self.under_way and monotonic() - max(since, self.asked_at) > QUIET_SECONDS:
                return

    async def close(self) -> None:
        """End the page and all it opened; a browser that does not even do that is ended too."""
        if self.context is None:
            return
        try:
            await asyncio.wait_for(self.context.close(), CLOSING_SECONDS)
        except (TimeoutError, Error):
            if self.browser:
                with suppress(TimeoutError, Error):
                    await asyncio.wait_for(self.browser.close(), CLOSING_SECONDS)


class IsolatedWorld:
    """Where a page can be asked without its scripts knowing."""

    def __init__(self, session: CDPSession, number: int) -> None:
        self.session, self.number = session, number

    @classmethod
    async def of(cls, session: CDPSession) -> IsolatedWorld:
        """A world of the page's main frame; raises NotRendered for the browser's own error page."""
        frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]
        if "unreachableUrl" in frame:
            raise NotRendered("the browser shows an error of its own in its place")
        world = await session.send("Page.createIsolatedWorld", {"frameId": frame["id"]})
        return cls(session, world["executionContextId"])

    async def value(self, expression: str) -> Any:
        """The value of an expression, when the page's scripts let it be asked."""
        asked = {"expression": expression, "contextId": self.number, "returnByValue": True}
        answer = await self.session.send("Runtime.evaluate", asked)
        return answer["result"].get("value") or ""


async def refuse(route: Route, _: Any = None) -> None:
    """Answer nothing. A jump that failed would put the browser's own error page in the place of the page."""
    with suppress(Error):
        if route.request.is_navigation_request():
            await route.abort("aborted")
        else:
            await route.abort()


async def close_quietly(page: Page) -> None:
    """Close a window the page opened."""
    with suppress(Error):
        await page.close()
