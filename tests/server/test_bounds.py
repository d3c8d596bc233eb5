"""What somebody who is not signed in may cost the server: little, whatever they send and however slowly."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyotp
import pytest

from bureau_server import bounds
from bureau_server.accounts import TRIES
from bureau_server.office import Config
from inspector_app.domain.access import Role
from inspector_app.domain.problems import Problem
from inspector_app.sync.door import Address, Door
from tests.patience import SECONDS
from tests.server.conftest import PASSWORD, Served, office_at, serving
from tests.sync import processes

HEAD = b"GET /health HTTP/1.1\r\nHost: bureau\r\n"


@contextlib.contextmanager
def connected(address: Address) -> Iterator[ssl.SSLSocket]:
    parts = urlsplit(address.url)
    context = ssl.create_default_context(cadata=address.root)
    plain = socket.create_connection((parts.hostname or "", parts.port or 0), SECONDS)
    with plain, context.wrap_socket(plain, server_hostname=parts.hostname) as made:
        yield made


def ended(connection: ssl.SSLSocket) -> bool:
    """Whether the server ends the connection without saying more."""
    try:
        return connection.recv(1) == b""
    except (ConnectionError, ssl.SSLError):
        return True


def signing_in(address: Address, body: str) -> httpx.Response:
    """The answer to a request to sign in, whatever stands in it."""
    context = ssl.create_default_context(cadata=address.root)
    with httpx.Client(verify=context, trust_env=False, timeout=SECONDS) as http:
        return http.post(f"{address.url}/session", content=body, headers={"Content-Type": "application/json"})


# -- connections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [b"a" * 65536, b"X-Many: b\r\n" * 6000], ids=["one header", "many headers"])
def test_a_head_without_an_end_is_not_kept(served: Served, more: bytes) -> None:
    with connected(served.address) as connection, pytest.raises((ConnectionError, ssl.SSLError)):
        connection.sendall(HEAD + (b"X-Long: " if more.startswith(b"a") else b""))
        for _ in range(400):
            connection.sendall(more)


@pytest.mark.parametrize(
    "sent",
    [b"", HEAD, b"POST /session HTTP/1.1\r\nHost: bureau\r\nContent-Length: 9000\r\n\r\n{"],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_keeps_the_server_waiting_is_left(served: Served, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """Uvicorn alone would wait for ever."""
    monkeypatch.setattr(bounds, "SLOWEST", 100_000_000)
    monkeypatch.setattr(bounds, "PATIENCE", 0.3)
    with connected(served.address) as connection, contextlib.suppress(ConnectionError, ssl.SSLError):
        connection.sendall(sent)  # it may have been left before that already, if this thread was kept waiting
        assert ended(connection)


def test_who_stops_in_a_second_head_is_left(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SLOWEST", 100_000_000)
    with connected(served.address) as connection:
        connection.sendall(HEAD + b"\r\n")
        answer = b""
        while not answer.endswith(b"}"):
            answer += connection.recv(4096)
        monkeypatch.setattr(bounds, "PATIENCE", 0.3)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            connection.sendall(HEAD)
            assert ended(connection)


def test_more_connections_than_there_may_be_are_not_kept(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "CONNECTIONS", 3)
    with contextlib.ExitStack() as first:
        for _ in range(3):
            connection = first.enter_context(connected(served.address))
            connection.sendall(HEAD + b"\r\n")
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        with contextlib.suppress(ConnectionError, ssl.SSLError), connected(served.address) as fourth:
            fourth.sendall(HEAD + b"\r\n")
            assert ended(fourth)


def test_who_only_stays_connected_does_not_hold_up_the_end_of_the_server(tmp_path: Path) -> None:
    with contextlib.ExitStack() as open_:
        with serving(office_at(tmp_path / "bureau")) as made:
            connection = open_.enter_context(connected(made.address))
            connection.sendall(HEAD + b"\r\n")
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
            begun = time.monotonic()
        assert time.monotonic() - begun < 20, "twenty seconds are for what is under way"


def test_bodies_heads_and_passwords_without_number_leave_the_server_small(tmp_path: Path) -> None:
    """Growth of a process of its own; Argon2id with its real strength, 64 MiB each."""
    made = processes.serve(Config.embedded(tmp_path / "bureau", port=0), quick=False)
    pid = made.child.process.pid
    assert pid is not None
    processes.forget_memory(pid)
    before = made.child.memory
    context = ssl.create_default_context(cadata=made.address.root)
    with httpx.Client(verify=context, trust_env=False, timeout=SECONDS) as http:
        endless = (b"x" * (1 << 20) for _ in range(200))
        told = http.post(f"{made.address.url}/session", content=endless, headers={"Content-Type": "application/json"})
    assert (told.status_code, told.json()["code"]) == (413, "too_large")
    wish = json.dumps({"account": "{}", "password": PASSWORD, "device": "QH-0001"})
    with ThreadPoolExecutor(8) as pool:
        codes = pool.map(lambda n: signing_in(made.address, wish.replace("{}", f"nobody-{n}")).status_code, range(8))
        assert set(codes) == {401}
    grown = made.child.memory - before
    made.child.kill()
    print(f"\n200 MB of a body, 8 passwords at once: {grown >> 20} MiB more at the most")
    assert grown < 200 << 20, "two passwords at a time, and nothing of the body"


# -- signing in -------------------------------------------------------------------------------------------------------


def test_of_many_tries_at_once_no_more_are_looked_at_than_of_as_many_one_by_one(served: Served) -> None:
    def guess(n: int) -> str:
        with Door(served.address) as door, pytest.raises(Problem) as told:
            door.sign_in("officer", f"guess-{n}", "", "QH-0001")
        return told.value.code

    with ThreadPoolExecutor(20) as pool:
        told = Counter(pool.map(guess, range(20)))
    assert told == {"wrong_password": TRIES, "refused_by_bureau": 20 - TRIES}


def test_who_signs_in_rightly_may_err_again_afterwards(served: Served) -> None:
    with Door(served.address) as door:
        for _ in range(2):
            for _ in range(TRIES - 1):
                with pytest.raises(Problem):
                    door.sign_in("officer", "wrong", "", "QH-0001")
            door.sign_in("officer", PASSWORD, "", "QH-0001")


def test_a_second_factor_in_other_digits_tells_nobody_that_there_is_one(served: Served) -> None:
    secret = served.office.accounts.add("wang", "示例王", Role.LEAD, PASSWORD, totp=True)
    code = pyotp.TOTP(secret).at(int(served.office.clock.now().at.timestamp()))
    wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
    for account in ("wang", "officer", "nobody"):
        with Door(served.address) as door, pytest.raises(Problem) as told:
            door.sign_in(account, "wrong", wide, "QH-0001")
        assert told.value.code == "wrong_password"


@pytest.mark.parametrize("harm", ['"\\ud800"', '"\\u0000"', "[" * 60_000, '{"a":', "null", "1e999"])
def test_what_is_no_request_is_told_where_and_never_what(served: Served, harm: str) -> None:
    told = signing_in(served.address, f'{{"account": {harm}, "password": "示例-secret", "device": "QH-0001"}}')
    assert told.status_code in (400, 401, 422), told.text
    plain = told.json()
    assert plain["fact"] and plain["way_out"] and "示例-secret" not in told.text
    assert plain["where"] or plain["code"] == "wrong_password" or told.status_code == 400
