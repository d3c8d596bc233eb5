"""A second officer confirms with the own PIN on the same laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ...actions import sign_in
from ...domain.problems import Problem
from ..desk import Desk
from .fields import Field, Pick
from .notices import Sheet
from .text import Text


def ask_second_person(
    parent: QWidget, desk: Desk, title: str, people: Sequence[tuple[str, str]], then: Callable[[str], object]
) -> None:
    """Ask one of `people` for the PIN; `then(id)` is called when it is right."""
    person = Pick("第二名执法人员", people)
    secret = Field("本人口令", secret=True)
    sheet = Sheet(title, Text("请第二名执法人员本人输入。", "small", "ink2"), person, secret, act="确认", parent=parent)
    confirmed: list[str] = []

    def check() -> str:
        try:
            confirmed[:] = [sign_in.confirm(desk.open_session, person.value(), secret.text())]
        except Problem as problem:
            return str(problem)
        return ""

    sheet.check = check
    sheet.accepted.connect(lambda: then(confirmed[0]))
    secret.input.returnPressed.connect(sheet.try_accept)
    sheet.open()
    secret.input.setFocus()
