"""Both digests of a file: the examples of the standards, in any parts, whatever OpenSSL makes them."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.record.digests import Digests

ABC = (
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",  # FIPS 180-4
    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",  # GB/T 32905-2016, A.1
)


def test_the_examples_of_the_standards() -> None:
    made = Digests()
    made.update(b"abc")
    assert (made.sha256, made.sm3, made.size) == (*ABC, 3)
    again = Digests()
    for part in [b"abcd" * 4] * 4:
        again.update(part)
    assert again.sm3 == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732", "GB/T 32905-2016, A.2"


@given(st.lists(st.binary(max_size=200), max_size=6))
def test_parts_are_one_file_and_asking_changes_nothing(parts: list[bytes]) -> None:
    made, whole = Digests(), b""
    for part in parts:
        made.update(part)
        whole += part
        assert (made.sha256, made.size) == (hashlib.sha256(whole).hexdigest(), len(whole))
        other = Hash(SM3())
        other.update(whole)
        assert made.sm3 == other.finalize().hex()


@pytest.mark.parametrize("lacking", ["raise ValueError(name)", "return time.sleep(0.01) or real(name)"])
def test_a_system_without_it_or_with_a_slow_one_gives_the_same(lacking: str) -> None:
    program = f"""
import hashlib, time
real = hashlib.new
def new(name):
    {lacking}
hashlib.new = new
from inspector_app.record.digests import Digests
made = Digests()
made.update(b"abc")
hashlib.new = None
assert Digests().sm3, "what was chosen is kept"
print(made.sm3)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == (ABC[1], "")
