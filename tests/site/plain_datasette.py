"""Asks a Datasette without plugins for one page: `python plain_datasette.py FILE PATH` prints the status."""

import asyncio
import os
import sys

os.environ["DATASETTE_LOAD_PLUGINS"] = ""

from datasette.app import Datasette


async def status(file: str, path: str) -> int:
    datasette = Datasette([file])
    await datasette.invoke_startup()
    answer = await datasette.client.get(path)
    assert "muragat" not in str(await datasette.client.get("/-/plugins.json")).lower()
    return int(answer.status_code)


print(asyncio.run(status(*sys.argv[1:])))
