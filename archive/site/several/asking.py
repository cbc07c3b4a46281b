"""Asking all archives at once: each answers for itself, and who does not is left out and named."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from archive.errors import ArchiveError
from archive.site.compat import Forbidden, QueryInterrupted, Request
from archive.site.several.mounted import Mounted

# For one question to all. A query is interrupted after a second, and of many archives on two cores some wait.
PATIENCE_SECONDS = 5.0
# Why an archive does not answer: too slow, damaged, not there, or not for this reader.
SILENCE = (QueryInterrupted, sqlite3.Error, ArchiveError, Forbidden, OSError, TimeoutError)
Answer = TypeVar("Answer")
Question = Callable[[Mounted, Any], Awaitable[Answer]]


class Inquiry:
    """The archives while one page is made; `silent` are those that did not answer one of its questions.

    Who was silent once is asked no further: a page waits once.
    """

    def __init__(self, archives: Sequence[Mounted], request: Request) -> None:
        self.answering = list(archives)
        self.silent: list[Mounted] = []
        self.request = request

    @property
    def silent_titles(self) -> str:
        """What the archives are called that did not answer; empty where all did."""
        return ", ".join(one.title for one in self.silent)

    async def ask(
        self, question: Question[Answer], only: Iterable[Mounted] | None = None
    ) -> dict[Mounted, Answer]:
        """The answers to a question, put to all who answer, or to some of them; in the archives' order."""
        wanted = set(self.answering if only is None else only)
        asked = [one for one in self.answering if one in wanted]
        answers = await asyncio.gather(*(self.answer(one, question) for one in asked), return_exceptions=True)
        found: dict[Mounted, Answer] = {}
        for one, answer in zip(asked, answers, strict=True):
            if isinstance(answer, SILENCE):
                self.answering.remove(one)
                self.silent.append(one)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                found[one] = answer
        return found

    async def answer(self, archive: Mounted, question: Question[Answer]) -> Answer:
        """One archive's answer, while the asker has patience."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await question(archive, await archive.readable(self.request))
