"""Bytes of feeds, sitemaps and listing pages to addresses. Pure: no network, no disk, no clock.

`read_feed`, `read_sitemap` and `read_listing` each turn one document into a `Reading`; none of them raises,
whatever the bytes: what cannot be used comes back as a `Refusal` with its reason.
"""

from __future__ import annotations

from crawler.discovery.article_urls import is_article_url
from crawler.discovery.documents import read_feed, read_sitemap
from crawler.discovery.listings import read_listing
from crawler.discovery.reading import Child, Reading

__all__ = ["Child", "Reading", "is_article_url", "read_feed", "read_listing", "read_sitemap"]
