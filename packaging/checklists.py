"""Writes the XLSForm workbooks of forms/checklists from items.json and publishes them as XForms.

Run after a change of items.json: `python packaging/checklists.py`. The bureau may as well edit a workbook in Excel
and publish it; the workbook is then the source.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from inspector_app.checklists.publish import publish

FOLDER = Path(__file__).resolve().parent.parent / "forms" / "checklists"
VERSION = "2026030101"
NAMESPACE = "http://opendatakit.org/xforms/archives-inspection"

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
ANSWERS = ("符合", "基本符合", "不符合", "不适用")

COLUMNS = (
    "type", "name", "label", "required", "required_message", "relevant", "constraint", "constraint_message",
    "calculation", "appearance", "bind::archives:basis", "bind::archives:methods", "bind::archives:evidence",
    "bind::archives:severity", "bind::archives:consequence", "bind::archives:confidence", "bind::archives:short",
    "bind::archives:verified_by",
)  # fmt: skip

Row = dict[str, Any]


def item_rows(item: Row) -> list[Row]:
    """The answer with all that the data say, its reason, its remark, and readings where the item has a measure."""
    code = item["code"]
    rows: list[Row] = [
        {
            "type": "select_one answer", "name": code, "label": f"{code} {item['item']}", "appearance": "minimal",
            "bind::archives:basis": item["basis"], "bind::archives:methods": "、".join(item["methods"]),
            "bind::archives:evidence": item["evidence"], "bind::archives:severity": str(item["severity"]),
            "bind::archives:consequence": item["consequence"], "bind::archives:confidence": item["confidence"],
        },
        {
            "type": "text", "name": f"{code}_reason", "label": "不适用的原因", "required": "yes",
            "required_message": "不适用要写明原因", "relevant": f"${{{code}}} = '不适用'",
        },
        {"type": "text", "name": f"{code}_note", "label": "备注"},
    ]  # fmt: skip
    if code == "E08":
        rows += [
            {"type": "decimal", "name": "E08_temperature", "label": "温度（℃）",
             "constraint": ". >= -20 and . <= 60", "constraint_message": "温度应在零下20至60℃之间"},
            {"type": "decimal", "name": "E08_humidity", "label": "相对湿度（%）",
             "constraint": ". >= 0 and . <= 100", "constraint_message": "相对湿度应在0至100之间"},
        ]  # fmt: skip
    if item["methods"] == ["抽样核对"]:
        rows += [
            {"type": "integer", "name": f"{code}_sampled", "label": "抽样件数", "constraint": ". >= 1",
             "constraint_message": "抽样件数至少为1"},
            {"type": "integer", "name": f"{code}_defects", "label": "不合格件数",
             "relevant": f"${{{code}_sampled}} != ''", "constraint": f". >= 0 and . <= ${{{code}_sampled}}",
             "constraint_message": "不合格件数不能多于抽样件数"},
        ]  # fmt: skip
    return rows


def survey(items: list[Row]) -> list[Row]:
    """Groups by section, then the counts that the engine calculates."""
    rows: list[Row] = []
    for section in sorted({item["category"] for item in items}):
        number = int(section[:2])
        mine = [item for item in items if item["category"] == section]
        rows.append({"type": "begin_group", "name": f"s{number:02d}", "label": section,
                     "bind::archives:short": SHORT[number - 1]})  # fmt: skip
        for item in mine:
            rows += item_rows(item)
        rows.append({"type": "end_group"})
    codes = [item["code"] for item in items]
    for name, value in zip(("met", "mostly", "failed", "inapplicable"), ANSWERS, strict=True):
        sum_ = " + ".join(f"if(${{{code}}} = '{value}', 1, 0)" for code in codes)
        rows.append({"type": "calculate", "name": f"count_{name}", "calculation": sum_})
    rows.append({
        "type": "calculate", "name": "score",
        "calculation": f"if({len(codes)} - ${{count_inapplicable}} > 0, round((${{count_met}} + 0.5 * ${{count_mostly}})"
                       f" * 100 div ({len(codes)} - ${{count_inapplicable}}), 1), '')",
    })  # fmt: skip
    return rows


def write(key: str, title: str, rows: list[Row]) -> None:
    """One workbook with the three sheets of XLSForm."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([row.get(column) for column in COLUMNS])
    choices = book.create_sheet("choices")
    choices.append(("list_name", "name", "label"))
    for answer in ANSWERS:
        choices.append(("answer", answer, answer))
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "version", "default_language", "namespaces"))
    settings.append((title, key, VERSION, "default", f'archives="{NAMESPACE}"'))
    book.save(FOLDER / f"{key}.xlsx")


def four_key(items: list[Row]) -> list[Row]:
    """The special checklist of 四重档案: the one known item, and rows that the bureau fills."""
    known = next(item for item in items if item["code"] == "F09")
    rows: list[Row] = [{"type": "begin_group", "name": "s01", "label": "01 四重档案",
                        "bind::archives:short": "四重档案"}]  # fmt: skip
    rows += [{**row, **({"bind::archives:verified_by": ""} if index == 0 else {})}
             for index, row in enumerate(item_rows(known))]  # fmt: skip
    for number in range(1, 10):
        rows.append({"type": "note", "name": f"Q{number:02d}", "label": f"（待填：四重档案检查项 {number}）",
                     "bind::archives:verified_by": ""})  # fmt: skip
    rows.append({"type": "end_group"})
    return rows


def main() -> None:
    items = json.loads((FOLDER / "items.json").read_text("utf-8"))
    for key, (letter, title) in FORMS.items():
        write(key, title, survey([item for item in items if letter in item["applies_to"]]))
    write("four_key", "四重档案专项检查表", four_key(items))
    for workbook in sorted(FOLDER.glob("*.xlsx")):
        workbook.with_suffix(".xml").write_text(publish(workbook), "utf-8")


if __name__ == "__main__":
    main()
