"""What can be wrong with a profile, one clear line each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from archive.numbers_said import counted


class ProfileError(Exception):
    """One thing wrong with a profile: the file, the line and key, what is wrong and what to do.

    The message is one line; `key` is empty for what concerns the whole file, `line` is `None` where it is
    not known.
    """

    def __init__(self, path: Path, key: str, message: str, remedy: str, *, line: int | None = None) -> None:
        self.path = path
        self.key = key
        self.message = message
        self.remedy = remedy
        self.line = line
        where = f"{path}:{line}" if line else str(path)
        super().__init__(": ".join(part for part in (where, key, f"{message}; {remedy}") if part))

    @property
    def errors(self) -> tuple[ProfileError, ...]:
        """Everything wrong with the file: this alone."""
        return (self,)


class ProfileErrors(ProfileError):
    """Several things wrong with one profile, in the order of the file; the message has one line for each."""

    def __init__(self, errors: Sequence[ProfileError]) -> None:
        first = errors[0]
        super().__init__(first.path, first.key, first.message, first.remedy, line=first.line)
        self.args = ("\n".join(str(error) for error in errors),)
        self._errors = tuple(errors)

    @property
    def errors(self) -> tuple[ProfileError, ...]:
        """Everything wrong with the file, each alone."""
        return self._errors


class UnknownSource(Exception):
    """No profile has this id."""

    def __init__(self, source_id: str, known: Iterable[str]) -> None:
        self.source_id = source_id
        names = sorted(known)
        near = get_close_matches(source_id, names, n=1)
        hint = f"did you mean {near[0]}?" if near else "`muragat sources list` names them all"
        super().__init__(f"no source has the id {source_id!r} among {counted(len(names), 'profile')}; {hint}")


class NoProfile(UnknownSource):
    """No profile has this id, but the archive knows the source: it was imported, or its profile is gone."""

    def __init__(self, source_id: str, home: str) -> None:
        self.source_id = source_id
        Exception.__init__(
            self,
            f"{source_id} is in this archive without a profile: its pages were imported, or its profile was "
            f"removed; `muragat sources add {home} --id {source_id}` drafts one, and --profile FILE names "
            "one elsewhere",
        )


class Unfit(ValueError):
    """A value that cannot stand at its place: what is wrong with it and what to write instead."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message}; {remedy}")
