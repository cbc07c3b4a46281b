"""Files that fastwarc wrote are read; `make interop` runs this where fastwarc is."""

from __future__ import annotations

import io

import pytest

from archive.raw.warc_pages import WarcPage
from archive.raw.warc_reading import read_warc

warc = pytest.importorskip("fastwarc.warc")
stream_io = pytest.importorskip("fastwarc.stream_io")

BODIES = [f"<html><title>one template</title><p>{number}</p></html>".encode() * 40 for number in range(60)]


def record(number, body):
    """A page's record as fastwarc writes it."""
    record = warc.WarcRecord()
    record.init_headers(record_type=warc.WarcRecordType.response)
    record.headers["WARC-Target-URI"] = f"https://steppe.example/{number}"
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body)
    out = io.BytesIO()
    record.write(out, checksum_data=True)
    return out.getvalue()


def bodies(content):
    return [one.body for one in read_warc(io.BytesIO(content)) if isinstance(one, WarcPage)]


def packed(new_writer, **options):
    """All pages, a piece for each record."""
    out = io.BytesIO()
    writer = new_writer(out, **options)
    for number, body in enumerate(BODIES):
        writer.write(record(number, body))
        writer.finish()
    writer.flush()
    return out.getvalue()


@pytest.mark.parametrize("frame_is_packed", [False, True])
def test_warc_zst_with_a_dictionary(frame_is_packed):
    dictionary = stream_io.zstd_train_dictionary_from_samples(BODIES, 2_000)
    content = packed(stream_io.ZstdWriter, dictionary=dictionary, compress_dictionary_frame=frame_is_packed)
    assert content.startswith(b"\x5d\x2a\x4d\x18")
    assert bodies(content) == BODIES


def test_warc_zst_without_a_dictionary():
    assert bodies(packed(stream_io.ZstdWriter)) == BODIES


def test_warc_gz():
    assert bodies(packed(stream_io.GzipWriter)) == BODIES


def test_plain_warc():
    assert bodies(b"".join(record(number, body) for number, body in enumerate(BODIES))) == BODIES
