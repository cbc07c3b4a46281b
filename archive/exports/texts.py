"""Plain text for corpus tools: one file an article, and one table that says what each file is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from archive.exports.columns import BY_NAME, Column
from archive.exports.encoding import Style
from archive.exports.rows import Row
from archive.exports.text_formats import Csv
from archive.exports.zip_writing import IN_MEMORY, ZipWriter

# What the table says of each file, and the text itself.
TOLD = (
    *("id", "url", "source", "title", "published_at", "published_date", "authors", "agency", "section"),
    *("tags", "language", "article_type", "content_hash"),
)
READ = (*TOLD, "body")
TABLE = "metadata.csv"
FILE = Column("file", "text", "path of the text")
UNFIT = re.compile(r"[^\w-]+")


def text_of(said: Mapping[str, Any]) -> bytes:
    """The title, a blank line, and the body."""
    return "\n\n".join(filter(None, (said["title"], said["body"]))).encode() + b"\n"


def path_of(said: Mapping[str, Any]) -> str:
    """Where a text lies: by source and month, named by day and id."""
    source = UNFIT.sub("_", said["source"]) or "_"
    day = UNFIT.sub("_", said["published_date"] or "undated")[:10]
    return f"{source}/{day[:7]}/{day}_{said['id']}.txt"


class Table:
    """The table of files, kept aside while texts are written."""

    def __init__(self, style: Style) -> None:
        # As it is: the table is for programs, and a title with an apostrophe put before it is another title.
        self.csv = Csv((FILE, *(BY_NAME[name] for name in TOLD)), Style(raw=True, excel=style.excel))
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - ends with the export
        self.file.write(self.csv.head())

    def add(self, files: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Note what some files are."""
        self.file.write(self.csv.rows([[path, *(said[name] for name in TOLD)] for path, said in files]))

    def whole(self) -> BinaryIO:
        """The table, to be read from its beginning."""
        self.file.seek(0)
        return cast(BinaryIO, self.file)


class TextZip:
    """Rows of the columns `READ` as a ZIP of texts."""

    def __init__(self, columns: Sequence[Column], style: Style) -> None:
        self.names = [column.name for column in columns]
        self.zip, self.table = ZipWriter(), Table(style)

    def head(self) -> bytes:
        return b""

    def rows(self, batch: Sequence[Row]) -> bytes:
        files = list(named_files(batch, self.names))
        self.table.add(files)
        return b"".join([self.zip.member(path, text_of(said)) for path, said in files])

    def tail(self) -> Iterator[bytes]:
        yield from self.zip.large_member(TABLE, self.table.whole())
        yield from self.zip.end()


class TextFolder:
    """The same rows as files in a folder."""

    def __init__(self, folder: Path, columns: Sequence[Column], style: Style) -> None:
        self.folder, self.names, self.table = folder, [column.name for column in columns], Table(style)
        self.made: set[str] = set()

    def write(self, batch: Sequence[Row]) -> None:
        """Write some texts."""
        files = list(named_files(batch, self.names))
        self.table.add(files)
        for path, said in files:
            if (parent := path.rpartition("/")[0]) not in self.made:
                (self.folder / parent).mkdir(parents=True, exist_ok=True)
                self.made.add(parent)
            (self.folder / path).write_bytes(text_of(said))

    def close(self) -> None:
        """Write the table."""
        table = self.table.whole()
        with (self.folder / TABLE).open("wb") as file:
            while piece := table.read(IN_MEMORY):
                file.write(piece)


def named_files(batch: Sequence[Row], names: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The path of each row's text, and the row by column."""
    for row in batch:
        said = dict(zip(names, row, strict=True))
        yield path_of(said), said
