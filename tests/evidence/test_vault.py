"""The vault: chunks sealed one by one, content-addressed, nothing changed unnoticed."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain import policy
from inspector_app.domain.problems import Problem
from inspector_app.evidence.suites import SM4GCM, SUITES
from inspector_app.evidence.vault import CHUNK, Vault

KEY = bytes(range(32))


class Held(dict[bytes, bytes]):
    """Keeps keys in memory; `del` destroys one."""

    file_key = dict[bytes, bytes].get
    keep_file_key = dict[bytes, bytes].__setitem__


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_what_goes_in_comes_out(tmp_path: Path, size: int, suite: str) -> None:
    vault = Vault(tmp_path / "v", KEY, Held(), suite)
    content = os.urandom(size)
    stored = vault.put(io.BytesIO(content))
    assert (stored.sha256, stored.size) == (hashlib.sha256(content).hexdigest(), size)
    assert stored.sm3 == hashlib.new("sm3", content).hexdigest()
    assert vault.read(stored.sha256) == content
    assert vault.put(content) == stored
    assert sum(1 for p in (tmp_path / "v").rglob("*") if p.is_file()) == 1
    with vault.open(stored.sha256, size) as file:
        file.seek(size // 2)
        assert file.read() == content[size // 2 :]
    assert vault.salvage(stored.sha256) == content


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


@pytest.mark.parametrize("asked", [9, 0])
def test_of_some_files_those_that_stand_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: int) -> None:
    """One by one where few are asked for, else from the folders."""
    monkeypatch.setattr("inspector_app.evidence.vault._ASKED", asked)
    vault = Vault(tmp_path / "v", KEY)
    one, two, other = (vault.put(content).sha256 for content in (b"one", b"two", b"other"))
    assert vault.changes == 3
    vault.discard(two)
    assert set(vault.standing({one, two, "0" * 64})) == {one} and vault.changes == 4
    assert vault.has(other)


# -- keys of files --------------------------------------------------------------------------------------------


def code_of(vault: Vault, sha256: str) -> str:
    with pytest.raises(Problem) as caught:
        vault.read(sha256)
    return caught.value.code


@pytest.mark.parametrize("suite", SUITES)
def test_no_copy_of_a_file_can_be_read_once_its_key_is_destroyed(tmp_path: Path, suite: str) -> None:
    held = Held()
    vault = Vault(tmp_path / "v", KEY, held, suite)
    secret, other = vault.put(b"secret" * 1000), vault.put(b"other" * 1000)
    copy = vault.path(secret.sha256).read_bytes()
    del held[vault.key_name(secret.sha256)]
    assert code_of(vault, secret.sha256) == "blob_changed"
    vault.discard(secret.sha256)
    assert code_of(vault, secret.sha256) == "blob_missing"
    vault.path(secret.sha256).write_bytes(copy)  # from an old disk, by whoever has the store key
    assert code_of(vault, secret.sha256) == "blob_changed"
    assert vault.salvage(other.sha256) == b"other" * 1000
    vault.path(secret.sha256).unlink()
    assert vault.put(b"secret" * 1000) == secret and vault.read(secret.sha256), "taken in anew under another key"


def test_a_file_that_carries_its_own_key_stays_readable(tmp_path: Path) -> None:
    """As all files were sealed before keys lay apart."""
    stored = Vault(tmp_path / "v", KEY).put(b"old" * 1000)
    path = Vault(tmp_path / "v", KEY).path(stored.sha256)
    assert path.read_bytes()[:9] == b"INSPVLT1\x01"
    vault = Vault(tmp_path / "v", KEY, Held())
    assert vault.read(stored.sha256) == b"old" * 1000
    assert vault.key_name(stored.sha256) == b""
    os.link(path, tmp_path / "same")
    vault.discard(stored.sha256)
    assert (tmp_path / "same").read_bytes()[:49] == bytes(49), "its key was overwritten where it stood"


def test_suites_may_stand_side_by_side(tmp_path: Path) -> None:
    assert tuple(SUITES) == policy.SUITES, "what may be asked for"
    vault = Vault(tmp_path / "v", KEY, Held())
    first = vault.put(b"first")
    vault.suite = "SM4-GCM"
    second = vault.put(b"second")
    assert [vault.path(s.sha256).read_bytes()[8] for s in (first, second)] == [2, 3]
    assert (vault.read(first.sha256), vault.read(second.sha256)) == (b"first", b"second")


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    """RFC 8998, A.1."""
    plain = bytes.fromhex("".join(letter * 16 for letter in "ABCDEFEA"))
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    cipher, nonce = SM4GCM(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")), bytes.fromhex("00001234567800000000ABCD")
    sealed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert cipher.encrypt(nonce, plain, bound) == sealed
    assert cipher.decrypt(nonce, sealed, bound) == plain
