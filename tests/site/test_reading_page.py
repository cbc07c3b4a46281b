"""The reading page: what the article says, and words for what it does not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.changes import Passage, Piece
from archive.records import Visit
from archive.site.article_body import body_markup
from archive.site.changes_page import pairs_of
from archive.site.evidence_words import place_of
from archive.site.sentences import SENTENCES
from archive.site.shown import safe_url, shown
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from crawler.cleaning import clean
from crawler.demo import DemoNewspaper
from tests.keeping import begin_source

from .conftest import article, keep, served

NOW = datetime(2026, 3, 11, 7, tzinfo=UTC)
NOON = datetime(2026, 3, 12, 6, tzinfo=UTC)


def test_everything_the_page_said_is_there(site: Any) -> None:
    html = site.page(f"/a/{site.ids['bridge']}", "ru")
    for said in (
        "Дороги",
        '<h1 dir="auto" lang="ru">В Степном открыли мост</h1>',
        "Мост ждали девять лет.",
        "Степная газета",
        "Айгуль Сатова, Тимур Галеев",
        "Дала-Информ",
        "Общество",
        "мост, дороги",
        "По нему пошли автобусы.",
        "Мост утром (Фото: редакция)",
        "https://pictures.example/bridge.jpg",
        "https://elsewhere.example/x",
        'данные страницы для программ (JSON-LD) <code lang="en">json-ld datePublished</code>',
        "<dt>Заголовок</dt><dd>заголовок на странице</dd>",
        "Авторы: Айгуль Сатова, Тимур Галеев",
        "Страница называет две разные даты: <code>two dates</code>",
    ):
        assert said in html, said


@pytest.mark.parametrize(("language", "said"), [("ru", "Автор: "), ("kk", "Авторы: "), ("en", "By: ")])
def test_one_author_is_no_plural(site: Any, language: str, said: str) -> None:
    html = site.page(f"/a/{site.ids['hostile']}", language)
    assert f"<span>{said}" in html


def test_every_place_that_cleaning_notes_has_words() -> None:
    noted = set()
    with DemoNewspaper() as paper:
        for article in paper.truth(1):
            read = clean(paper.answer(article.path).body, article.url, fetched_at=NOW)
            noted |= {*read.evidence.values(), read.published_evidence} - {None}
    assert len(noted) > 10
    for note in (*noted, "h1, whole", "title, cut", "learned body selector", "visible span.date", "address"):
        key, detail = place_of(note)
        assert key in SENTENCES, note
        assert detail in ("", note)
    assert place_of("metamorphosis") == ("", "metamorphosis")
    assert place_of("feed") == ("from_feed", "")


def test_the_clock_is_the_publishers(site: Any) -> None:
    html = site.page(f"/a/{site.ids['bridge']}", "ru")
    assert (
        'datetime="2026-03-10T00:30:00+05:00" title="10 марта 2026, 00:30:00 UTC+5">10 марта 2026, 00:30<'
        in html
    )


def test_a_bare_day_has_no_time(site: Any) -> None:
    html = site.page(f"/a/{site.ids['school']}", "kk")
    assert 'datetime="2026-01-29" title="2026-01-29">29 қаңтар 2026</time>' in html


def test_what_is_missing_has_words(site: Any) -> None:
    html = site.page(f"/a/{site.ids['bare']}", "ru")
    assert "Без заголовка" in html
    assert "Без даты" in html
    assert "Текст не извлечён. Откройте оригинал." in html


def test_a_linked_article_of_ours_is_read_here_and_links_back(site: Any) -> None:
    bridge, school = (f'href="/a/{site.ids[name]}"' for name in ("bridge", "school"))
    assert school in site.page(f"/a/{site.ids['bridge']}")
    assert bridge in site.page(f"/a/{site.ids['school']}")


def test_a_gone_article_says_so_and_keeps_its_text(site: Any) -> None:
    html = site.page(f"/a/{site.ids['gone']}", "en")
    assert "not on the site any more (noticed 12 March 2026, 06:00 UTC)" in html
    assert "Лёд слишком тонкий." in html


@pytest.mark.parametrize(
    ("status", "language", "said"),
    [
        (402, "en", "The site shows this article to subscribers only (noticed 12 March 2026, 06:00 UTC)."),
        (
            403,
            "en",
            "refuses us this article (noticed 12 March 2026, 06:00 UTC, answer 403)",
        ),
        (451, "ru", "не показывает эту статью архиву (замечено 12 марта 2026, 06:00 UTC, ответ 451)"),
        (401, "kk", "тек жазылушыларға көрсетеді (12 наурыз 2026, 06:00 UTC байқалды)"),
    ],
)
def test_an_article_its_site_withholds_says_so_and_keeps_its_text(
    tmp_path: Path, status: int, language: str, said: str
) -> None:
    folder = ArchiveFolder(tmp_path)
    one = article("bridge", "Мост", "По мосту пошли автобусы.")
    with Archive(folder) as archive:
        run = begin_source(archive, "steppe_news", at=NOON, name="x", region="KZ")
        keep(archive, run, one, NOON)
        archive.put_back(run, "steppe_news", Visit(one.url, "article", status, NOON, reason="blocked"))
    for withholding in served(folder.news):
        html = withholding.page(f"/a/{withholding.ids['bridge']}", language)
    assert said in html
    assert "По мосту пошли автобусы." in html


def test_an_article_its_site_shows_says_nothing_of_that(site: Any) -> None:
    html = site.page(f"/a/{site.ids['bridge']}", "en")
    assert 'class="warning"' not in html


def test_wordings_are_listed_and_compared_word_by_word(site: Any) -> None:
    assert "what changed" in site.page(f"/a/{site.ids['reworded']}")
    html = site.page(f"/a/{site.ids['reworded']}/changes")
    assert "Уровень воды<del> 395</del><ins> 405</ins> сантиметров." in html
    assert "Why it differs: changed by the publisher." in html
    assert "Судоходства нет." in html
    assert "Only one wording is known" in site.page(f"/a/{site.ids['bridge']}/changes")


def test_a_lead_the_text_begins_with_is_not_printed_twice(site: Any) -> None:
    html = site.page(f"/a/{site.ids['bridge']}", "ru")
    assert html.count("Мост ждали девять лет.") == 1


def test_a_hostile_article_is_text(site: Any) -> None:
    html = site.page(f"/a/{site.ids['hostile']}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in html
    for trap in (
        "<script",
        "javascript:",
        "onerror=alert(2)>",
        "\u202e",
        "\x00",
        "\x1b",
        "evil.example",
        "49",
    ):
        kept = re.sub(r'onerror=alert\(2\)&gt;|<script type="application/ld\+json">|\w{12}\.css', "", html)
        assert trap not in kept, trap


def test_a_body_keeps_its_structure_and_loses_what_runs() -> None:
    html = str(
        body_markup(
            '<h2>Тема</h2><p>one <a href="https://good.example/?a=1&b=2" onclick="x()">two</a>'
            '<a href="javascript:x()">three</a><a href="/relative">four</a></p><script>x()</script>'
            "<table><tr><td colspan=2>cell</td></tr></table><div>five</div>",
            "",
            "Picture",
        )
    )
    assert "<h2>Тема</h2>" in html
    assert '<a href="https://good.example/?a=1&amp;b=2" rel="nofollow noopener noreferrer">two</a>' in html
    assert '<td colspan="2">cell</td>' in html
    assert "five" in html
    for trap in ("script", "onclick", "javascript", "relative", "<div"):
        assert trap not in html, trap


REL = 'rel="nofollow noopener noreferrer"'
AT = "https://p.example/a.jpg"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f'<img src="{AT}">', f'<a href="{AT}" {REL}>Picture</a>'),
        (
            f'<img src="{AT}" alt="A &quot;b&quot; &lt;i&gt;">',
            f'<a href="{AT}" {REL}>Picture: A "b" &lt;i&gt;</a>',
        ),
        (
            f'<figure><img src="{AT}"><figcaption>c</figcaption></figure>',
            f'<figure><a href="{AT}" {REL}>Picture</a><figcaption>c</figcaption></figure>',
        ),
        ('<img src="data:image/png;base64,xx" alt="hers">', "<em>Picture: hers</em>"),
        ('<img src="javascript:x()">', ""),
        (
            f'<img alt="> <script>x()</script>" src="{AT}">',
            f'<a href="{AT}" {REL}>Picture: &gt; &lt;script&gt;x()&lt;/script&gt;</a>',
        ),
    ],
)
def test_a_picture_becomes_a_link_in_words(html: str, expected: str) -> None:
    assert str(body_markup(html, "", "Picture")) == expected


def test_an_article_without_html_is_shown_by_its_paragraphs() -> None:
    assert str(body_markup("", "one <b>\n\ntwo", "Picture")) == "<p>one &lt;b&gt;</p>\n<p>two</p>"


@pytest.mark.parametrize(
    "url",
    ["javascript:x()", "data:text/html,x", "//x.example", "https://x.example/ y", 'https://x/"', None, ""],
)
def test_no_other_address_than_the_webs_is_linked(url: str | None) -> None:
    assert safe_url(url) is None


def test_characters_that_reorder_or_hide_are_not_shown() -> None:
    assert shown("a\u202eb\u2066c\u200bd\x00e\x1bf\ufeff") == "abcdef"
    assert shown("نیم\u200cفاصله") == "نیم\u200cفاصله"


def test_before_and_after_are_of_the_same_paper_by_its_clock(site: Any) -> None:
    ordered = sorted(site.ids.values())
    middle = site.page(f"/a/{ordered[1]}")
    assert f'rel="prev" href="/a/{ordered[0]}"' in middle
    assert f'rel="next" href="/a/{ordered[2]}"' in middle
    assert 'rel="prev"' not in site.page(f"/a/{ordered[0]}")
    assert 'rel="next"' not in site.page(f"/a/{site.ids['bare']}")  # undated: nothing is before or after it


def test_wordings_stand_side_by_side_when_wished(site: Any) -> None:
    html = site.page(f"/a/{site.ids['reworded']}/changes?view=sides")
    (old, new) = re.findall(r'<div class="twosided changed"><p>(.*?)</p><p>(.*?)</p>', html)[0]
    assert "395" in old
    assert "405" not in old
    assert "405" in new
    assert "view=inline" in html


def test_what_was_taken_out_stands_beside_what_took_its_place() -> None:
    taken, put, more = (Passage(False, (Piece(fate, fate),)) for fate in ("removed", "added", "added"))
    changed = Passage(False, (Piece("same", "a"), Piece("removed", "b"), Piece("added", "c")))
    assert pairs_of([taken, put, more, changed]) == [
        ([Piece("removed", "removed")], [Piece("added", "added")]),
        ([], [Piece("added", "added")]),
        ([Piece("same", "a"), Piece("removed", "b")], [Piece("same", "a"), Piece("added", "c")]),
    ]
