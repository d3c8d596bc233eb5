"""The first sign-in at the bureau with a password that an admin gave: an own one takes its place before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.fields import Field
from ..widgets.notices import Sheet
from ..widgets.text import Text

T = TypeVar("T")
LEAST = 12
"""Characters that the bureau asks of a password."""


def signing_in(
    parent: QWidget, desk: Desk, what: str, work: Callable[[str, str], T], code: str,
    then: Callable[[T], object], failed: Callable[[], object],
) -> None:  # fmt: skip
    """Do `work(code, own password)` on the line to the network. Where the bureau wants an own password first, it is asked for,
    with the next code where there was one, and the work is done with it."""

    def tried(code: str, own: str) -> T | None:
        try:
            return work(code, own)
        except Problem as problem:
            if problem.code != "password_to_set":
                raise
            return None

    def run(code: str, own: str) -> None:
        desk.run(
            what,
            lambda: tried(code, own),
            lambda made: ask() if made is None else then(made),
            network=True,
            failed=failed,
        )

    def ask() -> None:
        own, again = Field("自己的新密码", secret=True, hint=f"至少 {LEAST} 位"), Field("再输入一次新密码", secret=True)
        next_code = Field("动态码")
        next_code.setVisible(bool(code))
        said = "管理员给的密码只用来登录一次。设一个自己的，以后用它登录局里。"
        sheet = Sheet(
            "设自己的密码",
            Text(said, "small", "ink2", wrap=True),
            own,
            again,
            next_code,
            act="设好并登录",
            parent=parent,
        )
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def check() -> str:
            if len(own.text()) < LEAST:
                return str(Problem("pin_too_short", least=LEAST))
            return "" if own.text() == again.text() else str(Problem("phrases_differ"))

        sheet.check = check
        sheet.accepted.connect(lambda: run(next_code.text().strip(), own.text()))
        sheet.rejected.connect(failed)
        sheet.open()
        own.input.setFocus()

    run(code, "")
