"""A recording that grows: sealed while it comes, readable after a crash, read from anywhere."""

from __future__ import annotations

import errno
import hashlib
import os
import random
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.problems import Problem
from inspector_app.evidence.recording import LARGEST, LATEST, TOGETHER, Growing, Sealer
from inspector_app.evidence.vault import Vault

KEY = bytes(range(32))
PIECES = (b"\x1a\x45\xdf\xa3 head", os.urandom(LARGEST + 17), os.urandom(3), os.urandom(2 * LARGEST), b"end")


class Hand:
    """A clock that stands where it is put."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def filmed(vault: Vault, name: str, *pieces: bytes) -> tuple[Growing, Hand]:
    film, hand = vault.recording(name), Hand()
    film._clock = hand
    for piece in pieces:
        film.write(piece)
        hand.now += LATEST / 2
        film.tick()
    return film, hand


def test_what_was_recorded_comes_out(tmp_path: Path) -> None:
    vault = Vault(tmp_path, KEY)
    whole = filmed(vault, "a", *PIECES)[0].close()
    content = b"".join(PIECES)
    assert (whole.sha256, whole.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert whole.sm3 == hashlib.new("sm3", content).hexdigest()
    assert vault.unfinished() == ("a",) and not vault.has(whole.sha256)
    assert vault.take_over("a", whole) == whole, "it is put in its place as it was closed"
    assert vault.take_over("a") == whole, "and once more where that was not noted"
    vault.forget("a")
    assert vault.unfinished() == ()
    assert vault.read(whole.sha256) == content == b"".join(vault.stream(whole.sha256))
    assert vault.salvage(whole.sha256) == content


def test_what_comes_at_a_time_is_sealed_at_once_and_what_streams_in_a_while(tmp_path: Path) -> None:
    """A second's worth that nothing follows does not wait; and however it comes, there are no more records than five a second."""
    vault, hand = Vault(tmp_path, KEY), Hand()
    film = vault.recording("a")
    film._clock = hand
    film.write(b"one")
    assert film.tick() == pytest.approx(TOGETHER) and film.size == 0
    film.write(b"two")
    hand.now += TOGETHER
    film.tick()
    assert film.size == len(b"onetwo"), "all that came at a time, in one record"
    film.write(b"three")
    assert film.tick() == pytest.approx(LATEST) and film.size == len(b"onetwo")
    hand.now += LATEST
    film.tick()
    assert film.size == len(b"onetwothree")
    film.abandon()
    assert vault.take_over("a").duration == pytest.approx(1000 * (TOGETHER + LATEST))


@given(steps=st.lists(st.floats(0.001, 1.5), min_size=1, max_size=12))
def test_nothing_waits_longer_and_no_disk_is_synced_oftener(steps: list[float]) -> None:
    """Whenever pieces come, with the sealing thread waking as `tick` tells it to."""
    with TemporaryDirectory() as folder:
        hand, sealed = Hand(), list[float]()
        film = Vault(Path(folder), KEY).recording("a")
        film._clock = hand
        for step in steps:
            size, until = film.size, hand.now + step
            film.write(b"x")
            while hand.now < until:
                before, wait = film.size, film.tick()
                if film.size > before:
                    sealed.append(hand.now)
                hand.now = min(hand.now + wait, until)
            assert film.size > size or step <= LATEST + 1e-6
        film.abandon()
    assert all(later - sooner > LATEST - 1e-6 for sooner, later in pairwise(sealed))


def test_nothing_is_readable_on_the_disk(tmp_path: Path) -> None:
    vault = Vault(tmp_path, KEY)
    film = filmed(vault, "a", "库房东南角渗水".encode() * 5000)[0]
    assert "库房".encode() not in (tmp_path / "recording-a").read_bytes()
    film.close()
    assert "库房".encode() not in (tmp_path / "recording-a").read_bytes()


@pytest.mark.parametrize("cut", [0, 1, 9, 30, LARGEST])
def test_a_crash_keeps_every_whole_record(tmp_path: Path, cut: int) -> None:
    vault = Vault(tmp_path, KEY)
    film, hand = filmed(vault, "a", PIECES[0], PIECES[1])
    hand.now += LATEST
    film.tick()
    film.abandon()
    path = tmp_path / "recording-a"
    whole_size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(whole_size - cut)
    whole = vault.take_over("a")
    content, head = b"".join(PIECES[:2]), len(PIECES[0])
    assert whole.size == (len(content) if cut == 0 else head + LARGEST if cut < LARGEST else head)
    assert vault.read(whole.sha256) == content[: whole.size]


def test_what_was_never_begun_holds_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path, KEY)
    vault.recording("a").abandon()
    assert vault.take_over("a").size == 0
    assert not vault.has(hashlib.sha256().hexdigest())
    (tmp_path / "recording-b").write_bytes(b"INSPV")
    with pytest.raises(Problem) as caught:
        vault.take_over("b")
    assert caught.value.code == "blob_changed"


def test_it_is_read_from_anywhere(tmp_path: Path) -> None:
    vault, content, chance = Vault(tmp_path, KEY), b"".join(PIECES), random.Random(5)
    filmed(vault, "a", *PIECES)[0].close()
    whole = vault.take_over("a")
    with vault.open(whole.sha256, whole.size) as file:
        assert file.read() == content
        for _ in range(40):
            place, length = chance.randrange(len(content) + 9), chance.randrange(70_000)
            file.seek(place)
            assert file.read(length) == content[place : place + length]


@pytest.mark.parametrize("at", [4, 60, 61, 70, -1, -20, -24])
def test_a_change_is_noticed(tmp_path: Path, at: int) -> None:
    """Also in the length, the time and the end of it."""
    vault = Vault(tmp_path, KEY)
    filmed(vault, "a", PIECES[0], PIECES[2])[0].close()
    whole = vault.take_over("a")
    path = vault.path(whole.sha256)
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    with pytest.raises(Problem) as caught:
        vault.read(whole.sha256)
    assert caught.value.code == "blob_changed"


def test_a_cut_end_is_noticed(tmp_path: Path) -> None:
    vault = Vault(tmp_path, KEY)
    filmed(vault, "a", *PIECES)[0].close()
    whole = vault.take_over("a")
    path = vault.path(whole.sha256)
    path.write_bytes(path.read_bytes()[: -(8 + 16)])  # all but the record that marks the end
    with pytest.raises(Problem):
        vault.read(whole.sha256)
    assert vault.salvage(whole.sha256) == b"".join(PIECES)


def test_a_pipe_is_sealed_to_its_end(tmp_path: Path) -> None:
    vault, content = Vault(tmp_path, KEY), os.urandom(3 * LARGEST + 5)
    film = vault.recording("a")
    source, sink = os.pipe()
    sealer = Sealer(source, film, lambda error: None)
    with os.fdopen(sink, "wb") as file:
        file.write(content)
    sealer.join()
    film.close()
    assert vault.read(vault.take_over("a").sha256) == content


def test_a_full_disk_stops_the_sealing_and_not_the_recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(tmp_path, KEY)
    film = vault.recording("a")
    records, told = count(), list[OSError]()
    write = film._write

    def full(data: bytes) -> None:
        if next(records):
            raise OSError(errno.ENOSPC, "full")
        write(data)

    monkeypatch.setattr(film, "_write", full)
    source, sink = os.pipe()
    sealer = Sealer(source, film, told.append)
    content = os.urandom(6 * LARGEST)  # more than pipe and queue hold: a sealer that gave up reading would hang it
    with os.fdopen(sink, "wb") as file:
        file.write(content)
    sealer.join()
    film.abandon()
    assert [error.errno for error in told] == [errno.ENOSPC]
    assert vault.read(vault.take_over("a").sha256) == content[:LARGEST]
