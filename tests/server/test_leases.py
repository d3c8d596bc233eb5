"""Document numbers go along with a laptop: asked for before it leaves, filled up at an exchange, and not to a revoked one."""

from __future__ import annotations

from pathlib import Path

from inspector_app.actions import register, sync
from inspector_app.domain.access import Role
from tests.server.conftest import PASSWORD, Served
from tests.server.test_laptop import lead_laptop


def test_numbers_are_taken_along_and_filled_up(served: Served, tmp_path: Path) -> None:
    served.office.accounts.add("zhou", "示例周敏", Role.LEAD, PASSWORD)
    session = lead_laptop(served, tmp_path / "a")
    book, queries = session.book, session.queries
    sync.hand_over(book)
    assert queries.all_leases() == (), "who never asked issues nothing, and takes no numbers"
    sync.hand_over(book, numbers=True)
    block = book.rules.policy.number_block
    assert {lease.series for lease in queries.all_leases()} == set(book.rules.policy.series) - {"review"}
    first = queries.leases("notice")
    assert [(lease.first, lease.last) for lease in first] == [(1, block)]
    for number in list(first[0].numbers())[: block // 2 + 1]:
        register.void_number(book, number, "示例：写坏")
    sync.hand_over(book)
    assert [(lease.first, lease.last) for lease in queries.leases("notice")] == [(1, block), (block + 1, 2 * block)]
    assert len(queries.all_leases()) == len(book.rules.policy.series), "of the others there are enough"
    served.office.accounts.revoke(book.store.device)
    for number in list(queries.leases("notice")[1].numbers())[:block]:
        register.void_number(book, number, "示例：写坏")
    assert sync.hand_over(book).sent, "a revoked laptop hands in all the same"
    assert len(queries.leases("notice")) == 2
    session.close()
