"""The child that is killed: it works through a visit and tells through its pipe what was acknowledged."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import event as sql

from inspector_app.actions import check, evidence, findings, sign_in, trial
from inspector_app.evidence import vault as vault_room
from tests.office import CASE, laptop_at

Tell = Callable[[str, str, str], None]
STEPS = ("begin", "insert", "fold", "commit", "committed", "sealing", "sealed", "renamed", "draft", "checkpoint")
"""Places in the writing of an action where the power may go: before and after each thing that reaches the disk."""


def arm(session: sign_in.Session, step: str, wanted: int) -> None:
    """Kill this process at the `wanted`-th passing of a step."""
    passed: Counter[str] = Counter()

    def at(name: str) -> None:
        passed[name] += 1
        if name == step and passed[name] == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(owner: Any, name: str, before: str = "", after: str = "") -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if before:
                at(before)
            result = original(*args, **kwargs)
            if after:
                at(after)
            return result

        setattr(owner, name, wrapped)

    store, vault = session.book.store, session.book.vault
    around(store, "_append", before="begin", after="committed")
    around(store, "_insert", before="insert")
    around(store, "_store_rows", before="fold")
    sql.listen(store._engine, "commit", lambda connection: at("commit"))
    around(vault, "_seal", before="sealing", after="sealed")
    around(vault_room, "sync_folder", before="renamed")
    around(store, "save_draft", before="draft")
    around(store, "fix_checkpoint", before="checkpoint")


def work(session: sign_in.Session, chance: random.Random, tell: Tell) -> None:
    """Answers, remarks, photos, findings and half-typed text, each told when it is acknowledged."""
    book = session.book
    codes = [item.code for item in session.queries.case(CASE).items]
    files = sorted(trial.card_of(session.laptop).iterdir())[:6]
    for turn in range(10_000):
        code = chance.choice(codes)
        act = chance.random()
        if act < 0.7:
            value = chance.choice(("符合", "基本符合", "不符合"))
            check.answer(book, CASE, code, value)
            tell("answer", code, value)
        elif act < 0.82:
            check.note(book, CASE, code, f"备注{turn}")
            tell("note", code, f"备注{turn}")
        elif act < 0.9:
            book.store.save_draft("shen", f"{code}/note", f"半句{turn}", "2026-03-16")
            tell("draft", code, f"半句{turn}")
        elif act < 0.95:
            fresh = session.laptop.folder / f"IMG_{os.getpid()}_{turn}.JPG"  # what is held already is not stored again
            fresh.write_bytes(chance.choice(files).read_bytes() + fresh.name.encode())
            for number in evidence.add_photos(book, CASE, [fresh], item=code).value.numbers:
                tell("photo", number, code)
        elif act < 0.97:
            point = book.store.fix_checkpoint(CASE)
            tell("checkpoint", point.code, "-")
        elif session.queries.case(CASE).item(code).value in ("基本符合", "不符合"):  # type: ignore[union-attr]
            tell("finding", findings.record(book, CASE, code).value, code)


def main(pipe: Connection, folder: Path, seed: int, step: str = "", passing: int = 0) -> None:
    """Work until killed; with a named write step kill this process at that passing of it."""

    def tell(kind: str, key: str, value: str) -> None:
        pipe.send((kind, key, value))

    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    if step:
        arm(session, step, passing)
    tell("ready", "-", "-")
    work(session, random.Random(seed), tell)
