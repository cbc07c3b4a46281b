"""`alarms.toml` read as strictly as a profile: data, never code, and no secret in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from archive.store.folder import ArchiveFolder
from crawler.alarms.channels import Address, Alarms, Email, File, Webhook
from crawler.sources import values
from crawler.sources.errors import Unfit
from crawler.sources.reading import refuse_flaws
from crawler.sources.tables import Table
from crawler.sources.toml_files import parsed, text_of

FILE_NAME = "alarms.toml"
SECURITY = ("starttls", "tls", "none")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
MAILBOX = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")


def alarms_of(folder: ArchiveFolder) -> Alarms | None:
    """The archive's alarms, or `None` where it has no alarms.toml. Raises ProfileError for what is wrong."""
    path = folder.path / FILE_NAME
    return read_alarms(path) if path.exists() else None


def read_alarms(path: Path) -> Alarms:
    """The alarms a file describes; raises ProfileError with file, line and key, all faults as `.errors`."""
    text = text_of(path)
    table = Table(parsed(path, text))
    emails = [read_email(one) for one in table.tables("email")]
    webhooks = [read_webhook(one) for one in table.tables("webhook")]
    files = [read_file(one) for one in table.tables("file")]
    ping = read_address(table.table("ping")) if "ping" in table.values else None
    table.asked.add("ping")
    table.close()
    refuse_flaws(path, text, table)
    return Alarms((*emails, *webhooks, *files), ping)


def read_email(table: Table) -> Email:
    """One `[[email]]`."""
    security = table.value("security", one_of(SECURITY), "starttls")
    email = Email(
        to=table.each("to", mailbox),
        sender=table.required("from", mailbox, "", example='from = "muragat@library.example"'),
        host=table.required("host", host, "", example='host = "smtp.library.example"'),
        port=table.value("port", values.whole(1, 65_535, example="port = 587"), PORTS[security]),
        security=security,
        user=table.value("user", values.text, None),
        password_env=table.value("password_env", variable, None),
    )
    if not email.to:
        table.fault("to", "nobody is named", 'name at least one, e.g. to = ["archive@library.example"]')
    if bool(email.user) != bool(email.password_env):
        table.fault("user", "user and password_env stand together", "add the other, or remove both")
    if email.password_env and security == "none" and email.host not in LOOPBACK:
        table.fault("security", "the password would travel unencrypted", 'use "starttls" or "tls"')
    table.close()
    return email


def read_webhook(table: Table) -> Webhook:
    """One `[[webhook]]`."""
    token = table.value("token_env", variable, None)
    webhook = Webhook(read_address(table), token)
    if token and webhook.address.url and webhook.address.url.startswith("http://"):
        table.fault("token_env", "the token would travel unencrypted", "use an https:// address")
    return webhook


def read_address(table: Table) -> Address:
    """`url` or `url_env` of a table, which is closed."""
    address = Address(
        table.value("url", web_address, None),
        table.value("url_env", variable, None),
        table.value("allow_private", values.yes_or_no, False),
    )
    if ("url" in table.values) == ("url_env" in table.values):
        table.fault("url", "one of url and url_env is needed", "name the address, or the variable it is in")
    table.close()
    return address


def read_file(table: Table) -> File:
    """One `[[file]]`."""
    file = File(table.required("path", values.text, "", example='path = "alarms.jsonl"'))
    table.close()
    return file


def one_of(words: tuple[str, ...]) -> Callable[[object], str]:
    """A check for one of a few words."""

    def check(value: object) -> str:
        if value not in words:
            raise Unfit(f"expected one of {', '.join(words)}, got {values.described(value)}", "choose one")
        return str(value)

    return check


def variable(value: object) -> str:
    """The name of an environment variable; what is none may be the secret itself, so it is not shown."""
    if not isinstance(value, str) or not VARIABLE.fullmatch(value):
        raise Unfit("this is no name of an environment variable", "put the secret there and its name here")
    return value


def web_address(value: object) -> str:
    """An http(s) address; a wrong one is not shown, since its path may be a secret."""
    if not isinstance(value, str):
        raise Unfit("expected an address", "write it in quotes")
    if flaw := values.flaw_of(value):
        raise Unfit(f"the address {flaw}", 'write the whole address, e.g. "https://hooks.example/alarms"')
    return value


def mailbox(value: object) -> str:
    """An e-mail address."""
    written = values.text(value)
    if not MAILBOX.fullmatch(written):
        raise Unfit(f"{values.described(written)} is no e-mail address", 'e.g. "archive@library.example"')
    return written


def host(value: object) -> str:
    """A host's name or number."""
    written = values.text(value)
    if not values.is_host(written):
        raise Unfit(f"{values.described(written)} is no host", 'e.g. host = "smtp.library.example"')
    return written
