"""An article's text as HTML fit for a page of ours: sanitised again, pictures turned into links."""

from __future__ import annotations

import re
from html import unescape

import nh3
from markupsafe import Markup

from archive.site.shown import cut, paragraphs, safe_url, shown

TAGS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "em", "strong",
    "table", "tr", "td", "th", "figure", "figcaption",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
LINK_REL = "nofollow noopener noreferrer"
# As nh3 writes it: every value in double quotes, `"`, `<` and `>` in it escaped.
PICTURE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
ALT_CHARS = 300


def body_markup(body_html: str, body: str, picture_word: str) -> Markup:
    """The text with headings, lists, quotes, tables and links; nothing in it runs or is loaded.

    Pictures become links to where they are, called by their description or `picture_word`. An article kept
    without HTML is shown by its plain paragraphs.
    """
    if not body_html.strip():
        return Markup("\n").join(Markup("<p>{}</p>").format(part) for part in paragraphs(body))
    known = nh3.clean(
        shown(body_html),
        tags=TAGS | {"img"},
        attributes=ATTRIBUTES | {"img": {"src", "alt"}},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel=None,
    )
    linked = PICTURE.sub(lambda match: picture_link(match[1], picture_word), known)
    # What was put in is cleaned with the rest: sanitising comes last, or it proves nothing.
    return Markup(  # noqa: S704 - nh3's own output
        nh3.clean(
            linked,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes={"http", "https"},
            url_relative="deny",
            link_rel=LINK_REL,
            set_tag_attribute_values={"table": {"tabindex": "0"}},  # a wide one is scrolled by keyboard too
        )
    )


def picture_link(attributes: str, picture_word: str) -> str:
    """A picture's tag as a link to it; its description alone when the address is none to send readers to."""
    stated = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
    label = cut(stated.get("alt", "").strip(), ALT_CHARS)
    words = f"{picture_word}: {label}" if label else picture_word
    url = safe_url(stated.get("src"))
    if not url:
        return str(Markup("<em>{}</em>").format(words)) if label else ""
    return str(Markup('<a href="{}">{}</a>').format(url, words))
