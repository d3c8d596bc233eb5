"""Real keys and a real repository, made with the maker's own tool."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector_app import __version__
from inspector_app.domain.problems import Problem
from inspector_app.places import FORMS
from tests.shipping.recipes import recipe

tool = recipe("updates")

LAW = 'title = "中华人民共和国档案法"'
CHECKED = (LAW, f"{LAW}\n# 示例核对过")
"""A text of the rules, changed."""


def refused_as(codes: Collection[str], act: Callable[[], object]) -> None:
    """The act is refused with one of these problems."""
    with pytest.raises(Problem) as caught:
        act()
    assert caught.value.code in codes, caught.value


def key(folder: Path, name: str) -> Path:
    """A fresh key as its owner keeps it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.pem"
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@dataclass
class Maker:
    """Who makes updates: a repository with its keys, at a moment of its own."""

    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    days: int = 90

    @property
    def repository(self) -> Any:
        return tool.Repository(self.folder / "repository", self.now, self.days)

    def keys(self, *names: str) -> Any:
        """The keys of these names; each is made where it is wanted first."""
        paths = [self.folder / "keys" / f"{name}.pem" for name in names]
        made = [path if path.is_file() else key(path.parent, path.stem) for path in paths]
        return tool.Keys.read([f"{path}=示例{path.stem}" for path in made])

    def root(self, *names: str, before: tuple[str, ...] = (), threshold: int = 1) -> None:
        delegates = {"rules": self.keys("法规科"), "program": self.keys("制作方")}
        self.repository.root(self.keys(*names), self.keys("online"), delegates, threshold, self.keys(*before))

    def anchor(self, path: Path) -> Path:
        """What the installation carries."""
        shutil.copyfile(self.folder / "repository" / "metadata" / "1.root.json", path)
        return path

    def rules(self, said: str = "示例更正", signer: str = "法规科", **changed: tuple[str, str]) -> None:
        """Rules in which words of a text differ: `policy=("old", "new")` for policy.toml."""
        forms = self.folder / "forms"
        shutil.rmtree(forms, ignore_errors=True)
        shutil.copytree(FORMS, forms)
        for name, (old, new) in changed.items():
            path = next(path for path in forms.rglob(f"{name}.*") if path.suffix in (".toml", ".xml"))
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new), "utf-8")
        self.repository.rules(forms, __version__, said, self.keys(signer), self.keys("online"))

    def program(self, version: str, archive: Path, signer: str = "制作方") -> None:
        self.repository.program(archive, version, "示例新版本", self.keys(signer), self.keys("online"))

    def pack(self, name: str = "更新.zip") -> Path:
        file = self.folder / name
        self.repository.pack(file)
        return file


def maker(folder: Path, **settings: Any) -> Maker:
    """A maker with one root key."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Maker(folder, **settings)
    made.root("root")
    made.repository.program(_empty(folder), "0.0.1", "", made.keys("制作方"), made.keys("online"))
    return made


def _empty(folder: Path) -> Path:
    path = folder / "empty.tar.gz"
    path.write_bytes(b"")
    return path


def archive(path: Path, version: str, says: str = "") -> Path:
    """A version of the program that says its name, with a few files beside it."""
    name = f"inspector-app-{version}"
    files = {f"{name}/_internal/{number:03}.bin": bytes([number]) * 2000 for number in range(9)}
    files[f"{name}/inspector-app"] = (
        f'#!/bin/sh\necho "{says or version}" "${{@#--version}}" | sed "s/ *$//"\n'.encode()
    )
    with tarfile.open(path, "w:gz") as packed:
        for member, content in files.items():
            info = tarfile.TarInfo(member)
            info.size, info.mode = len(content), 0o755 if member.endswith("inspector-app") else 0o644
            packed.addfile(info, io.BytesIO(content))
    return path


def altered(file: Path, target: Path, **members: bytes | None) -> Path:
    """A copy of an update file with members replaced; None leaves one out. `{"a/b": …}` is given as keywords."""
    with ZipFile(file) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            content = members.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name in members.keys() - set(old.namelist()):
            content = members[name]
            assert content is not None
            new.writestr(name, content)
    return target


def member(file: Path, name: str) -> bytes:
    with ZipFile(file) as packed:
        return packed.read(name)


def plain(file: Path, name: str) -> Any:
    return json.loads(member(file, name))
