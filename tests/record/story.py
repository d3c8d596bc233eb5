"""One small visit in which every kind of event is written, by the acts themselves."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from inspector_app.actions import (
    archiving,
    arrival,
    cancelling,
    check,
    closing,
    cosign,
    draw,
    evidence,
    filecheck,
    filling,
    findings,
    footage,
    gallery,
    lawtold,
    legal_review,
    onsite,
    papers,
    plan,
    planning,
    publicity,
    publicity_file,
    rating,
    readiness,
    recorders,
    recording,
    rectify,
    register,
    review,
    safekeeping,
    secrecy,
    self_assessment,
    service,
    sign_in,
    signed_pages,
    signing,
    stamped,
    trial,
)
from inspector_app.actions.devices import keep_told
from inspector_app.actions.exchange import export_record
from inspector_app.actions.self_assessment import Received
from inspector_app.actions.service import Delivery
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.access import Role
from inspector_app.domain.clock import Moment
from inspector_app.domain.event import FORMS_STREAM, PLANNING, RECORDERS, REGISTER, RULES_STREAM, Draft
from inspector_app.domain.evidence import CLEARED, Mark, Shape
from inspector_app.domain.finding import Consequence
from inspector_app.domain.followup import GRANTED, LACKING, RESULTS
from inspector_app.domain.inspection import Kind, outgoing_papers
from inspector_app.domain.item_review import PASSED as PASSED_ITEM
from inspector_app.domain.lawtold import Occasion
from inspector_app.domain.legal import PASSED, POINTS, Point
from inspector_app.domain.paper import GUEST, VOLUME
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.domain.planning import Clue, Plan
from inspector_app.domain.pools import Wish
from inspector_app.domain.publicity import RESULT, Penalty
from inspector_app.domain.roster import OfficerNote, UnitNote
from inspector_app.domain.selfcheck import SelfAnswer
from inspector_app.domain.together import JOINT, Guest
from inspector_app.domain.visit import Attendee, Ready
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.cosignature import Cosignature
from inspector_app.record.keys import DeviceKey
from inspector_app.store.keys import new_recovery_key
from inspector_app.workbooks.selfcheck import Told
from tests.office import card, conform, laptop_at, reviewing

STREAM, OFF = "inspection/2026-golden", "inspection/2026-golden-off"
BAD = ("H04", "J03")


class Ticking:
    """A clock that goes on by a minute with every look, and can be set back."""

    def __init__(self) -> None:
        self._looks = count()
        self._start = trial.sample()["start"]
        self.back = timedelta()

    def now(self) -> Moment:
        minutes = next(self._looks)
        return Moment(self._start + timedelta(minutes=minutes) - self.back, minutes * 60_000, "golden")


def tell(folder: Path) -> list[bytes]:
    """Go through the visit on a new laptop; returns the lines of the register, the device and the inspection."""
    clock = Ticking()
    laptop = replace(laptop_at(folder / "laptop"), clock=clock)
    data = trial.sample()
    people = trial.officers_of(data)
    session = sign_in.set_up(laptop, Bureau(**data["bureau"]), people["shen"], trial.SECRET)
    try:
        _prepare(session)
        _visit(session)
        clock.back = timedelta(minutes=30)
        _after(session, folder)
        store = session.book.store
        streams = (REGISTER, PLANNING, RULES_STREAM, FORMS_STREAM, RECORDERS, f"device/{store.device}", STREAM, OFF)
        return [entry.line for stream in streams for entry in store.entries(stream)]
    finally:
        session.close()


def _prepare(session: Session) -> None:
    book, data = session.book, trial.sample()
    people = trial.officers_of(data)
    sign_in.add_person(session, people["lu"], trial.SECRET)
    sign_in.reset_pin(session, "lu", trial.SECRET)
    safekeeping.set_recovery_key(session, new_recovery_key("示例通行短语示例通行短语")[1].hex())
    device = f"device/{book.store.device}"  # what only an exchange with the bureau writes
    given: dict[str, object] = {"about": STREAM, "files": 1, "bytes": 12345, "sha256": ["ab" * 32]}
    joined = Draft(device, "bureau_joined", {"bureau": "示例", "account": "shen"})
    swept: dict[str, object] = {"files": 1, "bytes": 12345, "sha256": ["cd" * 32]}
    book.write(joined, Draft(device, "room_given", given), Draft(device, "vault_swept", swept))
    now = book.clock.now().at
    recorders.register(book, "SL-0012", "执法记录仪", "示例型号")
    recorders.reserve(book, "SL-0012", now.date(), book.person, STREAM)
    recorders.hand_over(book, "SL-0012", book.person)
    recorders.compare_clock(book, "SL-0012", now - timedelta(seconds=40), now)
    recorders.give_back(book, "SL-0012")
    book.role = Role.LEAD
    book.write(Draft(RULES_STREAM, "rule_published", {"name": "示例.toml", "text": "示例"}))
    book.role = Role.OFFICER
    units = trial._units(session, data)
    for series in book.rules.policy.series:
        prefix = book.rules.policy.prefix(series, data["bureau"]["code"])
        register.lease_numbers(book, series, prefix, data["start"].year, 1, 9)
    for id in ("xu", "gu"):
        register.register_officer(book, people[id])
    _intend(session)
    unit = next(unit for unit in units.values() if unit.kind.is_enterprise)
    now = book.clock.now().at
    plan.plan_inspection(
        book,
        plan.Plan("2026-golden", unit, Kind.ROUTINE, [people["shen"], people["lu"]], people["zhou"], now,
                  now + timedelta(hours=9), unit.address, "service", ("库房",), ("现场察看",), ("温湿度记录",), "年度检查计划",
                  "2026年度档案行政检查计划", 0),
    )  # fmt: skip
    later = now + timedelta(days=200)
    plan.plan_inspection(book, plan.Plan("2026-golden-off", unit, Kind.ROUTINE, [people["shen"], people["lu"]], None, later,
                                         later + timedelta(hours=1), unit.address, "service"))  # fmt: skip
    cancelling.cancel(book, OFF, "示例：单位搬迁", "示例周敏")
    plan.publish_plan(book, STREAM, "区政府门户网站")
    plan.record_draw(book, STREAM, "自名录库 25 家中抽取", "示例种子")
    filling.fill(book, STREAM, "approval", {"joint": JOINT, "partners": [["示例区教育局", "示例赵敏", "12010001"]]})
    plan.approve(book, STREAM, "zhou", people["zhou"].name, book.clock.now().at)
    plan.receive_code(book, STREAM, "示例检查码")
    _assess(session)
    _stamped(session)
    _serve(session, session.queries.case(STREAM).papers[-1].id)
    register.void_number(book, session.queries.next_number("notice"), "示例：写坏")


def _stamped(session: Session) -> None:
    """The notice on two pre-stamped forms; one of them is spoiled, one goes back, one was entered wrongly."""
    book = session.book
    rules = book.rules.policy
    asking = {**rules.papers, "notice": replace(rules.papers["notice"], pre_stamped=True)}
    book.rules.__dict__["policy"] = replace(rules, papers=asking)
    batch = stamped.receive(book, "notice", "示例空", "0001", "0009", "示例内勤").value
    papers.issue(book, STREAM, "notice", ("示例空0001", "示例空0002"))
    stamped.spoil(book, "示例空0002", "示例：卡纸", "示例空0003")
    stamped.spoil(book, "示例空0004", "示例：墨污")
    stamped.hand_back(book, batch, "示例空0004至示例空0006", "示例内勤")
    form = session.queries.forms().form("示例空0003")
    stamped.correct(book, form, stamped.ways(form)[0][1], "示例：没有用这一张")
    book.rules.__dict__["policy"] = rules


def _intend(session: Session) -> None:
    """Notes, a plan, a clue, and two draws of which one is dropped."""
    book, today = session.book, session.book.clock.now().at.date()
    note = UnitNote("", "u01", "年度报告", today, "示例")
    register.drop_note(book, replace(note, id=register.note_unit(book, note).value), "示例：登记错了")
    register.note_officer(book, OfficerNote("", "shen", "培训", today, "示例", 8))
    row = trial.sample()["plan"][0]
    held = planning.draw_up(
        book, Plan("", **{k: v for k, v in row.items() if k not in ("approved", "announced")})
    ).value
    planning.approve_plan(book, held, "示例周敏", today)
    planning.announce_plan(book, held, "区政府门户网站", today)
    clue = planning.receive_clue(book, Clue("", "举报", "u02", today, "示例", "示例")).value
    planning.set_clue_aside(book, clue, "示例：不属实")
    wish = Wish("第1次抽取", 1, frozenset("G"), today, today)
    draw.drop(book, draw.seal(book, wish).value, "示例：名录库有误")
    made = draw.seal(book, wish, row["title"]).value
    draw.make(book, made, draw.Public("40718253", "示例何静", "局门户网站", "示例地点"))
    draw.sign(book, made, "监督人", "示例何静")
    draw.announce(book, made, "局门户网站")
    draw.certify(book, made)
    draw.use(book, made, draw.proposed(book, draw.draw_of(book, made)))
    lawtold.enter(book, Occasion("", today, "档案法", "示例广场", "社会公众", 40))


def _serve(session: Session, *made: str) -> None:
    people = ("示例沈岚", "示例陆一鸣")
    now = session.book.clock.now().at
    service.serve(session.book, STREAM, Delivery(made, "直接送达", now, "示例地点", "示例吴晓", servers=people))


def _visit(session: Session) -> None:
    book = session.book
    arrival.begin_visit(book, STREAM, "示例地点")
    arrival.show_credentials(book, STREAM, ["shen", "lu"], sign_in.confirm(session, "lu", trial.SECRET))
    arrival.refuse_entry(
        book, STREAM, "示例吴晓", "示例：今天没有空", "示例：说明了依据", left=False, seen_by="示例见证"
    )
    _cosign(session)
    arrival.tell_recording(book, STREAM, "v1")
    arrival.tell_rights(book, STREAM, "v1", "申请回避")
    arrival.request_recusal(book, STREAM, "lu", "与单位负责人是亲属")
    request = session.queries.case(STREAM).visit.recusals[0].id
    arrival.decide_recusal(book, STREAM, request, "同意回避", "示例周敏", "核实属实")
    day = book.clock.now().at.date()
    new = Officer("new", "示例新人", "科员", Credential("09120066", day - timedelta(400), day + timedelta(400)))
    sign_in.add_person(session, new, trial.SECRET)
    arrival.replace_officer(book, STREAM, "lu", "new")
    arrival.leader_present(book, STREAM, "示例周敏")
    arrival.confirm_attendees(book, STREAM, [Attendee("示例吴晓", "办公室主任", "021-10000037")])
    arrival.note_guests(book, STREAM, [Guest("示例区教育局", "示例赵敏", "12010001")])
    arrival.explain_law(book, STREAM, "档案法第十九条", "示例吴晓")
    for code in BAD:
        check.answer(book, STREAM, code, "不符合")
    conform(session, STREAM)
    first = findings.record(book, STREAM, BAD[1]).value
    findings.withdraw(book, STREAM, first, "当场核实，不是问题")
    check.answer(book, STREAM, BAD[1], "符合")
    check.note(book, STREAM, BAD[0], "没有登记受托事项。")
    _record(session)
    numbers = evidence.add_photos(book, STREAM, card(2), item=BAD[0]).value.numbers
    evidence.describe(book, STREAM, numbers[0], {"proves": "没有登记受托事项"})
    gallery.mark(book, STREAM, numbers[0], [Mark(Shape.BOX, 0.1, 0.1, 0.5, 0.5)])
    gallery.check_secrecy(book, STREAM, numbers[0], CLEARED)
    evidence.withdraw(book, STREAM, numbers[1], "拍摄模糊")
    _secret(session, numbers[1])
    id = findings.record(book, STREAM, BAD[0]).value
    findings.change(book, STREAM, id, "fact", "没有登记两件受托事项。")
    findings.change(book, STREAM, id, "consequence", Consequence.RECTIFY)
    findings.change(book, STREAM, id, "due", book.clock.now().at.date() + timedelta(days=30))
    findings.change(book, STREAM, id, "demand", "示例：补登记。")
    findings.change(book, STREAM, id, "evidence", [numbers[0]])
    footage.explain(book, STREAM, ["arrival"], "示例：记录仪没电")
    check.finish(book, STREAM)
    talk = filling.fill(book, STREAM, "interview", {"person": "示例吴晓", "talk": [["登记了吗？", "没有。"]]}).value
    filling.drop_sheet(book, STREAM, talk, "示例：另行询问")
    onsite.record_remarks(book, STREAM, "情况属实。")
    onsite.record_statement(book, STREAM, "不陈述申辩")
    papers.issue(book, STREAM, "onsite_record")
    onsite.reopen(book, STREAM, "示例：补正地点")


def _cosign(session: Session) -> None:
    """Another laptop cosigns this one's record, and this one that of another inspection."""
    book = session.book
    other, person = DeviceKey.generate("QH-0002"), DeviceKey.generate("lu@QH-0002")
    keep_told(book.store, [other.public.text()])
    asked, now = cosign.ask(book, STREAM), book.clock.now().at
    cosign.take(book, STREAM, Cosignature.sign(asked, now, person, other).note)
    about = {"unit": "示例单位", "at": now.isoformat()}
    request = Checkpoint.sign("inspection/示例", {"QH-0002.a": (1, "ab" * 32)}, other, about)
    cosign.give(session, request.note, "shen", trial.SECRET)


def _assess(session: Session) -> None:
    item = session.queries.form(session.queries.case(STREAM)).items[0]
    told = Told((SelfAnswer(item.code, "符合", "示例：有制度"),), "", "示例吴晓", date(2026, 3, 1), ())
    self_assessment.take(session.book, STREAM, Received("示例自查表.xlsx", b"PK", told))


def _record(session: Session) -> None:
    book = session.book
    readiness.note(book, STREAM, [Ready("摄像头", "ok", "示例摄像头")])
    film = recording.start(book, STREAM, recording.FILM, "示例摄像头", 1e5).value
    os.write(film.sink, b"film")
    os.close(film.sink)
    recording.stop(book, film, 2000)
    sound = recording.start(book, STREAM, recording.SOUND, "示例麦克风", 1e5).value
    os.close(sound.sink)
    recording.stop(book, sound, 0, broken=True)
    recording.explain(book, STREAM, sound.id, "示例：麦克风的线松了")
    recording.enter_secret_area(book, STREAM)
    recording.leave_secret_area(book, STREAM)


def _secret(session: Session, number: str) -> None:
    """A photo is frozen, cleared, frozen again, and destroyed on an order that the lead notes."""
    book, officer = session.book, session.book.person
    lead = trial.officers_of(trial.sample())["zhou"]
    for order in ("", "示保令〔2026〕3号"):
        secrecy.freeze(book, STREAM, number, "示例：拍到密级标志")
        book.person, book.role = lead, Role.LEAD
        if order:
            secrecy.destroy(book, STREAM, number, "示例区国家保密局", order)
        else:
            secrecy.clear(book, STREAM, number, "示例：认定不涉密")
        book.person, book.role = officer, Role.OFFICER


def _after(session: Session, folder: Path) -> None:
    book = session.book
    paper, now = papers.issue(book, STREAM, "onsite_record").value, book.clock.now().at
    papers.note_print(book, STREAM, paper.id, 2, "示例打印机")
    signing.sign(book, STREAM, paper.id, Signer("示例吴晓", "被检查单位", now, reason="不同意", seen_by="示例见证"))
    signing.sign(book, STREAM, paper.id, Signer("示例沈岚", "检查人员", now))
    signing.sign(book, STREAM, paper.id, Signer("示例新人", "记录人", now), witness="new")
    signing.sign(book, STREAM, paper.id, Signer("示例赵敏", GUEST, now))
    seen = signed_pages.look(book, STREAM, card(1)[0])
    signed_pages.keep(book, STREAM, [signed_pages.assign(book, STREAM, seen, paper.id, 1, "示例：码没有拍进来")])
    (kept,) = (page for each in session.queries.case(STREAM).papers for page in each.kept)
    signed_pages.withdraw(book, STREAM, kept, "示例：拍的是另一张")
    onsite.end_visit(book, STREAM)
    book.write(Draft(STREAM, "rating_invited", {"code": "0" * 32}, "归档"))  # only a laptop of a bureau may invite
    rating.rate(book, STREAM, "满意", "检查细致", "示例吴晓")
    _review(session)
    for finding in session.queries.case(STREAM).findings:
        if finding.consequence == "correct":
            article = book.rules.policy.order_articles(session.queries.case(STREAM).unit.kind.value)[0]
            findings.change(book, STREAM, finding.id, "order_basis", article)
        findings.confirm(book, STREAM, [finding.id])
    findings.deliberate(book, STREAM, "一致同意")
    _review_legality(session)
    made = [papers.issue(book, STREAM, kind).value.id for kind in outgoing_papers(session.queries.case(STREAM))]
    findings.decide(book, STREAM)
    evidence.film_service(book, STREAM, card(1))
    _serve(session, *made)
    export_record(book, STREAM, folder / "示例记录.zip")
    _publish(session, folder)
    _to_the_end(session, folder)


def _publish(session: Session, folder: Path) -> None:
    """The result is held, changed, recalled, returned, published, exported, overturned and taken down; a penalty is entered."""
    book, officer, today = session.book, session.book.person, session.book.clock.now().at.date()
    lead = trial.officers_of(trial.sample())["zhou"]
    publicity.enter_penalty(
        book, STREAM, Penalty("", "示罚〔2026〕1号", today, "示例", "示例", "警告", warning_only=True)
    )
    publicity.hold(book, STREAM, RESULT, "示例：等单位意见")
    publicity.hold(book, STREAM, RESULT, "")
    publicity.change_row(book, STREAM, RESULT, "time", "2026年**")
    photo = next(
        piece.number for piece in session.queries.case(STREAM).evidence if piece.kind == "照片" and not piece.withdrawn
    )
    publicity.clear_photo(book, STREAM, RESULT, photo, "示例：画面里没有人")
    publicity.send(book, STREAM, RESULT)
    publicity.recall(book, STREAM, RESULT)
    for agreed in (False, True):
        publicity.send(book, STREAM, RESULT)
        book.person, book.role = lead, Role.LEAD
        if agreed:
            publicity.confirm(book, STREAM, RESULT)
        else:
            publicity.send_back(book, STREAM, RESULT, "示例：写明地点")
        book.person, book.role = officer, Role.OFFICER
    publicity_file.export(book, folder / "公示.html", publicity_file.notices(book))
    publicity.overturn(book, STREAM, RESULT, "撤销", today, "示例复议决定〔2026〕1号")
    publicity.withdraw(book, STREAM, RESULT, "示例：决定被撤销")


def _review_legality(session: Session) -> None:
    book, kind = session.book, outgoing_papers(session.queries.case(STREAM))[0]
    wrong = legal_review.ask(book, STREAM, kind, book.rules.policy.major_grounds).value
    legal_review.withdraw(book, STREAM, wrong, "示例：送错了")
    round = legal_review.ask(book, STREAM, kind, book.rules.policy.major_grounds).value
    with reviewing(session):
        legal_review.extend(book, STREAM, round, "示例：核实一项事实")
        legal_review.conclude(book, STREAM, round, [Point(PASSED)] * POINTS, "示例：没有异议。")


def _to_the_end(session: Session, folder: Path) -> None:
    """The order is not followed in time, then it is; in between everything that may be entered of it."""
    book, now, id = session.book, session.book.clock.now, session.queries.case(STREAM).findings[0].id
    rectify.remind(book, STREAM, "示例吴晓", "电话")
    picture = rectify.film_rectification(book, STREAM, card(1), id, again=False).value.numbers
    rectify.report(book, STREAM, now().at.date(), [rectify.Answer(id, "示例：已登记。", picture)])
    rectify.judge(book, STREAM, id, LACKING, "示例：补照片")
    due = max(finding.due for finding in session.queries.case(STREAM).findings if finding.due)
    asked = rectify.ask_extension(book, STREAM, now().at.date(), due + timedelta(days=9), "示例：工期").value
    rectify.decide_extension(book, STREAM, asked, GRANTED, "示例周敏")
    for result in (RESULTS[2], RESULTS[0]):
        begun, ended = now().at, now().at
        rectify.reinspect(
            book, STREAM, begun, ended, "示例吴晓", [rectify.Sight(id, result, "示例")], "没有异议", "示例：保持"
        )
        sheet = session.queries.case(STREAM).followup.reinspections[-1].sheet
        paper = papers.issue(book, STREAM, "reinspection_record", sheet=sheet).value.id
        signing.sign(book, STREAM, paper, Signer("示例吴晓", "被检查单位", now().at))
        signing.sign(book, STREAM, paper, Signer("示例沈岚", "检查人员", now().at))
        signing.sign(book, STREAM, paper, Signer("示例新人", "记录人", now().at), witness="new")
        if result != RESULTS[0]:
            handed = rectify.hand_on(book, STREAM, Consequence.FILE, [id], "示例区档案局", "示例：没有改正").value
            rectify.receive_answer(book, STREAM, handed, now().at.date(), "示例：不予立案")
    said = {"closing_rectified": "示例：已经复查。", "closing_reason": "已经整改并复查合格"}
    filling.fill(book, STREAM, "closing_report", said)
    papers.issue(book, STREAM, "closing_report")
    closing.close(book, STREAM, "已经整改并复查合格", "示例周敏")
    dispute = closing.enter_dispute(book, STREAM, "行政复议", now().at.date(), "示例单位", "示例：撤销").value
    closing.settle_dispute(book, STREAM, dispute, now().at.date(), "示例：维持")
    call = closing.call_up(book, STREAM, "示例监督局", "示监〔2026〕1号", now().at.date()).value
    closing.send_file(book, STREAM, call, folder / "示例案卷.zip")
    closing.file_back(book, STREAM, call, now().at.date())
    day = now().at.date().isoformat()
    filling.fill(book, STREAM, "case_cover", {"retention": "30年", "filed_by": "示例沈岚", "filed_on": day})
    filling.fill(
        book, STREAM, "case_remarks", {"volume_note": "示例", "volume_checker": "示例周敏", "volume_checked": day}
    )
    for kind in VOLUME:
        papers.issue(book, STREAM, kind)
    archiving.archive(
        book, STREAM, archiving.Handover(now().at.date(), "示档-WS-2026-1", "示例何静", "示例库房", "示例系统")
    )


def _review(session: Session) -> None:
    book, officer = session.book, session.book.person
    lead = trial.officers_of(trial.sample())["zhou"]
    for returned in (True, False):
        review.hand_in(book, STREAM)
        book.person, book.role = lead, Role.LEAD
        review.comment(book, STREAM, BAD[0], "示例：写明件数")
        review.judge(book, STREAM, BAD[0], PASSED_ITEM)
        if returned:
            filecheck.waive(
                book, STREAM, filecheck.look(book, STREAM, filecheck.Moment.CLOSE).remarks[0], "示例：局里另有说明"
            )
            review.send_back(book, STREAM, "示例：补充说明")
        else:
            review.approve(book, STREAM)
        book.person, book.role = officer, Role.OFFICER
