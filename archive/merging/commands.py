"""`muragat merge`: several archives made one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.cli import archive_option
from archive.store.folder import archive_folder


@click.command()
@click.argument("archives", nargs=-1, required=True, metavar="FROM...", type=click.Path(path_type=Path))
@archive_option
def merge(archives: tuple[Path, ...], archive: str | None) -> None:
    """Take the archives in the folders FROM into one, which is made if it is not there

    FROM is an archive, or a folder of archives that are parts of one whole. None of them is changed. Every
    article comes with all its wordings, links, pictures and raw pages, and with what the books tell of it.
    One that several archives have becomes one, with the wordings of all in the order they were seen. Numbers
    of articles that are there never change; an article that comes keeps its own where that is free. What was
    taken down in any of the archives is in the whole no more.

    Can be stopped at any time with Ctrl-C, or killed: the same command again goes on, and what is there is
    passed over. No crawl may run meanwhile. Ends with exit code 6 when a page of FROM is damaged: it is taken
    in as it is.

    \b
    Example:
        muragat merge 2026-01 2026-02 2026-03 --archive 2026
        muragat merge /srv/parts --archive whole
    """
    from archive.merging.running import merge_into

    sys.exit(merge_into(archive_folder(archive), archives))
