#!/usr/bin/env python3
"""Draws again from an exported file of a double-random draw (双随机抽取) and compares the result word by word.

    python3 draw-replay.py FILE [DIGEST]

DIGEST is the SHA-256 that was published before the draw. Prints 相同 or 第 n 行不同; ends with 0 when all is the same,
1 when something differs, 2 when the file cannot be read. Nothing but Python 3.11 is needed.
Seed: the SHA-256 of the sealed pools, the bureau's secret and the witness's word, joined by "/". The n-th number is
SHA-256 of "seed/n"; one that would favour a remainder is thrown again. Units are drawn by weight without putting back, then
for each unit officers with equal odds; who may not be taken is passed over with the reason.
"""

import hashlib
import json
import sys
from pathlib import Path


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Chance:
    def __init__(self, seed: str) -> None:
        self.seed, self.count = seed, 0

    def below(self, limit: int) -> int:
        while True:
            number = int(sha256(f"{self.seed}/{self.count}"), 16)
            self.count += 1
            if number < 2**256 - 2**256 % limit:
                return number % limit

    def take(self, left: dict) -> str:
        at = self.below(sum(left.values()))
        for id in left:
            at -= left[id]
            if at < 0:
                break
        del left[id]
        return id


def staffed(needs: dict, room: dict, able: dict) -> bool:
    """Whether every unit can have its officers: augmenting paths, an officer stands once at a unit."""
    given: dict = {id: [] for id in room}

    def place(unit: str, seen: set) -> bool:
        for id in sorted(able[unit]):
            if id not in seen and unit not in given[id]:
                seen.add(id)
                for other in [None] if len(given[id]) < room[id] else given[id]:
                    if other is None or place(other, seen):
                        given[id] = [each for each in given[id] if each != other] + [unit]
                        return True
        return False

    return all(place(unit, set()) for unit, need in needs.items() for _ in range(need))


def drawn(sealed: dict, seed: str) -> list:
    chance, lines, chosen = Chance(seed), [], []
    units, officers = ({each["id"]: each for each in sealed[pool]} for pool in ("units", "officers"))
    why = {(r["officer"], r["unit"]): f"回避，{r['reason']}" for r in sealed["recusals"]}
    free = [id for id in officers if not officers[id]["bar"]]
    able = {unit: {id for id in free if (id, unit) not in why} for unit in units}
    room = {id: officers[id]["most"] for id in officers}
    left = {id: units[id]["weight"] for id in units}
    while left and len(chosen) < sealed["count"]:
        id = chance.take(left)
        can = staffed(dict.fromkeys([*chosen, id], 2), room, able)
        if reason := units[id]["bar"] or ("" if can else "派不出两名可派的人员"):
            lines.append(f"跳过对象：{units[id]['name']}（{id}），{reason}")
        else:
            chosen.append(id)
            lines.append(f"抽中第{len(chosen)}家：{units[id]['name']}（{id}）")
    for nth, unit in enumerate(chosen, 1):
        team, left = [], dict.fromkeys(officers, 1)
        while len(team) < 2:
            id = chance.take(left)
            full = f"本次已派满 {officers[id]['most']} 家" if room[id] == 0 else ""
            reason = officers[id]["bar"] or why.get((id, unit), "") or full
            if not reason:
                needs = dict.fromkeys(chosen[nth:], 2) | {unit: 1 - len(team)}
                if not staffed(needs, room | {id: room[id] - 1}, able | {unit: able[unit] - {*team, id}}):
                    reason = "留给别的对象，否则那一家不足两人"
            if reason:
                lines.append(f"第{nth}家 跳过人员：{officers[id]['name']}（{id}），{reason}")
            else:
                team.append(id)
                room[id] -= 1
        head, second = (f"{officers[id]['name']}（{id}）" for id in team)
        lines.append(f"第{nth}家 {units[unit]['name']}（{unit}）：主办{head}，协办{second}")
    return lines


def main(file: str, published: str = "") -> int:
    try:
        held = json.loads(Path(file).read_text("utf-8"))
        sealed, secret, told = held["sealed"], held["secret"], held["result"]
        digest = sha256(json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
        again = drawn(sealed, f"{digest}/{secret}/{held['word']}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"这个文件读不出来：{error!r}")
        return 2
    if held["digest"] != digest or (published and published != digest) or sealed["commitment"] != sha256(secret):
        print("名录库、规则或种子和封存时的校验值不符")
        return 1
    for nth in range(max(len(told), len(again))):
        if told[nth : nth + 1] != again[nth : nth + 1]:
            print(f"第 {nth + 1} 行不同\n文件：{''.join(told[nth : nth + 1])}\n重算：{''.join(again[nth : nth + 1])}")
            return 1
    print(f"相同，共 {len(again)} 行，校验值 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
