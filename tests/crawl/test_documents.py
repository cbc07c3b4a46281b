"""Feeds, sitemaps and listings that misbehave, each as a source of its own in one crawl."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.crawl.conftest import Archive, MisbehavingSite, Visitor, article_page, listening, muragat

LIMIT = 6  # articles of a source: what is named and not asked waits on the list
RSS = "application/rss+xml"


@dataclass(frozen=True, slots=True)
class Document:
    """A source's only document: its bytes (`{0}` is the site, `{1}` the source) and what must come of it.

    `named` articles `/a/NAME/1`, `/a/NAME/2` … are known after the crawl; `codes` are its problems.
    """

    fault: int
    body: str | bytes
    named: int
    codes: set[str] = field(default_factory=set)
    kind: str = "feed"

    def bytes_for(self, site: str, name: str) -> bytes:
        if isinstance(self.body, bytes):
            return self.body.replace(b"{0}", site.encode()).replace(b"{1}", name.encode())
        return self.body.replace("{0}", site).replace("{1}", name).encode()


def item(number: int, more: str = "") -> str:
    return f"<item><link>{{0}}/a/{{1}}/{number}</link><title>Вода {number}</title>{more}</item>"


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"


def urlset(*addresses: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{address}</loc></url>" for address in addresses) + "</urlset>"


def index(*addresses: str) -> str:
    named = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f"<sitemapindex>{named}</sitemapindex>"


SCHEMES = ["file:///etc/hostname", "data:text/html,x", "javascript:alert(1)", "ftp://h.example/x"]
SCHEMES += ["mailto:a@b.example", "blob:x"]
LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
)
HOSTS = ["http://[::1", "http://127.0.0.1:99999/a/x/9", "http://", "http://пуbliс.example/a", "http://a b/"]

DOCUMENTS: dict[str, Document] = {
    "schemes-feed": Document(
        1, rss(*(f"<item><link>{s}</link></item>" for s in SCHEMES), item(1)), 1, {"scheme"}
    ),
    "schemes-sitemap": Document(1, urlset(*SCHEMES, "{0}/a/{1}/1"), 1, {"scheme"}, "sitemap"),
    "schemes-listing": Document(
        1,
        "<html><body>" + "".join(f"<h3><a href='{s}'>x</a></h3>" for s in [*SCHEMES, "/a/{1}/1"]),
        1,
        {"scheme"},
        "listing",
    ),
    "private": Document(
        2, rss("<item><link>http://169.254.169.254/a/1</link></item>", item(1)), 1, {"offsite"}
    ),
    "hosts": Document(16, rss(*(f"<item><link>{h}</link></item>" for h in HOSTS), item(1)), 1, {"bad_url"}),
    "spellings": Document(
        17,
        rss(
            *(
                f"<item><link>{{0}}{path}</link></item>"
                for path in (
                    "/a/{1}/1?utm_source=feed",
                    "/a/{1}/1#comments",
                    "//a/{1}//1",
                    "/a/./{1}/1/",
                    "/a/{1}/%31",
                    "/a/{1}/1;jsessionid=0123456789abcdef",
                    "/a/{1}/1?PHPSESSID=0123456789abcdef",
                )
            )
        ),
        1,
    ),
    "page-in-its-place": Document(21, "<html><body>Мы переехали</body></html>", 0, {"parse"}),
    "json-in-its-place": Document(21, '{"error": "no such feed"}', 0, {"parse"}),
    "empty": Document(21, " ", 0, {"empty"}),
    "bom": Document(21, "\ufeff" + rss(item(1)), 1),
    "wrong-encoding": Document(
        21, f"<?xml version='1.0' encoding='utf-8'?>{rss(item(1))}".encode("cp1251"), 1
    ),
    "undefined-entity": Document(
        21, rss(item(1, "<description>a&nbsp;b &copy; c</description>"), item(2)), 2
    ),
    "cut-off": Document(21, rss(item(1), item(2)).partition("<title>Вода 2")[0], 1, {"truncated"}),
    "laughs": Document(22, LAUGHS + "]>" + rss(item(1, "<d>&l;</d>")), 0, {"entities"}),
    "external-entity": Document(
        22,
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + rss(item(1, "<d>&x;</d>")),
        0,
        {"entities"},
    ),
    "network-dtd": Document(22, "<!DOCTYPE rss SYSTEM '{0}/stolen.dtd'>" + rss(item(1)), 1),
    "100000-items": Document(
        23,
        rss(*(item(n, f"<pubDate>2026-03-{n // 5000 + 1:02}</pubDate>") for n in range(100_000))),
        2_000,
        {"too_many_items"},
    ),
    "100000-nested-tags": Document(23, rss(item(1), "<a>" * 100_000), 1, {"too_complex"}),
    "50-mb": Document(23, rss(item(1), "x" * 50_000_000), 0, {"too_large"}),
    "no-link": Document(24, rss("<item><title>Без адреса</title></item>", item(1)), 1, {"no_link"}),
    "one-guid": Document(24, rss(*(item(n, "<guid>1</guid>") for n in (1, 2, 2, 3))), 3),
    "relative": Document(24, rss("<item><link>/a/{1}/1</link></item>", "<item><link>?</link></item>"), 1),
    "itself": Document(26, index("{0}/doc/{1}"), 0, {"loop"}, "sitemap"),
    "50000-children": Document(
        26, index(*(f"{{0}}/child/{{1}}/{n}" for n in range(50_000))), 20, set(), "sitemap"
    ),
    "child-is-parent": Document(26, index("{0}/back/{1}"), 0, {"loop"}, "sitemap"),
    "11-levels": Document(26, index("{0}/level/{1}/1"), 0, set(), "sitemap"),
    "calendar": Document(
        29,
        "<html><body><h3><a href='/a/{1}/1'>Вода пришла</a></h3><a rel=next href='/archiv/2099/02/'>next</a>",
        1,
        set(),
        "listing",
    ),
    "endless": Document(
        29,
        "<html><body><h3><a href='/a/{1}/1'>Вода пришла</a></h3><a rel=next href='/endless/{1}/1'>next</a>",
        1,
        set(),
        "listing",
    ),
}


def profile_of(site: str, name: str, document: Document) -> str:
    address = f"{site}/doc/{name}"
    named = (
        f'[[listings]]\nurl = "{address}"\nlink = "h3 a"\nnext = "a[rel=next]"\nmax_pages = 500\n'
        if document.kind == "listing"
        else f'{document.kind}s = ["{address}"]\n'
    )
    return (
        f'id = "{name}"\nname = "{name}"\nhome = "{site}/"\nlanguages = ["ru"]\n{named}'
        f"[articles]\nallow = ['/a/']\n[pace]\ndelay_seconds = 0\nconcurrent_requests = 4\n"
    )


def answer(visitor: Visitor) -> None:
    """Any address of the site: an article, a document, or where the documents lead."""
    site, parts = visitor.site, visitor.path.split("/")
    if parts[1] == "doc":
        kind = "application/xml" if DOCUMENTS[parts[2]].kind != "listing" else "text/html; charset=utf-8"
        visitor.answer(DOCUMENTS[parts[2]].bytes_for(site.url, parts[2]), kind)
    elif parts[1] == "child":
        visitor.answer(urlset(f"{site.url}/a/{parts[2]}/{parts[3]}"), "application/xml")
    elif parts[1] == "back":
        visitor.answer("", status=301, Location=f"/doc/{parts[2]}")
    elif parts[1] == "level":
        deeper = f"{site.url}/level/{parts[2]}/{int(parts[3]) + 1}"
        visitor.answer(index(deeper), "application/xml")
    elif parts[1] == "endless":
        same = f"<h3><a href='/a/{parts[2]}/1'>Вода пришла</a></h3>"
        visitor.answer(f"{same}<a rel=next href='/endless/{parts[2]}/{int(parts[3]) + 1}'>next</a>")
    elif "/a/" in visitor.path:
        visitor.answer(article_page(visitor.path))
    else:
        visitor.answer("no such page", status=404)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MisbehavingSite, Archive]]:
    archive = Archive(tmp_path_factory.mktemp("documents") / "archive")
    (archive.path / "sources").mkdir(parents=True)
    with listening() as site:
        site.routes.clear()
        site.otherwise = answer
        for name, document in DOCUMENTS.items():
            file = archive.path / "sources" / f"{name}.toml"
            file.write_text(profile_of(site.url, name, document), encoding="utf-8")
        options = ("--archive", archive.path, "--allow-private", "--limit", LIMIT)
        muragat("crawl", *DOCUMENTS, *options, timeout=240)
        yield site, archive


@pytest.mark.parametrize("name", DOCUMENTS, ids=lambda name: f"fault-{DOCUMENTS[name].fault}-{name}")
def test_it_names_what_it_names_and_its_faults_are_told(crawled, name):
    _, archive = crawled
    document = DOCUMENTS[name]
    known = archive.rows(
        "SELECT count(DISTINCT url_hash) FROM (SELECT url_hash, source, kind FROM frontier UNION ALL "
        "SELECT url_hash, source, kind FROM addresses) WHERE source = ? AND kind = 'article'",
        name,
    )
    assert known == [(document.named,)]
    kept = archive.rows("SELECT count(*) FROM articles WHERE source = ?", name)
    assert kept == [(min(document.named, LIMIT),)]
    codes = {code for (code,) in archive.rows("SELECT code FROM problems WHERE source = ?", name)}
    assert document.codes <= codes
    assert codes <= document.codes | {"offsite", "bad_url", "more_rejected"}
    expected = (
        "failed" if not document.named and document.codes != {"loop"} and name != "11-levels" else "done"
    )
    assert archive.rows("SELECT status FROM runs WHERE source = ?", name) == [(expected,)]


def test_fault_21_the_first_bytes_of_what_cannot_be_read_are_kept(crawled):
    _, archive = crawled
    detail = "SELECT detail FROM problems WHERE source = ? AND code = 'parse'"
    assert archive.rows(detail, "page-in-its-place")[0][0].startswith("<html><body>Мы переехали")
    assert archive.rows(detail, "json-in-its-place")[0][0].startswith('{"error"')


def test_fault_22_no_document_of_a_dtd_is_asked_for(crawled):
    site, _ = crawled
    assert "/stolen.dtd" not in site.paths_asked()


def test_fault_23_the_newest_items_are_kept(crawled):
    _, archive = crawled
    url = "SELECT min(CAST(substr(url, -5) AS INTEGER)) FROM frontier WHERE source = '100000-items'"
    assert archive.rows(url)[0][0] >= 95_000


def test_fault_17_the_spelling_that_was_asked_for_is_kept(crawled):
    _, archive = crawled
    ((url, key),) = archive.rows("SELECT requested_url, url_key FROM articles WHERE source = 'spellings'")
    assert url.endswith("/a/spellings/1?utm_source=feed")
    assert key.endswith("/a/spellings/1")


def test_fault_26_depth_and_number_of_sitemaps_have_an_end(crawled):
    site, _ = crawled
    asked = site.paths_asked()
    assert sum(path.startswith("/level/") for path in asked) == 5
    assert sum(path.startswith("/child/") for path in asked) == 20
    assert asked.count("/back/child-is-parent") == 1
    assert asked.count("/doc/child-is-parent") == 2
    assert asked.count("/doc/itself") == 1


def test_fault_29_calendars_and_endless_lists_have_an_end(crawled):
    site, _ = crawled
    asked = site.paths_asked()
    assert not any(path.startswith("/archiv/") for path in asked)
    assert sum(path.startswith("/endless/") for path in asked) == 3
