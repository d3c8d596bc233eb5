"""Working in the window: keys, inputs, half-typed text, problems in sentences, printing."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QMarginsF, QPoint, QRect, QSettings
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from inspector_app.actions import check, papers, sign_in, trial
from inspector_app.actions.exchange import exchange
from inspector_app.domain.inspection import STEPS
from inspector_app.domain.item import ItemFact
from inspector_app.domain.problems import Problem
from inspector_app.places import ROOT
from inspector_app.tour.hand import Hand
from inspector_app.tour.summary import faults
from inspector_app.ui import printing
from inspector_app.ui.run import _crash_dialog, make_app, make_window
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.checklist import ChecklistStage
from inspector_app.ui.widgets.last_folder import PHOTOS, keep_folder
from inspector_app.ui.window import Window
from tests.office import CASE, card, laptop_at
from tests.patience import SECONDS, WAIT


def checklist(hand: Hand) -> ChecklistStage:
    screen = hand.window.screens["case"]
    assert isinstance(screen, CaseScreen) and isinstance(screen.stage, ChecklistStage)
    return screen.stage


def fact(hand: Hand, code: str) -> ItemFact:
    found = hand.window.desk.queries.case(CASE).item(code)
    assert found is not None
    return found


# -- inputs ---------------------------------------------------------------------------------------------------


def test_a_conforming_item_costs_one_key(case_hand: Hand) -> None:
    case_hand.key("1")
    assert fact(case_hand, "A01").value == "符合"
    assert checklist(case_hand).item == "A02"
    assert sum(case_hand.inputs.values()) == 1


def test_a_finding_with_a_photo_costs_at_most_six_inputs(case_hand: Hand) -> None:
    for key in ("3", "P", "Return", "F"):
        case_hand.key(key)
    found = fact(case_hand, "A01")
    assert found.value == "不符合" and len(found.evidence) == 1 and found.finding
    assert sum(case_hand.inputs.values()) <= 6


def test_rows_keep_their_place_and_the_other_keys_work(case_hand: Hand) -> None:
    for key, item in (("J", "A02"), ("J", "A03"), ("K", "A02"), ("Shift+J", "B01"), ("Shift+K", "A01")):
        case_hand.key(key)
        assert checklist(case_hand).item == item
    case_hand.key("2")
    assert checklist(case_hand).item == "A01", "a deviation stays for its remark"
    case_hand.key("U")
    assert checklist(case_hand).item == "A02"
    case_hand.key("Ctrl+Z")
    assert fact(case_hand, "A01").value == ""
    toast, tally = case_hand.window.toast, checklist(case_hand)._tally
    assert "都在" in toast.accessibleName()
    said = QRect(toast.mapToGlobal(QPoint()), toast.size())
    assert not said.intersects(QRect(tally.mapToGlobal(QPoint()), tally.size())), "how far it is stays on view"


def test_not_applicable_asks_for_its_reason(case_hand: Hand) -> None:
    case_hand.key("4")
    assert fact(case_hand, "A01").value == ""
    case_hand.type("本单位没有这项业务")
    case_hand.key("Return")
    assert (fact(case_hand, "A01").value, fact(case_hand, "A01").reason) == ("不适用", "本单位没有这项业务")


def test_letters_in_a_text_are_no_keys(case_hand: Hand) -> None:
    case_hand.key("R")
    before = case_hand.window.desk.book.store.count()
    for key in ("1", "3", "F", "P"):
        case_hand.key(key)
    assert case_hand.window.desk.book.store.count() == before
    case_hand.key("Escape")
    assert fact(case_hand, "A01").note == "13fp"


def test_the_window_says_saved_only_after_the_act(case_hand: Hand) -> None:
    case_hand.key("1")
    assert case_hand.window.desk.saved
    case_hand.key("Ctrl+S")
    assert "已经存好" in case_hand.window.toast.accessibleName()


def test_the_palette_finds_by_initials(case_hand: Hand) -> None:
    case_hand.key("Ctrl+K")
    case_hand.type("dc")
    case_hand.key("Return")
    screen = case_hand.window.screens["case"]
    assert isinstance(screen, CaseScreen) and screen.stage_index == 1


def test_finishing_early_is_a_sentence(case_hand: Hand) -> None:
    case_hand.key("1")
    case_hand.key("Ctrl+Return")
    assert "106" in case_hand.problem() and "逐项" in case_hand.problem()


# -- nothing is lost ------------------------------------------------------------------------------------------


def test_half_typed_text_is_there_after_a_kill(
    case_hand: Hand, open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path
) -> None:
    """The text is in the database half a second after the last key; a copy of the files is what a kill leaves."""
    case_hand.key("R")
    case_hand.type("库房东南角吊顶渗水，还没有写完")
    desk = case_hand.window.desk
    qtbot.waitUntil(lambda: bool(desk.kept(f"{CASE}/A01/note")), timeout=WAIT)
    shutil.copytree(tmp_path / "laptop", tmp_path / "after")
    again = Hand(open_window(tmp_path / "after"))
    again.window.desk.open("case", CASE)
    again.window.desk.open_stage(2)
    again.settle()
    note = again.find(QPlainTextEdit, "备注")
    assert note.toPlainText() == "库房东南角吊顶渗水，还没有写完"


def test_the_window_opens_where_it_was_left(case_hand: Hand, tmp_path: Path) -> None:
    case_hand.key("Ctrl+4")
    case_hand.window.close()
    laptop = laptop_at(tmp_path / "laptop")
    window = make_window(make_app(laptop.folder), laptop, trial=True)
    window.show()
    window._entered(sign_in.sign_in(laptop, "shen", trial.SECRET))
    Hand(window).settle()
    screen = window.screens["case"]
    assert window.current == "case" and isinstance(screen, CaseScreen) and screen.stage_index == 3
    window.close()
    window.desk.tasks.close()


def test_after_a_kill_the_window_opens_at_the_same_item(case_hand: Hand, tmp_path: Path, qtbot: QtBot) -> None:
    """Nothing was closed: the files as they are a moment later are what a kill leaves."""
    for _ in range(3):
        case_hand.key("J")
    assert checklist(case_hand).item == "A04"
    qtbot.waitUntil(lambda: QSettings().value("item") == "A04", timeout=WAIT)
    shutil.copytree(tmp_path / "laptop", tmp_path / "after")
    laptop = laptop_at(tmp_path / "after")
    window = make_window(make_app(laptop.folder), laptop, trial=True)
    window.show()
    window._entered(sign_in.sign_in(laptop, "shen", trial.SECRET))
    again = Hand(window)
    again.settle()
    assert window.current == "case" and checklist(again).item == "A04"
    window.close()
    window.desk.tasks.close()


def test_locking_closes_the_database_and_another_person_goes_on(case_hand: Hand) -> None:
    window = case_hand.window
    case_hand.key("1")
    case_hand.key("Ctrl+L")
    assert window.desk.session is None
    window.sign_in.person.show_value("lu")
    window.sign_in.secret.input.setText("not the right one at all")
    window.sign_in.enter.click()
    case_hand.settle()
    assert window.desk.session is None
    assert "口令不对" in " ".join(t.text() for t in case_hand.all(type(window.top.title)))
    window.sign_in.secret.input.setText(trial.SECRET)
    window.sign_in.enter.click()
    case_hand.settle()
    assert window.desk.book.person.name == "示例陆一鸣"
    assert window.current == "case"
    kinds = [e.kind for s in window.desk.book.store.streams("device/") for e in window.desk.book.store.events(s)]
    assert kinds.count("person_changed") >= 2


def test_a_fault_is_written_down_and_told(window: Window, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = _crash_dialog(window, tmp_path / "crash.txt")
    try:
        try:
            raise KeyError("示例单位")
        except KeyError:
            raise RuntimeError("示例库房渗水") from None
    except RuntimeError as error:
        hook(RuntimeError, error, error.__traceback__)
    sheet = QApplication.activeModalWidget()
    assert sheet is not None and sheet.windowTitle() == "程序出错"
    for told in ((tmp_path / "crash.txt").read_text("utf-8"), capsys.readouterr().err):
        assert told.endswith("RuntimeError\n") and "test_a_fault_is_written_down_and_told" in told
        assert "渗水" not in told.replace('raise RuntimeError("示例库房渗水")', ""), (
            "what the program says, not what people wrote"
        )
    sheet.close()


def test_a_fault_is_told_where_the_disk_takes_no_report(window: Window, tmp_path: Path) -> None:
    _crash_dialog(window, tmp_path / "away" / "crash.txt")(RuntimeError, RuntimeError(), None)
    sheet = QApplication.activeModalWidget()
    assert sheet is not None and sheet.windowTitle() == "程序出错"
    sheet.close()


def test_a_long_import_can_be_stopped(case_hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = case_hand.window.desk
    original = desk.step

    def step(what: str, done: int, total: int) -> bool:
        if what.startswith("导入 3/30 个文件"):
            desk.stop()
        return original(what, done, total)

    monkeypatch.setattr(desk, "step", step)
    keep_folder(PHOTOS, str(card(1)[0].parent))
    case_hand.key("P")
    case_hand.key("Ctrl+A")
    case_hand.key("Return")
    assert len(desk.queries.case(CASE).evidence) == 2
    assert not case_hand.window.work.isVisible()
    case_hand.window.work.stopped.emit()
    assert desk.stop_work, "the button of the bar asks for the same"


# -- printing -------------------------------------------------------------------------------------------------


def notice(window: Window) -> bytes:
    paper = window.desk.queries.case(CASE).paper("notice")
    assert paper is not None
    return papers.pdf_of(window.desk.book, CASE, paper.id)


class BoundedPrinter(QPrinter):
    """A printer that cannot print the outer 12 points of its paper, as most can not."""

    def setPageLayout(self, layout: QPageLayout) -> bool:
        layout.setMinimumMargins(QMarginsF(12, 12, 12, 12))
        return bool(super().setPageLayout(layout))


@pytest.mark.parametrize("kind", [QPrinter, BoundedPrinter])
def test_a_page_is_printed_at_true_size(kind: type[QPrinter], window: Window, tmp_path: Path) -> None:
    """Printed to a file and measured: the same paper, the ink at the same place within a tenth of a millimetre."""
    content = notice(window)
    printer = kind(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    assert printing.paint(content, printer) == (2, True)
    before, after = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument(tmp_path / "out.pdf")
    for number in range(2):
        assert after[number].get_size() == pytest.approx(before[number].get_size(), abs=0.6)
        dots = 300 / 72
        boxes = [
            d[number].render(scale=dots).to_pil().convert("L").point(lambda v: 255 * (v < 128)).getbbox()
            for d in (before, after)
        ]
        assert all(box is not None for box in boxes)
        for one, two in zip(boxes[0] or (), boxes[1] or (), strict=True):
            assert abs(one - two) / 300 * 25.4 <= 0.2, "millimetres"
    for document in (before, after):
        document.close()


def test_a_missing_printer_is_a_sentence(case_hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "printers", list)
    case_hand.key("Ctrl+1")
    case_hand.key("Ctrl+P")
    assert "没有找到打印机" in case_hand.problem()
    assert "PDF" in case_hand.problem()


def test_printing_from_the_command_line_names_what_is_missing(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is looked at before the printers: a missing printer must not hide a missing file."""
    monkeypatch.setattr(printing, "printers", list)
    file = tmp_path / "x.pdf"
    with pytest.raises(FileNotFoundError):
        printing.print_file(file)
    file.write_bytes(b"no pdf")
    with pytest.raises(Problem) as caught:
        printing.print_file(file)
    assert caught.value.code == "bad_pdf"
    file.write_bytes(notice(window))
    with pytest.raises(Problem) as caught:
        printing.print_file(file)
    assert caught.value.code == "no_printer"
    monkeypatch.setattr(printing, "printers", lambda: ["示例打印机"])
    with pytest.raises(Problem) as caught:
        printing.print_file(file, "别的")
    assert caught.value.code == "printer_missing" and "示例打印机" in str(caught.value)


def test_what_is_no_pdf_is_refused(qapp: object) -> None:
    with pytest.raises(Problem) as caught:
        printing.paint(b"no pdf", QPrinter())
    assert caught.value.code == "bad_pdf"


# -- the tour -------------------------------------------------------------------------------------------------


def test_the_tour_holds(tmp_path: Path) -> None:
    """The story of a whole visit, as anybody would run it."""
    import json

    out = tmp_path / "示例 演示"
    done = subprocess.run(
        [sys.executable, "-m", "inspector_app.app", "tour", "--out", str(out)], capture_output=True, text=True,
        timeout=20 * SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert not faults(summary)
    assert summary["inputs_of_the_visit"] <= 400
    timed = {name for name, stage in summary["stages"].items() if "milliseconds" in stage}
    assert {"到场", "检查", "取证", "笔录", "处理", "送达"} <= timed <= set(STEPS), (
        "what the record does not time has no figure"
    )
    assert len(list((out / "papers").glob("*.pdf"))) == 7
    copier = runpy.run_path(str(ROOT / "packaging" / "pictures.py"))
    assert copier["finished_tour"](tmp_path) == out
    assert len(copier["small"](copier["picture"](out, "light/取证"))) <= copier["LARGEST"]
    for name in copier["PICTURES"].values():
        assert copier["picture"](out, name).stat().st_size > 10_000, "the manual needs it"
    for theme in ("light", "dark", "high-contrast"):
        assert len(list((out / "pictures" / theme).glob("*.png"))) >= 10
    stages = [line.strip() for line in done.stdout.splitlines() if line.startswith("  ")]
    assert stages == ["登录", "准备", "到场", "检查", "取证", "标注", "笔录", "处理", "法制审核", "文书", "送达", "归档", "局里", "复查",
                      "图片", "核验"]  # fmt: skip


def test_a_further_officer_joins_and_signs_in(hand: Hand, tmp_path: Path) -> None:
    hand.key("Alt+8")
    hand.press("加入人员")
    for name, text in (("姓名", "示例新人"), ("行政执法证号", "09120055"), ("证件有效期起", "2025年1月1日"),
                       ("证件有效期止", "2029年12月31日"), ("本人口令", "一个足够长的通行短语示例甲"), ("再输入一次", "不一样的")):  # fmt: skip
        hand.fill(name, text)
    hand.press("加入这台电脑")
    assert QApplication.activeModalWidget() is not None, "two different PINs are no PIN"
    hand.fill("再输入一次", "一个足够长的通行短语示例甲")
    hand.press("加入这台电脑")
    hand.window.close()
    again = sign_in.sign_in(laptop_at(tmp_path / "laptop"), "p-09120055", "一个足够长的通行短语示例甲")
    assert again.book.person.name == "示例新人"
    again.close()


def test_two_different_answers_stand_side_by_side_until_one_is_chosen(case_hand: Hand, tmp_path: Path) -> None:
    desk = case_hand.window.desk
    shutil.copytree(tmp_path / "laptop", tmp_path / "second", ignore=shutil.ignore_patterns("lock"))
    other = sign_in.sign_in(laptop_at(tmp_path / "second"), "lu", trial.SECRET)
    other.book.store.new_device()
    check.answer(other.book, CASE, "A01", "不符合")
    case_hand.key("2")
    exchange(desk.book.store, other.book.store)
    other.close()
    desk.changed.emit()
    case_hand.settle()
    assert "示例陆一鸣" in case_hand.read("(.*填“不符合”.*)")
    assert "示例沈岚" in case_hand.read("(.*填“基本符合”.*)")
    case_hand.press("选用“不符合”")
    case_hand.type("手触潮湿")
    case_hand.key("Return")
    settled = fact(case_hand, "A01")
    assert (settled.value, settled.reason, settled.conflict) == ("不符合", "手触潮湿", ())


def test_a_new_laptop_is_set_up_in_the_window(qapp: object, tmp_path: Path) -> None:
    """Without sample data: the first person sets it up, every screen has its empty state."""
    laptop = laptop_at(tmp_path / "laptop")
    (tmp_path / "laptop").mkdir()
    window = make_window(make_app(laptop.folder), laptop)
    window.show()
    hand = Hand(window)
    hand.settle()
    hand.press("设好这台电脑并进入")
    assert "要填写" in hand.read("(.*要填写.*)")
    for name, text in (("机关名称", "示例区档案局"), ("机关代字", "示档"), ("本人姓名", "示例沈岚"), ("行政执法证号", "09120017"),
                       ("证件有效期起", "2025年1月1日"), ("证件有效期止", "明年"), ("口令", "一个足够长的通行短语示例甲"),
                       ("再输入一次口令", "一个足够长的通行短语示例甲")):  # fmt: skip
        hand.fill(name, text)
    hand.press("设好这台电脑并进入")
    assert "明年" in hand.read("(.*日期.*无效.*)")
    hand.fill("证件有效期止", "2029年12月31日")
    hand.press("设好这台电脑并进入")
    assert window.current == "today"
    assert "今天没有检查" in hand.read("(今天没有检查.*)")
    for name in ("inspections", "units", "settings", "today"):
        window.desk.open(name)
        hand.settle()
        assert not hand.problem()
    window.close()
    window.desk.tasks.close()
