"""alarms.toml is read strictly, and shows no secret when it is wrong."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from crawler.alarms.channels import Address, Alarms, Email, File, Webhook
from crawler.alarms.reading import read_alarms
from crawler.cli import cli
from crawler.sources.errors import ProfileError

MAIL = '[[email]]\nto = ["a@b.example"]\nfrom = "m@b.example"\nhost = "smtp.b.example"\n'


@pytest.fixture
def read(tmp_path):
    def reading(text: str) -> Alarms:
        path = tmp_path / "alarms.toml"
        path.write_text(text, encoding="utf-8")
        return read_alarms(path)

    return reading


def test_every_channel_is_read(read):
    alarms = read(
        MAIL + 'user = "m"\npassword_env = "PASSWORD"\n'
        '[[webhook]]\nurl_env = "HOOK"\n[[webhook]]\nurl = "https://h.example/x"\ntoken_env = "T"\n'
        '[[file]]\npath = "a.jsonl"\n[ping]\nurl_env = "PING"\n'
    )
    assert alarms.channels == (
        Email(("a@b.example",), "m@b.example", "smtp.b.example", 587, "starttls", "m", "PASSWORD"),
        Webhook(Address(url_env="HOOK")),
        Webhook(Address("https://h.example/x"), "T"),
        File("a.jsonl"),
    )
    assert alarms.ping == Address(url_env="PING")
    assert alarms.channels[2].label.startswith("webhook https://h.example (")


SECRET = "sk-12345-secret"
WRONG = {
    "an unknown key": (f'{MAIL}password = "{SECRET}"\n', 5, "unknown key"),
    "an unknown table": ("[[emial]]\n", 1, 'did you mean "email"'),
    "a secret in place of a name": (
        f'{MAIL}user = "m"\npassword_env = "{SECRET}"\n', 6, "no name of an environment variable"),
    "no scheme": (f'[[webhook]]\nurl = "hooks.example/{SECRET}"\n', 2, "must start with http"),
    "another scheme": (f'[[webhook]]\nurl = "file:///{SECRET}"\n', 2, "must start with http"),
    "both addresses": (
        '[[webhook]]\nurl = "https://h.example/"\nurl_env = "H"\n', 2, "one of url and url_env"),
    "a word for yes": ('[[webhook]]\nurl_env = "H"\nallow_private = "yes"\n', 3, "expected true or false"),
    "an empty ping": ("[ping]\n", 1, "one of url and url_env"),
    "a token in the clear": (
        '[[webhook]]\nurl = "http://h.example/"\ntoken_env = "T"\n', 3, "unencrypted"),
    "a password in the clear": (
        f'{MAIL}security = "none"\nuser = "m"\npassword_env = "P"\n', 5, "unencrypted"),
    "nobody": ('[[email]]\nfrom = "m@b.example"\nhost = "h"\n', 1, "nobody is named"),
    "no mailbox": (MAIL.replace("a@b.example", "a@b.example\\nBcc: c@d"), 2, "line breaks"),
    "no TOML": ("[[email\n", 1, "is not TOML"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG, ids=str)
def test_what_is_wrong_is_named_with_its_line_and_without_secrets(read, kind):
    text, line, words = WRONG[kind]
    with pytest.raises(ProfileError) as raised:
        read(text)
    assert f"alarms.toml:{line}: " in str(raised.value)
    assert words in str(raised.value)
    assert SECRET not in str(raised.value)


def muragat(judged, *arguments):
    return CliRunner().invoke(cli, [*arguments, "--archive", str(judged.folder.path)])


def test_a_test_says_what_came_of_each_channel(judged, hook):
    judged.configure(
        f'[[webhook]]\nurl = "{hook.url}"\nallow_private = true\n[[file]]\npath = "no/such"\n'
        f'[ping]\nurl = "{hook.url}/ping"\nallow_private = true\n'
    )
    done = muragat(judged, "alarms", "test")
    assert done.exit_code == 4
    sent, failed, asked = done.output.splitlines()
    assert sent.startswith("sent       webhook http://127.0.0.1:")
    assert failed.startswith("not sent   file no/such: ")
    assert asked.startswith("asked      ping ")
    assert hook.posted[0]["changes"] == [
        {"test": True, "text": "This is a test of alarms; no source is concerned."}
    ]


def test_the_list_shows_what_each_channel_was_told(judged, hook):
    from crawler.alarms.telling import tell_after_crawl

    judged.configure(f'[[webhook]]\nurl = "{hook.url}"\nallow_private = true\n')
    judged.judge("steppe_news", "silent")
    assert list(tell_after_crawl(judged.folder, did_its_work=True)) == []
    done = muragat(judged, "alarms", "list")
    assert done.exit_code == 0
    assert "  steppe_news: silent, told 20" in done.output


def test_without_a_file_it_is_said_where_it_would_be(judged):
    done = muragat(judged, "alarms", "test")
    assert done.exit_code == 3
    assert "alarms.toml: not there" in done.output
