"""WARC files of others: every page is read, whatever is wrong with the records around it."""

from __future__ import annotations

import gzip
import io
import random
import sys
import tracemalloc
import zlib
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.raw.packed_files import NoWarc
from archive.raw.warc_pages import PAGE_MAX_BYTES, WarcPage
from archive.raw.warc_reading import INFO_MAX_BYTES, BadRecord, PassedOver, read_warc
from archive.raw.warc_writing import PageWriter
from archive.records import SourceDescription

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SITE = "https://steppe.example"
NUMBERS = range(1, 7)


def http(body=b"<p>text</p>", *headers, status="200 OK"):
    lines = [f"HTTP/1.1 {status}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(block, url=f"{SITE}/a", kind="response", length=None, more=(), end=b"\r\n\r\n"):
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2026-03-10T07:00:00Z",
        f"Content-Length: {len(block) if length is None else length}",
        *more,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + end


def page(number, body=None):
    noise = random.Random(number).randbytes(3_000)
    return record(http(body or b"<p>%d</p>" % number + noise), f"{SITE}/{number}")


def read(content):
    return list(read_warc(io.BytesIO(content)))


def urls(said):
    return [one.url.removeprefix(SITE) for one in said if isinstance(one, WarcPage)]


def bad(said):
    return [(one.number, one.code) for one in said if isinstance(one, BadRecord)]


def plain(records):
    return b"".join(records)


def gzipped(records):
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def one_member(records):
    return gzip.compress(b"".join(records))


def zstandard(records):
    options = {zstd.CompressionParameter.checksum_flag: 1}
    return b"".join(zstd.compress(one, options=options) for one in records)


def with_dictionary(records, *, packed=True, raw=False):
    samples = [page(n, b"<html><head><title>one template</title></head>" * 3 + b"%d" % n) for n in range(99)]
    trained = b"".join(samples)[:9_000] if raw else zstd.train_dict(samples, 4_000).dict_content
    zdict = zstd.ZstdDict(trained, is_raw=raw)
    content = zstd.compress(trained) if packed else trained
    frame = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    return frame + b"".join(zstd.compress(one, zstd_dict=zdict) for one in records)


PACKINGS = [plain, gzipped, one_member, zstandard, with_dictionary]


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_packing_gives_the_same_records(packing):
    records = [record(b"software: x\r\n", "", kind="warcinfo"), *map(page, NUMBERS)]
    said = read(packing(records))
    assert [one.number for one in said] == list(range(1, 8))
    assert said[0] == PassedOver(1, "warcinfo")
    assert urls(said) == [f"/{number}" for number in NUMBERS]
    assert said[1].body == b"<p>1</p>" + random.Random(1).randbytes(3_000)
    assert said[1].fetched_at == datetime(2026, 3, 10, 7, tzinfo=UTC)


@pytest.mark.parametrize("options", [{"packed": False}, {"raw": True}, {"raw": True, "packed": False}])
def test_fault_53_other_peoples_zstd_dictionaries(options):
    assert urls(read(with_dictionary(list(map(page, NUMBERS)), **options))) == [f"/{n}" for n in NUMBERS]


def test_frames_that_zstd_skips_are_skipped():
    skipped = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    assert urls(read(zstandard([page(1)]) + skipped + zstandard([page(2)]))) == ["/1", "/2"]


def test_an_offset_tells_where_the_record_is():
    records = list(map(page, NUMBERS))
    for packing in (plain, gzipped, zstandard):
        content = packing(records)
        for one in read(content):
            assert urls(read(content[one.offset :]))[0] == one.url.removeprefix(SITE)


ENCODED = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda body: zlib.compress(body)[2:-4],
    "br": brotli.compress,
    "zstd": zstd.compress,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body, mtime=0)),
    "identity": bytes,
}


def chunks(body, size=100):
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("encoding", ENCODED)
@pytest.mark.parametrize("chunked", [False, True])
def test_fault_53_bodies_are_decoded(encoding, chunked):
    body = "<p>Мост через реку</p>".encode() * 50
    sent = ENCODED[encoding](body)
    headers = [f"Content-Encoding: {encoding}", *(["Transfer-Encoding: chunked"] if chunked else [])]
    (one,) = read(record(http(chunks(sent) if chunked else sent, *headers)))
    assert one.body == body


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize(
    "body", [b"<!doctype html><p>decoded long ago</p>", "\ufeffТекст, и только".encode(), b""]
)
def test_bodies_that_were_decoded_before_they_were_stored_are_taken_as_they_are(encoding, body):
    headers = [f"Content-Encoding: {encoding}", "Transfer-Encoding: chunked"]
    (one,) = read(record(http(body, *headers)))
    assert one.body == body


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_ends_early_is_no_page(encoding):
    sent = ENCODED[encoding](random.Random(1).randbytes(5_000))
    said = read(record(http(sent[:2_000], f"Content-Encoding: {encoding}")) + page(2))
    assert bad(said) == [(1, "encoding")]
    assert urls(said) == ["/2"]


def test_chunks_that_end_early_are_no_page():
    said = read(record(http(chunks(b"x" * 1_000)[:500], "Transfer-Encoding: chunked")))
    assert bad(said) == [(1, "encoding")]


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate"])
def test_fault_6_a_bomb_is_stopped_within_bounds(encoding):
    sent = ENCODED[encoding](bytes(PAGE_MAX_BYTES * 4))
    content = gzip.compress(record(http(sent, f"Content-Encoding: {encoding}"))) + gzipped([page(2)])
    tracemalloc.start()
    said = read(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bad(said) == [(1, "too_large")]
    assert urls(said) == ["/2"]
    assert peak < 3 * PAGE_MAX_BYTES


class Endless(io.RawIOBase):
    """A file with a record of ten gigabytes between two pages, made as it is read."""

    def __init__(self, before: bytes, size: int, after: bytes) -> None:
        self.before, self.after, self.size = before, after, size
        self.at = 0

    def seek(self, place: int, whence: int = 0) -> int:
        self.at = place
        return place

    def tell(self) -> int:
        return self.at

    def read(self, count: int = -1) -> bytes:
        begun, ended = len(self.before), len(self.before) + self.size
        if self.at < begun:
            part = self.before[self.at : self.at + count]
        elif self.at < ended:
            part = bytes(min(count, ended - self.at))
        else:
            part = self.after[self.at - ended : self.at - ended + count]
        self.at += len(part)
        return part


def test_fault_53_a_record_too_large_for_a_page_is_passed_over_without_being_held():
    size = 300 * 1024 * 1024
    before = page(1) + record(b"", f"{SITE}/huge", length=size, end=b"")
    tracemalloc.start()
    said = list(read_warc(Endless(before, size, b"\r\n\r\n" + page(2))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert urls(said) == ["/1", "/2"]
    assert bad(said) == [(2, "too_large")]
    assert peak < 3_000_000


def test_a_line_without_an_end_is_not_held():
    content = page(1) + b"WARC/1.0\r\nX: " + bytes(3_000_000) + b"\r\n" + page(2)
    said = read(content)
    assert urls(said) == ["/1", "/2"]
    assert bad(said) == [(2, "bad_head")]


WRONG_LENGTHS = [10, 3_000_000, "-5", "12x", ""]
PLACES = [
    (packing, length) for packing in (plain, gzipped, one_member, zstandard) for length in WRONG_LENGTHS
]


@pytest.mark.parametrize(("packing", "length"), PLACES)
def test_fault_53_a_wrong_length_costs_one_record(packing, length):
    wrong = record(http(), f"{SITE}/wrong", length=length)
    said = read(packing([page(1), wrong, page(2)]))
    # In one member only the length tells where a block ends, and there is no way back in what is unpacked.
    swallowed = packing is one_member and length == 3_000_000
    assert urls(said) == (["/1"] if swallowed else ["/1", "/2"])
    assert len(bad(said)) == 1
    assert bad(said)[0][0] == 2


@pytest.mark.parametrize("packing", [gzipped, zstandard])
def test_a_truncated_file_gives_all_that_is_before(packing):
    records = list(map(page, NUMBERS))
    content = packing(records)
    ends = [len(packing(records[:count])) for count in range(7)]
    for cut in range(10, len(content), 311):
        said = read(content[:cut])
        whole = sum(end <= cut for end in ends[1:])
        assert urls(said) == [f"/{number}" for number in NUMBERS][:whole]
        assert bad(said) == ([] if cut in ends else [(whole + 1, "truncated")])


def test_a_truncated_plain_file_gives_all_that_is_before():
    content = plain([page(1), page(2)])
    for cut in range(len(page(1)) + 8, len(content) - 4, 97):
        said = read(content[:cut])
        assert urls(said) == ["/1"]
        assert [number for number, _ in bad(said)] == [2]


@pytest.mark.parametrize("packing", [gzipped, zstandard])
def test_after_a_damaged_record_reading_goes_on_at_the_next(packing):
    records = list(map(page, NUMBERS))
    begin = len(packing(records[:2]))
    content = bytearray(packing(records))
    for byte in range(begin, len(packing(records[:3])), 67):
        spoiled = bytes(content[:byte] + bytes([content[byte] ^ 0x55]) + content[byte + 1 :])
        said = read(spoiled)
        assert [url for url in urls(said) if url != "/3"] == ["/1", "/2", "/4", "/5", "/6"]


def test_a_flipped_bit_in_a_gzip_member_is_never_a_page_of_other_bytes():
    records = list(map(page, NUMBERS))
    content = gzipped(records)
    begin, end = len(gzipped(records[:2])), len(gzipped(records[:3]))
    for byte in range(begin + 10, end, 13):
        spoiled = content[:byte] + bytes([content[byte] ^ 0x10]) + content[byte + 1 :]
        pages = {one.url: one.body for one in read(spoiled) if isinstance(one, WarcPage)}
        # Some bits of a table say nothing: flipped, the member is as good as before.
        assert pages.get(f"{SITE}/3") in (None, b"<p>3</p>" + random.Random(3).randbytes(3_000))
        assert pages[f"{SITE}/4"]


def test_a_block_that_is_not_what_its_digest_says_is_no_page():
    digest = "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    unknown = "WARC-Block-Digest: blake9:AAAA"
    said = read(record(http(), more=[digest]) + record(http(), f"{SITE}/b", more=[unknown]) + page(3))
    assert bad(said) == [(1, "digest")]
    assert urls(said) == ["/b", "/3"]


@pytest.mark.parametrize(
    ("record_", "code"),
    [
        (record(b"not http at all"), "no_http"),
        (record(http(status="abc")), "no_http"),
        (record(b""), "no_http"),
        (record(http(), more=["WARC-Truncated: length"]), "cut_short"),
        (record(http(), more=["WARC-Segment-Number: 1"]), "cut_short"),
        (record(http()).replace(b"2026-03-10T07:00:00Z", b"yesterday"), "bad_date"),
        (record(http()).replace(b"2026-03-10T07:00:00Z", b"0050-03-10T07:00:00Z"), "bad_date"),
        (record(http()).replace(b"2026-03-10T07:00:00Z", b"9999-12-31T23:59:59-05:00"), "bad_date"),
        (record(http(b"", "X: " + "x" * 300_000)), "bad_head"),
        (record(http(b"<p>", "Content-Encoding: rot13")), "encoding"),
    ],
)
def test_a_record_that_holds_no_answer_says_why_and_the_next_is_read(record_, code):
    said = read(record_ + page(2))
    assert bad(said) == [(1, code)]
    assert urls(said) == ["/2"]


@pytest.mark.parametrize(
    ("one", "what"),
    [
        (record(b"x", kind="request"), "request"),
        (record(b"", kind="revisit"), "revisit"),
        (record(b"20260310 1.2.3.4", "dns:steppe.example"), "no web address"),
        (record(http(), "file:///etc/passwd"), "no web address"),
        (record(b"text", kind="conversion"), "conversion"),
        (record(b"x").replace(b"WARC-Type: response\r\n", b""), "a record without a type"),
    ],
)
def test_fault_53_what_is_no_answer_of_a_web_server_is_passed_over(one, what):
    said = read(one + page(2))
    assert said[0] == PassedOver(1, what)
    assert urls(said) == ["/2"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04", "it is a ZIP archive"),
        (b"SQLite format 3\0\x10\x00", "it is a database of SQLite"),
        ("\ufeff\r\nномер;название\r\n".encode(), "it begins with “номер;название”"),
        ("ы".encode() * 99, "it begins with “ыы"),
        (b"\xff\xfea\0", "it is no text in UTF-8"),
        (b"a\0b", "it is no text in UTF-8"),
        (gzip.compress(b"hello world", mtime=0), "packed in it, it begins with “hello world”"),
        (b"filedesc://x.arc 0.0.0.0 20090101 text/plain 9\r\n", "an ARC"),
        (gzip.compress(b"filedesc://x.arc 0.0.0.0\r\n", mtime=0), "an ARC"),
        (b"\x5d\x2a\x4d\x18\xff\xff\xff\xff", "dictionary"),
        (b"\x5d\x2a\x4d\x18\x04\x00\x00\x00\x28\xb5\x2f\xfd", "dictionary"),
    ],
)
def test_fault_53_what_is_no_warc_is_told_at_once(content, words):
    with pytest.raises(NoWarc, match=words):
        read(content)


def test_old_wget_and_lines_without_carriage_returns_are_read():
    wget = record(http(), f"<{SITE}/wget>")
    bare = page(2).replace(b"\r\n", b"\n", 6)
    assert urls(read(wget + b"\r\n\r\n" + bare)) == ["/wget", "/2"]


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.builds(
            lambda at, junk: gzipped(list(map(page, NUMBERS)))[:at] + junk,
            st.integers(0, 19_000),
            st.binary(max_size=60),
        ),
        st.builds(
            lambda at, junk: (whole := plain(list(map(page, NUMBERS))))[:at] + junk + whole[at + len(junk) :],
            st.integers(4, 18_000),
            st.binary(max_size=60),
        ),
    )
)
def test_no_bytes_whatever_end_in_anything_but_records_or_no_warc(content):
    try:
        said = read(content)
    except NoWarc:
        return
    assert [one.number for one in said] == list(range(1, len(said) + 1))


@pytest.mark.parametrize("packed", [True, False])
def test_any_number_of_sources_is_told_and_read(packed):
    sources = [
        SourceDescription(
            f"gazeta_{number}", f"Газета «{'Степь ' * 9}{number}»", f"{SITE}/{number}/", "UTC", ("ru",)
        )
        for number in range(4_501)
    ]
    file = io.BytesIO()
    PageWriter(file, packed=packed).begin("x.warc", sources)
    said = read(file.getvalue())
    assert [source for one in said for source in one.sources] == sources
    assert all(one.unread is None for one in said)
    assert packed or "Газета «Степь".encode() in file.getvalue()


def test_what_cannot_be_read_of_sources_is_told():
    long = b"muragat-sources: [" + b" " * INFO_MAX_BYTES + b"]"
    several = (
        b'muragat-sources: [{"id": "a", "name": "A", "home": "https://a.kz/", "timezone": "UTC"}]\r\n'
        b"muragat-sources: {}\r\n"
        b'Muragat-Sources: [{"id": "b", "name": "B", "home": "https://b.kz/", "timezone": "UTC"}]\r\n'
    )
    said = read(b"".join(record(block, "", kind="warcinfo") for block in (long, several)) + page(1))
    assert said[0].unread == f"too long to be read: {len(long):,} bytes"
    assert [one.id for one in said[1].sources] == ["a", "b"]
    assert said[1].unread == "muragat-sources cannot be understood: no list of sources"
    assert urls(said) == ["/1"]
