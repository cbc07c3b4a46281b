"""Whose the articles are, what is reserved of them, and which were taken down, as far as the archive knows.

An archive that an earlier version made has not all of these tables: then it does not know.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from archive.exports.json_values import value_of
from archive.exports.mining import RESERVED, ROBOTS, knows_mining
from archive.mining import origin_of
from archive.store.subset import is_among

# By page, tdmrep.json or robots.txt, as the column tdm_reserved has it; the terms are those a page names.
RESERVING = f"""
SELECT a.id, a.source, (SELECT policy FROM reservations r WHERE r.article_id = a.id) FROM articles a
WHERE {RESERVED} = 1 ORDER BY a.id"""
# Neither address nor reason: who wished to be forgotten is not told again with each release.
TAKEN_DOWN = """
SELECT article_id, source, taken_down_at FROM takedowns
WHERE article_id IS NOT NULL AND article_id NOT IN (SELECT id FROM articles)
ORDER BY article_id, taken_down_at"""


def rights_of(db: Database, ids: array[int], sources: Iterable[str]) -> list[dict[str, Any]]:
    """For each source whose it is, and what it reserves: by its pages, its tdmrep.json, its robots.txt.

    Needs what `register_mining` gives a connection.
    """
    named = {row["id"]: row for row in db.query("SELECT id, name, home FROM sources")}
    reserved, policies = reserved_articles(db, ids)
    sites, robots = site_rules(db), robots_rules(db)
    rows = []
    for source in sources:
        known = named.get(source, {"name": source, "home": ""})
        origin = origin_of(known["home"])
        rows.append(
            {"source": source, "publisher": known["name"], "home": known["home"]}
            | (
                {"articles reserved": reserved[source], "terms": ", ".join(sorted(policies[source]))}
                if reserved is not None
                else {}
            )
            | ({"tdmrep.json": sites.get(origin, "")} if sites is not None else {})
            | ({"robots.txt": robots.get(origin, "")} if robots is not None else {})
        )
    return rows


def reserved_articles(
    db: Database, ids: array[int]
) -> tuple[Counter[str] | None, defaultdict[str, set[str]]]:
    """How many of these articles each source reserves, and the terms they name; `None`: nobody looked."""
    policies: defaultdict[str, set[str]] = defaultdict(set)
    if not knows_mining(db):
        return None, policies
    counts: Counter[str] = Counter()
    for article, source, policy in db.conn.execute(RESERVING):
        if is_among(ids, article):
            counts[source] += 1
            policies[source] |= {policy} if policy else set()
    return counts, policies


def site_rules(db: Database) -> dict[str, str] | None:
    """What each site's tdmrep.json reserves, in words, by origin; `None`: nobody looked."""
    if not db.table("site_reservations").exists():
        return None
    rows = db.conn.execute("SELECT origin, rules FROM site_reservations ORDER BY origin")
    return {origin: ", ".join(map(rule_words, value_of(rules))) for origin, rules in rows}


def rule_words(rule: dict[str, Any]) -> str:
    """One rule of a tdmrep.json."""
    said = "reserved" if rule.get("reserved") else "not reserved"
    terms = f" ({rule['policy']})" if rule.get("policy") else ""
    return f"{rule.get('location')}: {said}{terms}"


def robots_rules(db: Database) -> dict[str, str] | None:
    """What each site's robots.txt says to those who train models, by origin; `None`: nobody looked."""
    if not db.table("robots").exists():
        return None
    rows = db.query(ROBOTS)
    return {row["origin"]: robots_words(row["signals"], row["ai_agents"]) for row in rows}


def robots_words(signals: str | None, agents: str) -> str:
    """The signals as written, and which crawlers are shut out."""
    shut = value_of(agents)
    return "; ".join(filter(None, (signals, f"shuts out {', '.join(shut)}" if shut else None)))


def tombstones(db: Database) -> Iterator[dict[str, Any]]:
    """The articles that were taken down, by the number they had; none of an archive that knows of none."""
    if db.table("takedowns").exists():
        yield from db.query(TAKEN_DOWN)
