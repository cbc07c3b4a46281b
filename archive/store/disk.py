"""What the machine says of the disk an archive lies on: how much room it has, and what its errors mean."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from archive.errors import NoRoom, StorageFull

MIB = 1024 * 1024
LEAST_BYTES = MIB  # with less room than that an unexplained error of the disk is taken for a full one
REMEDIES = {
    errno.ENOSPC: "make room, then run again",
    errno.EDQUOT: "your quota is used up; make room, then run again",
    errno.EFBIG: "a file may not grow so large here; see `ulimit -f` and the file system's own limit",
    errno.EROFS: "make it writable, then run again",
    errno.EIO: "the disk fails or was taken away; look at the system's log (dmesg), copy what can be read",
    errno.EMFILE: "too few files may be open; raise the limit with `ulimit -n 1024`",
    errno.ENFILE: "the system has too many files open; end other programs, then run again",
    errno.EAGAIN: "no more processes may be begun; end other programs, or raise `ulimit -u`, then run again",
    errno.ENOMEM: "end other programs, or have fewer workers (MURAGAT_WORKERS), then run again",
}
TEMPORARY_FOLDERS = ("/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108 - only looked at
LIMITS = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
FULL = {errno.ENOSPC, errno.EDQUOT}


def free_bytes(path: Path) -> int:
    """How many bytes we may still write on the disk a file or folder lies on, links followed.

    0 where the disk can make no more files. Raises OSError when the disk does not answer.
    """
    disk = os.statvfs(path)
    if disk.f_files and not disk.f_favail:
        return 0
    return disk.f_bavail * disk.f_frsize


def full_place(path: Path) -> Path | None:
    """Which disk is full that a database needs: its own, or that of SQLite's temporary files; or `None`."""
    for place in (path.resolve().parent, temporary_folder()):
        try:
            if free_bytes(place) < LEAST_BYTES:
                return place
        except OSError:
            continue
    return None


def temporary_folder() -> Path:
    """Where SQLite keeps what does not fit into memory: https://www.sqlite.org/tempfiles.html, section 5."""
    places = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), *TEMPORARY_FOLDERS)
    usable = (Path(one) for one in places if one and os.access(one, os.W_OK | os.X_OK))
    return next(usable, Path())


def is_machine_error(error: OSError) -> bool:
    """Whether an error is of the disk or the limits of the process: no bug, and no fault of a page."""
    return error.errno in REMEDIES


def storage_error(error: OSError, path: Path | str) -> StorageFull:
    """The error that names what could not be written, opened or started, why, and what to do about it."""
    remedy = REMEDIES.get(error.errno or 0, "make room or rights")
    kind = NoRoom if error.errno in FULL else StorageFull
    what = "cannot be opened" if error.errno in LIMITS else "cannot be written"
    return kind(f"{error.filename or path}: {what} ({error.strerror}); {remedy}")
