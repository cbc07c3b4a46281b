"""Other people's programs read what we write: `make interop-datasets` installs them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.cli import export, release


@pytest.fixture
def written(folder, tmp_path, monkeypatch):
    """One of everything: files, folders and a release, with nothing asked of the internet."""
    for name in ("HF_DATASETS_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))

    def write(command, *arguments):
        done = CliRunner().invoke(command, [*map(str, arguments), "--archive", str(folder.path)])
        assert done.exit_code == 0, done.output

    for name in ("x.parquet", "x.csv", "x.jsonl"):
        write(export, "--to", tmp_path / name)
    write(export, "--to", tmp_path / "package", "--format", "datapackage")
    write(export, "--to", tmp_path / "hf", "--format", "hf", "--split", "2026-03-11")
    write(release, "make", "r", "--to", tmp_path)
    return tmp_path


FULL = "Мост, «Достык» и вода"


def program(name):
    return pytest.importorskip(name, reason=f"{name} is not installed: make interop-datasets")


def test_pandas_reads_all_three(written):
    pandas = program("pandas")
    frame = pandas.read_parquet(written / "x.parquet")
    assert str(frame["published_at"].dtype) == "datetime64[ms, UTC]"
    assert len(frame) == len(pandas.read_csv(written / "x.csv")) == 4
    assert len(pandas.read_json(written / "x.jsonl", lines=True)) == 4
    row = frame[frame["title"] == FULL].iloc[0]
    assert [link["zone"] for link in row["links"]] == ["inline", "related"]


def test_polars_reads_all_three(written):
    polars = program("polars")
    frame = polars.read_parquet(written / "x.parquet")
    assert frame.schema["published_date"] == polars.Date
    assert frame.schema["tags"] == polars.List(polars.String)
    assert frame.height == polars.read_csv(written / "x.csv").height == 4
    assert polars.read_ndjson(written / "x.jsonl").height == 4


def test_duckdb_reads_all_three(written):
    duckdb = program("duckdb")
    for name in ("x.parquet", "x.csv", "x.jsonl"):
        assert duckdb.sql(f"SELECT count(*) FROM '{written / name}'").fetchall() == [(4,)]
    asked = f"SELECT authors[1].name FROM '{written / 'x.parquet'}' WHERE title = '{FULL}'"
    assert duckdb.sql(asked).fetchall() == [("Айгуль Серикова",)]


def test_hugging_faces_datasets_loads_folder_and_release(written):
    datasets = program("datasets")
    loaded = datasets.load_dataset(str(written / "hf"))
    assert loaded.num_rows == {"train": 1, "test": 1, "undated": 2}
    assert loaded["train"][0]["title"] == FULL
    assert datasets.load_dataset(str(written / "r")).num_rows == {"train": 4}


def test_frictionless_finds_nothing_wrong(written):
    frictionless = program("frictionless")
    for folder in ("package", "r"):
        report = frictionless.validate(str(written / folder / "datapackage.json"))
        assert report.valid, report.flatten(["type", "note"])
        assert report.stats["tasks"] >= 1


def test_croissant_is_sound_and_its_records_are_read(written):
    croissant = program("mlcroissant")
    described = croissant.Dataset(jsonld=str(written / "r" / "croissant.json"))
    assert not described.metadata.issues.errors
    found = list(described.records(record_set="articles"))
    assert len(found) == 4
    ids = [
        json.loads(line)["id"] for line in (written / "r" / "articles.jsonl").read_text("utf-8").splitlines()
    ]
    assert [one["articles/id"] for one in found] == ids
