"""A visit told by its acts: the whole story, its order, and every refusal with its way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from inspector_app.actions import (
    arrival,
    check,
    evidence,
    findings,
    onsite,
    papers,
    plan,
    register,
    service,
    sign_in,
    signing,
    stamped,
    trial,
)
from inspector_app.actions.book import undo
from inspector_app.actions.exchange import check_record, export_record
from inspector_app.actions.service import Delivery
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.evidence import STORED
from inspector_app.domain.inspection import Kind, Stage, outgoing_papers
from inspector_app.domain.people import Credential, Officer
from inspector_app.domain.problems import Problem
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.verify import verify
from inspector_app.store import disk
from tests.office import (
    CASE,
    DEVIATIONS,
    RESERVE,
    arrive,
    at_checklist,
    card,
    check_all,
    checked,
    finish_visit,
    refused,
    sign_record,
    visited,
)
from tests.stages import begins


def deliberate(session: Session) -> None:
    findings.confirm(session.book, CASE, [finding.id for finding in session.queries.case(CASE).findings])
    findings.deliberate(session.book, CASE, "一致同意")


def test_the_whole_visit(session: Session, tmp_path: Path) -> None:
    book, queries = session.book, session.queries
    arrive(book)
    check_all(session)
    finish_visit(session)
    case = queries.case(CASE)
    assert case.stage == Stage.RECORDED
    deliberate(session)
    kinds = outgoing_papers(queries.case(CASE))
    assert set(kinds) == {"opinion", "rectification", "correction_order"}
    made = [papers.issue(book, CASE, kind).value for kind in kinds]
    findings.decide(book, CASE)
    papers.issue(book, CASE, "proof_of_service")
    service.serve(book, CASE, Delivery([p.id for p in made], "直接送达", book.clock.now().at, "示例地点", "示例吴晓", "办公室主任",
                                       servers=("示例沈岚", "示例陆一鸣")))  # fmt: skip
    assert queries.case(CASE).stage == Stage.SERVED
    numbers = [p.number for p in queries.case(CASE).papers]
    assert len(set(numbers)) == len(numbers)
    export_record(book, CASE, tmp_path / "r.zip")
    assert verify(tmp_path / "r.zip", [p.code for p in made], [book.store.device_key.public.id]).status == 0
    assert check_record(book, CASE)[1] == ""
    used = {title: account.used for title, account in queries.numbers()}
    assert sum(len(u) for u in used.values()) == len(numbers)


# -- the order of the law -------------------------------------------------------------------------------------


def test_no_step_before_its_time(session: Session) -> None:
    book = session.book
    early: tuple[Callable[[], object], ...] = (
        lambda: check.answer(book, CASE, "A01", "符合"), lambda: evidence.add_photos(book, CASE, card(1)),
        lambda: onsite.record_remarks(book, CASE, "x"), lambda: onsite.end_visit(book, CASE),
        lambda: findings.deliberate(book, CASE, "x"), lambda: findings.decide(book, CASE),
    )  # fmt: skip
    before = book.store.count()
    for act in early:
        problem = refused("move_refused", act)
        assert "法" in str(problem) or "号" in str(problem), "the hook is cited"
    assert book.store.count() == before


def test_answers_wait_for_credentials_and_rights(session: Session) -> None:
    book = session.book
    arrival.begin_visit(book, CASE, "示例区南泉路81号")
    assert "证件" in str(refused("move_refused", lambda: check.answer(book, CASE, "A01", "符合")))
    arrival.show_credentials(book, CASE, ["shen", "lu"], "lu")
    assert "告知" in str(refused("move_refused", lambda: check.answer(book, CASE, "A01", "符合")))


def test_a_visit_cannot_end_with_open_items_or_without_signatures(session: Session) -> None:
    book = session.book
    arrive(book)
    check.answer(book, CASE, "A01", "符合")
    assert "106" in str(refused("move_refused", lambda: check.finish(book, CASE)))
    for item in session.queries.case(CASE).items[1:]:
        check.answer(book, CASE, item.code, "符合")
    check.finish(book, CASE)
    assert "陈述申辩" in str(refused("move_refused", lambda: onsite.end_visit(book, CASE)))
    onsite.record_statement(book, CASE, "没有回答")
    assert "笔录" in str(refused("move_refused", lambda: onsite.end_visit(book, CASE)))
    sign_record(session)
    onsite.end_visit(book, CASE)
    assert outgoing_papers(session.queries.case(CASE)) == ("result_notice",)
    refused("frozen", lambda: onsite.record_remarks(book, CASE, "再补一句"))


def test_an_enterprise_needs_its_code_before_the_notice(session: Session) -> None:
    book = session.book
    unit = next(u for u in session.queries.units() if u.kind.is_enterprise)
    officers = [o for o in session.queries.officers() if o.id in ("shen", "lu")]
    now = book.clock.now().at
    stream = plan.plan_inspection(
        book,
        plan.Plan("2026-99", unit, Kind.ROUTINE, officers, officers[0], now, now + timedelta(hours=3), unit.address, "organ",
                  ("库房",), ("现场察看",), ("温湿度记录",), "年度检查计划", "2026年度", 0),
    ).value  # fmt: skip
    plan.approve(book, stream, "zhou", "示例周敏", now)
    assert "检查码" in str(refused("move_refused", lambda: papers.issue(book, stream, "notice")))
    plan.receive_code(book, stream, "示例检查码2026-99")
    assert papers.issue(book, stream, "notice").value.number


# -- bad input ------------------------------------------------------------------------------------------------


def test_an_expired_credential_and_a_single_officer(session: Session) -> None:
    book = session.book
    unit = session.queries.units()[0]
    now = book.clock.now().at
    officers = {o.id: o for o in session.queries.officers()}
    expired = Officer(
        "old", "示例过期", "科员", Credential("09120099", now.date() - timedelta(900), now.date() - timedelta(1))
    )

    def planned(*team: Officer) -> str:
        number = f"2026-9{len(session.queries.inspections())}"
        return plan.plan_inspection(
            book, plan.Plan(number, unit, Kind.ROUTINE, list(team), team[0], now, now + timedelta(hours=3), unit.address,
                            "organ", ("库房",), ("现场察看",), ("温湿度记录",), "年度检查计划", "2026年度", 0)
        ).value  # fmt: skip

    for team, code in (
        ((officers["shen"], expired), "credential_expired"), ((officers["shen"],), "too_few_officers"),
        ((officers["shen"], Officer("none", "示例无证")), "credential_missing"),
    ):  # fmt: skip
        refused(code, lambda t=team: plan.approve(book, planned(*t), "zhou", "示例周敏", now))  # type: ignore[misc]


@begins(checked)
def test_dates_that_cannot_be(session: Session) -> None:
    book = session.book
    case = session.queries.case(CASE)
    yesterday = book.clock.now().at - timedelta(days=1)
    onsite.record_statement(book, CASE, "不陈述申辩")
    paper = papers.issue(book, CASE, "onsite_record").value
    refused("date_order", lambda: signing.sign(book, CASE, paper.id, Signer("示例吴晓", "被检查单位", yesterday)))
    finding = case.findings[0].id
    refused(
        "unknown_article", lambda: findings.change(book, CASE, finding, "basis", ["《中华人民共和国档案法》第九百条"])
    )


@begins(at_checklist)
def test_a_finding_needs_fact_basis_evidence_and_date(session: Session) -> None:
    book = session.book
    check.answer(book, CASE, "E03", "不符合")
    id = findings.record(book, CASE, "E03").value
    for what, field, value in (
        ("事实", "fact", "吊顶渗水"), ("证据", "evidence", evidence.add_photos(book, CASE, card(1)).value.numbers),
        ("", "consequence", "correct"), ("责令依据", "order_basis", "《中华人民共和国档案法实施条例》第四十九条"),
        ("", "due", ""), ("改正期限", "due", book.clock.now().at.date()), ("", "basis", ["《机关档案管理规定》"]),
        ("条号", "basis", ["《机关档案管理规定》第十六条"]),
    ):  # fmt: skip
        if what:
            code = "evidence_needed" if what == "证据" else "field_needed"
            assert what in str(refused(code, lambda: findings.confirm(book, CASE, [id])))
        findings.change(book, CASE, id, field, value)
    refused(
        "field_needed",
        lambda: findings.change(book, CASE, id, "order_basis", "《中华人民共和国档案法实施条例》第五十一条"),
    )
    findings.confirm(book, CASE, [id])
    refused("unknown_item", lambda: findings.record(book, CASE, "Z99"))
    check.answer(book, CASE, "A01", "符合")
    refused("field_needed", lambda: findings.record(book, CASE, "A01"))
    refused("reason_needed", lambda: findings.withdraw(book, CASE, id, " "))
    refused("reason_needed", lambda: check.answer(book, CASE, "H07", "不适用"))


@begins(at_checklist)
def test_a_finding_is_revised_whole_or_not_at_all(session: Session) -> None:
    book = session.book
    check.answer(book, CASE, "E03", "不符合")
    id = findings.record(book, CASE, "E03").value
    before, count = session.queries.case(CASE).findings[0], book.store.count()
    yesterday = book.clock.now().at.date() - timedelta(days=1)
    refused("date_past", lambda: findings.revise(book, CASE, id, {"fact": "吊顶渗水", "due": yesterday}))
    assert book.store.count() == count
    done = findings.revise(book, CASE, id, {"fact": "吊顶渗水", "demand": "修好", "severity": before.severity})
    assert [event.body["field"] for event in done.events] == ["fact", "demand"]
    undo(book, done)
    assert session.queries.case(CASE).findings[0] == before


@begins(at_checklist)
def test_bad_photos_are_named_and_the_others_are_kept(session: Session, tmp_path: Path) -> None:
    broken = tmp_path / "坏.jpg"
    broken.write_bytes(card(1)[0].read_bytes()[:5000])
    text = tmp_path / "说明.txt"
    text.write_text("不是照片", "utf-8")
    files = [card(3)[0], broken, card(3)[1], text, card(3)[2]]
    taken = evidence.add_photos(session.book, CASE, files, item="E03").value
    assert [number.rpartition("-")[2] for number in taken.numbers] == ["001", "002", "003"]
    assert len(taken.refused) == 2 and "坏.jpg" in taken.refused[0]


@begins(at_checklist)
def test_importing_can_be_stopped(session: Session) -> None:
    taken = evidence.add_photos(session.book, CASE, card(8), progress=lambda done, total: done < 3).value
    assert len(taken.numbers) == 3 == len(session.queries.case(CASE).evidence)


@begins(at_checklist)
def test_a_full_disk_refuses_photos_and_still_saves_answers(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "inspector_app.actions.rules.room_for", lambda place, size: disk.room_for(place, size, lambda _: 10**8)
    )
    before = session.book.store.count()
    refused("disk_low", lambda: evidence.add_photos(session.book, CASE, card(1)))
    assert session.book.store.count() == before
    check.answer(session.book, CASE, "A01", "符合")
    assert session.book.store.count() == before + 1


@begins(at_checklist)
def test_the_reserve_is_given_up_for_an_answer(session: Session, tmp_path: Path) -> None:
    store = session.book.store
    reserve = tmp_path / "laptop" / "reserve"
    assert reserve.stat().st_size == RESERVE
    original = store._append
    failed: list[int] = []

    def full_once(*args: object) -> object:
        if not failed:
            failed.append(1)
            raise Problem("disk_full")
        return original(*args)  # type: ignore[arg-type]

    store._append = full_once  # type: ignore[method-assign,assignment]
    check.answer(session.book, CASE, "A01", "符合")
    assert not reserve.exists(), "its blocks went to the answer"


def test_a_wrong_pin_and_the_same_person(session: Session) -> None:
    refused("wrong_pin", lambda: sign_in.confirm(session, "lu", "not-this-one-at-all"))
    refused("same_person", lambda: sign_in.confirm(session, "shen", trial.SECRET))
    assert sign_in.confirm(session, "lu", trial.SECRET) == "lu"


@begins(checked)
def test_nobody_signs_for_another_officer(session: Session) -> None:
    book = session.book
    onsite.record_statement(book, CASE, "不陈述申辩")
    paper = papers.issue(book, CASE, "onsite_record").value
    now = book.clock.now().at
    refused("not_allowed", lambda: signing.sign(book, CASE, paper.id, Signer("示例陆一鸣", "记录人", now)))
    refused(
        "field_needed",
        lambda: signing.sign(book, CASE, paper.id, Signer("示例吴晓", "被检查单位", now, reason="不同意")),
    )
    signing.sign(book, CASE, paper.id, Signer("示例吴晓", "被检查单位", now, reason="不同意", seen_by="示例见证"))
    signing.sign(book, CASE, paper.id, Signer("示例沈岚", "检查人员", now))
    signing.sign(book, CASE, paper.id, Signer("示例陆一鸣", "记录人", now), witness="lu")
    onsite.end_visit(book, CASE)
    marks = session.queries.case(CASE).papers[-1].signatures
    assert (marks[0].refused, marks[0].witness) == ("不同意", "示例见证")
    assert [mark.officer for mark in marks] == ["", "shen", "lu"]


def test_papers_wait_for_what_they_must_say(session: Session) -> None:
    book = session.book
    refused("paper_incomplete", lambda: papers.issue(book, CASE, "onsite_record"))
    assert not [p for p in session.queries.case(CASE).papers if p.kind == "onsite_record"]
    draft = papers.keep_draft(book, papers.render_draft(book, CASE, "notice")).value
    assert draft.draft and not draft.number


@begins(checked)
def test_a_paper_that_may_not_be_issued_on_site_prints_as_a_draft(session: Session) -> None:
    book = session.book
    refused("paper_forbidden_on_site", lambda: papers.issue(book, CASE, "rectification"))
    case = session.queries.case(CASE)
    ready = papers.readiness(book, case, "rectification")
    assert ready.draft
    made = papers.keep_draft(book, papers.render_draft(book, CASE, "rectification")).value
    assert made.draft == ready.draft


def test_numbers_run_out_in_a_sentence(session: Session) -> None:
    book = session.book
    numbers = dict(session.queries.numbers())
    for kind in ("notice", "onsite_record"):
        for number in numbers[papers.title(book, kind)].free:
            register.void_number(book, number, "示例：写坏")
    refused("no_number", lambda: papers.issue(book, CASE, "notice"))
    arrive(book)
    check_all(session)
    onsite.record_statement(book, CASE, "不陈述申辩")
    record = papers.issue(book, CASE, "onsite_record").value
    assert record.number.startswith("临-"), "a record on site may carry a temporary code"


def test_leaving_needs_refusal_and_witness(session: Session) -> None:
    book = session.book
    notice = session.queries.case(CASE).paper("notice")
    assert notice is not None
    now = book.clock.now().at
    servers = ("示例沈岚", "示例陆一鸣")
    for delivery, code in (
        (Delivery((), "直接送达", now, "x", "y", servers=servers), "field_needed"),
        (Delivery((notice.id,), "口头送达", now, "x", "y", servers=servers), "field_needed"),
        (Delivery((notice.id,), "留置送达", now, "x", "y", servers=servers), "field_needed"),
        (Delivery((notice.id,), "直接送达", now, "", "y", servers=servers), "field_needed"),
        (Delivery((notice.id,), "直接送达", now, "x", "", servers=servers), "field_needed"),
        (Delivery((notice.id,), "直接送达", now, "x", "y", servers=servers[:1]), "too_few_officers"),
        (Delivery((notice.id,), "直接送达", now - timedelta(days=30), "x", "y", servers=servers), "date_order"),
    ):
        refused(code, lambda d=delivery: service.serve(book, CASE, d))  # type: ignore[misc]


@begins(at_checklist)
def test_undo_writes_the_reverse_and_keeps_both(session: Session) -> None:
    book = session.book
    taken = evidence.add_photos(book, CASE, card(1))
    done = check.answer(book, CASE, "A01", "不符合")
    before = book.store.count()
    undo(book, done)
    fact = session.queries.case(CASE).item("A01")
    assert fact is not None and fact.value == ""
    assert book.store.count() == before + 1
    refused("not_found", lambda: undo(book, taken))


def test_an_export_that_cannot_be_written_leaves_nothing(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "away" / "r.zip"
    refused("file_unwritable", lambda: export_record(session.book, CASE, target))
    (tmp_path / "taken").mkdir()
    refused("file_exists", lambda: export_record(session.book, CASE, tmp_path / "taken"))
    assert list(tmp_path.glob("*.part")) == []


@begins(at_checklist)
def test_a_changed_file_stops_the_export(session: Session, tmp_path: Path) -> None:
    evidence.add_photos(session.book, CASE, card(1))
    sha256 = session.queries.case(CASE).evidence[0].sha256
    path = session.book.vault.path(sha256)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    refused("blob_changed", lambda: export_record(session.book, CASE, tmp_path / "r.zip"))
    assert list(tmp_path.glob("r.zip*")) == []


@begins(at_checklist)
def test_the_visit_at_the_same_place_after_a_new_start(session: Session) -> None:
    book = session.book
    check.answer(book, CASE, DEVIATIONS[0], "不符合")
    before = book.store.digest(CASE)
    laptop = session.laptop
    session.close()
    again = sign_in.sign_in(laptop, "lu", trial.SECRET)
    assert again.book.store.digest(CASE) == before
    again.close()


def test_policy_says_who_issues_and_whether_a_stamped_blank_is_needed(session: Session) -> None:
    book = session.book
    rules = book.rules.policy
    papers_of = dict(rules.papers)
    papers_of["notice"] = replace(rules.papers["notice"], by=("team_lead",), pre_stamped=True)
    book.rules.__dict__["policy"] = replace(rules, papers=papers_of)
    me = book.person
    book.person = next(o for o in session.queries.officers() if o.id == "lu")
    refused("not_allowed", lambda: papers.issue(book, CASE, "notice"))
    book.person = me
    assert "预盖章" in str(refused("field_needed", lambda: papers.issue(book, CASE, "notice")))
    two = ("示空004", "示空005")
    refused("form_unknown", lambda: papers.issue(book, CASE, "notice", two))
    stamped.receive(book, "opinion", "示空", "001", "003", "示例内勤")
    refused("form_other_kind", lambda: papers.issue(book, CASE, "notice", ("示空001", "示空002")))
    stamped.receive(book, "notice", "示空", "004", "009", "示例内勤")
    told = refused("form_each", lambda: papers.issue(book, CASE, "notice", ("示空004",)))
    assert "2 张" in str(told), "one for each copy (联)"
    refused("form_each", lambda: papers.issue(book, CASE, "notice", ("示空004", "示空004")))
    made = papers.issue(book, CASE, "notice", two).value
    used = [form.sayings[0] for form in map(session.queries.forms().form, two)]
    assert [(s.paper, s.document, s.revision, s.copy) for s in used] == [
        (made.id, made.number, made.revision, "第1联　被检查单位"), (made.id, made.number, made.revision, "第2联　存卷"),
    ]  # fmt: skip
    told = refused("form_gone", lambda: papers.issue(book, CASE, "notice", ("示空006", "示空005")))
    assert made.number in str(told)


@begins(visited)
def test_a_paper_that_no_finding_calls_for_is_refused(session: Session) -> None:
    book = session.book
    assert "没有一个" in str(refused("move_refused", lambda: papers.issue(book, CASE, "result_notice")))
    for finding in session.queries.case(CASE).findings:
        findings.change(book, CASE, finding.id, "consequence", "on_the_spot")
    assert outgoing_papers(session.queries.case(CASE)) == ("result_notice",)
    assert "没有一个" in str(refused("move_refused", lambda: papers.issue(book, CASE, "opinion")))
    assert "合议" in str(refused("move_refused", lambda: papers.issue(book, CASE, "result_notice")))
    deliberate(session)
    assert papers.issue(book, CASE, "result_notice").value.number


@begins(checked)
def test_the_record_states_when_the_check_ended(session: Session) -> None:
    book = session.book
    onsite.record_statement(book, CASE, "不陈述申辩")
    begun = session.queries.case(CASE).visit.arrived
    assert begun is not None
    early = begun - timedelta(minutes=5)
    refused("date_order", lambda: papers.issue(book, CASE, "onsite_record", ended=early))
    ended = begun.replace(second=0) + timedelta(minutes=3)
    paper = papers.issue(book, CASE, "onsite_record", ended=ended).value
    assert paper.ended == ended
    now = book.clock.now().at
    for name, role, witness in (
        ("示例吴晓", "被检查单位", None),
        ("示例沈岚", "检查人员", None),
        ("示例陆一鸣", "记录人", "lu"),
    ):
        signing.sign(book, CASE, paper.id, Signer(name, role, now), witness=witness)
    onsite.end_visit(book, CASE)
    assert session.queries.case(CASE).visit.ended == ended, "what was signed is what holds"


@begins(checked)
def test_the_code_on_a_paper_tells_its_number_and_revision(session: Session) -> None:
    book = session.book
    onsite.record_statement(book, CASE, "不陈述申辩")
    for revision in (1, 2):
        paper = papers.issue(book, CASE, "onsite_record").value
        (body,) = (e.body for e in book.store.events(CASE) if e.kind == "paper_issued" and e.body["paper"] == paper.id)
        note = Checkpoint.parse(str(body["note"]))
        assert dict(note.about) == {"paper": paper.number, "revision": str(revision)} and note.code == paper.code
        assert note.signed_by([book.store.device_key.public]) is not None
        assert body["layout"] == []


def test_each_delivery_has_a_proof_of_its_own(session: Session) -> None:
    book = session.book
    case = session.queries.case(CASE)
    assert papers.standing(case, "notice") is not None and papers.standing(case, "proof_of_service") is None
    first = papers.issue(book, CASE, "proof_of_service").value
    assert papers.standing(session.queries.case(CASE), "proof_of_service") is not None
    arrive(book)
    check_all(session)
    finish_visit(session)
    deliberate(session)
    book.clock.skip(timedelta(minutes=1))  # type: ignore[attr-defined]
    papers.issue(book, CASE, "opinion")
    assert papers.standing(session.queries.case(CASE), "proof_of_service") is None
    book.clock.skip(timedelta(minutes=1))  # type: ignore[attr-defined]
    second = papers.issue(book, CASE, "proof_of_service").value
    assert (first.revision, second.revision) == (1, 1) and first.number != second.number


@begins(at_checklist)
def test_a_photo_without_a_time_says_so(session: Session, tmp_path: Path) -> None:
    bare = tmp_path / "无时间.jpg"
    with Image.open(card(1)[0]) as image:
        image.save(bare, "JPEG")
    (number,) = evidence.add_photos(session.book, CASE, [bare]).value.numbers
    piece = evidence.evidence_of(session.queries.case(CASE), number)
    assert piece.time_from == STORED and piece.carrier == "相机存储卡"
    evidence.describe(session.book, CASE, number, {"taken_at": "2026-03-16T09:35:00+08:00"})
    assert evidence.evidence_of(session.queries.case(CASE), number).time_from != STORED
