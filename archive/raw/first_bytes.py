"""What a file or record begins with, said to people."""

from __future__ import annotations

from codecs import getincrementaldecoder

from archive.terminal import terminal_safe

LOOKED_AT = 64  # bytes
SHOWN = 40  # characters
NO_TEXT = "it is no text in UTF-8"
KINDS = {
    b"SQLite format 3\0": "a database of SQLite",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"%PDF": "a PDF",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ": "packed by xz",
}


def begins(content: bytes) -> str:
    """What something is by its first bytes: its kind, its first words, or no text in UTF-8."""
    if not content:
        return "it is empty"
    for mark, kind in KINDS.items():
        if content.startswith(mark):
            return f"it is {kind}"
    try:
        text = getincrementaldecoder("utf-8-sig")().decode(content)
    except UnicodeDecodeError:
        return NO_TEXT
    first = next(filter(None, map(terminal_safe, text.splitlines())), "")
    return f"it begins with “{first[:SHOWN]}”" if first and "\0" not in text else NO_TEXT
