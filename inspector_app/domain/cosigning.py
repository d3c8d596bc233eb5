"""会签: another laptop cosigns how far a record had come. The one side keeps what it gave, the other what it took."""

from __future__ import annotations

from datetime import datetime

from .event import Event
from .folding import Folding
from .rows import Key

GIVEN, TAKEN = "cosignature_given", "cosignature_taken"
KINDS = (GIVEN, TAKEN)


def apply(folded: Folding, event: Event) -> set[Key]:
    """One row a checkpoint and key, however often it was taken in; who gives it names the own key beside it.

    Raises ValueError for an answer without a time and a number that can be read.
    """
    body = event.body
    if event.kind == TAKEN and (datetime.fromisoformat(body["signed_at"]).tzinfo is None or int(body["count"]) < 1):
        raise ValueError(body["signed_at"])
    key = ("cosigned" if event.kind == TAKEN else "cosigned_elsewhere", f"{body['code']} {body['key']}")
    folded.rows[key] = dict(body)
    if event.kind == TAKEN:
        return {key}
    own = ("cosigner", str(body["key"]))
    folded.row(*own).update({name: body[name] for name in ("id", "name", "key")})
    return {key, own}
