"""The key box: PIN with the system's keyring, passphrase without, recovery by the bureau."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from inspector_app.domain.problems import Problem
from inspector_app.store.keys import (
    KeyBox,
    new_recovery_key,
    read_public_key,
    read_recovery_key,
    system_secrets,
    write_private,
)
from tests.office import QUICK
from tests.patience import SECONDS


class Memory:
    """A keyring for tests that are not about the keyring."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.held.get(name)

    def set(self, name: str, secret: bytes) -> None:
        self.held[name] = secret


def test_everyone_opens_the_same_key_with_the_own_pin(tmp_path: Path) -> None:
    box = KeyBox(tmp_path / "keys.json", Memory(), QUICK)
    key = box.create("shen", "示例沈岚", "135790")
    box.add_person(key, "lu", "示例陆一鸣", "246802")
    assert box.unlock("shen", "135790") == box.unlock("lu", "246802") == key
    assert box.people() == {"shen": "示例沈岚", "lu": "示例陆一鸣"}
    for person, secret in (("shen", "246802"), ("lu", ""), ("zhou", "135790")):
        with pytest.raises(Problem) as caught:
            box.unlock(person, secret)
        assert caught.value.code == "wrong_pin"


def test_the_file_alone_is_not_enough_and_is_private(tmp_path: Path) -> None:
    keyring = Memory()
    box = KeyBox(tmp_path / "keys.json", keyring, QUICK)
    key = box.create("shen", "示例沈岚", "135790")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert key.hex() not in (tmp_path / "keys.json").read_text("utf-8")
    keyring.held.clear()
    with pytest.raises(Problem) as caught:
        box.unlock("shen", "135790")
    assert caught.value.code == "keyring_lost"


def test_without_a_keyring_a_passphrase_is_asked_for(tmp_path: Path) -> None:
    box = KeyBox(tmp_path / "keys.json", None, QUICK)
    with pytest.raises(Problem) as caught:
        box.create("shen", "示例沈岚", "135790")
    assert caught.value.code == "no_keyring"
    assert not (tmp_path / "keys.json").exists()
    key = box.create("shen", "示例沈岚", "春江潮水连海平，海上明月共潮生")
    assert box.unlock("shen", "春江潮水连海平，海上明月共潮生") == key


def test_a_short_pin_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        KeyBox(tmp_path / "keys.json", Memory(), QUICK).create("shen", "示例沈岚", "12345")
    assert caught.value.code == "pin_too_short"


def test_a_box_is_never_overwritten(tmp_path: Path) -> None:
    box = KeyBox(tmp_path / "keys.json", Memory(), QUICK)
    box.create("shen", "示例沈岚", "135790")
    with pytest.raises(FileExistsError):
        box.create("shen", "示例沈岚", "135790")


def test_the_bureau_recovers_the_key_on_another_computer(tmp_path: Path) -> None:
    pem, public = new_recovery_key("保险柜里的通行短语一二三")
    box = KeyBox(tmp_path / "keys.json", Memory(), QUICK)
    key = box.create("shen", "示例沈岚", "135790", public)
    elsewhere = KeyBox(tmp_path / "keys.json", Memory(), QUICK)
    assert elsewhere.recover(read_recovery_key(pem, "保险柜里的通行短语一二三")) == key
    elsewhere.add_person(key, "shen", "示例沈岚", "975310")
    assert elsewhere.unlock("shen", "975310") == key
    other, _ = new_recovery_key("别的钥匙的通行短语一二三")
    for raw, phrase, code in (
        (pem, "错的短语", "recovery_phrase"), (b"no key", "x", "recovery_phrase"),
        (other, "别的钥匙的通行短语一二三", "recovery_other"),
    ):  # fmt: skip
        with pytest.raises(Problem) as caught:
            elsewhere.recover(read_recovery_key(raw, phrase))
        assert caught.value.code == code


def test_a_recovery_key_is_set_later_and_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    box = KeyBox(tmp_path / "keys.json", Memory(), QUICK)
    key = box.create("shen", "示例沈岚", "135790")
    phrase = "保险柜里的通行短语一二三"
    first, second = new_recovery_key(phrase), new_recovery_key(phrase)
    assert not box.has_recovery
    with pytest.raises(Problem) as caught:
        box.recover(read_recovery_key(first[0], phrase))
    assert caught.value.code == "recovery_absent"
    for pem, public in (first, second):
        box.set_recovery(key, read_public_key(public.hex().upper()))
        assert box.recovery_key == public.hex()
        assert box.recover(read_recovery_key(pem, phrase)) == key
    with pytest.raises(Problem) as caught:
        box.recover(read_recovery_key(first[0], phrase))
    assert caught.value.code == "recovery_other"
    assert box.unlock("shen", "135790") == key
    for text in ("", "ab", "g" * 64, "00" * 32):
        with pytest.raises(Problem) as caught:
            read_public_key(text)
        assert caught.value.code == "recovery_public"


def test_a_private_file_is_new_and_private(tmp_path: Path) -> None:
    write_private(tmp_path / "key.pem", b"secret")
    assert (tmp_path / "key.pem").read_bytes() == b"secret"
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_private(tmp_path / "key.pem", b"other")


def test_a_broken_key_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{", "utf-8")
    with pytest.raises(Problem) as caught:
        KeyBox(tmp_path / "keys.json", Memory(), QUICK).unlock("shen", "135790")
    assert caught.value.code == "keys_damaged"


def test_backends_that_keep_nothing_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends import fail, null

    for kind in (fail.Keyring, null.Keyring):
        backend: object = kind()
        monkeypatch.setattr(keyring, "get_keyring", lambda b=backend: b)
        assert system_secrets() is None


REAL = """
    import sys
    from pathlib import Path
    from inspector_app.store.keys import Cost, KeyBox
    path = Path(sys.argv[1])
    box = KeyBox.of_system(path)
    assert not box.needs_passphrase, "no system keyring"
    box._cost = Cost(2**10, 8, 1)
    if path.exists():
        print(box.unlock("shen", "135790").hex())
    else:
        print(box.create("shen", "示例沈岚", "135790").hex())
"""


@pytest.mark.real
def test_a_real_secret_service_keeps_the_secret(tmp_path: Path) -> None:
    """gnome-keyring on a session bus of its own: made in one process, opened in another, not from the file alone."""
    script = tmp_path / "use.py"
    script.write_text(textwrap.dedent(REAL), "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    inside = (
        'echo -n "login" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;'
        f' "{sys.executable}" "{script}" "{tmp_path / "keys.json"}"; "{sys.executable}" "{script}" "{tmp_path / "keys.json"}"'
    )
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    try:
        done = subprocess.run(
            ["dbus-run-session", "--", "bash", "-c", inside], env=environment, capture_output=True, text=True, timeout=SECONDS,
            check=False,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("no dbus-run-session")
    keys = done.stdout.split()
    assert len(keys) == 2 and keys[0] == keys[1], done.stderr
    assert keys[0] not in (tmp_path / "keys.json").read_text("utf-8")
    box = json.loads((tmp_path / "keys.json").read_text("utf-8"))
    assert box["people"]["shen"]["keyring"] is True
