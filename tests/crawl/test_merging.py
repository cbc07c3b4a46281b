"""Two machines crawled one newspaper at two times: merged, they know what one would that crawled at both."""

from __future__ import annotations


def crawl(muragat, profile, folder, *options):
    done = muragat("crawl", "--profile", profile, "--archive", folder, "--allow-private", *options)
    assert done.code == 0, done.err


def test_two_crawls_of_two_machines_are_merged_and_crawled_on(muragat, newspaper, profile, archive, tmp_path):
    morning, evening = tmp_path / "morning", tmp_path / "evening"
    crawl(muragat, profile, morning)
    newspaper.publish(2)
    crawl(muragat, profile, evening)
    done = muragat("merge", morning, evening, "--archive", archive.path)
    assert done.code == 0, done.err
    assert done.err == ""
    assert done.out.startswith("2 archives: 51 articles taken in, 48 were there (1 with more wordings), ")
    paths = {article.path for edition in (1, 2) for article in newspaper.truth(edition)}
    kept = {"/" + url.split("/", 3)[3] for (url,) in archive.rows("SELECT url FROM articles")}
    assert kept == paths
    revised = archive.rows("SELECT cause FROM revisions WHERE number > 1")
    assert revised == [("publisher",)]
    audit = muragat("audit", "--full", "--archive", archive.path)
    assert audit.code == 0, audit.out
    before = newspaper.requests.copy()
    crawl(muragat, profile, archive.path)  # what either knew is not asked for again
    asked = newspaper.requests - before
    assert not [path for path in paths if asked[path]]
    assert muragat("status", "--archive", archive.path).code == 0
