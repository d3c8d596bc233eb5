"""One laptop: where its data lies, and what it needs to open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..domain.clock import Clock
from ..domain.problems import Problem, reason
from ..places import UPDATE_ROOT
from ..store.disk import RESERVE
from ..store.keys import KeyBox
from ..store.place import Place, place_of
from .rules import Rules


@dataclass(frozen=True, slots=True)
class Laptop:
    """Where one laptop's data lies and what it needs to open it."""

    folder: Path
    clock: Clock
    rules: Rules
    version: str
    open_keys: Callable[[Path], KeyBox] = KeyBox.of_system
    reserve: int = RESERVE
    place_of: Callable[[Path], Place] = place_of
    anchor: Path = UPDATE_ROOT
    """The root metadata of whose updates are taken."""
    programs: Path | None = None
    """Where later versions of the program are laid; None when this one is not an installed bundle."""

    @property
    def keys(self) -> KeyBox:
        return self.open_keys(self.folder / "keys.json")

    @property
    def is_set_up(self) -> bool:
        return (self.folder / "keys.json").exists()

    def make_folder(self) -> None:
        """Make the data folder where it is not there. Raises `Problem("folder_closed")`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise Problem("folder_closed", name=self.folder, detail=reason(error)) from error

    def people(self) -> dict[str, str]:
        """Those who may sign in here: id and name."""
        return self.keys.people() if self.is_set_up else {}
