"""What the second officer's signatures show: a key that only the own PIN opens signs the heads after each step confirmed.

Whoever owns the laptop can sign a changed history again with the device's real key, and cannot cosign it. They can leave
the cosigner out, or name another key: only the id of the real one, obtained elsewhere, exposes that. The key lies on this
laptop (`cosigner_named`), or on the second officer's own (`cosignature_taken`, a witness besides).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..domain.cosigning import TAKEN
from ..domain.event import Event
from .checkpoint import Checkpoint
from .cosignature import Cosignature
from .crockford import typed_code
from .keys import PublicKey, typed_key

PASS, FAIL, NOT_CHECKED = "PASS", "FAIL", "NOT CHECKED"


def is_cosigner(id: str) -> bool:
    """Whether a key's id is that of a person on a laptop, and not of the laptop."""
    return "@" in id


@dataclass(slots=True)
class Elsewhere:
    """What was cosigned on other laptops: by whom and what, what is wrong, and which laptops are not known, so that nothing
    vouches for the person's key."""

    valid: list[tuple[str, Cosignature, Checkpoint]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    @property
    def points(self) -> Iterator[Checkpoint]:
        return (point for _, _, point in self.valid)


def cosigned_elsewhere(events: Sequence[Event], keys: Sequence[PublicKey]) -> Elsewhere:
    """Check every answer of another laptop that the record holds; `keys` are those of the laptops."""
    found, before, known = Elsewhere(), dict[str, Event](), {key.name for key in keys}
    for event in events:
        if event.kind == TAKEN:
            name = str(event.body.get("name", ""))
            try:
                made, point = Cosignature.parse(str(event.body["answer"])), Checkpoint.parse(str(event.body["note"]))
            except (ValueError, KeyError):
                found.wrong.append(f"{name}的会签读不出")
                continue
            if (made.stream, made.code) != (event.stream, point.code) or not point.lies_in(before):
                found.wrong.append(f"{name}会签的不是这份记录")
            elif not made.by_person or (made.device in known and made.signed_by(keys) is None):
                found.wrong.append(f"{name}的会签签名不对")
            else:
                found.valid.append((name, made, point))
                found.unknown |= {made.device} - known
        before[event.id] = event
    return found


def cosignatures(
    events: Sequence[Event], notes: Sequence[Checkpoint], elsewhere: Elsewhere, anchors: Sequence[str], keys: Sequence[str],
) -> tuple[str, str] | None:  # fmt: skip
    """Result and sentence; None where the record names no cosigner and none of `keys` is one.

    `notes` are those that were found to lie in the record; `anchors` codes of papers, `keys` ids obtained elsewhere.
    """
    asked = {typed_key(id) for id in keys if is_cosigner(id)}
    if elsewhere.wrong:
        return FAIL, f"{'；'.join(elsewhere.wrong)}。"
    named = [(str(e.body.get("name", "")), _key(e)) for e in events if e.kind == "cosigner_named"]
    named += [(name, made.key) for name, made, _ in elsewhere.valid]
    if not named and not asked:
        return None
    said: list[str] = []
    lacking = asked - {typed_key(key.id) for _, key in named if key is not None}
    for name, key in dict.fromkeys(named):
        signed = [note for note in notes if key is not None and note.signed_by([key]) is not None]
        signed += [point for _, made, point in elsewhere.valid if made.key == key]
        if key is None or not signed:
            lacking.add(key.id if key is not None else f"{name}（公钥读不出）")
            continue
        last = max(signed, key=lambda note: note.count)
        told = [
            code
            for code in anchors
            if any(typed_code(code) == n.code and _within(n, last) for n in _known(events, notes))
        ]
        covers = f"，包括核验码 {'、'.join(typed_code(code)[:8] for code in told)} 的文书" if told else ""
        said.append(f"{name}（{key.id}）会签 {len(signed)} 次，签到 {len(events)} 条中的第 {last.count} 条{covers}")
    if lacking:
        return FAIL, f"没有 {'、'.join(sorted(lacking))} 的会签：记录可能重新写过。"
    open_ = {made.device for _, made, _ in elsewhere.valid if typed_key(made.key.id) not in asked} & elsewhere.unknown
    if open_:
        return NOT_CHECKED, f"文件里没有电脑 {'、'.join(sorted(open_))} 的公钥，在那里的会签没有核验。"
    if strange := [key.id for _, key in named if key is not None and typed_key(key.id) not in asked]:
        return NOT_CHECKED, f"{'；'.join(said)}。没有提供公钥编号 {strange[0]}，不能判断是不是本人。"
    return PASS, f"{'；'.join(said)}。"


def _key(event: Event) -> PublicKey | None:
    try:
        return PublicKey.parse(str(event.body.get("key", "")))
    except ValueError:
        return None


def _within(note: Checkpoint, other: Checkpoint) -> bool:
    """Whether one checkpoint stands for all that another does; both lie in one record."""
    return all(other.heads.get(name, (0, ""))[0] >= count for name, (count, _) in note.heads.items())


def _known(events: Sequence[Event], notes: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The checkpoints of a record, those on its papers among them."""
    issued = (Checkpoint.read(str(e.body.get("note", ""))) for e in events if e.kind == "paper_issued")
    return [*notes, *(note for note in issued if note is not None)]
