"""Exchange by stick: to the bureau and back, and between two laptops; a stick vouches for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bureau_server.stick import answer, take_in
from inspector_app.actions import check, evidence, stick, sync, whereabouts
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import DeviceKey
from inspector_app.record.sealed import _agreement_key
from inspector_app.sync.bundle import Parcel, write_bundle
from tests.office import CASE, arrive, card
from tests.server.conftest import Served
from tests.server.test_laptop import joined, lead_laptop, served_office

__all__ = ["served_office"]


def test_to_the_bureau_and_back_without_any_network(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book, bureau = session.book, served_office.office
    arrive(book)
    check.answer(book, CASE, "A01", "不符合")
    evidence.add_photos(book, CASE, card(2), item="A01")
    already = whereabouts.where(book, [CASE])[0].files_received
    there = stick.pack_stick(book, stick.readers(book)[0], [CASE], tmp_path / "there.inspector")
    assert b"inspection" not in there.read_bytes()
    taken = take_in(bureau, there)
    assert taken.events > 0 and taken.files == whereabouts.where(book, [CASE])[0].files - already and not taken.refused
    answer(bureau, book.store.device_key.public, [CASE], tmp_path / "back.inspector")
    assert stick.unpack_stick(book, tmp_path / "back.inspector").receipts > 1
    assert whereabouts.where(book, [CASE])[0].word == "已回执"
    assert take_in(bureau, there).events == 0
    session.close()


def test_a_stick_completes_a_file_that_the_network_began(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book, bureau = session.book, served_office.office
    arrive(book)
    evidence.add_photos(book, CASE, card(2), item="A01")
    begun, changed = [ref for ref in book.store.blobs(CASE) if ref.origin == "imported"]
    bureau.blobs.add(begun.sha256, 0, book.vault.read(begun.sha256)[:1000])
    bureau.blobs.add(changed.sha256, 0, bytes(1000))
    taken = take_in(bureau, stick.pack_stick(book, stick.readers(book)[0], [CASE], tmp_path / "there.inspector"))
    assert b"".join(bureau.blobs.stream(begun.sha256)) == book.vault.read(begun.sha256)
    assert len(taken.refused) == 1 and bureau.blobs.offset(changed.sha256) == 0, "told, and taken away"
    again = take_in(bureau, tmp_path / "there.inspector")
    assert again.files == 1 and not again.refused
    session.close()


def test_what_is_no_note_on_a_stick_proves_nothing_and_breaks_nothing(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    mine = session.book.store.device_key.public
    with (tmp_path / "s.inspector").open("wb") as file:
        write_bundle(file, mine, [Parcel(["no note"], {CASE: "no receipt"}, [])], [])
    assert stick.unpack_stick(session.book, tmp_path / "s.inspector") == stick.Unpacked()
    session.close()


def test_two_laptops_without_a_server(served_office: Served, tmp_path: Path) -> None:
    session, lead = joined(served_office, tmp_path / "a"), lead_laptop(served_office, tmp_path / "lead")
    sync.hand_over(session.book)  # once, so that they know each other's keys
    sync.hand_over(lead.book)
    sync.hand_over(session.book)
    arrive(session.book)
    evidence.add_photos(session.book, CASE, card(1))
    reader = next(k for k in stick.readers(session.book) if k.name == lead.book.store.device)
    carried = stick.pack_stick(session.book, reader, [CASE], tmp_path / "stick.inspector")
    taken = stick.unpack_stick(lead.book, carried)
    assert taken.events > 0 and taken.files == len(session.book.store.blobs(CASE)) and taken.refused == []
    assert lead.book.store.digest(CASE) == session.book.store.digest(CASE)
    with pytest.raises(Problem, match="不是给这台电脑的"):
        stick.unpack_stick(session.book, carried)
    session.close()
    lead.close()


@pytest.mark.parametrize("harm", ["flip", "cut", "other"])
def test_a_harmed_stick_is_refused_with_a_sentence(served_office: Served, tmp_path: Path, harm: str) -> None:
    session = joined(served_office, tmp_path / "a")
    arrive(session.book)
    target = stick.pack_stick(session.book, stick.readers(session.book)[0], [CASE], tmp_path / "s.inspector")
    raw = target.read_bytes()
    harmed = {"flip": raw[:200] + bytes([raw[200] ^ 1]) + raw[201:], "cut": raw[:-5], "other": b"PK\3\4" + raw}[harm]
    target.write_bytes(harmed)
    with pytest.raises(Problem, match="打不开"):
        take_in(served_office.office, target)
    session.close()


def test_the_map_between_the_curves_is_the_usual_one() -> None:
    """Both ways to the key for agreement meet: from the public signing key, and from its seed."""
    import hashlib

    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    for _ in range(20):
        key = DeviceKey.generate("QH-0001")
        private = X25519PrivateKey.from_private_bytes(hashlib.sha512(key.to_bytes()).digest()[:32])
        assert private.public_key().public_bytes_raw() == _agreement_key(key.public.raw)
