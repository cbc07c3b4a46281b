"""Kept pages as WARC 1.1, the format other archives exchange: a response record for each page.

What was not kept is not made up: there are no request records, for requests are not kept, and no records
of redirects. A body is stored as `pages.db` has it, so headers that speak of its encoding on the way are
kept under another name.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.records import Page, SourceDescription
from archive.source_descriptions import as_json
from archive.store.columns import utc

# As pywb and others name headers that were true of what was sent and are not of what is stored.
ORIGINAL = "X-Archive-Orig-"
OF_THE_WAY = {"content-encoding", "transfer-encoding", "content-length"}
# Fields of our own, so that an archive made from the file knows as much; other programs pass them over.
SOURCE_FIELD = "Muragat-Source"
REQUESTED_FIELD = "Muragat-Requested-URI"
KIND_FIELD = "Muragat-Kind"
SOURCES_FIELD = "muragat-sources"  # of records that tell of the file
SOURCES_A_RECORD = 500  # 0.1 MiB; readers take a record of 1 MiB about a file
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
LINE_BREAKS = str.maketrans("\r\n\0", "   ")


class HttpHead(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """A status line and headers written as they were sent: warcio would percent-encode other letters."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Set the bytes of the head."""
        try:
            self.headers_buff = self.to_bytes(encoding="latin-1")
        except UnicodeEncodeError:
            self.headers_buff = self.to_bytes(encoding="utf-8")


class PageWriter:
    """Writes pages into a WARC file; with `packed` each record is a gzip member of its own."""

    def __init__(self, file: BinaryIO, *, packed: bool) -> None:
        self.writer = WARCWriter(file, gzip=packed, warc_version="1.1")

    def begin(self, filename: str, sources: Sequence[SourceDescription] = ()) -> None:
        """Write what the file is, and of which sources its pages are: in as many records as these need."""
        told = {
            "software": f"muragat/{own_version()}",
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS_TO,
            "description": "Pages kept by a Muragat archive, their bodies decoded",
        }
        self.tell(filename, told, sources[:SOURCES_A_RECORD])
        for place in range(SOURCES_A_RECORD, len(sources), SOURCES_A_RECORD):
            self.tell(filename, told, sources[place : place + SOURCES_A_RECORD])

    def tell(self, filename: str, told: Mapping[str, str], sources: Sequence[SourceDescription]) -> None:
        """Write a record that tells of the file."""
        named = {SOURCES_FIELD: as_json(sources)} if sources else {}
        record = self.writer.create_warcinfo_record(filename, {**told, **named})
        record.rec_headers.replace_header("WARC-Date", utc(datetime.now(UTC)))
        self.writer.write_record(record)

    def write(self, page: Page, page_id: int, kind: str) -> None:
        """Write one page."""
        record = self.writer.create_warc_record(
            page.url,
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=HttpHead(status_line(page.status), list(stored_headers(page)), protocol="HTTP/1.1"),
            warc_headers_dict=record_fields(page, page_id, kind),
        )
        self.writer.write_record(record)


def record_fields(page: Page, page_id: int, kind: str) -> dict[str, str]:
    """The named fields of a page's record; the same page has the same record id in every export."""
    name = uuid5(NAMESPACE_URL, f"{page_id} {utc(page.fetched_at)} {page.url}")
    fields = {
        "WARC-Record-ID": f"<urn:uuid:{name}>",
        "WARC-Date": utc(page.fetched_at),
        SOURCE_FIELD: page.source,
        KIND_FIELD: kind,
    }
    if page.requested_url != page.url:
        fields[REQUESTED_FIELD] = page.requested_url
    return fields


def stored_headers(page: Page) -> Iterator[tuple[str, str]]:
    """The headers as sent, made true of the body as stored."""
    for name, value in page.headers:
        if not is_token(name):
            continue
        kept = f"{ORIGINAL}{name}" if name.lower() in OF_THE_WAY else name
        yield kept, value.translate(LINE_BREAKS).strip()
    yield "Content-Length", str(len(page.body))


def is_token(name: str) -> bool:
    """Whether a header's name can be written: visible ASCII without a colon."""
    return bool(name) and name.isascii() and name.isprintable() and not set(name) & set(" :")


def status_line(status: int) -> str:
    """The status and its usual words."""
    words = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    return f"{status} {words}".strip()


def own_version() -> str:
    """The version of this program."""
    try:
        return version("muragat")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0"
