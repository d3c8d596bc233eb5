"""What the second officer's signatures show: a key that only the own PIN opens signs the heads after each step confirmed.

Whoever owns the laptop can sign a changed history again with the device's real key, and cannot cosign it. They can leave
the cosigner out, or name another key: only the id of the real one, obtained elsewhere, exposes that.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..domain.event import Event
from .checkpoint import Checkpoint, typed_code
from .keys import PublicKey, typed_key

PASS, FAIL, NOT_CHECKED = "PASS", "FAIL", "NOT CHECKED"


def is_cosigner(id: str) -> bool:
    """Whether a key's id is that of a person on a laptop, and not of the laptop."""
    return "@" in id


def cosignatures(
    events: Sequence[Event], notes: Sequence[Checkpoint], anchors: Sequence[str], keys: Sequence[str]
) -> tuple[str, str] | None:
    """Result and sentence; None where the record names no cosigner and none of `keys` is one.

    `notes` are those that were found to lie in the record; `anchors` codes of papers, `keys` ids obtained elsewhere.
    """
    asked = {typed_key(id) for id in keys if is_cosigner(id)}
    named = [(str(e.body.get("name", "")), _key(e)) for e in events if e.kind == "cosigner_named"]
    if not named and not asked:
        return None
    said: list[str] = []
    lacking = asked - {typed_key(key.id) for _, key in named if key is not None}
    for name, key in dict.fromkeys(named):
        signed = [note for note in notes if key is not None and note.signed_by([key]) is not None]
        if key is None or not signed:
            lacking.add(key.id if key is not None else f"{name}（公钥读不出）")
            continue
        last = max(signed, key=_reach)
        told = [code for code in anchors if any(typed_code(code) == n.code and _within(n, last) for n in _known(events, notes))]
        covers = f"，包括核验码 {'、'.join(typed_code(code)[:8] for code in told)} 的文书" if told else ""
        said.append(f"{name}（{key.id}）会签 {len(signed)} 次，签到 {len(events)} 条中的第 {_reach(last)} 条{covers}")
    if lacking:
        return FAIL, f"没有 {'、'.join(sorted(lacking))} 的会签：记录可能重新写过。"
    if strange := [key.id for _, key in named if key is not None and typed_key(key.id) not in asked]:
        return NOT_CHECKED, f"{'；'.join(said)}。没有提供公钥编号 {strange[0]}，不能判断是不是本人。"
    return PASS, f"{'；'.join(said)}。"


def _key(event: Event) -> PublicKey | None:
    try:
        return PublicKey.parse(str(event.body.get("key", "")))
    except ValueError:
        return None


def _reach(note: Checkpoint) -> int:
    """How many events a checkpoint stands for."""
    return sum(count for count, _ in note.heads.values())


def _within(note: Checkpoint, other: Checkpoint) -> bool:
    """Whether one checkpoint stands for all that another does; both lie in one record."""
    return all(other.heads.get(name, (0, ""))[0] >= count for name, (count, _) in note.heads.items())


def _known(events: Sequence[Event], notes: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The checkpoints of a record, those on its papers among them."""
    issued = (Checkpoint.read(str(e.body.get("note", ""))) for e in events if e.kind == "paper_issued")
    return [*notes, *(note for note in issued if note is not None)]
