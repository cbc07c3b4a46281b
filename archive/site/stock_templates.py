"""Datasette's own pages in the reader's language: its English is replaced as a template is loaded.

Datasette's templates stay its own; what a version words otherwise than the list below just stays English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import BaseLoader, Environment

from archive.site.stock_words import Words

# Template, and what to find in it; between guillemets stands what is said.
SAID: tuple[tuple[str, str], ...] = (
    ("base.html", '<title id="nav-menu-svg-title">«Menu»</title>'),
    ("base.html", '<button class="button-as-link">«Log out»</button>'),
    ("base.html", 'aria-keyshortcuts="/">«Jump to...» <kbd'),
    ("_action_menu.html", '<title id="actions-menu-links-title">«Table actions»</title>'),
    ("table.html", '<title id="actions-menu-links-title">«Table actions»</title>'),
    ("table.html", "{% if is_view %} «(view)»{% endif %}"),
    ("table.html", '<label for="_search">«Search:»</label>'),
    ("table.html", '<option value="">«- remove filter -»</option>'),
    ("table.html", '<option value="">«- column -»</option>'),
    ("table.html", '<option value="">«Sort...»</option>'),
    ("table.html", ">«Sort by» {{ column.name }}</option>"),
    ("table.html", "{% if sort_desc %} checked{% endif %}> «descending»</label>"),
    ("table.html", '<input type="submit" value="«Apply»">'),
    ("table.html", '<input type="submit" value="«Apply filters»" tabindex="0">'),
    ("table.html", '<span class="underlined">«View and edit SQL»</span>'),
    ("table.html", '<p class="export-links">«This data as» {% for'),
    ("table.html", '(<a href="#export">«advanced»</a>)'),
    ("table.html", '<p class="facets-timed-out">«These facets timed out:» {{'),
    ("table.html", '<a href="{{ next_url }}">«Next page»</a>'),
    ("table.html", "<h3>«Advanced export»</h3>"),
    ("table.html", "<p>«JSON shape:»"),
    ("table.html", "<a href=\"{{ renderers['json'] }}\">«default»</a>"),
    ("table.html", "'_shape=array') }}\">«array»</a>"),
    ("table.html", "'_shape=array&_nl=on') }}\">«newline-delimited»</a>"),
    ("table.html", "'_shape=object') }}\">«object»</a>"),
    ("table.html", "«CSV options:»\n"),
    ("table.html", '<input type="checkbox" name="_dl"> «download file»</label>'),
    ("table.html", 'name="_labels" checked> «expand labels»</label>'),
    ("table.html", 'name="_stream"> «stream all rows»</label>'),
    ("table.html", '<input type="submit" value="«Export CSV»">'),
    ("table.html", '">«count all»</button>'),
    ("table.html", 'onclick="openColumnChooser()">«Choose columns»</button>'),
    ("table.html", "<span>«Column actions»</span>"),
    ("_suggested_facets.html", "    «Suggested facets:» {% for"),
    ("_table.html", '<p class="zero-results">«0 records»</p>'),
    ("_footer.html", '«Powered by» <a href="https://datasette.io/"'),
    ("_footer.html", "&middot; «Queries took» {{ query_ms|round(3) }}«ms»"),
    ("_footer.html", "&middot; «Data license:»"),
    ("_footer.html", "«Data source:» {% if"),
    ("_footer.html", "«About:» {% if"),
    ("_description_source_license.html", "{% if metadata.license or metadata.license_url %}«Data license:»"),
    ("_description_source_license.html", "«Data source:» {% if"),
    ("_description_source_license.html", "«About:» {% if"),
    ("database.html", '<title id="actions-menu-links-title">«Database actions»</title>'),
    ("database.html", '<title id="actions-menu-links-title">«Table actions»</title>'),
    ("database.html", "<h3>«Custom SQL query»</h3>"),
    ("database.html", "hidden>«Format SQL»</button>"),
    ("database.html", '<input type="submit" value="«Run SQL»">'),
    ("database.html", '<h2 id="queries">«Queries»</h2>'),
    ("database.html", '<h2 id="tables">«Tables»'),
    ("database.html", '/-/schema">«schema»</a>'),
    ("database.html", "<em> «(hidden)»</em>"),
    ("database.html", "{% if table.count is none %}«Many rows»{%"),
    ("database.html", '<h2 id="views">«Views»</h2>'),
    ("database.html", '<p class="download-sqlite">«Download SQLite DB:» <a'),
    ("query.html", "hidden>«Format SQL»</button>"),
    ("query.html", ">«Edit SQL»</a>"),
    ("query.html", '<p class="export-links">«This data as» {% for'),
    ("query.html", "<h3>«Query parameters»</h3>"),
    ("query.html", '<p class="zero-results">«0 results»</p>'),
    ("_query_results.html", '<p class="zero-results">«0 results»</p>'),
    ("_sql_parameters.html", "<h2>«Parameters»</h2>"),
    ("row.html", "<p>«This data as» {% for"),
    ("row.html", "<h2>«Links from other tables»</h2>"),
    ("row.html", "«from» {{ other.other_column }} «in» {{ other.other_table }}"),
)

ROW_COUNT = '{{{{ "{{:,}}".format({n}) }}}} row{{% if {n} == 1 %}}{{% else %}}s{{% endif %}}'
# The page of an error nobody foresaw is made without a request.
TONGUES = (
    '{% if request %}<p class="tongues">{{ muragat.tr("Language") }}: '
    "{% for code, name in muragat.languages() %}"
    '<a href="{{ muragat.in_language(request, code) }}" lang="{{ code }}" hreflang="{{ code }}">'
    "{{ name }}</a>"
    "{% if not loop.last %} · {% endif %}{% endfor %}</p>{% endif %}\n"
)
FOLDED = '<details><summary>{{ muragat.tr("What the columns mean") }}</summary>'


def counted(name: str) -> tuple[str, str]:
    """How Datasette counts rows, and how we do."""
    return ROW_COUNT.format(n=name), f'{{{{ muragat.counted("rows", {name}) }}}}'


# Template, what to find in it, and what to put there: where more than words is to be said.
REWRITTEN: tuple[tuple[str, str, str], ...] = (
    ("base.html", "<html>", '<html lang="{{ muragat.language() }}">'),
    ("base.html", '<html lang="en">', '<html lang="{{ muragat.language() }}">'),
    ("base.html", '<footer class="ft">', '<footer class="ft">' + TONGUES),
    ("_crumbs.html", "{{ item.label }}", "{{ muragat.crumb(item) }}"),
    # The button of a saved search runs no SQL that a reader could see.
    (
        "query.html",
        "<h3>Custom SQL query{% if",
        '<h3>{{ muragat.tr("Custom SQL query" if editable else "Saved search") }}{% if',
    ),
    (
        "query.html",
        "returning {% if truncated %}more than {% endif %}" + counted("display_rows|length")[0],
        "· {% if truncated %}&gt; {% endif %}" + counted("display_rows|length")[1],
    ),
    ("query.html", "{{ show_hide_text }}", "{{ muragat.tr(show_hide_text) }}"),
    ("query.html", 'value="Run SQL"', 'value="{{ muragat.tr("Run SQL" if editable else "Run") }}"'),
    ("query.html", "{{ metadata.title or database }}", "{{ muragat.tr(metadata.title or database) }}"),
    ("query.html", '}}">{{ name }}</label>', '}}">{{ muragat.column(name) }}</label>'),
    ("query.html", 'scope="col">{{ column }}</th>', 'scope="col">{{ muragat.column(column) }}</th>'),
    ("_query_results.html", 'scope="col">{{ column }}</th>', 'scope="col">{{ muragat.column(column) }}</th>'),
    ("_sql_parameters.html", '">{{ parameter }}</label>', '">{{ muragat.column(parameter) }}</label>'),
    ("query.html", "{{ column|escape_css_string }}", "{{ muragat.column(column)|escape_css_string }}"),
    ("row.html", "{{ column|escape_css_string }}", "{{ muragat.column(column)|escape_css_string }}"),
    (
        "row.html",
        '#{{ database_color(database) }}">{{ table }}:',
        '#{{ database_color(database) }}">{{ muragat.table(table) }}:',
    ),
    ("row.html", '#{{ database_color }}">{{ table }}:', '#{{ database_color }}">{{ muragat.table(table) }}:'),
    ("row.html", *counted("other.count")),
    ("row.html", "{{ other.other_column }}", "«{{ muragat.column(other.other_column) }}»"),
    ("row.html", "{{ other.other_table }}", "«{{ muragat.table(other.other_table) }}»"),
    ("database.html", "{{ metadata.title or database }}", "{{ muragat.tr(metadata.title or database) }}"),
    ("database.html", "{{ query.title or query.name }}", "{{ muragat.tr(query.title or query.name) }}"),
    (
        "database.html",
        "{{ table.name }}</a>{% if table.private %}",
        "{{ muragat.table(table.name) }}</a> <code>{{ table.name }}</code>{% if table.private %}",
    ),
    (
        "database.html",
        "{% for column in table.columns %}{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}",
        '{{ table.columns|map("muragat_column")|join(", ") }}',
    ),
    ("database.html", *counted("table.count")),
    (
        "database.html",
        "{{ view.name }}</a>",
        "{{ muragat.table(view.name) }}</a> <code>{{ view.name }}</code>",
    ),
    (
        "database.html",
        '{{ "{:,}".format(hidden_count) }} hidden table{% if hidden_count == 1 %}{% else %}s{% endif %}',
        '{{ muragat.counted("hidden_tables", hidden_count) }}',
    ),
    ("database.html", "<p>... and <a", "<p>… <a"),
    (
        "table.html",
        "{{ metadata.title or table }}",
        "{{ muragat.tr(metadata.title or muragat.table(table)) }}",
    ),
    (
        "table.html",
        '{{ metadata.get("title") or table }}',
        '{{ muragat.tr(metadata.get("title") or table) }}',
    ),
    ("table.html", *counted("filtered_table_rows_count")),
    ("table.html", *counted("count")),
    ("table.html", '{{ "{:,}".format(count - 1) }}+ rows', '&gt;{{ muragat.counted("rows", count - 1) }}'),
    ("table.html", "{{ human_description_en }}", "{{ muragat.described(human_description_en) }}"),
    ("table.html", "{{ display }}</option>", "{{ muragat.operator(display) }}</option>"),
    (
        "table.html",
        "<option{% if c == column %} selected{% endif %}>{{ c }}</option>",
        '<option value="{{ c }}"{% if c == column %} selected{% endif %}>{{ muragat.column(c) }}</option>',
    ),
    (
        "table.html",
        "<option>{{ column }}</option>",
        '<option value="{{ column }}">{{ muragat.column(column) }}</option>',
    ),
    ("table.html", " {{ column.name }}</option>", " {{ muragat.column(column.name) }}</option>"),
    (
        "table.html",
        '<select name="_filter_column_{{',
        '<select aria-label="{{ muragat.tr("- column -") }}" name="_filter_column_{{',
    ),
    (
        "table.html",
        '<select name="_filter_column">',
        '<select aria-label="{{ muragat.tr("- column -") }}" name="_filter_column">',
    ),
    (
        "table.html",
        '<select name="_filter_op',
        '<select aria-label="{{ muragat.operator("=") }}" name="_filter_op',
    ),
    ("table.html", '<select name="_sort"', '<select aria-label="{{ muragat.tr("Sort...") }}" name="_sort"'),
    (
        "table.html",
        "{{ column.name|escape_css_string }}",
        "{{ muragat.column(column.name)|escape_css_string }}",
    ),
    (
        "table.html",
        '<input type="text" name="_filter_value',
        '<input type="text" aria-label="{{ muragat.tr("Value") }}" name="_filter_value',
    ),
    # Forty columns are described above the rows: folded, the rows are seen at once.
    (
        "table.html",
        '<dl class="column-descriptions">',
        f'{FOLDED}<dl class="column-descriptions">',
    ),
    ("table.html", "    {% endfor %}\n</dl>", "    {% endfor %}\n</dl></details>"),
    (
        "table.html",
        "<dt>{{ column_name }}</dt><dd>",
        '<dt>{{ muragat.column(column_name) }} <code>{{ column_name }}</code></dt><dd lang="en">',
    ),
    ("_table.html", "{{ column.name }}\n", "{{ muragat.column(column.name) }}\n"),
    (
        "_table.html",
        'rel="nofollow">{{ column.name }}',
        'title="{{ column.name }}" rel="nofollow">{{ muragat.column(column.name) }}',
    ),
    (
        "_facet_results.html",
        "<strong>{{ facet_info.name }}",
        '<strong title="{{ facet_info.name }}">{{ muragat.column(facet_info.name) }}',
    ),
    ("_suggested_facets.html", "{{ facet.name }}</a>", "{{ muragat.column(facet.name) }}</a>"),
    (
        "_description_source_license.html",
        "{{ metadata.description }}",
        "{{ muragat.tr(metadata.description) }}",
    ),
    ("_description_source_license.html", "{{ metadata.license }}", "{{ muragat.tr(metadata.license) }}"),
    ("_footer.html", "{{ metadata.license }}", "{{ muragat.tr(metadata.license) }}"),
)


class SpeakingLoader(BaseLoader):
    """Loads what another loader finds; Datasette's own templates speak the reader's language."""

    def __init__(self, inner: BaseLoader, own: Path) -> None:
        self.inner, self.own = inner, own

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The template's text, rewritten if it is Datasette's own and not one the user put in its place."""
        source, file, is_fresh = self.inner.get_source(environment, template)
        if file is not None and Path(file).parent == self.own:
            source, _ = rewritten(source, Path(file).name)
        return source, file, is_fresh

    def list_templates(self) -> list[str]:
        """What the other loader lists."""
        return self.inner.list_templates()


def teach(environment: Environment, words: Words) -> None:
    """Have an environment of Datasette's speak the reader's language."""
    import datasette

    assert environment.loader is not None
    own = Path(str(datasette.__file__)).parent / "templates"
    environment.loader = SpeakingLoader(environment.loader, own)
    environment.globals["muragat"] = words
    environment.filters["muragat_column"] = words.column


def rewritten(source: str, template: str) -> tuple[str, list[str]]:
    """A template with ours in place of its English, and what of ours it has no place for."""
    missing = []
    for name, found, ours in changes():
        if name == template:
            missing += [] if found in source else [found]
            source = source.replace(found, ours)
    return source, missing


def changes() -> list[tuple[str, str, str]]:
    """All that is replaced, sentences first: their surroundings are still as Datasette wrote them."""
    said = [
        (
            name,
            re.sub("[«»]", "", marked),
            re.sub("«(.+?)»", lambda phrase: f"{{{{ muragat.tr('{phrase[1]}') }}}}", marked),
        )
        for name, marked in SAID
    ]
    return [*said, *REWRITTEN]
