"""A file or folder that is there whole or not at all."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from archive.errors import NotAnArchive, StorageFull
from archive.store.folder import ArchiveFolder

GZIP_LEVEL = 6
COPIED_BYTES = 1024 * 1024


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
    with refusals_named(to), ExitStack() as stack:
        special = path.exists() and not path.is_file()
        file = stack.enter_context(path.open("wb") if special else whole_file(path))
        yield stack.enter_context(gzip_into(file)) if packed else file


@contextmanager
def refusals_named(to: str) -> Iterator[None]:
    """Turn what the disk refuses into StorageFull, once; a reader who leaves is no refusal."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageFull(f"{to}: cannot be written ({error.strerror}); make room or rights") from error


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name when it is complete and on disk; a broken one leaves nothing."""
    with whole_path(path) as part, part.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole_path(path: Path) -> Iterator[Path]:
    """Where to write a file that takes the name `path` at the end; what is written must be on disk then.

    A folder for it that is not there is made. Raises NotAnArchive for a living archive's own file.
    """
    refuse_own_file(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(path)
    try:
        yield part
        part.replace(path)
        fsync_folder(path.parent)
    except BaseException:
        for one in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm", "-journal"))):
            one.unlink(missing_ok=True)
        raise


def refuse_own_file(path: Path) -> None:
    """Raise NotAnArchive for the articles or raw pages of a living archive, this one or another."""
    folder = ArchiveFolder(path.parent)
    beside = {folder.news: folder.pages, folder.pages: folder.news}.get(path)
    if beside is not None and path.exists() and (beside.exists() or folder.lock.exists()):
        raise NotAnArchive(f"{path}: a living archive's own file is not replaced; name another file")


@contextmanager
def whole_folder(to: str) -> Iterator[Path]:
    """A folder that takes its name when all in it is on disk; a broken one leaves nothing.

    Folders above it that are not there are made. Raises StorageFull when the disk refuses.
    """
    path = Path(to).resolve()
    with refusals_named(to):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(path)
        try:
            part.mkdir()
            yield part
            # One call for all: a corpus of a million text files is a million waits otherwise.
            os.sync()
            part.replace(path)  # takes the place of an empty folder, of no other
            fsync_folder(path.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def part_of(path: Path) -> Path:
    """The name of the unfinished one beside it; those that killed processes have left are taken away."""
    left = re.compile(re.escape(f".{path.name}.") + r"(\d+)\.part.*")
    for one in path.parent.iterdir():
        if (match := left.fullmatch(one.name)) and not is_running(int(match[1])):
            shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def is_running(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def fsync_folder(path: Path) -> None:
    """Have the names in a folder on disk, where the system can."""
    with suppress(OSError):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Let SIGTERM end what is inside as Ctrl-C does, so that nothing half is left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def copy_into(path: Path, out: BinaryIO) -> None:
    """The bytes of a file into another."""
    with path.open("rb") as file:
        shutil.copyfileobj(file, out, COPIED_BYTES)


def gzip_into(file: BinaryIO) -> BinaryIO:
    """A file that packs what is written to it; the same content gives the same bytes."""
    packed = gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=file, mtime=0)
    return cast(BinaryIO, packed)
