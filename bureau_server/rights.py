"""What one person may read and hand in, stream by stream; the rule itself stands in the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector_app.domain.access import BUREAU, Resource, may
from inspector_app.domain.event import FORMS_STREAM, OPERATION, PLANNING, RECORDERS, REGISTER, RULES_STREAM

from .accounts import Person
from .ledger import Ledger


def by_anybody(stream: str) -> bool:
    """Whether events of a stream are taken whoever brings them, as on a stick: nobody is signed in there. Each is judged by who
    wrote it; what the bureau says of itself comes by those who keep it only."""
    return stream.partition("/")[0] in ("inspection", "device", FORMS_STREAM, RECORDERS, PLANNING)


@dataclass(slots=True)
class Rights:
    """The rights of one request: in all streams, or in `only` some. Teams are read once, when they are first asked for."""

    ledger: Ledger
    person: Person
    only: Sequence[str] = ()
    _teams: dict[str, frozenset[str]] | None = field(default=None)

    def may_read(self, stream: str) -> bool:
        """Whether this person's devices take in a stream. A revoked device takes in nothing more."""
        if self.person.revoked:
            return False
        kind = stream.partition("/")[0]
        if kind == "inspection":
            return may(self.person.actor, "read", Resource(kind, self._team(stream)))
        if kind == "device":
            own = self.person.holds and stream == f"device/{self.person.device}"
            return own or may(self.person.actor, "see_operation", BUREAU)
        if kind == OPERATION:
            return may(self.person.actor, "see_operation", BUREAU)
        return may(self.person.actor, "read_register", Resource(kind))

    def may_write(self, stream: str) -> bool:
        """Whether what this person's device hands in to a stream is taken; a new inspection may be begun by anybody
        who may write one."""
        kind = stream.partition("/")[0]
        if kind == "inspection":
            return may(self.person.actor, "write", Resource(kind, self._team(stream) or None))
        if kind == "device":
            return True  # each event of it is signed by the device that it tells of
        if kind == FORMS_STREAM:
            return may(self.person.actor, "keep_forms", Resource(kind))
        if kind == RECORDERS:
            return may(self.person.actor, "lend", Resource(kind))
        if kind == PLANNING:
            return may(self.person.actor, "prepare", Resource(kind))
        return kind in (REGISTER, RULES_STREAM) and may(self.person.actor, "write_register", Resource(kind))

    def after_writing(self) -> None:
        """Forget what was read before something was taken in."""
        self._teams = None

    def _team(self, stream: str) -> frozenset[str]:
        if self._teams is None:
            self._teams = self.ledger.teams(self.only)
        return self._teams.get(stream, frozenset())
