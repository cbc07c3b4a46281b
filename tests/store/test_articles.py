"""What becomes of an article when it is kept, and kept again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.records import Author, Found, Image, Link, Outcome
from archive.store.articles import ArticleStore
from archive.store.connection import open_to_write
from archive.store.migrations import migrations

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
LATER = NOON + timedelta(hours=6)
SOURCE = "steppe_news"


def test_an_article_is_new_then_unchanged_then_revised(desk):
    assert desk.keep("/a") is Outcome.NEW
    assert desk.keep("/a", at=LATER) is Outcome.UNCHANGED
    assert desk.keep("/a", at=LATER, body="Теперь иначе.") is Outcome.REVISED
    assert desk.value("SELECT count(*) FROM articles") == 1
    assert desk.value("SELECT revisions FROM articles") == 2


def test_noise_makes_no_revision(desk):
    desk.keep("/a", body="Счёт 3 000 тенге, сказал аким.")
    assert desk.keep("/a", body="Счёт  3 000 тенге — сказал аким!") is Outcome.UNCHANGED
    assert desk.keep("/a", body="Счёт 4 000 тенге, сказал аким.") is Outcome.REVISED


def test_every_wording_can_be_read_again(desk):
    for body in ("Первое слово.", "Второе слово.", "Третье слово."):
        desk.keep("/a", body=body, title="Заголовок " + body)
    texts = desk.rows("SELECT number, title, body, cause FROM revision_texts ORDER BY number")
    assert [(row["number"], row["body"], row["title"]) for row in texts] == [
        (1, "Первое слово.", "Заголовок Первое слово."),
        (2, "Второе слово.", "Заголовок Второе слово."),
        (3, "Третье слово.", "Заголовок Третье слово."),
    ]
    assert [row["cause"] for row in texts] == ["first", "publisher", "publisher"]


def test_a_wording_that_lost_its_lead_says_so(desk):
    desk.keep("/a", lead=None, body="Было.")
    desk.keep("/a", lead="Появился.", body="Стало.")
    leads = desk.rows("SELECT lead FROM revision_texts ORDER BY number")
    assert [row["lead"] for row in leads] == [None, "Появился."]


def test_links_and_pictures_are_those_of_the_newest_visit(desk):
    desk.keep("/a")
    link, image = Link("https://other.example/x", "Там", "inline"), Image("https://steppe.example/2.jpg")
    desk.keep("/a", links=(link, link), images=(image,), body="Новое.")
    assert [row["url"] for row in desk.rows("SELECT url FROM links ORDER BY position")] == [link.url] * 2
    assert desk.value("SELECT url_key FROM links LIMIT 1") == "other.example/x"
    assert [row["url"] for row in desk.rows("SELECT url FROM images")] == [image.url]


def test_fault_38_a_teaser_never_replaces_a_longer_text(desk):
    desk.keep("/a", body="Полный текст статьи. " * 20)
    assert desk.keep("/a", at=LATER, body="Полный текст …", access="paywalled") is Outcome.UNCHANGED
    row = desk.rows("SELECT * FROM articles")[0]
    assert len(row["body"]) > 300
    assert row["access"] == "free"
    assert row["last_seen_at"] == "2026-03-10T13:00:00Z"


def test_fault_38_a_full_text_replaces_a_teaser(desk):
    desk.keep("/a", body="Полный текст …", access="paywalled")
    assert desk.keep("/a", body="Полный текст статьи. " * 20) is Outcome.REVISED


def test_what_a_later_visit_does_not_state_is_kept(desk):
    desk.keep("/a", section="Город", agency="Степной вестник", published_raw="10.03.2026 12:00")
    desk.keep("/a", body="Новый текст.", published_at=None, published_date=None, published_precision=None)
    row = desk.rows("SELECT * FROM articles")[0]
    assert row["published_at"] == "2026-03-10T07:00:00Z"
    assert row["published_date"] == "2026-03-10"
    assert row["published_raw"] == "10.03.2026 12:00"
    assert (row["section"], row["agency"]) == ("Город", "Степной вестник")


def test_a_gone_article_keeps_its_text_and_comes_back_when_seen(desk):
    desk.keep("/a")
    desk.archive.settle(desk.run, SOURCE, desk.visit("/a", status=404, fetched_at=LATER), Outcome.GONE)
    row = desk.rows("SELECT * FROM articles")[0]
    assert row["gone_at"] == "2026-03-10T13:00:00Z"
    assert row["body"].startswith("Первый абзац")
    desk.archive.settle(desk.run, SOURCE, desk.visit("/a", status=304), Outcome.NOT_MODIFIED)
    assert desk.value("SELECT gone_at FROM articles") is None


def test_search_row_and_day_count_follow_every_change(desk):
    found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    desk.keep("/a", body="Ремонт моста.")
    desk.keep("/b", published_date=None, published_at=None)
    assert desk.value(found, "мост") == 1
    desk.keep("/a", body="Ремонт дороги.", section="Город")
    assert desk.value(found, "мост") == 0
    assert desk.value(found, "дорога") == 1
    assert desk.value("SELECT count(*) FROM search_changes") == 0
    counts = desk.rows("SELECT day, section, articles FROM daily_counts WHERE articles <> 0 ORDER BY day")
    assert [tuple(row.values()) for row in counts] == [("", "", 1), ("2026-03-10", "Город", 1)]
    months = desk.rows(
        "SELECT month, section, articles FROM monthly_counts WHERE articles <> 0 ORDER BY month"
    )
    assert [tuple(row.values()) for row in months] == [("", "", 1), ("2026-03", "Город", 1)]
    desk.archive.news.conn.execute("DELETE FROM daily_counts")
    assert desk.rows("SELECT * FROM monthly_counts WHERE articles <> 0") == []


def test_an_article_without_a_kept_page_is_refused(desk):
    with pytest.raises(ValueError, match="kept page"):
        desk.archive.keep_article(desk.run, SOURCE, desk.article("/a"), desk.visit("/a"))


def test_a_bad_row_in_the_middle_leaves_nothing_of_the_article(desk):
    desk.archive.frontier.offer(SOURCE, [desk.found("/a")], now=NOON)
    before = desk.archive.frontier.waiting(SOURCE)
    page_id = desk.archive.pages.keep(desk.page("/a"), kind="article")
    broken = desk.article("/a", links=(Link("https://steppe.example/x", None, "inline"),))  # text is NOT NULL
    with pytest.raises(ArchiveError):
        desk.archive.keep_article(desk.run, SOURCE, broken, desk.visit("/a", page_id=page_id))
    for table in ("articles", "revisions", "links", "images", "daily_counts", "addresses", "fetches"):
        assert desk.value(f"SELECT count(*) FROM {table}") == 0, table
    assert desk.value("SELECT count(*) FROM articles_fts_docsize WHERE id > 0") == 0
    assert desk.archive.frontier.waiting(SOURCE) == before == 1
    assert desk.value("SELECT requests FROM runs") == 0
    assert desk.keep("/a") is Outcome.NEW


def test_a_rewording_that_fails_leaves_the_earlier_one_whole(desk):
    desk.keep("/a")
    before = desk.rows("SELECT * FROM articles"), desk.rows("SELECT * FROM revisions")
    broken = Link("https://steppe.example/x", None, "inline")
    with pytest.raises(ArchiveError):
        desk.keep("/a", body="Совсем другое.", links=(broken,))
    assert (desk.rows("SELECT * FROM articles"), desk.rows("SELECT * FROM revisions")) == before


def test_a_document_and_what_it_named_are_kept_together(desk):
    def broken(frontier, added):
        found = [desk.found("/sitemap-2.xml")]
        frontier.offer_documents("no_such_source", "sitemap", found, root="", step=1, budget=9, now=NOON)

    visit = desk.visit("/feed", kind="feed", etag='"1"')
    with pytest.raises(ArchiveError):
        desk.archive.read_document(
            desk.run, SOURCE, visit, Outcome.READ, found=[desk.found("/a")], onward=broken
        )
    assert desk.archive.frontier.waiting(SOURCE) == 0
    assert desk.archive.frontier.known(visit.url) == {}


moments = st.datetimes(datetime(1985, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
# A few minutes that collide, and any others.
days = st.one_of(st.sampled_from([NOON, NOON + timedelta(minutes=1)]), moments)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(days, min_size=1, max_size=30))
def test_ids_never_collide_and_grow_with_publication(tmp_path_factory, published):
    path = tmp_path_factory.mktemp("ids") / "news.db"
    db = open_to_write(path, migrations)
    store = ArticleStore(db, path)
    store.db.conn.execute("PRAGMA foreign_keys = OFF")
    db.conn.execute("CREATE TEMP TABLE given (id INTEGER PRIMARY KEY, moment TEXT)")
    for moment in published:
        new = store.next_id(moment)
        # An id that was given before would be refused here.
        db.conn.execute(
            "INSERT INTO articles (id, source, url, requested_url, url_key, body, body_html, authors, "
            "breadcrumbs, tags, access, article_type, is_article, evidence, problems, cleaned_with, "
            "content_hash, page_id, revisions, first_seen_at, last_seen_at) VALUES "
            "(?, 's', '', '', ?, '', '', '[]', '[]', '[]', '', '', 1, '{}', '[]', '', '', 1, 1, '', '')",
            [new, str(new)],
        )
        assert 0 < new < 2**53
        db.conn.execute(
            "INSERT INTO given VALUES (?, ?)",
            [new, max(moment, datetime(1990, 1, 1, tzinfo=UTC)).isoformat()],
        )
    in_order = [row[0][:16] for row in db.conn.execute("SELECT moment FROM given ORDER BY id")]
    assert in_order == sorted(in_order)
    db.close()


def test_a_full_minute_runs_over_into_the_next(desk):
    first = desk.archive.articles.next_id(NOON)
    desk.keep("/a")
    with desk.archive.news.atomic():
        desk.archive.news.conn.execute("PRAGMA defer_foreign_keys = ON")
        for table in ("revisions", "links", "images", "addresses", "article_fingerprints"):
            desk.archive.news.conn.execute(f"UPDATE {table} SET article_id = ?", [first + 999])
        desk.archive.news.conn.execute("UPDATE articles SET id = ?", [first + 999])
    assert desk.archive.articles.next_id(NOON) == first + 1000
    assert desk.keep("/b") is Outcome.NEW


def test_evidence_from_feeds_survives_a_revisit(desk):
    stated = Found(
        "https://steppe.example/a",
        "feed",
        "https://steppe.example/feed",
        "Новость",
        "2026-03-10T12:00:00+05:00",
    )
    desk.archive.frontier.offer(SOURCE, [stated], now=NOON)
    desk.keep("/a")
    desk.archive.frontier.offer_visits(SOURCE, now=NOON + timedelta(days=1))
    (waiting,) = desk.archive.frontier.take(SOURCE, desk.run, limit=5, now=NOON + timedelta(days=1))
    assert waiting.why == "revisit"
    assert waiting.found == (stated,)


def test_a_better_reading_that_names_another_articles_address_keeps_its_own(desk):
    desk.keep("/a")
    desk.keep("/b")
    before = desk.archive.articles.row("steppe.example/a")
    better = desk.article("/b", body="Прочитано лучше.")
    assert desk.archive.articles.reread(before, better, at=LATER, all_read=True) is Outcome.REVISED
    assert desk.value("SELECT url_key FROM articles WHERE id = ?", before["id"]) == "steppe.example/a"


def test_a_better_reading_leaves_when_it_was_seen_and_that_it_has_gone(desk):
    desk.keep("/a")
    desk.archive.settle(desk.run, SOURCE, desk.visit("/a", status=410, fetched_at=LATER), Outcome.GONE)
    before = desk.archive.articles.row("steppe.example/a")
    desk.archive.articles.reread(before, desk.article("/a", body="Лучше."), at=LATER, all_read=True)
    after = desk.archive.articles.row("steppe.example/a")
    kept = ("id", "first_seen_at", "last_seen_at", "gone_at", "page_id", "source")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    revision = desk.rows("SELECT cause, page_id, seen_at FROM revisions ORDER BY number")[-1]
    assert revision == {"cause": "recleaned", "page_id": before["page_id"], "seen_at": "2026-03-10T13:00:00Z"}


def test_a_reading_of_the_same_words_in_better_shape_is_taken_without_a_revision(desk):
    desk.keep("/a", body="Первый абзац. Второй.\n\nПросмотров: 7")
    before = desk.archive.articles.row("steppe.example/a")
    better = desk.article("/a", body="Первый абзац.\n\nВторой.", cleaned_with="2")
    assert desk.archive.articles.reread(before, better, at=LATER, all_read=True) is Outcome.UNCHANGED
    assert desk.value("SELECT body FROM articles") == "Первый абзац.\n\nВторой."
    assert desk.value("SELECT count(*) FROM revisions") == 1
    hashes = "SELECT count(*) FROM revisions r JOIN articles a USING (content_hash)"
    assert desk.value(hashes) == 1


def test_noise_of_a_visit_leaves_the_kept_text_as_it_is(desk):
    desk.keep("/a", body="Мост открыт.\n\nПросмотров: 7")
    assert desk.keep("/a", at=LATER, body="Мост открыт.\n\nПросмотров: 19") is Outcome.UNCHANGED
    assert desk.value("SELECT body FROM articles") == "Мост открыт.\n\nПросмотров: 7"
    assert desk.value("SELECT last_seen_at FROM articles") == "2026-03-10T13:00:00Z"


@pytest.mark.parametrize("field", ["kicker", "authors", "tags", "breadcrumbs", "modified_at", "section"])
def test_what_was_stated_once_is_not_lost_by_a_visit_that_does_not_state_it(desk, field):
    stated = {
        "kicker": "Дороги", "authors": (Author("Айгуль"),), "tags": ("мост",), "breadcrumbs": ("Город",),
        "modified_at": LATER, "section": "Город",
    }  # fmt: skip
    desk.keep("/a", **{field: stated[field]})
    before = desk.value(f"SELECT {field} FROM articles")
    desk.keep("/a", at=LATER, **{field: () if isinstance(stated[field], tuple) else None})
    assert desk.value(f"SELECT {field} FROM articles") == before
