"""Redirects that are not followed: in circles, too many, to another scheme, from https back to http."""

from __future__ import annotations

from typing import Self
from urllib.parse import urldefrag, urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.numbers_said import counted
from crawler.fetching.crawl import crawl_of
from crawler.fetching.on_site import OffSite

STATUSES = {301, 302, 303, 307, 308}  # those with a Location that is followed


class RedirectLoop(IgnoreRequest):
    """Redirects that lead back to where they came from, or on and on."""


class OtherScheme(IgnoreRequest):
    """A redirect to what is neither http nor https."""


class RedirectsMiddleware:
    """Judge a redirect before Scrapy follows it, so that a refusal says why.

    Whether its target is of the site and public is judged as for every other request.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = crawler.settings.getint("REDIRECT_MAX_TIMES")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        location = response.headers.get("Location")
        if response.status not in STATUSES or not location:
            return response
        chain = [*request.meta.get("redirect_urls", []), request.url]
        homes = crawl_of(self.crawler).site_addresses
        refuse_redirect(chain, location.decode("latin-1").strip(), self.most, homes)
        return response


def refuse_redirect(chain: list[str], location: str, most: int, homes: list[str]) -> None:
    """Raise IgnoreRequest unless a redirect after a `chain` of addresses may be followed.

    Leaving https is refused unless one of the site's own addresses in the profile is http: what is sent
    in the clear anyone on the way can rewrite.
    """
    try:
        target = urldefrag(urljoin(chain[-1], location))[0]
        scheme = urlsplit(target).scheme
    except ValueError as error:
        raise OtherScheme(f"redirects to what is no address ({error})") from error
    if scheme not in ("http", "https"):
        raise OtherScheme(f"redirects to {scheme[:20]}:")
    if "@" in urlsplit(target).netloc:
        raise OffSite("redirects to an address with a name or password")
    if target in [urldefrag(url)[0] for url in chain]:
        raise RedirectLoop(f"redirects in a circle, after {counted(len(chain), 'answer')}")
    if len(chain) > most:
        raise RedirectLoop(f"redirects more than {most} times")
    is_in_the_clear = scheme == "http" and urlsplit(chain[-1]).scheme == "https"
    if is_in_the_clear and not any(home.startswith("http://") for home in homes):
        raise OffSite("redirects from https to http; if the site has nothing else, its profile names http://")
