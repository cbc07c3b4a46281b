"""Pages of a source something is known of: what a profile says is obeyed, what was learned is weighed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.records import Article
from crawler.cleaning import clean
from crawler.sources.profile import Boilerplate, Layout, Source

TEXT = [
    "Вода пришла на нижнюю улицу в четверг вечером, и жителей сорока домов вывезли в школу.",
    "Спасатели работали всю ночь: мешков с песком хватило на две трети дамбы, остальное везут.",
    "Утром уровень реки поднялся ещё на восемь сантиметров, сообщили на гидрологическом посту.",
]
PLEA = "Газета выходит по средам и пятницам: она продаётся в каждом киоске степного края."
VISIT = datetime(2026, 3, 20, 8, tzinfo=UTC)


def source(**parts: object) -> Source:
    return Source(id="paper", name="Вестник", home="https://paper.kz/", timezone="Asia/Almaty", **parts)  # type: ignore[arg-type]


def page(body: str, head: str = "", title: str = "Река вышла из берегов") -> bytes:
    return (
        f"<!doctype html><html lang=ru><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><h1 class=headline>{title}</h1>{body}</body></html>"
    ).encode()


def text_box(*inserts: str, name: str = "text") -> str:
    first, *rest = (f"<p>{text}</p>" for text in TEXT)
    return f"<div class={name}>{first}{''.join(inserts)}{''.join(rest)}</div>"


def read(html: bytes, profile: Source | None = None) -> Article:
    return clean(html, "https://paper.kz/news/1", fetched_at=VISIT, profile=profile)


def codes(article: Article) -> list[str]:
    return [problem.code for problem in article.problems]


WHOLE = "\n\n".join(TEXT)


def test_an_element_named_as_boilerplate_is_no_text() -> None:
    html = page(text_box(f"<div class=note><p>{PLEA}</p></div>"))
    assert PLEA in read(html).body
    article = read(html, source(boilerplate=Boilerplate(drop=("div.note",))))
    assert article.body == WHOLE
    assert PLEA not in article.body_html


def test_a_repeated_text_is_no_text_however_it_is_spelt() -> None:
    html = page(text_box(f"<p>{PLEA}</p>"))
    said = PLEA.upper().replace(":", " —")
    assert read(html, source(boilerplate=Boilerplate(texts=(said,)))).body == WHOLE


def test_a_text_that_ends_in_dots_is_how_paragraphs_begin() -> None:
    html = page(text_box(f"<p>{PLEA}</p>"))
    begins = source(boilerplate=Boilerplate(texts=("Газета выходит по средам и пятницам…",)))
    assert read(html, begins).body == WHOLE
    whole = source(boilerplate=Boilerplate(texts=("Газета выходит по средам и пятницам",)))
    assert PLEA in read(html, whole).body


def test_a_heading_left_with_nothing_under_it_goes_too() -> None:
    html = page(text_box().replace("</div>", f"<h2>Наши каналы связи</h2><p>{PLEA}</p></div>"))
    assert read(html, source(boilerplate=Boilerplate(texts=(PLEA,)))).body == WHOLE


def test_an_inline_element_takes_no_paragraph_with_it() -> None:
    html = page(text_box(f"<p>{TEXT[0][:40]} <span class=note>слово</span> ещё и ещё о том же самом.</p>"))
    assert "слово" in read(html, source(boilerplate=Boilerplate(drop=("span.note",)))).body


def test_learned_boilerplate_that_is_most_of_the_text_is_the_text() -> None:
    html = page(text_box())
    article = read(html, source(learned=Layout(boilerplate=Boilerplate(drop=("div.text",)))))
    assert article.body == WHOLE
    assert "boilerplate_doubted" in codes(article)


def test_boilerplate_of_a_person_is_obeyed_even_then() -> None:
    article = read(page(text_box()), source(boilerplate=Boilerplate(drop=("div.text",))))
    assert article.body == ""


ITEMS = "".join(f"<li><a href=/n/{n}>Новость номер {n} о степном крае</a></li>" for n in range(60))
LETTERS = "".join(
    f"<p>Я живу на этой улице тридцать лет и такой воды не помню, пишет вам читатель номер {n}, а ведь "
    "предупреждали ещё осенью, что дамбу надо чинить, пока сухо, и никто не послушал.</p>"
    for n in range(6)
)
ELSEWHERE = f"<ul>{ITEMS}</ul><section class=talk>{LETTERS}</section>"
LEARNED_BODY = source(learned=Layout(fields={"body": "div.text"}))


def test_a_learned_place_decides_where_longer_text_stands_elsewhere() -> None:
    html = page(text_box() + ELSEWHERE)
    assert "читатель номер" in read(html).body
    article = read(html, LEARNED_BODY)
    assert "читатель номер" not in article.body
    assert article.body == WHOLE
    assert article.evidence["body"] == "learned body selector"


def test_a_learned_place_changes_nothing_where_the_text_is_found_there_anyway() -> None:
    html = page(text_box())
    assert read(html, LEARNED_BODY).body == read(html).body == WHOLE
    assert read(html, LEARNED_BODY).evidence["body"] == read(html).evidence["body"]


def test_a_learned_place_that_holds_little_is_not_the_place() -> None:
    html = page(f"<div class=text><p>{TEXT[0]}</p></div>{ELSEWHERE}")
    article = read(html, LEARNED_BODY)
    assert "читатель номер" in article.body
    assert [p.detail for p in article.problems if p.code == "field_vanished"] == [
        "body: learned 'div.text' holds little of this page's text"
    ]


def test_the_profiles_own_place_wins_over_a_learned_one() -> None:
    html = page(text_box() + ELSEWHERE)
    mine = source(fields={"body": "section.talk"}, learned=Layout(fields={"body": "div.text"}))
    article = read(html, mine)
    assert article.evidence["body"] == "profile body selector"
    assert "читатель номер" in article.body


def test_learned_places_that_vanish_are_problems_and_the_page_is_read_without() -> None:
    fields = {
        name: f"div.old-{name}" for name in ("title", "published_at", "body", "lead", "authors", "tags")
    }
    html = page(text_box(), '<meta property="article:published_time" content="2026-03-05T19:00:00+05:00">')
    article = read(html, source(learned=Layout(fields=fields)))
    assert article.title == "Река вышла из берегов"
    assert article.body == WHOLE
    vanished = [p.detail for p in article.problems if p.code == "field_vanished"]
    assert vanished == [
        f"{name}: learned 'div.old-{name}' matched nothing on this page"
        for name in ("body", "title", "published_at")
    ]


def test_a_profiles_title_that_vanishes_is_a_problem_too() -> None:
    article = read(page(text_box()), source(fields={"title": "h2.name"}))
    assert article.title == "Река вышла из берегов"
    assert "title: 'h2.name' matched nothing on this page" in [p.detail for p in article.problems]


def test_a_learned_title_is_one_voice_among_others() -> None:
    head = '<meta property="og:title" content="Река вышла из берегов">'
    html = page(f"<h2 class=slogan>Газета степного края</h2>{text_box()}", head)
    article = read(html, source(learned=Layout(fields={"title": "h2.slogan"})))
    assert article.title == "Река вышла из берегов"


def test_a_learned_date_speaks_where_the_page_states_none() -> None:
    shown = f"<p class=when>5 марта 2026, 19:00</p><div class=far>{'<hr>' * 40}</div>"
    html = page(f"{text_box()}<div class=foot>{shown}</div>")
    known = source(learned=Layout(fields={"published_at": "p.when"}))
    article = read(html, known)
    assert str(article.published_local) == "2026-03-05 19:00:00+05:00"
    assert article.published_evidence == "learned"
    head = '<meta property="article:published_time" content="2026-03-04T10:00:00+05:00">'
    stated = read(page(f"{text_box()}{shown}", head), known)
    assert str(stated.published_date) == "2026-03-04"


def test_learned_authors_speak_before_a_byline_and_after_what_is_stated() -> None:
    html = page(f"<div class=sig>Айгуль Сатпаева</div>{text_box()}")
    known = source(learned=Layout(fields={"authors": "div.sig"}))
    assert [author.name for author in read(html, known).authors] == ["Айгуль Сатпаева"]
    assert read(html, known).evidence["authors"] == "learned"
    stated = page(
        f"<div class=sig>Айгуль Сатпаева</div>{text_box()}", '<meta name=author content="Ержан Ким">'
    )
    assert [author.name for author in read(stated, known).authors] == ["Ержан Ким"]


def test_a_learned_section_and_learned_tags_are_used() -> None:
    html = page(f"<b class=part>Общество</b>{text_box()}<i class=word>паводок</i> <i class=word>река</i>")
    known = source(learned=Layout(fields={"section": "b.part", "tags": "i.word"}))
    article = read(html, known)
    assert article.section == "Общество"
    assert article.tags == ("паводок", "река")


LEAD = "Жителей нижней улицы вывезли в школу, вода стоит по пояс"


@pytest.mark.parametrize("place", ["above", "inside"])
def test_a_learned_lead_is_marked_where_it_is_kept_and_added_where_it_is_not(place: str) -> None:
    lead = f"<div class=deck>{LEAD}</div>"
    html = page(lead + text_box() if place == "above" else text_box().replace("<p>", f"{lead}<p>", 1))
    article = read(html, source(learned=Layout(fields={"lead": "div.deck"})))
    assert article.lead == LEAD
    assert article.body == f"{LEAD}\n\n{WHOLE}"


def test_what_is_learned_changes_no_order_of_the_text() -> None:
    html = page(text_box(f"<p class=deck>{TEXT[1][::-1]}.</p>"))
    article = read(html, source(learned=Layout(fields={"lead": "p.deck"})))
    assert article.body == read(html).body


def test_a_selector_no_one_can_read_is_a_problem_and_no_end() -> None:
    broken = Layout(fields={"body": "div["}, boilerplate=Boilerplate(drop=("p..x",)))
    article = read(page(text_box()), source(learned=broken))
    assert article.body == WHOLE
    assert codes(article).count("selector_unreadable") == 2
