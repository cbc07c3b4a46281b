"""How far apart requests to a host stand: never nearer than stated, farther while the host has a hard time.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

SLOW_SECONDS = 1.0  # an answer that takes longer shows a server at work: it gets as long a rest
SMOOTHING = 0.3  # the share of the newest answer in what counts as usual: three answers turn it
FIRST_PENALTY = 0.05  # seconds, where the stated delay is nearly none
MOST_PENALTY = 10.0  # seconds, or ten times the stated delay if that is more, up to LONGEST_PENALTY
LONGEST_PENALTY = 600.0


@dataclass
class Adapting:
    """What a host's answers say of its health, as seconds to add to the stated delay.

    `usual` is the smoothed time an answer took, `None` before the first; `penalty` doubles with each answer
    that says the server cannot, and halves with each that says it can.
    """

    usual: float | None = None
    penalty: float = 0.0

    def spacing(self, stated: float) -> float:
        """Seconds from one request to the next, at least the `stated` ones."""
        slow = 2 * self.usual if self.usual is not None and self.usual > SLOW_SECONDS else 0.0
        return max(stated, slow) + self.penalty

    def heard(self, seconds: float) -> None:
        """Note an answer that took so many seconds and was none of trouble."""
        before = seconds if self.usual is None else self.usual
        self.usual = (1 - SMOOTHING) * before + SMOOTHING * seconds
        self.penalty = self.penalty / 2 if self.penalty > 2 * FIRST_PENALTY else 0.0

    def troubled(self, stated: float) -> None:
        """Note an answer of trouble, or none at all."""
        first = max(stated / 2, FIRST_PENALTY)
        self.penalty = min(max(2 * self.penalty, first), max(MOST_PENALTY, min(10 * stated, LONGEST_PENALTY)))
