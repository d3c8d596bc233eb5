"""The lead's desk in its own window, with a real server between the two laptops."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from inspector_app.actions import check, evidence, findings, review, sending, sync, whereabouts
from inspector_app.domain.access import Role
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.review_desk import ReviewScreen
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, arrive, card, conform, office
from tests.server.conftest import PASSWORD, Served, served
from tests.server.test_laptop import lead_laptop

__all__ = ["served"]


def shown(hand: Hand) -> str:
    return " ".join(text.text() for text in hand.all(Text))


def test_a_lead_sees_comments_returns_and_approves(
    open_window: Callable[..., Window], served: Served, tmp_path: Path
) -> None:
    for id, name, role in (("shen", "示例沈岚", Role.LEAD), ("zhou", "示例周敏", Role.LEAD)):
        served.office.accounts.add(id, name, role, PASSWORD)
    officer = office(tmp_path / "a")
    sync.enrol(officer.book, served.address, "shen", PASSWORD)
    arrive(officer.book)
    check.answer(officer.book, CASE, "A03", "不符合")
    evidence.add_photos(officer.book, CASE, card(1), item="A03")
    findings.record(officer.book, CASE, "A03")
    conform(officer)
    check.finish(officer.book, CASE)
    review.hand_in(officer.book, CASE)
    sending.set_metered(officer.book, True)
    sync.hand_over(officer.book)
    lead = lead_laptop(served, tmp_path / "lead")
    sync.hand_over(lead.book)
    lead.close()

    window = open_window(tmp_path / "lead", "zhou")
    hand, queries = Hand(window), window.desk.queries
    assert "等局里回执 0 条，0 个文件" in shown(hand) and "个不在本机" in shown(hand), "only what lies here waits"
    window.desk.open("review")
    hand.settle()
    screen = window.screens["review"]
    assert isinstance(screen, ReviewScreen) and screen.case_id == CASE and screen.item == "A03"
    by_chance = review.sampled(window.desk.book, queries.case(CASE))
    assert 0 < len(by_chance) < 15 and "A03" not in by_chance and f"随机抽看的 {len(by_chance)} 项" in shown(hand)
    assert by_chance == review.sampled(officer.book, officer.queries.case(CASE)), "both laptops draw the same"
    hand.press("下一项")
    assert screen.item == by_chance[0] and "随机抽看" in {tag.accessibleName() for tag in hand.all(Tag)}
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/review.png")
    hand.press("上一项")
    assert queries.has_picture(queries.case(CASE), queries.case(CASE).evidence[0].number) is False
    hand.press("文件")
    assert "同事设备上" in {tag.accessibleName() for tag in hand.all(Tag)}
    hand.key("Escape")
    hand.fill("写意见", "示例意见：补一张全景")
    hand.key("Return")
    assert "补一张全景" in shown(hand)
    hand.press("退回修改")
    hand.press("退回修改")
    assert "写清要改什么再退回" in shown(hand)
    hand.fill("要改什么", "示例：补照片")
    hand.key("Return")
    assert not (screen.back.isEnabled() or screen.pass_.isEnabled()) and "检查人员再送来后接着复核" in shown(hand)
    sync.hand_over(officer.book)
    case = officer.queries.case(CASE)
    assert case.review.word == "退回修改" and case.review.reason == "示例：补照片"
    assert [c.text for c in case.review.comments] == ["示例意见：补一张全景"]
    evidence.add_photos(officer.book, CASE, card(2)[1:], item="A03")
    assert not review.sampled(officer.book, officer.queries.case(CASE)), "nothing waits"
    review.hand_in(officer.book, CASE)
    assert set(review.sampled(officer.book, officer.queries.case(CASE))) != set(by_chance), (
        "another hand-in, another draw"
    )
    sending.set_metered(officer.book, False)
    sync.hand_over(officer.book)
    window.desk.hand_over()
    hand.settle()
    assert whereabouts.bring_back(window.desk.book, CASE)[1] == 0
    hand.key("R")
    hand.fill("要改什么", "示例：写明制度的名称")
    hand.key("Ctrl+Return")
    hand.press("上一项")
    assert "已退回" in {tag.accessibleName() for tag in hand.all(Tag)}
    hand.press("复核认可")
    assert queries.case(CASE).review.word == "待复核", "what was returned is not changed yet"
    hand.key("Ctrl+Z")
    hand.key("A")
    assert "看过 1 项，退回 0 项" in shown(hand)
    hand.press("复核认可")
    sync.hand_over(officer.book)
    assert officer.queries.case(CASE).review.word == "已认可"
    officer.close()
