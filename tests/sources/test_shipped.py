"""The profiles that come with the package, and the user's own beside them."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from archive.identity import same_site
from crawler.sources.errors import UnknownSource
from crawler.sources.profile import Source
from crawler.sources.reading import read_profile
from crawler.sources.selectors import compiled
from crawler.sources.shipped import ONLY_OWN, SHIPPED, chosen, load_profiles, profile_files
from crawler.sources.showing import sources_table

ROOT = Path(__file__).resolve().parents[2]
FILES = profile_files(SHIPPED)
OWN = 'id = "{id}"\nname = "Own"\nhome = "https://own.example/"\nfeeds = ["https://own.example/rss"]\n'
# Addresses in the forms that descriptions of the sites give; the words in them are made up.
ARTICLES = {
    "inkaraganda_kz": "/novosti/obshhestvo/novyj-most-otkryli/",
    "liter_kz": "/novyi-most-otkryli-v-gorode",
    "tengrinews_kz": "/kazakhstan_news/novyiy-most-otkryili-550643/",
    "zakon_kz": "/sobytiia/6400001-novyy-most.html",
    "nur_kz": "/politics/kazakhstan/2086925-novyy-most/",
    "inform_kz": "/ru/novyy-most-otkryli_a3725092",
    "egemen_kz": "/article/382201-zhanga-kopir",
    "kazpravda_kz": "/n/novyy-most-otkryli/",
    "kursiv_media": "/2026-03-10/novyj-most/",
    "vlast_kz": "/novosti/64001-novyj-most.html",
    "khabar_kz": "/ru/news/obshchestvo/item/170001-novyj-most",
    "sputnik_kz": "/20260310/novyy-most-50000001.html",
    "informburo_kz": "/novosti/novyy-most-otkryli",
    "azattyq_org": "/a/33700001.html",
    "azattyq_org_ru": "/a/novyy-most/33700001.html",
    "ng_kz": "/modules/news/article.php?storyid=51001",
    "kt_kz": "/rus/society/novyy_most_otkryli_1377900001.html",
    "orda_kz": "/novyj-most-otkryli-v-gorode/",
}
SECTIONS = {
    "inkaraganda_kz": "/novosti/obshhestvo/",
    "tengrinews_kz": "/kazakhstan_news/",
    "nur_kz": "/politics/",
    "vlast_kz": "/novosti/2/?archive=1",
    "azattyq_org": "/z/330",
    "kazpravda_kz": "/c/politika/",
    "orda_kz": "/category/news-day/",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_shipped_profile_is_read_and_says_what_is_unverified(path: Path) -> None:
    source = read_profile(path)
    assert source.id == path.stem
    assert source.languages
    assert source.timezone.startswith("Asia/")
    assert source.region
    assert source.pace.delay_seconds >= 2
    assert source.pace.concurrent_requests == 1
    assert source.known.as_of
    assert source.known.seen or source.known.unverified
    named = [*source.feeds, *source.sitemaps, *(listing.url for listing in source.listings)]
    assert all(same_site(url, source.home) for url in named)


def test_at_least_22_sources_are_shipped_in_russian_and_kazakh() -> None:
    sources, errors = load_profiles()
    assert errors == []
    assert len(sources) == len(FILES) >= 22
    assert len({source.home for source in sources.values()}) == len(sources)
    assert sum("kk" in source.languages for source in sources.values()) >= 8
    assert {"inkaraganda_kz", "tengrinews_kz", "tengrinews_kz_kk"} <= set(sources)


def is_article(source: Source, address: str) -> bool:
    """Whether the patterns allow an address, as docs/sources.md tells it."""
    allow, deny = source.articles.allow, source.articles.deny
    return any(re.search(p, address) for p in allow) and not any(re.search(p, address) for p in deny)


@pytest.mark.parametrize("source_id", ARTICLES)
def test_the_patterns_take_the_article_addresses_of_the_site(source_id: str) -> None:
    source = load_profiles()[0][source_id]
    assert is_article(source, ARTICLES[source_id])
    assert not is_article(source, "/")
    assert not is_article(source, SECTIONS.get(source_id, "/"))


def test_a_kept_listing_gives_all_its_articles_and_no_other_page(shared: Path) -> None:
    folder = shared / "corpora" / "kz-lists"
    rows = map(json.loads, (folder / "index.jsonl").read_text().splitlines())
    (row,) = (row for row in rows if row["id"] == "tengrinews_kz_list_1")
    source = load_profiles()[0]["tengrinews_kz"]
    (listing,) = source.listings
    assert listing.url == row["url"]
    page = gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes())
    tree = html.document_fromstring(page)
    tree.make_links_absolute(row["url"])
    found = {node.get("href") for node in compiled(listing.link)(tree)}
    named = {item["url"] for item in row["truth"]["items"]}
    assert {url for url in found if is_article(source, urlsplit(url).path)} == named


def test_an_own_profile_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN.format(id="liter_kz"))
    (tmp_path / "new.toml").write_text(OWN.format(id="brand_new"))
    sources, errors = load_profiles(tmp_path)
    assert errors == []
    assert sources["liter_kz"].name == "Own"
    assert sources["brand_new"].home == "https://own.example/"
    assert len(sources) == len(FILES) + 1
    assert list(sources) == sorted(sources)


def test_a_bad_file_hides_no_good_one(tmp_path: Path) -> None:
    (tmp_path / "a_bad.toml").write_text("id = ")
    (tmp_path / "b_binary.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "c_good.toml").write_text(OWN.format(id="good"))
    (tmp_path / "d_folder.toml").mkdir()
    (tmp_path / ".#c_good.toml").write_text("an editor's lock")
    (tmp_path / "notes.txt").write_text("no profile")
    sources, errors = load_profiles(tmp_path)
    assert "good" in sources
    assert len(sources) == len(FILES) + 1
    assert [error.path.name for error in errors] == ["a_bad.toml", "b_binary.toml", "d_folder.toml"]


def test_the_second_file_with_an_id_is_an_error_that_names_the_first(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(OWN.format(id="same"))
    (tmp_path / "two.toml").write_text(OWN.format(id="same").replace("Own", "Second"))
    sources, (error,) = load_profiles(tmp_path)
    assert sources["same"].name == "Own"
    assert (error.path.name, error.key) == ("two.toml", "id")
    assert "one.toml" in str(error)


def test_a_file_beside_own_profiles_says_that_those_are_all(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN.format(id="mine"))
    (tmp_path / ONLY_OWN).touch()
    sources, errors = load_profiles(tmp_path)
    assert list(sources) == ["mine"]
    assert errors == []
    (tmp_path / "mine.toml").unlink()
    assert load_profiles(tmp_path) == ({}, [])


def test_a_missing_own_folder_is_no_error(tmp_path: Path) -> None:
    assert load_profiles(tmp_path / "sources") == load_profiles(None)


def test_sources_are_chosen_by_id_and_an_unknown_one_gets_a_suggestion() -> None:
    sources, _ = load_profiles()
    assert [source.id for source in chosen(sources, ["zakon_kz", "liter_kz", "zakon_kz"])] == [
        "zakon_kz",
        "liter_kz",
    ]
    assert len(chosen(sources, [])) == len(sources)
    with pytest.raises(UnknownSource, match="did you mean liter_kz"):
        chosen(sources, ["litr_kz"])


def test_the_docs_hold_the_table_of_shipped_sources() -> None:
    docs = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert docs.endswith("\n\n" + sources_table()), (
        "put the output of sources_table() at the end of docs/sources.md"
    )


def test_the_docs_explain_every_key(tmp_path: Path) -> None:
    docs = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    example = tmp_path / "example.toml"
    example.write_text(docs.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    source = read_profile(example)
    told = set(re.findall(r"`([a-z_.]+)`", docs.partition("| key |")[2].partition("*Selectors*")[0]))
    plain = {"id", "name", "home", "languages", "timezone", "region", "feeds", "sitemaps"}
    for table, record in (
        ("listings", source.listings[0]),
        ("articles", source.articles),
        ("pace", source.pace),
        ("expect", source.expect),
        ("known", source.known),
    ):
        plain |= {f"{table}.{name}" for name in record.__dataclass_fields__}
    assert plain <= told
