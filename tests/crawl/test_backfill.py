"""`muragat backfill` finds what crawls passed by, asks no further than it must, and says what it found."""

from __future__ import annotations

import sqlite3

import pytest
from click.testing import CliRunner

from crawler.cli import cli

from .conftest import article_page

PAGES, PER_PAGE = 8, 4


def dated_page(path: str, day: int) -> str:
    return article_page(path).replace("2026-03-05T", f"2026-03-{day:02}T")


@pytest.fixture
def deep_site(site, tmp_path):
    """A site whose listing goes back a day a page, from 8 March on; the feed names the first page only."""

    def listing(page):
        names = [f"/a/{page}-{number}" for number in range(PER_PAGE)]
        links = "".join(f"<h3><a href='{name}'>{name}</a></h3>" for name in names)
        onward = f"<a rel='next' href='/news/{page + 1}'>older</a>" if page < PAGES else ""
        return f"<html><body>{links}{onward}</body></html>"

    for page in range(1, PAGES + 1):
        site.routes[f"/news/{page}"] = lambda visitor, page=page: visitor.answer(listing(page), ETag='"1"')
        for number in range(PER_PAGE):
            path = f"/a/{page}-{number}"
            site.routes[path] = lambda visitor, path=path, day=9 - page: visitor.answer(dated_page(path, day))
    site.articles = [f"/a/1-{number}" for number in range(PER_PAGE)]
    profile = site.profile_toml.replace(
        "[articles]",
        f'[[listings]]\nurl = "{site.url}/news/1"\nlink = "h3 a"\nnext = "a[rel=next]"\n[articles]',
    )
    path = tmp_path / "deep.toml"
    path.write_text(profile, encoding="utf-8")
    return path


def asked_listings(site):
    return [path for path in site.paths_asked() if path.startswith("/news/")]


@pytest.mark.slow
def test_listings_are_walked_down_to_the_day_and_no_further(deep_site, site, archive, muragat):
    options = ("--profile", deep_site, "--archive", archive.path, "--allow-private")
    assert muragat("crawl", *options).code == 0
    assert archive.rows("SELECT count(*) FROM articles") == [(PER_PAGE,)]
    done = muragat("backfill", *options, "--since", "2026-03-05")
    assert done.code == 0, done.err
    # Nobody knew what the deeper pages name: all were walked, and what they name was fetched.
    assert archive.rows("SELECT count(*) FROM articles") == [(PAGES * PER_PAGE,)]
    assert "2026-03-05: 0 articles before, 4 now" in done.out
    assert "2026-03-08" not in done.out
    assert done.out.splitlines()[-1].startswith("12 articles found; days with likely gaps: 0 before")
    site.asked.clear()
    again = muragat("backfill", *options, "--since", "2026-03-05")
    assert again.out.splitlines()[-1].startswith("0 articles found")
    # Page 5 is of the 4th: older than was asked for, and known to be.
    assert asked_listings(site) == [f"/news/{page}" for page in range(1, 6)]
    assert not [path for path in site.paths_asked() if path.startswith("/a/")]


def test_sitemaps_are_read_again_as_far_as_they_may_name_the_day(site, archive, muragat, tmp_path):
    def index(visitor):
        children = "".join(
            f"<sitemap><loc>{site.url}/s/{n}.xml</loc><lastmod>2026-03-{n:02}</lastmod></sitemap>"
            for n in range(1, 29)
        )
        visitor.answer(f"<sitemapindex>{children}</sitemapindex>", "application/xml", ETag='"1"')

    def child(number):
        address = f"<url><loc>{site.url}/a/{number}</loc><lastmod>2026-03-{number:02}</lastmod></url>"
        return lambda visitor: visitor.answer(f"<urlset>{address}</urlset>", "application/xml")

    for number in range(1, 29):
        site.routes[f"/s/{number}.xml"] = child(number)
        site.routes[f"/a/{number}"] = lambda visitor, day=number: visitor.answer(dated_page(f"/a/{day}", day))
    site.routes["/index.xml"] = index
    site.sitemap = "/index.xml"
    path = tmp_path / "maps.toml"
    path.write_text(site.profile_toml, encoding="utf-8")
    options = ("--profile", path, "--archive", archive.path, "--allow-private")
    assert muragat("crawl", *options, "--limit", "1").code == 0
    # One of its sitemaps was lost to us: as if its addresses had been refused by an older profile.
    db = sqlite3.connect(archive.path / "news.db")
    with db:
        db.execute("DELETE FROM frontier WHERE url LIKE '%/a/27' OR url LIKE '%/a/5'")
    db.close()
    site.asked.clear()
    done = muragat("backfill", *options, "--since", "2026-03-20")
    assert done.code == 0, done.err
    maps = {path for path in site.paths_asked() if path.startswith("/s/")}
    assert maps >= {f"/s/{number}.xml" for number in range(20, 29)}
    assert "/s/5.xml" not in maps
    assert archive.rows("SELECT min(published_date), count(*) FROM articles") == [("2026-03-20", 9)]
    assert "2026-03-27: 0 articles before, 1 now" in done.out


def test_a_source_or_a_profile_must_be_named():
    done = CliRunner().invoke(cli, ["backfill", "--since", "2026-03-01"])
    assert done.exit_code == 2
    assert "name a SOURCE or a --profile" in done.output
