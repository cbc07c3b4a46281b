"""`muragat changes`: what was reworded, when, by whom, word by word."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from archive.cli import changes
from archive.identity import url_key
from archive.records import Article, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
URL = "https://steppe.example/news/water"
OTHER = "https://steppe.example/news/bridge"
BODY = "Начало.\n\nУровень воды {} сантиметров.\n\nСудоходства нет."


def keep(
    archive: Archive, run: int, url: str, at: datetime, *, cause: str = "publisher", **fields: str
) -> None:
    article = Article(
        url=url, requested_url=url, url_key=url_key(url), article_type="article", is_article=1.0, **fields
    )
    page = archive.pages.keep(Page(url, url, "steppe", at, 200, (), repr(fields).encode()), kind="article")
    archive.keep_article(run, "steppe", article, Visit(url, "article", 200, at, page_id=page), cause=cause)


@pytest.fixture
def folder(tmp_path) -> ArchiveFolder:
    folder = ArchiveFolder(tmp_path / "archive")
    with Archive(folder) as archive:
        archive.sources.save(
            "steppe",
            name="Степь",
            home="https://steppe.example/",
            languages=["ru"],
            timezone="UTC",
            region=None,
        )
        run = archive.runs.begin("steppe", started_at=NOON, version="1")
        keep(archive, run, URL, NOON, title="Вода\x1b[2J", body=BODY.format(395))
        keep(archive, run, URL, NOON + timedelta(hours=1), title="Вода\x1b[2J", body=BODY.format(405))
        keep(archive, run, OTHER, NOON, title="Мост", body="Мост открыт. Реклама тут.")
        later = NOON + timedelta(days=1)
        keep(archive, run, OTHER, later, title="Мост", body="Мост открыт.", cause="recleaned")
    return folder


def run(folder: ArchiveFolder, *arguments: str):
    return CliRunner().invoke(changes, [*arguments, "--archive", str(folder.path)])


def test_the_newest_rewordings_are_listed_with_time_author_and_size(folder):
    lines = [line.split("  ") for line in run(folder).stdout.splitlines()]
    assert [(line[0], line[1], line[2], line[5]) for line in lines] == [
        ("2026-03-11 07:00Z", "recleaned", "-2 +0 words", "Мост"),
        ("2026-03-10 08:00Z", "publisher", "-1 +1 words", "Вода [2J"),
    ]


@pytest.mark.parametrize(
    ("options", "urls"),
    [
        (["--limit", "1"], [OTHER]),
        (["--by", "publisher"], [URL]),
        (["--since", "2026-03-11"], [OTHER]),
        (["--since", "2026-03-12"], []),
        (["--source", "steppe"], [OTHER, URL]),
    ],
)
def test_the_list_can_be_narrowed(folder, options, urls):
    found = run(folder, *options, "--json").stdout.splitlines()
    assert [json.loads(line)["url"] for line in found] == urls


@pytest.mark.parametrize("spelling", [URL, URL + "/?utm_source=feed", "number"])
def test_an_article_is_named_by_its_number_or_any_spelling_of_its_address(folder, spelling):
    if spelling == "number":
        found = json.loads(run(folder, "--by", "publisher", "--json").stdout)
        spelling = str(found["article_id"])
    told = run(folder, spelling).stdout
    assert "2  seen 2026-03-10 08:00Z  changed by the publisher" in told
    assert "\nfirst seen 2026-03-10 07:00Z\n" in told
    assert "    …\n    Уровень воды [-395-]{+405+} сантиметров.\n    …\n" in told.replace(" {+", "{+")


def test_our_own_better_reading_is_never_called_the_publishers(folder):
    told = run(folder, OTHER).stdout
    assert "read better by us; no edit of the publisher" in told
    assert "by the publisher" not in told
    assert "Мост открыт. [-Реклама тут.-]" in told


def test_programs_get_every_piece(folder):
    (line,) = run(folder, URL, "--json").stdout.splitlines()
    found = json.loads(line)
    assert (found["number"], found["cause"], found["words"]) == (2, "publisher", {"removed": 1, "added": 1})
    (passage,) = found["fields"]["body"]
    assert [(piece["fate"], piece["text"].strip()) for piece in passage] == [
        ("same", "Уровень воды"), ("removed", "395"), ("added", "405"), ("same", "сантиметров."),
    ]  # fmt: skip


@pytest.mark.parametrize("named", ["1", "9" * 30, "https://nowhere.example/x", "water", "-1"])
def test_an_article_that_is_not_here_is_wrong_use(folder, named):
    result = run(folder, named)
    assert result.exit_code == 2
    assert not result.stdout


def test_an_article_with_one_wording_says_so(folder):
    with Archive(folder) as archive:
        keep(archive, 1, "https://steppe.example/one", NOON, title="Одно", body="Слово.")
    result = run(folder, "https://steppe.example/one")
    assert result.exit_code == 0
    assert "no other wording" in result.stderr
