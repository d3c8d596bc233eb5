"""The bureau's own certificate authority: the server's certificate, and one for each device that is enrolled.

It is small on purpose: one root key, P-256, kept encrypted in the database under the key of the configuration. Laptops
pin the root at enrolment and trust no other.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_YEARS, SERVER_DAYS, DEVICE_DAYS = 10, 397, 397


@dataclass(frozen=True, slots=True)
class Authority:
    """A root certificate with its key, both PEM."""

    certificate: str
    key: str

    @classmethod
    def make(cls, name: str, now: datetime) -> Authority:
        """A new root for a bureau."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(f"{name} CA")
        made = (
            _builder(subject, subject, now, timedelta(days=365 * ROOT_YEARS))
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        return cls(made.public_bytes(Encoding.PEM).decode(), _pem(key))

    def server(self, hosts: list[str], now: datetime) -> tuple[str, str]:
        """Certificate and key of the server for these names or addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._issue(key.public_key(), hosts[0], now, SERVER_DAYS, ExtendedKeyUsageOID.SERVER_AUTH,
                           [_alternative(host) for host in hosts])  # fmt: skip
        return made, _pem(key)

    def device(self, name: str, raw: bytes, now: datetime) -> str:
        """Certificate of a device's signing key; the key itself never leaves the laptop."""
        return self._issue(Ed25519PublicKey.from_public_bytes(raw), name, now, DEVICE_DAYS,
                           ExtendedKeyUsageOID.CLIENT_AUTH, [x509.DNSName(f"{name.lower()}.device")])  # fmt: skip

    def _issue(
        self, public: ec.EllipticCurvePublicKey | Ed25519PublicKey, name: str, now: datetime, days: int,
        purpose: x509.ObjectIdentifier, names: list[x509.GeneralName],
    ) -> str:  # fmt: skip
        root = x509.load_pem_x509_certificate(self.certificate.encode())
        key = load_pem_private_key(self.key.encode(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        made = (
            _builder(_name(name), root.subject, now, timedelta(days=days))
            .public_key(public)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        return made.public_bytes(Encoding.PEM).decode()


def device_key_of(certificate: str, root: str, now: datetime) -> bytes:
    """The raw Ed25519 key of a device's certificate that this root gave and that is valid now; else ValueError."""
    made = x509.load_pem_x509_certificate(certificate.encode())
    made.verify_directly_issued_by(x509.load_pem_x509_certificate(root.encode()))
    if not made.not_valid_before_utc <= now.astimezone(UTC) <= made.not_valid_after_utc:
        raise ValueError("the certificate is not valid now")
    public = made.public_key()
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("not a device's certificate")
    return public.public_bytes_raw()


def _builder(subject: x509.Name, issuer: x509.Name, now: datetime, span: timedelta) -> x509.CertificateBuilder:
    begin = now.astimezone(UTC) - timedelta(hours=1)  # clocks of laptops differ a little
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + span)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=sign, crl_sign=sign, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
