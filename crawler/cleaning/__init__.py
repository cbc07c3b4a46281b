"""Bytes of a page to an Article: no network, no database, no Scrapy."""

from __future__ import annotations

from crawler.cleaning.clean import CLEANING_VERSION, clean

__all__ = ["CLEANING_VERSION", "clean"]
