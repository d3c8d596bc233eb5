"""Document numbers such as 闵档检〔2026〕1号: leased in blocks, used once, voided with a reason, all accounted for.

GB/T 9704 7.2.5: six-angled brackets, the full year, no 第, no leading zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

MOST = 10_000
"""Numbers of one lease: a bureau uses some hundred a year, and what is leased is listed one by one."""
_NUMBER = re.compile(r"(?P<prefix>[^\s〔〕0-9]+)〔(?P<year>20[0-9]{2})〕(?P<serial>[1-9][0-9]*)号")
_TEMPORARY = re.compile(r"临-[A-Z0-9-]+-[0-9]{4}-[1-9][0-9]*")


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """One document number."""

    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.serial}号"


@dataclass(frozen=True, slots=True)
class Lease:
    """A block of numbers of one series that the bureau gave to one laptop."""

    series: str
    prefix: str
    year: int
    first: int
    last: int

    def numbers(self) -> Iterable[str]:
        return (str(Number(self.prefix, self.year, serial)) for serial in range(self.first, self.last + 1))


@dataclass(frozen=True, slots=True)
class Account:
    """Where the numbers of some leases are: used, voided, free. Every one is in exactly one place."""

    used: tuple[str, ...]
    voided: tuple[str, ...]
    free: tuple[str, ...]


def parse_number(text: str) -> Number:
    """Raises ValueError for anything but the form of the standard."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise ValueError(f"not a document number: {text}")
    return Number(found["prefix"], int(found["year"]), int(found["serial"]))


def next_number(leases: Sequence[Lease], taken: Iterable[str]) -> str:
    """The first number of the leases that is neither used nor voided; "" when none is left."""
    gone = set(taken)
    return next((text for lease in leases for text in lease.numbers() if text not in gone), "")


def account(leases: Iterable[Lease], used: Iterable[str], voided: Iterable[str]) -> Account:
    """Account for every number of the leases."""
    used, voided = set(used), set(voided)
    gone, spoilt = used | voided, voided - used
    every = [text for lease in leases for text in lease.numbers()]
    return Account(
        tuple(text for text in every if text in used),
        tuple(text for text in every if text in spoilt),
        tuple(text for text in every if text not in gone),
    )


def short_name(device: str) -> str:
    """The end of a laptop's name that its numbers of evidence bear, e.g. 07A1 of QH-1C07A1: it keeps the laptops of one
    inspection apart, and a number fits into the column of a paper."""
    return device[-4:]


def temporary_code(device: str, day: date, index: int) -> str:
    """The controlled code of a laptop without a lease, e.g. 临-QH-07A1-0316-2; only for kinds that policy names."""
    return f"临-{device}-{day:%m%d}-{index}"


def is_temporary(text: str) -> bool:
    return _TEMPORARY.fullmatch(text) is not None
