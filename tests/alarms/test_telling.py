"""Each channel hears once of each change, whatever happens in between, and of nothing secret."""

from __future__ import annotations

import email
import json
import os
import subprocess
import sys
from email.policy import default

import pytest
from filelock import FileLock

from archive.errors import ArchiveError
from crawler.alarms.telling import tell_after_crawl

from .conftest import EVIDENCE

TOKEN = "hunter2-very-secret"


def crawled(judged, *, did_its_work: bool = True) -> list[str]:
    """What the end of a crawl says of its alarms."""
    return list(tell_after_crawl(judged.folder, did_its_work=did_its_work))


def test_each_change_is_told_once_and_being_well_again_too(judged, hook):
    judged.configure(f'[[webhook]]\nurl = "{hook.url}/alarms"\nallow_private = true\n')
    for state, told in [("well", 0), ("worse", 1), ("worse", 1), ("silent", 2), ("well", 3), ("well", 3)]:
        judged.judge("steppe_news", state)
        assert crawled(judged) == []
        assert crawled(judged) == []
        assert len(hook.posted) == told, state
    said = [post["changes"][0] for post in hook.posted]
    assert [(one["was"], one["state"]) for one in said] == [
        ("well", "worse"), ("worse", "silent"), ("silent", "well")
    ]  # fmt: skip
    assert said[0]["evidence"] == [EVIDENCE]
    assert hook.posted[2]["subject"] == "Muragat: steppe_news is well again"


def test_sources_that_change_together_are_one_message(judged, hook):
    judged.configure(f'[[webhook]]\nurl = "{hook.url}"\nallow_private = true\n')
    for number in range(60):
        judged.judge(f"paper_{number:02}", "silent")
    assert crawled(judged) == []
    (message,) = hook.posted
    assert len(message["changes"]) == 60
    assert message["subject"] == "Muragat: 60 sources worse or silent, 0 well again"
    assert "… and 10 more" in message["text"]


def test_a_new_source_is_no_alarm(judged, hook):
    judged.configure(f'[[webhook]]\nurl = "{hook.url}"\nallow_private = true\n')
    judged.judge("young", "new")
    assert crawled(judged) == []
    assert hook.asked == []


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_was_not_sent_is_said_and_sent_after_the_next_crawl(judged, hook, status):
    judged.configure(f'[[webhook]]\nurl = "{hook.url}/{TOKEN}"\nallow_private = true\n')
    judged.judge("steppe_news", "silent")
    hook.status = status
    (said,) = crawled(judged)
    assert said.startswith("alarm not sent, webhook http://127.0.0.1:")
    assert said.endswith(f": HTTP {status}")
    assert TOKEN not in said
    assert "/elsewhere" not in [path for path, _ in hook.asked]
    hook.status = 200
    assert crawled(judged) == []
    assert len(hook.posted) == 1


def test_one_channel_that_fails_keeps_no_other_from_being_told(judged, hook, post_office):
    judged.configure(
        f'[[email]]\nto = ["a@library.example"]\nfrom = "m@library.example"\nhost = "127.0.0.1"\n'
        f'port = {post_office.port}\nsecurity = "none"\n'
        f'[[webhook]]\nurl = "{hook.url}"\nallow_private = true\n[[file]]\npath = "no/such/folder.jsonl"\n'
    )
    judged.judge("steppe_news", "silent")
    post_office.refusal = "550 not from you"
    said = crawled(judged)
    assert len(said) == 2
    assert "550" in said[0]
    assert "No such file" in said[1]
    assert len(hook.posted) == 1
    post_office.refusal = ""
    assert len(crawled(judged)) == 1
    assert len(post_office.letters) == 1
    assert len(hook.posted) == 1


def test_a_letter_says_what_is_wrong_in_its_subject_and_text(judged, post_office, monkeypatch):
    monkeypatch.setenv("MURAGAT_SMTP_PASSWORD", TOKEN)
    judged.configure(
        '[[email]]\nto = ["a@library.example", "b@library.example"]\nfrom = "m@library.example"\n'
        f'host = "127.0.0.1"\nport = {post_office.port}\nsecurity = "none"\n'
        'user = "muragat"\npassword_env = "MURAGAT_SMTP_PASSWORD"\n'
    )
    judged.judge("steppe_news", "silent")
    assert crawled(judged) == []
    assert b"library.example" not in judged.folder.news.read_bytes(), "an archive may be published"
    letter = email.message_from_string(post_office.letters[0], policy=default)
    assert letter["Subject"] == "Muragat: steppe_news is silent"
    assert letter["To"] == "a@library.example, b@library.example"
    assert letter.get_content().split("\n")[:2] == [
        "Steppe News (steppe_news) is silent since 2026-03-10T09:00:00Z.", f"  {EVIDENCE}"
    ]  # fmt: skip
    assert any(line.startswith("AUTH PLAIN") for line in post_office.said)


def test_no_password_travels_where_the_server_cannot_encrypt(judged, post_office, monkeypatch):
    monkeypatch.setenv("MURAGAT_SMTP_PASSWORD", TOKEN)
    judged.configure(
        '[[email]]\nto = ["a@library.example"]\nfrom = "m@library.example"\nhost = "127.0.0.1"\n'
        f'port = {post_office.port}\nuser = "muragat"\npassword_env = "MURAGAT_SMTP_PASSWORD"\n'
    )
    judged.judge("steppe_news", "silent")
    (said,) = crawled(judged)
    assert "STARTTLS" in said
    assert not [line for line in post_office.said if line.startswith(("AUTH", "MAIL"))]


def test_two_crawls_that_end_together_tell_it_once(judged, hook):
    judged.configure(f'[[webhook]]\nurl = "{hook.url}"\nallow_private = true\n')
    judged.judge("steppe_news", "silent")
    with FileLock(judged.folder.path / "alarms.lock"):
        assert crawled(judged) == []
    assert hook.posted == []
    assert crawled(judged) == []
    assert len(hook.posted) == 1


def test_a_file_gets_a_line_for_each_change(judged):
    judged.configure('[[file]]\npath = "alarms.jsonl"\n')
    for state in ("silent", "well"):
        judged.judge("steppe_news", state)
        assert crawled(judged) == []
    lines = (judged.folder.path / "alarms.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["silent", "well"]


def test_secrets_come_from_the_environment_and_are_never_said(judged, hook, monkeypatch):
    judged.configure(
        '[[webhook]]\nurl_env = "MURAGAT_HOOK"\nallow_private = true\ntoken_env = "MURAGAT_TOKEN"\n'
    )
    judged.judge("steppe_news", "silent")
    said = crawled(judged)
    monkeypatch.setenv("MURAGAT_TOKEN", TOKEN)
    for address in (f"ftp://127.0.0.1/{TOKEN}", f"http://127.0.0.1:1/{TOKEN}", f"http://x y/{TOKEN}", TOKEN):
        monkeypatch.setenv("MURAGAT_HOOK", address)
        said += crawled(judged)
    monkeypatch.setenv("MURAGAT_TOKEN", f"{TOKEN}\nX: y")
    said += crawled(judged)
    assert len(said) == 6
    assert all(line.startswith("alarm not sent, webhook from MURAGAT_HOOK: ") for line in said)
    assert TOKEN not in "".join(said)
    assert "MURAGAT_TOKEN is not set" in said[0]
    monkeypatch.setenv("MURAGAT_TOKEN", TOKEN)
    monkeypatch.setenv("MURAGAT_HOOK", f"{hook.url}/{TOKEN}")
    assert crawled(judged) == []
    assert hook.asked[0][1]["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN.encode() not in judged.folder.news.read_bytes()


def test_the_ping_is_asked_after_a_crawl_that_did_its_work_only(judged, hook):
    judged.configure(f'[ping]\nurl = "{hook.url}/{TOKEN}"\nallow_private = true\n')
    assert crawled(judged, did_its_work=False) == []
    assert hook.asked == []
    assert crawled(judged) == []
    assert [path for path, _ in hook.asked] == [f"/{TOKEN}"]
    hook.status = 500
    (said,) = crawled(judged)
    assert said.startswith("ping not sent, http://127.0.0.1:")
    assert TOKEN not in said


def test_a_wrong_configuration_is_said_and_ends_no_crawl(judged):
    judged.configure('[[webhook]]\nadress = "x"\n')
    said = crawled(judged)
    assert len(said) == 2
    assert all(line.startswith("alarms not sent: ") and "alarms.toml:" in line for line in said)


def test_an_archive_that_cannot_be_opened_is_said(judged, monkeypatch):
    def locked(*_: object) -> None:
        raise ArchiveError("news.db: locked")

    judged.configure('[[file]]\npath = "a"\n')
    monkeypatch.setattr("crawler.alarms.telling.open_to_write", locked)
    assert crawled(judged) == ["alarms not sent: news.db: locked"]


KILLED = """
import os, signal, sys
from pathlib import Path
from archive.store.folder import ArchiveFolder
from archive.store.health import HealthStore
from crawler.alarms.telling import tell_after_crawl
HealthStore.told = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
list(tell_after_crawl(ArchiveFolder(Path(sys.argv[1])), did_its_work=True))
"""


def test_killed_between_sending_and_noting_tells_it_once_more_and_no_more(judged, hook):
    judged.configure(f'[[webhook]]\nurl = "{hook.url}"\nallow_private = true\n')
    judged.judge("steppe_news", "silent")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(judged.folder.path)], env=os.environ)
    assert killed.returncode == -9
    assert len(hook.posted) == 1
    assert crawled(judged) == []
    assert len(hook.posted) == 2
    assert crawled(judged) == []
    assert len(hook.posted) == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"])
def test_no_alarm_goes_to_a_private_address_unless_its_table_says_so(judged, hook, host):
    address = hook.url.replace("127.0.0.1", host)
    for table in ("[[webhook]]", "[ping]"):
        judged.configure(f'{table}\nurl = "{address}/{TOKEN}"\n')
        judged.judge("steppe_news", "silent")
        (said,) = crawled(judged)
        assert "leads to a private address; allow_private = true" in said
        assert TOKEN not in said
    assert hook.posted == []
