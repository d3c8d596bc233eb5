"""Copies of the bureau's record, the way back, and the check of everything: portable files, whatever the database.

A copy holds the record as canonical lines, the signed notes, the sealed pieces of all files, and accounts and settings as
they are kept (encrypted where they are encrypted). It is restored into an empty place only, and begins a new life there:
laptops notice that the bureau knows less than it once signed for, and hand in again what is lacking.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from inspector_app.domain.problems import Problem
from inspector_app.durable import settle
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.entry import event_of
from inspector_app.record.proof import proven

from . import schema, timestamp
from .office import Config, Office, check_secret

_TABLES = (*schema.ledger.sorted_tables, *schema.state.sorted_tables)
_DROPPED = frozenset({"session", "throttle"})
"""What a new life begins without: nobody is signed in to it."""


def back_up(office: Office, target: Path) -> str:
    """Write a copy to a new folder; the name `copy.json` stands only when it is whole. Raises OSError, Problem."""
    if target.exists() and any(target.iterdir()):
        raise Problem("restore_over")
    if target.resolve().is_relative_to(office.config.folder.resolve()):
        raise Problem("backup_inside")  # it would be lost with what it is a copy of
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    counts: dict[str, int] = {}
    with office.ledger.reader.connect() as connection:  # one transaction: one moment
        for table in _TABLES:
            if table.name not in _DROPPED:
                counts[table.name] = _write_table(connection, table, target / f"{table.name}.jsonl")
        digests = list(connection.scalars(select(schema.blob_receipt.c.sha256)))
    destroyed = office.ledger.destroyed()
    pieces = office.config.pieces
    for sha256 in digests:
        for name in pieces.names(f"blobs/{sha256[:2]}/{sha256}"):
            _write(target / "files" / name, pieces.read(name))
    about = {"device": office.key.name, "at": office.clock.now().at.isoformat(), "rows": counts,
             "files": len(digests), "destroyed": destroyed}  # fmt: skip
    _write(target / "copy.json", json.dumps(about, ensure_ascii=False, sort_keys=True).encode())
    return f"备份已存好：{counts['event']} 条，{len(digests)} 个文件。"


def check_backup(source: Path) -> str:
    """Check a copy as it lies there. Raises Problem when it is not whole or not what it says."""
    about = _about(source)
    ids = Counter[str]()
    for row in _rows(source / "event.jsonl"):
        event = event_of(base64.b64decode(row["line"]["b64"]))
        if event.id != row["id"] or event.stream != row["stream"]:
            raise Problem("backup_damaged", detail=f"{row['stream']} 第 {row['place'] + 1} 条与编号不符。")
        ids[event.id] += 1
    files = {p.parent.name for p in (source / "files").rglob("*") if p.is_file()}
    lacking = {row["sha256"] for row in _rows(source / "blob_receipt.jsonl") if row["size"]} - files
    lacking -= set(about.get("destroyed", ()))
    if sum(ids.values()) != about["rows"]["event"] or lacking:
        raise Problem("backup_damaged", detail=f"应有 {about['rows']['event']} 条，实有 {sum(ids.values())} 条，"
                                              f"缺 {len(lacking)} 个文件。")  # fmt: skip
    return f"备份完整：{sum(ids.values())} 条，{about['files']} 个文件。"


def restore(source: Path, config: Config) -> str:
    """Bring a copy back to an empty place under the same secret, and begin a new life there.

    Raises:
        Problem: `backup_damaged` when the copy is not whole, `restore_over` when the place holds something, `other_secret`
            when the copy was made under another one; nothing is laid out then.
    """
    said = check_backup(source)
    for row in map(_plain, _rows(source / "setting.jsonl")):
        check_secret(config.secret, row["name"], row["value"])
    with Office(config) as office:
        _lay_out(source, office)
    with Office(config) as made:  # with the keys that came back
        made.ledger.rebuild()
        found = faults(made)
    if found:
        raise Problem("backup_damaged", detail="；".join(found[:3]))
    return f"已恢复并核对。{said}"


def _lay_out(source: Path, office: Office) -> None:
    """Put rows and files of a copy where there is nothing yet. Raises `Problem("restore_over")`."""
    if office.ledger.count():
        raise Problem("restore_over")
    with office.engine.begin() as connection:
        for table in _TABLES:
            if table.name in _DROPPED:
                continue
            if table in schema.state.sorted_tables:
                connection.execute(delete(table))
            batch = list(_rows(source / f"{table.name}.jsonl"))
            for start in range(0, len(batch), 1000):
                connection.execute(insert(table), [_plain(row) for row in batch[start : start + 1000]])
        connection.execute(delete(schema.setting).where(schema.setting.c.name == "epoch"))
    for file in (source / "files").rglob("*"):
        if file.is_file():
            office.config.pieces.create(str(file.relative_to(source / "files")), [file.read_bytes()])


def faults(office: Office) -> list[str]:
    """Everything that is not as it must be: lines, chains, signatures, time stamps, files. Empty when all is well."""
    found: list[str] = []
    for stream in sorted(office.ledger.teams()):
        entries = office.ledger.entries(stream)
        events = []
        for entry in entries:
            try:
                event = event_of(entry.line)
            except ValueError:
                found.append(f"{stream}：{entry.strand} 第 {entry.seq + 1} 条不能读")
                continue
            if (event.id, event.strand, event.seq, event.prev) != (entry.id, entry.strand, entry.seq, entry.prev):
                found.append(f"{stream}：{entry.strand} 第 {entry.seq + 1} 条与编号不符")
            events.append(event)
        _, refused = proven(events, office.ledger.notes(stream), office.keys_of, lambda id: False)
        found += [
            f"{stream}：{event.strand} 第 {event.seq + 1} 条没有签名证明（{reason}）" for event, reason in refused
        ]
        found += [
            f"{stream}：有一份签名读不出" for note in office.ledger.notes(stream) if Checkpoint.read(note) is None
        ]
    found += timestamp.check(office)[1]
    with office.ledger.reader.connect() as connection:
        digests = connection.execute(select(schema.blob_receipt.c.sha256, schema.blob_receipt.c.size)).all()
    destroyed = set(office.ledger.destroyed())
    for sha256, size in digests:
        if size and sha256 not in destroyed and not _whole(office, sha256):
            found.append(f"文件 {sha256[:8]} 不全或变了")
    return found


def flagged(office: Office) -> Counter[str]:
    """How many events were taken that a person should look at, by the code of the reason."""
    with office.ledger.reader.connect() as connection:
        return Counter(connection.scalars(select(schema.flag.c.code)))


def _whole(office: Office, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in office.blobs.stream(sha256):
            digest.update(piece)
    except (Problem, FileNotFoundError):
        return False
    return digest.hexdigest() == sha256


# -- rows as lines ------------------------------------------------------------------------------------------------


def _write_table(connection: Connection, table: Table, path: Path) -> int:
    count = 0
    with path.open("xb") as file:
        for row in connection.execution_options(yield_per=1000).execute(select(table)).mappings():
            plain = {
                k: {"b64": base64.b64encode(v).decode()} if isinstance(v, bytes | memoryview) else v
                for k, v in row.items()
            }
            file.write(json.dumps(plain, ensure_ascii=False).encode() + b"\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, ValueError) as error:
        raise Problem("backup_damaged", detail=f"备份里的 {path.name} 读不出。") from error


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: base64.b64decode(v["b64"]) if isinstance(v, dict) else v for k, v in row.items()}


def _about(source: Path) -> dict[str, Any]:
    try:
        made: dict[str, Any] = json.loads((source / "copy.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Problem("not_found", what=f"“{source}”里的备份") from error
    return made


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(f".{secrets.token_hex(6)}")
    with part.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    settle(part, target)
