"""The bureau's own rules: published once, in force from the next sign-in, never under a visit that goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.actions import check, filling, papers, rulebook, sign_in
from inspector_app.actions.sign_in import Session
from inspector_app.actions.trial import SECRET
from inspector_app.domain.access import Role
from inspector_app.domain.event import RULES_STREAM
from inspector_app.places import FORMS
from tests.office import CASE, arrive, laptop_at, office, refused


@pytest.fixture
def admin(tmp_path: Path) -> Session:
    session = office(tmp_path)
    session.book.role = Role.ADMIN
    return session


@pytest.fixture
def ours(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A folder like forms/ with one text changed."""

    def build(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "规则"
        if not folder.exists():
            shutil.copytree(FORMS, folder)
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")
        return folder

    return build


def again(session: Session) -> Session:
    """The next sign-in on the same laptop."""
    folder = session.laptop.folder
    session.close()
    return sign_in.sign_in(laptop_at(folder), "shen", SECRET)


def test_published_rules_hold_from_the_next_sign_in(admin: Session, ours: Callable[[str, str, str], Path]) -> None:
    folder = ours("papers/common.toml", "档案局", "档案局")  # nothing differs yet
    refused("rules_same", lambda: rulebook.publish(admin.book, folder))
    law = 'title = "中华人民共和国档案法"'
    ours("laws/archives_law.toml", law, f"{law}\n# 示例核对过")
    ours("papers/opinion.toml", "意见书", "意见书（示例）")
    before = admin.book.rules.laws_version, papers.title(admin.book, "opinion")
    assert set(rulebook.publish(admin.book, folder).value) == {"laws/archives_law.toml", "papers/opinion.toml"}
    assert (admin.book.rules.laws_version, papers.title(admin.book, "opinion")) == before and rulebook.waiting(
        admin.book
    )
    session = again(admin)
    assert not rulebook.waiting(session.book) and rulebook.last_published(session.book) is not None
    assert session.book.rules.laws_version != before[0] and papers.title(session.book, "opinion") != before[1]
    arrive(session.book)
    event = check.answer(session.book, CASE, "A01", "符合").events[0]
    assert event.app["laws"] == session.book.rules.laws_version, "each event names the law that it was written under"
    session.close()


def test_a_visit_goes_on_with_the_checklist_it_was_planned_with(
    admin: Session, ours: Callable[[str, str, str], Path]
) -> None:
    item = admin.queries.case(CASE).items[0]
    rulebook.publish(admin.book, ours("checklists/organ.xml", item.text, f"{item.text}（新）"))
    session = again(admin)
    assert session.queries.case(CASE).items[0].text == item.text
    assert session.queries.form(session.queries.case(CASE)).item(item.code).text == item.text
    assert session.book.rules.checklist("organ").item(item.code).text == f"{item.text}（新）"
    session.close()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("policy.toml", "[deadline.", "[[deadline."), ("calendar.toml", "2026-", "2026-13-"),
        ("checklists/organ.xml", "<h:head>", "<h:head><broken>"), ("laws/archives_law.toml", "2021-01-01", "2021-13-01"),
        ("papers/opinion.toml", "{fact}", "{fakt}"), ("papers/hash_list.toml", 'template = "form"', 'template = "from"'),
        ("papers/legal_review.toml", "review_opinion = ", "review_opinions = "), ("papers/proof_of_service.toml", '"序号", "', '"序号", "-'),
        ("laws/evidence_rules.toml", 'short = ["', 'short = [3, "'),
    ],
)  # fmt: skip
def test_what_no_laptop_could_obey_is_not_published(
    admin: Session, ours: Callable[[str, str, str], Path], name: str, old: str, new: str
) -> None:
    refused("rules_bad", lambda: rulebook.publish(admin.book, ours(name, old, new)))
    assert admin.book.store.heads(RULES_STREAM) == {}


def test_only_who_may_publish_publishes(admin: Session, ours: Callable[[str, str, str], Path]) -> None:
    folder = ours("plan.toml", "检查", "抽查")
    admin.book.role = Role.OFFICER
    refused("not_allowed", lambda: rulebook.publish(admin.book, folder))
    refused("no_folder", lambda: rulebook.publish(_as(admin, Role.LEAD).book, folder / "没有"))


def _as(session: Session, role: Role) -> Session:
    session.book.role = role
    return session


def test_rules_of_a_later_version_wait_for_the_update(admin: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    from inspector_app.domain.event import Draft

    admin.book.write(Draft(RULES_STREAM, "rule_published", {"name": "policy.toml", "text": "version = 9"}))
    session = again(admin)
    assert session.book.rules.policy.titles and any("更新程序" in told for told in session.book.notices)
    session.close()


def test_an_edition_may_ask_for_more_than_the_sample_has(admin: Session, ours: Callable[[str, str, str], Path]) -> None:
    """The bureau puts in its own form without code: one more column to fill in, and a width written as a number."""
    name = "papers/draw_record.toml"
    ours(name, 'draw_place = "text"\n', 'draw_place = "text"\ndraw_witness = "text"\n')
    ours(name, 'draw_place = "抽取地点"\n', 'draw_place = "抽取地点"\ndraw_witness = "示例公证人"\n')
    folder = ours(
        name, '  ["抽取地点", "{draw_place}"],\n', '  ["抽取地点", "{draw_place}"],\n  ["公证人", "{draw_witness}"],\n'
    )
    ours("papers/plan.toml", '["序号", "11", ', '["序号", 11, ')
    rulebook.publish(admin.book, folder)
    session = again(admin)
    entries = {
        entry.name: entry for entry in filling.blank(session.book, session.queries.case(CASE), "draw_record").entries
    }
    assert entries["draw_witness"].mandatory
    session.close()
