"""What a re-cleaning changes, counted and told with examples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from archive.numbers_said import counted
from archive.terminal import terminal_safe
from crawler.recleaning.comparing import FIELDS, Effect, FieldChange

KINDS = ("gained", "lost", "changed")
SHOWN_CHARS = 70
# What became of pages as wholes, in words.
FATES = {
    "found": "articles found where none was seen",
    "no_article": "articles whose page reads as none now: they stay, with a problem noted",
    "failed": "pages that could not be read",
}


@dataclass
class RecleanReport:
    """Counts of all effects, and the first `most` examples of each kind."""

    most: int
    fates: Counter[str] = field(default_factory=Counter)
    reworded: int = 0
    fields: dict[str, Counter[str]] = field(default_factory=dict)
    shares: list[float] = field(default_factory=list)
    examples: dict[str, list[tuple[Effect, FieldChange | None]]] = field(default_factory=dict)

    def add(self, effect: Effect) -> None:
        """Count what came of one page."""
        self.fates[effect.fate] += 1
        self.reworded += effect.reworded
        if effect.fate in FATES:
            self.keep_example(effect.fate, effect, None)
        for change in effect.changes:
            self.fields.setdefault(change.field, Counter())[change.kind] += 1
            self.keep_example(change.field, effect, change)
            if change.share is not None:
                self.shares.append(change.share)

    def keep_example(self, name: str, effect: Effect, change: FieldChange | None) -> None:
        """Keep an example, if there are not enough."""
        kept = self.examples.setdefault(name, [])
        if len(kept) < self.most:
            kept.append((effect, change))

    @property
    def read(self) -> int:
        """How many pages were read again, or tried."""
        return self.fates.total()


def report_lines(report: RecleanReport, *, dry_run: bool) -> Iterator[str]:
    """The report for people."""
    changed = report.fates["changed"]
    would = "would be" if dry_run else "was" if changed == 1 else "were"
    yield (
        f"{counted(report.read, 'kept page')} read again: {counted(changed, 'article')} {would} changed, "
        f"{report.reworded} of them with a revision of their text; {report.fates['same']} say what they said"
    )
    if report.fields:
        yield ""
        yield f"  {'field':16}{''.join(f'{kind:>9}' for kind in KINDS)}"
    for name in sorted(report.fields, key=FIELDS.index):
        counts = "".join(f"{report.fields[name][kind]:9}" for kind in KINDS)
        yield f"  {name:16}{counts}{shares_line(report) if name == 'body' else ''}"
    for name in (*FIELDS, *FATES):
        yield from example_lines(report, name)
    if dry_run:
        yield ""
        yield "Nothing was written: this was a dry run."


def shares_line(report: RecleanReport) -> str:
    """How much of the changed texts changed."""
    mean = sum(report.shares) / len(report.shares)
    return f"   {mean:.1%} of their words on average, {max(report.shares):.1%} at most"


def example_lines(report: RecleanReport, name: str) -> Iterator[str]:
    """The examples of one field, or of one fate of whole pages."""
    if not (kept := report.examples.get(name)):
        return
    yield ""
    yield f"{name}:" if name in FIELDS else f"{report.fates[name]} {FATES[name]}:"
    for effect, change in kept:
        number = effect.article_id or terminal_safe(effect.url)
        if change is None:
            yield f"  {number}  {shortened(effect.detail)}"
        else:
            share = f"  {change.share:.1%} of the words" if change.share is not None else ""
            old, new = apart(change)
            yield f"  {number}  {change.kind}{share}  {shortened(old)} → {shortened(new)}"


def apart(change: FieldChange) -> tuple[str | None, str | None]:
    """Both values from shortly before where they begin to differ: long texts mostly begin alike."""
    if change.old is None or change.new is None:
        return change.old, change.new
    pairs = zip(change.old, change.new, strict=False)
    same = next(
        (place for place, (a, b) in enumerate(pairs) if a != b), min(len(change.old), len(change.new))
    )
    begin = max(0, same - SHOWN_CHARS // 3) if same > SHOWN_CHARS // 2 else 0
    cut = "…" if begin else ""
    return cut + change.old[begin:], cut + change.new[begin:]


def shortened(text: str | None) -> str:
    """A value in one short line; a dash for none."""
    line = terminal_safe(text) if text is not None else "—"
    return line if len(line) <= SHOWN_CHARS else line[: SHOWN_CHARS - 1] + "…"


def report_json(report: RecleanReport, *, dry_run: bool) -> str:
    """The report as one JSON object."""
    return json.dumps(
        {
            "dry_run": dry_run,
            "read": report.read,
            "reworded": report.reworded,
            **{fate: report.fates[fate] for fate in ("changed", "same", "none", *FATES)},
            "fields": {
                name: {kind: counts[kind] for kind in KINDS} for name, counts in report.fields.items()
            },
            "examples": {
                name: [example_json(*one) for one in kept] for name, kept in report.examples.items()
            },
        },
        ensure_ascii=False,
        indent=2,
    )


def example_json(effect: Effect, change: FieldChange | None) -> dict[str, Any]:
    """One example as data."""
    said: dict[str, Any] = {"article_id": effect.article_id, "page_id": effect.page_id, "url": effect.url}
    if change is None:
        return said | {"detail": effect.detail}
    said |= {"kind": change.kind, "old": change.old, "new": change.new}
    return said if change.share is None else said | {"share": round(change.share, 4)}
