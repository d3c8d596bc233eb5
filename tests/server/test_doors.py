"""The doors of the server, opened by a laptop's own client over TLS."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pyotp
import pytest
from starlette.routing import Route

from bureau_server.authority import Authority
from bureau_server.web import make_app
from inspector_app.domain.access import ACTIONS, Role, may
from inspector_app.domain.event import Actor, BlobRef, Draft
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import DeviceKey
from inspector_app.record.receipt import covers_file
from inspector_app.sync.door import Address, Door
from inspector_app.sync.wire import PIECE
from tests.server.conftest import PASSWORD, Served, office_at
from tests.sync.world import START, STREAM, Laptop, Peer

# -- rights -----------------------------------------------------------------------------------------------------------

OPEN = {("GET", "/health"), ("GET", "/authority"), ("GET", "/metrics"), ("POST", "/session"),
        ("GET", "/session/oidc"), ("POST", "/session/oidc"),
        ("OPTIONS", "/blobs/sha256/{sha256}"),
        *(("GET", path) for path in (
            "/", "/public", "/public/results.json", "/public/results.csv", "/public/results/{id}", "/public/plans",
            "/public/powers", "/public/laws", "/public/yearly", "/public/check", "/public/rate", "/public/photos/{sha256}")),
        ("POST", "/public/rate")}  # fmt: skip
FRAMEWORK = {"/openapi.json"}


def test_every_route_has_its_row_in_the_matrix(tmp_path: Path) -> None:
    """A route without an act, or with one that nobody may do, is a hole in the rights."""
    with office_at(tmp_path) as office:
        app = make_app(office)
    named = {(door.method, door.path): door.act for door in app.state.doors}
    routes = {(method, route.path) for route in app.routes if isinstance(route, Route)
              for method in route.methods or () if route.path not in FRAMEWORK}  # fmt: skip
    assert routes == set(named)
    assert {key for key, act in named.items() if not act} == OPEN
    assert {act for act in named.values() if act} <= set(ACTIONS)


def test_the_description_says_to_an_outside_developer_what_each_door_does(tmp_path: Path) -> None:
    """Who may, what comes back, how a refusal looks, and an example of whatever is sent."""
    with office_at(tmp_path) as office:
        app = make_app(office)
    told = app.openapi()
    tags, names = {tag["name"] for tag in told["tags"]}, set()
    for door in app.state.doors:
        about = told["paths"][door.path][door.method.lower()]
        names.add(about["operationId"])
        assert about["summary"] and set(about["tags"]) <= tags, door
        assert ("security" in about) == bool(door.act) and f"act `{door.act}`" * bool(door.act) in about[
            "description"
        ], door
        assert about["responses"]["default"]["content"]["application/json"]["schema"]["$ref"].endswith("/Refusal")
        assert "422" not in about["responses"], "no other shape of a refusal"
        assert bool(door.act) == ({"401", "403"} <= about["responses"].keys())
        good = next(iter(about["responses"].values())).get("content", {}).get("application/json", {})
        assert good.get("schema", {}) != {} or door.path.startswith("/public") or not good, door
    assert len(names) == len(app.state.doors)
    for name in ("SignIn", "NewAccount", "Lease", "Session", "Inspection", "Refusal"):
        shape = told["components"]["schemas"][name]["properties"]
        assert any("examples" in field for field in shape.values()), name


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may_not_do_its_door_refuses(served: Served, role: Role) -> None:
    door = served.door(role.value)
    actor = Actor(role.value, "", role.value)
    for method, path, act, body in (
        ("GET", "/devices", "see_operation", None),
        ("GET", "/desk/inspections", "see_desk", None),
        ("GET", "/desk/review?stream=inspection/example", "see_desk", None),
        ("GET", "/desk/statistics?year=2026", "see_desk", None),
        ("DELETE", "/devices/QH-FFFF", "manage_devices", None),
        ("GET", "/people", "see_operation", None),
        ("POST", "/people", "manage_people", {"id": "p-1", "name": "示例甲", "role": "officer"}),
        ("PUT", "/people/QH-FFFF/role", "manage_people", {"role": "bureau_admin"}),
        ("PUT", "/people/QH-FFFF/active", "manage_people", {"active": False}),
        ("POST", "/people/QH-FFFF/password", "manage_people", {}),
        ("POST", "/people/QH-FFFF/totp", "manage_people", {"wanted": True}),
        ("POST", "/numbers", "lease_numbers", {"series": "notice", "prefix": "示档检", "year": 2026, "count": 1}),
    ):
        if may(actor, act):
            try:
                door._json(method, path, body)
            except Problem as problem:
                assert "QH-FFFF" in str(problem) or "没有找到这件检查" in str(problem)
        else:
            with pytest.raises(Problem, match="不能办理"):
                door._json(method, path, body)


def test_whatever_is_refused_is_told_in_one_shape(served: Served) -> None:
    with Door(served.address) as door:
        for method, path, status, code in (
            ("GET", "/nowhere", 404, "not_found"), ("PUT", "/health", 405, "garbled"), ("GET", "/devices", 401, "signed_out"),
            ("GET", "/public?skip=x", 422, "garbled"), ("POST", "/session", 422, "garbled"),
        ):  # fmt: skip
            answer = door._ask(method, path)
            assert (answer.status_code, answer.headers["Problem"]) == (status, code)
            assert answer.json().keys() == {"code", "fact", "way_out", "where"} and answer.json()["code"] == code


def test_health_says_when_the_files_do_not_answer(served: Served, tmp_path: Path) -> None:
    with Door(served.address) as door:
        assert door._json("GET", "/health")["status"] == "ok"
        (tmp_path / "bureau" / "files").rename(tmp_path / "gone")
        answer = door._ask("GET", "/health")
    assert (answer.status_code, answer.headers["Problem"]) == (503, "no_connection")


def test_without_signing_in_nothing_is_open(served: Served) -> None:
    with Door(served.address) as door, pytest.raises(Problem) as refused:
        door.device_keys()
    assert refused.value.code == "signed_out"


# -- people -----------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_throttled_and_the_right_one_waits_too(served: Served) -> None:
    with Door(served.address) as door:
        for _ in range(5):
            with pytest.raises(Problem) as wrong:
                door.sign_in("officer", "wrong", "", "QH-0001")
            assert wrong.value.code == "wrong_password"
        with pytest.raises(Problem, match="分钟后再试"):
            door.sign_in("officer", PASSWORD, "", "QH-0001")


def test_a_second_factor_is_asked_for_and_taken_once(served: Served) -> None:
    secret = served.office.accounts.add("wang", "示例王", Role.LEAD, PASSWORD, totp=True)
    code = pyotp.TOTP(secret).at(int(served.office.clock.now().at.timestamp()))
    with Door(served.address) as door:
        with pytest.raises(Problem, match="动态码"):
            door.sign_in("wang", PASSWORD, "", "QH-0001")
        assert door.sign_in("wang", PASSWORD, code, "QH-0001")["role"] == "team_lead"
        with pytest.raises(Problem, match="动态码"):
            door.sign_in("wang", PASSWORD, code, "QH-0001")


def test_another_root_is_not_our_server(served: Served) -> None:
    other = Authority.make("示例别处", START)
    with Door(Address(served.address.url, other.certificate)) as door, pytest.raises(Problem) as refused:
        door.sign_in("officer", PASSWORD, "", "QH-0001")
    assert refused.value.code == "not_our_server"


def test_enrolling_needs_the_key_itself(served: Served) -> None:
    door = served.door("officer", enrol=False)
    with pytest.raises(Problem):
        door.enrol("team_lead", DeviceKey.generate("QH-0001"))  # the proof is bound to the account
    assert "BEGIN CERTIFICATE" in door.enrol("officer", DeviceKey.generate("QH-0001"))


# -- files ------------------------------------------------------------------------------------------------------------


def laptop_of(served: Served, folder: Path, account: str = "officer") -> tuple[Laptop, Door]:
    """A laptop that is enrolled with its own key."""

    laptop = Laptop(folder, account, Peer(served.office.key, served.office.clock))
    door = served.door(account, laptop.store.device, enrol=False)
    door.enrol(account, laptop.store.device_key)
    return laptop, door


def name_file(laptop: Laptop, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    ref = BlobRef(sha256, hashlib.new("sm3", content).hexdigest(), len(content), "image/jpeg", "imported")
    laptop.write(Draft(STREAM, "inspection_planned", {"officers": [{"id": laptop.person}], "unit_name": "示例单位"}))
    laptop.write(Draft(STREAM, "evidence_taken", {"number": "ZJ-1"}, blobs=(ref,)))
    return sha256


def test_a_file_goes_in_pieces_is_signed_for_and_comes_back(served: Served, tmp_path: Path) -> None:
    laptop, door = laptop_of(served, tmp_path / "a")
    content = os.urandom(9 << 20)
    sha256 = name_file(laptop, content)
    assert laptop.sync(door.post).open == ()
    with pytest.raises(Problem, match="没有找到"):
        door.receipt(sha256)
    assert door.hand_in(sha256, io.BytesIO(content), len(content), lambda done, total: done < PIECE) is None
    assert PIECE <= door.safe_bytes(sha256) < len(content)
    assert door.hand_in(sha256, io.BytesIO(content), len(content)) == door.receipt(sha256), (
        "it comes with the last piece"
    )
    assert covers_file(door.receipt(sha256), sha256, len(content), served.office.key.public)
    with door.fetch(sha256) as (file, _):
        assert file.read() == content
    for kept in (tmp_path / "bureau" / "files").rglob("*"):
        assert not kept.is_file() or content[:64] not in kept.read_bytes()


def test_a_file_that_was_whole_when_the_server_ended_is_signed_for_when_asked(served: Served, tmp_path: Path) -> None:
    laptop, door = laptop_of(served, tmp_path / "a")
    content = os.urandom(1 << 20)
    sha256 = name_file(laptop, content)
    assert laptop.sync(door.post).open == ()
    assert served.office.blobs.add(sha256, 0, content)  # the last piece is safe, and there the process was killed
    assert door.hand_in(sha256, io.BytesIO(), len(content)) == "", "nothing is sent again"
    assert covers_file(door.receipt(sha256), sha256, len(content), served.office.key.public)


def test_a_receipt_tells_nobody_outside_the_team_that_a_file_is_here(served: Served, tmp_path: Path) -> None:
    laptop, door = laptop_of(served, tmp_path / "a")
    content = os.urandom(1000)
    sha256 = name_file(laptop, content)
    laptop.sync(door.post)
    assert door.hand_in(sha256, io.BytesIO(content), len(content)) == door.receipt(sha256)
    served.office.accounts.add("other", "示例另一人", Role.OFFICER, PASSWORD)
    with pytest.raises(Problem, match="没有找到"):
        served.door("other", "QH-0077").receipt(sha256)
    assert served.door("team_lead", "QH-0078").receipt(sha256) == door.receipt(sha256)


@pytest.mark.parametrize("there", [0, 300_000, 1_000_000])
def test_a_new_file_goes_without_asking_and_what_is_there_of_it_is_passed_by(
    served: Served, tmp_path: Path, there: int
) -> None:
    laptop, door = laptop_of(served, tmp_path / "a")
    content = os.urandom(1_000_000)
    sha256 = name_file(laptop, content)
    assert laptop.sync(door.post).open == ()
    if there:
        assert served.office.blobs.add(sha256, 0, content[:there])
    steps: list[int] = []

    def step(done: int, total: int) -> bool:
        steps.append(done)
        return total == len(content)

    note = door.hand_in(sha256, io.BytesIO(content), len(content), step, begun=False)
    assert covers_file(note or door.receipt(sha256), sha256, len(content), served.office.key.public)
    assert steps[0] == 0 and steps[-1] == 1_000_000 and steps == sorted({*steps, there})
    assert len(steps) == (2 if there == len(content) else 3 + bool(there)), "the first piece is a small one"
    with door.fetch(sha256) as (file, _):
        assert file.read() == content


def test_the_unmodified_library_client_can_hand_in(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tus 1.0 as tuspy speaks it."""
    from tusclient.client import TusClient

    laptop, door = laptop_of(served, tmp_path / "a")
    content = os.urandom(5 << 20)
    sha256 = name_file(laptop, content)
    laptop.sync(door.post)
    root = tmp_path / "root.pem"
    root.write_text(served.address.root)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(root))
    client = TusClient(served.address.url, headers={"Authorization": f"Bearer {door.token}"})
    uploader = client.uploader(file_stream=io.BytesIO(content), url=f"{served.address.url}/blobs/sha256/{sha256}",
                               chunk_size=4 << 20)  # fmt: skip
    uploader.upload()
    assert served.office.blobs.offset(sha256) == len(content) and door.receipt(sha256)


def test_a_file_that_is_not_what_it_says_is_sent_again_from_the_start(served: Served, tmp_path: Path) -> None:
    laptop, door = laptop_of(served, tmp_path / "a")
    content = os.urandom(1000)
    sha256 = name_file(laptop, content)
    laptop.sync(door.post)
    with pytest.raises(Problem, match="变了"):
        door.hand_in(sha256, io.BytesIO(bytes(1000)), 1000)
    assert door.safe_bytes(sha256) == 0
    assert door.hand_in(sha256, io.BytesIO(content), 1000) is not None


def test_a_file_that_no_event_names_is_not_taken(served: Served, tmp_path: Path) -> None:
    _, door = laptop_of(served, tmp_path / "a")
    with pytest.raises(Problem, match="没有"):
        door.hand_in("ab" * 32, io.BytesIO(b"x"), 1)


def test_a_revoked_device_hands_in_and_takes_nothing(served: Served, tmp_path: Path) -> None:
    a, door_a = laptop_of(served, tmp_path / "a")
    b, door_b = laptop_of(served, tmp_path / "b", "team_lead")
    plan = {"officers": [{"id": "officer"}], "unit_name": "示例单位"}
    a.write(Draft(STREAM, "inspection_planned", plan))
    a.sync(door_a.post)
    served.office.accounts.revoke(a.store.device)
    b.sync(door_b.post)
    b.answer("A01", "符合")
    b.sync(door_b.post)
    work = a.answer("A02", "不符合")
    a.sync(door_a.post)
    assert work in {e.id for e in served.office.ledger.entries(STREAM)}
    assert not b.ids() <= a.ids()
