"""The kept pages of a source through cleaning again, batch by batch, each batch one transaction.

Killed at any moment, the next call goes on: what was written says with which version it was read, and where
that does not tell (`every`), the last page done is noted in the same transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from hashlib import blake2b

from archive.records import Article, Page
from archive.store import rereading
from archive.store.archive import Archive
from archive.store.connection import transaction
from archive.store.readings import PUBLISHED, columns_of, names_unstated
from archive.store.rereading import Due, Material, Reading
from crawler.cleaning import CLEANING_VERSION
from crawler.pipelines.workers import CleaningFailed
from crawler.recleaning.comparing import Effect, effect_of
from crawler.runs.session import Session
from crawler.sources.profile import Source

BATCH = 50  # pages read and written together: 5 MB in hand, and no reader waits long for the writer


@dataclass(frozen=True, slots=True)
class RecleanOptions:
    """Which pages, and whether what is found is written.

    `every` page, also those the present version has read; only fetched on or after `since`; at most `limit`
    of all sources together.
    """

    dry_run: bool = False
    every: bool = False
    since: date | None = None
    limit: int | None = None


Told = Callable[[Effect], None]


class Recleaning:
    """One source's kept pages, read again."""

    def __init__(self, session: Session, source: Source, options: RecleanOptions) -> None:
        self.session, self.source, self.options = session, source, options
        said = repr((CLEANING_VERSION, source, options.every, options.since))
        self.scope = blake2b(said.encode(), digest_size=16).hexdigest()

    @property
    def keeps_its_place(self) -> bool:
        """Whether how far it got must be noted: articles do not tell when every page is wanted."""
        return self.options.every and not self.options.dry_run

    async def due(self) -> list[Due]:
        """The pages that wait to be read again."""

        def found(archive: Archive) -> list[Due]:
            after = rereading.reached(archive, self.source.id, self.scope) if self.keeps_its_place else 0
            return rereading.pages_due(
                archive,
                self.source.id,
                CLEANING_VERSION,
                every=self.options.every,
                since=self.options.since,
                after=after,
            )

        return await self.session.write(found)

    async def run(self, due: Sequence[Due], told: Told) -> None:
        """Read these pages again, write what they say unless it is a dry run, and tell of each."""
        batches = [due[start : start + BATCH] for start in range(0, len(due), BATCH)]
        reading = asyncio.ensure_future(self.read(batches[0])) if batches else None
        for following in [*batches[1:], None]:
            if reading is None:
                return
            readings = await reading
            # The next pages are read while these are written.
            reading = asyncio.ensure_future(self.read(following)) if following is not None else None
            for effect in await self.session.write(partial(self.settle, readings)):
                told(effect)

    async def end(self) -> None:
        """Note that nothing is left to be read."""
        if self.keeps_its_place:
            await self.session.write(lambda archive: rereading.note_ended(archive, self.source.id))

    async def read(self, due: Sequence[Due]) -> list[Reading]:
        """Read pages again; a page that cannot be read gives the reason instead of an article."""
        if not self.options.dry_run:
            await self.session.room.enough()
        materials = await self.session.write(lambda archive: rereading.material(archive, due))
        return list(await asyncio.gather(*map(self.read_one, materials)))

    async def read_one(self, one: Material) -> Reading:
        """The article on one page, with what only its earlier pages state; or why it could not be read."""
        article = await self.article_on(one.page, one)
        if isinstance(article, str) or one.before is None or article.article_type == "not_article":
            return Reading(one, article)
        could_be_read = len(one.earlier) <= rereading.MOST_EARLIER
        for page in one.earlier[: rereading.MOST_EARLIER]:
            if not (names := names_unstated(columns_of(article), one.before)):
                return Reading(one, article)
            earlier = await self.article_on(page, one)
            if isinstance(earlier, str):
                could_be_read = False
            elif earlier.article_type != "not_article":
                article = completed(article, earlier, names)
        return Reading(one, article, all_read=could_be_read)

    async def article_on(self, page: Page | None, one: Material) -> Article | str:
        """The article on a page, or why it could not be read."""
        if page is None:
            return "damaged: the kept page cannot be unpacked; muragat audit tells more"
        try:
            return await self.session.pool.clean(page, self.source, one.found)
        except CleaningFailed as error:
            return str(error)

    def settle(self, readings: Sequence[Reading], archive: Archive) -> list[Effect]:
        """Tell what readings change, and write it unless it is a dry run; in the archive's thread."""
        effects = [self.effect(archive, reading) for reading in readings]
        if not self.options.dry_run:
            with transaction(archive.news, archive.folder.news):
                now = datetime.now(UTC)
                rereading.keep_readings(archive, self.source.id, readings, at=now)
                if self.keeps_its_place:
                    last = readings[-1].of.due.page_id
                    rereading.note_reached(archive, self.source.id, self.scope, last, at=now)
        return effects

    def effect(self, archive: Archive, reading: Reading) -> Effect:
        """What one reading changes."""
        one, article = reading.of, reading.article
        if isinstance(article, str):
            url = one.page.requested_url if one.page else f"page {one.due.page_id}"
            return Effect(one.due.page_id, one.due.article_id, url, "failed", detail=article)
        known = archive.articles.row(article.url_key) is not None
        return effect_of(one.due.page_id, one.before, article, all_read=reading.all_read, known=known)


def completed(article: Article, earlier: Article, names: Sequence[str]) -> Article:
    """The article with what an earlier page of it states of these fields, and where that stood."""
    fields = [*names, *(PUBLISHED if "published_at" in names else ())]
    evidence = {name: said for name, said in earlier.evidence.items() if name in names}
    values = {name: getattr(earlier, name) for name in fields}
    return replace(article, **values, evidence={**article.evidence, **evidence})
