"""The vault: chunks sealed one by one, content-addressed, nothing changed unnoticed."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.problems import Problem
from inspector_app.evidence.vault import CHUNK, Vault

KEY = bytes(range(32))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_what_goes_in_comes_out(tmp_path: Path, size: int) -> None:
    vault = Vault(tmp_path / "v", KEY)
    content = os.urandom(size)
    stored = vault.put(io.BytesIO(content))
    assert (stored.sha256, stored.size) == (hashlib.sha256(content).hexdigest(), size)
    assert stored.sm3 == hashlib.new("sm3", content).hexdigest()
    assert vault.read(stored.sha256) == content
    assert vault.put(content) == stored
    assert sum(1 for p in (tmp_path / "v").rglob("*") if p.is_file()) == 1


def test_nothing_is_readable_on_the_disk(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "v", KEY)
    stored = vault.put("库房东南角渗水".encode() * 5000)
    assert "库房".encode() not in vault.path(stored.sha256).read_bytes()
    with pytest.raises(Problem) as caught:
        Vault(tmp_path / "v", bytes(32)).read(stored.sha256)
    assert caught.value.code == "blob_changed"


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(tmp_path_factory: pytest.TempPathFactory, at: float, bit: int) -> None:
    vault = Vault(tmp_path_factory.mktemp("v"), KEY)
    stored = vault.put(b"x" * 5000)
    path = vault.path(stored.sha256)
    raw = bytearray(path.read_bytes())
    raw[int(at * len(raw))] ^= 1 << bit
    path.write_bytes(raw)
    with pytest.raises(Problem) as caught:
        vault.read(stored.sha256)
    assert caught.value.code == "blob_changed"


@pytest.mark.parametrize("keep", [0, 10, 60, CHUNK, 2 * CHUNK])
def test_a_cut_file_is_noticed_and_what_is_whole_can_be_saved(tmp_path: Path, keep: int) -> None:
    vault = Vault(tmp_path / "v", KEY)
    content = os.urandom(3 * CHUNK)
    stored = vault.put(content)
    path = vault.path(stored.sha256)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(Problem) as caught:
        vault.read(stored.sha256)
    assert caught.value.code == "blob_changed"
    if keep >= 60:
        saved = vault.salvage(stored.sha256)
        assert content.startswith(saved) and len(saved) == (keep - 60) // (CHUNK + 16) * CHUNK


def test_chunks_cannot_change_places(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "v", KEY)
    stored = vault.put(os.urandom(CHUNK) + os.urandom(CHUNK) + b"end")
    path = vault.path(stored.sha256)
    raw = path.read_bytes()
    head = len(raw) - 2 * (CHUNK + 16) - (3 + 16)
    one, two = raw[head : head + CHUNK + 16], raw[head + CHUNK + 16 : head + 2 * (CHUNK + 16)]
    path.write_bytes(raw[:head] + two + one + raw[head + 2 * (CHUNK + 16) :])
    with pytest.raises(Problem):
        vault.read(stored.sha256)


def test_a_missing_file_and_a_bad_name(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "v", KEY)
    with pytest.raises(Problem) as caught:
        vault.read("0" * 64)
    assert caught.value.code == "blob_missing"
    for name in ("../x", "0" * 63, "G" * 64):
        with pytest.raises(ValueError):
            vault.path(name)
