"""What an audit says: one finding for each thing it looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

KINDS = ("lost", "double", "damaged")
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    `faults` counts what is `kind`: "lost", "double" or "damaged"; a "note" is no fault, only worth
    knowing. `looked_at` says what was looked at; `detail` names a few of the faults.
    """

    check: str
    kind: str
    faults: int = 0
    looked_at: str = ""
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether something is wrong."""
        return self.faults > 0 and self.kind in KINDS


def faults_of(findings: Sequence[Finding]) -> dict[str, int]:
    """How many faults of each kind there are."""
    return {kind: sum(one.faults for one in findings if one.kind == kind) for kind in KINDS}


def examples(names: Sequence[object]) -> str:
    """A few of many, by name."""
    shown = ", ".join(str(name) for name in names[:EXAMPLES])
    return f"{shown} …" if len(names) > EXAMPLES else shown
