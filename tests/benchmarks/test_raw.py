"""The benchmark of kept pages measures what it says, on pages every machine has."""

from __future__ import annotations

from corpora import demo_pages
from raw import HEAD, measured, row


def test_pages_of_one_template_are_kept_smaller_than_as_warc(tmp_path):
    pages = demo_pages()
    found = measured({"gazeta.example": pages}, tmp_path)
    assert found.pages == len(pages)
    assert found.plain == sum(len(body) for _, body in pages)
    assert found.bodies <= 0.85 * found.warc
    assert found.later_bodies < found.bodies < found.file
    assert len(row("demo", found, None)) == len(HEAD)
