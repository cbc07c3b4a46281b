"""One article taken down: tombstone, pages, rows, index, files. Killed in between, it can be done again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.errors import ArchiveBusy, StorageFull
from archive.identity import key_or_none, url_hash, url_key
from archive.raw.forgetting import Advance, forget_pages
from archive.search.choosing import article_named
from archive.search.index_state import INDEX, NEXT, IndexState
from archive.store.archive import Archive
from archive.store.connection import named_errors, transaction
from archive.store.takedowns import Takedown
from archive.takedown.named import tombstone_named


@dataclass(frozen=True, slots=True)
class Target:
    """What would be taken down: an article by column, `None` where an address has none; its addresses, pages.

    `copies` are articles that share much of its text, by id and address: nobody asked for those.
    """

    url: str
    article: dict[str, Any] | None
    addresses: tuple[str, ...]
    page_ids: tuple[int, ...]
    copies: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: pages taken out, others packed anew for it, links of other articles taken out.

    `shared_with` are addresses whose kept page has the very same bytes; `lines` were taken out of the logs of
    repairs; `copies_of_files` hold the words still, and are for a person to delete.
    """

    takedown: Takedown
    pages: int
    packed_anew: int
    links: int
    shared_with: tuple[str, ...]
    lines: int
    copies_of_files: tuple[Path, ...]


def target_of(archive: Archive, named: str) -> Target:
    """What an address or the number of an article means, also of one taken down before.

    Raises ValueError for what is neither.
    """
    article_id = article_named(archive.news, named)
    if article_id is None and named.isdecimal():
        named = url_of_number(archive.news, named)
    article = dict(archive.news.table("articles").get(article_id)) if article_id is not None else None
    url = article["url"] if article else named
    url_key(url)
    known = archive.takedowns.covering_url(url)
    covered = archive.takedowns.keys(archive.takedowns.named(known)) if known is not None else []
    addresses = tuple(addresses_of(archive.news, url, article, covered))
    return Target(
        url,
        article,
        addresses,
        tuple(pages_of(archive, article, addresses)),
        tuple(copies_of(archive.news, article)),
    )


def url_of_number(db: Database, number: str) -> str:
    """The address of an article that is here no more; raises ValueError where none had this number."""
    if (stone := tombstone_named(db, number)) is None:
        raise ValueError(f"no article has the number {number[:20]}")
    return str(stone["url"])


def addresses_of(
    db: Database, url: str, article: dict[str, Any] | None, covered: Sequence[str] = ()
) -> list[str]:
    """Every address under which it may be asked for, one for each key; `covered` belong to it too."""
    stated = [url, *covered]
    if article:
        stated += [article["url"], article["requested_url"], article["canonical_url"], article["url_key"]]
        rows = db.conn.execute("SELECT url FROM addresses WHERE article_id = ?", [article["id"]])
        stated += [row[0] for row in rows]
    whole = (one if one is None or "://" in one else f"https://{one}" for one in stated)
    by_key = {key: one for one in whole if one and (key := key_or_none(one))}
    return list(by_key.values())


def pages_of(archive: Archive, article: dict[str, Any] | None, addresses: Sequence[str]) -> list[int]:
    """The pages its words may stand in: those it was read from, and all fetched from its addresses."""
    ids: set[int] = set()
    if article:
        ids.add(article["page_id"])
        rows = archive.news.conn.execute(
            "SELECT page_id FROM revisions WHERE article_id = ?", [article["id"]]
        )
        ids |= {row[0] for row in rows}
    hashes = json.dumps([url_hash(url_key(one)) for one in addresses])
    query = "SELECT id FROM pages WHERE url_hash IN (SELECT value FROM json_each(?)) AND kind <> 'robots'"
    return sorted(ids | {row[0] for row in archive.pages.db.conn.execute(query, [hashes])})


def copies_of(db: Database, article: dict[str, Any] | None) -> list[tuple[int, str]]:
    """The articles that share most of its text."""
    if article is None:
        return []
    rows = db.conn.execute(
        "SELECT c.other_id, a.url FROM copies c JOIN articles a ON a.id = c.other_id "
        "WHERE c.article_id = ? AND max(c.share_of_article, c.share_of_other) >= 0.8 ORDER BY c.other_id",
        [article["id"]],
    )
    return rows.fetchall()


def take_down(
    archive: Archive, target: Target, *, reason: str, asked_by: str, advance: Advance = lambda done: None
) -> Taken:
    """Take it out of both files for good, and leave a tombstone. Raises an ArchiveError that says what to do.

    The tombstone holds from the first moment; what follows may be interrupted and done again.
    """
    now = datetime.now(UTC)
    takedown = archive.takedowns.begin(
        target.url,
        target.article,
        target.addresses,
        target.page_ids,
        reason=reason,
        asked_by=asked_by,
        at=now,
    )
    forgotten = forget_pages(archive.pages, takedown.page_ids, now=now, advance=advance)
    links = take_out_rows(archive, takedown)
    forget_words(archive)
    lines = finish(archive, [takedown])
    return Taken(
        takedown,
        forgotten.pages,
        forgotten.packed_anew,
        links,
        forgotten.shared_with,
        lines,
        tuple(copies_of_files(archive.folder.path)),
    )


def take_out_rows(archive: Archive, takedown: Takedown) -> int:
    """Take rows out of news.db; returns how many links went. `forget_words` follows."""
    with transaction(archive.news, archive.folder.news):
        archive.news.conn.execute("PRAGMA secure_delete = ON")
        links = archive.takedowns.take_out(takedown)
        archive.articles.index.apply_changes()
    return links


def forget_words(archive: Archive) -> None:
    """Take the words of articles that are not there any more out of the search index for good."""
    index = archive.articles.index
    if index.state() is IndexState.SOUND and index.reached(NEXT) is None:
        # Words that were taken out stay in the index's older parts until these are merged.
        with transaction(archive.news, archive.folder.news):
            archive.news.conn.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")
        index.list_words()
    else:
        for _ in index.rebuild():
            pass


def finish(archive: Archive, takedowns: Sequence[Takedown]) -> int:
    """Write both files anew, now that rows and pages are out, and clean the logs of repairs.

    Returns how many lines were taken out of those. From now on these takedowns are done.
    """
    for db, path in ((archive.news, archive.folder.news), (archive.pages.db, archive.folder.pages)):
        wipe(db, path)
    logs = [*repair_logs(archive.folder.logs)]
    lines = sum(cleaned_log(path, takedown, archive) for path in logs for takedown in takedowns)
    for takedown in takedowns:
        archive.takedowns.note_done(takedown, at=datetime.now(UTC))
    return lines


def wipe(db: Database, path: Path) -> None:
    """Write a file anew, so that nothing that was taken out is left between its rows, and empty its log."""
    needed = 2 * path.stat().st_size
    if shutil.disk_usage(path.parent).free < needed:
        raise StorageFull(
            f"{path}: needs {needed // 2**20 + 1} MiB of free disk to be written anew; make room, then run "
            "the same takedown again: what was taken out may still be read in the file until then"
        )
    with named_errors(path):
        db.conn.execute("VACUUM")
        is_busy, _, _ = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise ArchiveBusy(
            f"{path}: another program reads it, so its log cannot be emptied; end that (muragat browse, "
            "datasette), then run the same takedown again"
        )


def repair_logs(logs: Path) -> Iterator[Path]:
    """The files in which repairs wrote down what they overwrote."""
    yield from sorted(logs.glob("repair-*.jsonl"))


def cleaned_log(path: Path, takedown: Takedown, archive: Archive) -> int:
    """Take the lines about a takedown out of a log of repairs; returns how many."""
    keys, left, gone = set(archive.takedowns.keys(takedown)), [], 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            if is_about(line, takedown, keys):
                gone += 1
            else:
                left.append(line)
    if gone:
        part = path.with_name(f"{path.name}.part")
        part.write_text("".join(left), encoding="utf-8")
        part.replace(path)
    return gone


def is_about(line: str, takedown: Takedown, keys: set[str]) -> bool:
    """Whether a line of a log of repairs holds a row of a takedown."""
    try:
        said = json.loads(line)
    except ValueError:
        return False
    row = said["row"]
    mine = row.get("id") if said["table"] == "articles" else row.get("article_id")
    url = row.get("url")
    named = (row.get("url_key"), key_or_none(url) if isinstance(url, str) else None)
    return (mine is not None and mine == takedown.article_id) or not keys.isdisjoint(named)


def copies_of_files(folder: Path) -> Iterator[Path]:
    """Copies of the archive's files that a repair kept beside them, in its folder."""
    for path in sorted(folder.iterdir()):
        is_live = path.name in ("news.db", "pages.db") or path.name.endswith(("-wal", "-shm"))
        if path.is_file() and path.name.startswith(("news", "pages")) and not is_live:
            yield path
