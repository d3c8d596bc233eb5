"""Signing in with the unit's account: a real provider, a browser's requests, the real server and the real laptop."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from bureau_server import oidc as server_side
from bureau_server.oidc import Provider
from inspector_app.actions import sync
from inspector_app.actions.sign_in import set_up
from inspector_app.domain.access import Role
from inspector_app.domain.clock import CHINA
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.domain.problems import Problem
from inspector_app.sync.browser import Grant, Visit
from inspector_app.sync.door import Door, peek
from tests.office import laptop_at
from tests.patience import SECONDS
from tests.server.browsing import Browser
from tests.server.conftest import PASSWORD, Served, oidc_settings
from tests.server.provider import CLIENT, KEPT, OTHER, SECRET
from tests.sync.world import START

DEVICE = "QH-0001"


def brought(visit: Visit, browser: Browser, person: str) -> Grant:
    """What the laptop holds after the person came back."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(visit.wait)
        assert "可以关掉这一页" in browser.arrive(browser.go(visit.url, person)).text
        grant = waiting.result(SECONDS)
    assert grant is not None
    return grant


# -- the whole way ----------------------------------------------------------------------------------------------------


def test_an_account_of_the_unit_opens_a_session_in_the_bureaus_own_role(unit: Served, browser: Browser) -> None:
    assert peek(unit.address.url)[2]
    with Door(unit.address) as door:
        assert door.takes_unit_accounts()
        visit = door.visit()
        asked = parse_qs(urlsplit(visit.url).query)
        assert asked["code_challenge_method"] == ["S256"] and len(asked["state"][0]) >= 43 <= len(asked["nonce"][0])
        told = door.sign_in_with(brought(visit, browser, "shen"), DEVICE)
        assert (told["account"], told["role"], told["name"]) == ("shen", "team_lead", "示例shen")
        assert unit.office.accounts.person_of(door.token).device == DEVICE
        assert door.device_keys() == [unit.office.key.public.text()]
        with pytest.raises(Problem, match="账号、密码或动态码不对"):
            door.sign_in("shen", "", "", DEVICE)  # no password was given: none opens it


def test_a_laptop_is_enrolled_and_signed_in_again_by_the_browser(
    unit: Served, browser: Browser, tmp_path: Path
) -> None:
    officer = Officer("shen", "示例沈岚", credential=Credential("09120017", START.date(), START.date()))
    session = set_up(laptop_at(tmp_path / "a"), Bureau("示例区档案局", "示档"), officer, "shili-tongxing-2026")
    book = session.book

    def come_back(visit: Visit, person: str) -> threading.Thread:
        made = threading.Thread(target=lambda: browser.arrive(browser.go(visit.url, person)))
        made.start()
        return made

    visit = sync.visit_of(unit.address)
    coming = come_back(visit, "shen")
    done = sync.enrol_by_browser(book, unit.address, visit, lambda: True)
    coming.join()
    assert done is not None and done.value.account == "shen" and book.role is Role.LEAD
    unit.office.accounts.sign_out(done.value.token)
    with pytest.raises(Problem) as ended:
        sync.hand_over(book)
    assert ended.value.code == "signed_out" and sync.takes_unit_accounts(book)
    visit = sync.visit_of(sync.own_address(book))
    coming = come_back(visit, "shen")
    assert sync.sign_in_again_by_browser(book, visit, lambda: True) is not None
    coming.join()
    sync.hand_over(book)
    other = Browser()
    visit = sync.visit_of(sync.own_address(book))
    coming = threading.Thread(target=lambda: other.arrive(other.go(visit.url, "lu")))
    coming.start()
    with pytest.raises(Problem, match="登记的是“shen”"):
        sync.sign_in_again_by_browser(book, visit, lambda: True)
    coming.join()
    other.close()
    sync.hand_over(book)  # the session of before goes on
    session.close()


@pytest.mark.campaign
def test_a_real_browser_leads_through_the_same_pages(unit: Served) -> None:
    """Chromium as Qt carries it; needs libraries that the program does without, hence no part of the test run."""
    with Door(unit.address) as door, ThreadPoolExecutor(1) as pool:
        visit = door.visit()
        waiting = pool.submit(visit.wait)
        command = [sys.executable, "-m", "tests.server.chromium", visit.url, "shen"]
        quiet = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
        shown = subprocess.check_output(
            command, env=os.environ | quiet, stderr=subprocess.DEVNULL, text=True, timeout=SECONDS
        )
        assert "可以关掉这一页" in shown
        grant = waiting.result(SECONDS)
        assert grant is not None and door.sign_in_with(grant, DEVICE)["account"] == "shen"


# -- what the laptop refuses ------------------------------------------------------------------------------------------


def test_only_our_own_state_is_taken_and_only_once(unit: Served, browser: Browser) -> None:
    with Door(unit.address) as door:
        visit = door.visit()
    place = browser.go(visit.url, "shen")
    state = parse_qs(urlsplit(place).query)["state"][0]
    with socket.create_connection(("127.0.0.1", urlsplit(place).port or 0)), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(visit.wait)  # the connection opened ahead says nothing, and keeps nobody waiting
        for wrong in (place.replace(state, "x" * 43), place.replace(f"state={state}", ""), place.replace("/?", "/a?")):
            assert browser.arrive(wrong).status_code in (400, 404)
        assert browser.arrive(place).status_code == 200
        assert waiting.result(SECONDS) is not None
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", urlsplit(place).port or 0))


def test_who_says_no_in_the_browser_or_stops_or_leaves_is_told_so(unit: Served, browser: Browser) -> None:
    with Door(unit.address) as door:
        visit = door.visit()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(visit.wait)
            browser.arrive(browser.go(visit.url, "shen", allow=False))
            with pytest.raises(Problem, match="选了不同意"):
                waiting.result(SECONDS)
        assert door.visit().wait(lambda: False) is None
    told = {"authorization": "https://login.example/", "client_id": "x", "scope": "openid"}
    with pytest.raises(Problem, match="没有完成"):
        Visit(told, patience=0).wait()
    for place in ("file:///etc/passwd", "http://login.example/", "javascript:alert(1)"):
        with pytest.raises(Problem, match="登录系统"):
            Visit({**told, "authorization": place})


# -- what the server refuses ------------------------------------------------------------------------------------------


def test_what_does_not_belong_to_this_sign_in_is_refused(unit: Served, browser: Browser) -> None:
    wrong = {"nonce": "n" * 43, "verifier": "v" * 43, "code": "c" * 30, "redirect": "http://127.0.0.1:9/"}
    with Door(unit.address) as door:
        for name, value in wrong.items():
            grant = brought(door.visit(), browser, "shen")
            with pytest.raises(Problem, match="身份凭据" if name == "nonce" else "登录凭据"):
                door.sign_in_with(replace(grant, **{name: value}), DEVICE)
            assert door.token == ""


def test_a_code_opens_one_session_and_no_second(unit: Served, browser: Browser) -> None:
    with Door(unit.address) as door:
        grant = brought(door.visit(), browser, "shen")
        door.sign_in_with(grant, DEVICE)
        with pytest.raises(Problem, match="已经用过"):
            door.sign_in_with(grant, DEVICE)


def test_an_account_that_the_bureau_does_not_know_or_has_closed_is_refused(unit: Served) -> None:
    with Door(unit.address) as door:
        for person in ("guest", "he"):
            browser = Browser()
            with pytest.raises(Problem, match=f"“{person}”在局里没有登记，或已停用"):
                door.sign_in_with(brought(door.visit(), browser, person), DEVICE)
            browser.close()
        assert door.token == ""


def test_a_token_that_has_expired_is_refused(unit: Served, browser: Browser) -> None:
    unit.office.clock.skip(timedelta(days=2))  # type: ignore[attr-defined]
    with Door(unit.address) as door, pytest.raises(Problem, match="签名、时间或用途"):
        door.sign_in_with(brought(door.visit(), browser, "shen"), DEVICE)


def test_a_code_for_another_client_is_refused(unit: Served, issuer: str, browser: Browser) -> None:
    visit = Visit(Provider(**oidc_settings(issuer, client_id=OTHER)).invitation())
    with Door(unit.address) as door, pytest.raises(Problem, match="不是这次登录的"):
        door.sign_in_with(brought(visit, browser, "shen"), DEVICE)


def test_a_client_that_has_a_secret_shows_it(issuer: str, browser: Browser, tmp_path: Path) -> None:
    for secret, good in ((SECRET, True), ("another", False)):
        (tmp_path / "secret").write_text(secret + "\n")
        told = oidc_settings(issuer, client_id=KEPT, secret_file=str(tmp_path / "secret"))
        made = Provider(**told)
        grant = server_side.Grant(**asdict(brought(Visit(made.invitation()), browser, "shen")))
        if good:
            assert made.redeem(grant, datetime.now(CHINA)) == "shen"
        else:
            with pytest.raises(Problem, match="登录凭据"):
                made.redeem(grant, datetime.now(CHINA))


def test_a_provider_that_is_away_or_another_one_is_told(unit: Served, tmp_path: Path, issuer: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = f"http://127.0.0.1:{free.getsockname()[1]}/o"
    for wrong in (gone, issuer + "/", issuer.replace("127.0.0.1", "localhost"), issuer[:-2]):
        with pytest.raises(Problem) as told:
            Provider(wrong, CLIENT).invitation()
        assert told.value.code == "oidc_unreachable" and "账号和密码" in str(told.value)


def test_a_bureau_without_a_provider_offers_none(served: Served) -> None:
    assert not peek(served.address.url)[2]
    with Door(served.address) as door:
        assert not door.takes_unit_accounts()
        with pytest.raises(Problem) as told:
            door.visit()
        assert told.value.code == "no_oidc"
        assert door.sign_in("officer", PASSWORD, "", DEVICE)["account"] == "officer"


def test_a_provider_in_clear_text_or_with_a_misspelt_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        Provider("http://login.example", CLIENT)
    with pytest.raises(ValueError, match="oidc"):
        Provider.configured({"issuer": "https://login.example", "client": CLIENT})
    assert Provider.configured({}) is None


# -- the token itself -------------------------------------------------------------------------------------------------

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=CHINA)
ISSUER = "https://login.example"
KEY, FOREIGN = ECKey.generate_key("P-256", {"kid": "a"}), ECKey.generate_key("P-256", {"kid": "a"})
GOOD: dict[str, Any] = {"iss": ISSUER, "aud": CLIENT, "sub": "shen", "nonce": "n", "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300}  # fmt: skip


def judged(claims: dict[str, Any], key: Any = KEY, algorithm: str = "ES256") -> str:
    token = jwt.encode({"alg": algorithm, "kid": "a"}, claims, key, [algorithm])
    keys = {"keys": [KEY.as_dict(private=False)]}
    return Provider(ISSUER, CLIENT).account_of(token, keys, "n", NOW)


def test_a_good_token_names_its_account() -> None:
    assert judged(GOOD) == "shen"
    assert judged({**GOOD, "aud": [CLIENT]}) == "shen"
    assert judged({**GOOD, "aud": [CLIENT, OTHER], "azp": CLIENT}) == "shen"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"}, {"iss": None}, {"aud": OTHER}, {"aud": [OTHER]}, {"aud": None},
        {"aud": [CLIENT, OTHER]}, {"aud": [CLIENT, OTHER], "azp": OTHER}, {"azp": OTHER}, {"nonce": "m"},
        {"nonce": None}, {"exp": GOOD["iat"] - 61}, {"exp": None}, {"iat": None}, {"nbf": GOOD["exp"]}, {"sub": None},
        {"sub": ""}, {"sub": 7}, {"sub": ["shen"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_of_which_anything_is_wrong_is_refused(changes: dict[str, Any]) -> None:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(Problem) as told:
        judged(claims)
    assert told.value.code == "oidc_refused"


def test_a_token_that_the_provider_did_not_sign_is_refused() -> None:
    for key, algorithm in ((FOREIGN, "ES256"), (OctKey.import_key("a shared secret of 32 bytes, at least"), "HS256")):
        with pytest.raises(Problem, match="签名"):
            judged(GOOD, key, algorithm)
    for token in ("", "a.b.c", "eyJhbGciOiJub25lIn0.e30."):
        with pytest.raises(Problem, match="签名"):
            Provider(ISSUER, CLIENT).account_of(token, {"keys": [KEY.as_dict(private=False)]}, "n", NOW)
    bad: list[dict[str, Any]] = [{}, {"keys": []}, {"keys": 3}, {"keys": [3]}]
    for keys in bad:
        with pytest.raises(Problem, match="签名"):
            Provider(ISSUER, CLIENT).account_of("a.b.c", keys, "n", NOW)
