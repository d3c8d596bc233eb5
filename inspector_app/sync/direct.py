"""From laptop to laptop on one network, without any server: a door that one opens for one transfer, and the way to it.

The certificate of the door is made for this one time, and its code, which a person reads out, is the certificate's digest
made slow: whoever types the code talks to this door and to no other. Who comes in shows the key of a laptop that the bureau
has told to all, and only the chosen one gets in. What then goes over the line are the sealed bundles of the stick.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import secrets
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Self, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from ..domain.problems import Problem
from ..record.canonical import decode, encode
from ..record.crockford import spelled, typed_code
from ..record.keys import DeviceKey, PublicKey
from .pieces import as_file

PATIENCE = 600.0
"""Seconds that a door stays open while nobody comes."""
STRANGERS = 20
"""Attempts of others after which the door is closed."""
_GREETING, _SILENCE = 10.0, 60.0
"""Seconds for who comes to show the key, and without a byte afterwards."""
_LOOK = 0.1
_FRAME = 1 << 20
_MOST_WORDS = 1 << 20
_LENGTH = struct.Struct(">I")
_TRUE_FOR = timedelta(days=1)
_NOWHERE = ("192.0.2.1", "169.254.255.254", "10.255.255.254", "172.31.255.254", "192.168.255.254")
"""Addresses to which nothing is sent; the system says from which of its own it would be."""
PROTOCOL = 1
_ABOUT = b"inspector/direct/v1"
_REFUSALS = frozenset({"direct_another", "direct_unknown"})


GoOn = Callable[[], bool]
Step = Callable[[int, int], bool]
Words = Mapping[str, Any]
"""One message of the talk that leads to the bundles."""


class Stopped(Exception):
    """The person has stopped it."""


class Line:
    """A connection between the two laptops: words, and bundles in frames of which an empty one is the last.

    Whatever breaks it is `Problem("direct_cut")`; what came before is good. `step(done, total)` hears of the bytes of each
    bundle; False is raised as `Stopped`.
    """

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._connection, self._incoming = connection, connection.makefile("rb")
        self.step: Step = lambda done, total: True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._incoming.close()
            self._connection.close()

    def tell(self, **words: object) -> None:
        self._send(encode({"protocol": PROTOCOL, **words}))

    def refuse(self, code: str) -> Problem:
        """Tell the other side why nothing comes of it; the problem to raise."""
        self.tell(refused=code)
        return Problem(code)

    def hear(self) -> Words:
        """What the other side tells. Raises the problem that it refuses with, `another_protocol`, `direct_cut`."""
        try:
            heard = decode(self._take(_MOST_WORDS))
        except ValueError as error:
            raise Problem("direct_cut") from error
        if not isinstance(heard, Mapping) or heard.get("protocol") != PROTOCOL:
            raise Problem("another_protocol")
        if (code := heard.get("refused")) is not None:
            raise Problem(code if code in _REFUSALS else "direct_cut")
        return heard

    @contextlib.contextmanager
    def giving(self, size: int) -> Iterator[BinaryIO]:
        """A file to write a bundle of about so many bytes to; it ends with the block."""
        self.tell(size=size)
        passed = 0

        def send(frame: bytes) -> None:
            nonlocal passed
            passed += len(frame)
            self._look(passed, size)
            self._send(frame)

        yield cast(BinaryIO, _Outgoing(send))
        self._send(b"")

    def taking(self) -> BinaryIO:
        """A file to read the bundle from that the other side gives."""
        size, passed = self.hear().get("size"), 0
        if not isinstance(size, int):
            raise Problem("direct_cut")

        def take() -> bytes:
            nonlocal passed
            frame = self._take(_FRAME)
            passed += len(frame)
            self._look(passed, size)
            return frame

        return as_file(take)

    def _look(self, done: int, total: int) -> None:
        if not self.step(min(done, total), total):
            raise Stopped

    def _send(self, content: bytes) -> None:
        with _cut():
            self._connection.sendall(_LENGTH.pack(len(content)) + content)

    def _take(self, most: int) -> bytes:
        with _cut():
            (size,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
            if size > most:
                raise EOFError("longer than agreed")
            return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        content = self._incoming.read(size)
        if len(content) != size:
            raise EOFError("the other side has gone")
        return content

    def greeted(self) -> Self:
        """Both know each other: from now on silence alone ends it."""
        self._connection.settimeout(_SILENCE)
        return self


class _Outgoing:
    """The one thing of a file that a bundle is written with."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send

    def write(self, content: bytes) -> int:
        for start in range(0, len(content), _FRAME):
            self._send(content[start : start + _FRAME])
        return len(content)


@contextlib.contextmanager
def _cut() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, struct.error) as error:
        raise Problem("direct_cut") from error


class Doorway:
    """The door: it listens from the moment it is made until it is closed."""

    def __init__(self, host: str = "", patience: float = PATIENCE) -> None:
        """`host`: the address to listen on, "" for all of this laptop. Raises `Problem("direct_no_network")`."""
        self._patience = patience
        self._context, self._certificate = _certificate()
        self.code = code_of(self._certificate)
        addresses = [host] if host else own_addresses()
        try:
            self._listener = socket.create_server((host, 0), backlog=4)
        except OSError as error:
            raise Problem("direct_no_network") from error
        if not addresses:
            self._listener.close()
            raise Problem("direct_no_network")
        self._listener.settimeout(_LOOK)
        port = self._listener.getsockname()[1]
        self.addresses = [f"{address}:{port}" for address in addresses]
        """Where the other laptop finds it, the likeliest first."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Nobody comes in any more."""
        self._listener.close()

    def wait(self, reader: PublicKey, go_on: GoOn = lambda: True) -> Line | None:
        """Wait for the laptop whose key is `reader`, and let nobody in after it; None once `go_on` says no.

        Raises:
            Problem: `direct_left` when nobody came in time, `direct_strangers` when others came again and again.
        """
        until, strangers = time.monotonic() + self._patience, 0
        with self:
            while go_on():
                if time.monotonic() > until:
                    raise Problem("direct_left")
                if strangers >= STRANGERS:
                    raise Problem("direct_strangers", count=strangers)
                try:
                    connection = self._listener.accept()[0]
                except TimeoutError:
                    continue
                if (line := self._greet(connection, reader)) is not None:
                    return line
                strangers += 1
        return None

    def _greet(self, connection: socket.socket, reader: PublicKey) -> Line | None:
        """The line to who came, if that is the chosen laptop; whoever does not show its key in time is sent away."""
        connection.settimeout(_GREETING)
        twin = connection.dup()
        due = threading.Timer(_GREETING, _end, (twin,))
        due.start()
        try:
            line = Line(self._context.wrap_socket(connection, server_side=True))
        except OSError:
            connection.close()
            return None
        else:
            try:
                if not reader.verify(_proof(line.hear()), _shown(self._certificate, reader)):
                    raise line.refuse("direct_another")
            except Problem:
                line.close()
                return None
            return line.greeted()
        finally:
            due.cancel()
            twin.close()


def call(address: str, code: str, key: DeviceKey) -> Line:
    """Come to the door at `address`, whose code a person has typed, and show this laptop's key.

    Raises:
        Problem: `direct_nobody` where nobody answers, `direct_wrong_code`; nothing was told then.
    """
    host, _, port = address.strip().replace("：", ":").rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the code says whose certificate it is
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        connection = context.wrap_socket(socket.create_connection((host, int(port)), timeout=_GREETING))
    except (OSError, ValueError, OverflowError) as error:
        raise Problem("direct_nobody", address=address.strip()) from error
    line, certificate = Line(connection), connection.getpeercert(binary_form=True)
    if certificate is None or code_of(certificate) != typed_code(code):
        line.close()
        raise Problem("direct_wrong_code")
    line.tell(proof=base64.b64encode(key.sign(_shown(certificate, key.public))).decode())
    return line.greeted()


def code_of(certificate: bytes) -> str:
    """Eight characters for a certificate (DER): 40 bits of its digest by scrypt, of which one takes a tenth of a second and
    32 MiB. Another certificate with the same code is not found in the minutes for which a door stands open.
    """
    return spelled(hashlib.scrypt(certificate, salt=_ABOUT, n=2**15, r=8, p=1, maxmem=64 << 20, dklen=5))


def own_addresses() -> list[str]:
    """This laptop's own IPv4 addresses in the networks it is in, that of the way out first."""
    found: list[str] = []
    for nowhere in _NOWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, contextlib.suppress(OSError):
            asking.connect((nowhere, 9))  # sends nothing
            found.append(asking.getsockname()[0])
    with contextlib.suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [address for address in dict.fromkeys(found) if not address.startswith("127.")]


def _certificate() -> tuple[ssl.SSLContext, bytes]:
    """What the door shows, made for this one time, and its certificate in DER; the key is on the disk under a password only."""
    key, now, name = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC), x509.Name([])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - _TRUE_FOR).not_valid_after(now + _TRUE_FOR)
        .sign(key, SHA256())
    )  # fmt: skip
    password = secrets.token_bytes(32).hex().encode()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with TemporaryDirectory() as folder:
        file = Path(folder) / "door.pem"
        file.write_bytes(made.public_bytes(Encoding.PEM) + key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password)))  # fmt: skip
        context.load_cert_chain(file, password=password)
    return context, made.public_bytes(Encoding.DER)


def _shown(certificate: bytes, key: PublicKey) -> bytes:
    """What a laptop signs to show that it stands at this door."""
    return _ABOUT + b"\n" + hashlib.sha256(certificate).digest() + key.id.encode()


def _proof(words: Words) -> bytes:
    try:
        return base64.b64decode(str(words.get("proof")), validate=True)
    except ValueError:
        return b""


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
