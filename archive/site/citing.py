"""One article as others cite it: GOST R 7.0.5, APA, BibTeX, RIS and CSL-JSON. Pure.

Names are given as the page printed them: it does not say which word is the family name, and a guess would
turn some people around.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.site.day_words import MONTHS_OF_DAY, day_of, moment_of
from archive.site.shown import shown
from archive.site.workbench import names

MOST_NAMED = 3  # GOST R 7.0.5 names up to three authors
# Each with a meaning in TeX. The backslash first: what is put in has some too.
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
TEX_SIGN = re.compile("|".join(map(re.escape, TEX)))
# In JSON inside HTML: no text may end the element it stands in.
IN_SCRIPT = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})
# An address goes into \url, which wants it as it is; only these two would end its field.
URL_IN_TEX = str.maketrans({"{": "%7B", "}": "%7D"})


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation needs of an article; `day` is the publisher's own, `None` when the page named none.

    `title` is empty when there is none. `read_on` is the day the archive last saw the article at its address,
    `None` where it does not say. `permanent` is its address in the archive, "" where nobody else can open it.
    """

    number: int
    title: str
    authors: tuple[str, ...]
    paper: str
    url: str
    permanent: str
    language: str
    day: date | None
    read_on: date | None


def cited(article: Mapping[str, Any], *, permanent: str) -> Cited:
    """The row of an article, with its source's name, as a citation wants it: one line each."""
    seen = moment_of(article["last_seen_at"])
    return Cited(
        number=article["id"],
        title=one_line(article["title"]),
        authors=tuple(one_line(name) for name in names(article["authors"])),
        paper=one_line(article["source_name"] or article["source"]),
        url=one_line(article["url"]),
        permanent=permanent,
        language=article["language"] or "",
        day=day_of(article["published_date"]),
        read_on=seen.date() if seen else None,
    )


def one_line(text: object) -> str:
    """A text on one line, without what is not to be seen."""
    return " ".join(shown(text).split())


def gost(what: Cited) -> str:
    """By GOST R 7.0.5–2008, in Russian as the standard is; authors after the title, as they were printed."""
    several = " [и др.]" if len(what.authors) > MOST_NAMED else ""
    by = f" / {', '.join(what.authors[:MOST_NAMED])}{several}" if what.authors else ""
    day = f" {what.day.year}. {what.day.day} {MONTHS_OF_DAY['ru'][what.day.month - 1]}." if what.day else ""
    title = what.title or "[Без заголовка]"
    read_on = f" (дата обращения: {what.read_on:%d.%m.%Y})" if what.read_on else ""
    copy = f" Архивная копия: {what.permanent}" if what.permanent else ""
    return f"{title} [Электронный ресурс]{by} // {what.paper}.{day} URL: {what.url}{read_on}.{copy}"


def apa(what: Cited) -> str:
    """By APA, 7th edition, in English as the style is."""
    day, read_on = what.day, what.read_on
    when = f"({day.year}, {MONTHS_OF_DAY['en'][day.month - 1]} {day.day})" if day else "(n.d.)"
    where = what.url
    if read_on:
        month = MONTHS_OF_DAY["en"][read_on.month - 1]
        where = f"Retrieved {month} {read_on.day}, {read_on.year}, from {what.url}"
    title = (what.title or "[Untitled]").rstrip(".")
    if not what.authors:
        return f"{title}. {when}. {what.paper}. {where}"
    *first, last = what.authors
    by = f"{', '.join(first)}, & {last}" if first else last
    return f"{by.rstrip('.')}. {when}. {title}. {what.paper}. {where}"


def bibtex(what: Cited) -> str:
    """A BibTeX entry, in UTF-8; who was named, in braces that keep names whole."""
    fields = {
        "author": " and ".join(f"{{{in_tex(name)}}}" for name in what.authors),
        "title": f"{{{in_tex(what.title)}}}" if what.title else "",
        "howpublished": in_tex(what.paper),
        "year": str(what.day.year) if what.day else "",
        "month": MONTHS_OF_DAY["en"][what.day.month - 1][:3].lower() if what.day else "",
        "url": what.url.translate(URL_IN_TEX),
        "urldate": what.read_on.isoformat() if what.read_on else "",
        "note": rf"\url{{{what.permanent.translate(URL_IN_TEX)}}}" if what.permanent else "",
        "langid": {"ru": "russian", "kk": "kazakh", "en": "english"}.get(what.language, ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{muragat{what.number},", *lines, "}", ""])


def in_tex(text: str) -> str:
    """A text that TeX prints as it is."""
    return TEX_SIGN.sub(lambda match: TEX[match[0]], text)


def ris(what: Cited) -> str:
    """A RIS record: a line for each value, ended as the format asks."""
    lines = [
        ("TY", "NEWS"),
        ("TI", what.title),
        *(("AU", name) for name in what.authors),
        ("T2", what.paper),
        ("PY", str(what.day.year) if what.day else ""),
        ("DA", f"{what.day:%Y/%m/%d}/" if what.day else ""),
        ("UR", what.url),
        ("L2", what.permanent),
        ("LA", what.language),
        ("Y2", f"{what.read_on:%Y/%m/%d}/" if what.read_on else ""),
        ("DB", "Muragat" if what.permanent else ""),
    ]
    said = [f"{tag}  - {value}" for tag, value in lines if value]
    return "\r\n".join([*said, "ER  - ", ""])


def csl(what: Cited) -> str:
    """A list of one CSL-JSON item, as Zotero and pandoc read it."""
    item = {
        "id": f"muragat{what.number}",
        "type": "article-newspaper",
        "title": what.title,
        "author": [{"literal": name} for name in what.authors],
        "container-title": what.paper,
        "issued": date_parts(what.day),
        "URL": what.url,
        "accessed": date_parts(what.read_on),
        "language": what.language,
        "archive": "Muragat" if what.permanent else "",
        "archive_location": what.permanent,
    }
    said = {key: value for key, value in item.items() if value}
    return json.dumps([said], ensure_ascii=False, indent=2) + "\n"


def date_parts(day: date | None) -> dict[str, list[list[int]]] | None:
    """A day as CSL-JSON writes it."""
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def news_article(article: Mapping[str, Any], what: Cited) -> str:
    """The article as schema.org's NewsArticle in JSON-LD, fit to stand inside a script element."""
    published = moment_of(article["published_local"]) if article["published_precision"] != "day" else None
    stated = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": what.title,
        "datePublished": published.isoformat() if published else (what.day.isoformat() if what.day else ""),
        "dateModified": article["modified_at"],
        "author": [{"@type": "Person", "name": name} for name in what.authors],
        "publisher": {"@type": "Organization", "name": what.paper},
        "inLanguage": what.language,
        "url": what.url,
        "archivedAt": what.permanent,
        "articleSection": one_line(article["section"]),
        "keywords": [one_line(tag) for tag in names(article["tags"])],
        "isAccessibleForFree": {"free": True, "paywalled": False}.get(article["access"]),
    }
    said = {key: value for key, value in stated.items() if value not in (None, "", [])}
    return json.dumps(said, ensure_ascii=False).translate(IN_SCRIPT)
