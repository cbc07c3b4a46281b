"""How a source was treated, as sections of sentences and tables: the same for a terminal and a web page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.manners.reading import DayOfRequests, GapStep, Manners
from crawler.manners.words import Say


@dataclass(frozen=True)
class Part:
    """A section: its heading, sentences, a table (the first row names its columns), texts to be copied."""

    heading: str
    lines: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    copied: tuple[tuple[str, str], ...] = ()


def parts_of(manners: Manners, say: Say) -> Iterator[Part]:
    """Yield the sections in the order a publisher wants them."""
    yield who_part(manners, say)
    yield requests_part(manners, say)
    yield pace_part(manners, say)
    yield Part(say("waits"), tuple(wait_lines(manners, say)) or (say("never"),))
    yield Part(say("robots"), tuple(robots_lines(manners, say)) or (say("never"),))
    yield Part(say("mining"), tuple(mining_lines(manners, say)) or (say("mining_none"),))
    yield wishes_part(manners, say)


def who_part(manners: Manners, say: Say) -> Part:
    """Who asks."""
    contact = manners.contact or say("no_contact")
    return Part(say("who"), (f"{say('user_agent')}: {manners.user_agent}", f"{say('contact')}: {contact}"))


def requests_part(manners: Manners, say: Say) -> Part:
    """How often, and how much was sent and not sent again."""
    total, days = manners.totals, manners.days
    if not total.requests:
        return Part(say("requests"), (say("none"),))
    lines = (
        say(
            "summary",
            requests=total.requests,
            days=len(days),
            mean=round(total.requests / len(days)),
            most=max(day.requests for day in days),
        ),
        say(
            "saved",
            bytes=size(total.bytes, say),
            saved=size(total.bytes_saved, say),
            count=total.not_modified,
        ),
    )
    names = ("day", "all_requests", "articles", "not_modified", "busy", "refused", "received")
    return Part(say("requests"), lines, (tuple(map(say, names)), *(day_row(day, say) for day in days)))


def day_row(day: DayOfRequests, say: Say) -> tuple[str, ...]:
    """One day."""
    counts = (day.requests, day.articles, day.not_modified, day.busy, day.refused)
    return (day.day, *map(str, counts), size(day.bytes, say))


def pace_part(manners: Manners, say: Say) -> Part:
    """How far apart requests are."""
    kept = tuple(pace_lines(manners, say))
    if manners.smallest_gap is None:
        return Part(say("pace"), (*kept, say("no_gaps")))
    table = (
        (say("pace"), say("all_requests")),
        *((step(one, say), str(one.requests)) for one in manners.gaps),
    )
    smallest = say("smallest", seconds=number(f"{manners.smallest_gap:.2f}", say))
    return Part(say("pace"), (*kept, smallest), table)


def pace_lines(manners: Manners, say: Say) -> Iterator[str]:
    """Yield which pauses are kept, as far as a profile or robots.txt states any."""
    own, stated = manners.profile_delay_seconds, manners.delay_seconds
    if own is None:
        yield say("no_profile")
    if stated:
        yield say("pace_kept", delay=number(f"{stated:g}", say))
    elif stated is not None:
        yield say("no_pause")
    if own is not None and stated is not None:
        yield say("at_once", count=1 if stated > own else manners.at_once)
    yield say("pace_grows")


def step(gap: GapStep, say: Say) -> str:
    """From where to where."""
    if gap.to_seconds is None:
        return say("gap_open", start=number(f"{gap.from_seconds:g}", say))
    start, end = f"{gap.from_seconds:g}", f"{gap.to_seconds:g}"
    return say("gap", start=number(start, say), end=number(end, say))


def wait_lines(manners: Manners, say: Say) -> Iterator[str]:
    """Yield when the server asked to be left alone."""
    for row in manners.waits:
        stated = row["retry_after"] or "-"
        at, until = second(row["asked_at"]), second(row["until"])
        yield say("wait", at=at, status=row["status"], stated=stated, until=until)


def robots_lines(manners: Manners, say: Say) -> Iterator[str]:
    """Yield each robots.txt there was."""
    for row in manners.robots:
        first, last = minute(row["fetched_at"]), minute(row["checked_at"])
        when = first if first == last else say("span", since=first, until=last)
        said = f"{when}: {say('robots_' + row['means'])}"
        delay = f"; Crawl-delay: {row['crawl_delay']}" if row["crawl_delay"] else ""
        detail = f" ({row['detail']})" if row["detail"] else ""
        yield f"{row['origin']}  {said}{delay}{detail}"


def mining_lines(manners: Manners, say: Say) -> Iterator[str]:
    """Yield what the site says of mining."""
    for row in manners.mining:
        for rule in json.loads(row["rules"]):
            said = say("reserved" if rule["reserved"] else "not_reserved")
            yield f"tdmrep.json  {say('mining_rule', location=rule['location'], said=said)}"
    if manners.reserved_pages:
        yield say("mining_pages", count=manners.reserved_pages)
    newest = next(iter(manners.robots), None)
    if newest and (agents := json.loads(newest["ai_agents"])):
        yield say("mining_robots", agents=", ".join(agents))
    if newest and newest["signals"]:
        yield f"robots.txt  {newest['signals']}"


def wishes_part(manners: Manners, say: Say) -> Part:
    """How to say what is not wanted."""
    name = manners.robots_name
    where = say("write_there" if manners.contact else "ask_owner")
    reservation = json.dumps([{"location": "/", "tdm-reservation": 1}])
    return Part(
        say("wishes"),
        (say("stop_when"), say("stop_article", where=where, count=manners.taken_down)),
        copied=(
            (say("stop_all"), f"User-agent: {name}\nDisallow: /"),
            (say("stop_slower"), f"User-agent: {name}\nCrawl-delay: 10"),
            (say("stop_mining"), reservation),
        ),
    )


def size(count: float, say: Say) -> str:
    """So many bytes, as people say it."""
    units, unit = say("units").split(), 0
    while count >= 1000 and unit < len(units) - 1:
        count, unit = count / 1000, unit + 1
    digits = 0 if unit == 0 or count >= 10 else 1
    return f"{number(f'{count:.{digits}f}', say)} {units[unit]}"


def number(written: str, say: Say) -> str:
    """A number as the language writes its decimal point."""
    return written.replace(".", say("point"))


def minute(stored: str) -> str:
    """A time of the archive to the minute, UTC as all on the page."""
    return stored[:16].replace("T", " ")


def second(stored: str) -> str:
    """A time of the archive to the second: who was asked to wait looks into a log."""
    return stored[:19].replace("T", " ")
