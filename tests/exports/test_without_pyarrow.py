"""Without pyarrow, which is an extra, every command that needs it says what to install."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.exits import Exit

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "export": ("export", "--to", "x.parquet"),
    "hf": ("export", "--format", "hf", "--to", "hf"),
    "release": ("release", "make", "r", "--to", "."),
    "import": ("import", "told.parquet"),
}


@pytest.fixture(scope="module")
def without_pyarrow(tmp_path_factory):
    """The environment of a program for which pyarrow cannot be imported."""
    shadow = tmp_path_factory.mktemp("shadow")
    (shadow / "pyarrow.py").write_text("raise ImportError('no pyarrow here')\n")
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(shadow), str(ROOT)))}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_command_says_what_to_install(folder, tmp_path, without_pyarrow, command):
    (tmp_path / "told.parquet").write_bytes(b"PAR1 and what a reader would never see PAR1")
    said = subprocess.run(
        [sys.executable, "-m", "crawler", *command, "--archive", str(folder.path)],
        cwd=tmp_path,
        env=without_pyarrow,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == Exit.TOOL_MISSING
    assert "pip install -e '.[datasets]'" in said.stderr
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "x.parquet").exists()


def test_what_needs_no_pyarrow_goes_on(folder, tmp_path, without_pyarrow):
    for command in (("export", "--to", "x.jsonl"), ("--help",), ("release", "--help"), ("status",)):
        said = subprocess.run(
            [sys.executable, "-m", "crawler", *command]
            + ([] if "--help" in command else ["--archive", str(folder.path)]),
            cwd=tmp_path,
            env=without_pyarrow,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert said.returncode == 0, said.stderr
