"""What each run measured, what is expected of a source, how its documents are, and the verdict on it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from statistics import median
from typing import Any

from sqlite_utils import Database

from archive.health.history import Expected, Verdict
from archive.identity import url_hash, url_key
from archive.records import Found, Outcome, Visit
from archive.store.columns import json_text, utc
from archive.store.connection import transaction

DOCUMENT_KINDS = {"feed", "sitemap", "listing"}
# The detail of a visit whose address led to the site's front page.
TO_FRONT_PAGE = "leads to the front page"
MOST_MEASURED = 2_000  # articles of a run: a first crawl may have 50,000, and 2,000 say as much
CHUNK = 500
READ_FIELDS = (
    "SELECT a.title IS NOT NULL AS title, a.published_at IS NOT NULL AS date, a.body != '' AS body, "
    "a.authors != '[]' AS authors, a.section IS NOT NULL AS section, a.language, length(a.body) AS chars, "
    "a.problems, "
    "EXISTS (SELECT 1 FROM images i WHERE i.article_id = a.id) AS image "
    "FROM addresses d JOIN articles a ON a.id = d.article_id WHERE d.url_hash IN "
)


class HealthStore:
    """Keeps what verdicts are made from, and the verdicts."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def expect(self, source: str, expected: Expected, documents: Sequence[str] = ()) -> None:
        """Keep what the source's profile expects now, and which documents it names."""
        row = {"source": source, **asdict(expected), "documents": json_text(list(documents))}
        with transaction(self.db, self.path):
            self.db.table("expectations").upsert(row, pk="source")

    def note_document(
        self, source: str, visit: Visit, outcome: Outcome, found: Sequence[Found] | None = None
    ) -> None:
        """Keep how a document of the profile was answered; `found` is what it named, `None` if not read.

        Of those that other documents name, old sitemaps are rightly never read again.
        """
        if visit.kind not in DOCUMENT_KINDS or not self.is_named(source, visit.url):
            return
        with transaction(self.db, self.path):
            before = self.document(source, visit)
            row = before | document_now(before, visit, outcome, found)
            self.db.table("documents").upsert(row, pk=("source", "url"))

    def is_named(self, source: str, url: str) -> bool:
        """Whether the source's profile names a document."""
        query = "SELECT 1 FROM expectations e, json_each(e.documents) d WHERE e.source = ? AND d.value = ?"
        return self.db.conn.execute(query, [source, url]).fetchone() is not None

    def document(self, source: str, visit: Visit) -> dict[str, Any]:
        """The row of a document, as for one never asked where there is none."""
        query = "SELECT * FROM documents WHERE source = ? AND url = ?"
        new = {"source": source, "url": visit.url, "kind": visit.kind, "read_at": None, "named": 0}
        new |= {"named_before": 0, "names": "", "changed_at": None, "failing_since": None, "failure": None}
        return next(iter(self.db.query(query, [source, visit.url])), new)

    def measure(self, run_id: int) -> None:
        """Keep what a run measured; part of the transaction that ends it."""
        with transaction(self.db, self.path):
            (source,) = self.db.conn.execute("SELECT source FROM runs WHERE id = ?", [run_id]).fetchone()
            articles, again = list(self.articles_of(run_id)), self.tried_again(run_id)
            lengths = [row["chars"] for row in articles]
            languages = Counter(row["language"] for row in articles if row["language"])
            filled = {
                f"with_{name}": sum(bool(row[name]) for row in articles)
                for name in ("title", "date", "body", "authors", "section", "language", "image")
            }
            row = {
                "run_id": run_id,
                "source": source,
                "asked": self.asked(run_id) - len(again),
                "errors": json_text(counted(self.errors(run_id, "kind = 'article'"), without=again)),
                "document_errors": json_text(counted(self.errors(run_id, "kind != 'article'"))),
                "front_page": len(self.led_to_front_page(run_id) - again),
                "articles": len(articles),
                **filled,
                "body_chars": round(median(lengths)) if lengths else None,
                "languages": json_text(dict(languages.most_common())),
                "problems": json_text(problems_of(row["problems"] for row in articles)),
            }
            self.db.table("run_health").upsert(row, pk="run_id")

    def articles_of(self, run_id: int) -> Iterator[dict[str, Any]]:
        """What the run's new and reworded articles have, the latest MOST_MEASURED of them."""
        urls = self.db.conn.execute(
            "SELECT url FROM fetches WHERE run_id = ? AND kind = 'article' AND outcome IN ('new', 'revised') "
            "ORDER BY id DESC LIMIT ?",
            [run_id, MOST_MEASURED],
        )
        hashes = list({url_hash(url_key(url)) for (url,) in urls})
        for start in range(0, len(hashes), CHUNK):
            some = hashes[start : start + CHUNK]
            yield from self.db.query(f"{READ_FIELDS}({','.join('?' * len(some))})", some)

    def asked(self, run_id: int) -> int:
        """How many addresses of articles the run asked."""
        return int(self.db.table("fetches").count_where("run_id = ? AND kind = 'article'", [run_id]))

    def errors(self, run_id: int, which: str) -> list[tuple[str, str]]:
        """Addresses that gave nothing in this run, each with the reason."""
        return self.db.conn.execute(
            "SELECT url, coalesce(reason, outcome) FROM fetches "
            f"WHERE run_id = ? AND {which} AND outcome IN ('rejected', 'failed', 'gone')",
            [run_id],
        ).fetchall()

    def tried_again(self, run_id: int) -> set[str]:
        """Addresses that failed in this run as they had before: three dead links are no sign of today."""
        query = "SELECT url FROM fetches WHERE run_id = ? AND kind = 'article' AND outcome = 'failed'"
        urls = {url_hash(url_key(url)): url for (url,) in self.db.conn.execute(query, [run_id])}
        hashes = list(urls)
        again: set[str] = set()
        for start in range(0, len(hashes), CHUNK):
            some = hashes[start : start + CHUNK]
            tried = (
                "SELECT url_hash FROM frontier WHERE attempts > 1 "
                f"AND url_hash IN ({','.join('?' * len(some))})"
            )
            again.update(urls[key] for (key,) in self.db.conn.execute(tried, some))
        return again

    def led_to_front_page(self, run_id: int) -> set[str]:
        """Addresses of articles that led to the front page in this run."""
        query = "SELECT url FROM problems WHERE run_id = ? AND detail = ?"
        return {url for (url,) in self.db.conn.execute(query, [run_id, TO_FRONT_PAGE])}

    def keep(self, source: str, verdict: Verdict, *, at: datetime) -> None:
        """Keep the verdict on a source; `since` stays while its state does."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "INSERT INTO source_health (source, state, since, judged_at, reasons) "
                "VALUES (:source, :state, :at, :at, :reasons) ON CONFLICT (source) DO UPDATE SET "
                "since = CASE state WHEN excluded.state THEN since ELSE excluded.since END, "
                "state = excluded.state, judged_at = excluded.judged_at, reasons = excluded.reasons",
                {
                    "source": source,
                    "state": verdict.state,
                    "at": utc(at),
                    "reasons": json_text([asdict(reason) for reason in verdict.reasons]),
                },
            )

    def told(self, channel: str, states: Iterable[tuple[str, str]], *, at: datetime) -> None:
        """Note that a channel was told of these sources and their states."""
        rows = [
            {"channel": channel, "source": source, "state": state, "told_at": utc(at)}
            for source, state in states
        ]
        with transaction(self.db, self.path):
            self.db.table("alarms_told").upsert_all(rows, pk=("channel", "source"))


def document_now(
    before: dict[str, Any], visit: Visit, outcome: Outcome, found: Sequence[Found] | None
) -> dict[str, Any]:
    """The columns of a document that an answer changes."""
    at = utc(visit.fetched_at)
    if outcome not in (Outcome.READ, Outcome.NOT_MODIFIED):
        return {"failing_since": before["failing_since"] or at, "failure": visit.reason}
    read = {"read_at": at, "failing_since": None, "failure": None}
    if found is None or outcome is Outcome.NOT_MODIFIED:
        return read
    names = fingerprint(one.url for one in found)
    changed = names != before["names"] or not before["changed_at"]
    return read | {
        "named": len(found),
        "named_before": len(found) or before["named"] or before["named_before"],
        "names": names,
        "changed_at": at if changed else before["changed_at"],
    }


def counted(errors: Iterable[tuple[str, str]], *, without: Set[str] = frozenset()) -> dict[str, int]:
    """Reasons with how many addresses they concern, the most frequent first."""
    return dict(Counter(reason for url, reason in errors if url not in without).most_common())


def problems_of(written: Iterable[str]) -> dict[str, int]:
    """How many articles have each problem of cleaning, from their columns `problems`."""
    codes = Counter(code for text in written for code in {one["code"] for one in json.loads(text)})
    return dict(codes.most_common())


def fingerprint(urls: Iterable[str]) -> str:
    """The same for the same addresses in any order: 16 hexadecimal digits."""
    told = "\n".join(sorted(set(urls)))
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
