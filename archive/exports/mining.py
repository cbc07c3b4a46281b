"""Which articles are reserved against text and data mining: their page says, else their site."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlite_utils import Database

from archive.mining import SiteRule, origin_of, rule_for
from archive.store.reservations import rules_of

BATCH = 10_000
NEWEST = "SELECT max(id) FROM robots WHERE means <> 'closed' GROUP BY origin"
ROBOTS = f"SELECT origin, ai_agents, signals FROM robots WHERE id IN ({NEWEST})"
SITES = "SELECT origin, rules FROM site_reservations"
# 1 where an article is reserved, 0 where its page or site says that it is not, NULL where neither speaks.
RESERVED = "coalesce((SELECT r.reserved FROM reservations r WHERE r.article_id = a.id), site_reserves(a.url))"
SAID = "coalesce((SELECT r.said FROM reservations r WHERE r.article_id = a.id), site_says(a.url), '[]')"
CONDITIONS = {"free": f"coalesce({RESERVED}, 0) = 0", "reserved": f"{RESERVED} = 1"}


@dataclass(frozen=True)
class SiteWords:
    """What sites say: rules of their tdmrep.json, and what robots.txt says to crawlers of AI companies."""

    rules: Mapping[str, tuple[SiteRule, ...]] = field(default_factory=dict)
    robots: Mapping[str, str] = field(default_factory=dict)

    def of(self, url: str) -> tuple[bool, str] | None:
        """Whether a site reserves an address, and how it says so; `None` where it says nothing."""
        origin = origin_of(url)
        if rule := rule_for(self.rules.get(origin, ()), url):
            return rule.reserved, f"tdmrep.json: {rule.location} {int(rule.reserved)}"
        if said := self.robots.get(origin):
            return True, said
        return None

    def reserves(self, url: str) -> int | None:
        """1, 0, or `None` where a site says nothing."""
        said = self.of(url)
        return int(said[0]) if said else None

    def says(self, url: str) -> str | None:
        """How a site says so, as a JSON list, or `None`."""
        said = self.of(url)
        return json.dumps([said[1]], ensure_ascii=False) if said else None


def knows_mining(db: Database) -> bool:
    """Whether the archive has the tables; one kept by an earlier version gets them with its next crawl."""
    return {"reservations", "site_reservations", "robots"} <= set(db.table_names())


def says_anything(db: Database) -> bool:
    """Whether any page or site of the archive says anything of mining."""
    if not knows_mining(db):
        return False
    words = site_words(db)
    rules = any(words.rules.values())
    return rules or bool(words.robots) or db.execute("SELECT 1 FROM reservations").fetchone() is not None


def count_reserved(db: Database, ids: array[int]) -> int:
    """How many of these articles are reserved; needs what `register_mining` gives a connection."""
    if not says_anything(db):
        return 0
    query = (
        "SELECT count(*) FROM articles a WHERE a.id IN (SELECT value FROM json_each(?)) "
        f"AND {CONDITIONS['reserved']}"
    )
    batches = (json.dumps(ids[start : start + BATCH].tolist()) for start in range(0, len(ids), BATCH))
    return sum(db.conn.execute(query, [batch]).fetchone()[0] for batch in batches)


def register_mining(db: Database) -> None:
    """Give a connection the functions that RESERVED and SAID call."""
    words = site_words(db) if knows_mining(db) else SiteWords()
    connection: sqlite3.Connection = db.conn
    connection.create_function("site_reserves", 1, words.reserves, deterministic=True)
    connection.create_function("site_says", 1, words.says, deterministic=True)


def site_words(db: Database) -> SiteWords:
    """What the archive knows that sites say."""
    rules = {row["origin"]: rules_of(row["rules"]) for row in db.query(SITES)}
    robots = {row["origin"]: said for row in db.query(ROBOTS) if (said := robots_say(row))}
    return SiteWords(rules, robots)


def robots_say(row: Mapping[str, str | None]) -> str | None:
    """What a robots.txt says of mining, in words, or `None`."""
    agents: list[str] = json.loads(row["ai_agents"] or "[]")
    if agents:
        return f"robots.txt shuts out {', '.join(agents)}"
    signals = (row["signals"] or "").replace(" ", "").lower()
    if "ai-train=no" in signals or "train-ai=n" in signals:
        return f"robots.txt: {row['signals']}"
    return None
