"""Writes the XLSForm workbooks of forms/checklists from items.json and publishes them as XForms.

Run after a change of items.json: `python packaging/checklists.py`. The bureau may as well edit a workbook in Excel and
publish it; the workbook is then the source. The same input always gives the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from inspector_app.checklists.loader import OWN
from inspector_app.checklists.publish import publish

FOLDER = Path(__file__).resolve().parent.parent / "forms" / "checklists"
VERSION = "2026030102"

FORMS = {
    "organ": ("G", "机关档案行政检查表"),
    "institution": ("S", "事业单位档案行政检查表"),
    "enterprise": ("E", "企业档案行政检查表"),
    "town": ("T", "街镇档案行政检查表"),
    "service": ("V", "档案服务企业行政检查表"),
    "archives": ("A", "档案馆行政检查表"),
}
SHORT = ("责任制", "管理制度", "档案人员", "用房库房", "设施设备", "收集归档", "整理著录", "保管安全", "鉴定销毁",
         "利用开放", "信息化", "移交进馆", "服务外包", "监督报告")  # fmt: skip
ANSWERS = (("符合", 1), ("基本符合", 0.5), ("不符合", 0), ("不适用", None))
"""What each answer weighs in the share of met items; half for 基本符合 is the bureau's to confirm."""

COUNTS = {"met": "符合", "mostly": "基本符合", "failed": "不符合", "inapplicable": "不适用"}
MANY = 3
"""Blank rows of a form that the bureau has still to fill."""

COLUMNS = (
    "type", "name", "label", "hint", "required", "required_message", "relevant", "constraint", "constraint_message",
    "calculation", "bind::archives:basis", "bind::archives:methods", "bind::archives:evidence",
    "bind::archives:severity", "bind::archives:consequence", "bind::archives:remedy", "bind::archives:confidence",
    "bind::archives:short", "bind::archives:of", "bind::archives:role", "remark",
)  # fmt: skip
WIDTHS = {
    "label": 60,
    "hint": 50,
    "bind::archives:basis": 34,
    "bind::archives:remedy": 50,
    "relevant": 22,
    "calculation": 40,
    "remark": 50,
}

Row = dict[str, Any]


def basis_for(letter: str, basis: str) -> str:
    """The basis as it binds this kind of unit.

    国家档案局令第13号 and 第8号 are for organs (institutions follow them), 第21号 is for enterprises; 档案法实施条例
    第四十一条 binds archives only.
    """
    foreign: tuple[str, ...] = ("13号令", "8号令") if letter == "E" else ("21号令",)
    foreign += () if letter == "A" else ("实施条例41",)
    parts = [part for part in basis.split("；") if not part.startswith(foreign)]
    return "；".join(parts) or f"依据待核({basis}不直接适用)"


def consequence_for(letter: str, proposed: str) -> str:
    """约谈 and the order of 档案法实施条例51 bind archives service enterprises only; others get advice."""
    return "意见书" if proposed.startswith("约谈") and letter != "V" else proposed


def item_rows(item: Row, letter: str) -> list[Row]:
    """The answer with all that the data say, its reason, its remark, and readings where the item has a measure."""
    code = item["code"]
    helper = {"bind::archives:of": code}
    rows: list[Row] = [
        {
            "type": "select_one answer", "name": code, "label": item["item"], "hint": item.get("look"),
            "bind::archives:basis": basis_for(letter, item["basis"]),
            "bind::archives:methods": "、".join(item["methods"]), "bind::archives:evidence": item["evidence"],
            "bind::archives:severity": str(item["severity"]),
            "bind::archives:consequence": consequence_for(letter, item["consequence"]),
            "bind::archives:remedy": item["remedy"], "bind::archives:confidence": item["confidence"],
        },
        {
            "type": "text", "name": f"{code}_reason", "label": "不适用的原因", "required": "yes",
            "required_message": "不适用要写明原因。", "relevant": f"${{{code}}} = '不适用'",
            "bind::archives:role": "reason", **helper,
        },
        {"type": "text", "name": f"{code}_note", "label": "备注", "bind::archives:role": "note", **helper},
    ]  # fmt: skip
    if code == "E08":
        rows += [
            {"type": "decimal", "name": "E08_temperature", "label": "温度（℃）", "constraint": ". >= -20 and . <= 60",
             "constraint_message": "温度应在零下20至60℃之间。"},
            {"type": "decimal", "name": "E08_humidity", "label": "相对湿度（%）", "constraint": ". >= 0 and . <= 100",
             "constraint_message": "相对湿度应在0至100之间。"},
        ]  # fmt: skip
    if item["methods"] == ["抽样核对"]:
        rows += [
            {"type": "integer", "name": f"{code}_sampled", "label": "抽样件数", "constraint": ". >= 1",
             "constraint_message": "抽样件数至少为1。"},
            {"type": "integer", "name": f"{code}_defects", "label": "不合格件数",
             "relevant": f"${{{code}_sampled}} != ''", "constraint": f". >= 0 and . <= ${{{code}_sampled}}",
             "constraint_message": "不合格件数不能多于抽样件数。"},
        ]  # fmt: skip
    return rows[:3] + [{**row, "bind::archives:role": "reading", **helper} for row in rows[3:]]


def survey(items: Sequence[Row], letter: str) -> list[Row]:
    """Groups by section with their number of failed items, then the counts of the whole form."""
    rows: list[Row] = []
    sections = sorted({item["category"] for item in items})
    for section in sections:
        number = int(section[:2])
        mine = [item for item in items if item["category"] == section]
        rows.append({"type": "begin_group", "name": f"s{number:02d}", "label": section,
                     "bind::archives:short": SHORT[number - 1]})  # fmt: skip
        for item in mine:
            rows += item_rows(item, letter)
        for name, value in COUNTS.items():
            terms = " + ".join(f"(${{{item['code']}}} = '{value}')" for item in mine)
            rows.append({"type": "calculate", "name": f"s{number:02d}_{name}", "calculation": f"number({terms})"})
        rows.append({"type": "end_group"})
    for name in COUNTS:
        total = " + ".join(f"${{s{int(section[:2]):02d}_{name}}}" for section in sections)
        rows.append({"type": "calculate", "name": f"count_{name}", "calculation": f"number({total})"})
    hazards = " + ".join(f"(${{{item['code']}}} = '不符合')" for item in items if item["severity"] == 3)
    rows.append({"type": "calculate", "name": "count_hazards", "calculation": f"number({hazards or '0'})"})
    return rows


def four_key(items: Sequence[Row]) -> list[Row]:
    """The special checklist of 四重档案: the one known item, and blank rows under four headings of the bureau's."""
    known = next(item for item in items if item["code"] == "F09")
    blank = "待填：在本行写一个检查项，type 填 select_one answer，依据核对后再发布。"
    return [
        {"type": "begin_group", "name": "s01", "label": "01 四重档案", "bind::archives:short": "四重档案"},
        *item_rows(known, "G"),
        *[{"remark": blank} for _ in range(4 * MANY)],
        {"type": "end_group"},
    ]


def workbook(key: str, title: str, rows: Sequence[Row]) -> bytes:
    """The three sheets of XLSForm."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([row.get(column) for column in COLUMNS])
    sheet.freeze_panes = "C2"
    for number, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, number)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = WIDTHS.get(column, 16)
    choices = book.create_sheet("choices")
    choices.append(("list_name", "name", "label", "weight"))
    for answer, weight in ANSWERS:
        choices.append(("answer", answer, answer, weight))
    settings = book.create_sheet("settings")
    columns = ("form_title", "form_id", "version", "omit_instanceID", "namespaces", "attribute::archives:verified_by")
    settings.append(columns)
    settings.append((title, key, VERSION, "yes", f'archives="{OWN}"', None))
    made = io.BytesIO()
    book.save(made)
    return without_time(made.getvalue())


def without_time(data: bytes) -> bytes:
    """The same package without the moment of its making."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-03-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return made.getvalue()


def workbooks() -> dict[str, bytes]:
    """All workbooks by the key of their form."""
    items = json.loads((FOLDER / "items.json").read_text("utf-8"))
    made = {
        key: workbook(key, title, survey([item for item in items if letter in item["applies_to"]], letter))
        for key, (letter, title) in FORMS.items()
    }
    return made | {"four_key": workbook("four_key", "四重档案专项检查表", four_key(items))}


def main() -> None:
    for key, data in workbooks().items():
        path = FOLDER / f"{key}.xlsx"
        path.write_bytes(data)
        path.with_suffix(".xml").write_text(publish(path), "utf-8")


if __name__ == "__main__":
    main()
