"""The laptops whose keys are known here: by them the work of colleagues is proven, on arrival and in an exported record."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..record.keys import PublicKey
from ..store.ledger import Store

_TOLD, _REVOKED = "device_keys", "revoked_keys"


def keep_told(store: Store, keys: Sequence[str], revoked: Sequence[str] = ()) -> None:
    """Keep what the bureau says of all laptops, for work without it. What a revoked one signed before stays proven."""
    store.set_meta(_TOLD, json.dumps(keys).encode())
    store.set_meta(_REVOKED, json.dumps(revoked).encode())


def is_revoked(store: Store, key: PublicKey) -> bool:
    """Whether the bureau had revoked this key when it was last asked."""
    return key.text() in json.loads(store.meta(_REVOKED) or b"[]")


def revoked_devices(store: Store) -> frozenset[str]:
    """The names of the laptops that the bureau had revoked when it was last asked."""
    return frozenset(PublicKey.parse(text).name for text in json.loads(store.meta(_REVOKED) or b"[]"))


def device_keys(store: Store) -> list[PublicKey]:
    """The public keys of laptops and bureau: what the bureau said when it was last asked, and what devices say of
    themselves. A colleague's laptop tells its enrolment to the bureau alone."""
    told = json.loads(store.meta(_TOLD) or b"[]")
    own = (row["key"] for _, _, row in store.topic("device") if row.get("key"))
    return [PublicKey.parse(text) for text in dict.fromkeys((*told, *own))]
