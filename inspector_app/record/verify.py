"""Checking an exported record. Every check says PASS, FAIL or NOT CHECKED, in a sentence; nothing raises.

What local cryptography cannot tell is said: whether later events were cut away (only a later paper's code shows
that), and whether the key belongs to the bureau (only a key id obtained elsewhere shows that).
"""

from __future__ import annotations

import base64
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ..domain.event import Event
from ..domain.paper import read_signature
from ..domain.projection import fold, pieces_of
from ..domain.secrecy import files_of, kept_back
from .canonical import decode
from .checkpoint import Checkpoint
from .container import Reader
from .cosigning import FAIL as FAIL
from .cosigning import NOT_CHECKED as NOT_CHECKED
from .cosigning import PASS as PASS
from .cosigning import cosignatures, cosigned_elsewhere, is_cosigner
from .crockford import typed_code
from .digests import Digests
from .entry import event_of
from .keys import PublicKey, typed_key
from .package import FORMAT, note_body
from .proof import proven
from .strokes import check_strokes
from .times import told_times

CHECKS = (
    "文件结构", "清单签名", "成员与清单", "记录格式", "逐条相连", "先后关系", "签名的末尾", "各台设备的签名", "附件",
    "文书", "时间", "完整性", "公钥归属",
)  # fmt: skip

_MOST_TEXT = 512 << 20
_FOREIGN = "不是本软件导出的过程记录。"
_FIXED = {"VERIFY.zh.md", "keys.txt", "record.jsonl", "checkpoints.json", "manifest.json", "manifest.note"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, PASS, FAIL or NOT CHECKED, and a sentence."""

    name: str
    result: str
    said: str


@dataclass(slots=True)
class Report:
    """All checks of a file, in their order, with what the manifest says of it."""

    checks: list[Check] = field(default_factory=list)
    stream: str = ""
    events: int = 0
    key: str = ""

    def add(self, name: str, result: str, said: str) -> None:
        self.checks.append(Check(name, result, said))

    @property
    def status(self) -> int:
        """Exit status: 1 if any FAIL, else 2 if any NOT CHECKED, else 0."""
        results = {check.result for check in self.checks}
        return 1 if FAIL in results else 2 if NOT_CHECKED in results else 0

    def result(self, name: str) -> str:
        return next(check.result for check in self.checks if check.name == name)

    def text(self) -> str:
        """The report for a console."""
        head = f"{self.stream}，{self.events} 条，制作设备 {self.key}\n" if self.stream else ""
        lines = [f"{check.result:<12}{check.name}：{check.said}" for check in self.checks]
        outcome = ("全部通过。", "没有通过。", "通过了能做的核验；有的项目没有核验。")[self.status]
        return head + "\n".join([*lines, outcome])


def verify(path: Path, anchors: Sequence[str] = (), keys: Sequence[str] = ()) -> Report:
    """Check an exported record. `anchors` are codes of papers, `keys` ids of device keys obtained elsewhere."""
    report = Report()
    try:
        reader = Reader(path)
    except (ValueError, OSError) as error:
        report.add("文件结构", FAIL, _FOREIGN if _is_foreign(path) else f"打不开：{error}")
        for name in CHECKS[1:]:
            report.add(name, NOT_CHECKED, "文件结构没有通过，没有核验。")
        return report
    try:
        _Checker(reader, report).run(anchors, keys)
    finally:
        reader.close()
    return report


class _Checker:
    """The checks in their order; each leaves behind what the later ones need."""

    def __init__(self, reader: Reader, report: Report) -> None:
        self._reader, self._report = reader, report
        self._manifest: dict[str, Any] = {}
        self._keys: list[PublicKey] = []
        self._events: list[Event] = []
        self._by_id: dict[str, Event] = {}
        self._known: dict[str, tuple[int, str, str]] = {}
        self._notes: list[Checkpoint] = []
        self._signers: set[str] = set()

    def run(self, anchors: Sequence[str], keys: Sequence[str]) -> None:
        stages: tuple[tuple[str, Callable[[], str]], ...] = (
            ("文件结构", self._structure), ("清单签名", self._signature), ("成员与清单", self._members),
            ("记录格式", self._lines), ("逐条相连", self._links), ("先后关系", self._order), ("签名的末尾", self._heads),
            ("各台设备的签名", self._own_signatures), ("附件", self._blobs), ("文书", self._papers),
        )  # fmt: skip
        failed = False
        for name, check in stages:
            try:
                self._report.add(name, PASS, check())
            except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
                said = (
                    str(error)
                    if isinstance(error, ValueError) and not isinstance(error, UnicodeError)
                    else "格式不对。"
                )
                self._report.add(name, FAIL, said)
                failed = True
        self._report.add("时间", *told_times(self._events))
        elsewhere = cosigned_elsewhere(self._events, self._keys)
        cosigned = cosignatures(self._events, self._notes, elsewhere, anchors, keys)
        self._notes += elsewhere.points
        if cosigned is not None:
            self._report.add("会签", *cosigned)
        self._completeness(anchors, failed)
        self._trust(keys)

    # -- the file ---------------------------------------------------------------------------------------------

    def _structure(self) -> str:
        names = set(self._reader.members)
        if lacking := _FIXED - names:
            raise ValueError(f"{_FOREIGN}缺少成员 {'、'.join(sorted(lacking))}")
        strange = [n for n in names - _FIXED if not (n.startswith("blobs/") and _is_digest(n[6:]))]
        if strange:
            raise ValueError(f"有不认识的成员 {strange[0]}")
        return f"{len(names)} 个成员，每个字节都有着落。"

    def _signature(self) -> str:
        raw = self._reader.read("manifest.json", _MOST_TEXT)
        self._manifest = decode(raw)
        if self._manifest["format"] != FORMAT:
            raise ValueError("不是这个版本能核验的格式")
        stream = str(self._manifest["stream"])
        self._report.stream, self._report.events = stream, int(self._manifest["events"])
        self._keys = [PublicKey.parse(line) for line in self._text("keys.txt").split("\n")[:-1]]
        named = {key.id: key for key in self._keys}
        key = named.get(str(self._manifest["key"]))
        if key is None:
            raise ValueError("清单写明的公钥不在 keys.txt 里")
        body = note_body(raw, stream)
        note = self._text("manifest.note")
        start, end = f"{body}\n— {key.name} ", "\n"
        encoded = note[len(start) : -1]
        if not (note.startswith(start) and note.endswith(end)) or _b64(_unb64(encoded)) != encoded:
            raise ValueError("签名与清单不符")
        signature = _unb64(encoded)
        if signature[:4] != key.hash or not key.verify(signature[4:], body.encode()):
            raise ValueError("签名不对")
        self._report.key = key.id
        self._signers.add(key.id)
        return f"由 {key.id} 签名。"

    def _members(self) -> str:
        listed = {str(m["name"]): m for m in self._manifest["members"]}
        if len(listed) != len(self._manifest["members"]):
            raise ValueError("清单里有重复的名称")
        present = set(self._reader.members) - {"manifest.json", "manifest.note"}
        if present != set(listed):
            raise ValueError(f"清单与成员不同：{'、'.join(sorted(present ^ set(listed))[:3])}")
        if list(self._reader.members) != [*listed, "manifest.json", "manifest.note"]:
            raise ValueError("成员的先后和清单不同")
        for name, entry in listed.items():
            size, sha256, sm3 = self._digests(name)
            if (size, sha256, sm3) != (entry["size"], entry["sha256"], entry["sm3"]):
                raise ValueError(f"{name} 与清单不符")
        return f"{len(listed)} 个成员的长度、SHA-256、SM3 与清单相同。"

    # -- the record -------------------------------------------------------------------------------------------

    def _lines(self) -> str:
        raw = self._reader.read("record.jsonl", _MOST_TEXT)
        if not raw or not raw.endswith(b"\n"):
            raise ValueError("记录是空的，或最后一行不完整")
        stream = self._manifest.get("stream")
        for number, line in enumerate(raw[:-1].split(b"\n"), 1):
            try:
                event = event_of(line)
            except ValueError as error:
                raise ValueError(f"第 {number} 条格式不对") from error
            if event.stream != stream:
                raise ValueError(f"第 {number} 条属于别的案卷")
            self._events.append(event)
            self._by_id[event.id] = event
        if len(self._events) != self._manifest.get("events"):
            raise ValueError(f"清单写 {self._manifest.get('events')} 条，实有 {len(self._events)} 条")
        return f"{len(self._events)} 条，格式规范。"

    def _links(self) -> str:
        """Each event hangs on one of its own strand. A strand may fork (restored or cloned disk): that is told."""
        self._need(self._events, "记录")
        seen: dict[str, Event] = {}
        for number, event in enumerate(self._events, 1):
            before = seen.get(event.prev)
            first = event.seq == 0 and event.prev == ""
            if not first and (before is None or (before.strand, before.seq) != (event.strand, event.seq - 1)):
                raise ValueError(f"第 {number} 条与同一设备的上一条不相连（{event.strand} 第 {event.seq + 1} 条）")
            seen[event.id] = event
        strands = len({event.strand for event in seen.values()})
        forks = len(seen) - len({(event.strand, event.prev) for event in seen.values()})
        told = f"有 {forks} 处分叉（电脑恢复或复制过），各支都保留。" if forks else ""
        return f"{strands} 台设备的记录首尾相连。{told}"

    def _order(self) -> str:
        self._need(self._events, "记录")
        seen: set[str] = set()
        for number, event in enumerate(self._events, 1):
            if event.id in seen:
                raise ValueError(f"第 {number} 条重复")
            if any(parent not in seen for parent in event.parents):
                raise ValueError(f"第 {number} 条写到的在先条目不在它前面")
            seen.add(event.id)
        return "每一条看到过的条目都在它前面。"

    def _heads(self) -> str:
        notes = decode(self._reader.read("checkpoints.json", _MOST_TEXT))
        for text in notes:
            note = Checkpoint.parse(text)
            signer = note.signed_by(self._keys)
            if signer is None:
                raise ValueError(f"核验码 {note.code[:8]} 的签名不对")
            if note.stream != self._manifest.get("stream") or not note.lies_in(self._by_id):
                raise ValueError(f"核验码 {note.code[:8]} 的位置不在记录里")
            self._signers.add(signer.id)
            self._notes.append(note)
        ends = set(self._by_id) - {event.prev for event in self._events}
        if not ends or not ends <= {digest for note in self._notes for _, digest in note.heads.values()}:
            raise ValueError("记录的末尾没有签名：后面的条目被删，或有没签名的条目")
        return f"{len(self._notes)} 个核验码的签名和位置都对，末尾有签名。"

    def _own_signatures(self) -> str:
        """Whoever exports signs everything; only a device's own signature shows that it wrote what bears its name."""
        self._need(self._events, "记录")
        named: dict[str, list[PublicKey]] = {}
        for key in self._keys:
            named.setdefault(key.name, []).append(key)
        _, refused = proven(
            self._events, [note.note for note in self._notes], lambda device: named.get(device, ()), lambda id: False
        )
        if refused:
            event = refused[0][0]
            raise ValueError(
                f"设备 {event.device} 的记录没有这台设备自己的签名（{event.strand} 第 {event.seq + 1} 条）"
            )
        return f"{len({event.device for event in self._events})} 台设备各自签了自己写的全部记录。"

    def _blobs(self) -> str:
        self._need(self._events, "记录")
        refs = {(ref.sha256, ref.sm3, ref.size) for event in self._events for ref in event.blobs}
        named = {sha256 for sha256, _, _ in refs}
        held = {name[6:] for name in self._reader.members if name.startswith("blobs/")}
        secret = self._kept_back() if held != named else {}
        if odd := (held - named) | (named - held - secret.keys()):
            raise ValueError(f"附件与记录不同：{'、'.join(d[:8] for d in sorted(odd)[:3])}")
        for sha256, sm3, size in sorted(refs):
            if sha256 in held and self._digests(f"blobs/{sha256}") != (size, sha256, sm3):
                raise ValueError(f"附件 {sha256[:8]} 变了")
        lacking = Counter(secret[sha256] for sha256 in sorted(named - held))
        said = "".join(f"另有 {count} 个{why}，没有随附，记录里留有摘要。" for why, count in lacking.items())
        return f"{len(held)} 个文件与记录里的摘要相同。{said}"

    def _kept_back(self) -> dict[str, str]:
        """digest -> why a file may be lacking: it was frozen as a secret, or destroyed on an order (泄密处置)."""
        rows = pieces_of(fold(self._events).rows)
        orders = {sha256: row["destroyed"] for row in rows if row.get("destroyed") for sha256 in files_of(row)}
        return {
            sha256: f"已按{orders[sha256].get('office', '')}{orders[sha256].get('order', '')}销毁"
            if sha256 in orders
            else "因疑似涉密封存"
            for sha256 in kept_back(rows)
        }

    def _papers(self) -> str:
        issued = [event for event in self._events if event.kind == "paper_issued"]
        place = {event.id: number for number, event in enumerate(self._events)}
        for event in issued:
            title, sha256 = str(event.body["title"]), str(event.body["sha256"])
            if f"blobs/{sha256}" not in self._reader.members:
                raise ValueError(f"《{title}》的原件不在文件里")
            if self._digests(f"blobs/{sha256}")[1] != sha256:
                raise ValueError(f"《{title}》的原件变了")
            note = Checkpoint.parse(str(event.body["note"]))
            if note.signed_by(self._keys) is None or note.code != event.body["code"]:
                raise ValueError(f"《{title}》上的核验码不对")
            if not note.lies_in(self._by_id):
                raise ValueError(f"《{title}》核验码的位置不在记录里")
            if any(place[digest] >= place[event.id] for _, digest in note.heads.values()):
                raise ValueError(f"《{title}》的核验码晚于制作")
        self._strokes({str(event.body.get("paper")): str(event.body["sha256"]) for event in issued}, place)
        return f"{len(issued)} 份文书的原件和核验码都对。"

    def _strokes(self, papers: Mapping[str, str], place: Mapping[str, int]) -> None:
        """What was signed on the screen was drawn for the paper that the event names, on the record as it then stood."""
        for event in self._events:
            if event.kind != "paper_signed" or not event.body.get("strokes"):
                continue
            signature = read_signature(dict(event.body))
            if signature.pdf != papers.get(str(event.body.get("paper"))):
                raise ValueError(f"{signature.name}的电子签名不是签在这份文书上的")
            try:
                note = check_strokes(self._reader.read(f"blobs/{signature.strokes}", _MOST_TEXT), signature).checkpoint
            except ValueError as error:
                raise ValueError(f"{signature.name}的电子签名对不上：{error}") from error
            if note.signed_by(self._keys) is None or not note.lies_in(self._by_id):
                raise ValueError(f"{signature.name}的电子签名里的核验码不对")
            if any(place[digest] >= place[event.id] for _, digest in note.heads.values()):
                raise ValueError(f"{signature.name}的电子签名里的核验码晚于签字")

    # -- what only others can tell ----------------------------------------------------------------------------

    def _completeness(self, anchors: Sequence[str], failed: bool) -> None:
        name = "完整性"
        if not anchors:
            self._report.add(name, NOT_CHECKED, "没有提供文书上的核验码，不能判断后面是否被截去。")
            return
        codes = {note.code for note in self._notes}
        codes |= {str(e.body.get("code", "")) for e in self._events if e.kind == "paper_issued"}
        missing = [code for code in anchors if typed_code(code) not in codes]
        if missing:
            self._report.add(name, FAIL, f"找不到核验码 {missing[0]}：记录被截短，或这份文书属于别的案卷。")
        elif failed:
            self._report.add(name, NOT_CHECKED, "前面有项目没有通过，核验码不能说明问题。")
        else:
            self._report.add(name, PASS, "记录至少到这份文书为止是完整的。")

    def _trust(self, keys: Sequence[str]) -> None:
        name = "公钥归属"
        keys = [key for key in keys if not is_cosigner(key)]
        if not keys:
            self._report.add(name, NOT_CHECKED, "没有提供设备公钥编号，不能判断签名属于谁。")
        elif strange := sorted(id for id in self._signers if typed_key(id) not in map(typed_key, keys)):
            self._report.add(name, FAIL, f"签名的公钥 {strange[0]} 不在你提供的编号里。")
        elif not self._signers:
            self._report.add(name, NOT_CHECKED, "没有可核对的签名。")
        else:
            self._report.add(name, PASS, "签名都属于你提供的设备公钥。")

    # -- small things -----------------------------------------------------------------------------------------

    def _need(self, value: Sequence[T], what: str) -> None:
        if not value:
            raise ValueError(f"没有可核验的{what}")

    def _text(self, name: str) -> str:
        return self._reader.read(name, _MOST_TEXT).decode("utf-8")

    def _digests(self, name: str) -> tuple[int, str, str]:
        """Length, SHA-256 and SM3 of a member, read once for all checks that ask."""
        if name not in self._known:
            digests = Digests()
            for piece in self._reader.stream(name):
                digests.update(piece)
            self._known[name] = digests.size, digests.sha256, digests.sm3
        return self._known[name]


def _is_foreign(path: Path) -> bool:
    """Whether a file is a ZIP that does not hold what every export holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            return not set(archive.namelist()) >= _FIXED
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _is_digest(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
