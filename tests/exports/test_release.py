"""`muragat release make`: a data set that can be cited, checked, and made again byte for byte."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from hashlib import sha256

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from archive.cli import release
from archive.exports import ngrams
from archive.exports.ngrams import NgramCounts
from archive.store.archive import Archive

FULL = "Мост, «Достык» и вода"


def run(folder, *arguments):
    return CliRunner().invoke(release, ["make", *map(str, arguments), "--archive", str(folder.path)])


@pytest.fixture
def make(folder, tmp_path):
    """Make a release of the small archive; returns its folder."""

    def made(name, *arguments, of=folder, to="releases"):
        result = run(of, name, "--to", tmp_path / to, *arguments)
        assert result.exit_code == 0, result.output
        return tmp_path / to / name

    return made


def change(folder, *statements):
    with Archive(folder) as archive:
        for sql in statements:
            archive.news.conn.execute(sql)
        archive.news.conn.commit()


def bytes_of(place):
    return {one.name: one.read_bytes() for one in place.iterdir()}


def rows_of(path):
    return list(csv.DictReader(path.open(encoding="utf-8", newline="")))


def told(place):
    return json.loads((place / "release.json").read_bytes())


def test_a_release_is_the_same_articles_three_times_with_all_that_citing_needs(make):
    place = make("2026-03")
    assert sorted(bytes_of(place)) == [
        "CHANGELOG.md", "README.md", "SHA256SUMS", "articles.csv", "articles.jsonl", "articles.parquet",
        "changes.csv", "croissant.json", "datapackage.json", "release.json", "tombstones.csv",
    ]  # fmt: skip
    lines = (place / "articles.jsonl").read_text("utf-8").splitlines()
    titles = [json.loads(line)["title"] for line in lines]
    assert titles == parquet.read_table(place / "articles.parquet")["title"].to_pylist()
    assert titles == [row["title"] for row in rows_of(place / "articles.csv")]
    assert len(titles) == 4
    assert (place / "CHANGELOG.md").read_text("utf-8") == "# 2026-03\n\nThe first release.\n"


def test_sums_prove_every_file_and_packages_name_them(make):
    place = make("2026-03")
    sums = dict(line.split("  ")[::-1] for line in (place / "SHA256SUMS").read_text().splitlines())
    files = {name: sha256(said).hexdigest() for name, said in bytes_of(place).items() if name != "SHA256SUMS"}
    assert sums == files
    croissant = json.loads((place / "croissant.json").read_bytes())
    assert {one["@id"]: one["sha256"] for one in croissant["distribution"]}.items() <= files.items()
    package = json.loads((place / "datapackage.json").read_bytes())
    assert {one["path"]: one["hash"] for one in package["resources"]} == {
        name: f"sha256:{files[name]}" for name in ("articles.csv", "tombstones.csv", "changes.csv")
    }


@pytest.mark.parametrize(
    "text_free",
    [pytest.param([], id="texts"), pytest.param(["--text-free"], id="text_free", marks=pytest.mark.slow)],
)
def test_two_machines_make_the_same_bytes(folder, tmp_path, text_free):
    """Another seed of hashes, time zone, language, mask of rights and folder."""
    machines = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C", "LANG": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "Asia/Almaty", "LC_ALL": "C.UTF-8", "LANG": "kk_KZ.UTF-8"},
    ]
    made = []
    for number, machine in enumerate(machines):
        here = tmp_path / f"machine {number}"
        here.mkdir()
        command = [sys.executable, "-m", "crawler", "release", "make", "r", "--to", "out", *text_free]
        subprocess.run(
            [*command, "--archive", os.path.relpath(folder.path, here) if number else str(folder.path)],
            cwd=here,
            env=os.environ | machine,
            umask=(0o077, 0o002)[number],
            check=True,
            capture_output=True,
            timeout=120,
        )
        made.append(bytes_of(here / "out" / "r"))
    assert made[0] == made[1]
    assert ("ngrams.csv" in made[0]) is bool(text_free)


def test_the_card_says_what_is_there_and_what_is_not(make):
    place = make("2026-03")
    card = (place / "README.md").read_text("utf-8")
    assert card.startswith(
        '---\npretty_name: "News articles of aul_kz, steppe_news"\nlanguage:\n- "kk"\n- "ru"\n'
    )
    for said in (
        "4 articles of 2 sources, published 2026-03-10 to 2026-03-11.",
        "| steppe_news | 2026-03 | 2 |",
        "| steppe_news | undated | 1 |",
        "| `published_at` | 3 | 75.0 % |",
        "Cleaning versions: 1 4.",
        "The same story printed by several sources, or twice by one, is several rows.",
        "| aul_kz | aul_kz | https://aul-kz.example/ |",
    ):
        assert said in card, said
    assert "| `body` | text | plain text, a blank line between paragraphs | articleBody |" in card


def test_a_choice_by_days_says_how_many_undated_articles_it_left_out(folder, tmp_path):
    result = run(folder, "march", "--to", tmp_path, "--until", "2026-03-31")
    assert "2 articles left out: state no day, and days were asked for (--since, --until)" in result.output
    card = (tmp_path / "march" / "README.md").read_text("utf-8")
    assert "2 articles of 1 source, published 2026-03-10 to 2026-03-11." in card
    left_out = "2 articles without a stated day of publication were left out: the set was chosen by days."
    assert left_out in card
    result = run(folder, "ru", "--to", tmp_path, "--until", "2026-03-31", "--language", "ru")
    assert "1 article left out: states no day" in result.output
    result = run(folder, "all", "--to", tmp_path)
    assert "left out" not in result.output + (tmp_path / "all" / "README.md").read_text("utf-8")


def test_gaps_of_a_week_or_more_are_told(make, folder):
    days = ("2026-03-01", "2026-03-08", "2026-03-20")  # six days between the first two, eleven after
    for row, day in zip(range(3), days, strict=True):
        change(
            folder,
            f"UPDATE articles SET source = 'aul_kz', published_date = '{day}' "
            f"WHERE id = (SELECT id FROM articles ORDER BY id LIMIT 1 OFFSET {row})",
        )
    card = (make("gaps") / "README.md").read_text("utf-8")
    assert "| aul_kz | 2026-03-09 | 2026-03-19 | 11 |" in card
    assert card.count("| aul_kz | 2026-03-") == 1


def test_a_changelog_tells_from_the_newest_other_release(make, folder):
    make("2026-01", "--source", "aul_kz")
    change(folder, "UPDATE articles SET content_hash = 'other' WHERE source = 'aul_kz'")
    place = make(
        "2026-03", "--source", "aul_kz", "--source", "steppe_news", "--language", "kk", "--where", "1"
    )
    assert "Since 2026-01:" in (place / "CHANGELOG.md").read_text("utf-8")
    place = make("2026-04")
    ids = {one["title"]: one["id"] for one in rows_of(place / "articles.csv")}
    assert told(place)["earlier"] == "2026-03"
    found = {row["id"]: row["change"] for row in rows_of(place / "changes.csv")}
    assert found == {ids[title]: "added" for title in (FULL, "Без даты", "=HYPERLINK(1)")}
    place = make("2026-05", "--source", "aul_kz", "--after", place.parent / "2026-01")
    assert [(row["change"]) for row in rows_of(place / "changes.csv")] == ["changed"]
    words = (place / "CHANGELOG.md").read_text("utf-8")
    assert "- 1 say something else than they did" in words
    assert "another one" not in words


TAKEDOWNS = """
CREATE TABLE takedowns (id INTEGER PRIMARY KEY, article_id INTEGER, source TEXT, url TEXT NOT NULL,
    reason TEXT NOT NULL, asked_by TEXT NOT NULL, page_ids TEXT NOT NULL, taken_down_at TEXT NOT NULL,
    done_at TEXT)"""


def test_what_was_taken_down_leaves_a_tombstone_and_no_word_of_why(make, folder):
    first = make("before")
    [gone] = [one["id"] for one in rows_of(first / "articles.csv") if one["title"] == FULL]
    with Archive(folder) as archive:
        archive.news.conn.execute("PRAGMA foreign_keys = OFF")
        archive.news.conn.execute(f"DELETE FROM articles WHERE id = {gone}")
        if not archive.news.table("takedowns").exists():
            archive.news.conn.execute(TAKEDOWNS)
        archive.news.conn.execute(
            "INSERT INTO takedowns "
            "(article_id, source, url, reason, asked_by, page_ids, taken_down_at, done_at) VALUES "
            f"({gone}, 'steppe_news', 'https://steppe-news.example/full', 'secret reason', 'Somebody', "
            "'[]', '2026-03-12T07:00:00Z', '2026-03-12T07:00:01Z')"
        )
        archive.news.conn.commit()
    place = make("later")
    assert rows_of(place / "tombstones.csv") == [
        {"id": gone, "source": "steppe_news", "taken_down_at": "2026-03-12T07:00:00Z"}
    ]
    assert "- 1 removed, 1 of them taken down (tombstones.csv)" in (place / "CHANGELOG.md").read_text("utf-8")
    everything = b"".join(bytes_of(place).values())
    assert b"secret reason" not in everything
    assert b"Somebody" not in everything
    assert b"steppe-news.example/full" not in everything


RESERVED = """
CREATE TABLE IF NOT EXISTS reservations (article_id INTEGER PRIMARY KEY, reserved INTEGER NOT NULL,
    said TEXT NOT NULL, policy TEXT, stated_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS site_reservations (origin TEXT PRIMARY KEY, checked_at TEXT NOT NULL,
    status INTEGER, rules TEXT NOT NULL, since TEXT NOT NULL);
INSERT INTO reservations SELECT id, 1, '[]', 'https://steppe.example/terms', '2026-03-10T07:00:00Z'
    FROM articles WHERE source = 'steppe_news' AND language = 'ru';
UPDATE sources SET home = 'https://steppe.example/' WHERE id = 'steppe_news';
INSERT INTO site_reservations VALUES ('https://steppe.example', '2026-03-10T07:00:00Z', 200,
    '[{"location": "/", "reserved": true, "policy": null}]', '2026-03-10T07:00:00Z')"""


def test_what_publishers_reserve_is_told_of_each_source(make, folder):
    change(folder, *RESERVED.split(";"))
    place = make("2026-03")
    rights = {one["source"]: one for one in told(place)["rights"]}
    assert rights["steppe_news"]["articles reserved"] == 2
    assert rights["steppe_news"]["terms"] == "https://steppe.example/terms"
    assert rights["steppe_news"]["tdmrep.json"] == "/: reserved"
    assert rights["aul_kz"]["articles reserved"] == 0
    assert "| steppe_news | steppe_news | https://steppe.example/ | 2 |" in (place / "README.md").read_text(
        "utf-8"
    )


def test_without_texts_no_title_lead_or_body_is_told(make, folder):
    place = make("counts", "--text-free")
    everything = b"".join(bytes_of(place).values()).decode("utf-8", "replace")
    assert all(word not in everything for word in ("Достык", "Ертең", "Первый абзац", "HYPERLINK", "жауады"))
    rows = rows_of(place / "articles.csv")
    assert len(rows) == 4
    assert all(row["content_hash"] and row["url"] for row in rows)
    assert "title" not in parquet.read_schema(place / "articles.parquet").names


def test_counts_of_ngrams_tell_what_stands_in_several_articles(monkeypatch):
    monkeypatch.setattr(ngrams, "MOST_COUNTED", 7)  # so that most is put aside
    monkeypatch.setattr(ngrams, "MOST_RUNS", 3)
    counts = NgramCounts()
    for text in ("Мост закрыт. Мост открыт!", "мост закрыт", "Тайна", "МОСТ"):
        counts.add("ru", text)
    counts.add("kk", "мост")
    assert list(counts.rows(least=2)) == [
        ("ru", 1, "закрыт", 2, 2),
        ("ru", 1, "мост", 3, 4),
        ("ru", 2, "мост закрыт", 2, 2),
    ]


def test_one_of_each_story_is_a_policy_that_is_told(telling, make):
    place = make("stories", "--dedup", of=telling)
    assert len(rows_of(place / "articles.csv")) == 3
    assert "1 copy was left out" in (place / "README.md").read_text("utf-8")
    assert told(place)["query"]["one_per_story"] is True


def test_a_release_of_nothing_is_a_release(make):
    place = make("empty", "--where", "0")
    assert told(place)["articles"] == 0
    assert rows_of(place / "articles.csv") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["../up"], "a name is letters"),
        ([".hidden"], "a name is letters"),
        (["made"], "a release is never changed"),
        (["r", "--where", "nonsense"], "no such column"),
        (["r", "--source", "nobody"], "there are: aul_kz"),
    ],
    ids=["up", "hidden", "twice", "where", "source"],
)
def test_what_cannot_be_meant_is_one_line_and_leaves_nothing(folder, make, tmp_path, arguments, said):
    make("made")
    result = run(folder, *arguments, "--to", tmp_path / "releases")
    assert result.exit_code == 2
    assert said in result.stderr.splitlines()[-1]
    assert [one.name for one in (tmp_path / "releases").iterdir()] == ["made"]


def test_a_folder_that_is_no_release_is_nothing_to_tell_changes_from(folder, tmp_path):
    (tmp_path / "other").mkdir()
    result = run(folder, "r", "--to", tmp_path / "releases", "--after", tmp_path / "other")
    assert result.exit_code == 1
    assert "no release" in str(result.exception)
