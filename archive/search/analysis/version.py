"""The version of the rules that make keys: an index made by others must be made anew."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files


@cache
def analysis_version() -> str:
    """A name that changes with any rule, list or dictionary that a key depends on; 16 hexadecimal digits.

    It is made of this folder's files themselves: a version counted by hand would one day be forgotten, and
    FTS5 takes words out of an index only by the keys they were put in with.
    """
    digest = blake2b(version("pymorphy3-dicts-ru").encode(), digest_size=8)
    for folder in (files(__package__), files(f"{__package__}.lists")):
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            if path.name.endswith((".py", ".txt")):
                digest.update(path.read_bytes())
    return digest.hexdigest()
