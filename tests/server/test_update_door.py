"""The bureau holds an update file ready: a laptop brings it and believes it as little as one from a stick."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inspector_app.actions import updates
from tests.office import office, refused
from tests.server.conftest import Served
from tests.server.test_laptop import joined, served_office
from tests.updates.maker import CHECKED, maker

__all__ = ["served_office"]


def test_an_update_comes_from_the_bureau(served_office: Served, tmp_path: Path) -> None:
    one = maker(tmp_path / "maker")
    one.rules("示例更正", archives_law=CHECKED)
    session = joined(served_office, tmp_path / "a")
    laptop = replace(session.laptop, anchor=one.anchor(tmp_path / "root.json"))
    refused("no_update", lambda: updates.from_bureau(laptop, session.book))
    one.pack().rename(tmp_path / "bureau" / "update.zip")
    file = updates.from_bureau(laptop, session.book)
    taken = updates.take(laptop, file, session.book)
    assert taken.rules is not None and taken.rules.said == "示例更正"
    session.close()


def test_a_laptop_of_no_bureau_is_told(tmp_path: Path) -> None:
    session = office(tmp_path)
    refused("not_enrolled", lambda: updates.from_bureau(session.laptop, session.book))
    session.close()
