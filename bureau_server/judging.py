"""Whether the person who wrote an event could write it in the role that it claims; asked once, when it comes in.

A device signs for its events, and not for what its owner may do. What nobody with that role may write, and a role that was
borrowed, is kept as it was signed, and set aside by an event of the bureau; what stands behind it goes on. Roles change and
laptops are away for weeks: work in a role that the person once held is taken, and flagged where it is held no longer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector_app.domain.access import Role, act_of, may
from inspector_app.domain.event import EVENTS, Actor, Event

from .accounts import Accounts, Standing

_AT_SETTING_UP = frozenset({"enter", "number", "sign_in"})
"""What a laptop writes before it belongs to a bureau: whoever sets it up acts as an officer until then."""


@dataclass(slots=True)
class Judge:
    """Asks the accounts once for each person and device of a batch. `own` is the bureau's own device."""

    accounts: Accounts
    own: str
    _people: dict[str, Standing] = field(default_factory=dict)
    _devices: dict[str, tuple[frozenset[str], bool]] = field(default_factory=dict)
    _said: dict[tuple[str, str, str, str], str] = field(default_factory=dict)

    def __call__(self, event: Event) -> str:
        """A code of `access.SET_ASIDE` or `access.FLAGGED`, or "" where nothing is to be said."""
        key = (event.kind, event.actor.id, event.actor.role, event.device)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = "" if event.device == self.own else self._judge(event)
        return said

    def _judge(self, event: Event) -> str:
        claimed, act = event.actor.role, act_of(event.kind)
        if claimed not in {role.value for role in Role}:
            return "role_borrowed"
        holders, revoked = self._device(event.device)
        if event.kind not in EVENTS:  # of a later version: it is carried on and does nothing here
            return "device_revoked" if revoked else ""
        if not may(event.actor, act):
            return "not_in_role"
        person = self._person(event.actor.id)
        if claimed == Role.OFFICER:
            # Whoever may open a laptop acts as an officer there, with or without an account; but nobody gets a right
            # by it that the own role at the bureau does not give.
            able = not person.ever or any(may(Actor("", "", role), act) for role in person.ever)
            if not able and act not in _AT_SETTING_UP:
                return "role_borrowed"
        elif claimed not in person.ever or event.actor.id not in holders:
            return "role_borrowed"
        elif claimed != person.now:
            return "role_ended"
        return "device_revoked" if revoked else ""

    def _person(self, id: str) -> Standing:
        if id not in self._people:
            self._people[id] = self.accounts.standing(id)
        return self._people[id]

    def _device(self, name: str) -> tuple[frozenset[str], bool]:
        if name not in self._devices:
            self._devices[name] = self.accounts.holders(name)
        return self._devices[name]
