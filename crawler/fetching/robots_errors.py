"""Why robots.txt keeps an address from being asked."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class RobotsForbid(IgnoreRequest):
    """robots.txt does not allow this address."""


class RobotsUnknown(IgnoreRequest):
    """robots.txt could not be had, so nothing may be crawled yet."""
