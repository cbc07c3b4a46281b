"""Articles over time: all of them, by source and by section, and the share of those that say some words.

A table with the same numbers stands behind each chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.site.bars import Chart, chart_of, nice_top
from archive.site.compat import Response
from archive.site.counted import Counts, counts_of
from archive.site.day_words import day_in_words, day_of, moment_of, seen
from archive.site.periods import DAY, Known, Periods
from archive.site.reader import Reader
from archive.site.search_filters import DAILY, Filters
from archive.site.search_hits import Wanted, rows_in_time
from archive.site.search_request import Search, search_of
from archive.site.source_page import HAS_HEALTH

MOST_CHARTS = 12
PER = 1000  # articles, of which so many say the words
ZONES = "SELECT DISTINCT timezone FROM sources WHERE :source IN ('', id)"
# Only a crawl of a source's own documents has a row there: an import sees no later day than its file.
CRAWLED = (
    "SELECT max(r.started_at) AS at FROM run_health h JOIN runs r ON r.id = h.run_id "
    "WHERE r.status = 'done' AND :source IN ('', r.source)"
)
EDGE = "SELECT {which}(day) FROM daily_counts WHERE {where}"
MONTHS = "SELECT min({month}) AS first, max({month}) AS last {source}"
UNDATED = "SELECT coalesce(sum(articles), 0) {source}"
COUNTS = "SELECT {period} AS period, {by} AS part, sum(articles) AS articles {source} GROUP BY 1, 2"
# Days stand in an index: a scan of it costs a third of looking up what is found (at a million, 0.4 s).
FOUND = (
    "SELECT substr(a.published_date, 1, {length}) AS period, count(*) AS articles "
    "FROM articles a WHERE a.published_date IS NOT NULL AND {where} GROUP BY 1"
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its name, where it leads, its total in words, and its numbers for the table."""

    name: str
    href: str
    total: str
    chart: Chart
    numbers: tuple[tuple[str, str], ...]


async def charts_page(reader: Reader, db: Any) -> Response:
    """The charts of what the address asks for: words, source, section, language and days, as a search's."""
    search = await search_of(reader, db)
    periods = await periods_of(db, reader, search.filters)
    all_of = (await counted_by(db, periods, search.filters, "''")).get("", {}) if periods else {}
    is_narrowed = search.expression is not None or search.asked.has_filters
    found = await found_in(db, periods, search) if periods and is_narrowed else None
    undated = await undated_in(db, search.filters)
    return reader.response(
        "charts.html",
        search=search,
        undated=reader.say("undated_beside", counted=reader.counted("articles", undated)) if undated else "",
        unfinished=why_unfinished(reader, periods) if periods and periods.why_open else "",
        everything=[whole(reader, periods, all_of)] if periods else [],
        shares=share_charts(reader, search, periods, found, all_of) if periods and found is not None else [],
        too_slow=is_narrowed and periods is not None and found is None,
        split=await split_charts(reader, db, periods, search) if periods and not search.typed else [],
    )


async def split_charts(
    reader: Reader, db: Any, periods: Periods, search: Search
) -> list[tuple[str, list[Drawn]]]:
    """All articles by source and by section; what has one part only is not split."""
    charts = [
        (reader.say(f"by_{by}"), await parts(reader, db, periods, search, by)) for by in ("source", "section")
    ]
    return [(name, listed) for name, listed in charts if len(listed) > 1]


async def periods_of(db: Any, reader: Reader, filters: Filters) -> Periods | None:
    """The periods with articles the filters let through, `None` when there are none."""
    dated = "{month} <> ''"
    counts = await counts_of(db, filters, dated, "articles > 0")
    span = (await db.execute(MONTHS.format(month=counts.month, source=counts.source), counts.values)).first()
    if not span or not span["first"]:
        return None
    # Days are looked for in the first and the last month only: they stand in order of their day.
    newest = date.fromisoformat(await edge(db, filters, "max", span["last"]))
    oldest = date.fromisoformat(await edge(db, filters, "min", span["first"]))
    # A date far in the future would leave a century of nothing.
    last = min(newest, datetime.now(UTC).date() + timedelta(days=1))
    return Periods(min(oldest, last), last, reader.language, await known_of(db, filters))


async def undated_in(db: Any, filters: Filters) -> int:
    """How many articles the filters let through that state no day; none where days are asked for."""
    if any(filters.days()):
        return 0
    counts = await counts_of(db, filters, "{month} = ''")
    return int((await db.execute(UNDATED.format(source=counts.source), counts.values)).first()[0])


async def known_of(db: Any, filters: Filters) -> Known:
    """Up to when the archive knows what appeared of the sources the filters let through."""
    of_source = {"source": filters.source}
    has_health = (await db.execute(HAS_HEALTH)).rows
    crawled = moment_of((await db.execute(CRAWLED, of_source)).first()["at"]) if has_health else None
    zones = [zone_named(row["timezone"]) for row in (await db.execute(ZONES, of_source)).rows]
    crawled = crawled and crawled.replace(tzinfo=crawled.tzinfo or UTC)
    return Known(datetime.now(UTC), crawled, zones or [UTC], day_of(filters.days()[1]))


def zone_named(name: str) -> tzinfo:
    """A paper's clock; UTC where another program has written what names none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return UTC


def why_unfinished(reader: Reader, periods: Periods) -> str:
    """A sentence that says why the last bar is not all there is of its time."""
    known = periods.known
    return reader.say(
        f"bar_{periods.why_open}",
        when=seen(known.crawled.isoformat() if known.crawled else None, reader.language),
        day=day_in_words(str(known.until), reader.language) or "",
    )


async def edge(db: Any, filters: Filters, which: str, month: str) -> str:
    """The first ("min") or last ("max") day of a month with articles the filters let through."""
    clauses, values = filters.clauses(DAILY)
    where = " AND ".join(["day >= :month_first AND day <= :month_last", "articles > 0", *clauses])
    bounds = {"month_first": f"{month}-01", "month_last": f"{month}-31"}
    found = (await db.execute(EDGE.format(which=which, where=where), {**values, **bounds})).first()
    return str(found[0])


async def counted_by(db: Any, periods: Periods, filters: Filters, by: str) -> dict[str, dict[str, int]]:
    """For each part, how many articles each period has."""
    if periods.length == DAY:
        clauses, values = filters.clauses(DAILY)
        counts = Counts("daily_counts", "", " AND ".join(["day <> ''", "articles > 0", *clauses]), values)
    else:
        counts = await counts_of(db, filters, "{month} <> ''", "articles > 0")
    sql = COUNTS.format(period=counts.month or "day", by=by, source=counts.source)
    found: dict[str, dict[str, int]] = {}
    for row in (await db.execute(sql, counts.values)).rows:
        found.setdefault(row["part"], {})[row["period"]] = row["articles"]
    return found


async def found_in(db: Any, periods: Periods, search: Search) -> dict[str, int] | None:
    """How many articles of each period are found; `None` when counting takes too long."""
    wanted = Wanted(search.expression, search.filters, typed=search.asked)
    ids, values = wanted.matching()
    where = f"a.id IN (SELECT {wanted.row} {ids})"
    rows = await rows_in_time(db, FOUND.format(length=periods.length, where=where), values)
    return {row["period"]: row["articles"] for row in rows} if rows is not None else None


def whole(reader: Reader, periods: Periods, counts: Mapping[str, int]) -> Drawn:
    """All articles."""
    chart = chart_of(periods.values(counts), height=140, partial_last=bool(periods.why_open))
    return drawn(reader, reader.say("all_articles"), "", chart, counts.values())


def share_charts(
    reader: Reader, search: Search, periods: Periods, found: Mapping[str, int], all_of: Mapping[str, int]
) -> list[Drawn]:
    """How many of a thousand articles say the words, and how many do in all."""
    shares = [
        (
            periods.label(period),
            round(PER * found.get(period, 0) / all_of[period], 1) if all_of.get(period) else None,
        )
        for period in periods.listed
    ]
    name = search.in_words()
    return [
        Drawn(
            reader.say("share_of_articles", words=name),
            search.href(),
            reader.say("in_all", counted=reader.counted("articles", sum(found.values()))),
            chart_of(shares, partial_last=bool(periods.why_open)),
            tuple((label, "–" if value is None else f"{value:g}") for label, value in shares),
        ),
        drawn(
            reader,
            name,
            search.href(),
            chart_of(periods.values(found), partial_last=bool(periods.why_open)),
            found.values(),
        ),
    ]


async def parts(reader: Reader, db: Any, periods: Periods, search: Search, by: str) -> list[Drawn]:
    """A chart for each of the largest sources or sections, to one scale."""
    if search.filters.query().get(by):
        return []
    counts = await counted_by(db, periods, search.filters, by)
    largest = sorted((part for part in counts if part), key=lambda part: -sum(counts[part].values()))[
        :MOST_CHARTS
    ]
    top = nice_top(max((value for part in largest for value in counts[part].values()), default=0))
    return [
        drawn(
            reader,
            search.label(by, part),
            reader.href("/charts", search.filters.query() | {"q": search.typed, by: part}),
            chart_of(
                periods.values(counts[part]),
                width=280,
                height=70,
                top=top,
                partial_last=bool(periods.why_open),
            ),
            counts[part].values(),
        )
        for part in largest
    ]


def drawn(reader: Reader, name: str, href: str, chart: Chart, counts: Iterable[float]) -> Drawn:
    """A chart of whole numbers with its table."""
    numbers = tuple((bar.label, reader.number(int(bar.value or 0))) for bar in chart.bars)
    return Drawn(name, href, reader.counted("articles", int(sum(counts))), chart, numbers)
