"""What the palette finds that can be done in the open inspection, at the stage on view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ..capture.bar import open_view
from ..offers import WORK
from ..widgets.palette import ACTS, Command
from . import cosign_ways
from .base import Stage
from .checklist import ChecklistStage
from .evidence import EvidenceStage


def case_commands(on_view: Callable[[], Stage]) -> Iterator[Command]:
    """The acts of the stage on view, the likeliest first."""
    stage = on_view()
    desk = stage.desk
    if not desk.bar(WORK, desk.queries.case(desk.case_id)):
        yield from _work(on_view)
    for name, key in (("print", "Ctrl P"), ("draft", "Ctrl P"), ("make", ""), ("sign", "")):
        button = getattr(getattr(stage, "papers", None), name, None)
        if button is not None and button.isVisible() and button.isEnabled():
            icon, also = ("printer", "打印") if key else ("file-text", "")
            yield Command(ACTS, icon, button.text(), button.click, key=key, also=also)


def _work(on_view: Callable[[], Stage]) -> Iterator[Command]:
    """What who does the inspection can do wherever he is in it."""
    stage = on_view()
    desk = stage.desk
    item = f"用于 {stage.item}" if isinstance(stage, ChecklistStage) else "在“取证”里导入"
    yield Command(ACTS, "camera", "导入照片", partial(_take_photos, on_view), item, "P", "拍照")
    word = "停止录制" if desk.filming.running else "开始录像"
    yield Command(ACTS, "record", word, desk.filming.toggle, key="F9", also="录像录音")
    show_camera = partial(open_view, stage.window(), desk)
    yield Command(ACTS, "video-camera", "打开摄像头拍照", show_camera, key="F10", also="拍照")
    yield Command(ACTS, "laptop", "请另一台电脑会签", partial(cosign_ways.ask, stage.window(), desk), also="会签")
    if not desk.queries.case(desk.case_id).visit.secret_area:
        enter = desk.filming.enter_secret_area
        yield Command(ACTS, "shield-warning", "进入涉密区域", enter, "停止一切采集", also="涉密")
    if isinstance(stage, ChecklistStage):
        yield Command(ACTS, "scales", f"把 {stage.item} 记为问题", stage.record_finding, key="F", also="记为问题")


def _take_photos(on_view: Callable[[], Stage]) -> None:
    stage = on_view()
    if not isinstance(stage, ChecklistStage | EvidenceStage):
        stage.desk.open_stage(3)
        stage = on_view()
    if isinstance(stage, ChecklistStage | EvidenceStage):
        stage.take_photos()
