"""What the collector does with what it cannot keep, and with what others would have lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crawler.cluster.places import Places
from crawler.cluster.wire import packed, unpacked

from .conftest import Cluster, until


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
