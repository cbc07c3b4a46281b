"""Parquet: row groups of a bounded size, zstd, the same bytes for the same rows and version of pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive.exports.arrow import batch_of, schema_of
from archive.exports.columns import Column
from archive.exports.encoding import Sink, Style
from archive.exports.pyarrow_or_hint import pa, parquet
from archive.exports.rows import Row
from archive.source_descriptions import as_json

SOURCES_KEY = "muragat_sources"
# A group is written when it has so many rows or bytes: a reader skips whole groups, a writer holds one.
GROUP_ROWS, GROUP_BYTES = 10_000, 32 * 1024 * 1024
ZSTD_LEVEL = 3
# Of these a few values come again and again; of texts a dictionary would only be tried and thrown away.
REPEATED = {
    *("source", "published_precision", "published_evidence", "agency", "section", "language", "access"),
    *("article_type", "cleaned_with"),
}
# The smallest and largest of these help a reader to skip groups; of a text they would be whole texts.
ORDERED = {"id", "source", "published_at", "published_date", "first_seen_at", "last_seen_at", "language"}


class Parquet:
    """Rows as one Parquet file."""

    def __init__(self, columns: Sequence[Column], style: Style) -> None:
        self.columns = columns
        # Beside the columns, where programs that know nothing of it pass it over.
        self.schema = schema_of(columns).with_metadata({SOURCES_KEY: as_json(style.sources)})
        names = {column.name for column in columns}
        self.misfits = style.misfits
        self.sink = Sink()
        self.writer = parquet.ParquetWriter(
            pa.PythonFile(self.sink, mode="w"),
            self.schema,
            version="2.6",
            compression="zstd",
            compression_level=ZSTD_LEVEL,
            use_dictionary=sorted(REPEATED & names),
            write_statistics=sorted(ORDERED & names),
            data_page_version="1.0",
        )
        self.waiting: list[pa.RecordBatch] = []

    def head(self) -> bytes:
        return self.sink.taken()

    def rows(self, batch: Sequence[Row]) -> bytes:
        self.waiting.append(batch_of(batch, self.columns, self.schema, self.misfits))
        rows, size = (sum(getattr(one, what) for one in self.waiting) for what in ("num_rows", "nbytes"))
        if rows >= GROUP_ROWS or size >= GROUP_BYTES:
            self.write_group()
        return self.sink.taken()

    def write_group(self) -> None:
        """Write what waits as one row group."""
        self.writer.write_table(pa.Table.from_batches(self.waiting, self.schema), row_group_size=1 << 40)
        self.waiting.clear()

    def tail(self) -> Iterable[bytes]:
        if self.waiting:
            self.write_group()
        self.writer.close()
        return (self.sink.taken(),)
