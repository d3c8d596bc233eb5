"""泄密处置: frozen at once and never exchanged; on an order destroyed wherever the record comes to; the record stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bureau_server.stick import take_in
from bureau_server.upkeep import back_up, check_backup, faults
from inspector_app.actions import evidence, secrecy, stick, sync, whereabouts
from inspector_app.actions.book import Book
from inspector_app.actions.exchange import check_record, export_record
from inspector_app.actions.file_state import FileState
from inspector_app.domain.access import Role
from inspector_app.domain.problems import Problem
from inspector_app.domain.secrecy import DESTROYED, FOUND
from inspector_app.record.verify import PASS, verify
from tests.office import CASE, arrive, card, refused
from tests.server.conftest import Served
from tests.server.test_laptop import joined, lead_laptop, served_office

__all__ = ["served_office"]

ORDER = ("示例区国家保密局", "示保令〔2026〕3号")


def files_of(book: Book, number: str) -> list[str]:
    """The digests of a piece: its original and what was made of it."""
    row = book.store.rows(CASE)["evidence", number]
    return [row[name] for name in ("sha256", "thumbnail", "copy")]


def state(book: Book, number: str) -> FileState:
    (place,) = (place for place in whereabouts.files(book, CASE) if place.name == f"证据 {number}")
    return place.state


def test_a_frozen_piece_leaves_nowhere_and_an_order_destroys_it_everywhere(
    served_office: Served, tmp_path: Path
) -> None:
    session = joined(served_office, tmp_path / "a")
    book, bureau = session.book, served_office.office
    arrive(book)
    early, late, plain = evidence.add_photos(book, CASE, card(3)).value.numbers
    secret = files_of(book, late)
    secrecy.freeze(book, CASE, late, "拍到了密级标志")
    assert session.queries.thumbnail(session.queries.case(CASE), late) == b""
    refused("reason_needed", lambda: secrecy.freeze(book, CASE, early, " "))
    sync.hand_over(book)
    assert [bureau.blobs.offset(sha256) for sha256 in secret] == [0, 0, 0], "its event went, its bytes did not"
    assert state(book, late) is FileState.FROZEN and state(book, early) is FileState.RECEIVED

    known = files_of(book, early)  # this one was seen too late: the bureau has it
    assert all(map(bureau.blobs.offset, known))
    lead = lead_laptop(served_office, tmp_path / "lead")
    sync.hand_over(lead.book)
    sync.fetch_file(lead.book, known[0])
    secrecy.freeze(book, CASE, early, "同一处")
    sync.hand_over(book)
    with pytest.raises(Problem) as caught:
        lead_door = sync.linked(lead.book).door()
        with lead_door, lead_door.fetch(known[2]):
            pass
    assert "涉密" in str(caught.value), "frozen at the bureau as well"

    refused("not_allowed", lambda: secrecy.destroy(book, CASE, early, *ORDER))
    refused("not_found", lambda: secrecy.destroy(lead.book, CASE, plain, *ORDER))
    sync.hand_over(lead.book)
    refused("field_needed", lambda: secrecy.destroy(lead.book, CASE, early, ORDER[0], " "))
    for number in (early, late):
        secrecy.destroy(lead.book, CASE, number, *ORDER)
    assert not lead.book.vault.has(known[0]), "carried out where it was written"
    sealed = book.vault.path(secret[0]).read_bytes()
    sync.hand_over(lead.book)
    assert not any(map(bureau.blobs.offset, known))
    sync.hand_over(book)
    assert not any(map(book.vault.has, (*known, *secret)))
    erased = [e for e in book.store.events(f"device/{book.store.device}") if e.kind == "secret_erased"]
    assert erased[0].body["files"] == 6 and set(erased[0].body["sha256"]) == {*known, *secret}
    book.vault.path(secret[0]).parent.mkdir(exist_ok=True)
    book.vault.path(secret[0]).write_bytes(sealed)  # from an old disk
    with pytest.raises(Problem, match="变了"):
        book.vault.read(secret[0])
    assert secrecy.carry_out(book) == 1 and secrecy.carry_out(book) == 0
    assert {state(book, early), state(book, late)} == {FileState.DESTROYED}
    refused("secret_kept_back", lambda: sync.fetch_file(book, known[0]))
    assert faults(bureau) == []
    back_up(bureau, tmp_path / "copy")
    assert "备份完整" in check_backup(tmp_path / "copy")
    session.close()
    lead.close()


def test_the_record_of_a_destroyed_piece_can_be_verified(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    frozen, gone, plain = evidence.add_photos(book, CASE, card(3)).value.numbers
    for number in (frozen, gone):
        secrecy.freeze(book, CASE, number, "示例原因")
    person, book.role = book.person, Role.LEAD
    refused("same_person", lambda: secrecy.destroy(book, CASE, gone, *ORDER))
    book.person = next(o for o in session.queries.officers() if o.id == "zhou")
    secrecy.destroy(book, CASE, gone, *ORDER)
    book.person, book.role = person, Role.OFFICER
    assert check_record(book, CASE).broken == ""
    export_record(book, CASE, tmp_path / "r.zip")
    report = verify(tmp_path / "r.zip")
    assert report.result("附件") == PASS, report.text()
    said = next(check.said for check in report.checks if check.name == "附件")
    assert f"3 个已按{ORDER[0]}{ORDER[1]}销毁" in said and "3 个因疑似涉密封存" in said
    case = session.queries.case(CASE)
    assert [(p.number, p.secret, bool(p.withdrawn)) for p in case.evidence] == [
        (frozen, FOUND, True), (gone, DESTROYED, True), (plain, "", False),
    ]  # fmt: skip
    secret = [*files_of(book, frozen), *files_of(book, gone)]
    taken = take_in(
        served_office.office, stick.pack_stick(book, stick.readers(book)[0], [CASE], tmp_path / "there.inspector")
    )
    assert not any(map(served_office.office.blobs.offset, secret))
    (refusal,) = taken.refused
    assert refusal.endswith("role_borrowed"), "nobody orders it from a laptop that is not the lead's"
    assert served_office.office.ledger.destroyed() == [] and served_office.office.ledger.kept_back(secret[-1])
    session.close()


def test_what_was_frozen_by_mistake_comes_back(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    (number,) = evidence.add_photos(book, CASE, card(1)).value.numbers
    secrecy.freeze(book, CASE, number, "示例原因")
    sync.hand_over(book)
    refused("not_allowed", lambda: secrecy.clear(book, CASE, number, "示例"))
    lead = lead_laptop(served_office, tmp_path / "lead")
    sync.hand_over(lead.book)
    secrecy.clear(lead.book, CASE, number, "保密局认定不涉密")
    sync.hand_over(lead.book)
    sync.hand_over(book)
    assert session.queries.case(CASE).evidence[0].withdrawn == ""
    assert session.queries.thumbnail(session.queries.case(CASE), number)
    sync.hand_over(book)
    assert state(book, number) is FileState.RECEIVED
    session.close()
    lead.close()
