"""`muragat collect`: the collector on the archive's own terms, until it is asked to end."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading

from archive.exits import Exit
from archive.numbers_said import counted
from archive.store.folder import ArchiveFolder
from crawler.cluster.claiming import claim
from crawler.cluster.collecting import Collector, collect
from crawler.cluster.homes import Homes
from crawler.cluster.places import Places, connected, without_password


def run_collector(folder: ArchiveFolder, url: str, places: Places, *, until_empty: bool) -> Exit:
    """Take messages home until SIGTERM, Ctrl-C, or with `until_empty` until none is left."""
    client = connected(url)
    ending = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: ending.set())
    claim(client, places, folder)
    with Homes(folder) as homes:
        collector = Collector(homes, client, places)
        collector.join()
        if not until_empty:
            print(f"Collecting {places.name} from {without_password(url)} into {folder.path}", flush=True)  # noqa: T201
        kept = asyncio.run(collect(collector, until_empty=until_empty, is_ending=ending.is_set))
    print(f"{counted(kept, 'message')} kept", file=sys.stderr)  # noqa: T201 - the command's own word
    if until_empty and (left := sum(1 for _ in client.scan_iter(match=places.queued("*")))):
        jobs = f"{counted(left, 'job')} not done yet: collect again later, or without --until-empty"
        print(jobs, file=sys.stderr)  # noqa: T201 - the same
    return Exit.DONE
