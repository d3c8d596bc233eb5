"""Rules that an update brings: in force from the next sign-in, never over what an inspection was begun with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inspector_app import app
from inspector_app.actions import papers, rulebook, sign_in, updates
from inspector_app.actions.laptop import Laptop
from inspector_app.actions.sign_in import Session
from inspector_app.actions.trial import SECRET
from inspector_app.domain.access import Role
from inspector_app.domain.event import Draft
from inspector_app.places import FORMS
from tests.office import CASE, office, refused

from .maker import CHECKED, Maker, maker


@pytest.fixture
def made(tmp_path: Path) -> Maker:
    return maker(tmp_path / "maker")


@pytest.fixture
def laptop(made: Maker, tmp_path: Path) -> Iterator[Laptop]:
    session = office(tmp_path)
    anchor = made.anchor(tmp_path / "root.json")
    session.close()
    yield replace(session.laptop, anchor=anchor)


def enter(laptop: Laptop) -> Session:
    return sign_in.sign_in(laptop, "shen", SECRET)


def test_rules_hold_from_the_next_sign_in_and_are_named_in_every_event(made: Maker, laptop: Laptop) -> None:
    made.rules("示例更正", archives_law=CHECKED, opinion=("意见书", "意见书（示例）"))
    session = enter(laptop)
    before = session.book.rules.laws_version
    assert updates.take(laptop, made.pack(), session.book).rules is not None
    assert session.book.rules.laws_version == before, "never in the middle of a visit"
    session.close()
    session = enter(laptop)
    assert session.book.rules.laws_version != before and papers.title(session.book, "opinion").endswith("（示例）")
    assert updates.in_force(session.book)["said"] == "示例更正"
    written = session.book.write(
        Draft(f"device/{session.book.store.device}", "person_changed", {"id": "shen", "name": "示例"})
    )
    assert written[0].app["laws"] == session.book.rules.laws_version
    refused("update_nothing", lambda: updates.take(laptop, made.pack(), session.book))
    session.close()


def test_a_visit_goes_on_with_its_checklist_when_an_update_brings_another(made: Maker, laptop: Laptop) -> None:
    session = enter(laptop)
    item = session.queries.case(CASE).items[0]
    session.close()
    for turn, now in enumerate((f"{item.text}（新）", f"{item.text}（更新）")):
        made.rules(organ=(item.text, now))
        updates.take(laptop, made.pack(f"{turn}.zip"))
        session = enter(laptop)
        assert session.book.rules.checklist("organ").item(item.code).text == now
        case = session.queries.case(CASE)
        assert case.items[0].text == session.queries.form(case).item(item.code).text == item.text
        session.close()


def test_a_visit_begun_under_an_update_keeps_that_checklist_under_a_later_version(made: Maker, laptop: Laptop) -> None:
    """A later version of the program carries rules of its own; what was taken for the earlier one is out of force."""
    session = enter(laptop)
    item = session.book.rules.checklist("organ").items[0]
    session.close()
    made.rules(organ=(item.text, f"{item.text}（新）"))
    updates.take(laptop, made.pack())
    session = enter(laptop)
    digest = session.book.rules.checklist("organ").sha256
    session.close()
    session = enter(replace(laptop, version="9.9.9"))
    assert (
        updates.in_force(session.book) == {} and session.book.rules.checklist("organ").item(item.code).text == item.text
    )
    assert session.book.rules.checklist("organ", digest).item(item.code).text == f"{item.text}（新）"
    session.close()


def test_what_the_bureau_published_stands_before_an_update(made: Maker, laptop: Laptop, tmp_path: Path) -> None:
    session = enter(laptop)
    session.book.role = Role.ADMIN
    ours = tmp_path / "规则"
    (ours / "papers").mkdir(parents=True)
    text = (FORMS / "papers" / "opinion.toml").read_text("utf-8")
    (ours / "papers" / "opinion.toml").write_text(text.replace("意见书", "意见书（本局）"), "utf-8")
    rulebook.publish(session.book, ours)
    session.close()
    made.rules(archives_law=CHECKED, opinion=("意见书", "意见书（示例）"))
    updates.take(laptop, made.pack())
    session = enter(laptop)
    assert papers.title(session.book, "opinion").endswith("（本局）")
    assert "示例核对过" in session.book.rules.shelf.text("laws/archives_law.toml") and not rulebook.waiting(
        session.book
    )
    session.close()


def test_rules_changed_on_the_disk_before_the_sign_in_are_not_believed(made: Maker, laptop: Laptop) -> None:
    made.rules(archives_law=CHECKED)
    updates.take(laptop, made.pack())
    pending = laptop.folder / "updates" / "pending"
    texts = json.loads(pending.read_bytes())
    texts["laws/archives_law.toml"] += "\n# 别人写的"
    pending.write_text(json.dumps(texts), "utf-8")
    session = enter(laptop)
    assert updates.in_force(session.book) == {} and any("没有采用" in told for told in session.book.notices)
    assert "别人写的" not in session.book.rules.shelf.text("laws/archives_law.toml")
    session.close()
    assert updates.take(laptop, made.pack()).rules is not None, "and the file may be taken again"


def test_rules_never_go_back_even_when_all_that_was_remembered_is_exchanged(made: Maker, laptop: Laptop) -> None:
    made.rules("第一次", archives_law=CHECKED)
    first = made.pack("1.zip")
    made.rules("第二次", archives_law=CHECKED, opinion=("意见书", "意见书（示例）"))
    updates.take(laptop, made.pack("2.zip"))
    enter(laptop).close()
    (laptop.folder / "updates").rename(laptop.folder / "gone")
    updates.take(laptop, first)
    session = enter(laptop)
    assert updates.in_force(session.book)["said"] == "第二次"
    session.close()


def test_what_cannot_be_obeyed_is_not_taken(made: Maker, laptop: Laptop) -> None:
    made.rules(policy=("[deadline.", "[[deadline."))
    refused("rules_bad", lambda: updates.take(laptop, made.pack()))
    session = enter(laptop)
    assert updates.in_force(session.book) == {} and not session.book.notices
    session.close()


def test_a_clock_turned_back_is_known_from_the_record(made: Maker, laptop: Laptop) -> None:
    session = enter(laptop)
    book = session.book
    moved = {"seconds": -5, "before": "2098-01-01T08:00:00+08:00", "after": "2026-03-16T08:00:00+08:00"}
    book.write(Draft(f"device/{book.store.device}", "clock_moved", moved))
    made.rules(archives_law=CHECKED)
    assert updates.look(replace(laptop, folder=laptop.folder / "other"), made.pack()).rules is not None
    refused("update_clock", lambda: updates.look(laptop, made.pack(), book))
    session.close()


def test_the_command_takes_a_file_or_only_looks(
    made: Maker, laptop: Laptop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made.rules("示例更正", archives_law=CHECKED)
    monkeypatch.setattr(app, "_laptop", lambda folder: laptop)
    words = ["--folder", str(laptop.folder), "update", str(made.pack())]
    assert app.main([*words, "--look"]) == 0 and "带来规则 0.1.0：示例更正。" in capsys.readouterr().out
    assert app.main(words) == 0
    said = capsys.readouterr().out
    assert "已采用规则" in said and "签名：示例法规科（" in said
    assert app.main(words) == 1 and "已经是最新的" in capsys.readouterr().err
    session = enter(laptop)
    assert app.main(words) == 1 and "关闭" in capsys.readouterr().err, "never below an open window"
    session.close()
