"""Certificates good and bad for a server on 127.0.0.1, made for one test run."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Somebody who signs certificates."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def named(cls, name: str) -> Issuer:
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(key, made(name, key, name, key, days=(-1, 9), is_issuer=True))

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def made(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    days: tuple[int, int],
    address: str = "127.0.0.1",
    is_issuer: bool = False,
) -> x509.Certificate:
    """A certificate from so many days from now to so many."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * DAY)
        .not_valid_after(now + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def server_context(folder: Path, issuer: Issuer | None, **traits: object) -> ssl.SSLContext:
    """A server's side of TLS with a certificate of these traits, by the issuer or signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    by = (issuer.certificate.subject.rfc4514_string().removeprefix("CN="), issuer.key) if issuer else None
    certificate = made("site", key, *(by or ("site", key)), **{"days": (-1, 9), **traits})  # type: ignore[arg-type]
    file = folder / f"{certificate.serial_number:x}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
