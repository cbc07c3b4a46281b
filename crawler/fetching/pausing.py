"""Nothing is asked that there is no room to keep."""

from __future__ import annotations

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import call_later

from crawler.fetching.crawl import crawl_of

LOOK_AGAIN_SECONDS = 1.0
LOOK_AGAIN_FOR_UNREAD_SECONDS = 0.02  # cleaning and keeping a page takes about that


class PausingDownloader(Downloader):
    """Scrapy's downloader, but nothing leaves its queues while the archive cannot be written.

    A middleware would let everything go that waits for its turn at a host: up to 16 pages of each source.

    MURAGAT_UNREAD_AT_MOST: so many answers may be fetched and not kept yet, 0 for any number. They are what
    is fetched again after a kill.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.most_unread = crawler.settings.getint("MURAGAT_UNREAD_AT_MOST")
        self.fetched: set[Request] = set()
        if self.most_unread:
            crawler.signals.connect(self.note_fetched, signal=signals.response_downloaded)

    def note_fetched(self, request: Request) -> None:
        """Note a request whose answer has come."""
        self.fetched.add(request)

    def is_behind(self) -> bool:
        """Whether as many answers as may be are fetched and not kept yet."""
        if not self.most_unread:
            return False
        slot = self.crawler.engine._slot if self.crawler.engine else None
        self.fetched &= slot.inprogress if slot else set()
        return len(self.fetched) >= self.most_unread

    def _process_queue(self, slot: Slot) -> None:
        if slot.queue and not slot.latercall:
            pause = self.pause()
            if pause:
                slot.latercall = call_later(pause, self._latercall, slot)
                return
        super()._process_queue(slot)

    def pause(self) -> float:
        """After how many seconds to look again whether something may be asked; 0 for now."""
        if not crawl_of(self.crawler).may_fetch():
            return LOOK_AGAIN_SECONDS
        return LOOK_AGAIN_FOR_UNREAD_SECONDS if self.is_behind() else 0.0
