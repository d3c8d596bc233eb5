"""The exported record: one file with every line, file and signed checkpoint of an inspection.

Members, in this order: VERIFY.zh.md (how to check without this program), keys.txt (public keys of the devices),
record.jsonl (the canonical lines in causal order), checkpoints.json (signed notes), blobs/<sha256>, manifest.json
(name, size, SHA-256 and SM3 of all of these), manifest.note (the manifest's digest, signed).
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..domain.event import BlobRef
from ..durable import settle
from .canonical import encode
from .container import Writer
from .digests import Digests
from .keys import SUITE, DeviceKey, PublicKey

FORMAT = "inspector/record/v1"
_ORIGIN = "inspector/manifest/v1"

GUIDE = """# 怎样核验这份过程记录

这个文件是一份普通的 ZIP 文件，里面没有压缩，任何解压程序都能打开。

1. `manifest.json` 列出每个成员的长度、SHA-256 和 SM3，可用任何工具逐个重算比对。
2. `manifest.note` 是 `manifest.json` 的 SHA-256 和制作设备的签名（C2SP signed-note 格式，Ed25519）。公钥在 `keys.txt`，
   但写在这里的公钥不能证明自己：请向办案机关索取设备公钥编号另行核对。
3. `record.jsonl` 每行是一条记录。一行字节的 SHA-256 就是这一条的编号；`prev` 是同一台设备上一条的编号，
   `parents` 是写这一条时已经看到的各条的编号。任何一条被改、被删、被换位，后面的编号就对不上。
4. `checkpoints.json` 是历次签名的末尾位置。正式文书上的核验码就是当时那个末尾位置的摘要（SHA-256 前 160 位）。
   手里有后来的文书而这里找不到它的核验码，说明记录被截短或换过。
   每台设备都要有自己的签名盖住它写的最后一条；别的设备替它签的不算。有第二名检查人员会签的，同一份末尾位置下面还有一行他的签名，
   公钥写在 `cosigner_named` 那一条里，同样要另行核对编号。在另一台电脑上会签的，是 `cosignature_taken` 那一条：`note` 是签的末尾位置，
   `answer` 写着它的核验码、时间和会签人的公钥，下面是那台电脑和会签人各一行签名。
5. `blobs/` 下是照片原件和文书，文件名就是它的 SHA-256。疑似涉密而封存、或按保密命令销毁的不在里面，记录里留有它的摘要和
   命令文号。

用本软件核验：`inspector-app verify 文件 --anchor 文书上的核验码 --key 设备公钥编号 --key 会签公钥编号`
"""


@dataclass(frozen=True, slots=True)
class _Digests:
    size: int
    sha256: str
    sm3: str


def write_package(
    target: Path, lines: Sequence[bytes], *, stream: str, notes: Sequence[str], blobs: Iterable[BlobRef],
    read: Callable[[str], Iterable[bytes]], keys: Iterable[PublicKey], key: DeviceKey,
) -> None:  # fmt: skip
    """Write the export of `stream`; an unfinished file never stands under the final name.

    `read(sha256)` gives the pieces of a file; `keys` are those of all devices that wrote, `key` signs the manifest.

    Raises:
        OSError: the target cannot be written; ValueError: a file is not as long as its event says.
    """
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            writer = Writer(file)
            members: dict[str, _Digests] = {}

            def add(name: str, size: int, pieces: Iterable[bytes]) -> None:
                members[name] = _Digests(size, *_copy(writer, name, size, pieces))

            def text(name: str, content: bytes) -> None:
                add(name, len(content), (content,))

            text("VERIFY.zh.md", GUIDE.encode())
            known = {k.id: k for k in (*keys, key.public)}
            text("keys.txt", "".join(f"{known[id].text()}\n" for id in sorted(known)).encode())
            text("record.jsonl", b"".join(line + b"\n" for line in lines))
            text("checkpoints.json", encode(list(notes)))
            for ref in sorted({b.sha256: b for b in blobs}.values(), key=lambda b: b.sha256):
                add(f"blobs/{ref.sha256}", ref.size, read(ref.sha256))
            manifest = encode(
                {
                    "format": FORMAT, "suite": SUITE, "stream": stream, "key": key.public.id, "events": len(lines),
                    "members": [{"name": name, "size": d.size, "sha256": d.sha256, "sm3": d.sm3}
                                for name, d in members.items()],
                }
            )  # fmt: skip
            writer.add("manifest.json", len(manifest), (manifest,))
            note = signed(manifest, stream, key).encode()
            writer.add("manifest.note", len(note), (note,))
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        settle(part, target)
    finally:
        part.unlink(missing_ok=True)


def _copy(writer: Writer, name: str, size: int, pieces: Iterable[bytes]) -> tuple[str, str]:
    digests = Digests()

    def seen() -> Iterable[bytes]:
        for piece in pieces:
            digests.update(piece)
            yield piece

    writer.add(name, size, seen())
    return digests.sha256, digests.sm3


def note_body(manifest: bytes, stream: str) -> str:
    """What the signature of a manifest covers."""
    digest = base64.b64encode(hashlib.sha256(manifest).digest()).decode()
    return f"{_ORIGIN}\n{stream}\n{digest}\n"


def signed(manifest: bytes, stream: str, key: DeviceKey) -> str:
    """The signed note of a manifest."""
    body = note_body(manifest, stream)
    signature = base64.b64encode(key.public.hash + key.sign(body.encode())).decode()
    return f"{body}\n— {key.name} {signature}\n"
