"""The tables of m030_schedule, apart for their length; as those of every released migration never changed."""

from __future__ import annotations

SCHEDULE = """
CREATE TABLE schedule (
    source TEXT PRIMARY KEY REFERENCES sources(id),
    due_at TEXT NOT NULL,           -- UTC: its next turn
    interval_seconds INTEGER NOT NULL,  -- between two turns
    why TEXT NOT NULL,              -- for a person: publishes 14 a day, backing off: 3 failures …
    failures INTEGER NOT NULL,      -- crawls that failed, one after the other
    planned_at TEXT NOT NULL        -- UTC: end of the crawl after which this was worked out
) WITHOUT ROWID"""

LEASES = """
CREATE TABLE leases (
    source TEXT PRIMARY KEY REFERENCES sources(id),  -- no row: nobody crawls it
    pid INTEGER NOT NULL,           -- the process that crawls it
    taken_at TEXT NOT NULL,         -- UTC
    held_until TEXT NOT NULL,       -- UTC: put off with each sign of life; past, the crawl hangs
    kills INTEGER NOT NULL          -- crawls before it that were killed, one after the other
) WITHOUT ROWID"""
