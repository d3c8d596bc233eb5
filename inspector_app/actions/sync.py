"""Exchange with the bureau: what the laptop hands in and takes in, receipts, and what was put aside."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ..domain.access import Role
from ..domain.clock import SystemClock
from ..domain.event import Draft, Entry, Heads
from ..domain.merge import strand_of
from ..domain.problems import Problem
from ..domain.rows import rows_of
from ..domain.secrecy import TOPICS
from ..record.checkpoint import Checkpoint
from ..record.keys import PublicKey
from ..record.proof import device_of, proven
from ..record.receipt import covers_file, covers_stream
from ..store.ledger import Store
from ..sync.browser import GoOn
from ..sync.browser import Visit as Visit
from ..sync.client import Outcome, exchange
from ..sync.enrolment import Address as Address
from ..sync.heads import lacking, summary
from ..sync.wire import MOST_LINES, Pull
from . import leasing, legal_queue, public_photo
from .book import Book, Done
from .devices import device_keys, keep_told
from .secrecy import carry_out, kept_back
from .sending import TURN, Turns, hand_in_files, reopen

if TYPE_CHECKING:
    from ..sync.door import Door

PRIVATE = "device/"
"""Streams of single devices; each device hands in its own and takes in nobody else's."""


@dataclass(slots=True)
class StoreReplica:
    """The laptop's store as the exchange sees it. `bureau` is the server's public key, pinned at enrolment."""

    book: Book
    bureau: PublicKey
    keys: Mapping[str, Sequence[PublicKey]]
    fell_back: bool = False
    """Whether the server was restored from an old copy since the last exchange."""

    @property
    def device(self) -> str:
        return self.book.store.device

    def sums(self) -> Mapping[str, str]:
        store = self.book.store
        own = f"{PRIVATE}{store.device}"
        return {s: summary(store.heads(s)) for s in store.streams() if not s.startswith(PRIVATE) or s == own}

    def heads(self, stream: str) -> Heads:
        return self.book.store.heads(stream)

    def outgoing(self, stream: str, theirs: Heads, ahead: Collection[str]) -> Sequence[Entry]:
        store = self.book.store
        aside = store.aside()
        if any("~" in name for name in (*store.heads(stream), *theirs)):
            return [e for e in lacking(store.entries(stream), theirs, aside) if e.strand not in ahead]
        return [e for e in store.beyond(stream, theirs, ahead, MOST_LINES) if e.id not in aside]

    def signed_ends(self, stream: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for _, text in self.book.store.checkpoints(stream):
            note = Checkpoint.parse(text)
            for name, (_, digest) in note.heads.items():
                if note.signed_by(self.keys.get(device_of(strand_of(name)), ())) is not None:
                    found[digest] = text
        return found

    def sign(self, stream: str, ends: Heads) -> str:
        return Checkpoint.sign(stream, ends, self.book.store.device_key).note

    def take(self, pull: Pull) -> int:
        store, at = self.book.store, self.book.clock.now().at.isoformat()
        received = store.receive(
            pull.lines,
            lambda events, held: proven(events, pull.notes, lambda d: self.keys.get(d, ()), held, self.bureau),
            pull.notes,
        )
        self._look_back(pull)
        good = {s: text for s, text in pull.receipts.items() if covers_stream(text, s, self.bureau)}
        store.keep_receipts(good, at)
        store.keep_aside(((r.id, r.stream, r.code) for r in pull.refused if r.code not in TRANSIENT), at)
        return received.new

    def _look_back(self, pull: Pull) -> None:
        """Whether the server still is the one that signed. One that was restored begins another life of its ledger, and may lack
        events and files that came after its copy: the heads show the events, and the files are asked for one by one."""
        store, life = self.book.store, pull.epoch.encode()
        known, before = store.receipts(), store.meta(_LIFE)
        signed = ((heads, Checkpoint.parse(known[s][0]).heads) for s, heads in pull.differ.items() if s in known)
        behind = any(heads.get(name, (0, ""))[0] < count for heads, had in signed for name, (count, _) in had.items())
        if behind or (before and before != life):
            self.fell_back = True
            reopen(self.book)
        if before != life:  # last, so that a laptop that is cut off here looks again
            store.set_meta(_LIFE, life)


TRANSIENT = frozenset({"gap", "unsigned", "not_allowed"})
"""Reasons that a later exchange, or another person's, cures; everything else stays put aside until somebody looks."""


# -- the bureau that this laptop belongs to -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """The bureau as this laptop knows it since it was enrolled. It lies in the encrypted store."""

    url: str
    root: str
    key: str
    account: str
    certificate: str
    role: str
    token: str = ""

    @property
    def bureau(self) -> PublicKey:
        return PublicKey.parse(self.key)

    def door(self) -> Door:
        """A connection that trusts the pinned root only."""
        return open_door(Address(self.url, self.root), self.token)


def open_door(address: Address, token: str = "") -> Door:
    """A way to the bureau. HTTP takes a sixth of a second to import, and a window starts without it."""
    from ..sync.door import Door

    return Door(address, token)


_LINK, _LAST, _AHEAD, _LIFE = "bureau_link", "last_exchange", "clock_ahead", "bureau_life"


def link_of(store: Store) -> Link | None:
    """The bureau of this laptop, or None before it was enrolled."""
    raw = store.meta(_LINK)
    return Link(**json.loads(raw)) if raw else None


def _keep_link(store: Store, link: Link) -> None:
    store.set_meta(_LINK, json.dumps(asdict(link)).encode())


def part(store: Store) -> None:
    """Forget the bureau: a laptop that became another device is enrolled there anew."""
    store.set_meta(_LINK, b"")


def look_up(url: str) -> tuple[Address, str, bool]:
    """A server's address with the root that it names, the fingerprint to compare with the bureau's paper, and whether
    the unit's own accounts sign in there.

    Raises:
        Problem: `no_connection`.
    """
    url = url.strip().rstrip("/")
    from ..sync.door import peek

    root, fingerprint, unit_accounts = peek(url)
    return Address(url, root), fingerprint, unit_accounts


def enrol(
    book: Book, address: Address, account: str, password: str, code: str = "", own: str = ""
) -> Done[Link]:  # fmt: skip
    """Sign in at the bureau and enrol this laptop: its key was made here and stays here. `own` takes the place of a password
    that an admin gave.

    Raises:
        Problem: `wrong_password`, `too_many_tries`, `password_to_set`, `first_password_over`, `no_connection`,
            `not_our_server`, `device_known` where another laptop has this one's name.
    """
    with open_door(address) as door:
        return _enrol(book, address, door, door.sign_in(account, password, code, book.store.device, own))


def enrol_by_browser(book: Book, address: Address, visit: Visit, go_on: GoOn) -> Done[Link] | None:
    """As `enrol`, by the unit's account: waits for the browser; None once `go_on` says no.

    Raises:
        Problem: `oidc_refused`, `browser_left`, what the bureau says, and as `enrol`.
    """
    grant = visit.wait(go_on)
    if grant is None:
        return None
    with open_door(address) as door:
        return _enrol(book, address, door, door.sign_in_with(grant, book.store.device))


def _enrol(book: Book, address: Address, door: Door, answer: Mapping[str, str]) -> Done[Link]:
    store, account = book.store, answer["account"]
    certificate = door.enrol(account, store.device_key)
    link = Link(address.url, address.root, answer["key"], account, certificate, answer["role"], answer["token"])
    _keep_link(store, link)
    take_role(book)
    body = {"bureau": link.bureau.id, "account": account}
    return book.done(link, [Draft(f"{PRIVATE}{store.device}", "bureau_joined", body)])


def sign_in_again(book: Book, password: str, code: str = "", own: str = "") -> Link:
    """A new session after the old one has ended. Raises as `enrol` does."""
    link = linked(book)
    with open_door(Address(link.url, link.root)) as door:
        return _renew(book, link, door.sign_in(link.account, password, code, book.store.device, own))


def takes_unit_accounts(book: Book) -> bool:
    """Whether the bureau of this laptop lets people sign in with the unit's own accounts. Raises as `hand_over`."""
    link = linked(book)
    with open_door(Address(link.url, link.root)) as door:
        return door.takes_unit_accounts()


def visit_of(address: Address) -> Visit:
    """A way through the browser to where the unit's accounts sign in; its `url` is to be opened.

    Raises:
        Problem: `no_oidc`, `oidc_unreachable`, `no_connection`, `not_our_server`.
    """
    with open_door(address) as door:
        return door.visit()


def own_address(book: Book) -> Address:
    """The bureau of this laptop. Raises `Problem("not_enrolled")`."""
    link = linked(book)
    return Address(link.url, link.root)


def sign_in_again_by_browser(book: Book, visit: Visit, go_on: GoOn) -> Link | None:
    """As `sign_in_again`, by the unit's account: waits for the browser; None once `go_on` says no.

    Raises:
        Problem: `other_account` when somebody else has signed in there, and as `enrol_by_browser`.
    """
    link, grant = linked(book), visit.wait(go_on)
    if grant is None:
        return None
    with open_door(Address(link.url, link.root)) as door:
        answer = door.sign_in_with(grant, book.store.device)
        if answer["account"] != link.account:
            door.sign_out()
            raise Problem("other_account", account=answer["account"], mine=link.account)
    return _renew(book, link, answer)


def _renew(book: Book, link: Link, answer: Mapping[str, str]) -> Link:
    fresh = replace(link, token=answer["token"], role=answer["role"])
    _keep_link(book.store, fresh)
    take_role(book)
    return fresh


def follow(book: Book, address: Address) -> None:
    """The bureau of the trial has another port with every start; its root stays the same."""
    link = link_of(book.store)
    if link is not None and link.root == address.root and link.url != address.url:
        _keep_link(book.store, replace(link, url=address.url))


def take_role(book: Book) -> None:
    """Act in the role that the bureau gave this person; whoever else signs in on this laptop acts as an officer."""
    link = link_of(book.store)
    mine = link is not None and link.account == book.person.id
    book.role = Role(link.role) if link is not None and mine else Role.OFFICER


def linked(book: Book) -> Link:
    """The bureau of this laptop. Raises `Problem("not_enrolled")`."""
    link = link_of(book.store)
    if link is None:
        raise Problem("not_enrolled")
    return link


# -- handing in and taking in ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Handed:
    """What one exchange brought: events both ways, files handed in, what is still open, what was put aside."""

    sent: int = 0
    received: int = 0
    files: int = 0
    open: int = 0
    aside: int = 0
    fell_back: bool = False
    stopped: bool = False

    def and_also(self, events: Outcome, files: int) -> Handed:
        """With what a further turn brought."""
        return Handed(self.sent + events.sent, self.received + events.received, self.files + files, len(events.open),
                      self.aside + len(events.refused))  # fmt: skip


def hand_over(
    book: Book, step: Callable[[int, int], bool] = lambda done, total: True, *, numbers: bool = False, turn: float = TURN
) -> Handed:  # fmt: skip
    """Exchange events until both sides have the same, then hand in files: papers, small pictures, originals. `numbers`: take
    along document numbers of every series, and not only of those that run low.

    Files make way for events after each `turn`, in seconds: on a slow line they take hours, and neither what is written
    meanwhile nor what comes for this laptop waits so long.

    `step(done, total)` counts events that went up while `total` is 0, then bytes of files; False stops after the part under
    way, and the next time goes on there. Nothing here waits for anything that the officer does.

    Raises:
        Problem: `not_enrolled`, `signed_out`, `no_connection`, `not_our_server` and what the bureau says.
    """
    link, whole = linked(book), Handed()
    with link.door() as door:
        keys = _known_keys(book.store, door)
        leasing.top_up(book, door, begin=numbers)
        replica, turns = StoreReplica(book, link.bureau, keys), Turns(step, turn)
        while turns.begin():
            events = exchange(replica, partial(_posted, book, door), turns.events)
            carry_out(book)
            whole = whole.and_also(events, hand_in_files(book, link.bureau, door, turns.files)[0])
        if not turns.stopped:
            _fetch_what_is_looked_at(book, door, link.bureau)
    at = book.clock.now().at.isoformat()
    book.store.set_meta(_LAST, at.encode())
    return replace(whole, fell_back=replica.fell_back, stopped=turns.stopped)


def _known_keys(store: Store, door: Door) -> dict[str, list[PublicKey]]:
    """The keys of all laptops as the bureau tells them; the last answer is kept for work without it."""
    texts = door.device_keys()
    keep_told(store, texts, door.revoked_keys())
    return _by_device(map(PublicKey.parse, texts))


def known_keys(store: Store) -> dict[str, list[PublicKey]]:
    """The keys of laptops and bureau as they were last told, by device."""
    return _by_device(device_keys(store))


def _by_device(keys: Iterable[PublicKey]) -> dict[str, list[PublicKey]]:
    found: dict[str, list[PublicKey]] = {}
    for key in keys:
        found.setdefault(key.name, []).append(key)
    return found


def _fetch_what_is_looked_at(book: Book, door: Door, bureau: PublicKey) -> None:
    """Small pictures of colleagues' evidence, papers that wait for the lead or for their legal review, the opinions on them, and
    photos that wait for a second person before they are public come at once; originals on demand."""
    secret, wanted = kept_back(book), [*public_photo.wanted(book), *legal_queue.opinions(book)]
    if book.role is not Role.OFFICER:
        wanted += _of_colleagues(book)
    for sha256 in map(str, wanted):
        if sha256 and sha256 not in secret and not book.vault.has(sha256):
            try:
                _fetch(book, door, sha256, bureau)
            except Problem as problem:
                if problem.code not in ("refused_by_bureau", "blob_changed"):  # its laptop has not handed it in yet
                    raise


def _of_colleagues(book: Book) -> list[str]:
    wanted = [row.get("thumbnail", "") for topic in TOPICS for _, _, row in book.store.topic(topic)]
    wanted += [row.get("asked", {}).get("draft", "") for _, _, row in book.store.topic("legal")]
    waiting = (tally.id for tally in book.queries.tallies().values() if tally.review.outcome == "handed_in")
    return wanted + [row.get("sha256", "") for id in waiting for row in rows_of("paper", book.store.rows(id))]


def _fetch(book: Book, door: Door, sha256: str, bureau: PublicKey) -> None:
    """What came from the bureau has its receipt with it, and waits for none."""
    with door.fetch(sha256) as (content, note):
        size = book.vault.put(content, expected=sha256).size
    if covers_file(note, sha256, size, bureau):
        book.store.keep_receipts({sha256: note}, book.clock.now().at.isoformat())


def fetch_file(book: Book, sha256: str) -> None:
    """Bring a file of a colleague from the bureau into the vault; only bytes with its digest get there.

    Raises:
        Problem: `blob_changed` when it is not what the record says, `secret_kept_back`, and as `hand_over`.
    """
    if book.vault.has(sha256):
        return
    if sha256 in kept_back(book):
        raise Problem("secret_kept_back", number=sha256[:8])
    link = linked(book)
    with link.door() as door:
        _fetch(book, door, sha256, link.bureau)


def _posted(book: Book, door: Door, message: bytes) -> bytes:
    """One message and its answer, with which the two clocks meet; the sample day's is none to be compared."""
    answer = door.post(message)
    if door.bureau_time is not None and isinstance(book.clock, SystemClock):
        ahead = round((book.clock.now().at - door.bureau_time).total_seconds())
        book.store.set_meta(_AHEAD, str(ahead).encode())
    return answer


def clock_ahead(store: Store) -> int:
    """Seconds by which this laptop's clock was ahead of the bureau's when they met last, negative where it was behind."""
    return int(store.meta(_AHEAD) or 0)


def last_exchange(store: Store) -> str:
    """When this laptop last exchanged with the bureau (ISO 8601), or ""."""
    return (store.meta(_LAST) or b"").decode()
