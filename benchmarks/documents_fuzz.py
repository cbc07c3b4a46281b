"""Read spoiled feeds, sitemaps and robots.txt by the thousand: none may raise, hang, or hide what follows.

    python benchmarks/documents_fuzz.py --mutations 5000 --seed 1
    python benchmarks/documents_fuzz.py --only 1:4711 --save spoiled.xml      that one again, and its bytes

Half of the documents are spoiled all over, as pages are (benchmarks/mutations.py): reading them must not
raise, take more than two seconds, or give what cannot be kept. In the other half one record is bad: every
other address, before and after it, must be found, and every other rule obeyed. The documents are made up
here, the same for the same seed. What fails is printed as SEED:NUMBER with its ways; ends with a summary,
and with 1 when anything failed.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fuzz_summary import summarized
from mutations import spoiled

from archive.identity import url_key
from crawler.discovery import Reading, read_feed, read_sitemap
from crawler.fetching.robots_text import RobotsAnswer, read_robots

SITE = "https://gazeta.example"
AGENT = "Muragat"
SLOW_SECONDS = 2.0  # of CPU, for one document
RECORDS = (3, 40)
Record = Callable[[Random, int], bytes]

TITLES = (
    "Вода пришла",
    "Жол жөнделді",
    "Bridge closed &amp; opened",
    "«Ярмарка» на площади",
    "Мұз ерте келді",
)
# What a bad record says in the place of its address, its title, or between its tags.
ADDRESSES = (
    *(
        b"javascript:alert(1)",
        b"file:///etc/passwd",
        b"data:text/html,x",
        b"mailto:a@b",
        b"blob:x",
        b"http://",
    ),
    *(
        b"http://[::1",
        b"http://x:99999/",
        b"http://x:-1/",
        b"//",
        b"\\\\x\\y",
        b"http://a b/",
        b"",
        b" ",
        b"#",
    ),
    *(
        b"https://elsewhere.example/1",
        b"http://\xff\xfe/",
        b"&#0;",
        b"&#xD800;",
        b"&nbsp;",
        b"http://" + b"a" * 70_000,
    ),
    *(
        b"https://gazeta.example/\x00\x1b[2J",
        b"https://user:secret@gazeta.example/1",
        b"ht\ntp://x",
        b"\xed\xa0\x80",
    ),
)
TEXTS = (
    *(
        b"a < b",
        b"a & b",
        b"&bogus;",
        b"&#x110000;",
        b"\xff\xfe",
        b"\xd0",
        b"\x00\x08\x1f",
        b"<b>x",
        b"</b>",
        b"<br>",
    ),
    *(
        b"<![CDATA[<p>&nbsp;]]>",
        b"<!-- - -->",
        b"<?php echo 1 ?>",
        b"<a href=x y>z</a>",
        b'<a b="1" b="2"/>',
        b"]]>",
    ),
    *(
        b"x" * 100_000,
        b"<p>" * 300,
        b"&amp;" * 5_000,
        "\u202e\u200b\ufeff\uffff".encode(),
        b"<x:y>z</x:y>",
        b"<a<b>",
    ),
)
DATES = (
    b"2026-13-45",
    b"0000-00-00",
    b"yesterday",
    b"99999-01-01",
    b"",
    b"\xff",
    b"<b>2026</b>",
    b"1" * 5_000,
)
LINES = (
    *(
        b"Disallow",
        b"Disallow /x",
        b":",
        b"::::",
        b"Crawl-delay: soon",
        b"Crawl-delay: -1",
        b"Crawl-delay: 1e999",
    ),
    *(
        b"Sitemap: javascript:x",
        b"Noindex: /",
        b"Disallow: /%zz%",
        b"Allow: /\xff\xfe",
        b"\x00\x01",
        b"<html><body>",
    ),
    *(
        b"Disallow: /" + b"*" * 3_000 + b"$zz",
        b"Allow: /q" + b"a" * 60_000,
        b"Request-rate: 1/x",
        b"# \xd0",
        b"Host: x",
    ),
    *(
        b"Visit-time: 25:99",
        b"Clean-param: &&&",
        b"Disallow: http://[::1",
        b"Allow: /[z-a]",
        b"Disallow: /((((((q",
    ),
)


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A spoiled document: its bytes, how it was spoiled, and the addresses or paths that must survive."""

    kind: str
    raw: bytes
    ways: tuple[str, ...]
    survive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of one: seconds of CPU, what was read, and what went wrong if anything did."""

    case: str
    made: Spoiled
    seconds: float
    failed: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """How it was spoiled."""
        return self.made.ways

    @property
    def kind(self) -> str:
        """What the summary counts it as."""
        return f"{self.made.kind}s"


def main() -> int:
    given = parsed_arguments()
    seed, _, number = (given.only or f"{given.seed}:").partition(":")
    numbers = [int(number)] if given.only else range(given.mutations)
    if given.save:
        Path(given.save).write_bytes(made(f"{seed}:{numbers[0]}").raw)
    return int(summarized((tried(f"{seed}:{each}") for each in numbers), "documents") > 0)


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mutations", type=int, default=500, help="how many spoiled documents (500)")
    parser.add_argument("--seed", type=int, default=0, help="another number: other documents (0)")
    parser.add_argument("--only", metavar="SEED:NUMBER", help="one document again")
    parser.add_argument("--save", metavar="FILE", help="write the bytes of the first document there")
    return parser.parse_args()


def made(case: str) -> Spoiled:
    """The spoiled document of that name: always the same."""
    draw = Random(f"{case} document")
    kind = draw.choice(tuple(KINDS))
    records = [KINDS[kind].good(draw, number) for number in range(draw.randint(*RECORDS))]
    whole = KINDS[kind].around(records)
    if draw.random() < 0.5:
        other = KINDS[draw.choice(tuple(KINDS))]
        spoilt = spoiled(case, whole, other.around([other.good(draw, 1)]))
        return Spoiled(kind, spoilt.raw, spoilt.ways)
    place = draw.randrange(len(records))
    bad, way = KINDS[kind].bad(draw, place)
    survive = tuple(path_of(number) for number in range(len(records)) if number != place)
    records[place] = bad
    return Spoiled(kind, KINDS[kind].around(records), (way,), survive)


def path_of(number: int) -> str:
    """Where the article of a record is, or what a rule of robots.txt forbids."""
    return f"/news/{number}-voda"


def tried(case: str) -> Ended:
    """Read a spoiled document and look at what comes of it."""
    one = made(case)
    started = time.process_time()
    try:
        failed = KINDS[one.kind].fault(one)
    except Exception:  # noqa: BLE001 - that nothing raises is what is tried
        failed = traceback.format_exc().strip()
    seconds = time.process_time() - started
    if not failed and seconds > SLOW_SECONDS:
        failed = f"took more than {SLOW_SECONDS:g} s for {len(one.raw)} bytes"
    return Ended(case, one, seconds, failed)


# --- one kind of document each: a good record, a bad one, what stands around them, and what must be true


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of document is made and read; `fault` says what is wrong with what was read, or nothing."""

    good: Record
    bad: Callable[[Random, int], tuple[bytes, str]]
    around: Callable[[Sequence[bytes]], bytes]
    fault: Callable[[Spoiled], str]


def good_item(draw: Random, number: int) -> bytes:
    title = draw.choice(TITLES)
    link = f"<link>{SITE}{path_of(number)}</link>"
    date = f"<pubDate>2026-03-10T0{number % 9}:00:00Z</pubDate>"
    return f"<item><title>{title} {number}</title>{link}{date}</item>\n".encode()


def bad_item(draw: Random, number: int) -> tuple[bytes, str]:
    address, text, date = draw.choice(ADDRESSES), draw.choice(TEXTS), draw.choice(DATES)
    link = f"{SITE}/bad/{number}".encode()
    return draw.choice(
        (
            (b"<item><title>x</title><link>%s</link></item>\n" % address, "address"),
            (b"<item><title>%s</title><link>%s</link></item>\n" % (text, link), "title"),
            (b"<item>%s<link>%s</link></item>\n" % (text, link), "between"),
            (b"<item><pubDate>%s</pubDate><link>%s</link></item>\n" % (date, link), "date"),
            (b"<item></item>\n", "nothing"),
            (b"<item><link>%s</link>\n" % link, "open"),
            (b"<item><link>%s\n" % link, "open link"),
            (b"<link>%s</link></item>\n" % link, "closed twice"),
            (b"<item><link href='%s'/></item>\n" % address, "href"),
            (b"<item a=1 a=2 'x'><link>%s</link></item>\n" % link, "attributes"),
        )
    )


def rss(records: Sequence[bytes]) -> bytes:
    return (
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title>\n"
        + b"".join(records)
        + b"</channel></rss>"
    )


def good_entry(draw: Random, number: int) -> bytes:
    title = draw.choice(TITLES)
    link = f"<link href='{SITE}{path_of(number)}'/>"
    return f"<entry><title>{title}</title>{link}<updated>2026-03-10</updated></entry>\n".encode()


def bad_entry(draw: Random, number: int) -> tuple[bytes, str]:
    bad, way = bad_item(draw, number)
    return bad.replace(b"<item", b"<entry").replace(b"</item", b"</entry"), way


def atom(records: Sequence[bytes]) -> bytes:
    return b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"".join(records) + b"</feed>"


def good_url(draw: Random, number: int) -> bytes:
    return f"<url><loc>{SITE}{path_of(number)}</loc><lastmod>2026-03-1{number % 9}</lastmod></url>\n".encode()


def bad_url(draw: Random, number: int) -> tuple[bytes, str]:
    bad, way = bad_item(draw, number)
    for item, url in (
        (b"<item", b"<url"),
        (b"</item", b"</url"),
        (b"<link>", b"<loc>"),
        (b"</link>", b"</loc>"),
    ):
        bad = bad.replace(item, url)
    return bad.replace(b"pubDate", b"lastmod"), way


def sitemap(records: Sequence[bytes]) -> bytes:
    return b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>" + b"".join(records) + b"</urlset>"


def good_line(draw: Random, number: int) -> bytes:
    return f"{SITE}{path_of(number)}\n".encode()


def bad_line(draw: Random, number: int) -> tuple[bytes, str]:
    return draw.choice((*ADDRESSES, *TEXTS)).replace(b"\n", b"") + b"\n", "line"


def lines(records: Sequence[bytes]) -> bytes:
    return f"{SITE}/first\n".encode() + b"".join(records)


def good_rule(draw: Random, number: int) -> bytes:
    return f"Disallow: {path_of(number)}$\n".encode()


def bad_rule(draw: Random, number: int) -> tuple[bytes, str]:
    return draw.choice(LINES) + b"\n", "rule"


def robots(records: Sequence[bytes]) -> bytes:
    return b"User-agent: *\n" + b"".join(records)


def feed_fault(one: Spoiled) -> str:
    return fault_of(read_feed(one.raw, f"{SITE}/feed"), one)


def sitemap_fault(one: Spoiled) -> str:
    return fault_of(read_sitemap(one.raw, f"{SITE}/sitemap.xml"), one)


def fault_of(reading: Reading, one: Spoiled) -> str:
    """What is wrong with what was read: an address that is lost, or one that cannot be kept."""
    for found in reading.found:
        url_key(found.url)
        f"{found.url}{found.title}{found.published}{found.modified}".encode()
    for refusal in reading.rejected:
        f"{refusal.url}{refusal.detail}".encode()
    lost = {SITE + path for path in one.survive} - {found.url for found in reading.found}
    return f"lost {sorted(lost)[:3]} of {len(one.survive)}" if lost else ""


def robots_fault(one: Spoiled) -> str:
    """What is wrong with how a robots.txt was read: a rule that is not obeyed."""
    rules, _ = read_robots(RobotsAnswer(SITE, 200, one.raw, "text/plain"), AGENT)
    if rules.protego is None:
        return "not read at all" if one.survive else ""
    rules.protego.crawl_delay(AGENT)
    allowed = [path for path in (*one.survive, "/news/") if rules.protego.can_fetch(SITE + path, AGENT)]
    ignored = [path for path in allowed if path in one.survive]
    return f"ignored {ignored[:3]} of {len(one.survive)}" if ignored else ""


KINDS = {
    "rss feed": Kind(good_item, bad_item, rss, feed_fault),
    "atom feed": Kind(good_entry, bad_entry, atom, feed_fault),
    "sitemap": Kind(good_url, bad_url, sitemap, sitemap_fault),
    "text sitemap": Kind(good_line, bad_line, lines, sitemap_fault),
    "robots.txt": Kind(good_rule, bad_rule, robots, robots_fault),
}


if __name__ == "__main__":
    sys.exit(main())
