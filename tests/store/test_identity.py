"""When two things are the same: addresses (fault 17) and texts."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.identity import content_hash, plain_key, same_site, settled_key, url_hash, url_key

KEY = "news.example/kz/article-1"


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/kz/article-1",
        "http://news.example/kz/article-1",
        "HTTPS://NEWS.Example/kz/article-1",
        "https://www.news.example/kz/article-1",
        "https://news.example:443/kz/article-1",
        "http://news.example:80/kz/article-1",
        "https://news.example./kz/article-1",
        "https://news.example/kz/article-1/",
        "https://news.example//kz///article-1",
        "https://news.example/kz/./article-1",
        "https://news.example/kz/x/../article-1",
        "https://news.example/kz/%61rticle-1",
        "https://news.example/kz/article-1#comments",
        "https://news.example/kz/article-1?utm_source=tg&utm_medium=social",
        "https://news.example/kz/article-1?fbclid=abc&yclid=1",
        "https://news.example/kz/article-1?PHPSESSID=123",
        "https://news.example/kz/article-1;jsessionid=A1B2",
        "https://news.example/kz/article-1;jsessionid=A1B2?utm_campaign=x",
        "  https://news.example/kz/article-1\n",
        "https://user:secret@news.example/kz/article-1",
    ],
)
def test_17_all_spellings_of_an_address_are_one(url):
    assert url_key(url) == KEY


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/kz/article-2",
        "https://news.example/KZ/article-1",
        "https://m.news.example/kz/article-1",
        "https://news.example:8080/kz/article-1",
        "https://news.example/kz/article-1?page=2",
        "https://news.example/kz/article-1.html",
        "https://news.example/kz%2Farticle-1x",
    ],
)
def test_17_other_addresses_are_others(url):
    assert url_key(url) != KEY


def test_17_the_order_of_parameters_makes_no_difference_their_values_do():
    assert url_key("https://a.example/?b=2&a=1") == url_key("https://a.example/?a=1&b=2&utm_term=x")
    assert url_key("https://a.example/?id=1") != url_key("https://a.example/?id=2")
    assert url_key("https://a.example/?id=") != url_key("https://a.example/")


def test_17_letters_of_any_alphabet_have_one_spelling():
    host = "қазақ".encode("idna").decode()
    one, other = "https://қазақ.example/жаңа", f"https://{host}.example/%d0%b6%d0%b0%d2%a3%d0%b0"
    assert url_key(one) == url_key(other)
    assert url_key(one).isascii()


@pytest.mark.parametrize(
    "url",
    ["", "/path", "news.example/a", "ftp://a.example/x", "file:///etc/hostname", "javascript:alert(1)",
     "mailto:a@b.example", "http://", "http:///x", "https://[::1", "data:text/html,x"],
)  # fmt: skip
def test_16_what_is_no_address_is_a_value_error(url):
    with pytest.raises(ValueError):  # noqa: PT011 - one promise for many causes
        url_key(url)


@given(st.text())
@example("http://a.example:99999/")
@example("http://[::1")
@example("http://" + "ы" * 100 + ".example/")
@example("http://a..b/")
@example("http://\ud800.example/")
def test_16_any_text_has_a_key_or_is_a_value_error(text):
    for url in (text, f"https://{text}/", f"https://a.example/{text}"):
        try:
            key = url_key(url)
        except ValueError:
            continue
        assert key


paths = st.text("abcXYZ019-_.~/%;=?&#ы ", max_size=30)


@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["www.a.example", "a.example", "www.www.a.kz", "b-1.kz"]),
    paths,
)
def test_17_a_key_names_itself(scheme, host, path):
    key = url_key(f"{scheme}://{host}/{path}")
    again = url_key(f"https://{key}")
    assert again == key or host.startswith("www.www.")


@given(st.sampled_from(["http://", "https://"]), st.text("aw.-019", min_size=1, max_size=12), paths)
@example("https://", "www.www.a.kz", "/a/b/")
@example("https://", "www.", "")
def test_the_quick_way_gives_what_the_thorough_one_gives(scheme, host, path):
    url = f"{scheme}{host}/{path}"
    quick = plain_key(url)
    assert quick is None or quick == settled_key(url)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_hash_of_an_address_fits_into_sqlites_integers(key):
    assert -(2**63) <= url_hash(key) < 2**63


def test_hashes_of_addresses_stay_what_they_are():
    """They are on the disks of many archives."""
    assert url_hash("news.example/kz/article-1") == -8669591149998905337
    assert content_hash("Заголовок", None, "Текст.") == "1563acd90323cb2a19f780d37e0966c7"


@pytest.mark.parametrize(
    "same",
    [
        "Рост на 5 процентов, сказал он.",
        "рост на  5\nпроцентов — сказал он",
        "Рост на 5\xa0процентов; сказал он…",
    ],
)
def test_noise_does_not_change_what_a_text_says(same):
    assert content_hash("Итоги", "Лид", same) == content_hash(
        "ИТОГИ!", "лид.", "Рост на 5 процентов сказал он"
    )


@pytest.mark.parametrize(
    "other", ["Рост на 6 процентов", "Рост на 5 процентов вчера", "на 5 процентов рост", ""]
)
def test_a_changed_word_or_number_does(other):
    assert content_hash("Итоги", None, "Рост на 5 процентов") != content_hash("Итоги", None, other)


@given(st.text(), st.text(), st.text())
def test_any_text_has_a_hash_and_twice_the_same(title, lead, body):
    assert content_hash(title, lead, body) == content_hash(title, lead, body)
    assert len(content_hash(title, lead, body)) == 32


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "http://www.a.example/y", True),
        ("https://m.a.example/", "https://a.example/", True),
        ("https://a.example/", "https://m.a.example/", True),
        ("https://ba.example/", "https://a.example/", False),
        ("https://a.example/", "https://a.example.evil.kz/", False),
        ("https://a.example/", "", False),
        ("", "", False),
    ],
)
def test_a_site_is_its_host_and_the_hosts_below_it(one, other, same):
    assert same_site(one, other) is same


def test_a_session_is_told_from_a_number_by_its_value():
    assert url_key("https://x.kz/modules.php?name=News&sid=12") != url_key(
        "https://x.kz/modules.php?name=News&sid=13"
    )
    assert url_key("https://x.kz/a?sid=9f86d081884c7d659a2feaa0c55ad015") == url_key("https://x.kz/a")


def test_a_changed_sign_is_a_changed_text_and_a_changed_dash_is_not():
    assert content_hash(None, None, "Ночью −5 градусов") != content_hash(None, None, "Ночью 5 градусов")
    assert content_hash(None, None, "Рост 5%") != content_hash(None, None, "Рост 5")
    assert content_hash(None, None, "Мост — закрыт") == content_hash(None, None, "Мост, закрыт")
