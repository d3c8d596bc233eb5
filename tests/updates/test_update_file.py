"""What an update file may not do: go back, stand still, mix, or be signed by somebody else."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from inspector_app.actions import updates
from inspector_app.actions.laptop import Laptop
from inspector_app.domain.clock import Moment
from inspector_app.domain.problems import Problem
from tests.laptops import laptop_at
from tests.office import refused

from .maker import CHECKED, Maker, altered, archive, key, maker, member, plain, refused_as, tool


class At:
    """A clock that somebody has set."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> Moment:
        return Moment(self.moment, 0, "b")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """A maker whose first two files differ in their rules."""
    one = maker(tmp_path_factory.mktemp("maker"))
    one.rules("第一次")
    one.pack("1.zip")
    one.rules("第二次", archives_law=CHECKED)
    one.pack("2.zip")
    return one


@pytest.fixture
def laptop(made: Maker, tmp_path: Path) -> Laptop:
    anchor = made.anchor(tmp_path / "root.json")
    found = laptop_at(tmp_path / "laptop")
    found.folder.mkdir()
    return replace(found, clock=At(made.now), anchor=anchor, programs=tmp_path / "program")


def test_a_file_says_what_it_brings_and_who_signed_it(made: Maker, laptop: Laptop) -> None:
    rules = updates.look(laptop, made.folder / "1.zip").rules
    assert rules is not None and rules.said == "第一次" and rules.signers[0].startswith("示例法规科（")


def test_an_older_file_is_refused_after_a_newer_one_was_seen(made: Maker, laptop: Laptop) -> None:
    updates.look(laptop, made.folder / "2.zip")
    refused("update_older", lambda: updates.look(laptop, made.folder / "1.zip"))
    assert updates.look(laptop, made.folder / "2.zip").rules is not None, "the same file may be looked at again"


def test_old_contents_below_a_new_timestamp_are_refused(made: Maker, laptop: Laptop, tmp_path: Path) -> None:
    """Rollback of one role: who holds the online key alone seals the rules of yesterday again."""
    updates.look(laptop, made.folder / "2.zip")
    folder = tmp_path / "again"
    for name in ("repository", "keys"):
        shutil.copytree(made.folder / name, folder / name)
    thief = Maker(folder, made.now)
    newest = max((folder / "repository/metadata").glob("*.rules.json"), key=lambda p: int(p.name.split(".")[0]))
    newest.unlink()
    thief.repository._seal(thief.keys("online"))
    refused("update_older", lambda: updates.look(laptop, thief.pack()))


def test_a_file_that_is_kept_too_long_is_refused(made: Maker, laptop: Laptop) -> None:
    """Freeze: an old file is handed out for ever, so that a correction never comes."""
    later = replace(laptop, clock=At(made.now + timedelta(days=91)))
    refused("update_expired", lambda: updates.look(later, made.folder / "2.zip"))
    assert updates.look(laptop, made.folder / "2.zip").rules is not None


def test_a_clock_turned_back_makes_no_file_good_again(made: Maker, laptop: Laptop) -> None:
    later = replace(laptop, clock=At(made.now + timedelta(days=89)))
    updates.look(later, made.folder / "1.zip")
    short = Maker(made.folder, made.now, days=80)
    short.repository._seal(short.keys("online"))
    refused("update_clock", lambda: updates.look(laptop, short.pack("short.zip")))


def test_the_last_writing_to_the_store_counts_where_nobody_is_signed_in(made: Maker, laptop: Laptop) -> None:
    store = laptop.folder / "store.db"
    store.write_bytes(b"")
    written = (made.now + timedelta(days=91)).timestamp()
    os.utime(store, (written, written))
    refused("update_clock", lambda: updates.look(laptop, made.folder / "2.zip"))


MIXES: dict[str, Callable[[Path, Path], dict[str, bytes | None]]] = {
    "an older targets role under the newest name": lambda old, new: {
        _newest(new, "rules"): member(old, _newest(old, "rules"))
    },
    "an older snapshot under the newest name": lambda old, new: {
        _newest(new, "snapshot"): member(old, _newest(old, "snapshot"))
    },
    "other bytes under the digest": lambda old, new: {
        _target(new): member(new, _target(new)).replace("示".encode(), "元".encode())
    },
    "more bytes than were signed": lambda old, new: {_target(new): member(new, _target(new)) + b" "},
}


def _newest(file: Path, role: str) -> str:
    number = plain(file, "metadata/timestamp.json")["signed"]["version"]
    if role != "snapshot":
        number = plain(file, f"metadata/{number}.snapshot.json")["signed"]["meta"][f"{role}.json"]["version"]
    return f"metadata/{number}.{role}.json"


def _target(file: Path) -> str:
    targets = plain(file, _newest(file, "rules"))["signed"]["targets"]
    [(path, told)] = targets.items()
    return f"targets/rules/{told['hashes']['sha256']}.{path.partition('/')[2]}"


@pytest.mark.parametrize("name", MIXES)
def test_parts_of_two_files_never_make_one(made: Maker, laptop: Laptop, tmp_path: Path, name: str) -> None:
    old, new = made.folder / "1.zip", made.folder / "2.zip"
    mixed = altered(new, tmp_path / "mixed.zip", **MIXES[name](old, new))
    refused_as(("update_forged", "update_older", "update_incomplete"), lambda: updates.take(laptop, mixed))
    assert not (laptop.folder / "updates" / "pending").exists()


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "rules"])
def test_a_word_changed_in_any_role_breaks_its_signature(
    made: Maker, laptop: Laptop, tmp_path: Path, role: str
) -> None:
    new = made.folder / "2.zip"
    name = "metadata/timestamp.json" if role == "timestamp" else _newest(new, role)
    told = plain(new, name)
    told["signed"]["expires"] = "2099-01-01T00:00:00Z"
    forged = altered(new, tmp_path / "forged.zip", **{name: json.dumps(told).encode()})
    refused("update_forged", lambda: updates.look(laptop, forged))


def test_somebody_elses_repository_is_refused(made: Maker, laptop: Laptop, tmp_path: Path) -> None:
    other = maker(tmp_path / "other", now=made.now)
    other.rules()
    refused("update_forged", lambda: updates.look(laptop, other.pack()))


def test_the_key_of_the_rules_signs_no_code(made: Maker, laptop: Laptop, tmp_path: Path) -> None:
    thief = maker(tmp_path / "own", now=made.now)
    thief.program("9.9.9", archive(tmp_path / "p.tar.gz", "9.9.9"), signer="法规科")
    found = replace(laptop, anchor=thief.anchor(tmp_path / "own.json"))
    refused("update_forged", lambda: updates.look(found, thief.pack()))
    again = maker(tmp_path / "again", now=made.now)
    again.rules()
    code = again.repository._target("program", tool.program_name(), b"code", "9.9.9", "")
    again.repository._bring("rules", {code.path: code}, again.keys("法规科"))
    again.repository._seal(again.keys("online"))
    found = replace(laptop, folder=tmp_path / "other", anchor=again.anchor(tmp_path / "again.json"))
    offer = updates.look(found, again.pack())
    assert offer.rules is not None and offer.program is None, "nor does it within its own role"


def test_root_keys_are_exchanged_by_the_old_and_the_new_ones_together(tmp_path: Path) -> None:
    one = maker(tmp_path / "maker")
    one.rules("第一次")
    first = one.pack("1.zip")
    laptop = laptop_at(tmp_path / "laptop")
    laptop = replace(laptop, clock=At(one.now), anchor=one.anchor(tmp_path / "root.json"))
    updates.look(laptop, first)
    one.root("neu-1", "neu-2", before=("root",), threshold=2)
    one.rules("第二次")
    second = one.pack("2.zip")
    found = updates.look(laptop, second).rules
    assert found is not None and found.said == "第二次"
    fresh = replace(laptop, folder=tmp_path / "fresh")
    assert updates.look(fresh, second).rules is not None, "one that missed the file before goes the same way"
    one.root("dieb", before=("root",))
    one.rules("第三次")
    refused("update_forged", lambda: updates.look(laptop, one.pack("3.zip")))


def test_one_new_root_key_is_not_enough_where_two_are_asked(tmp_path: Path) -> None:
    one = maker(tmp_path / "maker")
    laptop = replace(laptop_at(tmp_path / "laptop"), clock=At(one.now), anchor=one.anchor(tmp_path / "root.json"))
    one.root("a", "b", before=("root",), threshold=2)
    one.root("c", before=("a",))
    one.rules()
    refused("update_forged", lambda: updates.look(laptop, one.pack()))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nothing of the kind"])
def test_what_is_no_update_file_is_told(laptop: Laptop, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    refused("update_unreadable", lambda: updates.look(laptop, file))
    refused("update_unreadable", lambda: updates.look(laptop, tmp_path / "没有.zip"))


@pytest.mark.parametrize("seed", range(60))
def test_a_file_with_wrong_bytes_in_its_headers_is_told_or_proven(
    made: Maker, laptop: Laptop, tmp_path: Path, seed: int
) -> None:
    hand, content = random.Random(seed), bytearray((made.folder / "2.zip").read_bytes())
    heads = [found.start() for found in re.finditer(b"PK(\x01\x02|\x03\x04|\x05\x06)", content)]
    for _ in range(hand.randint(1, 4)):
        at = hand.choice(heads) + hand.randrange(4, 46)
        content[min(at, len(content) - 1)] = hand.choice((0, 1, 99, 255))
    (file := tmp_path / "x.zip").write_bytes(content)
    with suppress(Problem):
        assert updates.look(laptop, file), "what it offers is what was signed"


def test_a_file_cut_anywhere_is_told_and_leaves_nothing(made: Maker, laptop: Laptop, tmp_path: Path) -> None:
    whole = (made.folder / "2.zip").read_bytes()
    for length in range(0, len(whole), len(whole) // 7):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(whole[:length])
        refused_as(("update_unreadable", "update_incomplete"), partial(updates.take, laptop, cut))
    lacking = altered(made.folder / "2.zip", tmp_path / "lacking.zip", **{_target(made.folder / "2.zip"): None})
    refused("update_incomplete", lambda: updates.take(laptop, lacking))
    assert not (laptop.folder / "updates" / "pending").exists()


def test_without_a_root_of_its_own_an_installation_takes_nothing(made: Maker, laptop: Laptop) -> None:
    bare = replace(laptop, anchor=laptop.folder / "no-root.json")
    refused("update_no_root", lambda: updates.look(bare, made.folder / "2.zip"))


def test_the_tool_signs_with_keys_given_as_files(tmp_path: Path) -> None:
    names = {name: str(key(tmp_path, name)) for name in ("root", "online", "rules", "program")}
    repository = str(tmp_path / "repository")
    tool.main(["root", repository, "--root", names["root"], "--online", names["online"],
               "--rules", f"{names['rules']}=示例法规科", "--program", names["program"]])  # fmt: skip
    tool.main(["rules", repository, "--made-for", "0.1.0", "--said", "示例", "--key", names["rules"],
               "--online", names["online"]])  # fmt: skip
    tool.main(["program", repository, "--version", "9.9.9", "--said", "示例", "--key", names["program"],
               "--online", names["online"], "--archive", str(archive(tmp_path / "p.tar.gz", "9.9.9"))])  # fmt: skip
    tool.main(["pack", repository, str(tmp_path / "更新.zip")])
    laptop = replace(laptop_at(tmp_path / "laptop"), clock=At(datetime.now(UTC)), programs=tmp_path / "program",
                     anchor=Path(repository) / "metadata" / "1.root.json")  # fmt: skip
    offer = updates.look(laptop, tmp_path / "更新.zip")
    assert offer.rules is not None and offer.rules.signers[0].startswith("示例法规科（")
    assert offer.program is not None and offer.program.version == "9.9.9"
