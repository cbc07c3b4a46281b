"""A small made-up newspaper, served on loopback, to crawl without the internet."""

from crawler.demo.edition import DemoArticle
from crawler.demo.server import DemoNewspaper

__all__ = ["DemoArticle", "DemoNewspaper"]
