"""An Atom feed (RFC 4287) of articles with their texts, for feed readers and everything that reads feeds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from archive.exports.columns import Column
from archive.exports.encoding import Style
from archive.exports.json_values import value_of
from archive.exports.rows import Row

# The columns an entry is made of.
READ = (
    *("id", "url", "source", "title", "lead", "body", "body_html", "published_at", "modified_at"),
    *("first_seen_at", "authors", "section", "tags", "language"),
)
TITLE = "Articles of a Muragat archive"
FEED_ID = uuid5(NAMESPACE_URL, "muragat:export")
LONG_AGO = "1970-01-01T00:00:00Z"  # of a feed without entries: nothing in it was ever new
# What XML 1.0 has no way to write.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a reader of XML would make another sign of: a line's end anywhere, other white space in an attribute.
IN_TEXT = str.maketrans({"\r": "&#13;"})
IN_ATTRIBUTE = str.maketrans({"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})


class Atom:
    """Rows of the columns `READ` as one feed."""

    def __init__(self, columns: Sequence[Column], style: Style) -> None:
        self.names = [column.name for column in columns]
        self.updated = style.updated or LONG_AGO

    def head(self) -> bytes:
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f"<id>urn:uuid:{FEED_ID}</id>\n{element('title', TITLE)}\n{element('updated', self.updated)}\n"
            "<generator>Muragat</generator>\n"
        ).encode()

    def rows(self, batch: Sequence[Row]) -> bytes:
        return "".join([entry(dict(zip(self.names, row, strict=True))) for row in batch]).encode()

    def tail(self) -> Iterable[bytes]:
        return (b"</feed>\n",)


def entry(said: Mapping[str, Any]) -> str:
    """One article."""
    language = f" xml:lang={quoted(said['language'])}" if said["language"] else ""
    return f"<entry{language}>\n" + "".join(f"{one}\n" for one in elements(said)) + "</entry>\n"


def elements(said: Mapping[str, Any]) -> Iterator[str]:
    """What an entry says. A source stands for authors that are not named: Atom wants one."""
    yield element("id", said["url"])
    yield element("title", said["title"] or "")
    yield f'<link rel="alternate" href={quoted(said["url"])}/>'
    yield element("updated", said["modified_at"] or said["published_at"] or said["first_seen_at"])
    if said["published_at"]:
        yield element("published", said["published_at"])
    for author in value_of(said["authors"]) or [{"name": said["source"]}]:
        uri = f"<uri>{written(author['url'])}</uri>" if author.get("url") else ""
        yield f"<author>{element('name', author['name'])}{uri}</author>"
    for term in dict.fromkeys(filter(None, [said["section"], *value_of(said["tags"])])):
        yield f"<category term={quoted(term)}/>"
    if said["lead"]:
        yield element("summary", said["lead"])
    is_html = bool(said["body_html"])
    kind, text = ("html", said["body_html"]) if is_html else ("text", said["body"])
    yield f'<content type="{kind}">{written(text)}</content>'


def element(name: str, text: object) -> str:
    """An element that holds a text."""
    return f"<{name}>{written(text)}</{name}>"


def writable(text: object) -> str:
    """A text, or another value as JSON, without what XML cannot hold."""
    said = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    return UNWRITABLE.sub("\ufffd", said)


def written(text: object) -> str:
    """A text as XML holds it: what it cannot hold is U+FFFD."""
    return escape(writable(text), quote=False).translate(IN_TEXT)


def quoted(text: object) -> str:
    """The same as the value of an attribute, in quotes."""
    return f'"{escape(writable(text)).translate(IN_ATTRIBUTE)}"'
