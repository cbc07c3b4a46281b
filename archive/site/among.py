"""An archive that is one of several: what it is called there, and where the page about all of them is.

Read from the plugin's configuration, as `muragat browse A B` writes it:
`{"plugins": {"muragat": {"name": "2026-03", "all": "/"}}}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from archive.site.shown import shown

# A path of this host: `//` and `/\\` begin the name of another one.
OWN_PATH = re.compile(r"/(?![/\\])[^\s?#]*")


@dataclass(frozen=True, slots=True)
class Among:
    """`root` is the path of the page about all archives; `name` what readers call this one, perhaps ""."""

    name: str
    root: str

    @classmethod
    def of(cls, name: str, root: str) -> Self:
        """Such a place; raises ValueError where `root` is no path of this host."""
        if not OWN_PATH.fullmatch(root):
            raise ValueError(f"{root!r} is no path of this host; write / or /archives/")
        return cls(name, root)

    def as_config(self) -> dict[str, Any]:
        """The plugin's configuration that says so."""
        return {"name": self.name, "all": self.root}


def among_of(datasette: Any) -> Among | None:
    """What the plugin's configuration says, `None` for an archive that stands alone; raises ValueError."""
    config = datasette.plugin_config("muragat") or {}
    root = config.get("all")
    return Among.of(shown(config.get("name")), str(root)) if root else None
