"""Where a value came from, in the reader's words. Pure."""

from __future__ import annotations

# How a note of cleaning begins, and the sentence for it; of several that fit, the first tells.
PLACES = (
    *(("json-ld", "from_json_ld"), ("microdata", "from_microdata"), ("meta", "from_meta")),
    *(("og:title", "from_meta"), ("stated in the head", "from_meta"), ("news sitemap", "from_news_sitemap")),
    *(
        ("sitemap", "from_sitemap"),
        ("feed", "from_feed"),
        ("listing", "from_listing"),
        ("given", "from_given"),
    ),
    *(("profile", "from_profile"), ("learned block model", "from_model"), ("learned", "from_learned")),
    *(("h1", "from_heading"), ("heading", "from_heading"), ("title", "from_title")),
    *(("visible", "from_visible"), ("dateline", "from_dateline"), ("script", "from_script")),
    *(("url", "from_address"), ("address", "from_address"), ("byline", "from_byline")),
    *(("author", "from_byline"), ("signature", "from_signature"), ("breadcrumbs", "from_breadcrumbs")),
    *(("section", "from_section"), ("rel=tag", "from_tag_links"), ("class paywall", "from_wall")),
    *(("text", "from_text"), ("page", "from_page")),
)


def place_of(note: str) -> tuple[str, str]:
    """The key of the sentence for a note, and the note itself where it says more; "" for either not there.

    A note nobody has words for is shown as it stands.
    """
    for begin, key in PLACES:
        if note == begin:
            return key, ""
        if note.startswith(begin) and note[len(begin)] in " ,":
            return key, note
    return "", note
