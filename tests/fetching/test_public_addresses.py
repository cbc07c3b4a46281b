"""Faults 2 and 3: only public addresses are connected to, and those are the very ones that were judged."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from crawler.fetching.ip_addresses import is_public

PRIVATE = (
    *(
        "127.0.0.1",
        "127.255.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
    ),
    *("100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3", "255.255.255.255", "224.0.0.1", "192.0.2.1"),
    *(
        "198.18.0.1",
        "240.0.0.1",
        "::1",
        "::",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
    ),
    *("::ffff:10.0.0.1", "::ffff:127.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::1", "ff02::1"),
    *("2001:db8::1", "64:ff9b:1::1", "not an address", ""),
)
PUBLIC = (
    "93.184.216.34",
    "8.8.8.8",
    "2606:2800:220:1::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
)
# What the system itself makes of a number; all of them are this machine.
NUMBERS = (
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "0x7f.1",
    "017700000001",
    "0",
    "localhost",
    "[::1]",
)
# мост.қаз and www.га_зета.рф, as a request has them.
BEYOND_ASCII = ("xn--l1aeje.xn--80ao21a", "www.xn--_-7sbbjml2f.xn--p1ai")


@pytest.mark.parametrize("address", PRIVATE)
def test_fault_2_a_private_address_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_fault_2_a_public_address_is(address):
    assert is_public(address)


# Asks each address as a crawl would, through its resolver; nobody is really connected to.
ASKING = """
import json, socket, sys
given = json.loads(sys.stdin.read())
answers = {name: iter(lists) for name, lists in given["names"].items()}
looked_up, connected = [], []
real = socket.getaddrinfo
def resolved(host, port, *rest, **options):
    looked_up.append(host)
    if host not in answers:
        return real(host, port, *rest, **options)
    found = next(answers[host])
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    kinds = [socket.AF_INET6 if ":" in ip else socket.AF_INET for ip in found]
    return [(kind, socket.SOCK_STREAM, 6, "", (ip, port)) for kind, ip in zip(kinds, found)]
socket.getaddrinfo = resolved
from twisted.internet import error, tcp
def refused(self):
    connected.append(self.addr[0])
    self.failIfNotConnected(error.ConnectError(string="nobody is there"))
tcp.Client.doConnect = refused
from crawler.runs.asking import ask
urls = given["urls"]
told = ask(urls, lambda answers: urls, allow_private=False)
print(json.dumps([dict(told.failures), looked_up, connected]))
"""


def asked(urls: list[str], names: dict[str, list[list[str]]]) -> tuple[dict[str, str], list[str], list[str]]:
    """Why each address gave no answer, which names were looked up, and which numbers connected to."""
    done = subprocess.run(
        [sys.executable, "-c", ASKING],
        input=json.dumps({"urls": urls, "names": names}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def told():
    """What came of all addresses below, in one run."""
    names = {
        "private.example": [["10.0.0.7", "::1", "192.168.0.1"]] * 9,
        "mixed.example": [["10.0.0.7", "93.184.216.34"]] * 9,
        # Public at the first question, private at every later one: a second look-up would lead home.
        "rebinding.example": [["93.184.216.35"], *([["127.0.0.1"]] * 9)],
        "gone.example": [[]] * 9,
        **{host: [["10.0.0.8"]] * 9 for host in BEYOND_ASCII},
    }
    return asked([f"http://{host}:81/" for host in (*NUMBERS, *names, *BEYOND_ASCII)], names)


@pytest.mark.parametrize("host", NUMBERS)
def test_fault_2_no_spelling_of_this_machine_is_asked(told, host):
    failures, _, _ = told
    assert "private address" in failures[f"http://{host}:81/"]


def test_fault_2_nothing_private_is_ever_connected_to(told):
    _, _, connected = told
    assert set(connected) == {"93.184.216.34", "93.184.216.35"}


def test_fault_2_a_name_that_leads_home_is_refused(told):
    failures, looked_up, _ = told
    assert "private.example" in looked_up
    assert "private address" in failures["http://private.example:81/"]
    assert "private address" not in failures["http://mixed.example:81/"]


@pytest.mark.parametrize("host", BEYOND_ASCII)
def test_fault_2_a_name_beyond_ascii_that_leads_home_is_refused(told, host):
    failures, _, _ = told
    assert "private address" in failures[f"http://{host}:81/"]


def test_fault_3_the_answer_that_was_judged_is_the_one_connected_to(told):
    _, looked_up, connected = told
    assert looked_up.count("rebinding.example") == 1
    assert "93.184.216.35" in connected


def test_fault_15_a_name_nobody_knows_is_no_private_address_and_is_asked_again_later(told):
    failures, _, _ = told
    assert failures["http://gone.example:81/"] == (
        "robots.txt could not be fetched (the name gone.example could not be resolved: "
        "is there an internet connection?)"
    )
