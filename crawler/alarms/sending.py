"""Alarms on their way: a letter, a POST, lines in a file, a ping. Nothing secret is ever in an error."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    OpenerDirector,
    Request,
)

from crawler.alarms.channels import Address, Channel, Email, File, Webhook
from crawler.alarms.connecting import handlers
from crawler.alarms.messages import Change, body, line, one_line, subject, text
from crawler.settings import VERSION
from crawler.sources.values import flaw_of

TIMEOUT_SECONDS = 20.0
MOST_READ = 1_000  # bytes of an answer nobody needs
Environment = Mapping[str, str]


class NotSent(Exception):
    """A message did not get there; the words are for a person and hold no secret."""


def send(
    channel: Channel, changes: Sequence[Change], *, folder: Path, told_at: str, env: Environment
) -> None:
    """Tell a channel of these changes in one message; raises NotSent."""
    try:
        if isinstance(channel, Email):
            send_letter(channel, letter(channel, changes), secret(channel.password_env, env))
        elif isinstance(channel, Webhook):
            post(channel, body(changes), env)
        else:
            append(folder / channel.path, "".join(line(change, told_at) for change in changes))
    except (OSError, HTTPException, smtplib.SMTPException, ValueError) as error:
        raise NotSent(without_secrets(words_of(error), secrets_of(channel, env))) from None


def ping(address: Address, env: Environment) -> None:
    """Ask an address, so that who watches it knows that a crawl did its work; raises NotSent."""
    try:
        asked = Request(whole(address, env), headers=agent())  # noqa: S310 - read as http(s) only
        request(asked, allow_private=address.allow_private)
    except (OSError, HTTPException, ValueError) as error:
        raise NotSent(without_secrets(words_of(error), parts_of(address, env))) from None


def letter(channel: Email, changes: Sequence[Change]) -> EmailMessage:
    """The message as a letter."""
    message = EmailMessage()
    message["Subject"] = subject(changes)
    message["From"], message["To"] = channel.sender, ", ".join(channel.to)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=channel.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(changes))
    return message


def send_letter(channel: Email, message: EmailMessage, password: str | None) -> None:
    """Hand a letter to the server, encrypted with a verified certificate unless security is "none"."""
    encrypted = ssl.create_default_context()
    if channel.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            channel.host, channel.port, timeout=TIMEOUT_SECONDS, context=encrypted
        )
    else:
        server = smtplib.SMTP(channel.host, channel.port, timeout=TIMEOUT_SECONDS)
    with server:
        if channel.security == "starttls":
            server.starttls(context=encrypted)
        if channel.user and password:
            server.login(channel.user, password)
        server.send_message(message)


def post(channel: Webhook, data: bytes, env: Environment) -> None:
    """POST JSON; every answer but 2xx is a failure, a redirect too: a secret must not be sent on."""
    headers = agent() | {"Content-Type": "application/json; charset=utf-8"}
    if token := secret(channel.token_env, env):
        headers["Authorization"] = f"Bearer {token}"
    address = whole(channel.address, env)
    asked = Request(address, data=data, headers=headers, method="POST")  # noqa: S310 - http(s) only
    request(asked, allow_private=channel.address.allow_private)


def request(asked: Request, *, allow_private: bool) -> None:
    """Ask over http or https, and nothing else, following nowhere; public addresses only unless allowed."""
    opener = OpenerDirector()
    for handler in handlers(allow_private=allow_private):
        opener.add_handler(handler)
    opener.add_handler(HTTPDefaultErrorHandler())
    opener.add_handler(HTTPErrorProcessor())
    answer = opener.open(asked, timeout=TIMEOUT_SECONDS)
    if answer is None:
        raise ValueError("neither http nor https")
    with answer:
        answer.read(MOST_READ)


def append(path: Path, lines: str) -> None:
    """Add lines to a file in one write."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, lines.encode("utf-8", "replace"))
    finally:
        os.close(descriptor)


def whole(address: Address, env: Environment) -> str:
    """The address itself; raises NotSent where its variable is not set or holds none."""
    if address.url is not None:
        return address.url
    found = secret(address.url_env, env) or ""
    if flaw_of(found):
        raise NotSent(f"the environment variable {address.url_env} holds no http(s) address")
    return found


def secret(name: str | None, env: Environment) -> str | None:
    """What an environment variable holds, `None` for no variable; raises NotSent where it is not set."""
    if name is None:
        return None
    if not env.get(name):
        raise NotSent(f"the environment variable {name} is not set")
    if not env[name].isprintable():
        raise NotSent(f"the environment variable {name} has characters that cannot be sent")
    return env[name]


def secrets_of(channel: Channel, env: Environment) -> list[str]:
    """What must not be in any message about a channel, the longest first."""
    if isinstance(channel, File):
        return []
    if isinstance(channel, Email):
        return [env.get(channel.password_env or "", "")]
    return [*parts_of(channel.address, env), env.get(channel.token_env or "", "")]


def parts_of(address: Address, env: Environment) -> list[str]:
    """The address whole, and its path and query, which errors name alone."""
    url = address.url or env.get(address.url_env or "", "")
    parts = urlsplit(url)
    return [url, *(part for part in (parts.path, parts.query) if len(part) > 1)]


def words_of(error: BaseException) -> str:
    """Why something was not sent, in a line; what a server says of it is cut short."""
    if isinstance(error, HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, URLError):
        return one_line(str(error.reason))[:200]
    return one_line(str(error) or type(error).__name__)[:200]


def without_secrets(words: str, secrets: Sequence[str]) -> str:
    """The words with every secret struck out."""
    for one in filter(None, secrets):
        words = words.replace(one, "…")
    return words


def agent() -> dict[str, str]:
    """Who asks."""
    return {"User-Agent": f"Muragat/{VERSION}"}
