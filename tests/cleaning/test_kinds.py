"""What kind of page it is: made-up pages of the kinds that are often taken for articles."""

from __future__ import annotations

import json

import pytest

from archive.records import Article, Found
from crawler.cleaning import clean
from crawler.cleaning.likelihood import learned_forest

SITE = "https://town.example"
MENU = "<nav><a href='/news/'>News</a> <a href='/sport/'>Sport</a> <a href='/about/'>About us</a></nav>"
FOOT = "<footer><p>Town paper, all rights reserved. Phone of the newsroom: 12-34-56.</p></footer>"
WORDS = {
    "en": (
        "The library on the hill opens its doors again after a year of repairs, the town council has said.",
        "Its roof was laid anew, and the reading room got back the windows it had before the great fire.",
        "“Readers may come from Monday on, and nobody pays for a card in the first month,” its head said.",
    ),
    "ru": (
        "Городская библиотека на холме снова откроется после года ремонта, сообщили в городском совете.",
        "Крышу перекрыли заново, а в читальный зал вернули окна, которые были там до большого пожара.",
        "«Читателей ждут с понедельника, и первый месяц никто не платит за билет», – сказала директор.",
    ),
    "kk": (
        "Төбедегі қалалық кітапхана бір жылғы жөндеуден кейін қайта ашылады, деп хабарлады қалалық кеңес.",
        "Шатыры жаңадан жабылды, ал оқу залына үлкен өртке дейін болған терезелер қайта қойылды.",
        "«Оқырмандарды дүйсенбіден бастап күтеміз, бірінші айда билет тегін», – деді кітапхана директоры.",
    ),
}
TITLES = {
    "en": "The library on the hill opens",
    "ru": "Библиотека на холме открылась",
    "kk": "Кітапхана ашылды",
}
LANGUAGES = tuple(WORDS)
TEASERS = {
    "en": (
        "Bridge over the river closed until autumn",
        "The bridge is closed while its pillars are mended.",
    ),
    "ru": ("Мост через реку закрыли до самой осени", "Мост закрыт, пока рабочие чинят его опоры и перила."),
    "kk": ("Өзен үстіндегі көпір күзге дейін жабылды", "Көпір тіректері жөнделгенше жабық тұрады."),
}


def page(
    path: str, title: str, inside: str, *, language: str = "en", head: str = "", **given: object
) -> Article:
    source = (
        f"<html lang='{language}'><head><title>{title} | Town paper</title>{head}</head><body>"
        f"{MENU}<main>{inside}</main>{FOOT}</body></html>"
    )
    return clean(source.encode(), SITE + path, content_type="text/html; charset=utf-8", **given)


def text(language: str, times: int = 2) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in WORDS[language] * times)


def teasers(language: str, number: int = 15) -> str:
    title, lead = TEASERS[language]
    return "".join(
        f"<article><h3><a href='/news/most-{n}'>{title}, {n}</a></h3>"
        f"<time>{n + 1}.03.2026</time><p>{lead}</p></article>"
        for n in range(number)
    )


def article(language: str, path: str = "/news/2026/library-on-the-hill-opens", **given: object) -> Article:
    title = TITLES[language]
    return page(
        path, title, f"<article><h1>{title}</h1>{text(language)}</article>", language=language, **given
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_news_article_is_one(language: str) -> None:
    assert article(language).article_type == "article"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Town paper"),
        ("/ru", "Town paper"),
        ("/kz/index.html", "Town paper"),
        ("/news/", "News"),
        ("/sport", "Sport"),
        ("/tag/library/", "Library"),
        ("/tags/library", "Library"),
        ("/category/town/", "Town"),
        ("/author/anna-writer/", "Anna Writer"),
        ("/search/?q=library", "Library"),
        ("/?s=library", "Library"),
        ("/news/page/7/", "News"),
    ],
)
def test_a_list_of_articles_is_none(path: str, heading: str, language: str) -> None:
    found = page(path, heading, f"<h1>{heading}</h1>{teasers(language)}", language=language)
    assert found.article_type == "not_article"
    assert "not_article" in [problem.code for problem in found.problems]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_author_s_page_is_none_though_it_tells_of_the_author(language: str) -> None:
    about = f"<h1>Anna Writer</h1><p>{WORDS[language][0]}</p>{teasers(language, 8)}"
    assert page("/authors/anna-writer", "Anna Writer", about, language=language).article_type == "not_article"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_front_page_is_no_article_though_a_source_is_known_by_it(language: str) -> None:
    stated = (Found(f"{SITE}/", "feed"),)
    found = page("/", "Town paper", teasers(language), language=language, stated=stated)
    assert found.article_type == "not_article"


@pytest.mark.parametrize(
    "title",
    [
        *("404", "Error 404", "404 Not Found", "Page not found", "The page you requested could not be found"),
        *("Страница не найдена", "Ошибка 404", "404 – Такой страницы нет", "Страница удалена"),
        *("Бет табылмады", "Қате 404", "Сторінку не знайдено", "Seite nicht gefunden"),
    ],
)
def test_an_error_page_with_status_200_is_no_article(title: str) -> None:
    said = f"<h1>{title}</h1><p>{WORDS['ru'][0]}</p><p>{WORDS['ru'][1]}</p>"
    found = page("/news/2026/library-on-the-hill-opens", title, said, language="ru")
    assert (found.article_type, found.is_article < 0.5) == ("not_article", True)


@pytest.mark.parametrize(
    "title",
    [
        *("В 404 домах села нет воды", "Страница истории перевёрнута", "Lost page of a book was found"),
        *("Материал удалён: суд обязал газету извиниться", "Документ не существует: мэр опроверг слухи"),
        *("Запись удалена с камер, заявил адвокат", "Lost article could not be found in museum store"),
        "404 жителя села остались без воды",
    ],
)
def test_a_title_with_such_words_is_no_error(title: str) -> None:
    inside = f"<article><h1>{title}</h1><time datetime='2026-03-01'>1.03.2026</time>{text('ru')}</article>"
    assert page("/news/2026/what-the-title-says", title, inside).article_type == "article"


def test_a_product_is_no_article() -> None:
    offer = json.dumps({"@type": "Product", "name": "Lamp", "offers": {"@type": "Offer", "price": "9"}})
    head = f"<script type='application/ld+json'>{offer}</script>"
    shown = (
        "<h1>Reading lamp</h1><p>$ 9.00</p><button>Add to cart</button><p>A lamp for your desk. In stock.</p>"
    )
    assert page("/product/reading-lamp", "Reading lamp", shown, head=head).article_type == "not_article"


def test_a_thread_of_a_forum_is_no_article() -> None:
    said = ("Where do you park?", "Try the hill, I always do.", "Thanks, that helped!") * 5
    posts = "".join(
        f"<div class='post'><a href='/user/{n}'>reader{n}</a><p>{words}</p><a href='#'>Reply</a></div>"
        for n, words in enumerate(said)
    )
    found = page("/forum/threads/parking.12/", "Parking", f"<h1>Parking</h1>{posts}")
    assert found.article_type == "not_article"


PICTURES = "".join(f"<figure><img src='/photo/{n}.jpg' width='800' height='600'></figure>" for n in range(8))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_with_hardly_a_text_are_a_gallery(language: str) -> None:
    title = TITLES[language]
    inside = f"<article><h1>{title}</h1><p>{WORDS[language][0]}</p>{PICTURES}</article>"
    assert page("/photo/library-on-the-hill-7/", title, inside, language=language).article_type == "gallery"
    node = json.dumps({"@type": "ImageGallery", "name": title})
    head = f"<script type='application/ld+json'>{node}</script>"
    assert page("/n/library-7/", title, inside, language=language, head=head).article_type == "gallery"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_film_with_hardly_a_text_is_a_video_and_their_section_is_a_list(language: str) -> None:
    title = TITLES[language]
    inside = f"<article><h1>{title}</h1><video src='/1.mp4'></video><p>{WORDS[language][0]}</p></article>"
    assert page("/video/library-on-the-hill-opens", title, inside, language=language).article_type == "video"
    head = "<meta property='og:type' content='video.other'>"
    assert page("/n/77/", title, inside, language=language, head=head).article_type == "video"
    listed = page("/video/town/", "Video", f"<h1>Video</h1>{teasers(language)}", language=language)
    assert listed.article_type == "not_article"


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("LIVE: the town council votes", "/news/the-town-council-votes-today"),
        ("Совет города голосует: онлайн-трансляция", "/news/sovet-goroda-golosuet-segodnya"),
        ("Қалалық кеңес: тікелей трансляция", "/news/qalalyq-kenes-dauys-beredi"),
        ("The town council votes", "/live-blog/the-town-council-votes"),
    ],
)
def test_fault_36_a_live_blog_is_told(title: str, path: str) -> None:
    posts = "".join(f"<h3>{9 + n}:15</h3>{text('ru', 1)}" for n in range(5))
    assert page(path, title, f"<article><h1>{title}</h1>{posts}</article>").article_type == "live"


@pytest.mark.parametrize("word", ["На правах рекламы", "Партнёрский материал", "Advertorial"])
def test_an_advertorial_says_so_below_its_text(word: str) -> None:
    inside = f"<article><h1>Окна для всех</h1>{text('ru', 3)}<p>{word}</p></article>"
    found = page("/news/2026/okna-dlya-vseh-zhitelej", "Окна для всех", inside, language="ru")
    assert found.article_type == "advertorial"


def test_an_advertorial_is_known_by_its_section() -> None:
    assert article("ru", path="/sponsored/okna-dlya-vseh-zhitelej").article_type == "advertorial"


def test_a_page_a_feed_led_to_needs_less_to_be_an_article() -> None:
    short = f"<h1>Note</h1><p>{WORDS['ru'][0]}</p>"
    strange = page("/n/77", "Note", short, language="ru")
    led_to = page("/n/77", "Note", short, language="ru", stated=(Found(f"{SITE}/n/77", "feed"),))
    assert led_to.is_article > strange.is_article


def test_a_list_s_address_does_not_speak_against_what_states_itself_an_article() -> None:
    node = {"@type": "NewsArticle", "headline": TITLES["ru"], "url": f"{SITE}/tag/library/"}
    node |= {
        "datePublished": "2026-03-01T10:00:00+05:00",
        "author": {"@type": "Person", "name": "Anna Writer"},
    }
    head = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
    led_to = {"path": "/tag/library/", "stated": (Found(f"{SITE}/tag/library/", "feed"),)}
    assert article("ru", **led_to, head=head).article_type == "article"
    assert article("ru", **led_to).article_type == "not_article"


def test_the_trees_ask_only_what_a_page_answers() -> None:
    assert learned_forest().names
    assert learned_forest().adds.shape == (learned_forest().places.shape[1], 16)


def test_live_music_is_no_live_blog() -> None:
    found = page(
        "/news/2026/live-musik-kehrt-zurueck", "Live-Musik kehrt zurück", f"<article>{text('en')}</article>"
    )
    assert found.article_type == "article"


def test_what_a_shared_link_carries_makes_no_search_of_an_article() -> None:
    inside = f"<article><h1>Fire in the old mill</h1>{text('en')}</article>"
    assert (
        page("/news/2026/fire-in-the-old-mill?s=20", "Fire in the old mill", inside).article_type == "article"
    )
    assert page("/?s=mill", "Results for mill", inside).article_type == "not_article"
