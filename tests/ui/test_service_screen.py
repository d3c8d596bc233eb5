"""Stage 送达: each way asks for what proves it, and electronic service only goes to a confirmed address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector_app.actions import evidence, findings, papers
from inspector_app.domain.inspection import outgoing_papers
from inspector_app.domain.serving import ELECTRONIC, FIELDS, WAYS
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.service import ServiceStage
from inspector_app.ui.window import Window
from tests.office import CASE, card, deliberated


def test_the_fields_follow_the_way_and_nothing_goes_without_its_proof(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    session = deliberated(tmp_path)
    for kind in outgoing_papers(session.queries.case(CASE)):
        papers.issue(session.book, CASE, kind)
    findings.decide(session.book, CASE)
    session.close()
    window = open_window(tmp_path / "laptop")
    hand, desk = Hand(window), window.desk
    desk.open("case", CASE)
    desk.open_stage(6)
    hand.settle()
    screen = window.screens["case"]
    assert isinstance(screen, CaseScreen) and isinstance(screen.stage, ServiceStage)
    stage = screen.stage
    for method, way in WAYS.items():
        stage.method.show_value(method)
        stage.method.input.activated.emit(0)
        hand.settle()
        assert {name for name, field in stage.proof.items() if not field.isHidden()} == set(way.needs) & set(FIELDS)
    stage.method.show_value(ELECTRONIC)
    stage.method.input.activated.emit(0)
    hand.press("登记送达")
    assert "电子送达的电子送达地址、单位怎样同意、确认书日期" in hand.problem(), "what is on view is asked for"
    for name, text in (("address", "示例@示例"), ("agreed", "送达地址确认书"), ("agreed_on", "示例")):
        stage.proof[name].input.setText(text)
    hand.press("登记送达")
    assert "日期" in hand.problem()
    stage.proof["agreed_on"].input.setText("2026年3月16日")
    hand.press("登记送达")
    assert "确认书的照片或者扫描件" in hand.problem()
    desk.finished(evidence.film_service(desk.book, CASE, card(1)))
    hand.press("登记送达")
    served = desk.queries.case(CASE).paper("opinion")
    assert served is not None and served.served is not None and served.served.place == "示例@示例"
    assert dict(served.served.proof)["agreed_on"] == "2026-03-16" and served.served.filmed
