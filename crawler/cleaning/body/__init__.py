"""From a parsed page to the article's text: `read_body` is the door, `finding` tells the steps."""

from crawler.cleaning.body.features import Clues
from crawler.cleaning.body.finding import Body, read_body

__all__ = ["Body", "Clues", "read_body"]
