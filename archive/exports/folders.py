"""Formats that are a folder: parts as files, texts, Hugging Face's, Frictionless'."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.exports import card
from archive.exports.coverage import Coverage
from archive.exports.datapackage import DESCRIBED, described
from archive.exports.encoding import Encoder, Style
from archive.exports.selection import Part, Selection
from archive.exports.tables import ArticleRows, write_rows, write_table
from archive.exports.text_formats import Csv
from archive.exports.texts import TextFolder

TITLE = "News articles of a Muragat archive"
ALL = "train"  # what Hugging Face's programs call a set without parts
SHARD_ROWS = 100_000
MakeEncoder = Callable[[], Encoder]


def write_parts(place: Path, rows: ArticleRows, selection: Selection, make: MakeEncoder, ending: str) -> None:
    """A file for each part."""
    for part in selection.parts:
        with (place / f"{part.name}{ending}").open("wb") as file:
            write_rows(file, make(), rows.of(part.ids))


def write_texts(place: Path, rows: ArticleRows, selection: Selection, style: Style) -> None:
    """A text for each article, in a folder for each part where there are several."""
    for part in selection.parts:
        texts = TextFolder(place / part.name, rows.columns, style)
        (place / part.name).mkdir(exist_ok=True)
        for batch in rows.of(part.ids):
            texts.write(batch)
        texts.close()


def write_hugging_face(place: Path, rows: ArticleRows, selection: Selection, style: Style) -> None:
    """A folder that `datasets.load_dataset` reads: Parquet in `data/`, and a card that names the parts."""
    from archive.exports.parquet import Parquet

    assert rows.coverage is not None
    for path, ids in (shard for name, part in named(selection) for shard in shards(name, part)):
        write_table(place, path, "parquet", Parquet(rows.columns, style), rows.columns, rows.of(ids))
    patterns = {name: f"data/{name}-*.parquet" for name, _ in named(selection)}
    (place / "README.md").write_bytes(
        readme(TITLE, rows, rows.coverage, patterns, selection.undated).encode()
    )


def named(selection: Selection) -> Iterator[tuple[str, Part]]:
    """The parts with their names."""
    return ((part.name or ALL, part) for part in selection.parts)


def shards(name: str, part: Part) -> Iterator[tuple[str, array[int]]]:
    """The files of a part, none larger than a program likes to read at once, and the articles of each."""
    starts = range(0, max(len(part.ids), 1), SHARD_ROWS)  # a part without articles has a file without rows
    for number, start in enumerate(starts):
        yield (
            f"data/{name}-{number:05d}-of-{len(starts):05d}.parquet",
            part.ids[start : start + SHARD_ROWS],
        )


def readme(title: str, rows: ArticleRows, coverage: Coverage, patterns: dict[str, str], undated: int) -> str:
    """The card of an exported folder."""
    parts = [
        card.yaml_head(title, coverage, patterns) + f"# {title}\n",
        *card.coverage_part(coverage),
        *card.missing_part(coverage, undated),
        *card.making_part(coverage),
        *card.rights_part([]),
        *card.columns_part(rows.columns),
    ]
    return "\n".join(parts)


def write_data_package(place: Path, rows: ArticleRows, selection: Selection, style: Style) -> None:
    """A Frictionless Data Package: CSV, a table for each part, and datapackage.json."""
    raw = Style(raw=True, misfits=style.misfits)  # for programs: a cell with an apostrophe is another value
    files = [
        write_table(
            place,
            f"{part.name or 'articles'}.csv",
            "csv",
            Csv(rows.columns, raw),
            rows.columns,
            rows.of(part.ids),
        )
        for part in selection.parts
    ]
    (place / DESCRIBED).write_bytes(described("news-articles", TITLE, files))
