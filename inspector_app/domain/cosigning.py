"""会签: another laptop cosigns how far a record had come. The one side keeps what it gave, the other what it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .event import Event
    from .projection import Folded, Key

GIVEN, TAKEN = "cosignature_given", "cosignature_taken"
KINDS = (GIVEN, TAKEN)


def apply(folded: Folded, event: Event) -> set[Key]:
    """One row a checkpoint and key, however often it was taken in; who gives it names the own key beside it."""
    key = ("cosigned" if event.kind == TAKEN else "cosigned_elsewhere", f"{event.body['code']} {event.body['key']}")
    folded.rows[key] = dict(event.body)
    if event.kind == TAKEN:
        return {key}
    own = ("cosigner", str(event.body["key"]))
    folded.row(*own).update({name: event.body[name] for name in ("id", "name", "key")})
    return {key, own}
