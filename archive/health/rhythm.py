"""Articles a day against the source's own rhythm of the week. Pure.

A median of each weekday shrugs off one holiday and one busy day; what is judged is a stretch of days, so
that a holiday alone is never an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp
from statistics import mean, median

from archive.health.history import Day, History, Reason
from archive.numbers_said import counted

LEAST_DAYS = 14  # looked at, before the stretch that is judged: two of each weekday
LEAST_EXPECTED = 20.0  # articles in a stretch: of fewer, chance and a holiday can take most away
# (days of the stretch, share of the expected articles below which it is too few): the shorter, the fewer.
STRETCHES = ((5, 0.1), (7, 0.3), (14, 0.4), (28, 0.5))
CHANCE = 0.001  # how likely so few may be by chance (Poisson) and still be told
# Full days of publishing without any article, a weekend counting for what it usually has. The longest
# holidays of Kazakhstan (Nauryz, New Year) empty three in a row of a paper that rests; one with twenty
# articles a day does not rest, and half of that tells sooner.
SILENT_DAYS, BUSY_SILENT_DAYS, BUSY = 4.0, 2.0, 20.0
WAITING_SHARE = 0.25  # of what was due: so many found and not yet asked are no silence
SILENT_ARTICLES = 6.0  # must have been due: none of six is chance once in 400 times


def rhythm_reasons(history: History) -> Iterator[Reason]:
    """Why the days of a source are not as they were: silence, or too few articles."""
    days = tuple(day for day in history.days if day.looked)
    if silence := silence_reason(days, history.waiting):
        yield silence
    elif few := next(filter(None, (few_reason(days, history.waiting, *s) for s in STRETCHES)), None):
        yield few
    if not_enough := expectation_reason(days, history):
        yield not_enough


def silence_reason(days: Sequence[Day], waiting: int) -> Reason | None:
    """Silent: publishing days without an article, more of them in a row than ever before."""
    earlier, quiet = split_at_silence(days)
    if len(earlier) < LEAST_DAYS or not quiet:
        return None
    due = sum(usual_on(earlier, day) for day in quiet)
    fullest = max(usual_on(earlier, day) for day in earlier[-7:])
    if waiting >= WAITING_SHARE * due:
        return None
    needed = BUSY_SILENT_DAYS if fullest >= BUSY else SILENT_DAYS
    if due < max(SILENT_ARTICLES, needed * fullest) or len(quiet) <= longest_silence(earlier):
        return None
    return Reason(
        "no_articles",
        "silent",
        f"No article of {span(quiet)}; {due:.0f} were usual in {counted(len(quiet), 'such day')}.",
    )


def split_at_silence(days: Sequence[Day]) -> tuple[Sequence[Day], Sequence[Day]]:
    """The days up to the last with an article, and those after it."""
    last = max((place for place, day in enumerate(days) if day.articles), default=-1)
    return days[: last + 1], days[last + 1 :]


def longest_silence(days: Sequence[Day]) -> int:
    """The most days in a row without an article."""
    longest = current = 0
    for day in days:
        current = 0 if day.articles else current + 1
        longest = max(longest, current)
    return longest


def few_reason(days: Sequence[Day], waiting: int, length: int, share: float) -> Reason | None:
    """Worse: the last days together have far fewer articles than usual, and than any such stretch before."""
    earlier, late = days[:-length], days[-length:]
    if len(earlier) < max(LEAST_DAYS, length):
        return None
    usual = sum(usual_on(earlier, day) for day in late)
    found = sum(day.articles for day in late)
    too_few = found < share * usual and chance_of_at_most(found, usual) < CHANCE
    if usual < LEAST_EXPECTED or not too_few or found + waiting >= share * usual:
        return None
    if found >= least_of(earlier, length):
        return None
    return Reason(
        "fewer_articles", "worse", f"{counted(found, 'article')} of {span(late)}; {usual:.0f} were usual."
    )


def least_of(days: Sequence[Day], length: int) -> int:
    """The fewest articles that any stretch of so many days had."""
    sums = (
        sum(day.articles for day in days[first : first + length]) for first in range(len(days) - length + 1)
    )
    return min(sums, default=0)


def usual_on(days: Sequence[Day], day: Day) -> float:
    """How many articles such a weekday usually has.

    The median of its weekday; where that is 0, the mean without the largest: of a weekly paper's Friday and
    of a source with an article every few days the median would be nothing.
    """
    counts = [one.articles for one in days if one.day.weekday() == day.day.weekday()]
    counts = counts or [one.articles for one in days]
    if not counts:
        return 0.0
    middle = float(median(counts))
    return middle if middle >= 1 or len(counts) < 3 else mean(sorted(counts)[:-1])


def chance_of_at_most(found: int, usual: float) -> float:
    """How likely so few articles are where `usual` are expected and each comes by itself (Poisson)."""
    if usual > 700:  # exp() would be 0; so large a deficit is no chance
        return 0.0 if found < usual / 2 else 1.0
    term = total = exp(-usual)
    for count in range(1, found + 1):
        term *= usual / count
        total += term
    return min(total, 1.0)


def expectation_reason(days: Sequence[Day], history: History) -> Reason | None:
    """Worse: a whole week has fewer articles a day than the profile expects."""
    least = history.expected.articles_per_day_min
    week = days[-7:]
    if least is None or len(week) < 7:
        return None
    found = sum(day.articles for day in week)
    if found + history.waiting >= 7 * least:
        return None
    return Reason(
        "fewer_than_expected",
        "worse",
        f"{found / 7:.1f} articles a day of {span(week)}; its profile expects {least:g} at least.",
    )


def span(days: Sequence[Day]) -> str:
    """The first and the last day of a stretch, as people write them."""
    first, last = days[0].day, days[-1].day
    return f"{first}" if first == last else f"{first} to {last}"
