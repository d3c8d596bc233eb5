"""Makes update files: a repository of The Update Framework in a folder, and one ZIP of it for stick or server.

    updates.py root REPOSITORY --root KEY... --online KEY --rules KEY --program KEY [--threshold N] [--days N]
    updates.py rules REPOSITORY --made-for VERSION --said TEXT --key RULES-KEY --online KEY [--forms FOLDER]
    updates.py program REPOSITORY --version VERSION --said TEXT --archive FILE --key PROGRAM-KEY --online KEY
    updates.py pack REPOSITORY FILE

A key is a PEM file (`openssl genpkey -algorithm ed25519 -out FILE`; with `-aes-256-cbc` its passphrase is asked for), written
KEY or KEY=whose it is. Root keys belong in a safe and sign only `root`: the first time, and again to exchange keys (then
the old root keys sign too, as --root-before). `1.root.json` of the repository goes into the bundle as resources/update-root.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from getpass import getpass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Key
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from inspector_app.places import FORMS
from inspector_app.places import RULES as NAMES
from inspector_app.updates.offer import NAMED, PROGRAM, RULES, program_name, rules_name

ONLINE_DAYS, YEAR = 90, 365
"""Days that timestamp and snapshot hold, and the roles that are signed by hand. A stick travels slowly."""


@dataclass(frozen=True)
class Keys:
    """The keys of one role."""

    signers: tuple[CryptoSigner, ...]

    @classmethod
    def read(cls, words: Sequence[str]) -> Keys:
        """From `FILE` or `FILE=whose it is`."""
        made = []
        for word in words:
            name, _, whose = word.partition("=")
            pem = Path(name).read_bytes()
            secret = getpass(f"{name}: ").encode() if b"ENCRYPTED" in pem else None
            signer = CryptoSigner(load_pem_private_key(pem, secret))
            signer.public_key.unrecognized_fields[NAMED] = whose or Path(name).stem
            made.append(signer)
        return cls(tuple(made))


class Repository:
    """A repository in a folder: `metadata/` with every version of every role, `targets/` with what they vouch for."""

    def __init__(self, folder: Path, now: datetime, days: int = ONLINE_DAYS) -> None:
        self.folder, self._now, self._days = folder, now.astimezone(UTC).replace(microsecond=0), days

    def root(self, root: Keys, online: Keys, delegates: dict[str, Keys], threshold: int, before: Keys) -> None:
        """Say whose keys count from now on. The keys that counted before have to sign as well."""
        known = self._newest("root")
        signed = Root(version=self._version("root") + 1, expires=self._expiry(5 * YEAR), consistent_snapshot=True)
        for signer in root.signers:
            signed.add_key(signer.public_key, "root")
        signed.roles["root"].threshold = threshold
        for role in ("targets", "snapshot", "timestamp"):
            for signer in online.signers:
                signed.add_key(signer.public_key, role)
        self._write("root", Metadata(signed), Keys((*root.signers, *before.signers) if known else root.signers))
        targets = Targets(version=self._version("targets") + 1, expires=self._expiry(YEAR))
        keys: dict[str, Key] = {
            signer.public_key.keyid: signer.public_key for one in delegates.values() for signer in one.signers
        }
        roles = {
            role: DelegatedRole(role, [s.public_key.keyid for s in one.signers], 1, True, paths=[f"{role}/*"])
            for role, one in delegates.items()
        }
        targets.delegations = Delegations(keys, roles)
        self._write("targets", Metadata(targets), online)
        for role, one in delegates.items():
            self._bring(role, {}, one)
        self._seal(online)

    def rules(self, forms: Path, made_for: str, said: str, key: Keys, online: Keys) -> None:
        """Bring every text of a folder laid out like forms/, for one version of the program."""
        names = sorted({path.relative_to(forms).as_posix() for pattern in NAMES for path in forms.glob(pattern)})
        texts = {name: (forms / name).read_text("utf-8") for name in names}
        content = json.dumps(texts, ensure_ascii=False, sort_keys=True).encode()
        target = self._target(RULES, rules_name(made_for), content, made_for, said)
        self._bring(RULES, {target.path: target}, key)
        self._seal(online)

    def program(self, archive: Path, version: str, said: str, key: Keys, online: Keys, name: str = "") -> None:
        """Bring a version of the program: the archive that `bundle.py tar` makes."""
        target = self._target(PROGRAM, name or program_name(), archive.read_bytes(), version, said)
        self._bring(PROGRAM, {target.path: target}, key)
        self._seal(online)

    def pack(self, file: Path) -> None:
        """One file of the newest state, with every root on the way to it."""
        part = file.with_name(f"{file.name}.part")
        with ZipFile(part, "w", ZIP_DEFLATED) as packed:
            for path in self._needed():
                packed.write(path, path.relative_to(self.folder).as_posix(),
                             ZIP_STORED if path.name.endswith(".gz") else ZIP_DEFLATED)  # fmt: skip
        part.replace(file)

    # -- within ---------------------------------------------------------------------------------------------------

    def _needed(self) -> list[Path]:
        metadata = self.folder / "metadata"
        needed = [*metadata.glob("*.root.json"), metadata / "timestamp.json"]
        for role in ("snapshot", "targets", RULES, PROGRAM):
            needed.append(metadata / f"{self._version(role)}.{role}.json")
        for role in (RULES, PROGRAM):
            for target in self._held(role).values():
                folder, _, name = target.path.partition("/")
                needed.append(self.folder / "targets" / folder / f"{target.hashes['sha256']}.{name}")
        return sorted(needed)

    def _target(self, role: str, name: str, content: bytes, version: str, said: str) -> TargetFile:
        digest = hashlib.sha256(content).hexdigest()
        place = self.folder / "targets" / role / f"{digest}.{name}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        custom = {"custom": {"version": version, "said": said}}
        return TargetFile(len(content), {"sha256": digest}, f"{role}/{name}", custom)

    def _bring(self, role: str, targets: dict[str, TargetFile], key: Keys) -> None:
        signed = Targets(
            version=self._version(role) + 1, expires=self._expiry(YEAR), targets={**self._held(role), **targets}
        )
        self._write(role, Metadata(signed), key)

    def _seal(self, online: Keys) -> None:
        """A snapshot of which versions belong together, and the timestamp that says it is the newest."""
        metas = {f"{role}.json": MetaFile(self._version(role)) for role in ("targets", RULES, PROGRAM)}
        snapshot = Snapshot(version=self._version("snapshot") + 1, expires=self._expiry(self._days), meta=metas)
        self._write("snapshot", Metadata(snapshot), online)
        timestamp = Timestamp(
            version=snapshot.version, expires=self._expiry(self._days), snapshot_meta=MetaFile(snapshot.version)
        )
        self._write("timestamp", Metadata(timestamp), online)

    def _write(self, role: str, metadata: Metadata[Any], keys: Keys) -> None:
        for signer in keys.signers:
            metadata.sign(signer, append=True)
        number = "" if role == "timestamp" else f"{metadata.signed.version}."
        place = self.folder / "metadata" / f"{number}{role}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        metadata.to_file(str(place))

    def _newest(self, role: str) -> Path | None:
        found = self.folder.glob(f"metadata/*.{role}.json")
        return max(found, key=lambda path: int(path.name.partition(".")[0]), default=None)

    def _version(self, role: str) -> int:
        newest = self._newest(role)
        return int(newest.name.partition(".")[0]) if newest else 0

    def _held(self, role: str) -> dict[str, TargetFile]:
        """What a role vouches for as yet."""
        newest = self._newest(role)
        return Metadata[Targets].from_file(str(newest)).signed.targets if newest else {}

    def _expiry(self, days: int) -> datetime:
        return self._now + timedelta(days=days)


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    made = {name: commands.add_parser(name) for name in ("root", "rules", "program", "pack")}
    for command in made.values():
        command.add_argument("repository", type=Path)
        command.add_argument("--days", type=int, default=ONLINE_DAYS, help="how long the file may be taken")
    made["pack"].add_argument("file", type=Path)
    for name in ("--root", "--rules", "--program", "--online"):
        made["root"].add_argument(name, nargs="+", required=True, metavar="KEY")
    made["root"].add_argument("--root-before", nargs="+", default=[], metavar="KEY")
    made["root"].add_argument("--threshold", type=int, default=1)
    for name in (RULES, PROGRAM):
        made[name].add_argument("--said", required=True)
        for key in ("--key", "--online"):
            made[name].add_argument(key, nargs="+", required=True, metavar="KEY")
    made[RULES].add_argument("--made-for", required=True)
    made[RULES].add_argument("--forms", type=Path, default=FORMS)
    made[PROGRAM].add_argument("--version", required=True)
    made[PROGRAM].add_argument("--archive", type=Path, required=True)
    told = parser.parse_args(words)
    repository = Repository(told.repository, datetime.now(UTC), told.days)
    if told.command == "pack":
        repository.pack(told.file)
        return
    online = Keys.read(told.online)
    if told.command == "root":
        delegates = {RULES: Keys.read(told.rules), PROGRAM: Keys.read(told.program)}
        repository.root(Keys.read(told.root), online, delegates, told.threshold, Keys.read(told.root_before))
    elif told.command == RULES:
        repository.rules(told.forms, told.made_for, told.said, Keys.read(told.key), online)
    else:
        repository.program(told.archive, told.version, told.said, Keys.read(told.key), online)


if __name__ == "__main__":
    main()
