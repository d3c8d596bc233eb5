"""The log is lines of JSON, and holds nothing of what people wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from bureau_server.logs import Line, log
from inspector_app.domain.problems import Problem
from tests.server.conftest import PASSWORD, Served
from tests.server.test_doors import laptop_of, name_file

WRITTEN = "示例-库房里没有灭火器"


@contextmanager
def lines() -> Iterator[list[dict[str, Any]]]:
    """What is logged meanwhile, as `bureau-server serve` writes it."""
    found: list[dict[str, Any]] = []
    handler, level = logging.StreamHandler(io.StringIO()), log.level
    handler.setFormatter(Line())
    logging.getLogger().addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield found
    finally:
        logging.getLogger().removeHandler(handler)
        log.setLevel(level)
        found += map(json.loads, handler.stream.getvalue().splitlines())


def test_requests_are_logged_without_who_and_what(served: Served, tmp_path: Path) -> None:
    with lines() as found:
        laptop, door = laptop_of(served, tmp_path / "a")
        sha256 = name_file(laptop, WRITTEN.encode())
        laptop.answer("A01", WRITTEN)
        laptop.sync(door.post)
        door.hand_in(sha256, io.BytesIO(WRITTEN.encode()), len(WRITTEN.encode()))
        with pytest.raises(Problem):
            door.sign_in("officer", WRITTEN, "", "QH-0001")
        door._ask("GET", f"/public/check?number={WRITTEN}&code={'0' * 32}")
        door._ask("GET", "/health")  # answered after what came before was logged; its own line may come too late for us
    requests = [line for line in found if "path" in line]
    assert {(r["method"], r["path"], r["status"]) for r in requests} >= {
        ("POST", "/session", 200), ("POST", "/session", 401), ("POST", "/sync", 200),
        ("PATCH", "/blobs/sha256/{sha256}", 204), ("GET", "/public/check", 200),
    }  # fmt: skip
    assert all(line["at"].endswith("+08:00") and line["level"] == "info" for line in requests)
    said = json.dumps(found, ensure_ascii=False)
    for secret in (WRITTEN, PASSWORD, door.token, laptop.store.device, sha256, "officer", "127.0.0.1"):
        assert secret not in said
    laptop.close()


def test_a_fault_is_told_by_its_place_and_not_by_its_words(served: Served) -> None:
    with lines() as found:
        try:
            int(WRITTEN)
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application\nof %s", WRITTEN)
        with pytest.raises(StatementError) as refused, served.office.engine.begin() as connection:
            connection.execute(text("INSERT INTO nowhere VALUES (:what)"), {"what": WRITTEN})
    (line,) = found
    assert (line["level"], line["fault"], line["what"]) == ("error", "ValueError", "Exception in ASGI application")
    assert line["places"][0].startswith("test_log.py:") and WRITTEN not in json.dumps(line, ensure_ascii=False)
    assert WRITTEN not in str(refused.value), "nor does the database's own word repeat it"
