"""Profiles are read strictly, and every fault says where it is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.sources.errors import ProfileError
from crawler.sources.profile import Listing, Pace, Source
from crawler.sources.reading import read_profile

GOOD = """id = "kostanay_example"
name = "Kostanay Example"
home = "https://example.kz/"
languages = ["ru", "kk"]
timezone = "Asia/Qostanay"
region = "Kostanay region"
feeds = ["https://example.kz/feed/"]
sitemaps = ["https://example.kz/sitemap.xml"]

[[listings]]
url = "https://example.kz/news/"
link = "h3 a"
next = "//a[@rel='next']"
max_pages = 3

[articles]
allow = ['^/news/\\d+']
deny = ['/print/']

[fields]
published_at = "//time/@datetime"

[pace]
delay_seconds = 1.5
concurrent_requests = 2

[expect]
articles_per_day_min = 2
date_share_min = 0.9
body_chars_min = 300

[known]
seen = ["feed"]
unverified = ["listings"]
as_of = "2026-03"
note = "Dates stand in the head."
"""
LOOPBACK = """id = "exam"
name = "Exam"
home = "http://127.0.0.1:8123/"
languages = ["ru", "en"]
timezone = "UTC"
region = "exam"
feeds = ["http://127.0.0.1:8123/feed.xml"]
[[listings]]
url = "http://127.0.0.1:8123/list/1"
link = "ul.list a"
next = "a[rel=next]"
max_pages = 40
[articles]
allow = ["/a/"]
[pace]
delay_seconds = 0
concurrent_requests = 8
visits_per_crawl = 50
every_minutes = 30
"""


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "example.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def fault(folder: Path, content: str | bytes) -> ProfileError:
    """The only fault of a profile."""
    with pytest.raises(ProfileError) as caught:
        read_profile(written(folder, content))
    (error,) = caught.value.errors
    assert "\n" not in str(error)
    assert str(error).startswith(str(folder / "example.toml"))
    assert error.remedy
    assert error.remedy in str(error)
    return error


def test_a_profile_becomes_a_source_with_every_key(tmp_path: Path) -> None:
    source = read_profile(written(tmp_path, GOOD))
    assert (source.id, source.home, source.timezone) == (
        "kostanay_example",
        "https://example.kz/",
        "Asia/Qostanay",
    )
    assert source.languages == ("ru", "kk")
    assert source.listings == (Listing("https://example.kz/news/", "h3 a", "//a[@rel='next']", 3),)
    assert (source.articles.allow, source.articles.deny) == ((r"^/news/\d+",), ("/print/",))
    assert source.fields == {"published_at": "//time/@datetime"}
    assert source.pace == Pace(1.5, 2)
    assert (source.expect.articles_per_day_min, source.expect.body_chars_min) == (2, 300)
    assert (source.known.seen, source.known.as_of) == (("feed",), "2026-03")


def test_a_profile_of_a_site_on_loopback_without_delay_is_read(tmp_path: Path) -> None:
    source = read_profile(written(tmp_path, LOOPBACK))
    assert source.pace == Pace(delay_seconds=0, concurrent_requests=8, visits_per_crawl=50, every_minutes=30)
    assert source.listings[0].max_pages == 40


def test_articles_are_rendered_only_where_a_profile_says_so(tmp_path: Path) -> None:
    asked = GOOD.replace("[[listings]]", "render = true\n\n[[listings]]")
    assert read_profile(written(tmp_path, asked)).render is True
    assert read_profile(written(tmp_path, GOOD)).render is False


def test_a_byte_order_mark_and_windows_line_ends_make_no_difference(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert read_profile(written(tmp_path, windows)) == read_profile(written(tmp_path, GOOD))


def test_the_shortest_profile_has_four_keys(tmp_path: Path) -> None:
    lines = ["id='a'", "name='A'", "home='https://a.kz/'", "feeds=['https://a.kz/rss']"]
    assert read_profile(written(tmp_path, "\n".join(lines))) == Source(
        id="a", name="A", home="https://a.kz/", feeds=("https://a.kz/rss",)
    )


# What is replaced in GOOD, by what, the key named, a word of the message.
FAULTS = {
    "unknown key": ('region = "', 'regoin = "', "regoin", 'did you mean "region"'),
    "unknown key in a table": ("delay_seconds", "delay_second", "pace.delay_second", '"delay_seconds"'),
    "unknown key in a listing": ("max_pages", "maxpages", "listings[1].maxpages", '"max_pages"'),
    "unknown table": ("[expect]", "[expects]", "expects", '"expect"'),
    "unknown field": ("published_at =", "date =", "fields.date", "published_at"),
    "number in quotes": ("1.5", '"1s"', "pace.delay_seconds", 'expected a number ≥ 0, got "1s"'),
    "yes or no for a number": ("1.5", "true", "pace.delay_seconds", "got true"),
    "text for yes or no": ('region = "K', 'render = "yes"\nregion = "K', "render", "expected true or false"),
    "negative delay": ("1.5", "-1", "pace.delay_seconds", "from 0 to 86400"),
    "delay over a day": ("1.5", "86401", "pace.delay_seconds", "from 0 to 86400"),
    "no number": ("1.5", "nan", "pace.delay_seconds", "got nan"),
    "endless delay": ("1.5", "inf", "pace.delay_seconds", "got inf"),
    "no request at once": ("requests = 2", "requests = 0", "pace.concurrent_requests", "from 1 to 16"),
    "part of a request": ("requests = 2", "requests = 1.5", "pace.concurrent_requests", "whole number"),
    "no page": ("max_pages = 3", "max_pages = 0", "listings[1].max_pages", "from 1 to 1000"),
    "pages without a next": ("next =", "# next =", "listings[1].max_pages", "no way to the next"),
    "listing without link": ("link =", "# link =", "listings[1].link", "is missing"),
    "bad css": ('"h3 a"', '"h3..a"', "listings[1].link", "not a CSS selector"),
    "pseudo element": ('"h3 a"', '"h3 a::text"', "listings[1].link", "not a CSS selector"),
    "bad xpath": ("//time/@datetime", "//time[@", "fields.published_at", "not an XPath"),
    "xpath of a number": ("//time/@datetime", "(1 + 1)", "fields.published_at", "not a number"),
    "unknown xpath function": ("//time/@datetime", "//a[foo()]", "fields.published_at", "not an XPath"),
    "selector that is a list": ('"h3 a"', '["h3 a"]', "listings[1].link", "got a list"),
    "pattern that does not compile": ("/print/", "(", "articles.deny[1]", "not a regular expression"),
    "pattern that matches everything": ("/print/", ".*", "articles.deny[1]", "matches every address"),
    "pattern of any path": ("/print/", "^/", "articles.deny[1]", "matches every address"),
    "pattern that runs away": ("/print/", "(a+)+$", "articles.deny[1]", "repeats a repetition"),
    "pattern with a choice repeated": ("/print/", "(a|ab)*c", "articles.deny[1]", "repeats a repetition"),
    "pattern that is no text": ("'/print/'", "7", "articles.deny[1]", "regular expression in quotes"),
    "no scheme": ("https://example.kz/feed/", "example.kz/feed", "feeds[1]", "http:// or https://"),
    "file address": ("https://example.kz/feed/", "file:///etc/passwd", "feeds[1]", "http:// or https://"),
    "no host": ("https://example.kz/feed/", "https:///feed", "feeds[1]", "no readable host"),
    "bad port": ("https://example.kz/feed/", "https://a.kz:99999/", "feeds[1]", "Port out of range"),
    "broken ipv6": ("https://example.kz/feed/", "http://[::1/", "feeds[1]", "unreadable"),
    "credentials": ("https://example.kz/feed/", "https://u:p@a.kz/", "feeds[1]", "user name or password"),
    "space": ("https://example.kz/feed/", "https://a.kz/a b", "feeds[1]", "percent-encoded"),
    "unknown time zone": ("Asia/Qostanay", "Asia/Almati", "timezone", 'did you mean "Asia/Almaty"'),
    "time zone folder": ("Asia/Qostanay", "Asia", "timezone", "unknown time zone"),
    "path as time zone": ("Asia/Qostanay", "../../etc/passwd", "timezone", "unknown time zone"),
    "country for language": ('"kk"]', '"kz"]', "languages[2]", 'did you mean "kk"'),
    "unknown language": ('"kk"]', '"xx"]', "languages[2]", "unknown language code"),
    "language twice": ('"kk"]', '"ru"]', "languages[2]", "listed twice"),
    "languages as text": ('["ru", "kk"]', '"ru"', "languages", "expected a list"),
    "id with capitals": ("kostanay_example", "Kostanay", "id", "is no id"),
    "id as a path": ("kostanay_example", "../x", "id", "is no id"),
    "no id": ('id = "kostanay_example"', "", "id", "is missing"),
    "empty name": ("Kostanay Example", " ", "name", "is empty"),
    "terminal escape": ("Kostanay Example", "a\\u001b[2Jb", "name", "cannot be seen"),
    "share in percent": ("0.9", "90", "expect.date_share_min", "from 0 to 1"),
    "day that is none": ('"2026-03"', '"2026-13"', "known.as_of", "calendar"),
    "date in words": ('"2026-03"', '"March"', "known.as_of", "expected a date"),
    "table for a value": ("[pace]", "[[pace]]", "pace", "expected a table"),
    "value for a table": ("[[listings]]", "[listings]", "listings", "list of tables"),
}


@pytest.mark.parametrize(("old", "new", "key", "words"), FAULTS.values(), ids=FAULTS)
def test_fault_55_a_fault_names_its_key_its_line_and_what_to_do(
    tmp_path: Path, old: str, new: str, key: str, words: str
) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    error = fault(tmp_path, text)
    assert error.key == key
    assert words in str(error)
    if "is missing" not in words:
        assert error.line is not None
        assert key.split(".")[-1].split("[")[0] in text.splitlines()[error.line - 1]


def test_the_message_is_one_line_with_file_line_key_and_remedy(tmp_path: Path) -> None:
    error = fault(tmp_path, GOOD.replace("1.5", '"1s"'))
    line = GOOD.splitlines().index("delay_seconds = 1.5") + 1
    assert str(error) == (
        f'{tmp_path / "example.toml"}:{line}: pace.delay_seconds: expected a number ≥ 0, got "1s";'
        " write it without quotes, e.g. delay_seconds = 1.0"
    )


def test_all_faults_of_a_file_are_told_at_once_in_its_order(tmp_path: Path) -> None:
    broken = GOOD.replace("Asia/Qostanay", "Asia/Qostanai").replace("0.9", "9").replace('"kk"]', '"kz"]')
    with pytest.raises(ProfileError) as caught:
        read_profile(written(tmp_path, broken))
    assert [error.key for error in caught.value.errors] == [
        "languages[2]",
        "timezone",
        "expect.date_share_min",
    ]
    assert str(caught.value).splitlines() == [str(error) for error in caught.value.errors]


def test_the_line_named_is_that_of_the_right_listing(tmp_path: Path) -> None:
    second = '[[listings]]\nurl = "https://example.kz/b"\nlink = "a..b"\n'
    text = GOOD.replace("[articles]", second + "[articles]")
    error = fault(tmp_path, text)
    assert error.key == "listings[2].link"
    assert text.splitlines()[(error.line or 0) - 1] == 'link = "a..b"'


def test_a_profile_that_names_no_way_to_articles_is_refused(tmp_path: Path) -> None:
    error = fault(tmp_path, 'id = "a"\nname = "A"\nhome = "https://a.kz/"\nfeeds = []\n')
    assert error.key == "feeds"
    assert "no article can be found" in error.message


FILES = {
    "empty": (b" \n", "is empty", None),
    "not UTF-8": ("id = 'a'\nname = 'Жаңалық'".encode("cp1251", "replace"), "not UTF-8", 2),
    "UTF-16": ("id = 'a'\n".encode("utf-16"), "not UTF-8", 1),
    "not TOML": (b"id = 'a'\nname = \n", "is not TOML", 2),
    "cut off": (b'id = "a', "is not TOML", 1),
    "key twice": (b"id = 'a'\nid = 'b'\n", "is not TOML", 2),
    "tabs and YAML": (b"id:\n\t- a\n", "is not TOML", 1),
    "too large": (b"#" * (256 * 1024 + 1), "larger than 256 KiB", None),
    "nested": (b"a = " + b"[" * 100_000, "nested too deeply", None),
    "endless number": (b"a = 1" + b"0" * 6_000, "too long to read", None),
    "endless key": (b"id = 'a'\na" + b".a" * 100_000 + b" = 1", "too many parts", 2),
    "NUL": (b"id = '\0'\n", "is not TOML", 1),
}


@pytest.mark.parametrize(("content", "words", "line"), FILES.values(), ids=FILES)
def test_fault_55_a_file_that_is_no_profile_is_refused_with_the_line(
    tmp_path: Path, content: bytes, words: str, line: int | None
) -> None:
    error = fault(tmp_path, content)
    assert words in error.message
    assert error.line == line


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ProfileError, match="is not a file") as caught:
            read_profile(path)
        assert caught.value.path == path


def test_a_file_with_thousands_of_faults_tells_the_first_ones(tmp_path: Path) -> None:
    text = GOOD + "\n".join(f"x{number} = 1" for number in range(5_000))
    with pytest.raises(ProfileError) as caught:
        read_profile(written(tmp_path, text))
    assert 1 < len(caught.value.errors) <= 50


TLS = '[tls]\naccept = ["expired"]\nreason = "the publisher knows"\nuntil = "2026-06-30"\n'


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ('accept = ["expired"]', 'accept = ["expried"]'),
        ('accept = ["expired"]', "accept = []"),
        ('accept = ["expired"]', 'accept = "expired"'),
        ('reason = "the publisher knows"\n', ""),
        ("2026-06-30", "2026-06"),
        ("2026-06-30", "2026-02-31"),
        ("until", "till"),
    ],
)
def test_a_certificate_exception_is_read_strictly(tmp_path, slip, told):
    head = 'id = "a"\nname = "A"\nhome = "https://a.example/"\nfeeds = ["https://a.example/feed"]\n'
    good = tmp_path / "good.toml"
    good.write_text(head + TLS, encoding="utf-8")
    assert read_profile(good).tls.accept == ("expired",)
    assert read_profile(good).tls.until == "2026-06-30"
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(head + TLS.replace(slip, told), encoding="utf-8")
    with pytest.raises(ProfileError, match="tls"):
        read_profile(wrong)
