"""Links to addresses and their keys."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from archive.identity import PLAIN, settled_key, url_key
from crawler.discovery.addresses import Address, address

BASE = "https://gazeta.example/news/"


@given(st.from_regex(PLAIN, fullmatch=True))
@example("https://www.gazeta.example/a/")
@example("http://www.www.gazeta.example")
@example("https://gazeta.example/a.b/~c/..d")
def test_a_plain_address_has_the_key_that_identity_gives_it(url):
    found = address(url, BASE)
    assert isinstance(found, Address)
    assert found.key == settled_key(url)


@example("www.-gazeta.example/1", "https://")
@example("gazeta.example/a//", "https://")
@example("gazeta.example/a/../b", "https://")
@given(
    st.text(max_size=100),
    st.sampled_from(["", "http://", "https://gazeta.example/", "//", "?", "http://www.", "HTTP:"]),
)
def test_every_address_has_the_key_that_identity_gives_it(text, start):
    found = address(start + text, BASE)
    if isinstance(found, Address):
        assert found.key == url_key(found.url)
        assert found.url.lower().startswith(("http://", "https://"))
        assert "#" not in found.url


@given(st.text(max_size=300), st.text(max_size=50))
def test_reasons_can_be_kept_anywhere(text, base):
    found = address(text, base)
    if not isinstance(found, Address):
        assert found.code in ("no_link", "bad_url", "scheme")
        f"{found.url if text.strip() else ''}{found.detail}".encode()
