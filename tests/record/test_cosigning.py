"""The second officer's own key: it signs what was confirmed, and a history signed again by the laptop's owner lacks it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from inspector_app.actions import arrival, check, onsite, papers, sign_in, trial
from inspector_app.actions.exchange import export_record
from inspector_app.actions.sign_in import Session
from inspector_app.domain.event import Draft
from inspector_app.domain.visit import Attendee
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.keys import DeviceKey, PublicKey
from inspector_app.record.verify import FAIL, NOT_CHECKED, PASS, Report, verify
from tests.office import CASE, conform, laptop_at, office, refused


def begun(session: Session, *, cosigned: bool = True) -> None:
    """Arrived, credentials shown, and a second officer has confirmed that."""
    book = session.book
    arrival.begin_visit(book, CASE, "示例地点")
    second = sign_in.confirm(session, "lu", trial.SECRET) if cosigned else "lu"
    arrival.show_credentials(book, CASE, ["shen", "lu"], second)


def paper(session: Session, value: str) -> str:
    """The rest up to a paper that the unit keeps: its code."""
    book = session.book
    arrival.tell_recording(book, CASE, "v1")
    arrival.tell_rights(book, CASE, "v1", "不申请回避")
    arrival.confirm_attendees(book, CASE, [Attendee("示例吴晓", "办公室主任", "021-10000037")])
    arrival.explain_law(book, CASE, "档案法第十九条", "示例吴晓")
    conform(session, value=value)
    check.finish(book, CASE)
    onsite.record_statement(book, CASE, "不陈述申辩")
    return papers.issue(book, CASE, "onsite_record").value.code


def said(report: Report) -> str:
    return next(check.said for check in report.checks if check.name == "会签")


def test_what_was_confirmed_is_cosigned_and_a_forger_cannot(tmp_path: Path) -> None:
    office(tmp_path).close()
    shutil.copytree(tmp_path / "laptop", tmp_path / "before" / "laptop")  # what the owner goes back to
    session = sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", trial.SECRET)
    begun(session)
    code = paper(session, "符合")
    ((_, real),) = session.queries.cosigners()
    own = session.book.store.device_key.public.id
    export_record(session.book, CASE, tmp_path / "good.zip")
    session.close()
    good = verify(tmp_path / "good.zip", [code], [own, real])
    assert good.result("会签") == PASS and good.status == 0, good.text()
    assert "会签 1 次" in said(good) and real in said(good)
    assert verify(tmp_path / "good.zip", [code], [own]).result("会签") == NOT_CHECKED

    forger = sign_in.sign_in(laptop_at(tmp_path / "before" / "laptop"), "shen", trial.SECRET)
    begun(forger, cosigned=False)
    paper(forger, "基本符合")
    export_record(forger.book, CASE, tmp_path / "forged.zip")
    assert verify(tmp_path / "forged.zip", [], [own]).status == 2, (
        "alone it looks whole: the device's key is the real one"
    )
    by_paper = verify(tmp_path / "forged.zip", [code], [own])
    assert by_paper.result("完整性") == FAIL
    by_second = verify(tmp_path / "forged.zip", [], [own, real])
    assert by_second.result("会签") == FAIL and real.casefold() in said(by_second)
    forger.close()


def test_only_the_pin_opens_the_key(tmp_path: Path) -> None:
    session = office(tmp_path)
    box = session.laptop.folder / "keys.json"
    refused("wrong_pin", lambda: sign_in.confirm(session, "lu", "another-phrase"))
    assert "cosigner" not in json.loads(box.read_text("utf-8"))["people"]["lu"] and session.book.seconds == {}
    first = session.laptop.keys.cosigner("lu", trial.SECRET)
    assert (
        session.laptop.keys.cosigner("lu", trial.SECRET) == first != session.laptop.keys.cosigner("shen", trial.SECRET)
    )
    assert first.hex() not in box.read_text("utf-8")
    sign_in.reset_pin(session, "lu", "new-passphrase-2026")
    assert session.laptop.keys.cosigner("lu", "new-passphrase-2026") != first, "who resets a PIN gets no old key"
    session.close()


def test_a_key_named_in_the_record_must_have_signed(tmp_path: Path) -> None:
    session = office(tmp_path)
    begun(session, cosigned=False)
    body = {
        "id": "lu",
        "name": "示例陆一鸣",
        "key": DeviceKey.generate(f"lu@{session.book.store.device}").public.text(),
    }
    session.book.write(Draft(CASE, "cosigner_named", body))
    export_record(session.book, CASE, tmp_path / "r.zip")
    assert verify(tmp_path / "r.zip").result("会签") == FAIL
    session.close()


def test_a_note_bears_both_signatures(tmp_path: Path) -> None:
    session = office(tmp_path)
    begun(session)
    keys = [PublicKey.parse(row["key"]) for _, _, row in session.book.store.topic("cosigner")]
    both = [
        note for _, text in session.book.store.checkpoints(CASE)
        if (note := Checkpoint.parse(text)).signed_by(keys) and note.signed_by([session.book.store.device_key.public])
    ]  # fmt: skip
    assert len(both) == 1 and session.book.seconds == {}
    kinds = [event.kind for event in session.book.store.events(CASE)]
    assert kinds[-2:] == ["cosigner_named", "credentials_shown"]
    session.close()
