"""The recipes below packaging/, loaded by their place: the folder bears the name of another package."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
DIST = ROOT / "dist"


def recipe(name: str) -> ModuleType:
    """The module `packaging/<name>.py`."""
    spec = spec_from_file_location(f"recipe_{name}", ROOT / "packaging" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    made = module_from_spec(spec)
    sys.modules[spec.name] = made  # dataclasses look their module up
    spec.loader.exec_module(made)
    return made
