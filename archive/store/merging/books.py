"""What else another archive's books tell: its sources and how they are, problems, what workers sent it."""

from __future__ import annotations

from collections.abc import Sequence

from archive.merging.barred import Barred
from archive.raw.merging import PageNumbers
from archive.store.archive import Archive
from archive.store.connection import insert_all, transaction, upsert
from archive.store.merging.other import Other, Row
from archive.store.merging.runs import RunNumbers

# Tables of one row for each source or document: the later one stays, by the column that tells when.
LATER = {
    "schedule": ("source", "planned_at"),
    "source_health": ("source", "judged_at"),
    "lastmod_claims": ("source, document", "checked_at"),
}
PROBLEM = """
INSERT INTO problems (source, run_id, stage, url, code, detail, times, first_seen_at, last_seen_at)
VALUES (:source, :run_id, :stage, :url, :code, :detail, :times, :first_seen_at, :last_seen_at)
ON CONFLICT (source, url, code) DO UPDATE SET times = max(times, excluded.times),
    run_id = CASE WHEN excluded.last_seen_at > last_seen_at THEN excluded.run_id ELSE run_id END,
    stage = CASE WHEN excluded.last_seen_at > last_seen_at THEN excluded.stage ELSE stage END,
    detail = CASE WHEN excluded.last_seen_at > last_seen_at THEN excluded.detail ELSE detail END,
    first_seen_at = min(first_seen_at, excluded.first_seen_at),
    last_seen_at = max(last_seen_at, excluded.last_seen_at)"""
ATTEMPT = """
INSERT INTO attempts (id, job, source, run_id, begun_at, taken)
VALUES (:id, :job, :source, :run_id, :begun_at, :taken)
ON CONFLICT (id) DO UPDATE SET taken = max(taken, excluded.taken)"""


def take_sources(archive: Archive, other: Other) -> list[str]:
    """Take in the sources, each as it was named when it was crawled last.

    Returns what a person should know: sources that are called the same and have another site.
    """
    doubts = []
    known = {row["id"]: row for row in archive.sources.rows()}
    with transaction(archive.news, archive.folder.news):
        for row in other.rows("SELECT * FROM sources ORDER BY id"):
            mine = known.get(row["id"])
            if mine and mine["home"] != row["home"]:
                doubts.append(f"{row['id']}: {mine['home']} here, {row['home']} in {other.folder.path}")
            joined = joined_source(mine, row) if mine else row
            if joined != mine:
                upsert(archive.news, "sources", joined, pk="id")
    return doubts


def joined_source(mine: Row, theirs: Row) -> Row:
    """A source of both archives: named as when it was crawled last, crawled since the first time."""
    newest = theirs if (theirs["last_crawled_at"] or "") > (mine["last_crawled_at"] or "") else mine
    crawled = [row["first_crawled_at"] for row in (mine, theirs) if row["first_crawled_at"]]
    return newest | {"first_crawled_at": min(crawled, default=None)}


def take_states(archive: Archive, other: Other) -> None:
    """Take in when each source is crawled next, how it is, what is expected of it, and which sitemaps lie."""
    with transaction(archive.news, archive.folder.news):
        for table, (key, made) in LATER.items():
            rows = other.rows(f"SELECT * FROM {table}")
            archive.news.conn.executemany(later_stays(table, key, made, rows), rows)
        known = {row["source"] for row in archive.news.query("SELECT source FROM expectations")}
        expected = [row for row in other.rows("SELECT * FROM expectations") if row["source"] not in known]
        insert_all(archive.news, "expectations", expected)


def later_stays(table: str, key: str, made: str, rows: Sequence[Row]) -> str:
    """The statement that keeps a row where there is none, or one that was made earlier."""
    names = list(rows[0]) if rows else [made]
    values = ", ".join(f":{name}" for name in names)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values}) ON CONFLICT ({key}) "
        f"DO UPDATE SET {changes} WHERE excluded.{made} > {made}"
    )


def take_problems(archive: Archive, other: Other, runs: RunNumbers, barred: Barred) -> None:
    """Take in why addresses could not be used: since the first time, until the last.

    How often is the larger of the two: a sum would grow each time the same archive is taken in. What was
    taken down is left out, for a detail may quote its page.
    """
    for rows in other.chunks("SELECT * FROM problems ORDER BY id"):
        with transaction(archive.news, archive.folder.news):
            for row in rows:
                run_id = runs.here(row["run_id"])
                if run_id is not None and not barred.covers(row["url"]):
                    archive.news.conn.execute(PROBLEM, row | {"run_id": run_id})


def take_judged_pages(archive: Archive, other: Other, pages: PageNumbers) -> None:
    """Take in which pages hold no article, by which version of the cleaning; what is known here stays."""
    for rows in other.chunks("SELECT * FROM no_articles"):
        here = [(pages.here(row["page_id"]), row["cleaned_with"]) for row in rows]
        with transaction(archive.news, archive.folder.news):
            archive.news.conn.executemany(
                "INSERT INTO no_articles (page_id, cleaned_with) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [row for row in here if row[0]],
            )


def take_attempts(archive: Archive, other: Other, runs: RunNumbers, pages: PageNumbers) -> None:
    """Take in how far the work of other machines came home, so that a collector here could go on with it."""
    with transaction(archive.news, archive.folder.news):
        for row in other.rows("SELECT * FROM attempts ORDER BY id"):
            run_id = runs.here(row["run_id"])
            if run_id is None:
                continue
            archive.news.conn.execute(ATTEMPT, row | {"run_id": run_id})
            query = "SELECT number, page_id FROM attempt_pages WHERE attempt = ?"
            numbered = other.news.conn.execute(query, [row["id"]])
            archive.news.conn.executemany(
                "INSERT INTO attempt_pages (attempt, number, page_id) VALUES (?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                [(row["id"], number, here) for number, page in numbered if (here := pages.here(page))],
            )
