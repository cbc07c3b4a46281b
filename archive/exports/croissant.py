"""Croissant 1.0: the same files and columns for programs that load data sets for learning. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive.exports.datapackage import MEDIA_TYPES, WrittenFile

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
# Lists are JSON text in CSV, from which a program that reads Croissant takes all columns.
DATA_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "time": "sc:DateTime", "day": "sc:Date"}


def croissant(
    name: str, title: str, description: str, files: Sequence[WrittenFile], *, as_of: str, version: str
) -> dict[str, Any]:
    """croissant.json of a data set; `as_of` is the day that its newest article was seen."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": name,
        "description": description,
        "license": "The articles belong to their publishers; README.md tells of each",
        "url": "https://pypi.org/project/muragat/",
        "citeAs": f"{title} (release {name}), made with Muragat",
        "creator": {"@type": "sc:Organization", "name": "Users of Muragat"},
        "datePublished": as_of,
        "version": version,
        "distribution": [file_object(file) for file in files],
        "recordSet": [record_set(file) for file in files if file.form == "csv"],
    }


def file_object(file: WrittenFile) -> dict[str, Any]:
    """A file."""
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": MEDIA_TYPES[file.form],
        "sha256": file.sha256,
    }


def record_set(file: WrittenFile) -> dict[str, Any]:
    """The rows of a file of CSV."""
    name = file.path.partition(".")[0]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column.name}",
                "name": column.name,
                "description": column.meaning,
                "dataType": DATA_TYPES.get(column.type, "sc:Text"),
                "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}},
            }
            for column in file.columns
        ],
    }
