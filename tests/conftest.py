"""What all tests share: the folder of real pages, when this machine has it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def own_turns(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the turns at hosts of each test to itself: another test's server may have had the port before."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with corpora of real pages, or a skip with its reason.

    Pages belong to their publishers, so they are never part of this project; MURAGAT_SHARED names the folder.
    """
    folder = Path(os.environ.get("MURAGAT_SHARED") or ROOT.parent / "shared")
    if not (folder / "corpora").is_dir():
        pytest.skip("no corpora of real pages on this machine (set MURAGAT_SHARED to their folder)")
    return folder
