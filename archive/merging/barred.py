"""What of another archive stays behind, for it was taken down here or there: addresses, articles, pages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from archive.identity import key_or_none, url_hash
from archive.store.archive import Archive
from archive.store.merging.other import Other, Row
from archive.takedown.taking import addresses_of

# By the hash of its own address or of one that led to it.
OF_ADDRESSES = (
    "SELECT article_id FROM addresses WHERE article_id IS NOT NULL "
    "AND url_hash IN (SELECT value FROM json_each(?))"
)
NAMED = ("url_key", "url", "requested_url")


@dataclass(frozen=True, slots=True)
class Barred:
    """Hashes of addresses, and numbers of articles and pages as the other archive has them."""

    hashes: frozenset[int] = frozenset()
    article_ids: frozenset[int] = frozenset()
    page_ids: frozenset[int] = frozenset()

    def covers(self, url: str) -> bool:
        """Whether an address, which may be none, was taken down."""
        key = key_or_none(url) if self.hashes else None
        return key is not None and url_hash(key) in self.hashes


def barred_of(archive: Archive, other: Other) -> Barred:
    """What must not come in, by the tombstones here, those of the other archive already among them.

    Addresses that only the other archive knows to lead to such an article are covered from now on too.
    """
    articles: dict[int, Row] = {}
    while True:
        hashes = archive.takedowns.hashes()
        if not hashes:
            return Barred()
        found = {row["id"]: row for row in articles_at(other, hashes) if row["id"] not in articles}
        if not found:
            break
        articles |= found
        for row in found.values():
            cover(archive, row, addresses_of(other.news, row["url"], row))
    pages = pages_at(other, hashes, articles.values())
    return Barred(hashes, frozenset(articles), frozenset(pages))


def articles_at(other: Other, hashes: frozenset[int]) -> list[Row]:
    """The articles of an archive that stand at addresses with these hashes."""
    barred = Barred(hashes)
    led = other.news.conn.execute(OF_ADDRESSES, [json.dumps(sorted(hashes))])
    ids = {row[0] for row in led}
    for rows in other.chunks(f"SELECT id, {', '.join(NAMED)} FROM articles"):
        ids |= {row["id"] for row in rows if any(barred.covers(whole(row[name])) for name in NAMED)}
    query = "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    return other.rows(query, [json.dumps(sorted(ids))])


def whole(address: str) -> str:
    """An address, also where only its key is given."""
    return address if "://" in address else f"https://{address}"


def cover(archive: Archive, article: Row, addresses: Iterable[str]) -> None:
    """Cover all addresses of an article of another archive, by the tombstone of one of them.

    One at which something of its own is kept here stays: nobody asked for that.
    """
    known = {url: archive.takedowns.covering_url(url) for url in addresses}
    takedown_id = next((one for one in known.values() if one is not None), None)
    for url, covering in known.items():
        if takedown_id is not None and covering is None and not is_kept(archive, url):
            archive.takedowns.cover_late(url, takedown_id)


def is_kept(archive: Archive, url: str) -> bool:
    """Whether an article or a page is kept from an address."""
    key = key_or_none(url)
    if key is None:
        return False
    query = "SELECT 1 FROM pages WHERE url_hash = ?"
    has_page = archive.pages.db.conn.execute(query, [url_hash(key)]).fetchone() is not None
    return has_page or archive.articles.row(key) is not None


def pages_at(other: Other, hashes: frozenset[int], articles: Iterable[Row]) -> set[int]:
    """The pages of an archive that hold words of these articles, or were fetched from such addresses."""
    ids: set[int] = set()
    known = set(hashes)
    for row in articles:
        ids.add(row["page_id"])
        revisions = other.news.conn.execute("SELECT page_id FROM revisions WHERE article_id = ?", [row["id"]])
        ids |= {one[0] for one in revisions}
        keys = map(key_or_none, addresses_of(other.news, row["url"], row))
        known |= {url_hash(key) for key in keys if key}
    barred = Barred(frozenset(known))
    query = "SELECT id, url_hash, requested_url, url FROM pages WHERE kind <> 'robots'"
    for page_id, hashed, requested_url, url in other.pages.db.conn.execute(query):
        if hashed in known or (url != requested_url and barred.covers(url)):
            ids.add(page_id)
    return ids
