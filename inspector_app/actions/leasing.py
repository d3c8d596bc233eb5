"""Document numbers from the bureau: blocks that a laptop takes along before it leaves, so that no two give the same number.

At an exchange what runs low is filled up, and a legal reviewer gets the numbers of opinions without asking. Officers and leads
ask for the first block of each series, since most laptops issue few kinds of paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..domain.access import Role, may
from ..domain.numbers import account
from ..domain.problems import Problem
from .book import Book

if TYPE_CHECKING:
    from ..sync.door import Door

_WORK = frozenset({Role.OFFICER.value, Role.LEAD.value})


def top_up(book: Book, door: Door, *, begin: bool = False) -> int:
    """Lease a block of every series that runs low; `begin`: also of those of which this laptop had none this year. Returns how
    many blocks. What the bureau does not give, as to a revoked laptop, is gone without."""
    if not may(book.actor, "lease_numbers"):
        return 0
    policy, code = book.rules.policy, book.queries.register().bureau.code
    taken = 0
    for series in running_low(book, begin=begin):
        try:
            door.lease_numbers(series, policy.prefix(series, code), book.clock.now().at.year, policy.number_block)
        except Problem as problem:
            if problem.code != "refused_by_bureau":
                raise
            break
        taken += 1
    return taken


def running_low(book: Book, *, begin: bool) -> Iterator[str]:
    """The series that this person issues from and of which less than half a block is free this year."""
    queries, year = book.queries, book.clock.now().at.year
    reviews = book.role is Role.REVIEWER
    mine = {book.role.value} if reviews else _WORK
    rules = [rule for rule in book.rules.policy.papers.values() if rule.series and mine & set(rule.by)]
    used = queries.used_numbers()
    for series in dict.fromkeys(rule.series for rule in rules):
        held = [lease for lease in queries.leases(series) if lease.year == year]
        few = len(account(held, used, ()).free) * 2 < book.rules.policy.number_block
        if few and (held or begin or reviews):
            yield series
