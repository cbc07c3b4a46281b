"""What opens an article: its summary and its first picture. Pure."""

from __future__ import annotations

from dataclasses import replace

from archive.records import Image
from crawler.cleaning.body import Body
from crawler.cleaning.candidates import selected_lines
from crawler.cleaning.elements import HtmlElement
from crawler.cleaning.gate import stated_line
from crawler.cleaning.json_ld import strings
from crawler.cleaning.places import absolute
from crawler.cleaning.structured import Stated


def lead_stated(page: Stated) -> str | None:
    """The summary the page states of itself; whether readers see it is the body's question."""
    for text in strings((page.article or {}).get("description")):
        if line := stated_line(text):
            return line
    return page.first_meta("og:description", "description", "twitter:description")


def lead_of(tree: HtmlElement, body: Body, selector: str | None) -> tuple[str | None, str | None]:
    """The article's opening summary as readers see it."""
    for line in selected_lines(tree, selector):
        return line, "profile"
    return (body.lead, "page") if body.lead else (None, None)


def with_lead_image(
    images: tuple[Image, ...], page: Stated, tree: HtmlElement, selector: str | None
) -> tuple[Image, ...]:
    """The article's pictures; the one the page states for shares opens them when the text shows no lead."""
    if any(image.role == "lead" for image in images):
        return images
    stated = page.first_meta("og:image:secure_url", "og:image", "twitter:image", "twitter:image:src")
    for href in (*selected_lines(tree, selector), *([stated] if stated else [])):
        address = absolute(href, page.base)
        if address and all(image.url != address for image in images):
            return (Image(address, role="lead"), *images)
    return tuple(
        replace(image, role="lead") if number == 0 and stated else image
        for number, image in enumerate(images)
    )
