"""`muragat release make`: a data set that can be cited, the same bytes wherever it is made.

Nothing in it comes from a clock, a host's name or a place on disk. What it is made of is stated: the query,
the newest sight in the archive, and the versions of the libraries whose bytes these are.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.exports import release_text
from archive.exports.columns import BY_NAME, USUAL, Column
from archive.exports.comparing import CHANGES, TOLD, Compared, Hashes, changelog, compared, earlier_release
from archive.exports.coverage import Coverage
from archive.exports.croissant import croissant
from archive.exports.datapackage import DESCRIBED, WrittenFile, described, json_text
from archive.exports.encoding import Misfits, Style
from archive.exports.exporting import progress, read_at_once
from archive.exports.files import whole_folder
from archive.exports.formats import MakeEncoder
from archive.exports.ngrams import LEAST_ARTICLES, NgramCounts
from archive.exports.parquet import Parquet
from archive.exports.rights import rights_of, tombstones
from archive.exports.rows import Row, row_batches
from archive.exports.selection import Selection, Wanted, reserved_in, selected
from archive.exports.sources import sources_of
from archive.exports.tables import OpenTable
from archive.exports.text_formats import Csv, JsonLines, written
from archive.store.folder import ArchiveFolder

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SUMS = "SHA256SUMS"
# Who gets a release cannot ask the archive what is reserved.
MINING = (BY_NAME["tdm_reserved"], BY_NAME["tdm_said"])
# What may be told of articles whose texts may not be shared.
WITHOUT_TEXT = tuple(
    BY_NAME[name]
    for name in (
        *("id", "url", "canonical_url", "source", "published_at", "published_local", "published_date"),
        *("published_precision", "modified_at", "agency", "section", "language", "access", "article_type"),
        *("first_seen_at", "last_seen_at", "gone_at", "revisions", "edits", "content_hash", "cleaned_with"),
    )
)
NGRAM_COLUMNS = (
    Column("language", "text", "language of the articles"),
    Column("words", "integer", "how many words the n-gram has, 1 to 3"),
    Column("ngram", "text", "the words in small letters, a space between"),
    Column("articles", "integer", f"in how many articles it stands, {LEAST_ARTICLES} or more"),
    Column("times", "integer", "how often it stands in all of them"),
)
TOMBSTONE_COLUMNS = (
    Column("id", "integer", "number the article had; never given again"),
    Column("source", "text", "id of its source"),
    Column("taken_down_at", "time", "when it was taken out of the archive, UTC"),
)
CHANGE_COLUMNS = (
    Column("id", "integer", "number of the article"),
    Column("change", "text", "added, changed or removed since the release before"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release is to hold. `after` is the release to compare with, `None`: the newest beside it."""

    name: str
    wanted: Wanted
    text_free: bool = False
    after: Path | None = None
    title: str | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its articles."""
        return (*(WITHOUT_TEXT if self.text_free else USUAL), *MINING)

    def query(self) -> dict[str, Any]:
        """What was asked of the archive, as values that can be written down."""
        where = {name: value for name, value in asdict(self.wanted.where).items() if value not in (None, ())}
        told = {name: list(value) if name == "sources" else str(value) for name, value in where.items()}
        return told | {
            "where": self.wanted.sql,
            "one_per_story": self.wanted.one_per_story,
            "tdm": self.wanted.tdm,
            "text_free": self.text_free,
            "columns": [column.name for column in self.columns],
        }


@dataclass(slots=True)
class Made:
    """A release under way: what it covers, which files lie there."""

    coverage: Coverage
    hashes: Hashes = field(default_factory=Hashes)
    files: list[WrittenFile] = field(default_factory=list)
    misfits: Misfits = field(default_factory=Misfits)


@dataclass(frozen=True, slots=True)
class Released:
    """What a release has: its articles, what changed since the one before, and what did not fit."""

    path: Path
    articles: int
    selection: Selection
    changes: Compared | None
    misfits: Misfits
    reserved: int = 0


def make_release(folder: ArchiveFolder, to: Path, plan: Plan) -> Released:
    """Make the release `to/NAME`, which appears when it is complete.

    Raises WrongCondition, or an ArchiveError when the archive cannot be read, the release not be written,
    or the release to compare with is none.
    """
    path = to / plan.name
    with read_at_once(folder) as db, whole_folder(str(path)) as place:
        selection = selected(db, plan.wanted)
        made = Made(Coverage(plan.columns))
        with progress(len(selection.ids), "releasing") as advance:
            write_articles(db, place, plan, selection.ids, made, advance)
        taken_down = list(tombstones(db))
        write_small(
            place, made, "tombstones.csv", TOMBSTONE_COLUMNS, [tuple(one.values()) for one in taken_down]
        )
        earlier = plan.after or earlier_release(to, plan.name)
        changes = compared(earlier, plan.query(), made.hashes) if earlier else None
        write_small(place, made, CHANGES, CHANGE_COLUMNS, list(changes.rows()) if changes else [])
        rights = rights_of(db, selection.ids, made.coverage.sources)
        write_words(place, plan, made, rights, selection, changes, {one["article_id"] for one in taken_down})
        write_sums(place)
        reserved = reserved_in(db, plan.wanted, selection)
    return Released(path, len(selection.ids), selection, changes, made.misfits, reserved)


def write_articles(
    db: Database, place: Path, plan: Plan, ids: array[int], made: Made, advance: Callable[[int], None]
) -> None:
    """Write the articles as Parquet, lines of JSON and CSV, reading each once; without texts, n-grams too."""
    style = Style(raw=True, sources=sources_of(db, ids), misfits=made.misfits)
    encoders: dict[str, MakeEncoder] = {"parquet": Parquet, "jsonl": JsonLines, "csv": Csv}
    tables = [
        OpenTable(place, f"articles.{form}", form, make(plan.columns, style))
        for form, make in encoders.items()
    ]
    ngrams = NgramCounts() if plan.text_free else None
    places = {column.name: number for number, column in enumerate(plan.columns)}
    for batch in row_batches(db, plan.columns, ids):
        for table in tables:
            table.write(batch)
        made.coverage.add(batch)
        said = list(zip(*batch, strict=True))
        made.hashes.add(said[places["id"]], said[places["content_hash"]])
        if ngrams:
            count_ngrams(db, ngrams, batch, places)
        advance(len(batch))
    made.files += [table.closed(plan.columns) for table in tables]
    if ngrams:
        write_ngrams(place, made, ngrams)


def count_ngrams(db: Database, ngrams: NgramCounts, batch: Sequence[Row], places: dict[str, int]) -> None:
    """Count the n-grams of some articles, whose texts go no further."""
    languages = {row[places["id"]]: row[places["language"]] for row in batch}
    marks = ", ".join("?" * len(languages))
    rows = db.conn.execute(f"SELECT id, title, body FROM articles WHERE id IN ({marks})", list(languages))
    for one, title, body in rows:
        ngrams.add(languages[one], f"{title or ''}\n{body}")


def write_ngrams(place: Path, made: Made, ngrams: NgramCounts) -> None:
    """Write the counts of n-grams."""
    table = OpenTable(place, "ngrams.csv", "csv", Csv(NGRAM_COLUMNS, Style(raw=True)))
    for rows in batches(ngrams.rows()):
        table.write(rows)
    made.files.append(table.closed(NGRAM_COLUMNS))


def batches(rows: Iterator[Row], size: int = 10_000) -> Iterator[list[Row]]:
    """Rows some at a time."""
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) >= size:
            yield some
            some = []
    if some:
        yield some


def write_small(
    place: Path, made: Made, path: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]]
) -> None:
    """Write a small table as CSV."""
    data = written([[column.name for column in columns], *rows])
    (place / path).write_bytes(data)
    digest = sha256(data).hexdigest()
    made.files.append(WrittenFile(path, "csv", len(data), digest, len(rows), tuple(columns)))


def write_words(
    place: Path,
    plan: Plan,
    made: Made,
    rights: list[dict[str, Any]],
    selection: Selection,
    changes: Compared | None,
    taken_down: set[int],
) -> None:
    """Write what people and programs read of the release: card, changelog, packages, query and versions."""
    title = plan.title or release_text.title_of(made.coverage)
    as_of = made.coverage.newest_sight
    told = {
        "name": plan.name,
        "title": title,
        "as_of": as_of,
        "articles": made.coverage.articles,
        "query": plan.query(),
        "made_with": versions(),
        "earlier": changes.earlier if changes else None,
        "rights": rights,
    }
    words = release_text.card_of(title, plan, made, rights, selection, told)
    (place / TOLD).write_bytes(json_text(told))
    (place / "README.md").write_text(words, encoding="utf-8", newline="\n")
    (place / "CHANGELOG.md").write_text(
        changelog(plan.name, changes, taken_down), encoding="utf-8", newline="\n"
    )
    package = {"version": plan.name, "description": release_text.description_of(made.coverage)}
    name = re.sub(r"[^a-z0-9._-]", "-", plan.name.lower())
    (place / DESCRIBED).write_bytes(described(name, title, made.files, **package))
    described_again = croissant(
        plan.name,
        title,
        release_text.description_of(made.coverage),
        made.files,
        as_of=as_of[:10],
        version=versions()["muragat"],
    )
    (place / "croissant.json").write_bytes(json_text(described_again))


def write_sums(place: Path) -> None:
    """Write the digests of all files, as `sha256sum -c` reads them."""
    lines = [f"{digest_of(file)}  {file.name}\n" for file in sorted(place.iterdir())]
    (place / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """The versions that decide which bytes a release has."""
    return {name: version_of(name) for name in ("muragat", "pyarrow", "orjson")}


def version_of(library: str) -> str:
    """The version of an installed library."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"
