"""A time stamp authority on loopback: `openssl ts` behind a small HTTP server, honest or not."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from tests.patience import SECONDS

_CONFIG = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
authorityKeyIdentifier = keyid
[tsa]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
"""


def _openssl(*arguments: str | Path, content: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], input=content, capture_output=True, check=True).stdout


@dataclass
class Hand:
    """Keys and certificates of an authority in a folder: a root of its own, and a signer."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir()
        (self.folder / "openssl.cnf").write_text(_CONFIG.format(folder=self.folder))
        (self.folder / "serial").write_text("01\n")
        config = self.folder / "openssl.cnf"
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        _openssl("req", "-x509", *key, "-keyout", self.folder / "root.key", "-out", self.root, "-subj", "/CN=root",
                 "-days", "30", "-config", config, "-extensions", "root")  # fmt: skip
        _openssl("req", "-x509", *key, "-keyout", self.folder / "tsa.key", "-out", self.folder / "tsa.pem", "-subj",
                 "/CN=tsa", "-days", "30", "-config", config, "-extensions", "signer", "-CA", self.root, "-CAkey",
                 self.folder / "root.key")  # fmt: skip

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def leaf(self) -> Path:
        return self.folder / "tsa.pem"

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        return _openssl("ts", "-reply", "-config", self.folder / "openssl.cnf", "-section", "tsa", "-queryfile",
                        self.folder / "query", "-signer", self.leaf, "-inkey", self.folder / "tsa.key")  # fmt: skip


@dataclass
class Authority:
    """What it answers may be changed at any time; `asked` are the queries that came."""

    hand: Hand
    url: str = ""
    fault: str = ""
    asked: list[bytes] = field(default_factory=list)
    called: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, query: bytes) -> tuple[int, bytes]:
        self.asked.append(query)
        self.called.set()
        if self.fault == "down":
            return 503, b""
        if self.fault == "page":
            return 200, b"<html></html>"
        if self.fault == "long":
            return 200, bytes(1 << 20)
        if self.fault == "slow":
            self.released.wait(SECONDS)
        if self.fault == "refuses":
            return 200, self.hand.stamp(b"no query")
        if self.fault == "other query":
            query = TimestampRequestBuilder(hash_algorithm=HashAlgorithm.SHA256).data(b"x").build().as_bytes()
        return 200, self.hand.stamp(query)


@contextlib.contextmanager
def authority(hand: Hand) -> Iterator[Authority]:
    made = Authority(hand)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, content = made.answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(OSError):  # who asks may have gone
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.released.set()
            server.shutdown()
            thread.join()
