"""How to cite one article: in words for a list of literature, and as files for programs that keep one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archive.site.article_head import article_row, head_of
from archive.site.citing import Cited, apa, bibtex, cited, csl, gost, ris
from archive.site.compat import Response
from archive.site.reader import Reader


@dataclass(frozen=True, slots=True)
class CitationFile:
    """A format programs read: its name for readers, its file's ending and kind, and who writes it."""

    name: str
    ending: str
    content_type: str
    write: Callable[[Cited], str]


FILES = {
    one.ending: one
    for one in (
        CitationFile("BibTeX", "bib", "application/x-bibtex; charset=utf-8", bibtex),
        CitationFile("RIS", "ris", "application/x-research-info-systems; charset=utf-8", ris),
        CitationFile("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json; charset=utf-8", csl),
    )
}
PLAIN = {"ГОСТ Р 7.0.5": gost, "APA": apa}


async def cite_page(reader: Reader, db: Any) -> Response:
    """The article's citations, to be copied."""
    article = await article_row(reader, db)
    what = cited_at(reader, article)
    return reader.response(
        "cite.html",
        head=head_of(reader, article),
        back=reader.href(f"/a/{article['id']}"),
        has_address=bool(what.permanent),
        plain=[(name, write(what)) for name, write in PLAIN.items()],
        files=[
            (one.name, one.write(what), reader.plain_href(f"/a/{article['id']}.{ending}"))
            for ending, one in FILES.items()
        ],
    )


async def citation_file(reader: Reader, db: Any) -> Response:
    """The article's citation as a file."""
    article = await article_row(reader, db)
    form = FILES[reader.request.url_vars["ending"]]
    name = f"muragat-{article['id']}.{form.ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(form.write(cited_at(reader, article)), headers=headers, content_type=form.content_type)


def cited_at(reader: Reader, article: Any) -> Cited:
    """What a citation says; it names the copy in the archive where the world can open that."""
    return cited(article, permanent=reader.public_url(f"/a/{article['id']}"))
