"""The trial's files: photos that are never older than the visit, and what the unit says of itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PIL import Image

from inspector_app.actions import self_assessment, trial_files
from inspector_app.domain.clock import CHINA
from tests.office import CASE, office


def taken(path: Path) -> datetime:
    with Image.open(path) as photo:
        photo.load()
        said = photo.getexif().get_ifd(0x8769)[0x9003]
    return datetime.strptime(said, "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA)


def test_photos_are_taken_from_the_arrival_on(tmp_path: Path) -> None:
    session = office(tmp_path)
    card = sorted(trial_files.card_of(session.laptop).iterdir())
    sizes, now = [path.stat().st_size for path in card], session.book.clock.now().at
    assert len(card) == 30
    trial_files.photograph_from(session.laptop, session.book.clock)
    times = [taken(path) for path in card]
    assert times == sorted(times) and times[0] > now and len(set(times)) == 30
    assert [path.stat().st_size for path in card] == sizes
    session.close()


def test_the_unit_has_filled_in_its_workbook(tmp_path: Path) -> None:
    session = office(tmp_path)
    received = self_assessment.read_file(session.book, CASE, trial_files.self_check_of(session.laptop))
    told = {answer.item: answer.value for answer in received.told.answers}
    assert not received.told.faults and received.told.by == "示例吴晓"
    assert (told["E01"], told["D08"], told.get("K06")) == ("不符合", "符合", None)
    assert {path.stem for path in trial_files.rectified_of(session.laptop).iterdir()} == {"E01", "E03"}
    session.close()
