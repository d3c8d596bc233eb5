"""The server's own description against the server: no request, whoever sends it, ends in anything but an answer."""

from __future__ import annotations

import io
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance

from bureau_server.blobs import PIECE
from bureau_server.web import make_app
from inspector_app.domain.access import Role
from inspector_app.domain.problems import Problem
from inspector_app.sync.wire import MIME
from tests.server.conftest import PASSWORD, Served, office_at
from tests.server.test_doors import laptop_of, name_file


@schemathesis.serializer(MIME, "application/offset+octet-stream")
def as_it_is(context: object, value: object) -> bytes:
    """Bodies that are no JSON go over the wire as they were drawn."""
    return value if isinstance(value, bytes) else str(value).encode()


def fuzz(folder: Path, role: Role | None, each: int, number: int = 0) -> Counter[int]:
    """`each` requests to every operation, signed in with a role or not at all; returns how often which status came."""
    office = office_at(folder)
    statuses: Counter[int] = Counter()
    if role:
        office.accounts.add(role.value, f"示例{role.label}", role, PASSWORD)
    schema = schemathesis.openapi.from_asgi("/openapi.json", make_app(office))

    def ask(case: Any) -> None:
        token = office.accounts.open_session(role.value, "QH-0001") if role else "none"
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])
        statuses[response.status_code] += 1

    rules = settings(max_examples=each, database=None, deadline=None, phases=[Phase.generate],
                     suppress_health_check=list(HealthCheck))  # fmt: skip
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        rules(seed(number)(given(case=operation.as_strategy())(ask)))()
    office.close()
    return statuses


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.value if role else "nobody")
def test_no_request_breaks_the_server(tmp_path: Path, role: Role | None) -> None:
    statuses = fuzz(tmp_path, role, 2)
    print(f"\n{sum(statuses.values())} requests: {dict(sorted(statuses.items()))}")
    assert sum(statuses.values()) >= 25
    if role is None:
        assert statuses[401] > statuses[200]


@pytest.mark.campaign
def test_two_thousand_requests(tmp_path: Path) -> None:
    total: Counter[int] = Counter()
    for number, role in enumerate((None, *Role)):
        total += fuzz(tmp_path / str(number), role, 25, number)
    print(f"{sum(total.values())} requests: {dict(sorted(total.items()))}")
    assert sum(total.values()) >= 2000


def hand_in_badly(served: Served, folder: Path, chance: random.Random, tries: int) -> Counter[str]:
    """Pieces of wrong places, sizes, kinds and names at random; at the end the right file still goes in."""
    laptop, door = laptop_of(served, folder)
    content = os.urandom(300_000)
    sha256 = name_file(laptop, content)
    laptop.sync(door.post)
    told: Counter[str] = Counter()
    for _ in range(tries):
        place = chance.choice((0, 0, 1, 1000, len(content), -1, 2**63, 10**30))
        size = chance.choice((0, 1, 1000, 200_000, len(content), len(content) + 1, PIECE + 1))
        name = chance.choice((sha256, sha256, sha256.upper(), "0" * 64, "..%2f..%2fsecret", "x" * 5000))
        headers = {"Upload-Offset": str(place), "Content-Type": chance.choice(
            ("application/offset+octet-stream", "application/offset+octet-stream", "text/html", ""))}  # fmt: skip
        try:
            door._send(
                "PATCH",
                f"/blobs/sha256/{name}",
                headers=headers,
                content=chance.choice((content, bytes(PIECE + 1)))[:size],
            )
            told["taken"] += 1
        except Problem as problem:
            assert "回应 500" not in str(problem)
            told[problem.code] += 1
    for _ in range(3):  # what was begun with other bytes is found out at the end and sent again
        try:
            assert door.hand_in(sha256, io.BytesIO(content), len(content)) is not None
        except Problem as problem:
            told[problem.code] += 1
    with door.fetch(sha256) as (file, _):
        assert door.receipt(sha256) and file.read() == content
    return told


def test_bad_pieces_are_refused_and_the_right_file_still_goes_in(served: Served, tmp_path: Path) -> None:
    told = hand_in_badly(served, tmp_path / "a", random.Random(1), 40)
    assert told["refused_by_bureau"] > 0 and told["taken"] > 0


@pytest.mark.campaign
def test_many_bad_pieces(served: Served, tmp_path: Path) -> None:
    told = sum((hand_in_badly(served, tmp_path / str(n), random.Random(n), 100) for n in range(10)), Counter[str]())
    print(f"1000 pieces: {dict(sorted(told.items()))}")
