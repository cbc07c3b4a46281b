"""What is typed in the place of a day, a time or a number is refused in words, by every command alike."""

from __future__ import annotations

import shlex

import pytest
from click.testing import CliRunner

from crawler.cli import cli

REFUSED = {
    "search x --since tomorrow": "'tomorrow' is no day; write it like 2026-03-10",
    "export --to - --until 10.03.2026": "'10.03.2026' is no day; write it like 2026-03-10",
    "crawl --since 2026-02-30": "'2026-02-30' is no day; write it like 2026-03-10",
    "schedule run --since x": "'x' is no day; write it like 2026-03-10",
    "status --missing --since x": "'x' is no day; write it like 2026-03-10",
    "fronts demo --at soon": """'soon' is no time; write it like "2026-03-10 12:30" or 2026-03-10""",
    "search x --limit abc": "'abc' is no whole number from 1 on",
    "crawl --limit 0": "'0' is no whole number from 1 on",
    "browse --port 99999": "'99999' is no whole number from 0 to 65535",
    "torture --kills 1.5": "'1.5' is no whole number from 1 to 100000",
    "copies --threshold 2": "'2' is no number from 0.3 to 1.0",
    "export --to - --where-seconds 0": "'0' is no number from 0.001 on",
}


@pytest.mark.parametrize("typed", REFUSED)
def test_it_is_said_what_is_wanted(typed):
    done = CliRunner().invoke(cli, shlex.split(typed))
    assert done.exit_code == 2
    assert done.stderr.strip().endswith(REFUSED[typed])
