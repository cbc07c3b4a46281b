"""Repairs of rows: what an audit found in an open archive, remedy by remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from archive.health.copy_checks import is_as_taken
from archive.health.findings import Finding, Remedy, examples
from archive.numbers_said import counted
from archive.raw.healing import damaged_bodies, heal
from archive.store.archive import Archive
from archive.store.counts import recount
from archive.store.mending import Mender, PageReading
from archive.store.set_aside import SetAside
from archive.store.wordings import mend_wordings, pages_needed
from crawler.repairing.files import Told
from crawler.repairing.reading import BATCH, PageReader
from crawler.runs.session import Session
from crawler.sources.profile import Source

MOST_PAGES = 6  # of an article: the one it names, those of its wordings, the newest at its address
ASKED_AGAIN = "on the list for the next crawl of their source; until then they stay as they are"


class RowRepair:
    """One round of repairs; tells what was done and what could not be."""

    def __init__(self, session: Session, sources: Mapping[str, Source], aside: SetAside, told: Told) -> None:
        self.session, self.told = session, told
        self.reader = PageReader(session, sources)
        self.mender = session.write_now(lambda archive: Mender(archive, aside, datetime.now(UTC)))

    async def run(self, faults: Sequence[Finding]) -> None:
        """Do what these faults need."""
        wanted = {remedy: names_of(faults, remedy) for remedy in Remedy}
        asked = {one.remedy for one in faults}
        if Remedy.COUNTS in asked:
            await self.session.write(lambda archive: recount(archive.news, archive.folder.news))
            self.told("counts by day and month: counted again")
        if Remedy.BODIES in asked:
            await self.session.write(lambda archive: self.mend_bodies(archive, wanted[Remedy.BODIES]))
        if Remedy.LOST in asked or Remedy.ORPHANS in asked:
            await self.bring_back(wanted[Remedy.LOST] + wanted[Remedy.ORPHANS])
        if Remedy.READ_ALL in asked:
            await self.read_again(
                await self.session.write(lambda _: self.mender.column("SELECT id FROM articles"))
            )
            self.session.folder.unread_links.unlink(missing_ok=True)
        await self.read_again(wanted[Remedy.READ_AGAIN])
        await self.mend_wordings(wanted[Remedy.WORDINGS])
        if Remedy.ORPHANS in asked:
            taken = await self.session.write(
                lambda _: self.mender.take_out_orphans(self.missing(wanted[Remedy.ORPHANS]))
            )
            if taken:
                self.told(f"rows of articles that are not there: {taken} taken out")
        if Remedy.COPIES in asked:
            await self.session.write(lambda archive: self.mend_copies(archive, faults))
        if waiting := await self.session.write(lambda archive: archive.articles.copies.waiting()):
            await self.compare_waiting()
            self.told(f"articles that waited to be compared: {waiting}")

    def missing(self, ids: Iterable[int]) -> list[int]:
        """Those ids that no article has."""
        query = "SELECT 1 AS there FROM articles WHERE id = ?"
        return [one for one in ids if self.mender.one(query, one) is None]

    def mend_bodies(self, archive: Archive, names: Sequence[Any]) -> None:
        """Restore raw pages, and ask again for those that cannot be."""
        damaged = damaged_bodies(archive.pages)
        healed = set(heal(archive.pages, damaged))
        if healed:
            self.told(f"raw pages: {len(healed)} restored, proved by their SHA-256")
        addresses = [one for digest in damaged if digest not in healed for one in of_body(archive, digest)]
        for page_id in (one for one in names if isinstance(one, int)):
            rows = self.mender.db.query(
                "SELECT source, url FROM fetches WHERE page_id = :page AND kind = 'article' "
                "UNION SELECT source, requested_url FROM articles WHERE page_id = :page",
                {"page": page_id},
            )
            addresses += [(row["source"], row["url"]) for row in rows]
        if addresses:
            self.mender.ask_again(addresses)
            self.told(f"raw pages: {len(set(addresses))} cannot be restored: {ASKED_AGAIN}")

    async def bring_back(self, names: Sequence[Any]) -> None:
        """Read lost articles and wordings from the pages they were read from."""
        plan = await self.session.write(lambda _: lost_pages(self.mender))
        # The newest page first: it is the one the article stands as.
        wanted, unread, back = sorted(plan, reverse=True), [], set()
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            readings = await self.reader.read(batch)
            unread += [page_id for page_id in batch if page_id not in readings]
            kept = await self.session.write(partial(self.kept_again, plan, readings))
            for article_id, lost in kept.items():
                await self.make_whole(article_id, lost)
            back |= set(kept)
        if back:
            self.told(
                f"articles and wordings: {counted(len(wanted) - len(unread), 'page')} "
                f"of {counted(len(back), 'article')} read again"
            )
        if unread:
            self.told(f"pages that show no article now, or whose source has no profile: {examples(unread)}")
        ids = [one for one in names if isinstance(one, int)]
        await self.session.write(lambda _: self.mender.forget_lost(self.missing(ids)))

    def kept_again(
        self, plan: Mapping[int, int | None], readings: Mapping[int, PageReading], _: Archive
    ) -> dict[int, list[PageReading]]:
        """Keep the articles of these readings where they are not; the readings by the id they have now."""
        back: dict[int, list[PageReading]] = {}
        for page_id in sorted(readings, reverse=True):
            reading = readings[page_id]
            kept = self.mender.bring_back(reading.page.source, reading, plan[page_id])
            back.setdefault(kept, []).append(reading)
        return back

    async def read_again(self, names: Sequence[Any]) -> None:
        """Restore articles from their pages, a batch at a time."""
        ids, mended = [one for one in dict.fromkeys(names) if isinstance(one, int)], 0
        for start in range(0, len(ids), BATCH):
            pages = await self.session.write(partial(self.pages_of, ids[start : start + BATCH]))
            readings = await self.reader.read(page for own in pages.values() for page in own)
            mended += await self.session.write(partial(self.mend_articles, pages, readings))
        if ids:
            self.told(f"articles read again from their pages: {mended} of {len(ids)}")
        if mended < len(ids):
            self.told(f"articles whose page cannot be read: {len(ids) - mended}, {ASKED_AGAIN}")

    def pages_of(self, article_ids: Sequence[int], _: Archive) -> dict[int, list[int]]:
        """The kept pages of articles, by article."""
        return {one: self.mender.pages_of(one)[:MOST_PAGES] for one in article_ids}

    def mend_articles(
        self, pages: Mapping[int, list[int]], readings: Mapping[int, PageReading], archive: Archive
    ) -> int:
        """Restore articles from the readings of their pages; those without one are asked again."""
        mended = 0
        for article_id, own in pages.items():
            if self.mender.mend_article(article_id, [readings[page] for page in own if page in readings]):
                mended += 1
            else:
                self.ask_for(archive, article_id)
        return mended

    def ask_for(self, archive: Archive, article_id: int) -> None:
        """Put an article's address on the list."""
        row = self.mender.one("SELECT source, requested_url FROM articles WHERE id = ?", article_id)
        if row:
            self.mender.ask_again([(row["source"], row["requested_url"])])

    async def mend_wordings(self, names: Sequence[Any]) -> None:
        """Make the wordings of articles whole."""
        ids = [one for one in dict.fromkeys(names) if isinstance(one, int)]
        whole = [await self.make_whole(article_id, []) for article_id in ids]
        if ids:
            self.told(f"articles whose wordings were made whole: {sum(whole)} of {len(ids)}")

    async def make_whole(self, article_id: int, lost: Sequence[PageReading]) -> bool:
        """Make one article's wordings whole, with those that no revision names."""
        pages = await self.session.write(lambda _: pages_needed(self.mender, article_id))
        readings = await self.reader.read(pages)
        return await self.session.write(lambda _: mend_wordings(self.mender, article_id, readings, lost))

    def mend_copies(self, archive: Archive, faults: Sequence[Finding]) -> None:
        """Make fingerprints again: of the articles that are named, or where none are, of all."""
        mine = [one for one in faults if one.remedy is Remedy.COPIES]
        ids = [name for one in mine for name in one.names if isinstance(name, int)]
        if len(ids) == sum(one.faults for one in mine):
            # Of a text that was damaged and is back, the fingerprints were right all the time.
            wrong = [one for one in dict.fromkeys(ids) if not has_fingerprints(archive, one)]
            self.mender.take_in_copies(wrong)
            self.told(f"fingerprints of {counted(len(set(ids)), 'article')} made again")
            return
        archive.articles.copies.start_anew()  # killed after this, the next repair compares what waits
        self.told("fingerprints and copies of all articles are made again")

    async def compare_waiting(self) -> None:
        """Take in every article that waits to be, a batch at a time."""
        while await self.session.write(lambda archive: archive.articles.copies.fill()):
            pass


def has_fingerprints(archive: Archive, article_id: int) -> bool:
    """Whether there is this article with its fingerprints, and they are those of its text."""
    query = (
        "SELECT 1 FROM article_fingerprints f JOIN articles a ON a.id = f.article_id WHERE f.article_id = ?"
    )
    known = archive.news.conn.execute(query, [article_id]).fetchone() is not None
    return known and is_as_taken(archive.news, article_id)


def names_of(faults: Sequence[Finding], remedy: Remedy) -> list[Any]:
    """What the faults with this remedy name."""
    return [name for one in faults if one.remedy is remedy for name in one.names]


def of_body(archive: Archive, digest: bytes) -> list[tuple[str, str]]:
    """The sources and addresses of the pages that have a body."""
    rows = archive.pages.db.query(
        "SELECT DISTINCT source, requested_url FROM pages WHERE body_sha256 = ? AND kind = 'article'",
        [digest],
    )
    return [(row["source"], row["requested_url"]) for row in rows]


def lost_pages(mender: Mender) -> dict[int, int | None]:
    """The pages to read lost articles from, each with the id its article had, if that is known.

    The pages are the newest of every address that led to an article which is not there, and every page that
    gave a wording no revision names.
    """
    plan: dict[int, int | None] = dict.fromkeys(
        mender.column(
            "SELECT page_id FROM fetches WHERE outcome IN ('new', 'revised') AND page_id IS NOT NULL "
            "AND page_id NOT IN (SELECT page_id FROM revisions)"
        )
    )
    gone = "NOT IN (SELECT id FROM articles)"
    orphans = mender.db.conn.execute(
        f"SELECT page_id, article_id FROM revisions WHERE article_id {gone} ORDER BY number"
    )
    plan |= dict(orphans.fetchall())
    for article_id, key in mender.db.conn.execute(
        f"SELECT article_id, url_hash FROM addresses WHERE article_id IS NOT NULL AND article_id {gone}"
    ).fetchall():
        newest = mender.archive.pages.db.conn.execute(
            "SELECT max(id) FROM pages WHERE url_hash = ? AND kind = 'article' AND status = 200", [key]
        ).fetchone()[0]
        if newest:
            plan[newest] = article_id
    return plan
