"""Redis behind a password and TLS: nobody reads along, and no message tells the password."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.cluster.places import RedisAway, connected

from .conftest import Cluster, Redis, until

PASSWORD = "open-sesame-77"
SUBJECT = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]


@dataclass
class LockedRedis(Redis):
    """A Redis that speaks TLS only, to who knows the password."""

    @property
    def url(self) -> str:
        return f"rediss://:{PASSWORD}@127.0.0.1:{self.port}/0?ssl_ca_certs={self.folder}/own.crt"

    def options(self) -> list[str]:
        own = ["--tls-cert-file", "own.crt", "--tls-key-file", "own.key", "--tls-ca-cert-file", "own.crt"]
        plain = super().options()
        at = plain.index("--port")
        plain[at : at + 2] = ["--port", "0", "--tls-port", str(self.port)]
        return [*plain, *own, "--tls-auth-clients", "no", "--requirepass", PASSWORD]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Redis]:
    if not shutil.which("redis-server") or not shutil.which("openssl"):
        pytest.skip("no redis-server or no openssl on this machine")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *SUBJECT]
    subprocess.run(
        [*make, "-keyout", "own.key", "-out", "own.crt"], cwd=tmp_path, check=True, capture_output=True
    )
    server = LockedRedis(tmp_path)
    try:
        server.start()
    except AssertionError:
        pytest.skip("this redis-server was built without TLS")
    yield server
    server.kill()


@pytest.mark.slow
def test_a_cluster_works_by_way_of_tls_and_a_password(cluster: Callable[..., Cluster]) -> None:
    made = cluster(1, 3)
    made.enqueue()
    made.collector()
    made.worker()
    until(made.is_home, 60)
    made.stop()
    said = "".join(path.read_text(errors="replace") for path in made.folder.parent.glob("*.log"))
    assert "Working for muragat at rediss://127.0.0.1" in said
    assert PASSWORD not in said


@pytest.mark.parametrize("wrong", ["rediss://:guessed@{}", "rediss://:open-sesame-77@{}?", "redis://{}"])
def test_who_does_not_know_either_is_told_so(broker: Redis, wrong: str) -> None:
    place = f"127.0.0.1:{broker.port}/0"
    url = wrong.format(place)
    if "guessed" in url:
        url += f"?ssl_ca_certs={broker.folder}/own.crt"
    with pytest.raises(RedisAway) as refused:
        connected(url)
    assert "Redis" in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["redis://:pa#ss@host:6379/0", "redis://:sec%ret/x@host/0", "redis://h/0?foo=bar", "redis://[::1", "x"],
)
def test_an_address_that_is_none_is_told_without_its_password(url: str) -> None:
    with pytest.raises(RedisAway) as refused:
        connected(url)
    assert not any(part in str(refused.value) for part in ("pa#", "ss@", "sec", "ret/x"))
