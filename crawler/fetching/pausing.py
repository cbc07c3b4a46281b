"""Nothing is asked that there is no room to keep."""

from __future__ import annotations

from scrapy.core.downloader import Downloader, Slot
from scrapy.utils.asyncio import call_later

from crawler.fetching.crawl import crawl_of

LOOK_AGAIN_SECONDS = 1.0


class PausingDownloader(Downloader):
    """Scrapy's downloader, but nothing leaves its queues while the archive cannot be written.

    A middleware would let everything go that waits for its turn at a host: up to 16 pages of each source.
    """

    def _process_queue(self, slot: Slot) -> None:
        if slot.queue and not slot.latercall and not crawl_of(self.crawler).may_fetch():
            slot.latercall = call_later(LOOK_AGAIN_SECONDS, self._latercall, slot)
            return
        super()._process_queue(slot)
