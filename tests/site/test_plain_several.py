"""Plain `datasette a/news.db b/news.db`: one reading room, and the tables of both under the same rules."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette


@pytest.fixture
def files(archive_folder: Any, tmp_path: Path) -> list[str]:
    """An archive and a copy of it, which Datasette calls news_2."""
    shutil.copytree(archive_folder.path, tmp_path / "copy")
    return [str(archive_folder.news), str(tmp_path / "copy" / "news.db")]


@pytest.fixture
def both(files: list[str]) -> Datasette:
    """Plain Datasette on both."""
    return Datasette(files)


def get(datasette: Datasette, path: str) -> Any:
    return asyncio.run(datasette.client.get(path))


def test_the_reading_room_shows_the_first_and_its_owner_is_told(both: Datasette, capsys: Any) -> None:
    for path in ("/", "/search?q=мост", "/news", "/news_2", "/news_2/articles", "/news_2/sources"):
        assert get(both, path).status_code == 200, path
    said = capsys.readouterr().err
    assert "the reading room shows news; of news_2 only the tables can be seen" in said
    assert "muragat browse A B" in said


@pytest.mark.parametrize("name", ["news", "news_2"])
def test_the_tables_of_each_are_closed_limited_and_searched_as_one_archives_are(
    both: Datasette, name: str
) -> None:
    for private in ("takedowns", "takedown_addresses"):
        assert get(both, f"/{name}/{private}").status_code == 403
    assert get(both, f"/{name}/articles?_where=1").status_code == 403
    assert get(both, f"/{name}/with_words?words=мост&since=2020-01-01").status_code == 200
    found = get(both, f"/{name}/articles.json?_search=мостом+lang:ru&_shape=array").json()
    assert [row["title"] for row in found] == ["В Степном открыли мост"]


def test_in_public_what_would_be_slow_is_refused_for_each(files: list[str]) -> None:
    public = {"plugins": {"muragat": {"public": "https://archive.example/"}}}
    datasette = Datasette(files, metadata=public)
    for name in ("news", "news_2"):
        path = f"/{name}/articles?body__contains=x"
        answer = asyncio.run(datasette.client.get(path, headers={"host": "archive.example"}))
        assert answer.status_code == 400
