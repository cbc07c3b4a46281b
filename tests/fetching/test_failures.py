"""Why an address gave no answer, in words for a person."""

from __future__ import annotations

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadTimeoutError

from crawler.fetching.failures import failure_code, failure_words
from crawler.fetching.public_addresses import PrivateAddress

URL = "https://someone:secret@news.example:8443/a/1"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (
            CannotResolveHostError("no results for hostname lookup: news.example"),
            "dns",
            "the name news.example could not be resolved: is there an internet connection?",
        ),
        (DownloadConnectionRefusedError("x"), "refused", "news.example:8443 refuses connections"),
        (DownloadTimeoutError("took longer than 30 seconds"), "timeout", "took longer than 30 seconds"),
        (OSError(), "no_answer", "no_answer"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_a_failure_is_told_in_words_with_the_host_and_without_what_is_secret(error, code, words):
    assert failure_code(error, URL) == code
    assert failure_words(error, code, URL) == words


def test_a_name_that_leads_to_a_private_address_is_told_as_that():
    error = PrivateAddress()
    code = failure_code(error, URL)
    assert code == "private_address"
    assert "private address; --allow-private" in failure_words(error, code, URL)
