"""The tables that count articles by day and month, and what keeps them true, whoever writes."""

from __future__ import annotations

DAILY_COUNTS = """
CREATE TABLE daily_counts (
    day TEXT NOT NULL,              -- published_date; '' for articles without a date
    source TEXT NOT NULL,
    section TEXT NOT NULL,          -- '' where the page names none
    language TEXT NOT NULL,         -- '' where unknown
    articles INTEGER NOT NULL,
    PRIMARY KEY (day, source, section, language)
) WITHOUT ROWID"""

# Sums over an archive's whole time: at a million articles 44,000 rows instead of 620,000.
MONTHLY_COUNTS = """
CREATE TABLE monthly_counts (
    source TEXT NOT NULL,
    month TEXT NOT NULL,            -- of published_date, as 2026-03; '' for articles without a date
    section TEXT NOT NULL,          -- '' where the page names none
    language TEXT NOT NULL,         -- '' where unknown
    articles INTEGER NOT NULL,      -- sum of daily_counts
    PRIMARY KEY (source, month, section, language)
) WITHOUT ROWID"""

MONTHS_OF_DAYS = """
INSERT INTO monthly_counts (source, month, section, language, articles)
SELECT source, substr(day, 1, 7), section, language, sum(articles) FROM daily_counts GROUP BY 1, 2, 3, 4"""


def day_count(sign: str, row: str) -> str:
    """Statement that counts a row into its day ("+") or out of it ("-")."""
    key = ", ".join(f"coalesce({row}.{c}, '')" for c in ("published_date", "source", "section", "language"))
    return (
        f"INSERT INTO daily_counts VALUES ({key}, {sign}1) "
        f"ON CONFLICT DO UPDATE SET articles = articles {sign} 1;"
    )


def month_count(row: str, articles: str) -> str:
    """Statement that adds to the count of the month of a row of `daily_counts`."""
    key = f"{row}.source, substr({row}.day, 1, 7), {row}.section, {row}.language"
    return (
        f"INSERT INTO monthly_counts (source, month, section, language, articles) VALUES ({key}, {articles}) "
        "ON CONFLICT DO UPDATE SET articles = articles + excluded.articles;"
    )


def month_triggers() -> list[str]:
    """What keeps the months' counts true whenever a day's count changes."""
    more, fewer = month_count("new", "new.articles"), month_count("old", "-old.articles")
    changed = month_count("new", "new.articles - old.articles")
    return [
        f"CREATE TRIGGER daily_counts_insert AFTER INSERT ON daily_counts BEGIN {more} END",
        f"CREATE TRIGGER daily_counts_delete AFTER DELETE ON daily_counts BEGIN {fewer} END",
        f"CREATE TRIGGER daily_counts_update AFTER UPDATE OF articles ON daily_counts BEGIN {changed} END",
    ]
