"""The exported record: what passes, what is noticed, what can only be told from outside."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from inspector_app.domain.event import Actor, BlobRef, Draft
from inspector_app.evidence.vault import Vault
from inspector_app.record.checkpoint import Checkpoint, is_code
from inspector_app.record.container import Reader, Writer
from inspector_app.record.entry import write
from inspector_app.record.keys import DeviceKey
from inspector_app.record.package import signed, write_package
from inspector_app.record.verify import FAIL, NOT_CHECKED, PASS, verify
from inspector_app.record.verify_command import run

STREAM = "inspection/示例-1"


@dataclass
class Chain:
    """A record of two devices that is written event by event, with a paper in its middle and one at its end."""

    folder: Path
    key: DeviceKey = field(default_factory=lambda: DeviceKey.generate("QH-0001"))
    second: DeviceKey = field(default_factory=lambda: DeviceKey.generate("QH-0002"))
    lines: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    blobs: list[BlobRef] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.vault = Vault(self.folder / "vault", bytes(32))

    def add(self, kind: str, body: dict[str, object], content: bytes = b"", device: str = "QH-0001") -> None:
        refs: tuple[BlobRef, ...] = ()
        if content:
            stored = self.vault.put(content)
            refs = (BlobRef(stored.sha256, stored.sm3, stored.size, "image/jpeg", "imported"),)
            self.blobs += refs
        strand = f"{device}.a"
        count, last = self.heads.get(strand, (0, ""))
        event, line = write(
            Draft(STREAM, kind, body, "检查", refs), bureau="示例区档案局", strand=strand, seq=count, prev=last,
            parents=tuple(sorted(id for _, id in self.heads.values())), at="2026-03-16T10:31:05+08:00", mono=len(self.lines),
            boot="b", anchor=None, actor=Actor("shen", "09120017", "officer"), device=device, app={"version": "0.1.0"},
        )  # fmt: skip
        self.heads[strand] = (count + 1, event.id)
        self.lines.append(line)

    def fix(self) -> Checkpoint:
        points = [Checkpoint.sign(STREAM, self.heads, key) for key in (self.key, self.second)]
        self.notes += [point.note for point in points]
        return points[0]

    @property
    def ids(self) -> list[str]:
        return [self.key.public.id, self.second.public.id]

    def paper(self, number: int) -> str:
        """Freeze, checkpoint, paper: returns the code that stands on it."""
        self.add("text_frozen", {"paper": f"P{number}", "title": "现场检查笔录"})
        point = self.fix()
        pdf = f"%PDF paper {number}".encode() * 40
        sha256 = self.vault.put(pdf).sha256
        body: dict[str, object] = {
            "paper": f"P{number}", "title": "现场检查笔录", "number": f"示档检笔〔2026〕{number}号", "sha256": sha256,
            "code": point.code, "note": point.note,
        }  # fmt: skip
        self.add("paper_issued", body, pdf)
        return point.code

    def export(self, name: str, count: int | None = None, notes: Sequence[str] | None = None) -> Path:
        target = self.folder / name
        lines = self.lines[:count]
        named = b"".join(lines)
        write_package(
            target, lines, stream=STREAM, notes=self.notes if notes is None else notes,
            blobs=[b for b in self.blobs if b.sha256.encode() in named], read=self.vault.stream, keys=[self.second.public],
            key=self.key,
        )  # fmt: skip
        return target


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    made = Chain(tmp_path)
    for number in range(6):
        made.add("item_answered", {"item": f"A0{number}", "value": "符合"}, device=("QH-0001", "QH-0002")[number % 2])
        made.add("evidence_taken", {"number": f"ZJ-00{number}"}, bytes([number]) * 3000)
    return made


def test_a_good_record_passes_with_code_and_key(chain: Chain, capsys: pytest.CaptureFixture[str]) -> None:
    code = chain.paper(1)
    chain.fix()
    file = chain.export("a.zip")
    alone = verify(file)
    assert alone.status == 2
    assert {c.name for c in alone.checks if c.result == NOT_CHECKED} == {"完整性", "公钥归属"}
    assert verify(file, [code.lower().replace("0", "o")], chain.ids).status == 0
    assert run(file, [code], [f" {id.lower()} " for id in chain.ids]) == 0, "typed by hand"
    assert "全部通过" in capsys.readouterr().out
    assert verify(file, [code], ["QH-0001+00000000"]).result("公钥归属") == FAIL
    assert verify(file, ["0" * 32]).result("完整性") == FAIL


def test_a_note_tells_its_paper_under_signature_and_code(chain: Chain) -> None:
    about = {"paper": "示档检笔〔2026〕1号", "revision": "2"}
    plain = Checkpoint.sign(STREAM, chain.heads, chain.key)
    point = Checkpoint.sign(STREAM, chain.heads, chain.key, about)
    read = Checkpoint.parse(point.note)
    assert dict(read.about) == about and read.heads == plain.heads and read.code == point.code != plain.code
    assert read.signed_by([chain.key.public]) is not None
    other = Checkpoint.parse(point.note.replace("revision 2", "revision 3"))
    assert other.signed_by([chain.key.public]) is None and other.code != point.code


def test_the_same_record_gives_the_same_bytes(chain: Chain) -> None:
    chain.fix()
    assert chain.export("a.zip").read_bytes() == chain.export("b.zip").read_bytes()


def test_a_prefix_is_told_only_by_the_code_of_a_later_paper(chain: Chain) -> None:
    first = chain.paper(1)
    chain.fix()
    kept, notes = len(chain.lines), list(chain.notes)
    chain.add("finding_withdrawn", {"id": "F1", "reason": "示例"})
    second = chain.paper(2)
    chain.fix()
    assert verify(chain.export("whole.zip"), [first, second], chain.ids).status == 0
    short = chain.export("short.zip", kept, notes)
    key = chain.ids
    assert verify(short, [], key).status == 2
    assert verify(short, [], key).result("完整性") == NOT_CHECKED
    assert verify(short, [first], key).status == 0
    assert verify(short, [second], key).status == 1


def test_cutting_below_the_signed_end_is_noticed(chain: Chain) -> None:
    chain.fix()
    chain.add("item_answered", {"item": "B01", "value": "不符合"})
    assert verify(chain.export("a.zip")).result("签名的末尾") == FAIL
    assert verify(chain.export("b.zip", len(chain.lines) - 2)).result("签名的末尾") == FAIL


def test_a_history_signed_again_with_the_real_key_is_exposed_by_the_paper(chain: Chain, tmp_path: Path) -> None:
    code = chain.paper(1)
    chain.fix()
    (tmp_path / "other").mkdir()
    other = Chain(tmp_path / "other", chain.key, chain.second)
    other.add("item_answered", {"item": "A00", "value": "基本符合"})
    other.paper(1)
    other.fix()
    forged = other.export("forged.zip")
    assert verify(forged, [], chain.ids).status == 2
    assert verify(forged, [code], chain.ids).status == 1


def forked(chain: Chain) -> None:
    """Two branches of one strand, as a cloned laptop writes them; the second has two events."""
    strand, before = "QH-0001.a", dict(chain.heads)
    chain.add("item_answered", {"item": "C01", "value": "符合"})
    first = chain.heads[strand]
    chain.heads = before
    chain.add("item_answered", {"item": "C01", "value": "不符合"})
    name = f"{strand}~{chain.heads[strand][1][:16]}"
    chain.add("item_answered", {"item": "C02", "value": "符合"})
    chain.heads |= {strand: first, name: chain.heads[strand]}


def test_a_fork_is_kept_and_told(chain: Chain) -> None:
    forked(chain)
    chain.fix()
    report = verify(chain.export("fork.zip"))
    assert report.status == 2, report.text()
    said = next(check.said for check in report.checks if check.name == "逐条相连")
    assert "2 台设备" in said and "1 处分叉" in said


def test_a_fork_that_was_cut_fails(chain: Chain) -> None:
    forked(chain)
    only = dict(chain.heads)
    chain.heads = {name: head for name, head in only.items() if "~" not in name}
    chain.fix()
    unsigned = verify(chain.export("unsigned.zip"))
    assert unsigned.result("签名的末尾") == FAIL, "a branch that no note covers could have been longer"
    chain.heads = only
    chain.notes = []
    chain.fix()
    for kept in (len(chain.lines) - 1, len(chain.lines) - 2):
        assert verify(chain.export("cut.zip", kept)).result("签名的末尾") == FAIL
    del chain.lines[-2]
    assert verify(chain.export("hole.zip")).result("逐条相连") == FAIL


def test_a_damaged_paper_fails_as_file_and_as_paper(chain: Chain) -> None:
    chain.paper(1)
    chain.fix()
    parts = members(chain.export("good.zip").read_bytes())
    name = next(name for name, content in parts.items() if content.startswith(b"%PDF"))
    parts[name] = parts[name].replace(b"paper", b"Paper", 1)
    target = chain.folder / "bad.zip"
    target.write_bytes(signed_again(parts, chain.key))
    report = verify(target)
    assert {c.name for c in report.checks if c.result == FAIL} == {"附件", "文书"}


def test_another_archive_is_named_as_such(tmp_path: Path) -> None:
    target = tmp_path / "other.zip"
    for way in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        with zipfile.ZipFile(target, "w", way) as archive:
            archive.writestr("holiday.jpg", b"x" * 100)
        report = verify(target)
        assert report.status == 1 and "不是本软件导出的过程记录" in report.checks[0].said


@pytest.mark.parametrize("text", ["", "0123", "U" * 32, "0" * 33])
def test_what_cannot_be_a_code_is_known(text: str) -> None:
    assert not is_code(text)
    assert is_code("o1L0-" * 8)


# -- mutations ------------------------------------------------------------------------------------------------


def members(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rebuilt(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    writer = Writer(out)
    for name, content in parts.items():
        writer.add(name, len(content), (content,))
    writer.close()
    return out.getvalue()


Mutation = Callable[[bytes, random.Random, DeviceKey], bytes]


def flip(raw: bytes, chance: random.Random, key: DeviceKey) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :]


def cut(raw: bytes, chance: random.Random, key: DeviceKey) -> bytes:
    return raw[: chance.randrange(len(raw))]


def grown(raw: bytes, chance: random.Random, key: DeviceKey) -> bytes:
    return (b"x" + raw) if chance.random() < 0.5 else raw + b"\0" * chance.randrange(1, 9)


def on_lines(change: Callable[[list[bytes], random.Random], list[bytes]], *, resign: bool) -> Mutation:
    def mutate(raw: bytes, chance: random.Random, key: DeviceKey) -> bytes:
        parts = members(raw)
        lines = change(parts["record.jsonl"].splitlines(), chance)
        parts["record.jsonl"] = b"".join(line + b"\n" for line in lines)
        return signed_again(parts, key) if resign else rebuilt(parts)

    return mutate


def signed_again(parts: dict[str, bytes], key: DeviceKey) -> bytes:
    """What a forger with the real key can do: list and sign the changed members anew."""
    import hashlib
    import json

    from cryptography.hazmat.primitives.hashes import SM3, Hash

    from inspector_app.record.canonical import encode

    manifest = json.loads(parts["manifest.json"])
    manifest["events"] = parts["record.jsonl"].count(b"\n")
    manifest["members"] = []
    for name, content in parts.items():
        if not name.startswith("manifest"):
            sm3 = Hash(SM3())
            sm3.update(content)
            entry = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            manifest["members"].append(entry | {"sm3": sm3.finalize().hex()})
    parts["manifest.json"] = encode(manifest)
    parts["manifest.note"] = signed(parts["manifest.json"], STREAM, key).encode()
    return rebuilt(parts)


def deleted(lines: list[bytes], chance: random.Random) -> list[bytes]:
    del lines[chance.randrange(len(lines))]
    return lines


def swapped(lines: list[bytes], chance: random.Random) -> list[bytes]:
    a, b = chance.sample(range(len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return lines


def doubled(lines: list[bytes], chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(lines))
    return [*lines[: at + 1], lines[at], *lines[at + 1 :]]


def edited(lines: list[bytes], chance: random.Random) -> list[bytes]:
    at = next(i for i in chance.sample(range(len(lines)), len(lines)) if "符合".encode() in lines[i])
    lines[at] = lines[at].replace("符合".encode(), "不符合".encode())
    return lines


def cut_lines(lines: list[bytes], chance: random.Random) -> list[bytes]:
    return lines[: chance.randrange(1, len(lines))]


def on_blob(raw: bytes, chance: random.Random, key: DeviceKey) -> bytes:
    parts = members(raw)
    names = [name for name in parts if name.startswith("blobs/")]
    a, b = chance.sample(names, 2)
    act = chance.choice(("drop", "swap", "change", "add"))
    if act == "drop":
        del parts[a]
    elif act == "swap":
        parts[a], parts[b] = parts[b], parts[a]
    elif act == "change":
        parts[a] = parts[a][:-1] + b"?"
    else:
        parts["blobs/" + "0" * 64] = b"more"
    return signed_again(parts, key) if chance.random() < 0.5 else rebuilt(parts)


def reordered(raw: bytes, chance: random.Random, key: DeviceKey) -> bytes:
    """The same members in another order, in a container that is faultless in itself."""
    parts = [*members(raw).items()]
    a, b = chance.sample(range(len(parts)), 2)
    parts[a], parts[b] = parts[b], parts[a]
    return rebuilt(dict(parts))


MUTATIONS: dict[str, tuple[Mutation, int]] = {
    "bit flip anywhere in the file": (flip, 80), "cut": (cut, 20), "grown": (grown, 10),
    "line deleted": (on_lines(deleted, resign=False), 10), "line deleted, signed again": (on_lines(deleted, resign=True), 15),
    "lines swapped": (on_lines(swapped, resign=False), 10), "lines swapped, signed again": (on_lines(swapped, resign=True), 15),
    "line doubled, signed again": (on_lines(doubled, resign=True), 15),
    "line edited, signed again": (on_lines(edited, resign=True), 15),
    "cut below the signed heads, signed again": (on_lines(cut_lines, resign=True), 15), "files": (on_blob, 25),
    "members reordered": (reordered, 10),
}  # fmt: skip


def test_there_are_two_hundred_mutations() -> None:
    assert sum(count for _, count in MUTATIONS.values()) >= 200


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_is_detected(chain: Chain, name: str) -> None:
    """Swapping two independent lines may give another causal order: the only change that is none is left out."""
    chain.paper(1)
    chain.fix()
    chain.notes = chain.notes[-2:]  # only the signed end: an earlier note would be a legitimate shorter record
    good = chain.export("good.zip").read_bytes()
    mutate, count = MUTATIONS[name]
    target = chain.folder / "bad.zip"
    for seed in range(count):
        raw = mutate(good, random.Random(f"{name}{seed}"), chain.key)
        if raw == good:
            continue
        target.write_bytes(raw)
        report = verify(target)
        assert report.status == 1, (name, seed, report.text())


# -- hostile files --------------------------------------------------------------------------------------------


def hostile(kind: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == "bomb":
            archive.writestr("record.jsonl", b"0" * 50_000_000)
        elif kind == "symlink":
            info = zipfile.ZipInfo("record.jsonl")
            info.external_attr = 0o120777 << 16
            archive.writestr(info, "/etc/passwd")
        else:
            archive.writestr({"up": "../../x", "absolute": "/etc/x", "drive": "C:/x", "back": "a\\..\\x"}[kind], b"x")
    return out.getvalue()


@pytest.mark.parametrize("kind", ["up", "absolute", "drive", "back", "bomb", "symlink"])
def test_hostile_files_fail_and_write_nothing(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "h.zip"
    target.write_bytes(hostile(kind))
    report = verify(target)
    assert report.status == 1
    assert report.checks[0].result == FAIL
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100, b"PK\5\6" + bytes(18)])
def test_other_files_fail_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "x"
    target.write_bytes(content)
    assert verify(target).status == 1
    assert verify(tmp_path / "away").status == 1


def test_a_reader_gives_what_a_writer_took(tmp_path: Path) -> None:
    target = tmp_path / "c.zip"
    with target.open("wb") as file:
        writer = Writer(file)
        writer.add("a/b", 5, (b"ab", b"cde"))
        writer.add("c", 0, ())
        with pytest.raises(ValueError, match="d has 1 bytes, not 2"):
            writer.add("d", 2, (b"x",))
    with target.open("wb") as file:
        writer = Writer(file)
        writer.add("a/b", 5, (b"ab", b"cde"))
        writer.close()
    reader = Reader(target)
    assert reader.read("a/b", 5) == b"abcde"
    with pytest.raises(ValueError):
        reader.read("a/b", 4)
    reader.close()
    assert zipfile.ZipFile(target).read("a/b") == b"abcde"


def test_pass_is_said_for_every_check(chain: Chain) -> None:
    chain.fix()
    report = verify(chain.export("a.zip"))
    assert [c.result for c in report.checks[:9]] == [PASS] * 9
