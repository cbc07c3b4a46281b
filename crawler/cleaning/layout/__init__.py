"""From several pages of one source to where they show what and what they repeat: `learn` is the door."""

from crawler.cleaning.layout.learning import LEAST_PAGES, Change, Learned, is_stale, learn
from crawler.cleaning.layout.places import Lesson

__all__ = ["LEAST_PAGES", "Change", "Learned", "Lesson", "is_stale", "learn"]
