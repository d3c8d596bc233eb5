"""会签 between two laptops: pictures carry it, every wrong answer has its sentence, and a history written anew is exposed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from inspector_app.actions import arrival, cosign, sign_in, trial
from inspector_app.actions.book import Book
from inspector_app.actions.devices import keep_told
from inspector_app.actions.exchange import exchange, export_record
from inspector_app.actions.handing_out import write_new
from inspector_app.actions.sign_in import Session
from inspector_app.domain.cosigning import GIVEN, TAKEN
from inspector_app.domain.event import Draft
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.cosignature import Cosignature
from inspector_app.record.cosigning import cosigned_elsewhere
from inspector_app.record.keys import DeviceKey, PublicKey
from inspector_app.record.verify import FAIL, NOT_CHECKED, PASS, Report, verify
from tests.office import CASE, arrive, laptop_at, office, refused


class Two:
    """Two laptops of one bureau that know each other's keys: the first officer's, and the second officer's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.one = office(folder / "one")
        arrive(self.one.book)
        day = self.one.book.clock.now().at.date()
        lu = Officer("lu", "示例陆一鸣", "科员", Credential("09120023", day, day))
        self.two = sign_in.set_up(laptop_at(folder / "two"), Bureau("示例区档案局", "示档"), lu, trial.SECRET)
        for session in (self.one, self.two):
            keep_told(session.book.store, self.keys)

    @property
    def keys(self) -> list[str]:
        return [s.book.store.device_key.public.text() for s in (self.one, self.two)]

    def answer(self, note: str, person: str = "lu") -> str:
        return cosign.give(self.two, note, person, trial.SECRET).value

    def person(self, answer: str) -> str:
        return Cosignature.parse(answer).key.id

    def picture(self, text: str) -> Path:
        """The code as another laptop's camera may see it: small, turned, grey."""
        rows = cosign.modules(text)
        image = Image.new("L", (len(rows) + 8, len(rows) + 8), 230)
        for y, cells in enumerate(rows):
            for x, dark in enumerate(cells):
                image.putpixel((x + 4, y + 4), 40 if dark else 230)
        file = self.folder / f"{len(text)}-{len(list(self.folder.glob('*.png')))}.png"
        image.resize((6 * image.width, 6 * image.height)).rotate(7, expand=True, fillcolor=90).save(file)
        return file


@pytest.fixture
def us(tmp_path: Path) -> Iterator[Two]:
    made = Two(tmp_path)
    yield made
    made.one.close()
    made.two.close()


def said(report: Report) -> str:
    return next(check.said for check in report.checks if check.name == "会签")


def test_pictures_carry_it_there_and_back_and_the_export_proves_it(us: Two) -> None:
    one, book = us.one, us.one.book
    point = cosign.ask(book, CASE)
    request = cosign.read(us.picture(point.note))
    assert request == point.note
    asked = cosign.look(us.two.book, request)
    case = one.queries.case(CASE)
    assert (asked.device, asked.unit, asked.number) == (book.store.device, case.unit.name, CASE.partition("/")[2])
    assert asked.ends == ((book.store.device, len(book.store.events(CASE))),) and not asked.agrees
    answer = cosign.read(us.picture(us.answer(request)))
    done = cosign.take(book, CASE, answer)
    assert done.value.person == "lu" and done.value.device == us.two.book.store.device
    event = book.store.events(CASE)[-1]
    assert event.kind == TAKEN and event.witness == "lu" and event.body["answer"] == answer
    assert one.queries.words(event) == f"示例陆一鸣在电脑 {done.value.device} 上会签，到第 {point.count} 条"
    assert [(name, count) for name, _, count in cosign.taken(book, CASE)] == [("示例陆一鸣", point.count)]
    given = us.two.book.store.events(f"device/{us.two.book.store.device}")[-1]
    assert given.kind == GIVEN and given.body["code"] == point.code
    assert us.two.queries.cosigners() == [("示例陆一鸣", us.person(answer))], "the settings there show the key's id"

    export_record(book, CASE, us.folder / "good.zip")
    own = book.store.device_key.public.id
    good = verify(us.folder / "good.zip", [point.code], [own, us.person(answer)])
    assert good.status == 0, good.text()
    assert "会签 1 次" in said(good) and f"第 {point.count} 条" in said(good)
    assert verify(us.folder / "good.zip", [point.code], [own]).result("会签") == NOT_CHECKED


def test_one_code_holds_it_even_with_many_laptops(us: Two) -> None:
    heads = {f"QH-{n:04X}.{n:08x}": (10_000 + n, f"{n:064x}") for n in range(12)}
    about = {"unit": "示例单位名称" * 8, "at": "2026-11-26T10:00:00+08:00"}
    note = Checkpoint.sign("inspection/2026-0001", heads, us.one.book.store.device_key, about).note
    assert len(cosign.modules(note)) <= 129, "version 28: 3 pixels a module fit the sheet"
    assert len(cosign.modules(cosign.ask(us.one.book, CASE).note)) <= 73
    assert cosign.read(us.picture(note)) == note


def test_every_wrong_request_is_refused_with_its_sentence(us: Two) -> None:
    one, two = us.one.book, us.two.book
    note = cosign.ask(one, CASE).note
    refused("cosign_no_request", lambda: cosign.look(two, "inspector/cosignature/v1"))
    refused("cosign_no_request", lambda: cosign.look(two, one.store.fix_checkpoint(CASE).note))  # that of a paper
    refused("cosign_own", lambda: cosign.look(one, note))
    refused("cosign_forged", lambda: cosign.look(two, note.replace("示例", "示列", 1)))
    keep_told(two.store, us.keys[1:])
    refused("cosign_stranger", lambda: cosign.look(two, note))
    keep_told(two.store, us.keys, us.keys[:1])
    refused("cosign_revoked", lambda: cosign.look(two, note))
    refused("cosign_revoked", lambda: us.answer(note))
    keep_told(two.store, us.keys)
    refused("wrong_pin", lambda: cosign.give(us.two, note, "lu", "another-phrase"))
    assert not two.store.topic("cosigned_elsewhere")


def test_every_wrong_answer_is_refused_with_its_sentence(us: Two) -> None:
    one = us.one.book
    note = cosign.ask(one, CASE).note
    answer = us.answer(note)
    before = len(one.store.events(CASE))

    def take(text: str) -> Callable[[], object]:
        return lambda: cosign.take(one, CASE, text)

    refused("cosign_no_answer", take(note))
    refused("cosign_no_answer", take(answer.partition("\n\n")[0]))
    refused("cosign_forged", take(answer[:-30] + "\n"))
    stranger, person = DeviceKey.generate("QH-FFFF"), DeviceKey.generate("lu@QH-FFFF")
    at, point = one.clock.now().at, Checkpoint.parse(note)
    refused("cosign_stranger", take(Cosignature.sign(point, at, person, stranger).note))
    device = us.two.book.store.device
    forger = Cosignature.sign(point, at, DeviceKey.generate(f"lu@{device}"), DeviceKey.generate(device))
    refused("cosign_forged", take(forger.note))
    later = Cosignature.parse(answer).at.isoformat()
    refused("cosign_forged", take(answer.replace(later, (at + timedelta(days=1)).isoformat())))
    refused("cosign_other_case", lambda: cosign.take(one, "inspection/2026-02", answer))
    about = {"unit": "示例", "at": at.isoformat()}
    other = Checkpoint.sign(CASE, {f"{one.store.device}.x": (1, "ab" * 32)}, one.store.device_key, about)
    made = Cosignature.sign(other, at, DeviceKey.generate(f"lu@{device}"), us.two.book.store.device_key)
    refused("cosign_other_point", take(made.note))
    for person_id, code in (("shen", "same_person"), ("xu", "not_allowed")):
        key = DeviceKey.generate(f"{person_id}@{device}")
        refused(code, take(Cosignature.sign(point, at, key, us.two.book.store.device_key).note))
    keep_told(one.store, us.keys, us.keys[1:])
    refused("cosign_revoked", take(answer))
    keep_told(one.store, us.keys)
    assert len(one.store.events(CASE)) == before, "nothing of it was written"
    cosign.take(one, CASE, answer)
    refused("cosign_known", take(answer))


def test_a_file_carries_it_too_and_what_is_none_is_refused(us: Two) -> None:
    note = cosign.ask(us.one.book, CASE).note
    file = write_new(us.folder / "会签请求.txt", note.encode())
    refused("file_exists", lambda: write_new(file, b""))
    assert cosign.read(file) == note
    refused("file_unwritable", lambda: write_new(us.folder / "no" / "a.txt", b""))
    refused("not_found", lambda: cosign.read(us.folder / "no.txt"))
    (us.folder / "bare.txt").write_text("示例", "utf-8")
    refused("photo_kind", lambda: cosign.read(us.folder / "bare.txt"))
    Image.new("L", (300, 300), 255).save(us.folder / "white.png")
    refused("cosign_unread", lambda: cosign.read(us.folder / "white.png"))
    assert cosign.in_frame(bytes(64 * 64), 64, 64) == ""


def forked(us: Two, act: Callable[[Book], object]) -> Session:
    """The first laptop as it was before, on which its owner goes on otherwise with the real key."""
    session = sign_in.sign_in(laptop_at(us.folder / "before" / "laptop"), "shen", trial.SECRET)
    act(session.book)
    return session


def test_a_history_signed_anew_is_exposed_by_the_second_laptop(us: Two) -> None:
    """Chain and signatures of the forger's record are whole: it is signed with the device's real key."""
    one = us.one.book
    us.one.close()
    shutil.copytree(us.folder / "one", us.folder / "before")
    us.one = sign_in.sign_in(laptop_at(us.folder / "one" / "laptop"), "shen", trial.SECRET)
    one = us.one.book
    arrival.leader_present(one, CASE, "示例周敏")
    point = cosign.ask(one, CASE)
    answer = us.answer(point.note)
    cosign.take(one, CASE, answer)

    forger = forked(us, lambda book: arrival.leader_present(book, CASE, "示例何静"))
    problem = refused("cosign_rewritten", lambda: cosign.look(us.two.book, cosign.ask(forger.book, CASE).note))
    assert "会签过的" in str(problem), "as long as before and different; of a longer one only its own record can tell"
    export_record(forger.book, CASE, us.folder / "forged.zip")
    own = forger.book.store.device_key.public.id
    assert own == one.store.device_key.public.id
    assert verify(us.folder / "forged.zip", [], [own]).status == 2, "alone it looks whole"
    by_key = verify(us.folder / "forged.zip", [], [own, us.person(answer)])
    assert by_key.result("会签") == FAIL and us.person(answer).casefold() in said(by_key)
    by_code = verify(us.folder / "forged.zip", [point.code], [own])
    assert by_code.result("完整性") == FAIL, "the code that the second laptop keeps is in no forged history"
    refused("cosign_other_point", lambda: cosign.take(forger.book, CASE, answer))
    forger.close()


def test_the_second_laptop_compares_with_its_own_record(us: Two) -> None:
    us.one.close()
    shutil.copytree(us.folder / "one", us.folder / "before")
    us.one = sign_in.sign_in(laptop_at(us.folder / "one" / "laptop"), "shen", trial.SECRET)
    arrival.leader_present(us.one.book, CASE, "示例周敏")
    exchange(us.one.book.store, us.two.book.store)
    assert cosign.look(us.two.book, cosign.ask(us.one.book, CASE).note).agrees
    forger = forked(us, lambda book: arrival.leader_present(book, CASE, "示例何静"))
    problem = refused("cosign_rewritten", lambda: cosign.look(us.two.book, cosign.ask(forger.book, CASE).note))
    assert "这台电脑里的记录" in str(problem)
    forger.close()


def test_an_answer_merges_like_any_other_entry(us: Two) -> None:
    one, two = us.one.book, us.two.book
    answer = us.answer(cosign.ask(one, CASE).note)
    cosign.take(one, CASE, answer)
    exchange(one.store, two.store)
    assert cosign.taken(two, CASE) == cosign.taken(one, CASE) != []
    assert two.store.rows(CASE) == one.store.rows(CASE)
    assert cosign.look(two, cosign.ask(one, CASE).note).agrees


def test_what_a_record_holds_of_it_is_checked(us: Two) -> None:
    """Whoever owns the first laptop may write any answer into the record; a wrong one fails it."""
    book = us.one.book
    point = cosign.ask(book, CASE)
    answer = us.answer(point.note)
    spoilt = answer.replace("+08:00", "+09:00", 1)
    body = {"id": "lu", "name": "示例陆一鸣", "device": "QH-1", "key": Cosignature.parse(answer).key.text(),
            "code": point.code, "count": point.count, "signed_at": "示例", "note": point.note, "answer": spoilt}  # fmt: skip
    book.write(Draft(CASE, TAKEN, body))
    assert cosign.taken(book, CASE) == [], "what cannot be read is told as such, and keeps nobody from the others"
    export_record(book, CASE, us.folder / "r.zip")
    assert verify(us.folder / "r.zip", [], [us.person(answer)]).result("会签") == FAIL
    events, keys = book.store.events(CASE), [*map(PublicKey.parse, us.keys)]
    place = next(n for n, event in enumerate(events) if event.kind == TAKEN)

    def wrong(changes: dict[str, str]) -> bool:
        event = events[place]._replace(body={**body, "answer": answer} | changes)
        return bool(cosigned_elsewhere([*events[:place], event, *events[place + 1 :]], keys).wrong)

    assert not wrong({})
    assert wrong({"answer": "示例"}) and wrong({"answer": spoilt})
    assert wrong({"note": "示例"}) and wrong({"note": point.note.replace("示例", "示列", 1)})
    later = Checkpoint.sign(CASE, {book.store.strand: (9999, "ab" * 32)}, book.store.device_key)
    assert wrong({"note": later.note}), "of what does not lie in the record before it"


def test_without_the_other_laptops_key_only_the_persons_own_tells(us: Two) -> None:
    book = us.one.book
    answer = us.answer(cosign.ask(book, CASE).note)
    cosign.take(book, CASE, answer)
    keep_told(book.store, us.keys[:1])
    export_record(book, CASE, us.folder / "r.zip")
    device = us.two.book.store.device
    unknown = verify(us.folder / "r.zip")
    assert unknown.result("会签") == NOT_CHECKED and device in said(unknown)
    assert verify(us.folder / "r.zip", [], [us.person(answer)]).result("会签") == PASS
    assert PublicKey.parse(us.keys[1]).name == device
