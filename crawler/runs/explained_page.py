"""Why an article says what it says, as one web page of its own: no script, nothing loaded. Pure.

Every text of the page goes through `Markup.format`, which escapes it; addresses are shown and never linked.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from archive.records import Problem
from crawler.cleaning.body.judging import JudgedBlock
from crawler.cleaning.explaining import Explained, Explanation, Seen

# Grey text keeps a contrast of 4.5 to 1 on both grounds; marks are words, so no colour is needed.
STYLE = Markup("""
:root { color-scheme: light dark;
  --ground: #fff; --text: #1b1b1b; --grey: #666; --line: #ccc; --kept: #1a6b3c }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16181b; --text: #e8e8e8; --grey: #9a9a9a; --line: #444; --kept: #6fcf97 }
}
body { background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
  margin: 0 auto; max-width: 60rem; padding: 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.3rem } h2 { font-size: 1.1rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
th, td { border-top: 1px solid var(--line); padding: .3rem .5rem; text-align: start; vertical-align: top }
th { white-space: nowrap }
ul, ol { list-style: none; margin: 0; padding: 0 }
.mark { font-weight: bold }
.from, .about { color: var(--grey); font-size: .85rem }
.lost { color: var(--grey) }
.block { border-inline-start: .3rem solid var(--kept); margin: .5rem 0; padding: .1rem .8rem }
.block p { margin: .2rem 0; white-space: pre-line }
.dropped { border-inline-start: .3rem dashed var(--line); color: var(--grey) }
.kept .mark { color: var(--kept) }
""")
PAGE = Markup("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Why: {title}</title>
<style>{style}</style>
</head>
<body>
<h1 dir="auto">{title}</h1>
<p class="about">{name}<br>{url}</p>
<h2>Fields</h2>
<table>
{fields}
</table>
<h2>Problems</h2>
{problems}
<h2>Blocks: {kept} of {all} kept</h2>
<ol>
{blocks}
</ol>
</body>
</html>
""")
FIELD = Markup('<tr><th scope="row">{name}</th><td dir="auto">{value}{evidence}{seen}</td></tr>')
EVIDENCE = Markup(' <span class="from">from {}</span>')
SEEN = Markup(
    '<li class="{kind}"><span class="mark">{mark}</span> {value} <span class="from">{evidence}</span></li>'
)
BLOCK = Markup(
    '<li class="block {kind}"><div class="about"><span class="mark">{mark}</span> · {score} · {tag} · {why}'
    '<br>{path}</div><p dir="auto">{text}</p></li>'
)
NOTHING = Markup("<p>None.</p>")


def explained_page(explanation: Explanation, name: str, url: str | None) -> str:
    """The whole page as HTML; `name` is the page's as given, `url` where it is from, if anyone said."""
    blocks = explanation.blocks
    return PAGE.format(
        style=STYLE,
        title=explanation.article.title or "no title",
        name=name,
        url=url or "address unknown",
        fields=joined(map(field_row, explanation.fields)),
        problems=problem_list(explanation.article.problems),
        kept=sum(block.kept for block in blocks),
        all=len(blocks),
        blocks=joined(map(block_item, blocks)),
    )


def field_row(field: Explained) -> Markup:
    """A field with its value, where it came from, and what was seen for it."""
    seen = joined(map(seen_item, field.candidates))
    return FIELD.format(
        name=field.name,
        value=field.value if field.value is not None else "the page does not say",
        evidence=EVIDENCE.format(field.evidence) if field.evidence else "",
        seen=Markup("<ul>{}</ul>").format(seen) if seen else "",
    )


def seen_item(seen: Seen) -> Markup:
    """One candidate, marked as taken or passed over."""
    return SEEN.format(
        kind="won" if seen.won else "lost",
        mark="✓ taken" if seen.won else "✗ passed over",
        value=seen.value,
        evidence=seen.evidence,
    )


def block_item(block: JudgedBlock) -> Markup:
    """One block, marked as kept or dropped."""
    return BLOCK.format(
        kind="kept" if block.kept else "dropped",
        mark="✓ kept" if block.kept else "✗ dropped",
        score=f"{block.score:.2f}" if block.score is not None else "no score",
        tag=block.tag,
        why=block.why,
        path=block.path,
        text=block.text,
    )


def problem_list(problems: Iterable[Problem]) -> Markup:
    """What went wrong or was doubted."""
    items = joined(Markup("<li>{}: {}</li>").format(p.code, p.detail) for p in problems)
    return Markup("<ul>{}</ul>").format(items) if items else NOTHING


def joined(parts: Iterable[Markup]) -> Markup:
    """Pieces of HTML one below the other."""
    return Markup("\n").join(parts)
