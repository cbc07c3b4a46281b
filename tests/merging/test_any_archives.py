"""Three archives in which anything happened, in the order of time: merged they are sound, again the same."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from archive.health.history import Expected
from archive.health.judging import close_run
from archive.records import Link, Outcome, Refusal, Reservation, Teaser
from archive.store.hosts import Gap, Robots, Wait
from archive.takedown.taking import take_down, target_of
from tests.merging.conftest import desk_at, dump, faults, merged
from tests.merging.test_merging import told
from tests.store.conftest import NOON, SITE, SOURCE

NUMBERS = range(1, 9)  # few articles, so that archives have them in common


class Fate:
    """What happens to one archive, by chance."""

    def __init__(self, desk, chance):
        self.desk, self.archive, self.chance = desk, desk.archive, chance
        self.now = NOON + timedelta(minutes=chance.randrange(600))

    def live(self, events):
        for _ in range(events):
            self.now += timedelta(minutes=self.chance.randint(13, 156))
            path = f"/a/{self.chance.choice(NUMBERS)}"
            getattr(self, self.chance.choice(EVENTS))(path)

    def seen(self, path, **fields):
        """A look at an article: one of few texts."""
        number, text = path[-1], self.chance.randint(1, 4)
        links = [Link(f"{SITE}/a/{one}", "и ещё", "inline") for one in self.chance.sample(NUMBERS, 2)]
        stated = {"body": f"Текст {text} про {number}.", "links": tuple(links), "section": None}
        html = f"{path} {text} {self.chance.randint(1, 3)}" * self.chance.choice([1, 400])
        self.desk.keep(path, at=self.now, html=html.encode(), **(stated | fields))

    def sectioned(self, path):
        self.seen(path, section="Город", published_at=None)

    def reserved(self, path):
        page_id = self.page(path)
        said = Reservation(self.chance.choice([True, False]), ("meta",))
        visit = self.desk.visit(path, page_id=page_id, fetched_at=self.now, reservation=said)
        self.archive.keep_article(self.desk.run, SOURCE, self.desk.article(path, body="Текст 1."), visit)

    def viewed(self, path):
        view = f"{path}/amp"
        article = self.desk.article(view, url_key=f"steppe.example{path}", canonical_url=SITE + path)
        visit = self.desk.visit(view, page_id=self.page(view), fetched_at=self.now)
        self.archive.keep_article(self.desk.run, SOURCE, article, visit)

    def redirected(self, path):
        short = path.replace("/a/", "/s/")
        article = self.desk.article(path, requested_url=SITE + short, body=f"Текст 2 про {path[-1]}.")
        visit = self.desk.visit(short, page_id=self.page(short, url=SITE + path), fetched_at=self.now)
        self.archive.keep_article(self.desk.run, SOURCE, article, visit)

    def page(self, path, **fields):
        page = self.desk.page(path, f"{path} {self.now}".encode(), fetched_at=self.now, **fields)
        return self.archive.pages.keep(page, kind="article")

    def named(self, path):
        document = self.chance.choice(["/f1", "/f2"])
        modified = self.chance.choice([None, "1", "2", "3"])
        found = [
            self.desk.found(f"/a/{one}", document=SITE + document, modified=modified)
            for one in self.chance.sample(range(1, 13), 4)
        ]
        self.archive.frontier.offer(SOURCE, found, now=self.now)

    def due(self, path):
        self.archive.frontier.offer_visits(SOURCE, now=self.now)

    def gone(self, path):
        if self.archive.article_at(SITE + path):
            visit = self.desk.visit(path, status=410, fetched_at=self.now)
            self.archive.settle(self.desk.run, SOURCE, visit, Outcome.GONE)

    def missing(self, path):
        if self.archive.article_at(SITE + path):
            self.archive.missing(
                self.desk.run, SOURCE, self.desk.visit(path, status=404, fetched_at=self.now)
            )

    def refused(self, path):
        visit = self.desk.visit(
            path, status=self.chance.choice([403, 500]), reason="http", fetched_at=self.now
        )
        self.archive.put_back(self.desk.run, SOURCE, visit)
        refusal = Refusal(SITE + path, "http", "no")
        self.archive.runs.refuse(self.desk.run, SOURCE, "fetch", [refusal], now=self.now)

    def same(self, path):
        visit = self.desk.visit(path, status=304, fetched_at=self.now)
        self.archive.settle(self.desk.run, SOURCE, visit, Outcome.NOT_MODIFIED)

    def no_article(self, path):
        other = path.replace("/a/", "/n/")
        visit = self.desk.visit(other, page_id=self.page(other), reason="not_article", fetched_at=self.now)
        self.archive.settle(self.desk.run, SOURCE, visit, Outcome.REJECTED, judged_by="1")

    def read_again(self, path):
        row = self.archive.articles.row(f"steppe.example{path}")
        if row:
            addresses = {"url": row["url"], "requested_url": row["requested_url"]}
            article = self.desk.article(path, body=f"Иначе {self.now}.", cleaned_with="2", **addresses)
            self.archive.articles.reread(row, article, at=self.now, all_read=False)

    def asked_host(self, path):
        hosts, host = self.archive.hosts, "steppe.example"
        hosts.note_robots(SITE, Robots(self.chance.choice(["all", "part"]), 200), at=self.now)
        hosts.note_wait(Wait(host, SITE + path, 429, None, self.now, self.now + timedelta(hours=1)))
        hosts.note_gaps([Gap(host, f"{self.now:%F}", 1.0, self.chance.randint(1, 9), 1.1)])

    def front(self, path):
        self.archive.health.expect(SOURCE, Expected(), [f"{SITE}/"])
        shown = self.chance.sample(NUMBERS, 3)
        teasers = [Teaser(f"{SITE}/a/{one}", f"{one}{self.chance.choice('ab')}") for one in shown]
        listing = self.desk.visit("/", kind="listing", fetched_at=self.now)
        self.archive.read_document(self.desk.run, SOURCE, listing, Outcome.READ, teasers=teasers)

    def next_run(self, path):
        run, status = self.desk.run, self.chance.choice(["done", "failed"])
        close_run(self.archive, run, SOURCE, status=status, reason=None, at=self.now, seconds=1.5)
        self.desk.run = self.archive.runs.begin(SOURCE, started_at=self.now, version="test")


EVENTS = (
    *(
        "seen",
        "seen",
        "seen",
        "seen",
        "sectioned",
        "reserved",
        "viewed",
        "redirected",
        "named",
        "named",
        "due",
    ),
    *("gone", "missing", "refused", "same", "no_article", "read_again", "asked_host", "front", "next_run"),
)


@pytest.mark.parametrize("seeds", [range(8), pytest.param(range(8, 80), marks=pytest.mark.slow)], ids=str)
def test_any_three_archives_are_merged_soundly_and_again_they_are_the_same(tmp_path, seeds):
    for seed in seeds:
        chance, place = random.Random(seed), tmp_path / str(seed)
        parts = [place / name for name in "abc"]
        for part in parts:
            with desk_at(part) as desk:
                Fate(desk, chance).live(chance.randint(5, 40))
                if chance.random() < 0.3:
                    target = target_of(desk.archive, f"{SITE}/a/{chance.choice(NUMBERS)}")
                    take_down(desk.archive, target, reason="wish", asked_by="editor")
        merged(place / "whole", *parts)
        assert not faults(place / "whole"), seed
        before = settled(place / "whole")
        merged(place / "whole", *parts)
        assert settled(place / "whole") == before, seed
        merged(place / "one", *parts[:2])
        merged(place / "other", *reversed(parts[:2]))
        assert told(place / "one") == told(place / "other"), seed


def settled(path):
    """All rows; but until when a robots.txt was seen may be known better the second time."""
    return {
        table: [{name: value for name, value in row.items() if name != "checked_at"} for row in held]
        if table == "robots"
        else held
        for table, held in dump(path).items()
    }
