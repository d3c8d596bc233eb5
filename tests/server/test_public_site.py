"""The public pages as anybody meets them: over TLS, in a real Chromium, without script and without cookies."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bureau_server.public import plain_number
from inspector_app.actions import publicity, publicity_board, sending, sync
from inspector_app.actions.publicity_board import State
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.event import RULES_STREAM, Draft
from inspector_app.domain.publicity import RESULT
from inspector_app.places import FORMS, RESOURCES
from tests.deciding import become, decided
from tests.office import CASE
from tests.server.conftest import PASSWORD, Served
from tests.server.test_laptop import lead_laptop


@dataclass
class Site:
    """A laptop of the first officer, the bureau it is enrolled at, and somebody who reads."""

    session: Session
    served: Served
    reader: httpx.Client

    def publish(self) -> None:
        """One officer sends, the other confirms, the laptop hands in."""
        become(self.session, "shen", Role.OFFICER)
        publicity.send(self.session.book, CASE, RESULT)
        become(self.session, "lu", Role.OFFICER)
        publicity.confirm(self.session.book, CASE, RESULT)
        self.hand_in()

    def hand_in(self) -> None:
        become(self.session, "shen", Role.OFFICER)
        assert sync.hand_over(self.session.book).open == 0

    def get(self, path: str, **asked: str) -> httpx.Response:
        answer = self.reader.get(path, params=asked or None)
        assert "set-cookie" not in answer.headers
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
        assert not re.search(r"<script|javascript:|\son\w+=|style=|src=|@import|https?://", answer.text)
        return answer

    def read(self, path: str, **asked: str) -> str:
        answer = self.get(path, **asked)
        assert answer.status_code == 200, answer.text
        return answer.text

    def only_link(self) -> str:
        (link,) = set(re.findall(r"/public/results/[0-9a-f]{16}", self.read("/public")))
        return str(link)


@pytest.fixture
def site(tmp_path: Path, served: Served) -> Iterator[Site]:
    for id in ("shen", "lu", "zhou"):
        served.office.accounts.add(id, f"示例{id}", Role.LEAD if id == "zhou" else Role.OFFICER, PASSWORD)
    session = decided(tmp_path)
    sync.enrol(session.book, served.address, "shen", PASSWORD)
    sending.set_metered(session.book, True)  # the pages need no picture
    with httpx.Client(base_url=served.address.url, verify=False, trust_env=False) as reader:
        yield Site(session, served, reader)
    session.close()


def test_a_result_is_read_and_taken_down(site: Site) -> None:
    site.hand_in()
    assert "现在没有公示的检查结果" in site.read("/public")
    site.publish()
    shown = site.read(site.only_link())
    assert "示例区水务局" in shown and "发现问题1个" in shown
    assert not re.search(r"吴晓|13800001234|宗族|0042-WS|0912", shown)
    assert json.loads(site.read("/public/results.json"))["notices"][0]["unit"] == "示例区水务局"
    head, line = csv.reader(io.StringIO(site.get("/public/results.csv").content.decode("utf-8-sig")))
    assert dict(zip(head, line, strict=True))["渠道"] == "执法公示"
    assert "示例区水务局" in site.read("/public", unit="水务") and "没有“&lt;b&gt;”的公示" in site.read(
        "/public", unit="<b>"
    )
    link = site.only_link()
    publicity.withdraw(site.session.book, CASE, RESULT, "示例：决定被撤销")
    site.hand_in()
    gone = site.get(link)
    assert gone.status_code == 404 and "已经撤下" in gone.text and "水务" not in gone.text
    assert json.loads(site.read("/public/results.json"))["notices"] == []


def test_the_lead_confirms_on_a_laptop_of_the_own(site: Site, tmp_path: Path) -> None:
    publicity.send(site.session.book, CASE, RESULT)
    site.hand_in()
    lead = lead_laptop(site.served, tmp_path / "lead")
    sync.hand_over(lead.book)
    duty = next(duty for duty in publicity_board.board(lead.book) if duty.stream == CASE)
    assert (duty.state, duty.by) == (State.WAITING, "shen")
    lead.book.role = Role.LEAD
    publicity.confirm(lead.book, CASE, RESULT)
    sync.hand_over(lead.book)
    lead.close()
    assert "发现问题1个" in site.read(site.only_link())
    sync.hand_over(site.session.book)
    (mine,) = (duty for duty in publicity_board.board(site.session.book) if duty.stream == CASE)
    assert mine.state is State.PUBLIC and mine.due is None


def test_a_confirmation_in_a_borrowed_role_publishes_nothing(site: Site) -> None:
    publicity.send(site.session.book, CASE, RESULT)
    become(site.session, "zhou", Role.LEAD)  # on a laptop that is not the lead's
    publicity.confirm(site.session.book, CASE, RESULT)
    site.hand_in()
    assert "现在没有公示的检查结果" in site.read("/public")


def test_a_paper_is_genuine_with_its_number_and_its_code_and_nothing_else(site: Site) -> None:
    site.hand_in()
    papers = [p for p in site.session.queries.case(CASE).papers if not p.draft]
    made = next(p for p in papers if p.copies)
    row = site.session.book.store.rows(CASE)["paper", made.id]
    spaced = " ".join(made.code[n : n + 4] for n in range(0, 32, 4)).lower()
    good = [(made.number, made.code), (made.number.replace("〔", "[").replace("〕", "] "), spaced),
            (made.number, made.copies[1].code)]  # fmt: skip
    other = next(p for p in papers if p.number != made.number)
    bad = [(made.number, other.code), ("", made.code), (made.number, ""), (made.number, "0" * 32), (made.number, "%" * 32),
           (made.number + "0", made.code)]  # fmt: skip
    for number, code in good:
        answer = site.read("/public/check", number=number, code=code)
        assert "<h2>一致</h2>" in answer and made.title not in answer and "水务" not in answer
    for number, code in bad:
        assert "<h2>不一致</h2>" in site.read("/public/check", number=number, code=code), (number, code)
    note = row["note"].replace("\n", "\r\n")  # as a form sends it
    assert "<h2>一致</h2>" in site.read("/public/check", qr=note + "page 1/2\r\n")
    assert "<h2>不一致</h2>" in site.read(
        "/public/check", qr=note.replace(f"paper {made.number}", f"paper {other.number}")
    )
    assert "一致</h2>" not in site.read("/public/check"), "nothing was asked"


def test_numbers_are_read_as_people_type_them() -> None:
    for typed in ("示档检[2026]17号", "示档检（2026） 17 号", "示档检【2026】17号"):
        assert plain_number(typed) == "示档检〔2026〕17号"


def test_plans_and_powers_are_those_announced_and_in_force(site: Site) -> None:
    site.hand_in()
    assert "2026年度档案行政检查计划" in site.read("/public/plans")
    assert "还没有核定公布" in site.read("/public/powers")
    today = site.served.office.clock.now().at.date()
    begin, end = (today - timedelta(1)).isoformat(), (today + timedelta(1)).isoformat()
    text = (FORMS / "powers.toml").read_text("utf-8")
    for valid_to, shown in ((end, True), (begin, False)):
        fixed = text.replace('valid_from = ""', f'valid_from = "{begin}"').replace(
            'valid_to = ""', f'valid_to = "{valid_to}"'
        )
        site.served.office.write(Draft(RULES_STREAM, "rule_published", {"name": "powers.toml", "text": fixed}))
        assert ("第四十二条" in site.read("/public/powers")) is shown


# -- a real browser ---------------------------------------------------------------------------------------------------


class Chromium:
    """Debian's Chromium without a screen; the application's own face stands for the reader's."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("chromium-headless-shell")
        if found is None:
            pytest.skip("chromium-headless-shell is not installed")
        self._folder = folder
        fonts = folder / "fonts.conf"
        fonts.write_text(
            f"<fontconfig><dir>{RESOURCES / 'fonts'}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>"
        )
        self._command = [found, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
                         "--ignore-certificate-errors", f"--user-data-dir={folder / 'profile'}"]  # fmt: skip
        self._environment = {**os.environ, "FONTCONFIG_FILE": str(fonts), "HOME": str(folder)}

    def run(self, *more: str) -> str:
        done = subprocess.run([*self._command, *more], env=self._environment, capture_output=True, text=True, timeout=60,
                              check=True)  # fmt: skip
        return done.stdout

    def text(self, url: str) -> str:
        """What stands on a page when it has been loaded."""
        return self.run("--dump-dom", url)

    def picture(self, url: str, name: str, size: tuple[int, int]) -> Image.Image:
        file = self._folder / f"{name}.png"
        self.run(f"--window-size={size[0]},{size[1]}", f"--screenshot={file}", url)
        return Image.open(file)

    def width_at(self, html: str, width: int) -> int:
        """How wide a page becomes in a window of this width; measured by a script that the page itself does not have."""
        file = self._folder / "measured.html"
        measure = "<script>document.title = document.documentElement.scrollWidth + ' of ' + innerWidth</script>"
        file.write_text(html.replace("</body>", f"{measure}</body>"), "utf-8")
        shown = self.run(f"--window-size={width},740", "--dump-dom", file.as_uri())
        found = re.search(r"<title>(\d+) of (\d+)</title>", shown)
        assert found and int(found[2]) == width, shown[:300]
        return int(found[1])


@pytest.mark.real
def test_in_a_real_browser(site: Site, tmp_path: Path) -> None:
    site.publish()
    browser, base = Chromium(tmp_path), site.served.address.url
    link = site.only_link()
    shown = browser.text(base + link)
    assert "发现问题1个" in shown and "138**1234" in shown
    for path in ("/public", link, "/public/check"):
        assert browser.width_at(site.read(path), 320) <= 320, path
    for path, size in ((link, (360, 740)), ("/public/check", (1280, 800))):
        picture = browser.picture(base + path, f"picture-{size[0]}", size)
        assert picture.size == size
        assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 20, "the style was refused, or nothing was drawn"
