"""A file that is there whole or not at all."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from archive.errors import StorageFull

GZIP_LEVEL = 6


@contextmanager
def output(to: str, *, packed: bool) -> Iterator[BinaryIO]:
    """The place to write to: standard output for "-", else the file, which appears when all is written.

    A file of that name stays as it was until then, and for good when writing fails. Raises StorageFull
    when the disk refuses.
    """
    if to == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(to).resolve()
    try:
        with ExitStack() as stack:
            special = path.exists() and not path.is_file()
            file = stack.enter_context(path.open("wb") if special else whole_file(path))
            yield stack.enter_context(gzip_into(file)) if packed else file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageFull(f"{to}: cannot be written ({error.strerror}); make room or rights") from error


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name when it is complete and on disk; a broken one leaves nothing."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def gzip_into(file: BinaryIO) -> BinaryIO:
    """A file that packs what is written to it; the same content gives the same bytes."""
    packed = gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=file, mtime=0)
    return cast(BinaryIO, packed)
