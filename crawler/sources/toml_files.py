"""A profile's bytes to its tables: size, encoding and TOML are checked before anything is read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from crawler.sources.errors import ProfileError

MAX_PROFILE_BYTES = 256 * 1024
# tomllib keeps every prefix of a dotted key: one of 100,000 parts takes all memory there is.
MAX_KEY_DOTS = 64
QUOTED = re.compile(r""""(?:[^"\\]|\\.)*+"|'[^']*+'""")


def text_of(path: Path) -> str:
    """The text of a profile; raises ProfileError for what is too large, empty, no file or not UTF-8."""
    try:
        if not path.is_file():
            raise ProfileError(path, "", "is not a file", "name a profile, a text file that ends in .toml")
        with path.open("rb") as file:
            content = file.read(MAX_PROFILE_BYTES + 1)
    except OSError as error:
        raise ProfileError(
            path, "", f"cannot be read ({error.strerror})", "check its name and permissions"
        ) from error
    if len(content) > MAX_PROFILE_BYTES:
        raise ProfileError(
            path,
            "",
            f"is larger than {MAX_PROFILE_BYTES // 1024} KiB",
            "a profile is a page of text: is this one?",
        )
    if not content.strip():
        raise ProfileError(path, "", "is empty", "fill it, or let `muragat sources add URL` draft one")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProfileError(path, "", "is not UTF-8 text", "save it again as UTF-8", line=line) from error


def parsed(path: Path, text: str) -> dict[str, Any]:
    """The tables of a TOML text; raises ProfileError with the line that is no TOML."""
    if line := overly_dotted_line(text):
        raise ProfileError(path, "", "has a key of too many parts", "a profile needs two levels", line=line)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ProfileError(path, "", "is nested too deeply", "a profile needs two levels") from error
    except tomllib.TOMLDecodeError as error:
        reason = re.sub(r" \(at .*\)$", "", " ".join(str(error).split()))
        remedy = "text stands in quotes, lists in brackets, each key once"
        raise ProfileError(
            path, "", f"is not TOML ({reason})", remedy, line=broken_line(error, text)
        ) from error
    except ValueError as error:
        # What int() itself refuses: a number of thousands of digits.
        raise ProfileError(path, "", "has a number that is too long to read", "shorten it") from error


def overly_dotted_line(text: str) -> int | None:
    """The first line whose key has more than MAX_KEY_DOTS parts, or `None`."""
    for number, line in enumerate(text.split("\n"), start=1):
        if QUOTED.sub("", line).partition("#")[0].count(".") > MAX_KEY_DOTS:
            return number
    return None


def broken_line(error: ValueError, text: str) -> int | None:
    """The line tomllib's message names."""
    message = str(error)
    if found := re.search(r"\(at line (\d+)", message):
        return int(found[1])
    return len(text.splitlines()) if "end of document" in message else None
