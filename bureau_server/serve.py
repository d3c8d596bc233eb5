"""Runs the server: TLS by default, structured logs, and a stop that lets requests end."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import platform
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import uvicorn
from cryptography.x509 import DNSName, IPAddress, SubjectAlternativeName, load_pem_x509_certificate

from . import logs
from .bounds import Bounded
from .logs import log
from .office import Office
from .web import make_app

RENEW = timedelta(days=60)
"""How long before its end a start makes a new certificate; laptops pin the root, so they notice nothing."""


def certificate_of(office: Office) -> tuple[Path, Path]:
    """Certificate and key files of the server, made by the bureau's own root when there are none, they end soon, or the
    settings name a host that the certificate does not."""
    certificate, key = office.config.folder / "server.pem", office.config.folder / "server.key"
    if not certificate.exists() or not _serves(certificate, office):
        made, secret = office.authority.server(list(office.config.hosts), office.clock.now().at)
        key.touch(mode=0o600)
        key.write_text(secret, "ascii")
        certificate.write_text(made, "ascii")
    return certificate, key


def _serves(certificate: Path, office: Office) -> bool:
    held = load_pem_x509_certificate(certificate.read_bytes())
    names = held.extensions.get_extension_for_class(SubjectAlternativeName).value
    known = {*names.get_values_for_type(DNSName), *map(str, names.get_values_for_type(IPAddress))}
    return held.not_valid_after_utc >= office.clock.now().at + RENEW and known >= set(office.config.hosts)


def server_of(office: Office) -> _Told:
    """A server that is not yet running."""
    office.carry_out()  # what the last run could not any more
    certificate, key = certificate_of(office)
    config = uvicorn.Config(
        make_app(office), host=office.config.host, port=office.config.port, ssl_certfile=str(certificate),
        ssl_keyfile=str(key), ssl_version=ssl.PROTOCOL_TLS_SERVER, log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=20, http=Bounded, ws="none",
    )  # fmt: skip
    return _Told(config)


def run(office: Office) -> int:
    """Serve until told to stop; returns the exit status."""
    logs.begin()
    server = server_of(office)
    gc.collect()
    gc.freeze()  # what was loaded stays: no collection walks over it again
    gc.set_threshold(20_000)  # a batch makes ten thousand things and drops them all; none of them is in a ring
    _give_back()
    server.run()
    return 0


_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
"""Of mallopt(3)."""


def _give_back() -> None:
    """What is freed goes back to the system, now what loading has left, and later the room of a file's piece at once: glibc
    keeps what is below a bound that grows with every such piece, and apart for every thread; together that would be a
    dozen megabytes for good."""
    if platform.libc_ver()[0] == "glibc":
        glibc = ctypes.CDLL(None)
        glibc.mallopt(_M_MMAP_THRESHOLD, 1 << 20)
        glibc.mallopt(_M_ARENA_MAX, 2)
        glibc.malloc_trim(0)


class _Told(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        log.info({"what": "listening", "port": self.servers[0].sockets[0].getsockname()[1]})
        self.listens.set()


@contextlib.contextmanager
def running(office: Office) -> Iterator[str]:
    """A server in a thread of this process, for the trial; gives its address."""
    server = server_of(office)
    thread = threading.Thread(target=server.run, name="bureau", daemon=True)
    thread.start()
    if not server.listens.wait(30):
        raise OSError("the server did not start")
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"https://{office.config.host}:{port}"
    finally:
        server.should_exit = True
        thread.join(25)
        office.close()
