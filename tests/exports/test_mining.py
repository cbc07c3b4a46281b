"""Exports with and without what is reserved against text and data mining, and with what was taken down."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.identity import url_key
from archive.mining import SiteRule
from archive.records import Article, Page, Reservation, Visit
from archive.store.archive import Archive
from archive.store.hosts import Robots
from archive.takedown.taking import take_down, target_of
from crawler.cli import cli
from tests.exports.conftest import NOON

OPEN, SHUT, BOTS = "https://open.example", "https://shut.example", "https://bots.example"


@pytest.fixture
def reserved(folder):
    """Six more articles: pages that say yes and no, sites that do, one that shuts crawlers of AI out."""
    with Archive(folder) as archive:
        (run,) = [row["id"] for row in archive.news.query("SELECT min(id) AS id FROM runs")]

        def keep(url, said=None):
            page = Page(url, url, "steppe_news", NOON, 200, (), url.encode())
            page_id = archive.pages.keep(page, kind="article")
            article = Article(
                url=url, requested_url=url, url_key=url_key(url), cleaned_with="1", body="Текст"
            )
            visit = Visit(url, "article", 200, NOON, page_id=page_id, reservation=said)
            archive.keep_article(run, "steppe_news", article, visit)

        archive.reservations.note_site(
            SHUT, 200, (SiteRule("/free/", False), SiteRule("/", True, f"{SHUT}/terms")), at=NOON
        )
        archive.hosts.note_robots(BOTS, Robots("all", 200, ai_agents=("CCBot", "GPTBot")), at=NOON)
        archive.hosts.note_robots(BOTS, Robots("closed", 500), at=NOON)
        keep(f"{OPEN}/yes", Reservation(True, ("meta robots: noai",)))
        keep(f"{OPEN}/no", Reservation(False, ("header tdm-reservation: 0",)))
        keep(f"{SHUT}/a")
        keep(f"{SHUT}/free/a")
        keep(f"{SHUT}/no", Reservation(False, ("header tdm-reservation: 0",)))
        keep(f"{BOTS}/a")
    return folder


def exported(folder, *options):
    """What lands on standard output, and what is said beside it."""
    done = CliRunner().invoke(cli, ["export", "--to", "-", "--archive", str(folder.path), *options])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_free_leaves_out_what_page_site_or_robots_txt_reserve(reserved):
    everything, said = exported(reserved)
    assert len(everything) == 10
    assert "3 of them reserve text and data mining" in said
    free, said = exported(reserved, "--tdm", "free")
    assert {f"{OPEN}/no", f"{SHUT}/free/a", f"{SHUT}/no"} < {row["url"] for row in free}
    assert (len(free), "reserve" in said) == (7, False)
    shut, _ = exported(reserved, "--tdm", "reserved")
    assert [row["url"] for row in shut] == [f"{OPEN}/yes", f"{SHUT}/a", f"{BOTS}/a"]


def test_columns_say_whether_and_where(reserved):
    rows, _ = exported(reserved, "--columns", "url,tdm_reserved,tdm_said")
    said = {row["url"]: (row["tdm_reserved"], row["tdm_said"]) for row in rows}
    assert said[f"{OPEN}/yes"] == (1, ["meta robots: noai"])
    assert said[f"{SHUT}/free/a"] == (0, ["tdmrep.json: /free/ 0"])
    assert said[f"{BOTS}/a"] == (1, ["robots.txt shuts out CCBot, GPTBot"])
    assert said["https://steppe-news.example/full"] == (None, [])


def test_pages_are_chosen_the_same_way(reserved, tmp_path):
    warc = tmp_path / "free.warc"
    done = CliRunner().invoke(
        cli, ["export", "--to", str(warc), "--tdm", "reserved", "--archive", str(reserved.path)]
    )
    assert done.exit_code == 0, done.output
    assert f"{SHUT}/a".encode() in warc.read_bytes()
    assert f"{OPEN}/no".encode() not in warc.read_bytes()


def test_who_has_an_earlier_export_is_told_what_to_delete(reserved):
    with Archive(reserved) as archive:
        take_down(archive, target_of(archive, f"{OPEN}/yes"), reason="private", asked_by="N. N.")
    rows, _ = exported(reserved, "--with-takedowns")
    assert rows[-1].keys() == {"id", "url", "source", "taken_down_at"}
    assert rows[-1]["url"] == f"{OPEN}/yes"
    assert len(exported(reserved)[0]) == 9
    assert len(exported(reserved, "--with-takedowns", "--source", "aul_kz")[0]) == 1


def test_a_table_has_no_room_for_what_was_taken_down(reserved):
    done = CliRunner().invoke(
        cli,
        ["export", "--to", "-", "--format", "csv", "--with-takedowns", "--archive", str(reserved.path)],
    )
    assert done.exit_code == 2
    assert "JSON Lines" in done.output
