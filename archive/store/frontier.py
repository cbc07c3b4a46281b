"""Which addresses wait to be asked, and what is known of those that were.

No address waits only in memory: it leaves the frontier in the transaction that keeps what became of it,
so a killed crawl goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.identity import url_hash, url_key
from archive.records import Found, Outcome, Visit, Waiting
from archive.store.claims import believe_again, believed, count_false_claims, unbelieved
from archive.store.columns import found_of, found_text, moment_of, utc
from archive.store.connection import selected, transaction, upsert
from archive.store.namings import add_namings, kinds_of
from archive.store.visits import CONFIRMED_AFTER, PLAN, next_visit

ENTRY = ("url_hash", "source", "kind", "url", "why", "root", "step", "found", "found_at")
# Later than any plan or wait can lie is what a wrong clock wrote: then it is due now, not in years.
CLOCKS_DIFFER = timedelta(hours=1)
DUE = "next_visit_at <= :now"
# What has gone is asked for by its own plan only.
STILL_THERE = (
    "kind = 'article' AND NOT EXISTS "
    "(SELECT 1 FROM articles a WHERE a.id = article_id AND a.gone_at IS NOT NULL)"
)
CHUNK = 500  # addresses asked for in one statement: 6 µs each at ten million, against 13 one by one
MOST_DOCUMENTS = 1_000  # of a source on the list: an index may name new indexes for ever
STALE_AFTER = timedelta(days=2)  # a sitemap that waits for so long is named again if it is still there
STATEMENTS_KEPT = 8  # documents whose word on one address is kept
# An address that gave no usable answer waits 5 minutes, then 10, 20 … a day at most.
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)
# A live blog states a change each minute: it is asked again a quarter of an hour after its last wording.
WORDINGS_APART = timedelta(minutes=15)
GIVE_UP_AFTER = 12  # attempts: about a week


class Frontier:
    """The addresses of all sources: waiting in `frontier`, known in `addresses`."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def offer(self, source: str, found: Sequence[Found], *, now: datetime) -> int:
        """Put what is new or stated as changed on the list; returns how many addresses that were.

        An address is changed when the same document states another time of change or another title
        than it did before.
        """
        added = 0
        by_hash: dict[int, list[Found]] = {}
        for one in found:
            by_hash.setdefault(url_hash(url_key(one.url)), []).append(one)
        hashes = list(by_hash)
        with transaction(self.db, self.path):
            liars = unbelieved(self.db, source)
            for start in range(0, len(hashes), CHUNK):
                some = {h: by_hash[h] for h in hashes[start : start + CHUNK]}
                added += self.offer_chunk(source, some, now, liars)
        return added

    def offer_chunk(
        self, source: str, by_hash: dict[int, list[Found]], now: datetime, liars: frozenset[str]
    ) -> int:
        """`offer` for as many addresses as one statement asks for."""
        taken_down = self.rows("takedown_addresses", by_hash)
        by_hash = {key: stated for key, stated in by_hash.items() if key not in taken_down}
        known = self.rows("addresses", by_hash)
        waiting = self.rows("frontier", by_hash)
        new = []
        kinds_heard: dict[int, set[str]] = {}
        for key, stated in by_hash.items():
            before = waiting.get(key) or known.get(key)
            heard = found_of(before["url"], before["found"]) if before else ()
            kinds_heard[key] = kinds_of(heard)
            merged = merged_statements(heard, stated)
            if before and merged == heard:
                continue
            if key in known:
                self.note(key, merged)
            if key in waiting:
                self.set_waiting(key, found=found_text(merged))
            elif key not in known or is_changed(heard, believed(stated, liars)):
                why = "changed" if key in known else "new"
                new.append(self.entry(key, source, stated[0].url, "article", why, merged, now))
        self.add(new)
        self.keep_apart([entry[0] for entry in new if entry[4] == "changed"])
        add_namings(self.db, by_hash, kinds_heard, now)
        return len(new)

    def keep_apart(self, keys: Sequence[object]) -> None:
        """Let what was reworded a moment ago wait: what changes each minute makes no wording each minute.

        A first correction is asked for at once.
        """
        marks = ",".join("?" * len(keys))
        rows = self.db.conn.execute(
            "SELECT d.url_hash, max(r.seen_at) FROM addresses d JOIN revisions r USING (article_id) "
            f"WHERE r.number > 1 AND d.url_hash IN ({marks}) GROUP BY d.url_hash",
            keys,
        ).fetchall()
        for key, seen_at in rows:
            self.set_waiting(key, not_before=utc(moment_of(seen_at) + WORDINGS_APART))

    def offer_documents(
        self,
        source: str,
        kind: str,
        found: Sequence[Found],
        *,
        root: str,
        step: int,
        budget: int,
        now: datetime,
        unchanged_too: bool = False,
    ) -> int:
        """Put sitemaps or listing pages that another document named on the list, at most `budget`.

        One that states the same time of change as before is left out, unless `unchanged_too`. Returns how
        many were put there.
        """
        added = 0
        with transaction(self.db, self.path):
            waiting = self.db.table("frontier").count_where("source = ? AND kind != 'article'", [source])
            waiting -= self.retire(source, waiting + budget - MOST_DOCUMENTS, now)
            budget = min(budget, MOST_DOCUMENTS - waiting)
            for one in found:
                if added >= budget:
                    break
                key = url_hash(url_key(one.url))
                known, heard = self.rows("addresses", [key]).get(key), self.statements(one.url)
                stated = one.modified and not unchanged_too
                unchanged = known and stated and not is_changed(heard, [one])
                if unchanged or self.rows("frontier", [key]):
                    continue
                merged = merged_statements(heard, [one])
                if known:
                    self.note(key, merged)
                self.add([self.entry(key, source, one.url, kind, "new", merged, now, root, step)])
                added += 1
        return added

    def retire(self, source: str, many: int, now: datetime) -> int:
        """Take up to `many` documents off the list that wait for days, the oldest first; returns how many.

        Where an index names a new sitemap every minute, those of yesterday would keep today's out.
        """
        if many <= 0:
            return 0
        cursor = self.db.conn.execute(
            "DELETE FROM frontier WHERE id IN (SELECT id FROM frontier WHERE source = ? "
            "AND kind != 'article' AND taken_by IS NULL AND found_at < ? ORDER BY id LIMIT ?)",
            [source, utc(now - STALE_AFTER), many],
        )
        return cursor.rowcount

    def offer_visits(
        self, source: str, *, now: datetime, budget: int | None = None, every: bool = False
    ) -> int:
        """Put known articles on the list whose next visit is due, the longest due first; or all still there.

        At most `budget` visits wait at a time; `None` sets no limit. Returns how many were put there.
        """
        with transaction(self.db, self.path):
            self.bring_forward(source, now)
            waiting = self.db.table("frontier").count_where("source = ? AND why = 'revisit'", [source])
            cursor = self.db.conn.execute(
                "INSERT INTO frontier (url_hash, source, kind, url, why, found, found_at) "
                "SELECT url_hash, source, kind, url, 'revisit', found, :now FROM addresses "
                f"WHERE source = :source AND article_id IS NOT NULL AND {STILL_THERE if every else DUE} "
                "AND url_hash NOT IN (SELECT url_hash FROM frontier WHERE source = :source) "
                "ORDER BY next_visit_at LIMIT :room ON CONFLICT DO NOTHING",
                {
                    "source": source,
                    "now": utc(now),
                    "room": -1 if every or budget is None else max(0, budget - waiting),
                },
            )
            return cursor.rowcount

    def bring_forward(self, source: str, now: datetime) -> None:
        """Make visits due that lie further ahead than any plan."""
        self.db.conn.execute(
            "UPDATE addresses SET next_visit_at = ? WHERE source = ? AND next_visit_at > ?",
            [utc(now), source, utc(now + PLAN[-1] + CLOCKS_DIFFER)],
        )

    def entry(
        self,
        key: int,
        source: str,
        url: str,
        kind: str,
        why: str,
        found: Iterable[Found],
        now: datetime,
        root: str | None = None,
        step: int = 0,
    ) -> tuple[object, ...]:
        """The row of an address for the list, in the order of ENTRY."""
        return (key, source, kind, url, why, root, step, found_text(found), utc(now))

    def add(self, entries: Sequence[tuple[object, ...]]) -> None:
        """Put addresses on the list, many in one statement: a sitemap may name 50,000."""
        marks = ", ".join("?" * len(ENTRY))
        self.db.conn.executemany(f"INSERT INTO frontier ({', '.join(ENTRY)}) VALUES ({marks})", entries)

    def note(self, key: int, found: Iterable[Found]) -> None:
        """Keep what documents now say of a known address."""
        self.db.table("addresses").update(key, {"found": found_text(found)})

    def release(self, source: str) -> None:
        """Take back what an earlier, dead run had in hand."""
        with transaction(self.db, self.path):
            self.db.conn.execute("UPDATE frontier SET taken_by = NULL WHERE source = ?", [source])

    def take(
        self, source: str, run_id: int, *, limit: int, now: datetime, articles: bool | None = None
    ) -> list[Waiting]:
        """Hand out up to `limit` addresses whose turn has come, in the order found.

        Documents come first, for what they may name; visits to known articles last. `articles` asks for
        articles only (True) or for documents only (False).
        """
        only = "" if articles is None else f"AND (f.kind = 'article') = {int(articles)} "
        with transaction(self.db, self.path):
            rows = list(
                self.db.query(
                    "SELECT f.*, a.etag, a.last_modified, a.article_id IS NOT NULL AS is_article "
                    "FROM frontier f LEFT JOIN addresses a USING (url_hash) "
                    "WHERE f.source = :source AND f.taken_by IS NULL "
                    f"AND (f.not_before IS NULL OR f.not_before <= :now OR f.not_before > :latest) {only}"
                    "ORDER BY f.kind = 'article', f.why = 'revisit', f.id LIMIT :limit",
                    {
                        "source": source,
                        "now": utc(now),
                        "latest": utc(now + LONGEST_WAIT + CLOCKS_DIFFER),
                        "limit": limit,
                    },
                )
            )
            for row in rows:
                self.set_waiting(row["url_hash"], taken_by=run_id)
        return [
            Waiting(
                **{name: r[name] for name in ("url", "kind", "why", "root", "step", "etag", "last_modified")},
                is_article=bool(r["is_article"]),
                found=found_of(r["url"], r["found"]),
            )
            for r in rows
        ]

    def published_before(self, urls: Sequence[str], day: date) -> int:
        """How many of these addresses are of known articles that were published before a day."""
        hashes = list({url_hash(url_key(url)) for url in urls})
        old = 0
        for start in range(0, len(hashes), CHUNK):
            some = hashes[start : start + CHUNK]
            (count,) = self.db.conn.execute(
                "SELECT count(*) FROM addresses d JOIN articles a ON a.id = d.article_id "
                f"WHERE a.published_date < ? AND d.url_hash IN ({','.join('?' * len(some))})",
                [day.isoformat(), *some],
            ).fetchone()
            old += count
        return old

    def known(self, url: str) -> dict[str, Any]:
        """What is known of an address that was asked before, by column; empty for a new one."""
        key = url_hash(url_key(url))
        return self.rows("addresses", [key]).get(key, {})

    def statements(self, url: str) -> tuple[Found, ...]:
        """What documents said of an address, waiting or known."""
        key = url_hash(url_key(url))
        row = self.rows("frontier", [key]).get(key) or self.known(url)
        return found_of(url, row["found"]) if row else ()

    def settle(
        self,
        source: str,
        visit: Visit,
        outcome: Outcome,
        *,
        article_id: int | None = None,
        plan_begun: datetime | None = None,
    ) -> None:
        """Take an address off the list and keep what its answer was; part of the article's transaction.

        Validators are kept from a 200 and stay as they were at a 304. An article's address is asked again by
        the plan that began at `plan_begun`; one without, and a rejected page, only when a document states a
        change.
        """
        key = url_hash(url_key(visit.url))
        with transaction(self.db, self.path):
            waiting = self.rows("frontier", [key]).get(key)
            known = self.rows("addresses", [key]).get(key)
            changed = outcome in (Outcome.NEW, Outcome.REVISED)
            visits = 0 if changed or not known else known["visits"] + 1
            ended = outcome is Outcome.REJECTED or visit.kind != "article" or plan_begun is None
            due = None if ended or plan_begun is None else next_visit(visit.fetched_at, plan_begun)
            row: dict[str, Any] = {
                "url_hash": key,
                "source": source,
                "url": visit.url,
                "kind": visit.kind,
                "status": visit.status,
                "checked_at": utc(visit.fetched_at),
                "article_id": article_id or (known or {}).get("article_id"),
                "found": (waiting or known or {"found": "[]"})["found"],
                "visits": visits,
                "next_visit_at": utc(due) if due else None,
            }
            if outcome is not Outcome.NOT_MODIFIED or not known:
                row |= {"etag": visit.etag, "last_modified": visit.last_modified}
            upsert(self.db, "addresses", row, pk="url_hash")
            for table in ("frontier", "missing"):
                self.db.conn.execute(f"DELETE FROM {table} WHERE url_hash = ?", [key])

    def judge_claim(self, source: str, visit: Visit, outcome: Outcome) -> None:
        """Hold what came of a visit against the sitemaps that said its article had changed."""
        key = url_hash(url_key(visit.url))
        waiting = self.rows("frontier", [key]).get(key)
        if waiting is None:
            return
        found = found_of(visit.url, waiting["found"])
        if outcome is Outcome.REVISED:
            believe_again(self.db, source, found, visit.fetched_at)
        elif waiting["why"] == "changed" and outcome in (Outcome.UNCHANGED, Outcome.NOT_MODIFIED):
            count_false_claims(self.db, source, found, visit.fetched_at)

    def is_missing_for_sure(self, visit: Visit) -> bool:
        """Whether an article that was not there now was not there an hour ago either; 410 says so at once."""
        since = self.missing_since(visit.url)
        return visit.status == 410 or bool(since and visit.fetched_at - since >= CONFIRMED_AFTER)

    def missing_since(self, url: str) -> datetime | None:
        """When an article's address was first found empty since it was last seen, or `None`."""
        row = self.rows("missing", [url_hash(url_key(url))]).get(url_hash(url_key(url)))
        return moment_of(row["since"]) if row else None

    def look_again(self, source: str, visit: Visit) -> None:
        """Note that an article was not there, and leave its address on the list until that is confirmed."""
        key = url_hash(url_key(visit.url))
        with transaction(self.db, self.path):
            known = self.rows("addresses", [key]).get(key) or {"found": "[]"}
            self.db.conn.execute(
                "INSERT INTO missing (url_hash, source, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [key, source, utc(visit.fetched_at)],
            )
            if key not in self.rows("frontier", [key]):
                heard = found_of(visit.url, known["found"])
                self.add([self.entry(key, source, visit.url, "article", "revisit", heard, visit.fetched_at)])
            since = self.missing_since(visit.url) or visit.fetched_at
            self.set_waiting(key, taken_by=None, not_before=utc(since + CONFIRMED_AFTER))

    def put_back(self, visit: Visit, *, wait: timedelta | None = None) -> bool:
        """Leave an address on the list for later; returns False when it has been tried too often.

        `wait` is what the server asked for; without it the wait doubles from attempt to attempt.
        """
        key = url_hash(url_key(visit.url))
        with transaction(self.db, self.path):
            row = self.rows("frontier", [key]).get(key)
            if row is None:
                return True
            attempts = row["attempts"] + 1
            if attempts >= GIVE_UP_AFTER:
                return False
            pause = min(wait or FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
            self.set_waiting(key, attempts=attempts, taken_by=None, not_before=utc(visit.fetched_at + pause))
        return True

    def hold_back(self, url: str, until: datetime) -> None:
        """Leave an address on the list that was not asked at all: its host is to be left alone until then."""
        key = url_hash(url_key(url))
        with transaction(self.db, self.path):
            self.set_waiting(key, taken_by=None, not_before=utc(until))

    def alias(self, source: str, url: str, visit: Visit) -> None:
        """Note that an address is another spelling of one just visited, so that it is not asked as well."""
        key = url_hash(url_key(url))
        with transaction(self.db, self.path):
            if self.rows("takedown_addresses", [key]):
                return
            found = found_text(self.statements(url))
            self.db.conn.execute(
                "INSERT INTO addresses (url_hash, source, url, kind, status, checked_at, found, visits) "
                "VALUES (?, ?, ?, 'alias', ?, ?, ?, 0) ON CONFLICT DO NOTHING",
                [key, source, url, visit.status, utc(visit.fetched_at), found],
            )
            self.db.conn.execute("DELETE FROM frontier WHERE url_hash = ?", [key])

    @contextmanager
    def waiting_since(self, visit: Visit) -> Iterator[None]:
        """Leave an address on the list, whatever is kept inside, if it was found after this visit."""
        key = url_hash(url_key(visit.url))
        waiting = self.rows("frontier", [key]).get(key)
        yield
        barred = self.rows("takedown_addresses", [key])
        if waiting and not barred and waiting["found_at"] > utc(visit.fetched_at):
            self.db.table("frontier").insert(waiting, ignore=True)

    def leave_alone(self, url: str) -> None:
        """Plan no more visits to an address; a document that states a change still leads there."""
        key = url_hash(url_key(url))
        with transaction(self.db, self.path):
            self.db.conn.execute("UPDATE addresses SET next_visit_at = NULL WHERE url_hash = ?", [key])

    def set_waiting(self, key: int, **columns: Any) -> None:
        """Change columns of one address on the list."""
        names = ", ".join(f"{name} = ?" for name in columns)
        self.db.conn.execute(f"UPDATE frontier SET {names} WHERE url_hash = ?", [*columns.values(), key])

    def waiting(self, source: str) -> int:
        """How many addresses of the source are still on the list."""
        return int(self.db.table("frontier").count_where("source = ?", [source]))

    def rows(self, table: str, hashes: Iterable[int]) -> dict[int, dict[str, Any]]:
        """The rows of up to CHUNK addresses, by hash."""
        asked = list(hashes)
        marks = ",".join("?" * len(asked))
        rows = selected(self.db, f"SELECT * FROM {table} WHERE url_hash IN ({marks})", asked)
        return {row["url_hash"]: row for row in rows}


def merged_statements(heard: Sequence[Found], stated: Sequence[Found]) -> tuple[Found, ...]:
    """The newest word of each document on an address; of too many documents those that spoke last.

    What only repeats what was heard changes nothing, not even the order.
    """
    latest = {(one.via, one.document): one for one in heard}
    for one in stated:
        if latest.get((one.via, one.document)) != one:
            latest.pop((one.via, one.document), None)
            latest[one.via, one.document] = one
    return tuple(latest.values())[-STATEMENTS_KEPT:]


def is_changed(heard: Sequence[Found], stated: Sequence[Found]) -> bool:
    """Whether a document says something else of an address than it did."""
    before = {(one.via, one.document): one for one in heard}
    for now in stated:
        then = before.get((now.via, now.document))
        if then and now.modified and now.modified != then.modified:
            return True
        # Titles in listings carry counters and clocks; those in feeds are the article's own.
        if then and now.via in ("feed", "news sitemap") and now.title and now.title != then.title:
            return True
    return False
