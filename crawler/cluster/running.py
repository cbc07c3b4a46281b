"""`muragat collect`: the collector on the archive's own terms, until it is asked to end."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Mapping

from archive.exits import Exit
from archive.store.folder import ArchiveFolder
from crawler.cluster.collecting import Collector, collect
from crawler.cluster.places import Places, connected, without_password
from crawler.runs.choosing import readable_sources, tell_left_out
from crawler.runs.session import Session
from crawler.settings import MURAGAT_CLEANING_SECONDS
from crawler.sources.profile import Source

WORKERS = 1  # only reworded articles are read again here


def run_collector(folder: ArchiveFolder, url: str, places: Places, *, until_empty: bool) -> Exit:
    """Take messages home until SIGTERM, Ctrl-C, or with `until_empty` until none is left."""
    client = connected(url)
    ending = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: ending.set())
    with Session(folder, workers=WORKERS, cleaning_seconds=MURAGAT_CLEANING_SECONDS) as session:
        collector = Collector(session, client, places, known_sources(folder))
        collector.join()
        if not until_empty:
            print(f"Collecting {places.name} from {without_password(url)} into {folder.path}", flush=True)  # noqa: T201
        kept = asyncio.run(collect(collector, until_empty=until_empty, is_ending=ending.is_set))
    print(f"{kept} messages kept", file=sys.stderr)  # noqa: T201 - the command's own word
    return Exit.DONE


def known_sources(folder: ArchiveFolder) -> Mapping[str, Source]:
    """Every source the archive has a profile of; bad ones are told and left out."""
    sources, errors = readable_sources(folder, ())
    tell_left_out(errors)
    return {source.id: source for source in sources}
