"""What an answer means for its address. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from archive.records import Outcome

FORBIDDEN = {401, 402, 403, 407, 451}
LATER = {408, 425, 429}
# What a page of text calls itself; nothing else is asked to be an article.
READABLE = ("text/", "application/xhtml+xml", "application/xml", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome` READ means: read the body. `reason` is a short stable code, for all but READ and 304."""

    outcome: Outcome
    reason: str | None = None


def verdict(
    status: int, *, body_bytes: int, content_type: str | None, known: bool, conditional: bool
) -> Verdict:
    """What to do with an answer.

    `known` says whether an article was read at the address before, `conditional` whether it was asked only
    for what changed.

    An address that might still become an article is FAILED: it stays on the list and is asked again
    later, since a lost page is worse than a few more requests.
    """
    if status == 304:
        return Verdict(Outcome.NOT_MODIFIED) if conditional else Verdict(Outcome.FAILED, "unasked_304")
    if status == 410:
        return Verdict(Outcome.GONE if known else Outcome.REJECTED, "gone")
    if status == 404:
        return Verdict(Outcome.GONE, "gone") if known else Verdict(Outcome.FAILED, "not_found")
    if status in FORBIDDEN:
        return Verdict(Outcome.FAILED, "forbidden")
    if status >= 500 or status in LATER:
        return Verdict(Outcome.FAILED, "server_error" if status not in (429, 503) else "server_busy")
    if status != 200:
        return Verdict(Outcome.REJECTED, "http_status")
    if not body_bytes:
        return Verdict(Outcome.FAILED, "empty")
    if content_type and not content_type.strip().lower().startswith(READABLE):
        return Verdict(Outcome.REJECTED, "not_html")
    return Verdict(Outcome.READ)
