"""Where the product's own data lies, and the shelf of rules; a leaf that every room may read and that reads none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMS = ROOT / "forms"
RESOURCES = ROOT / "resources"
MIGRATIONS = ROOT / "db"
UPDATE_ROOT = RESOURCES / "update-root.json"
"""Whose updates this installation takes; laid there by whoever makes the bundle, and absent from the sources."""

RULES = ("*.toml", "laws/*.toml", "papers/*.toml", "checklists/*.xml")
"""Names of the texts that rule the work: policy, procedure, calendar, law catalogue, wording of papers, checklists."""


@dataclass(frozen=True, eq=False, slots=True)
class Shelf:
    """The texts of the rules by name, e.g. `laws/archives_law.toml`: what the bureau has published stands in place of what
    an update brought, and that in place of what came with the application. Two shelves are one only when they are the
    same object, so that readers may cache."""

    folder: Path = FORMS
    published: Mapping[str, str] = field(default_factory=dict)
    updated: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Raises FileNotFoundError for a text that is not there."""
        held = self.published.get(name, self.updated.get(name))
        return held if held is not None else (self.folder / name).read_text("utf-8")

    def names(self, pattern: str) -> list[str]:
        """The names that match a pattern of `RULES`, in order."""
        shipped = {path.relative_to(self.folder).as_posix() for path in self.folder.glob(pattern)}
        later = {
            name
            for name in (*self.published, *self.updated)
            if name.count("/") == pattern.count("/") and fnmatchcase(name, pattern)
        }
        return sorted(shipped | later)


SHIPPED = Shelf()
"""The rules that came with the application."""
