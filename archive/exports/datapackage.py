"""A Frictionless Data Package, version 2: what is in a folder, in a file that programs read. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.exports.columns import Column

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
DESCRIBED = "datapackage.json"
FIELD_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "time": "datetime",
    "day": "date",
    "list": "array",
    "object": "object",
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of a data set as it lies there: `path` within the folder, `sha256` in hexadecimal digits."""

    path: str
    form: str
    bytes: int
    sha256: str
    rows: int
    columns: tuple[Column, ...]


def described(name: str, title: str, files: Sequence[WrittenFile], **more: Any) -> bytes:
    """The text of datapackage.json: the tables in CSV.

    Programs of Frictionless take every resource for a table of texts, and stumble over Parquet's lists.
    """
    package = {"$schema": PACKAGE_PROFILE, "name": name, "title": title, **more}
    return json_text(package | {"resources": [resource(file) for file in files if file.form == "csv"]})


def resource(file: WrittenFile) -> dict[str, Any]:
    """One table, with its schema."""
    return {
        "$schema": RESOURCE_PROFILE,
        "name": file.path.lower().replace("/", "-").replace("_", "-").replace(".", "-"),
        "path": file.path,
        "format": file.form,
        "mediatype": MEDIA_TYPES[file.form],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "type": "table",
        "encoding": "utf-8",
        "schema": table_schema(file.columns),
    }


def table_schema(columns: Sequence[Column]) -> dict[str, Any]:
    """The schema of a table of these columns."""
    key = {"primaryKey": ["id"]} if any(column.name == "id" for column in columns) else {}
    return {
        "$schema": SCHEMA_PROFILE,
        "fields": [table_field(column) for column in columns],
        "missingValues": [""],
        **key,
    }


def table_field(column: Column) -> Mapping[str, Any]:
    """A column as a field."""
    told = {"name": column.name, "type": FIELD_TYPES[column.type], "description": column.meaning}
    if column.schema_org and not column.schema_org.startswith("@"):
        told["rdfType"] = f"https://schema.org/{column.schema_org}"
    return told


def json_text(value: object) -> bytes:
    """JSON for people and programs, the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
