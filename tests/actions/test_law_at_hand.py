"""The law at hand: searching, citing, full texts that stay here, and whom a new version concerns."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

from inspector_app.actions import check, findings, law, rulebook
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.law import Standing
from inspector_app.domain.problems import Problem
from inspector_app.office_file import MOST_UNPACKED
from inspector_app.places import FORMS
from tests.office import CASE, arrive

DAY = date(2026, 3, 16)
TITLE = "中华人民共和国档案法实施条例"


def word_file(path: Path, title: str, *lines: str) -> Path:
    document = Document()
    for line in (title, *lines):
        document.add_paragraph(line)
    document.save(str(path))
    return path


def events(session: Session) -> int:
    return session.book.store.count()


def test_a_full_text_is_found_beside_our_gist_and_leaves_no_event(session: Session, tmp_path: Path) -> None:
    book, before = session.book, events(session)
    path = word_file(
        tmp_path / "示例(2024-01-12).docx", TITLE, "第一章 示例", "第二十二条 库房示例文字", "第二十三条 示例光盘"
    )
    taken = law.take_in(book, path)
    assert (taken.title, taken.version, taken.count, taken.changes) == (TITLE, "2024-01-12", 2, ())
    (gist,) = law.search(book, "温湿度调控", DAY)
    assert gist.hit is None and gist.standing is Standing.IN_FORCE
    whole = law.with_text(book, gist, DAY)
    assert whole.hit is not None and whole.hit.passage.text == "库房示例文字" and whole.gist == gist.gist
    (only_text,) = law.search(book, "光盘", DAY)
    assert (only_text.citation, only_text.standing) == (f"《{TITLE}》第二十三条", Standing.IN_FORCE)
    both = [one for one in law.search(book, "库房", DAY) if one.citation == f"《{TITLE}》第二十二条"]
    assert len(both) == 1 and both[0].gist and both[0].hit
    assert [one.citation for one in law.search(book, "档案法19②；实施条例22(二)", DAY)][:2] == [
        "《中华人民共和国档案法》第十九条第二款", f"《{TITLE}》第二十二条第二项",
    ]  # fmt: skip
    assert law.search(book, "没有这样的词", DAY) == ()
    law.remove(book, law.texts(book)[0])
    assert law.search(book, "光盘", DAY) == () and events(session) == before


def test_a_document_without_known_articles_is_found_by_name_and_number(session: Session) -> None:
    """Of 国办发〔2024〕54号 no article is known: it is found, and told to be nothing that a paper may cite as a whole."""
    for words in ("涉企行政检查", "国办发〔2024〕54号", "涉企 意见"):
        (found,) = law.search(session.book, words, DAY)
        assert (found.citation, found.citable) == ("《国务院办公厅关于严格规范涉企行政检查的意见》", False), words
        assert "国办发〔2024〕54号" in found.source
    assert all(found.citable for found in law.search(session.book, "档案法实施条例", DAY)), (
        "a law of known articles, by those"
    )


def test_what_the_catalogue_does_not_know_is_unverified(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "示例.txt"
    path.write_bytes("示例区档案规定\n第三条 独有的词\n".encode("gb18030"))
    law.take_in(session.book, path)
    (found,) = law.search(session.book, "独有的词", DAY)
    assert found.standing is Standing.UNVERIFIED and found.citable and "没有登记" in found.source
    old = "《中华人民共和国档案法实施办法》第九条"
    assert session.book.rules.laws.standing(old, DAY) is Standing.NOT_IN_FORCE
    assert session.book.rules.laws.standing(old, date(2024, 2, 29)) is Standing.UNVERIFIED


def test_a_law_that_would_unpack_to_more_than_any_law_is_refused(session: Session, tmp_path: Path) -> None:
    path = word_file(tmp_path / "示例.docx", TITLE, "第二十二条 示例")
    with ZipFile(path, "a", ZIP_DEFLATED) as package:
        package.writestr("word/media/image1.png", b" " * (MOST_UNPACKED + 1))
    with pytest.raises(Problem, match="展开后太大"):
        law.take_in(session.book, path)


@pytest.mark.parametrize("name", ["示例.docx", "示例.pdf", "空.md", "没有.md"])
def test_a_file_that_is_no_law_is_refused(session: Session, tmp_path: Path, name: str) -> None:
    if not name.startswith("没有"):
        (tmp_path / name).write_bytes(b"" if name.startswith("空") else b"PK\x03\x04broken")
    with pytest.raises(Problem) as caught:
        law.take_in(session.book, tmp_path / name)
    assert caught.value.code == "law_text_bad" and law.texts(session.book) == ()


def test_a_finding_says_which_basis_nobody_has_verified(session: Session) -> None:
    book = session.book
    arrive(book)
    check.answer(book, CASE, "E03", "不符合")
    id = findings.record(book, CASE, "E03").value
    book.notices.clear()
    local = "《示例区档案规定》第三条"
    findings.change(book, CASE, id, "basis", ["《中华人民共和国档案法》第十九条", local])
    assert len(book.notices) == 1 and local in book.notices[0] and "未经核实" in book.notices[0]
    assert session.queries.case(CASE).findings[0].basis[1] == local
    for citation, code in (
        ("《中华人民共和国档案法》第九十九条", "unknown_article"), ("示例规定第三条", "unknown_article"),
        ("《示例规定》第3条款项", "unknown_article"), ("《中华人民共和国档案法实施办法》第九条", "article_not_in_force"),
    ):  # fmt: skip
        with pytest.raises(Problem) as caught:
            findings.change(book, CASE, id, "basis", [citation])
        assert caught.value.code == code, citation


def test_a_new_version_names_checklists_and_open_inspections(session: Session, tmp_path: Path) -> None:
    book = session.book
    arrive(book)
    for item in ("E03", "A03"):
        check.answer(book, CASE, item, "不符合")
        findings.record(book, CASE, item)
    assert law.arrived(book) == ()
    folder = tmp_path / "ours"
    (folder / "laws").mkdir(parents=True)
    text = (FORMS / "laws" / "archives_regulation.toml").read_text("utf-8")
    (folder / "laws" / "archives_regulation.toml").write_text(text.replace("三层责任", "各层责任"), "utf-8")
    book.role = Role.LEAD
    rulebook.publish(book, folder)
    (change,) = law.arrived(book)
    assert change.citations == {f"《{TITLE}》第十八条"} and law.coming(book)
    (touched,) = law.concerned(book, [change])
    assert "A03" in dict(touched.items)["机关档案行政检查表"]
    assert [codes for _, codes in touched.citing] == [("A03",)] and touched.using
    rulebook.adopt(book)
    assert not law.coming(book) and law.arrived(book) == (change,)


def test_a_second_text_of_a_law_tells_what_changed(session: Session, tmp_path: Path) -> None:
    first = word_file(tmp_path / "一(2020-01-01).docx", TITLE, "第十八条 甲", "第十九条 乙")
    second = word_file(tmp_path / "二(2024-01-01).docx", TITLE, "第十八条 甲改", "第十九条 乙")
    assert law.take_in(session.book, first).changes == ()
    (change,) = law.take_in(session.book, second).changes
    assert change.citations == {f"《{TITLE}》第十八条"}
    (found,) = law.search(session.book, "实施条例18", DAY)
    for day, text in ((DAY, "甲改"), (date(2023, 1, 1), "甲"), (date(2019, 1, 1), "甲改")):
        hit = law.with_text(session.book, found, day).hit
        assert hit is not None and hit.passage.text == text, day


def test_no_wording_with_repealed_law_is_published(session: Session, tmp_path: Path) -> None:
    """Templates are where old citations live on."""
    session.book.role = Role.LEAD
    (tmp_path / "papers").mkdir()
    text = (FORMS / "papers" / "opinion.toml").read_text("utf-8")
    old = text.replace("依据{power}的规定", "依据《中华人民共和国档案法实施办法》和国办发（2024）53号的规定")
    assert old != text
    (tmp_path / "papers" / "opinion.toml").write_text(old, "utf-8")
    with pytest.raises(Problem) as caught:
        rulebook.publish(session.book, tmp_path)
    assert "实施办法" in str(caught.value) and "实施条例" in str(caught.value)


def test_nothing_that_came_with_the_application_cites_repealed_law(session: Session) -> None:
    rules = session.book.rules
    assert rulebook.outdated(rules, ("*.toml", "papers/*.toml", "checklists/*.xml"), DAY) == ""
    assert rulebook.outdated(rules, ("laws/*.toml",), DAY), "the law that is repealed is named there"
