"""From a due source to articles at home, by way of Redis and a worker."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from made_papers import Paper, write_profiles

from crawler.cluster.jobs import Job
from crawler.cluster.outbox import hash_of
from crawler.cluster.places import Places
from crawler.cluster.wire import packed

from .conftest import DELAY, Cluster, until


def test_what_is_due_is_crawled_elsewhere_and_comes_home(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = cluster(2, 6)
    assert "2 jobs sent: paper_0, paper_1" in made.enqueue()
    assert "0 jobs sent" in made.enqueue()  # each once until it is done
    made.collector()
    made.worker()
    until(made.is_home, 60)
    until(lambda: not client.keys("muragat:queued:*"), 30)
    assert len(set(made.articles())) == 12
    for paper in made.papers:
        assert set(paper.fetched().values()) == {1}
        assert max(one.at_once for one in paper.asked) == 1
    status = json.loads(made.run("cluster", "status", "--json").stdout)
    assert (status["workers"], status["waiting"], status["dead"]) == (1, 0, 0)
    until(lambda: json.loads(made.run("cluster", "status", "--json").stdout)["stream"] == 0, 20)
    shown = made.run("status", "--archive", str(made.folder)).stdout
    assert "cluster muragat: 1 worker; jobs: 0 waiting, 0 under way" in shown
    made.stop()
    made.broker.kill()
    shown = made.run("status", "--archive", str(made.folder))
    assert "Redis does not answer" in shown.stdout
    assert shown.returncode == 0
    audit = made.run("audit", "--full", "--archive", str(made.folder))
    assert "0 lost, 0 double, 0 damaged" in audit.stdout
    shown = made.run("schedule", "list", "--archive", str(made.folder), "--json")
    turns = {one["source"]: one for one in json.loads(shown.stdout)}
    assert turns["paper_0"]["due_at"] > "2026"  # planned at home, as after any crawl


@pytest.mark.slow
def test_a_poisoned_job_is_told_of_and_the_others_go_on(cluster: Callable[..., Cluster], client: Any) -> None:
    made = cluster(1, 3)
    made.enqueue()
    bad = Job("bad", "broken", {"broken.toml": "id = ["}, (), (), ())
    client.set(Places().job("bad"), packed({"job": bad}))
    from crawler.cluster.broker import broker_at
    from crawler.cluster.sending import message

    message(broker_at(made.broker.url, Places()), Places(), "bad", "broken")
    made.collector()
    made.worker()
    until(made.is_home, 60)
    until(lambda: "broken: tried" in made.run("cluster", "dead").stdout, 120)
    assert "CrawlFailed" in made.run("cluster", "dead").stdout
    assert "sent again" in made.run("cluster", "dead", "--retry", "broken").stdout
    assert made.run("cluster", "dead").stdout == ""


def test_addresses_that_were_asked_are_left_alone(cluster: Callable[..., Cluster], client: Any) -> None:
    made = cluster(1, 5)
    made.enqueue()
    home = made.papers[0].home
    client.sadd(Places().seen("paper_0"), *[hash_of(f"{home}a/{n}") for n in (0, 1, 2)])
    made.collector()
    made.worker()
    until(lambda: len(made.articles()) == 2, 60)
    until(lambda: not client.keys("muragat:queued:*"), 30)
    assert set(made.papers[0].fetched()) == {"/a/3", "/a/4"}


class Sectioned(Paper):
    """A paper whose articles stand in two sitemaps that an index names, and in no feed."""

    def profile(self, delay: float) -> str:
        return super().profile(delay).replace('feeds = ["', 'sitemaps = ["').replace("feed.xml", "index.xml")

    def page(self, path: str) -> tuple[int, str, bytes]:
        half = self.articles // 2
        listed = {
            "/index.xml": ["first.xml", "second.xml"],
            "/first.xml": [f"a/{n}" for n in range(half)],
            "/second.xml": [f"a/{n}" for n in range(half, self.articles)],
        }
        if path not in listed:
            return super().page(path)
        kind, one = ("sitemapindex", "sitemap") if path == "/index.xml" else ("urlset", "url")
        items = "".join(f"<{one}><loc>{self.home}{name}</loc></{one}>" for name in listed[path])
        body = f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</{kind}>'
        return 200, "application/xml", body.encode()


def test_a_second_attempt_reads_the_documents_of_the_first_again_and_not_its_articles(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = cluster(0, 0)
    paper = Sectioned(0, 6)
    made.papers.append(paper)
    write_profiles(made.folder / "sources", made.papers, DELAY)
    made.enqueue()
    job = client.get(Places().queued("paper_0")).decode()
    asked = [hash_of(f"{paper.home}{path}") for path in ("index.xml", "first.xml", "a/0", "a/1", "a/2")]
    for place in (Places().seen("paper_0"), Places().asked(job)):
        client.sadd(place, *asked)
    made.collector()
    made.worker()
    until(lambda: len(made.articles()) == 3, 60)
    until(lambda: not client.keys("muragat:queued:*"), 30)
    assert set(paper.fetched()) == {"/a/3", "/a/4", "/a/5"}
    assert [one.path for one in paper.asked if one.path.endswith(".xml")] == [
        "/index.xml",
        "/first.xml",
        "/second.xml",
    ]
    with closing(sqlite3.connect(made.folder / "news.db")) as db:
        assert db.execute("SELECT status, reason FROM runs").fetchall() == [("done", None)]
