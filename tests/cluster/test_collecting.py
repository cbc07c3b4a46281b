"""What the collector does with what it cannot keep, and with what others would have lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crawler.cluster.places import Places
from crawler.cluster.wire import packed, unpacked

from .conftest import Cluster, until

pytestmark = pytest.mark.slow


def test_one_message_that_cannot_be_kept_is_set_aside_and_the_others_are_kept(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = cluster(1, 4)
    made.enqueue()
    worker = made.worker()
    until(lambda: client.xlen("muragat:fetched") > 10 and not client.keys("muragat:lease:*"), 60)
    worker.terminate()
    worker.wait(timeout=60)
    entry, fields = next(
        (entry, fields)
        for entry, fields in client.xrange("muragat:fetched")
        if unpacked(fields[b"m"])["what"] == "article"
    )
    spoiled = unpacked(fields[b"m"])
    article = spoiled["article"]
    spoiled["article"] = {**article, "url_key": None}
    client.xadd("muragat:fetched", {"m": b"no message"})
    client.xadd("muragat:fetched", {"m": packed({**spoiled, "number": spoiled["number"] + 1_000})})
    client.xadd("muragat:fetched", {"m": packed({**spoiled, "part": "../elsewhere"})})
    collected = made.run("collect", "--until-empty", "--archive", str(made.folder))
    assert collected.returncode == 0, collected.stderr
    assert len(made.articles()) == 4
    assert not (made.folder.parent / "elsewhere").exists()
    assert client.xlen("muragat:unkept") == 3
    shown = made.run("cluster", "dead").stdout
    assert "paper_0: article could not be kept" in shown
    assert "3 messages could not be kept" in made.run("cluster", "status").stdout
    # Once it can be kept, it is taken again, though later messages of its attempt are kept.
    client.delete("muragat:unkept")
    client.xadd("muragat:unkept", {"m": packed({**spoiled, "article": article}), "reason": "?"})
    assert "article on its way home again" in made.run("cluster", "dead", "--retry", "paper_0").stdout
    assert made.run("collect", "--until-empty", "--archive", str(made.folder)).returncode == 0
    assert (client.xlen("muragat:unkept"), client.xlen("muragat:fetched")) == (0, 0)
    assert len(made.articles()) == 4
    assert entry


def test_articles_of_a_source_whose_profile_is_gone_come_home(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = cluster(1, 3)
    made.enqueue()
    (made.folder / "sources" / "paper_0.toml").unlink()
    made.worker()
    made.collector()
    until(made.is_home, 60)


def test_a_source_is_not_sent_again_before_all_of_it_is_home(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = cluster(1, 3)
    made.enqueue()
    made.worker()
    until(lambda: client.xlen("muragat:fetched") and not client.exists(Places().lease("paper_0")), 60)
    until(lambda: not client.keys("muragat:job:*"), 30)
    assert "0 jobs sent" in made.enqueue()  # what it found is not in the archive's books yet
    made.collector()
    until(lambda: not client.exists(Places().queued("paper_0")), 30)
    assert made.is_home()


def test_whatever_a_message_makes_go_wrong_it_alone_is_set_aside(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = fetched(cluster(1, 4), client)
    said = unpacked(client.xrange("muragat:fetched")[0][1][b"m"])
    assert said["what"] == "begun"
    spoiled = [
        {**said, "number": 2**64 - 1},
        {**said, "what": "ended", "source": None},
        {**said, "attempt": "a", "files": {"n.toml/x.toml": "", "n.toml": ""}},
        {**said, "attempt": "b", "files": {"x" * 300 + ".toml": ""}},
        {"what": "ended"},
        {**said, "what": "waited", "number": 900, "wait": {"until": "0001-01-01T00:00:00+23:00"}},
        {**said, "what": "put_back", "number": 901, "visit": {}, "wait_seconds": 1e300},
    ]
    for one in spoiled:
        client.xadd("muragat:fetched", {"m": packed(one)})
    taken_home(made)
    assert len(made.articles()) == 4
    assert client.xlen("muragat:unkept") == len(spoiled)
    assert client.xlen("muragat:fetched") == 0


def test_an_attempt_whose_first_message_redis_lost_comes_home(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = fetched(cluster(1, 3), client)
    entry, fields = client.xrange("muragat:fetched")[0]
    assert unpacked(fields[b"m"])["what"] == "begun"
    client.xdel("muragat:fetched", entry)
    taken_home(made)
    assert len(made.articles()) == 3
    assert client.xlen("muragat:unkept") == 0


def test_one_collector_works_for_an_archive_and_one_archive_for_a_cluster(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = cluster(1, 1)
    made.enqueue("--archive-per", "month")
    made.collector()
    until(lambda: (made.folder / "collect.lock").exists(), 30)
    until(lambda: made.run("collect", "--until-empty", "--archive", str(made.folder)).returncode == 5, 30)
    elsewhere = made.run("collect", "--until-empty", "--archive", str(made.folder.parent / "other"))
    assert elsewhere.returncode == 6
    assert "works for another archive" in elsewhere.stderr


def test_a_page_of_what_was_taken_down_meanwhile_is_not_kept(
    cluster: Callable[..., Cluster], client: Any
) -> None:
    made = fetched(cluster(1, 3), client)
    taken = f"{made.papers[0].home}a/1"
    done = made.run("takedown", taken, "--yes", "--archive", str(made.folder))
    assert done.returncode == 0, done.stderr
    taken_home(made)
    assert len(made.articles()) == 2
    assert taken not in made.articles()
    audit = made.run("audit", "--full", "--archive", str(made.folder))
    assert "0 lost, 0 double, 0 damaged" in audit.stdout, audit.stdout


def fetched(made: Cluster, client: Any) -> Cluster:
    """A cluster whose worker has done what was due, all of it on its way home still."""
    made.enqueue()
    worker = made.worker()
    until(lambda: client.xlen("muragat:fetched") and not client.keys("muragat:job:*"), 60)
    worker.terminate()
    worker.wait(timeout=60)
    return made


def taken_home(made: Cluster) -> None:
    """Collect all there is."""
    collected = made.run("collect", "--until-empty", "--archive", str(made.folder))
    assert collected.returncode == 0, collected.stderr
