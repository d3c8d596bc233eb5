"""Settings: type size, theme, this computer, the data that the rules come from. Takes effect at once."""

from __future__ import annotations

from ... import __version__
from .. import theme
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Choice
from ..widgets.panels import Body, Card, clear, column, row
from ..widgets.text import Text
from .base import Screen


class SettingsScreen(Screen):
    """Four cards: mine, this computer, data, about."""

    NAME, TITLE, ICON, LOWER = "settings", "设置", "gear-six", True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.theme = Choice("颜色", [theme.LABELS[n] for n in ("system", "light", "dark", "high_contrast")])
        self.theme.chosen.connect(self._theme)
        self.scale = Choice("字号", ("100%", "115%", "130%"))
        self.scale.chosen.connect(self._scale)
        self.theme.show_value(theme.LABELS[theme.look.name])
        self.scale.show_value(f"{round(theme.look.scale * 100)}%")
        mine = Card(Text("我的", "h2"), self.theme, self.scale,
                    Text("字号改后，已打开的页面在下次打开时变大。", "small", "ink3"), spacing=12)  # fmt: skip
        self._computer = column(spacing=6)
        self._data = column(spacing=6)
        lock = Button("锁定并换人", "secondary", "lock", act=desk.locked.emit, key="Ctrl L")
        self.setLayout(
            column(
                Body(mine, Card(Text("这台电脑", "h2"), self._computer, row(lock, None), spacing=10),
                     Card(Text("数据", "h2"), self._data, spacing=10),
                     Card(Text("关于", "h2"), Text(f"档案行政检查 {__version__}。许可：Apache-2.0；字体和图标各有许可。", "body", "ink2"))),
                spacing=0,
            )
        )  # fmt: skip

    def refresh(self) -> None:
        clear(self._computer)
        clear(self._data)
        store, rules = self.desk.book.store, self.desk.book.rules
        free, _ = self.desk.book.room()
        keys = self.desk.laptop.keys
        for name, value in (
            ("本机编号", store.device), ("本机公钥编号", store.device_key.public.id),
            ("磁盘剩余", free), ("本机人员", "、".join(keys.people().values())),
            ("口令保护", "通行短语" if keys.needs_passphrase else "系统钥匙串和口令"),
        ):  # fmt: skip
            self._computer.addLayout(row(Text(name, "small", "ink3"), None, Text(value, "small")))
        unverified = sum(not law.verified_by for law in rules.laws.laws)
        for name, value in (
            ("法规库", f"{len(rules.laws.laws)} 部，其中 {unverified} 部待本局核对"),
            ("工作日历", "、".join(str(year) for year in sorted(rules.calendar.years)) + " 年"),
            ("文书名称", {"shanghai": "市档案局用名", "ministry": "司法部基本格式（部分待核对）"}[rules.policy.titles]),
        ):  # fmt: skip
            self._data.addLayout(row(Text(name, "small", "ink3"), None, Text(value, "small")))

    def _theme(self, label: str) -> None:
        name = next(key for key, shown in theme.LABELS.items() if shown == label)
        self.desk.themed.emit(name, theme.look.scale)

    def _scale(self, label: str) -> None:
        self.desk.themed.emit(theme.look.name, int(label[:-1]) / 100)
