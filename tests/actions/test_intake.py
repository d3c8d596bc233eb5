"""Taking in a card: films, sounds and photos by their bytes, once each; whatever is wrong with one, the rest goes on."""

from __future__ import annotations

import io
import os
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from inspector_app.actions import evidence, onsite, recorders
from inspector_app.actions.card import files_of
from inspector_app.actions.intake import take_in
from inspector_app.actions.sign_in import Session
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.evidence import STORED, Evidence
from inspector_app.store import disk
from tests.evidence.containers import BEGAN, matroska, mp4, wave
from tests.office import CASE, at_checklist, card, check_all, copied, finish_visit, refused, sign_record


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = copied(at_checklist, tmp_path)
    yield session
    session.close()


@pytest.fixture
def sd(tmp_path: Path) -> Path:
    folder = tmp_path / "sd" / "DCIM"
    folder.mkdir(parents=True)
    return folder


def put(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def jpeg(taken: str = "", shade: int = 0) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    Image.new("RGB", (64, 48), (shade, 90, 90)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def case(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def only(session: Session) -> Evidence:
    (piece,) = case(session).evidence
    return piece


def test_every_kind_comes_in_and_is_the_same_in_the_vault(session: Session, sd: Path) -> None:
    wanted = {"A.MP4": "录像", "B.MOV": "录像", "C.MKV": "录像", "D.WAV": "录音", "E.M4A": "录音", "F.JPG": "照片"}
    contents = [mp4(), mp4(60, brand=b"qt  "), matroska(), wave(), mp4(brand=b"M4A ", tracks=(b"soun",)), jpeg()]
    files = [put(sd, name, content) for name, content in zip(wanted, contents, strict=True)]
    taken = take_in(session.book, CASE, files).value
    assert not taken.refused and not taken.noted and not taken.twice
    pieces = {piece.original_name: piece for piece in case(session).evidence}
    assert {name: piece.kind for name, piece in pieces.items()} == wanted
    for file in files:
        assert session.book.vault.read(pieces[file.name].sha256) == file.read_bytes()
    film = pieces["A.MP4"]
    assert (film.taken_at, film.duration, film.time_from) == (BEGAN, 90_000, "文件信息")
    assert film.missing == ()


def test_what_is_there_is_kept_once_and_told(session: Session, sd: Path) -> None:
    film, photo = put(sd, "1/A.MP4", mp4()), put(sd, "1/A.JPG", jpeg())
    first = take_in(session.book, CASE, [film, photo]).value
    copies = [put(sd, "2/B.MP4", mp4()), put(sd, "2/B.JPG", jpeg())]
    again = take_in(session.book, CASE, [film, *copies, photo]).value
    assert again.numbers == () and len(again.twice) == 4 and first.numbers[0] in again.twice[0]
    assert len(case(session).evidence) == 2
    within = take_in(session.book, CASE, [put(sd, f"3/{n}.WAV", wave(3)) for n in range(3)]).value
    assert len(within.numbers) == 1 and len(within.twice) == 2


def test_a_card_that_comes_again_is_known_by_its_bytes_alone(session: Session, sd: Path) -> None:
    """And what has its name and size, but other bytes, is taken in or refused as ever."""
    photo, odd = put(sd, "1/A.JPG", jpeg() + b"1"), jpeg() + b"2"
    (number,) = take_in(session.book, CASE, [photo]).value.numbers
    assert len(odd) == photo.stat().st_size
    again = take_in(session.book, CASE, [photo, put(sd, "2/A.JPG", odd), put(sd, "3/A.JPG", b"x" * len(odd))]).value
    assert [number in said for said in again.twice] == [True]
    assert len(again.numbers) == 1 and len(again.refused) == 1


def test_what_was_withdrawn_may_come_in_again(session: Session, sd: Path) -> None:
    file = put(sd, "A.MP4", mp4())
    (number,) = take_in(session.book, CASE, [file]).value.numbers
    evidence.withdraw(session.book, CASE, number, "示例：误选")
    assert len(take_in(session.book, CASE, [file]).value.numbers) == 1


def test_two_cards_with_the_same_names_are_two_films(session: Session, sd: Path) -> None:
    long = os.urandom(3_000_000)
    other = long[:1_500_000] + bytes([long[1_500_000] ^ 1]) + long[1_500_001:]  # one bit, in no place that is compared
    files = [
        put(sd, f"{n}/MOVI0001.MP4", mp4(media=media)) for n, media in enumerate((long, long[:-1] + b"\0", long[::-1]))
    ]
    assert len({file.stat().st_size for file in files}) == 1
    taken = take_in(session.book, CASE, files).value
    assert len(taken.numbers) == 3 and not taken.twice
    assert {piece.original_name for piece in case(session).evidence} == {"MOVI0001.MP4"}
    renamed = put(sd, "9/ELSE.MP4", mp4(media=other))  # under another name it is compared whole
    assert len(take_in(session.book, CASE, [renamed]).value.numbers) == 1


def test_an_intake_that_was_stopped_goes_on_where_it_was(session: Session, sd: Path) -> None:
    files = [put(sd, f"{n:02d}.MP4", mp4(60 + n, media=os.urandom(3_000_000))) for n in range(6)]
    calls = 0

    def stop_in_the_fourth(done: int, total: int) -> bool:
        nonlocal calls
        calls += done == 3
        return calls < 3  # when the file is under way already

    first = take_in(session.book, CASE, files, progress=stop_in_the_fourth).value
    assert len(first.numbers) == 3 == len(case(session).evidence)
    assert not list((session.laptop.folder / "vault").glob("tmp-*"))
    read: list[int] = []

    def note(done: int, total: int) -> bool:
        read.append(done)
        return True

    again = take_in(session.book, CASE, files, progress=note).value
    assert len(again.numbers) == 3 and len(again.twice) == 3
    assert [read.count(n) for n in range(3)] == [1, 1, 1]  # what is held is not read through again
    assert {piece.original_name for piece in case(session).evidence} == {file.name for file in files}
    assert len({piece.number for piece in case(session).evidence}) == 6


class Pulled(io.BytesIO):
    """A file whose card goes away after some bytes."""

    def __init__(self, path: Path, after: int, gone: bool) -> None:
        super().__init__(path.read_bytes())
        self._path, self._after, self._gone = path, after, gone

    def read(self, size: int | None = -1) -> bytes:
        if size and size > 65536 and self.tell() >= self._after:
            if self._gone:
                self._path.parent.rename(self._path.parent.with_name("gone"))
            raise OSError(5, "示例")
        return super().read(size)


@pytest.mark.parametrize("gone", [True, False])
def test_a_card_that_goes_away_and_a_bad_place_on_it(
    session: Session, sd: Path, gone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [put(sd, f"{n}.MP4", mp4(60 + n, media=os.urandom(2_500_000))) for n in range(4)]
    real = Path.open

    def opened(path: Path, *args: object, **more: object) -> object:
        broken = path.name == "1.MP4" and args == ("rb",) and opened.looked  # type: ignore[attr-defined]
        opened.looked = path.name == "1.MP4" or opened.looked  # type: ignore[attr-defined]
        return Pulled(path, 1_048_576, gone) if broken else real(path, *args, **more)  # type: ignore[call-overload]

    opened.looked = False  # type: ignore[attr-defined]
    monkeypatch.setattr(Path, "open", opened)
    taken = take_in(session.book, CASE, files).value
    monkeypatch.undo()
    if gone:
        assert len(taken.numbers) == 1 and taken.refused == (
            "导入途中读不到存储卡了，还有 3 个没有导入。插好后再导入一次；已存的不会重复。",
        )
        files = [sd.with_name("gone") / file.name for file in files]
    else:
        assert len(taken.numbers) == 3 and len(taken.refused) == 1 and "1.MP4" in taken.refused[0]
    assert not list((session.laptop.folder / "vault").glob("tmp-*"))
    again = take_in(session.book, CASE, files).value
    assert len(case(session).evidence) == 4 and len(again.twice) == len(taken.numbers)


def test_a_card_whose_mounted_folder_is_left_behind_is_told_once(session: Session, sd: Path) -> None:
    """Where somebody mounted it by hand its folder stays, and is empty."""
    files = [put(sd, f"{n:02d}.MP4", mp4(60 + n)) for n in range(12)]

    def pull(done: int, total: int) -> bool:
        if done == 2:
            for file in files:
                file.unlink(missing_ok=True)
        return True

    taken = take_in(session.book, CASE, files, progress=pull).value
    assert len(taken.refused) == 1 and "读不到存储卡" in taken.refused[0] and len(taken.numbers) <= 4
    assert f"还有 {12 - len(taken.numbers)} 个" in taken.refused[0]


def test_one_file_that_goes_away_is_told_by_name(session: Session, sd: Path) -> None:
    files = [put(sd, f"{n:02d}.MP4", mp4(60 + n)) for n in range(6)]
    files[5].unlink()
    files[3].unlink()
    taken = take_in(session.book, CASE, files).value
    assert len(taken.numbers) == 4 and ["03.MP4" in taken.refused[0], "05.MP4" in taken.refused[1]] == [True, True]


def test_a_disk_that_fills_up_keeps_what_was_stored(
    session: Session, sd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [put(sd, f"{n}.MP4", mp4(60 + n)) for n in range(3)]
    real, calls = os.fsync, 0

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise OSError(28, "示例")
        real(descriptor)

    monkeypatch.setattr("inspector_app.evidence.vault.os.fsync", full)
    refused("disk_full", lambda: take_in(session.book, CASE, files))
    monkeypatch.undo()
    held = len(case(session).evidence)
    assert 0 < held < 3 and not list((session.laptop.folder / "vault").glob("tmp-*"))
    assert len(take_in(session.book, CASE, files).value.numbers) == 3 - held


def test_a_film_asks_for_its_own_size_of_room(session: Session, sd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def room_for(place: Path, size: int) -> None:
        asked.append(size)
        disk.room_for(place, size, lambda _: disk.MARGIN + size + 32_000_000)  # the film fits, twice the film does not

    monkeypatch.setattr("inspector_app.actions.rules.room_for", room_for)
    file = put(sd, "A.MP4", mp4())
    with file.open("r+b") as out:
        out.truncate(80_000_000)
    assert take_in(session.book, CASE, [file]).value.numbers and asked == [80_000_000]


HOSTILE = ("..\\..\\etc\\passwd.mp4", "CON.mp4", "aux .mp4", "\u202e4pm.exe.mp4", "a\nb\tc.mp4", "名\u200b称.mp4", "..mp4",
           os.fsdecode(b"\xff\xfe.mp4"), "x" * 251 + ".mp4")  # fmt: skip


def test_hostile_names_are_kept_as_words(session: Session, sd: Path) -> None:
    files = [put(sd, name, mp4(60 + n)) for n, name in enumerate(HOSTILE)]
    before = sorted(sd.parent.parent.iterdir())
    assert len(take_in(session.book, CASE, files).value.numbers) == len(HOSTILE)
    assert sorted(sd.parent.parent.iterdir()) == before
    names = {piece.original_name for piece in case(session).evidence}
    assert "<202E>4pm.exe.mp4" in names and "a<000A>b<0009>c.mp4" in names and "CON.mp4" in names
    assert all(name.isprintable() and len(name) <= 200 for name in names)


@pytest.mark.parametrize(("name", "content", "fact"), [
    ("A.MP4", b"", "空文件"), ("A.JPG", b"", "空文件"), ("A.MP4", "示例".encode() * 99, "不是认得的"),
    ("A.JPG", jpeg()[:300], "打不开"), ("A.WAV", b"RIFF\0\0\0\0AVI " + b"\0" * 99, "不是认得的"),
])  # fmt: skip
def test_a_bad_file_is_a_sentence_and_the_rest_goes_on(
    session: Session, sd: Path, name: str, content: bytes, fact: str
) -> None:
    taken = take_in(session.book, CASE, [put(sd, name, content), put(sd, "好.MP4", mp4())]).value
    assert len(taken.numbers) == 1 and len(taken.refused) == 1
    assert fact in taken.refused[0] and name in taken.refused[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_what_is_no_file_is_not_waited_for(session: Session, sd: Path) -> None:
    """Nobody ever writes into this pipe: opening it would never come back."""
    os.mkfifo(sd / "A.MP4")
    taken = take_in(session.book, CASE, [sd / "A.MP4", Path("/dev/zero"), put(sd, "好.MP4", mp4())]).value
    assert len(taken.numbers) == 1 and len(taken.refused) == 2
    assert all("读不完整" in said for said in taken.refused)


def test_a_file_is_what_its_bytes_are(session: Session, sd: Path) -> None:
    files = [put(sd, "A.JPG", mp4()), put(sd, "B.MP4", jpeg()), put(sd, "C.MP4", wave())]
    taken = take_in(session.book, CASE, files).value
    assert [piece.kind for piece in case(session).evidence] == ["录像", "照片", "录音"]
    assert [note[:8] for note in taken.noted] == ["“A.JPG”的", "“B.MP4”的", "“C.MP4”的"]


def test_a_film_that_was_cut_off_is_kept_and_told(session: Session, sd: Path) -> None:
    taken = take_in(session.book, CASE, [put(sd, "A.MP4", mp4()[:-50])]).value
    assert len(taken.numbers) == 1 and "没有录完整" in taken.noted[0]


@pytest.mark.parametrize("content", [
    mp4(began=BEGAN + timedelta(days=400)), jpeg("2031:01:01 00:00:00"), jpeg("0000:00:00 00:00:00"), jpeg("胡写的时间"),
    mp4(began=None), wave(began=None),
])  # fmt: skip
def test_a_time_that_cannot_be_is_none(session: Session, sd: Path, content: bytes) -> None:
    take_in(session.book, CASE, [put(sd, "A", content)])
    assert only(session).time_from == STORED and "制作时间" in only(session).missing


def test_the_time_in_a_name_counts_before_the_one_in_the_header(session: Session, sd: Path) -> None:
    take_in(session.book, CASE, [put(sd, "VID_20260316_103310.mp4", mp4(began=BEGAN + timedelta(hours=8)))])
    assert (only(session).taken_at, only(session).time_from) == (BEGAN + timedelta(seconds=10), "文件名")


def test_a_device_is_known_by_its_number_and_gives_maker_and_time(session: Session, sd: Path) -> None:
    book = session.book
    recorders.register(book, "SL-0012", "执法记录仪")
    recorders.hand_over(book, "SL-0012", session.queries.register().officers["lu"])
    now = book.clock.now().at
    assert recorders.compare_clock(book, "SL-0012", now + timedelta(seconds=95), now).value == -95
    taken = take_in(book, CASE, [put(sd, "SL-0012/0001.MP4", mp4()), put(sd, "SL-0099/0002.MP4", mp4(70))]).value
    named, other = (next(p for p in case(session).evidence if p.number == n) for n in taken.numbers)
    assert (named.device, named.maker) == ("SL-0012", "示例陆一鸣") and "SL-0012" in named.carrier
    assert named.taken_at == BEGAN - timedelta(seconds=95) and named.time_from == "文件信息，按设备时钟差校正"
    assert (other.device, other.maker, other.taken_at) == ("", "示例沈岚", BEGAN)
    chosen = take_in(book, CASE, [put(sd, "IMG.JPG", jpeg("2026:03:16 10:35:00"))], device="SL-0012").value.numbers[0]
    photo = evidence.evidence_of(case(session), chosen)
    assert photo.taken_at == datetime.fromisoformat("2026-03-16T10:33:25+08:00")


def test_once_the_record_is_made_only_films_come_in(session: Session, sd: Path) -> None:
    check_all(session)
    onsite.record_remarks(session.book, CASE, "情况属实。")
    onsite.record_statement(session.book, CASE, "不陈述申辩")
    sign_record(session)
    film, photo = put(sd, "A.MP4", mp4()), put(sd, "A.JPG", jpeg())
    refused("record_made", lambda: take_in(session.book, CASE, [photo]))
    refused("record_made", lambda: take_in(session.book, CASE, [film], item="A03"))
    taken = take_in(session.book, CASE, [film, photo]).value
    assert len(taken.numbers) == 1 and len(taken.refused) == 1
    record = case(session).paper("onsite_record")
    assert record is not None and not record.stale


def test_after_the_visit_a_film_still_comes_in(session: Session, sd: Path) -> None:
    check_all(session)
    finish_visit(session)
    assert take_in(session.book, CASE, [put(sd, "A.MP4", mp4())]).value.numbers
    refused("frozen", lambda: take_in(session.book, CASE, card(30)[-1:]))


def test_a_long_film_takes_no_memory(session: Session, sd: Path) -> None:
    file = put(sd, "A.MP4", mp4())
    with file.open("r+b") as out:
        out.truncate(96 * 1024 * 1024)
    tracemalloc.start()
    take_in(session.book, CASE, [file])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 1024 * 1024
    assert only(session).size == 96 * 1024 * 1024


def test_links_on_a_card_lead_nowhere(sd: Path) -> None:
    put(sd, "A.MP4", mp4())
    outside = put(sd.parent.parent, "else/secret.MP4", mp4())
    (sd / "B.MP4").symlink_to(outside)
    (sd / "round").symlink_to(sd)
    (sd / ".Trash").mkdir()
    put(sd, ".Trash/C.MP4", mp4())
    assert [path.name for path, _ in files_of([sd.parent])] == ["A.MP4"]


def test_a_picture_of_the_service_is_a_photo(session: Session, sd: Path) -> None:
    taken = evidence.film_service(session.book, CASE, [put(sd, "A.MP4", mp4()), card(1)[0]]).value
    assert len(taken.numbers) == 1 and "不是 JPEG" in taken.refused[0]
