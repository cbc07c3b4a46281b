"""Articles that try to run: twenty ways and more, each in every field of an article of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archive.records import Article, Author, Image, Link, Problem
from tests.site.conftest import article

WAYS = (
    "<script>alert('way')</script>",
    "<img src=x onerror=alert('way')>",
    "<svg onload=alert('way')><animate onbegin=alert('way') attributeName=x dur=1s>",
    "\"><script>alert('way')</script>",
    "' onmouseover='alert(1)' autofocus onfocus='alert(1)",
    "</title><script>alert('way')</script>",
    "</textarea></style></script><script>alert('way')</script>",
    "<iframe srcdoc=\"<script>parent.alert('way')</script>\"></iframe>",
    "<iframe src='https://evil.example/frame'></iframe>",
    "<object data='https://evil.example/object'></object><embed src='https://evil.example/embed'>",
    "<link rel=stylesheet href='https://evil.example/style.css'><style>@import 'https://evil.example/i.css';</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/away'>",
    "<base href='https://evil.example/'>",
    "<form action='https://evil.example/form'><button autofocus>Войти</button></form>",
    "<a href='javascript:alert(1)' id=trap>Нажмите</a>",
    "<a href=' &#1;java\tscript:alert(1)' id=trap>Нажмите</a>",
    "<a href='data:text/html,<script>alert(1)</script>' id=trap>Нажмите</a>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<details open ontoggle=alert(1)><summary>x</summary></details><video><source onerror=alert(1)></video>",
    "{{7*7}} {% raw %} ${alert(1)} #{7*7} <%= 7*7 %> {{ reader.datasette }}",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x02<b>\x03</mark><script>alert('marks')</script>\x02",
    "\u202eevil\u202c\u2066\u200b\x1b[31m\x00</script><script>alert(1)</script>",
    "<template><img src=x onerror=alert(1)></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "A" * 400 + "<script>alert(1)</script>" + "https://evil.example/" + "b" * 300,
)


def hostile_articles() -> Iterator[Article]:
    """One article for each way; all of them have the word «ловушка»."""
    for number, way in enumerate(WAYS):
        title = f"Ловушка {number} {way}"
        yield replace(
            article(f"trap{number}", title, f"{title}\n\n{way}"),
            body_html=f"<p>Ловушка {way}</p>{way}",
            lead=f"Ловушка {way}",
            kicker=way,
            agency=way,
            section=f"Ловушки {number % 3} {way}",
            tags=(way,),
            authors=(Author(way, "javascript:alert(1)"),),
            images=(
                Image("javascript:alert(1)", way, way, way, "lead"),
                Image("//evil.example/x", way, way, way, "body"),
            ),
            links=(
                Link("https://steppe.example/news/bridge", way, "related"),
                Link("javascript:alert(1)", way, "source"),
            ),
            evidence={"title": way, way: way},
            problems=(Problem(way[:40], way),),
            published_raw=way,
        )
