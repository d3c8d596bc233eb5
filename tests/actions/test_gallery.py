"""Evidence that is there: photo sets, marks, the check for secrets, links, earlier photos, the hash list, and search."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app.actions import check, evidence, findings, gallery, papers, plan, sign_in, signing, trial
from inspector_app.actions.book import undo
from inspector_app.actions.exchange import exchange
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.event import Draft, words
from inspector_app.domain.evidence import (
    BLOCKED,
    CLEARED,
    FILTERS,
    Evidence,
    Mark,
    Shape,
    belongs,
    lacking_views,
    search,
)
from inspector_app.domain.inspection import Kind
from tests.office import CASE, arrive, card, laptop_at, refused

BOX = Mark(Shape.BOX, 0.1, 0.2, 0.5, 0.6)
LABEL = Mark(Shape.TEXT, 0.3, 0.3, 0.3, 0.3, "渗水处")


@pytest.fixture
def visit(session: Session) -> Session:
    """On site, with one finding and three photos of it."""
    arrive(session.book)
    check.answer(session.book, CASE, "E03", "不符合")
    check.note(session.book, CASE, "E03", "东南角吊顶渗水")
    evidence.add_photos(session.book, CASE, card(3), item="E03")
    findings.record(session.book, CASE, "E03")
    return session


def case_of(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def piece(session: Session, n: int = 0) -> Evidence:
    return case_of(session).evidence[n]


def shown(session: Session) -> bytes:
    """The first photo as papers show it."""
    return gallery.shown_on_paper(piece(session), session.queries.picture(case_of(session), piece(session).number))


def numbers(session: Session) -> list[str]:
    return [each.number for each in case_of(session).evidence]


# -- photo sets -----------------------------------------------------------------------------------------------


def test_the_photos_of_a_finding_are_led_by_their_views(visit: Session) -> None:
    book, (one, two, three) = visit.book, numbers(visit)
    finding = case_of(visit).findings[0]
    assert lacking_views(case_of(visit).evidence, finding.evidence) == ("方位", "全貌", "重点部位")
    for number, view in ((one, "重点部位"), (three, "方位")):
        evidence.describe(book, CASE, number, {"view": view})
    assert lacking_views(case_of(visit).evidence, finding.evidence) == ("全貌",)
    text = papers.preview(book, CASE, "evidence_list").shown.text
    assert text.index(f"{three}（方位）") < text.index(f"{one}（重点部位）") < text.rindex(two)
    refused("not_found", lambda: evidence.describe(book, CASE, one, {"view": "侧面"}))


def test_a_finding_without_evidence_is_confirmed_with_a_reason_only(session: Session) -> None:
    book = session.book
    arrive(book)
    check.answer(book, CASE, "A03", "不符合")
    check.note(book, CASE, "A03", "责任制文件没有写明责任人")
    id = findings.record(book, CASE, "A03").value
    refused("evidence_needed", lambda: findings.confirm(book, CASE, [id]))
    refused("evidence_needed", lambda: findings.confirm(book, CASE, [id], " "))
    findings.confirm(book, CASE, [id], "登记簿当场核对")
    finding = case_of(session).findings[0]
    assert (finding.confirmed, finding.unproven) == (True, "登记簿当场核对")
    row = session.queries.journal(CASE)[-1]
    assert row.kind == "finding_confirmed" and "登记簿当场核对" in row.told
    assert "没有另取证据，登记簿当场核对" in papers.preview(book, CASE, "opinion").shown.text
    number = evidence.add_photos(book, CASE, card(1), item="A03").value.numbers[0]
    findings.change(book, CASE, id, "evidence", [number], "补拍")
    assert case_of(session).findings[0].unproven == "", "with evidence the reason no longer speaks"


# -- several at once ------------------------------------------------------------------------------------------


@given(
    chosen=st.sets(st.integers(0, 2), min_size=1),
    item=st.sampled_from(["", "E03", "E04"]),
    proves=st.sampled_from(["", "渗水"]),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_are_told_the_same_and_the_others_stay(visit: Session, chosen: set[int], item: str, proves: str) -> None:
    book, before = visit.book, case_of(visit).evidence
    told = {before[n].number for n in chosen}
    done = evidence.describe_alike(book, CASE, told, {"item": item, "proves": proves})
    for old, new in zip(before, case_of(visit).evidence, strict=True):
        assert (new.item, new.proves) == ((item, proves) if new.number in told else (old.item, old.proves))
    assert (
        done.value == sum((p.item, p.proves) != (item, proves) for p in before if p.number in told) == len(done.events)
    )
    if done.value:
        undo(book, done)
    assert [(p.item, p.proves) for p in case_of(visit).evidence] == [(p.item, p.proves) for p in before]


def test_what_is_each_ones_own_is_not_said_of_many(visit: Session) -> None:
    book, held = visit.book, numbers(visit)
    refused("frozen", lambda: evidence.describe_alike(book, CASE, held, {"transcript": "管理员说"}))
    refused("not_found", lambda: evidence.describe_alike(book, CASE, [*held, "ZJ-X-001"], {"item": "E03"}))
    refused("unknown_item", lambda: evidence.describe_alike(book, CASE, held, {"item": "Z99"}))


def test_what_is_taken_back_of_many_is_told_in_short(visit: Session) -> None:
    book = visit.book
    evidence.add_photos(book, CASE, card(5)[3:])
    done = evidence.describe_alike(book, CASE, numbers(visit), {"item": "E04"})
    assert undo(book, done).value.endswith("，另有 2 条")


# -- marks ----------------------------------------------------------------------------------------------------


def test_marks_are_a_layer_and_the_bytes_stay(visit: Session) -> None:
    book, number = visit.book, numbers(visit)[0]
    stored = [book.vault.path(sha).read_bytes() for sha in (piece(visit).sha256, piece(visit).copy)]
    plain = shown(visit)
    done = gallery.mark(book, CASE, number, [BOX, LABEL])
    assert piece(visit).marks == (BOX, LABEL)
    burnt = papers.photos(book, case_of(visit), "evidence_list")[number].jpeg
    assert burnt != plain and burnt == shown(visit)
    assert "标注副本，原图未改动" in papers.preview(book, CASE, "evidence_list").shown.text
    gallery.mark(book, CASE, number, [BOX, LABEL], shown=False)
    assert shown(visit) == plain
    assert "标注副本" not in papers.preview(book, CASE, "evidence_list").shown.text
    gallery.mark(book, CASE, number, [BOX, LABEL])
    undo(book, undo(book, gallery.mark(book, CASE, number, [BOX])))
    assert piece(visit).marks == (BOX,)
    refused("moved_on", lambda: undo(book, done))
    assert [book.vault.path(sha).read_bytes() for sha in (piece(visit).sha256, piece(visit).copy)] == stored


def test_a_paper_goes_stale_with_its_marks_and_an_old_one_does_not_by_itself(visit: Session) -> None:
    book, number = visit.book, numbers(visit)[0]
    made = papers.issue(book, CASE, "evidence_list").value
    gallery.check_secrecy(book, CASE, number, CLEARED)
    assert not papers.paper_of(case_of(visit), made.id).stale
    gallery.mark(book, CASE, number, [BOX])
    assert papers.paper_of(case_of(visit), made.id).stale


def test_marks_that_cannot_be_kept_are_refused(visit: Session) -> None:
    book, number = visit.book, numbers(visit)[0]
    for marks in ([replace(LABEL, text=" ")], [replace(LABEL, text="长" * 61)], [BOX] * 61):
        refused("marks_bad", lambda marks=marks: gallery.mark(book, CASE, number, marks))  # type: ignore[misc]
    assert piece(visit).marks == ()


def test_a_bad_layer_of_another_program_hides_no_evidence(visit: Session) -> None:
    book, number = visit.book, numbers(visit)[0]
    for marks in ([{"shape": "circle"}], [{"shape": "box", "x0": "left"}], "box"):
        book.write(Draft(CASE, "evidence_marked", {"number": number, "count": 1, "marks": marks, "shown": True}))
    assert number in numbers(visit) and piece(visit).marks == ()
    far = {"shape": "box", "x0": -5, "y0": 0, "x1": 99999, "y1": 10000}
    book.write(Draft(CASE, "evidence_marked", {"number": number, "count": 1, "marks": [far], "shown": True}))
    assert piece(visit).marks == (Mark(Shape.BOX, 0.0, 0.0, 1.0, 1.0),)


def test_what_two_officers_did_at_once_is_all_there(visit: Session, tmp_path: Path) -> None:
    """Both layers stand; of two checks for secrets the one that blocks is heard."""
    number = numbers(visit)[0]
    shutil.copytree(tmp_path / "laptop", tmp_path / "second", ignore=shutil.ignore_patterns("lock"))
    other = sign_in.sign_in(laptop_at(tmp_path / "second"), "lu", trial.SECRET)
    other.book.store.new_device()
    gallery.mark(other.book, CASE, number, [LABEL])
    gallery.check_secrecy(other.book, CASE, number, BLOCKED, "拍到档案题名")
    gallery.mark(visit.book, CASE, number, [BOX])
    gallery.check_secrecy(visit.book, CASE, number, CLEARED)
    exchange(visit.book.store, other.book.store)
    for session in (visit, other):
        assert set(piece(session).marks) == {BOX, LABEL}
        assert (piece(session).secrecy, piece(session).secrecy_by) == (BLOCKED, "示例陆一鸣")
    other.close()


# -- the check for secrets ------------------------------------------------------------------------------------


def test_secrets_are_checked_by_name_and_what_is_blocked_is_on_no_paper(visit: Session) -> None:
    book, (one, two, three) = visit.book, numbers(visit)
    gallery.check_secrecy(book, CASE, one, CLEARED)
    assert (piece(visit).secrecy, piece(visit).secrecy_by) == (CLEARED, "示例沈岚") and piece(visit).secrecy_at
    refused("reason_needed", lambda: gallery.check_secrecy(book, CASE, two, BLOCKED))
    done = gallery.check_secrecy(book, CASE, two, BLOCKED, "拍到档案题名")
    assert set(papers.photos(book, case_of(visit), "evidence_list")) == {one, three}
    waiting = [each.number for each in case_of(visit).evidence if belongs(each, "待保密审查")]
    assert waiting == [three]
    refused("reason_needed", lambda: gallery.check_secrecy(book, CASE, two, CLEARED))
    undo(book, done)
    assert piece(visit, 1).secrecy == "" and "撤回证据" in visit.queries.journal(CASE)[-1].text
    assert words("secrecy_checked", {"number": "ZJ-1", "outcome": CLEARED}) == "证据 ZJ-1 保密审查：通过"


# -- whole, linked, compared ----------------------------------------------------------------------------------


def test_an_original_that_was_changed_or_is_away_is_told(visit: Session) -> None:
    book, path = visit.book, visit.book.vault.path(piece(visit).sha256)
    assert gallery.is_whole(book, piece(visit))
    sealed = bytearray(path.read_bytes())
    sealed[len(sealed) // 2] ^= 1
    path.write_bytes(bytes(sealed))
    assert not gallery.is_whole(book, piece(visit))
    path.unlink()
    refused("blob_missing", lambda: gallery.is_whole(book, piece(visit)))


def test_evidence_item_finding_and_paper_lead_to_each_other(visit: Session) -> None:
    book = visit.book
    listed = papers.issue(book, CASE, "evidence_list").value
    late = evidence.add_photos(book, CASE, card(4)[3:]).value.numbers[0]
    case = case_of(visit)
    links = gallery.links(case, case.evidence[0])
    assert (links.item, [f.code for f in links.findings], [p.id for p in links.papers]) == ("E03", ["E03"], [listed.id])
    last = gallery.links(case, next(p for p in case.evidence if p.number == late))
    assert (last.item, last.findings, last.papers) == ("", (), ()), "it came after the list was made"
    assert links.papers[0].evidence == tuple(numbers(visit)[:3])


def test_the_photos_of_the_last_inspection_are_found(visit: Session) -> None:
    book, case = visit.book, case_of(visit)
    assert gallery.earlier(book, case, "E03") == ()
    before = plan.Plan("2025-01", case.unit, Kind.ROUTINE, case.officers, None, case.planned_from - timedelta(days=400),
                       case.planned_to - timedelta(days=400), case.place, case.checklist)  # fmt: skip
    stream = plan.plan_inspection(book, before).value
    taken = next(event for event in book.store.events(CASE) if event.kind == "evidence_taken")
    body = {**taken.body, "number": "ZJ-OLD-001"}
    book.write(Draft(stream, "evidence_taken", body, blobs=taken.blobs), Draft(stream, "evidence_taken", {
        **body, "number": "ZJ-OLD-002", "item": "E01"}, blobs=taken.blobs))  # fmt: skip
    assert [each.piece.number for each in gallery.earlier(book, case, "E03")] == ["ZJ-OLD-001"]
    assert gallery.earlier(book, case, "") == () == gallery.earlier(book, case, "E04")


def test_the_hash_list_is_signed_and_raises_the_worth_of_what_it_lists(visit: Session) -> None:
    book = visit.book
    assert piece(visit).origin == "imported"
    origin, worth = gallery.grade(book, case_of(visit), piece(visit))
    assert "导入" in origin and "复制件" in worth
    made = papers.issue(book, CASE, "hash_list").value
    text = papers.preview(book, CASE, "hash_list").shown.text.replace(" ", "").replace("\n", "")
    for each in case_of(visit).evidence:
        assert each.sha256.upper() in text and each.sm3.upper() in text and f"{each.size:,}字节" in text
    signing.sign(book, CASE, made.id, Signer("示例吴晓", "被检查单位", book.clock.now().at))
    assert "对方已确认" in gallery.grade(book, case_of(visit), piece(visit))[1]
    evidence.add_photos(book, CASE, card(4)[3:])
    assert "复制件" in gallery.grade(book, case_of(visit), piece(visit, 3))[1], "the list does not name it"


# -- search ---------------------------------------------------------------------------------------------------


def test_words_of_one_character_are_found_in_every_text(visit: Session) -> None:
    book, (one, two, _) = visit.book, numbers(visit)
    evidence.describe(book, CASE, one, {"transcript": "管理员说每周看一次", "proves": "湿度计"})
    gallery.mark(book, CASE, two, [LABEL])
    found = case_of(visit).evidence
    items = {item.code: item.text for item in case_of(visit).items}

    def by(text: str) -> list[str]:
        return [each.number for each in search(found, text, items)]

    assert by("周") == [one] and by("渗水处") == [two] and by("湿度计") == [one] and by("计 e03") == [one]
    assert by("防水") == numbers(visit) and by("没有这个词") == [] and by("  ") == numbers(visit)


def test_every_filter_shows_what_it_says(visit: Session) -> None:
    some = piece(visit)
    sound = replace(some, kind="录音", transcript="")
    assert sound.missing == ("文字说明",) and replace(sound, transcript="有人说话").missing == ()
    found = {name: [belongs(each, name) for each in (
        some, replace(some, item="", proves=""), sound, replace(some, withdrawn="模糊"), replace(some, secrecy=CLEARED),
    )] for name in FILTERS}  # fmt: skip
    assert found == {
        "全部": [True, True, True, False, True], "缺说明": [False, True, True, False, False],
        "未关联": [False, True, False, False, False], "录像": [False, False, True, False, False],
        "待保密审查": [True, True, True, False, False], "已撤下": [False, False, False, True, False],
    }  # fmt: skip
