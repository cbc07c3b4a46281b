"""Who decides which blocks are the article's: rules alone, model alone, or the model and what settles it."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from crawler.cleaning.body.choosing import Choice, best_container, choose, choose_scored
from crawler.cleaning.body.features import Clues, block_features
from crawler.cleaning.body.model import block_model
from crawler.cleaning.body.scoring import Weighed

Judge = Literal["rules", "model", "both"]
# No article has as many blocks; what reckons with each and all others would cost more than the page is worth.
MOST_BLOCKS = 20_000


class Decider:
    """Chooses the article's blocks of one page; the model is asked once for each box that may hold them."""

    def __init__(self, weighed: Weighed, clues: Clues, judge: Judge = "both") -> None:
        self.weighed = weighed
        self.clues = clues
        self.judge = judge
        self.known: dict[int, list[float]] = {}

    @cached_property
    def likely(self) -> int:
        """The number of the box that rules hold for the article's, -1 when there is none."""
        return next(iter(best_container(self.weighed)), -1)

    @property
    def is_scored(self) -> bool:
        """Whether the model has a say at all."""
        return self.judge != "rules" and len(self.weighed.reading.blocks) <= MOST_BLOCKS

    def scores(self, containers: list[int]) -> list[float]:
        """How surely each block is the article's, 0 to 1, where it stands in the first of these boxes.

        Without boxes the rules say where it likely stands.
        """
        container = containers[0] if containers else self.likely
        if container not in self.known:
            columns = block_features(self.weighed, self.clues, container)
            self.known[container] = block_model().scores(columns).tolist()
        return self.known[container]

    def choose(
        self, *, title: str | None, lead_stated: str | None, containers: list[int], leads: list[int]
    ) -> Choice:
        """The blocks of the article; those of the rules where the model finds none.

        `containers` and `leads` are boxes someone named, empty to look for them.
        """
        if self.is_scored:
            choice = choose_scored(
                self.weighed,
                self.scores(containers),
                title=title,
                lead_stated=lead_stated,
                container=self.likely,
                containers=containers,
                leads=leads,
                settle=self.judge == "both",
            )
            if choice.blocks:
                return choice
        return choose(self.weighed, title=title, lead_stated=lead_stated, containers=containers, leads=leads)
