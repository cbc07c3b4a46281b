"""Answers that go wrong: each becomes a row with its reason, and the rest of the crawl goes on.

The numbers are those of the list of faults the project is held to.
"""

from __future__ import annotations

import gzip
import time

import pytest


@pytest.fixture(autouse=True)
def a_good_article_beside(site):
    """Whatever goes wrong, this one must still be kept."""
    site.article("/a/good")


def kept(archive):
    return {"/" + url.split("/", 3)[-1] for (url,) in archive.rows("SELECT url FROM articles")}


def waiting(archive):
    return {"/" + url.split("/", 3)[-1] for (url,) in archive.rows("SELECT url FROM frontier")}


def redirect(to):
    return lambda visitor: visitor.answer("", status=302, Location=to)


def test_fault_1_other_schemes_are_refused_and_what_follows_is_read(site, crawl_site, archive):
    site.articles[:0] = ["javascript:alert(1)", "file:///etc/hostname", "mailto:a@b.example"]
    assert crawl_site().code == 0
    assert kept(archive) == {"/a/good"}
    codes = [code for (code,) in archive.rows("SELECT code FROM problems")]
    assert codes == ["scheme"] * 3


def test_fault_2_private_addresses_are_not_asked_without_leave(site, crawl_site, archive):
    done = crawl_site(allow_private=False)
    assert done.code == 4
    assert site.asked == []
    assert "private_address" in done.out


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_fault_2_a_refusal_of_a_source_is_final_and_costs_no_waiting(
    host, site, crawl_site, archive, muragat
):
    site.url = site.url.replace("127.0.0.1", host)
    for number in range(12):
        site.article(f"/a/{number}")
    assert crawl_site().code == 0
    asked = len(site.asked)

    # Each asked again, and ever later as at a server in trouble, would take minutes.
    done = crawl_site("--revisit", allow_private=False, timeout=40)

    assert done.code == 4
    assert len(site.asked) == asked
    assert f"{host}:" in done.out
    assert "leads to a private address; --allow-private asks it all the same" in done.out
    assert "Gave up retrying" not in archive.log()
    status = muragat("status", "--archive", archive.path).out
    assert "leads to a private address; --allow-private asks it all the same" in status
    assert len(waiting(archive)) == 13  # the resolver may have erred: nothing is struck off for good


def test_fault_2_a_refused_robots_txt_is_not_asked_again(site, crawl_site, archive):
    site.pace = "delay_seconds = 60"
    assert crawl_site(allow_private=False, timeout=40).code == 4
    assert archive.rows("SELECT code, count(*) FROM problems GROUP BY code") == [("private_address", 2)]


def test_fault_2_a_redirect_does_not_lead_off_the_site(site, crawl_site, archive):
    site.article("/a/away", redirect("http://169.254.169.254/latest/meta-data/"))
    site.article("/a/number", redirect("http://2130706433:1/"))
    assert crawl_site().code == 0
    assert archive.reasons()["/a/away"] == "offsite"
    assert archive.reasons()["/a/number"] == "offsite"
    assert kept(archive) == {"/a/good"}


def test_fault_4_a_loop_of_redirects_ends(site, crawl_site, archive):
    site.article("/a/loop", redirect("/a/loop2"))
    site.routes["/a/loop2"] = redirect("/a/loop")
    assert crawl_site().code == 0
    assert archive.reasons()["/a/loop"] == "redirect_loop"
    assert site.paths_asked().count("/a/loop") <= 6


def test_fault_6_a_bomb_in_gzip_is_refused(site, crawl_site, archive):
    bomb = gzip.compress(b"\0" * (48 * 1024 * 1024))
    site.article("/a/bomb", lambda visitor: visitor.answer(bomb, Content_Encoding="gzip"))
    assert crawl_site().code == 0
    assert archive.reasons()["/a/bomb"] == "too_large"
    assert kept(archive) == {"/a/good"}


def test_fault_7_an_endless_body_is_cut_off(site, crawl_site, archive):
    def endless(visitor):
        visitor.send_response(200)
        visitor.send_header("Content-Type", "text/html")
        visitor.end_headers()
        for _ in range(80):
            visitor.wfile.write(b"<p>" + b"x" * (1024 * 1024))
        visitor.close_connection = True

    site.article("/a/endless", endless)
    assert crawl_site().code == 0
    assert archive.reasons()["/a/endless"] == "too_large"
    assert kept(archive) == {"/a/good"}


def test_fault_8_a_cut_off_page_is_no_article_and_is_asked_again(site, crawl_site, archive):
    def cut_off(visitor):
        visitor.answer("<html><body><h1>Half a story</h1><p>It began", Content_Length="100000")
        visitor.close_connection = True

    site.article("/a/cut", cut_off)
    assert crawl_site().code == 0
    assert archive.reasons()["/a/cut"] == "truncated"
    assert waiting(archive) == {"/a/cut"}
    assert kept(archive) == {"/a/good"}


def test_fault_9_an_empty_answer_and_a_garbage_one_stay_on_the_list(site, crawl_site, archive):
    def garbage(visitor):
        visitor.wfile.write(b"HULLO\r\n\r\n")
        visitor.close_connection = True

    site.article("/a/empty", lambda visitor: visitor.answer(""))
    site.article("/a/garbage", garbage)
    assert crawl_site().code == 0
    assert archive.reasons()["/a/empty"] == "empty"
    assert waiting(archive) == {"/a/empty", "/a/garbage"}
    assert kept(archive) == {"/a/good"}


@pytest.mark.parametrize(
    ("status", "reason", "stays"),
    [(403, "forbidden", True), (404, "not_found", True), (410, "gone", False), (500, "server_error", True)],
)
def test_fault_12_each_refusal_has_its_reason(site, crawl_site, archive, status, reason, stays):
    site.article("/a/no", lambda visitor: visitor.answer("no", status=status))
    assert crawl_site().code == 0
    assert archive.reasons()["/a/no"] == reason
    assert ("/a/no" in waiting(archive)) is stays
    assert kept(archive) == {"/a/good"}


def test_fault_18_a_304_nobody_asked_for_is_no_answer(site, crawl_site, archive):
    site.article("/a/odd", lambda visitor: visitor.answer("", status=304))
    assert crawl_site().code == 0
    assert "/a/odd" in waiting(archive)


def test_fault_21_a_page_in_place_of_a_feed_is_told(site, crawl_site, archive):
    site.routes["/feed"] = site.good_article
    crawl_site()
    assert archive.reasons()["/feed"] == "parse"


def test_a_file_that_is_no_page_is_refused_by_its_kind(site, crawl_site, archive):
    site.article("/a/report.pdf?x=1", lambda visitor: visitor.answer(b"%PDF-1.7", "application/pdf"))
    assert crawl_site().code == 0
    assert archive.reasons()["/a/report.pdf?x=1"] == "not_html"


def test_a_page_that_is_no_article_is_a_row_and_its_page_is_kept(site, crawl_site, archive):
    site.article("/a/about", lambda visitor: visitor.answer("<html><body><h1>About</h1></body></html>"))
    assert crawl_site().code == 0
    assert archive.reasons()["/a/about"] == "not_article"
    assert archive.rows("SELECT page_id IS NOT NULL FROM fetches WHERE url LIKE '%/a/about'") == [(1,)]


def test_fault_30_a_page_made_to_stall_a_parser_is_refused_and_its_page_is_kept(site, crawl_site, archive):
    page = "<html><body><p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x</p></body></html>"
    site.article("/a/laden", lambda visitor: visitor.answer(page))
    begun = time.monotonic()
    assert crawl_site().code == 0
    assert time.monotonic() - begun < 20
    assert archive.reasons()["/a/laden"] == "too_complex"
    assert kept(archive) == {"/a/good"}


def test_a_feed_that_is_a_page_makes_its_source_fail_until_it_is_mended(site, crawl_site, archive):
    site.routes["/feed"] = lambda visitor: visitor.answer("<html><body>Мы переехали</body></html>")
    done = crawl_site()
    assert done.code == 4
    assert "failed: feed" in done.out
    site.routes["/feed"] = site.feed
    assert crawl_site().code == 0
    assert kept(archive) == {"/a/good"}


def test_revisit_asks_for_articles_only_and_a_page_that_never_was_one_cannot_go(site, crawl_site, archive):
    site.article("/a/about", lambda visitor: visitor.answer("<html><body><h1>About</h1></body></html>"))
    assert crawl_site().code == 0
    site.routes["/a/about"] = lambda visitor: visitor.answer("no", status=404)
    assert "gone" not in crawl_site("--revisit").out
    assert site.paths_asked().count("/a/about") == 1


def test_an_error_of_our_own_fails_the_run_and_keeps_the_address_on_the_list(
    site, crawl_site, archive, tmp_path, monkeypatch
):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(
        "import crawler.fetching.answers as answers\n"
        "def broken(*_, **__): raise ZeroDivisionError('made up')\n"
        "answers.verdict = broken\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
    done = crawl_site()
    assert done.code == 4
    assert "by a bug" in done.out
    assert "ZeroDivisionError: made up" in done.out
    monkeypatch.delenv("PYTHONPATH")
    assert crawl_site().code == 0
    assert kept(archive) == {"/a/good"}


def test_fault_26_indexes_that_name_ever_new_indexes_do_not_keep_articles_waiting(site, crawl_site, archive):
    names = iter(range(10**6))

    def index(visitor):
        children = "".join(f"<sitemap><loc>{site.url}/sm{next(names)}</loc></sitemap>" for _ in range(30))
        visitor.answer(f"<sitemapindex>{children}</sitemapindex>", "application/xml")

    site.otherwise = index
    site.sitemap = "/sm"
    done = crawl_site()
    assert done.code == 0
    assert kept(archive) == {"/a/good"}
    assert len(site.paths_asked()) < 150
    for _ in range(2):
        crawl_site()
    assert archive.rows("SELECT count(*) FROM frontier")[0][0] <= 1000


def test_a_redirect_to_an_address_with_a_password_is_refused_and_the_password_not_kept(
    site, crawl_site, archive
):
    site.article("/a/login", redirect(site.url.replace("http://", "http://user:secret@") + "/a/other"))
    assert crawl_site().code == 0
    assert archive.reasons()["/a/login"] == "offsite"
    assert not archive.rows("SELECT 1 FROM problems WHERE url || detail LIKE '%secret%'")
    assert "secret" not in archive.log()
