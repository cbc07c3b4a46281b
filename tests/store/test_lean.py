"""A library loaded without what it would take along."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from archive.store.lean import load_without

LIBRARY = """
try:
    import heavy
except ImportError:
    heavy = None
"""


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "needing.py").write_text(LIBRARY, encoding="utf-8")
    (tmp_path / "heavy.py").write_text("", encoding="utf-8")
    (tmp_path / "broken.py").write_text("import heavy", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("needing", "heavy", "broken"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.mark.usefixtures("libraries")
def test_what_is_not_wanted_is_not_loaded_and_can_be_afterwards():
    load_without("needing", ("heavy",))
    assert "heavy" not in sys.modules
    assert sys.modules["needing"].heavy is None
    import heavy

    assert heavy.__name__ == "heavy"


@pytest.mark.usefixtures("libraries")
def test_what_is_loaded_already_stays():
    import heavy

    load_without("needing", ("heavy",))
    assert sys.modules["needing"].heavy is heavy
    assert sys.modules["heavy"] is heavy


@pytest.mark.usefixtures("libraries")
def test_nothing_stays_hidden_when_the_library_cannot_do_without():
    with pytest.raises(ImportError):
        load_without("broken", ("heavy",))
    assert "heavy" not in sys.modules
