"""Answers that are no page: not found, not allowed, too slow; in the reader's language, with a way out."""

from __future__ import annotations

from archive.site.compat import TOO_SLOW, Response
from archive.site.reader import Reader

WORDS_OF = {404: "not_found", 410: "taken_down", 403: "forbidden", 503: "archive_silent"}
HINTS = {404: "not_found_hint", 410: "taken_down_hint", 503: "archive_silent_hint"}

BARRED = "taken down in an archive beside this one"


def notice(reader: Reader, status: int, said: str) -> Response:
    """What went wrong, in words; `said` is the server's own message."""
    if reader.request.path.endswith(".json"):
        return Response.json({"ok": False, "error": said, "status": status, "title": None}, status=status)
    return reader.response(
        "notice.html",
        status=status,
        heading=reader.say("too_slow" if said == TOO_SLOW else WORDS_OF.get(status, "refused")),
        hint=hint(reader, status, said),
        search_works=reader.search_works,
    )


def hint(reader: Reader, status: int, said: str) -> str:
    """What more there is to say."""
    if said == BARRED:
        return reader.say("barred_hint")
    return reader.say(HINTS[status]) if status in HINTS else reader.say("server_said", said=said)
