"""Searches kept ready beside the tables: each opens without a parameter, and takes what is typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST = 200  # rows: what a page shows; a filter narrows further
# From this day on; by default the last 30 days, which the index of days finds at once at any size.
SINCE = "coalesce(nullif(:since, ''), date('now', '-30 days'))"
UNTIL = "coalesce(nullif(:until, ''), '9999')"
OF_SOURCE = "(:source = '' OR a.source = :source)"
# Ids grow with the day: the first id of the first day lets the index of words skip all before it.
FIRST_ID = (
    f"coalesce((SELECT id FROM articles WHERE published_date >= {SINCE} "
    "ORDER BY published_date, id LIMIT 1), 0)"
)
WITH_WORDS = (
    "(:words = '' OR a.id IN (SELECT rowid FROM articles_fts "
    f"WHERE articles_fts MATCH search_match(:words) AND rowid >= {FIRST_ID}))"
)
SHOWN = "a.id AS article_id, a.title, a.source, a.published_date, a.language, a.section"


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """Its title in (Russian, Kazakh, English) and what it asks."""

    titles: tuple[str, str, str]
    sql: str


# Five: so many Datasette 1.0 lists on the page of a database.
SAVED: Mapping[str, SavedSearch] = {
    "with_words": SavedSearch(
        (
            "Статьи со словами за период",
            "Кезең бойынша сөздері бар мақалалар",
            "Articles with words, by days",
        ),
        f"SELECT {SHOWN} FROM articles a WHERE a.published_date >= {SINCE} AND a.published_date <= {UNTIL} "
        f"AND {OF_SOURCE} AND {WITH_WORDS} ORDER BY a.published_date DESC, a.id DESC LIMIT {MOST}",
    ),
    "words_by_day": SavedSearch(
        (
            "Сколько статей со словами в день",
            "Сөздері бар мақалалар саны күн сайын",
            "Articles with words, a day",
        ),
        "SELECT a.published_date AS day, count(*) AS articles FROM articles a "
        f"WHERE a.published_date >= {SINCE} AND a.published_date <= {UNTIL} AND {OF_SOURCE} AND {WITH_WORDS} "
        "GROUP BY day ORDER BY day DESC",
    ),
    "reworded": SavedSearch(
        ("Что изменили издатели", "Баспагерлер не өзгертті", "What publishers reworded"),
        "SELECT r.article_id, a.title, a.source, r.number, r.seen_at FROM revisions r "
        "JOIN articles a ON a.id = r.article_id WHERE r.number > 1 AND r.cause = 'publisher' "
        f"AND r.seen_at >= {SINCE} AND {OF_SOURCE} ORDER BY r.seen_at DESC LIMIT {MOST}",
    ),
    "vanished": SavedSearch(
        ("Что исчезло с сайтов", "Сайттардан не жойылды", "What vanished from the sites"),
        "SELECT a.id AS article_id, a.title, a.source, a.published_date, a.gone_at FROM articles a "
        f"WHERE a.gone_at IS NOT NULL AND {OF_SOURCE} ORDER BY a.gone_at DESC LIMIT {MOST}",
    ),
    "undated": SavedSearch(
        ("Статьи без даты", "Күні жоқ мақалалар", "Articles without a date"),
        "SELECT a.id AS article_id, a.title, a.source, a.first_seen_at, a.url FROM articles a "
        f"WHERE a.published_date IS NULL AND {OF_SOURCE} ORDER BY a.id DESC LIMIT {MOST}",
    ),
}


def queries(articles: str = "articles") -> dict[str, dict[str, Any]]:
    """The saved searches as Datasette's metadata wants them; `articles` is what they read articles from."""
    return {
        name: {
            "sql": search.sql.replace(" articles a ", f" {articles} a "),
            "title": search.titles[2],
            "hide_sql": True,
        }
        for name, search in SAVED.items()
    }


def titles() -> dict[str, tuple[str, str]]:
    """English titles with their (Russian, Kazakh)."""
    return {search.titles[2]: search.titles[:2] for search in SAVED.values()}
