"""What readers do, from beginning to end, in a browser that may not run a script of anyone's."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import NARROW, PHONE

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PAGES = (
    *("/", "/search", "/search?q=мост", "/search?q=ghghgh", "/search?q=ловушка&sort=relevance"),
    *("/a/{bridge}", "/a/{hostile}", "/a/{bare}", "/a/{gone}", "/a/{trap24}", "/a/{reworded}/changes"),
    *("/a/{bridge}/cite", "/changes", "/sources", "/source/steppe_news", "/charts?q=мост", "/nowhere"),
)


def test_from_a_word_to_a_citation_and_a_file(visit: Open) -> None:
    window = visit(java_script_enabled=False)
    window.goto("/")
    window.page.fill("input[type=search]", "уровень воды")
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    hit = window.page.locator("article.line a").first
    assert "Воды стало меньше" in hit.inner_text()
    assert "405" in window.page.locator("article.line").first.inner_text()
    assert window.page.locator("article.line").first.locator("mark").count() >= 2
    with window.page.expect_download() as download:
        window.page.locator("a[href*='search.csv']").first.click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"), newline="")))
    assert any("Воды стало меньше" in cell for row in rows for cell in row)
    hit.click()
    assert window.page.locator("h1").inner_text() == "Воды стало меньше"
    window.page.locator("a[href*='/changes']").last.click()
    assert "395" in " ".join(window.page.locator("del").all_inner_texts())
    assert "405" in " ".join(window.page.locator("ins").all_inner_texts())
    window.page.go_back()
    window.page.locator("a[href*='/cite']").first.click()
    said = window.page.locator("main").inner_text()
    assert "Воды стало меньше" in said
    assert "steppe.example" in said
    with window.page.expect_download() as download:
        window.page.locator("a[download][href*='.csl.json']").first.click()
    cited = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert "Воды стало меньше" in json.dumps(cited, ensure_ascii=False)


def test_a_search_is_narrowed_and_widened_again_by_hand_and_by_the_back_button(visit: Open) -> None:
    window = visit()
    window.goto("/search")
    everything = window.page.locator("p[role=status]").inner_text()
    window.page.locator("#narrow .shares a", has_text="казахский").click()
    assert window.page.locator("article.line").count() == 1
    window.page.locator(".chips a").first.click()
    assert window.page.locator("p[role=status]").inner_text() == everything
    window.page.go_back()
    window.page.reload()
    assert window.page.locator("article.line").count() == 1


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["390", "320"])
def test_nothing_is_wider_than_a_phone(visit: Open, size: tuple[int, int]) -> None:
    window = visit(size, has_touch=True, is_mobile=True)
    wide = [path for path in PAGES if window.goto(path) and window.is_wider_than_the_window()]
    window.happened[:] = [one for one in window.happened if "404" not in one]  # /nowhere is asked for
    assert wide == []


def test_fingers_find_every_button_on_a_phone(visit: Open) -> None:
    window = visit(PHONE, has_touch=True, is_mobile=True)
    for path in ("/", "/search?q=мост&language=ru", "/a/{bridge}"):
        window.goto(path)
        small = window.page.evaluate(
            "[...document.querySelectorAll('header a, nav a, button, input, summary, .chips a, .button')]"
            ".filter(e => e.offsetParent && !e.closest('p') && e.getBoundingClientRect().height < 43"
            " && e.type !== 'hidden' && !e.className.includes('skip'))"
            ".map(e => e.outerHTML.slice(0, 80) + ' ' + e.getBoundingClientRect().height)"
        )
        assert small == [], path
        assert window.page.evaluate(
            "[...document.querySelectorAll('input')].filter(e => e.offsetParent)"
            ".every(e => parseFloat(getComputedStyle(e).fontSize) >= 16)"
        )


# How far a search box's placeholder goes beyond the box, which keeps room for the cross that empties it.
PLACEHOLDER_CUT = """[...document.querySelectorAll('input[type=search]')].map(box => {
    const style = getComputedStyle(box), pen = document.createElement('canvas').getContext('2d')
    pen.font = style.font
    const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
        - 1.3 * parseFloat(style.fontSize)
    return pen.measureText(box.placeholder).width - room
})"""


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_search_box_says_on_a_phone_what_to_type_to_the_end(visit: Open, language: str) -> None:
    window = visit(PHONE, has_touch=True, is_mobile=True)
    for path in ("/", "/charts"):
        window.goto(f"{path}?lang={language}")
        (beyond,) = window.page.evaluate(PLACEHOLDER_CUT)
        assert beyond <= 0, path


# Between the last letter before a dot and the first one after it, where both stand on one line.
AROUND_DOTS = """[...document.querySelectorAll('.apart')].flatMap(apart => {
    const texts = document.createTreeWalker(apart.parentNode, NodeFilter.SHOW_TEXT)
    let before, after
    while (!after && texts.nextNode()) {
        const text = texts.currentNode
        if (!text.data.trim()) continue
        if (apart.contains(text)) after = text
        else before = text
    }
    const letter = (text, at) => {
        const range = document.createRange()
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        return range.getBoundingClientRect()
    }
    const left = letter(before, before.data.trimEnd().length - 1)
    const right = letter(after, after.data.search(/\\S/))
    return Math.abs(left.bottom - right.bottom) < 4 ? [right.left - left.right] : []
})"""
TOUCHING = """(() => {
    const buttons = [...document.querySelectorAll('button, .button, .chips a')].filter(e => e.offsetParent)
    const box = e => e.getBoundingClientRect()
    const gap = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom)
    return buttons.flatMap((one, n) => buttons.slice(n + 1).filter(other => gap(box(one), box(other)) < 6)
        .map(other => one.innerText + ' | ' + other.innerText))
})()"""


def test_on_a_phone_no_button_touches_another_and_dots_stand_evenly(visit: Open) -> None:
    window = visit(PHONE, has_touch=True, is_mobile=True)
    for path in ("/", "/search?q=мост&language=ru", "/a/{bridge}", "/a/{gone}", "/changes", "/sources"):
        window.goto(path)
        assert window.page.evaluate(TOUCHING) == [], path
        gaps = window.page.evaluate(AROUND_DOTS)
        assert gaps, path
        assert max(gaps) - min(gaps) < 1, (path, gaps)


def test_the_dark_is_dark_and_the_light_is_light(visit: Open) -> None:
    brightness = (
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
        ".reduce((sum, part) => sum + Number(part), 0) / 3"
    )
    for scheme, is_dark in (("dark", True), ("light", False)):
        window = visit(scheme=scheme)
        for path in ("/", "/a/{bridge}", "/search?q=мост"):
            window.goto(path)
            assert (window.page.evaluate(brightness) < 60) is is_dark, (scheme, path)


def test_a_keyboard_is_enough(visit: Open) -> None:
    window = visit()
    page = window.page
    window.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("мост")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    seen = 0
    for _ in range(40):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(() => { const active = document.activeElement, style = getComputedStyle(active);"
            " return active === document.body"
            " || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) })()"
        )
        assert ring, page.evaluate("document.activeElement.outerHTML")
        seen += 1
        if page.evaluate("!!document.activeElement.closest('article.line h3')"):
            break
    assert 1 < seen < 40
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/**")
    assert page.locator("h1").inner_text() == "В Степном открыли мост"


def test_a_kazakh_reader_stays_in_kazakh(visit: Open) -> None:
    window = visit(language="kk-KZ")
    window.goto("/")
    assert window.page.locator("html").get_attribute("lang") == "kk"
    window.page.fill("input[type=search]", "мектебі")
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    window.page.locator("article.line h3 a").first.click()
    assert window.page.locator("h1").inner_text() == "Мектеп салынды"
    assert window.page.locator("h1").get_attribute("lang") == "kk"
    assert window.page.locator("html").get_attribute("lang") == "kk"
    window.page.locator("header a", has_text="Деректер").click()
    assert "Мақалалар" in window.page.locator("main, .content").first.inner_text()


def test_a_choice_of_language_outlives_datasettes_pages(visit: Open) -> None:
    window = visit(language="ru-RU")
    window.goto("/")
    window.page.locator(".tongues a[lang=kk]").click()
    window.page.locator("header a", has_text="Деректер").click()
    window.page.locator("a[href$='/articles']").first.click()
    assert window.page.locator("html").get_attribute("lang") == "kk"
    window.page.locator("td a[href*='/a/']").first.click()
    assert window.page.locator("html").get_attribute("lang") == "kk"


def test_an_article_is_printed_without_what_paper_cannot_do(visit: Open) -> None:
    window = visit()
    window.goto("/a/{bridge}")
    window.page.emulate_media(media="print")
    assert not window.page.locator(".masthead nav").first.is_visible()
    assert window.page.locator("h1").is_visible()
    assert window.page.locator(".text").is_visible()


def test_a_page_asks_its_own_host_for_little(visit: Open, server: Any) -> None:
    window = visit()
    answers: list[Any] = []
    window.page.on("response", lambda answer: answers.append(answer))
    window.goto("/a/{bridge}")
    sizes = {answer.url: len(answer.body()) for answer in answers}
    style = sum(size for url, size in sizes.items() if url.endswith(".css"))
    assert len(answers) <= 4
    assert 1_000 < sizes[server.address + server.path("/a/{bridge}")] <= 25_000
    assert 1_000 < style <= 12_000
    assert sum(size for url, size in sizes.items() if url.endswith(".js")) <= 3_000
