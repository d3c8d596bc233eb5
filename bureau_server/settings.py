"""The configuration file of the bureau's server (TOML): each name and its type, so that a slip of the pen is told at the start."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from inspector_app.domain.problems import Problem

NEEDED = ("folder", "database", "secret_file")
_TYPES: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys((*NEEDED, "host"), (str, "加引号的文字")),
    "port": (int, "数字"),
    "hosts": (list, "方括号里的几个名称"),
    **dict.fromkeys(("bucket", "oidc", "timestamp"), (dict, "一节，写成 [{name}]")),
}
_MOST_PORT = 65_535


def read(file: Path) -> Mapping[str, Any]:
    """The settings as they are written.

    Raises:
        OSError: the file cannot be read.
        Problem: `settings_bad` with all that is wrong.
    """
    try:
        plain = tomllib.loads(file.read_text("utf-8"))
    except ValueError as error:  # TOML's own, and text that is no UTF-8
        raise Problem("settings_bad", name=file, detail=f"读不通：{error}") from error
    if wrong := "；".join(_wrong(plain)):
        raise Problem("settings_bad", name=file, detail=wrong)
    return plain


def _wrong(plain: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"缺 {name}" for name in NEEDED if not plain.get(name))
    for name, value in plain.items():
        if name not in _TYPES:
            yield f"没有 {name} 这一项"
            continue
        kind, said = _TYPES[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            yield f"{name} 应是{said.format(name=name)}"
        elif isinstance(value, int) and not 0 < value <= _MOST_PORT:
            yield f"{name} 应在 1 至 {_MOST_PORT}"
        elif isinstance(value, list) and not (value and all(isinstance(each, str) and each for each in value)):
            yield f"{name} 应是{said}"
