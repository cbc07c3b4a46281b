"""What several pages of one source teach, and that no page reads worse for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Article, Page
from crawler.cleaning import clean
from crawler.cleaning.layout import Learned, is_stale, learn
from crawler.sources.layouts import layout_text, read_layout
from crawler.sources.profile import ARTICLE_FIELDS, Layout, Source

VISIT = datetime(2026, 3, 20, 8, tzinfo=UTC)
SOURCE = Source(
    id="paper", name="Вестник", home="https://paper.kz/", languages=("ru",), timezone="Asia/Almaty"
)


@dataclass(frozen=True)
class Story:
    """One article of a made-up paper."""

    title: str
    text: tuple[str, ...]
    author: str
    day: int
    tags: tuple[str, ...]


TOLD = [
    ("Паводок дошёл до Бозарала", "Вода поднялась", ("у моста", "на лугу", "возле школы"), "штаб"),
    ("Новую библиотеку открыли", "Читателей встретили", ("в зале", "у полок", "на крыльце"), "директор"),
    ("Борцы привезли медали", "Победу одержали", ("в лёгком весе", "в финале", "на ковре"), "тренер"),
    ("Цены на муку замерли", "Мука не дорожала", ("на базаре", "в лавках", "на складе"), "продавцы"),
    ("Театр готовит премьеру", "Репетиции идут", ("на сцене", "в фойе", "за кулисами"), "режиссёр"),
    ("Дорогу к посёлку закрыли", "Снег замёл шоссе", ("у перевала", "в степи", "у столба"), "дорожники"),
]
SIGNED = ["Айгуль Сатпаева", "Ержан Ким", "Марат Ахметов", "Ольга Ли", "Данияр Омаров", "Светлана Пак"]
STORIES = [
    Story(
        title,
        tuple(
            f"{what} {where} в {number} часов, и об этом говорит {who}: «{where.capitalize()} так не было "
            f"с {number + 1980} года, а {what.lower()} надолго, и рассказывать об этом будут ещё внукам»."
            for number, where in enumerate(places, start=day)
        ),
        author,
        day,
        (title.split()[0].lower(), who),
    )
    for day, ((title, what, places, who), author) in enumerate(zip(TOLD, SIGNED, strict=True), start=5)
]
Design = Callable[[Story], str]


def paper(story: Story, *, inside: str = "", after: str = "", above: str = "", head: str = "") -> str:
    """The paper's template; its pages state title and date, and print both."""
    stated = f"2026-03-{story.day:02}T10:00:00+05:00"
    text = "".join(f"<p class=par>{line}</p>" for line in story.text)
    first, rest = text.split("</p>", 1)
    tags = "".join(f"<a class=topic href='/t/{tag}'>{tag}</a> " for tag in story.tags)
    return (
        f"<!doctype html><html lang=ru><head><meta charset=utf-8><title>{story.title} | Вестник</title>"
        f"<meta property='og:title' content='{story.title}'><meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='{stated}'>"
        f"<meta name=author content='{story.author}'>"
        + "".join(f"<meta property='article:tag' content='{tag}'>" for tag in story.tags)
        + f"{head}</head><body><ul class=menu><li><a href=/>Главная</a><li><a href=/n>Новости</a></ul>{above}"
        f"<div class='post post-{story.day}'><h1 class=post-name>{story.title}</h1>"
        f"<div class=meta-line><span class=when>{story.day} марта 2026, 10:00</span> "
        f"<a class=signed href=/a>{story.author}</a></div>"
        f"<div class='post-text css-{story.day}x9'>{first}</p>{inside}{rest}{after}</div>"
        f"<div class=topics>{tags}</div></div></body></html>"
    )


def pages(design: Design = paper, stories: list[Story] = STORIES, visit: datetime = VISIT) -> list[Page]:
    return [
        Page(url := f"https://paper.kz/news/{number}", url, "paper", visit, 200, (), design(story).encode())
        for number, story in enumerate(stories)
    ]


def taught(design: Design = paper, stories: list[Story] = STORIES, **options: object) -> Learned:
    learned = learn(pages(design, stories), replace(SOURCE, **options), on=date(2026, 3, 20))  # type: ignore[arg-type]
    assert learned is not None
    return learned


def read(page: Page, layout: Layout | None) -> Article:
    return clean(page.body, page.url, fetched_at=page.fetched_at, profile=replace(SOURCE, learned=layout))


def test_the_place_of_each_field_is_found_by_names_that_last() -> None:
    layout = taught().layout
    assert layout.fields == {
        "title": "h1.post-name",
        "published_at": "span.when",
        "body": "div.post-text",
        "authors": "a.signed",
        "tags": "a.topic",
    }
    assert (layout.pages, layout.learned_on) == (6, "2026-03-20")


def test_two_pages_are_enough_and_one_is_not() -> None:
    assert taught(stories=STORIES[:2]).layout.fields["body"] == "div.post-text"
    assert learn(pages(stories=STORIES[:1]), SOURCE) is None


def test_what_the_profile_names_is_not_learned() -> None:
    learned = taught(fields={"title": "h1", "body": "div.post"})
    assert not {"title", "body"} & set(learned.layout.fields)
    assert not {"title", "body"} & {lesson.field for lesson in learned.lessons}


def test_a_page_that_is_no_article_teaches_nothing() -> None:
    empty = Page(
        "https://paper.kz/x", "https://paper.kz/x", "paper", VISIT, 200, (), b"<html><p>404</p></html>"
    )
    learned = learn([*pages(), empty], SOURCE)
    assert learned is not None
    assert (learned.layout.pages, learned.left_out) == (6, 1)


NOTE = "Газета выходит по средам и пятницам: она продаётся в каждом киоске степного края."


@pytest.mark.parametrize(
    "design",
    [
        lambda story: paper(story, after=f"<p class=par>{NOTE}</p>"),
        lambda story: paper(story, inside=f"<div class=note><p>{NOTE}</p></div>"),
        lambda story: paper(story, inside=f"<p class=par>{NOTE}</p>"),
    ],
    ids=["at the end", "in a box of its own", "amid the text"],
)
def test_a_paragraph_on_every_page_is_boilerplate(design: Design) -> None:
    learned = taught(design)
    assert learned.layout.boilerplate.texts == (NOTE.rstrip("."),)
    for page, plain in zip(pages(design), pages(), strict=True):
        assert NOTE in read(page, None).body
        assert read(page, learned.layout).body == read(plain, None).body


def test_a_paragraph_the_others_repeat_is_left_out_of_a_page_not_yet_seen() -> None:
    def design(story: Story) -> str:
        return paper(story, after=f"<p class=par>{NOTE}</p>")

    learned = learn(pages(design)[1:], SOURCE)
    assert learned is not None
    assert NOTE not in read(pages(design)[0], learned.layout).body


def test_the_background_two_stories_of_one_affair_share_is_their_text() -> None:
    background = "Напомним, на прошлой неделе из посёлка Бозарал вывезли двести семей, дамбу прорвало дважды."
    stories = [
        replace(story, title=f"Паводок в Бозарале: {story.title}", text=(*story.text, background))
        for story in STORIES[:3]
    ]
    stories += STORIES[3:]
    learned = taught(stories=stories)
    assert learned.layout.boilerplate.texts == ()
    assert background in read(pages(stories=stories)[0], learned.layout).body


def test_a_heading_over_text_of_its_own_belongs_to_the_article() -> None:
    def design(story: Story) -> str:
        return paper(
            story, after=f"<h3>Что было раньше</h3><p class=par>{story.title}: {story.text[0][::-1]}.</p>"
        )

    learned = taught(design)
    assert learned.layout.boilerplate.texts == ()
    assert "Что было раньше" in read(pages(design)[0], learned.layout).body


def test_the_first_words_of_an_article_are_no_boilerplate_for_being_a_teaser_elsewhere() -> None:
    teasers = "".join(f"<div class=teaser><p>{story.text[0]}</p></div>" for story in STORIES)
    learned = taught(lambda story: paper(story, above=f"<div class=side>{teasers}</div>"))
    assert learned.layout.boilerplate.texts == ()


def test_an_article_kept_twice_counts_once() -> None:
    learned = taught(stories=[*STORIES[:3], *STORIES[:3]])
    assert (learned.layout.pages, learned.left_out) == (3, 3)
    assert learned.layout.boilerplate.texts == ()


def test_a_line_that_signs_the_text_is_named_by_its_element() -> None:
    def design(story: Story) -> str:
        return paper(story, after=f"<p class=signature>Текст подготовила {story.author}</p>")

    page = pages(design)[0]
    assert STORIES[0].author in read(page, None).body
    learned = taught(design)
    assert learned.layout.boilerplate.drop == ("p.signature",)
    assert STORIES[0].author not in read(page, learned.layout).body


def test_two_designs_of_one_paper_are_both_learned() -> None:
    def design(story: Story) -> str:
        html = paper(story)
        return (
            html.replace("post-text", "column-body").replace("post-name", "column-head")
            if story.day % 2
            else html
        )

    fields = taught(design).layout.fields
    assert set(fields["body"].split(", ")) == {"div.post-text", "div.column-body"}
    assert fields["title"] == "h1"


def test_a_hashed_class_is_named_by_what_lasts_of_it() -> None:
    def design(story: Story) -> str:
        return paper(story).replace("post-text", f"Article_text__x{story.day % 10}Kq{story.day % 7}")

    assert taught(design).layout.fields["body"] == 'div[class*="Article_text__"]'


def test_the_day_of_the_visit_is_learned_as_nobodys_date() -> None:
    def design(story: Story) -> str:
        return (
            paper(replace(story, day=20))
            .replace("20 марта 2026, 10:00", "")
            .replace("<body>", "<body><div class=today>20 марта 2026</div>")
        )

    assert "published_at" not in taught(design).layout.fields


def test_a_menu_that_names_the_section_of_all_pages_is_not_where_it_stands() -> None:
    def design(story: Story) -> str:
        stated = "<meta property='article:section' content='Новости'>"
        return paper(story, head=stated, above="<div class=rubrics><a class=rubric href=/n>Новости</a></div>")

    learned = taught(design)
    assert read(pages(design)[0], None).section == "Новости"
    assert "section" not in learned.layout.fields


def test_a_place_that_says_something_else_on_one_page_is_not_the_place() -> None:
    def design(story: Story) -> str:
        wrong = "<a class=signed href=/b>Кто-то Другой</a>" if story.day == 7 else ""
        return paper(story).replace("<div class=meta-line>", f"<div class=meta-line>{wrong}")

    learned = taught(design)
    assert "authors" not in learned.layout.fields
    assert [lesson.selector for lesson in learned.lessons if lesson.field == "authors"] == [None]


def test_no_page_reads_otherwise_where_there_is_nothing_to_gain() -> None:
    learned = taught()
    for page in pages():
        without, with_it = read(page, None), read(page, learned.layout)
        for name in ("title", "body", "lead", "authors", "tags", "section", "published_at", "links"):
            assert getattr(with_it, name) == getattr(without, name)
        assert [problem.code for problem in with_it.problems] == [p.code for p in without.problems]


def test_a_page_that_stopped_stating_its_date_still_has_it() -> None:
    layout = taught().layout
    bare = pages()[0].body.decode()
    bare = bare.replace("<meta property='article:published_time' content='2026-03-05T10:00:00+05:00'>", "")
    page = replace(pages()[0], body=bare.encode())
    assert str(read(page, layout).published_local) == "2026-03-05 10:00:00+05:00"
    assert read(page, layout).published_evidence == "learned"


def test_a_layout_is_stale_when_most_new_pages_miss_what_it_names() -> None:
    layout = taught().layout

    def redesigned(story: Story) -> str:
        return paper(story).replace("post-text", "fresh").replace("post-name", "fresh-name")

    assert not is_stale(layout, pages(), SOURCE)
    assert is_stale(layout, pages(redesigned), SOURCE)
    assert not is_stale(layout, [*pages(redesigned)[:2], *pages()[2:]], SOURCE)
    for page, old in zip(pages(redesigned), pages(), strict=True):
        assert read(page, layout).body == read(old, None).body
        assert "field_vanished" in [problem.code for problem in read(page, layout).problems]


@pytest.mark.parametrize("name", ["di\x05v", "o:p", "д-текст", 'a"b', "post.text", "x" * 90])
def test_names_no_selector_can_hold_are_passed_over(tmp_path: Path, name: str) -> None:
    def design(story: Story) -> str:
        html = paper(story).replace("post-text", name).replace("class=when", f"itemprop='{name}'")
        return html.replace("<div class=topics>", f"<{name} class='{name}' id='{name}'>")

    layout = taught(design).layout
    path = tmp_path / "paper.toml"
    path.write_text(layout_text("paper", layout), encoding="utf-8")
    assert read_layout(path) == layout
    assert name not in layout_text("paper", layout)
    assert layout.fields["title"] == "h1.post-name"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3_000), st.binary(max_size=12)), max_size=12))
def test_no_bytes_end_it(changes: list[tuple[int, bytes]]) -> None:
    broken = bytearray(paper(STORIES[0]).encode())
    for place, piece in changes:
        broken[place : place + len(piece)] = piece
    learned = learn([replace(pages()[0], body=bytes(broken)), *pages()[1:3]], SOURCE)
    assert learned is not None
    assert set(learned.layout.fields) <= set(ARTICLE_FIELDS)
