"""One table of formats: what can be asked for by name or by a file's ending, and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from archive.exports import atom, texts
from archive.exports.columns import Column
from archive.exports.encoding import Encoder, Style
from archive.exports.folders import write_data_package, write_hugging_face, write_texts
from archive.exports.selection import Selection
from archive.exports.tables import ArticleRows
from archive.exports.text_formats import Csv, JsonLines

MakeEncoder = Callable[[Sequence[Column], Style], Encoder]
IntoFolder = Callable[[Path, ArticleRows, Selection, Style], None]
PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the table.

    `encoder` makes a file of it, `into_folder` a folder; one with neither holds something else than rows and
    is written apart. `reads` are the columns of a format that has columns of its own, `None` where a
    person may choose them. `may_be_packed` by gzip: others are packed in themselves. One that `tells_sources`
    has a place for what its sources are called.
    """

    name: str
    meaning: str
    endings: tuple[str, ...] = ()
    encoder: MakeEncoder | None = None
    into_folder: IntoFolder | None = None
    reads: tuple[str, ...] | None = None
    may_be_packed: bool = False
    tells_sources: bool = False


def parquet(columns: Sequence[Column], style: Style) -> Encoder:
    """The encoder of Parquet; raises ToolMissing where pyarrow is not installed, which others do without."""
    from archive.exports.parquet import Parquet

    return Parquet(columns, style)


TABLE = (
    Format("jsonl", "an object a line", (".jsonl", ".ndjson"), JsonLines, may_be_packed=True),
    Format("csv", "for spreadsheets and statistics", (".csv",), Csv, may_be_packed=True),
    Format(
        "parquet",
        "typed columns, for DuckDB, pandas, polars, Spark",
        (".parquet",),
        parquet,
        tells_sources=True,
    ),
    Format("sqlite", "an archive of its own, for Datasette", (".db", ".sqlite", ".sqlite3")),
    Format(
        "hf", "a folder for Hugging Face's `datasets`", into_folder=write_hugging_face, tells_sources=True
    ),
    Format("datapackage", "a folder: Frictionless Data Package, CSV", into_folder=write_data_package),
    Format("warc", "the raw pages, for web archives", (".warc",), may_be_packed=True),
    Format(
        "atom", "a feed with the texts", (".atom", ".xml"), atom.Atom, reads=atom.READ, may_be_packed=True
    ),
    Format(
        "txt",
        "a text for each article, for corpus tools: a folder or a ZIP",
        (".zip",),
        texts.TextZip,
        write_texts,
        reads=texts.READ,
    ),
)
FORMATS = {one.name: one for one in TABLE}
WARC, SQLITE = FORMATS["warc"], FORMATS["sqlite"]


def format_of(name: str) -> Format:
    """The format a file's ending names, `.gz` after it set aside; raises ValueError."""
    path = PurePath(name)
    ending = PurePath(name.removesuffix(PACKED)).suffix.lower()
    for one in TABLE:
        if ending in one.endings:
            return one
    known = ", ".join(one.endings[0] for one in TABLE if one.endings)
    folders = ", ".join(one.name for one in TABLE if one.into_folder)
    raise ValueError(
        f"{path.name}: cannot tell the format; end it in {known} (or with .gz after), "
        f"or name a folder with --format {folders}"
    )


def is_packed(name: str) -> bool:
    """Whether a file's ending says gzip."""
    return name.endswith(PACKED)
