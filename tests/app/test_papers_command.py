"""`inspector-app papers`: every paper in one folder, of the sample inspection and of an exported record."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from inspector_app import app
from inspector_app.actions import filling, onsite, papers
from inspector_app.actions.evidence import add_photos
from inspector_app.actions.exchange import export_record
from inspector_app.actions.paper_file import write_papers
from inspector_app.papers.catalog import CATALOG
from tests.office import CASE, arrive, card, office, refused


def report(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "report.json").read_text("utf-8"))["papers"]
    return found


def test_every_paper_of_the_sample_is_written_and_complete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["papers", "--out", str(tmp_path / "out")]) == 0
    assert f"{len(CATALOG)} 份文书" in capsys.readouterr().out
    made = report(tmp_path / "out")
    assert [paper["kind"] for paper in made] == list(CATALOG)
    for paper in made:
        content = (tmp_path / "out" / paper["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (paper["bytes"], paper["sha256"])
        assert (paper["missing"], paper["draft"]) == ([], "") and paper["pages"] == paper["bars"]["pages"] >= 1
        assert paper["layout"]["collisions"] == paper["layout"]["broken"] == [] and paper["layout"]["forced"] == 0
    assert app.main(["papers", "--out", str(tmp_path / "out")]) == 1
    assert "已经有文件" in capsys.readouterr().err


def test_a_record_gives_what_was_archived_and_drafts_of_the_rest(tmp_path: Path) -> None:
    session = office(tmp_path)
    arrive(session.book)
    add_photos(session.book, CASE, card(2), item="A01")
    filling.fill(session.book, CASE, "interview", {"person": "示例郑青"})
    filling.fill(session.book, CASE, "interview", {"person": "示例吴晓"})
    notice = session.queries.case(CASE).formal("notice")[0]
    archived = papers.pdf_of(session.book, CASE, notice.id)
    bureau = session.queries.register().bureau.name
    export_record(session.book, CASE, tmp_path / "record.zip")
    session.close()
    write_papers(tmp_path / "out", tmp_path / "record.zip")
    made = {paper["kind"]: paper for paper in report(tmp_path / "out")}
    assert len(report(tmp_path / "out")) == len(CATALOG) + 1, "one interview for each person"
    assert made["notice"]["source"] == "archived" and made["notice"]["number"] == notice.number
    assert (tmp_path / "out" / made["notice"]["file"]).read_bytes() == archived
    assert made["interview"]["source"] == "rendered" and "问答" in made["interview"]["missing"]
    assert made["evidence_list"]["pages"] == 2, "the photos come from the record"
    assert "检查机关名称" not in made["opinion"]["missing"], "it signed the notice"
    with pdfplumber.open(tmp_path / "out" / made["opinion"]["file"]) as pdf:
        letter = "".join(char["text"] for page in pdf.pages for char in page.chars)
    assert bureau in letter and "（联系人：示例沈岚）" in letter, "the register is not in the record"


def test_a_record_that_was_changed_is_refused(tmp_path: Path) -> None:
    session = office(tmp_path)
    export_record(session.book, CASE, tmp_path / "record.zip")
    session.close()
    content = bytearray((tmp_path / "record.zip").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "record.zip").write_bytes(bytes(content))
    refused("bad_package", lambda: write_papers(tmp_path / "out", tmp_path / "record.zip"))
    assert not (tmp_path / "out").exists()


def test_a_sign_that_cannot_be_drawn_keeps_no_other_paper_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = office(tmp_path)
    arrive(session.book)
    onsite.record_remarks(session.book, CASE, "示例👍没有意见")
    export_record(session.book, CASE, tmp_path / "record.zip")
    session.close()
    assert app.main(["papers", "--out", str(tmp_path / "out"), "--case", str(tmp_path / "record.zip")]) == 1
    said = capsys.readouterr()
    assert "1 份没有做成，《档案行政检查现场笔录》" in said.err and "👍<1F44D>" in said.err
    made = report(tmp_path / "out")
    assert [paper["kind"] for paper in made if paper["refused"]] == ["onsite_record"]
    assert all((tmp_path / "out" / paper["file"]).is_file() for paper in made if not paper["refused"])
