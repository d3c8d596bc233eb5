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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bureau_server.public.paper_check import plain_number
from bureau_server.public.site import PAGE_TRIES
from inspector_app.actions import figures, listing, publicity, publicity_board, rating, sending, sync
from inspector_app.actions.publicity_board import State
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.event import PLANNING, RULES_STREAM, Draft
from inspector_app.domain.listed import IN_VISITS, LAWS_TOLD, POWERS, Entry, write_list
from inspector_app.domain.publicity import RESULT, yearly
from inspector_app.domain.rating import LEVELS
from inspector_app.evidence.scan import read_code
from inspector_app.places import FORMS, RESOURCES
from tests.deciding import become, decided
from tests.office import CASE, refused
from tests.patience import SECONDS
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
    with httpx.Client(base_url=served.address.url, verify=False, trust_env=False, timeout=SECONDS) as reader:
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
    assert "示例区水务局" in site.read("/public", q="水务 问题1个") and "没有“&lt;b&gt;”的公示" in site.read(
        "/public", q="<b>"
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


def test_the_figures_of_a_year_have_a_page_of_their_own(site: Site) -> None:
    book = site.session.book
    assert isinstance(book.clock, TrialClock)
    book.clock.skip(timedelta(days=300))
    assert "还没有公开的年度数据" in site.read("/public/yearly")
    for id, act in (("shen", publicity.send), ("lu", publicity.confirm)):
        become(site.session, id, Role.OFFICER)
        act(book, PLANNING, yearly(2026))
    site.hand_in()
    shown = site.read("/public/yearly")
    assert "2026年度检查数据" in shown and "<dd>1次</dd>" in shown
    assert (
        "现在没有公示的检查结果" in site.read("/public")
        and json.loads(site.read("/public/results.json"))["notices"] == []
    )
    publicity.withdraw(book, PLANNING, yearly(2026), "示例")
    site.hand_in()
    assert "还没有公开的年度数据" in site.read("/public/yearly")


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
    again = site.read("/public/check", number='示"><b>', code="WRONG 0001", qr="</textarea><b>")
    assert (
        'value="示&quot;&gt;&lt;b&gt;"' in again
        and 'value="WRONG 0001"' in again
        and "\n&lt;/textarea&gt;&lt;b&gt;" in again
    )


def test_numbers_are_read_as_people_type_them() -> None:
    for typed in ("示档检[2026]17号", "示档检（2026） 17 号", "示档检【2026】17号"):
        assert plain_number(typed) == "示档检〔2026〕17号"


def test_plans_and_powers_are_those_announced_and_in_force(site: Site) -> None:
    site.hand_in()
    assert "2026年度档案行政检查计划" in site.read("/public/plans")
    assert "还没有核定公布" in site.read("/public/powers")
    today = site.served.office.clock.now().at.date()
    begin, end = (today - timedelta(1)).isoformat(), (today + timedelta(1)).isoformat()
    text = (FORMS / "powers.toml").read_text("utf-8").replace('valid_from = ""', f'valid_from = "{begin}"')
    for kept_by, verified_by, valid_to, shown in (
        ("示例周敏", "示例沈岚", end, True), ("示例周敏", "示例沈岚", begin, False), ("示例周敏", "", end, False),
        ("示例周敏", "示例周敏", end, False), ("", "示例沈岚", end, False),
    ):  # fmt: skip
        fixed = text
        for key, said in (("kept_by", kept_by), ("verified_by", verified_by), ("valid_to", valid_to)):
            fixed = fixed.replace(f'{key} = ""', f'{key} = "{said}"')
        site.served.office.write(Draft(RULES_STREAM, "rule_published", {"name": "powers.toml", "text": fixed}))
        assert ("第四十二条" in site.read("/public/powers")) is shown, (kept_by, verified_by, valid_to)


def test_a_list_shows_what_was_checked_and_two_that_knew_nothing_of_each_other_are_told(
    site: Site, tmp_path: Path
) -> None:
    day = site.served.office.clock.now().at.date() - timedelta(1)
    said = {
        "law": "示例规定",
        "audience": "机关",
        "occasion": IN_VISITS,
        "way": "<b>示例</b>",
        "time": "示例",
        "organ": "示例科",
    }
    lead = lead_laptop(site.served, tmp_path / "lead")
    lead.book.role = Role.LEAD
    listing.keep(lead.book, LAWS_TOLD, Entry("", said, day))
    sync.hand_over(lead.book)
    assert "还没有核定公布" in site.read("/public/laws")
    listing.keep(lead.book, LAWS_TOLD, Entry("", said | {"law": "示例另一规定"}, day))
    # by somebody else, who did not know of the second
    checked = Entry("a", said, day, None, "示例周敏", "示例管理", day)
    text = write_list(LAWS_TOLD, "", [checked])
    site.served.office.write(Draft(RULES_STREAM, "rule_published", {"name": LAWS_TOLD.file, "text": text}))
    assert "&lt;b&gt;示例" in site.read("/public/laws")
    sync.hand_over(lead.book)
    assert listing.is_disputed(lead.book, LAWS_TOLD) and not listing.is_disputed(lead.book, POWERS)
    listing.keep(lead.book, LAWS_TOLD, Entry("", said, day))
    assert not listing.is_disputed(lead.book, LAWS_TOLD)
    lead.close()


def notices_of(count: int) -> list[dict[str, object]]:
    """Rows of the fold: results published on as many days, the last one of 示例末位."""
    return [
        {"subject": RESULT, "rounds": {f"{n:064x}": {
            "nth": 0, "confirmed": {"day": (date(2026, 1, 1) + timedelta(n)).isoformat()},
            "sent": {"unit": f"示例{n:03}", "name": "检查结果", "bureau": "示例", "channels": [],
                     "rows": [{"label": "检查结果", "text": "发现问题3个" if n % 60 == 7 else "没有发现问题"}]},
        }}}
        for n in range(count)
    ]  # fmt: skip


def hold(site: Site, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Let the bureau hold so many results."""
    rows = [("s", "k", row) for row in notices_of(count)]
    monkeypatch.setattr(type(site.served.office.ledger), "topic", lambda self, topic: rows)
    # so that it reads again
    site.served.office.write(Draft(RULES_STREAM, "rule_published", {"name": "示例.txt", "text": "示例"}))


def test_results_are_found_by_words_and_paged(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(site, monkeypatch, 120)
    first = site.read("/public")
    assert "示例119" in first and "示例070" in first and "示例069" not in first
    assert "共 120 件，这里是第 1 到 50 件" in first and "更新的" not in first
    last = site.read("/public", skip="100")
    assert "示例000" in last and "更早的" not in last and 'href="/public?skip=50">更新的' in last
    found = site.read("/public", q="问题3个  2026年1月")
    assert "示例007" in found and "示例067" not in found and "共 1 件" in found
    assert "示例067" in site.read("/public", q="2026-03-09") and 'value="问题3个 2026年1月"' in found
    assert "没有“问题9个”的公示" in site.read("/public", q="问题9个")
    more = site.read("/public", q='没有"发现', skip="0")
    assert "没有&quot;发现" in more
    assert "skip=50&amp;q=%E6%B2%A1%E6%9C%89" in site.read("/public", q="没有")


# -- the unit's rating ---------------------------------------------------------------------------------------------


def form_of(page: httpx.Response) -> dict[str, str]:
    """What the form sends beside what a person chooses."""
    assert page.status_code == 200 and not re.search(r"<script|javascript:|\son\w+=|style=", page.text)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def test_the_unit_rates_on_a_phone_once_and_it_comes_home(site: Site) -> None:
    book, url = site.session.book, site.served.address.url
    address = rating.invite(book, CASE).value
    assert address.startswith(f"{url}/public/rate?code=")
    assert rating.invite(book, CASE).value == address and not rating.invite(book, CASE).events, "it is the same code"
    path = address.removeprefix(url)
    assert site.reader.get(path).status_code == 404, "the bureau does not know it yet"
    sync.hand_over(book)
    page = site.reader.get(path)
    assert "示例区水务局" in page.text and all(word in page.text for word in LEVELS)
    sent = form_of(page) | {"text": "示例：<b>检查细致</b>", "name": "示例吴晓"}
    assert site.reader.post("/public/rate", data=sent).status_code == 400, "no level was chosen"
    assert "已收到：满意" in site.reader.post("/public/rate", data={**sent, "word": "满意"}).text
    for again in (site.reader.post("/public/rate", data={**sent, "word": "不满意"}), site.reader.get(path)):
        assert "已经评价过" in again.text
    sync.hand_over(book)
    held = site.session.queries.case(CASE).rating
    assert held is not None and (held.word, held.text, held.by_name) == ("满意", "示例：<b>检查细致</b>", "示例吴晓")
    assert CASE in figures.year(book, held.at.year).ratings[LEVELS.index("满意")].ids
    refused("rated_already", lambda: rating.rate(book, CASE, "不满意"))
    refused("rated_already", lambda: rating.invite(book, CASE))


def test_of_many_who_send_at_once_one_is_taken(site: Site) -> None:
    code = rating.invite(site.session.book, CASE).value.rpartition("=")[2]
    sync.hand_over(site.session.book)
    with ThreadPoolExecutor(6) as crowd:
        said = [
            *crowd.map(
                lambda n: site.reader.post("/public/rate", data={"code": code, "word": LEVELS[n % 5]}).text, range(6)
            )
        ]
    assert sum("已收到" in page for page in said) == 1 and sum("已经评价过" in page for page in said) == 5
    rows = site.served.office.ledger.rows(CASE)
    assert len(rows["rating", ""]["given"]) == 1


def test_who_guesses_is_refused_for_a_while_and_nothing_is_noted_of_who_asks(site: Site) -> None:
    paths = ("/public/rate?code=" + "0" * 32, "/public/check?number=1&code=" + "0" * 32)
    answers = [site.reader.get(paths[n % 2]).status_code for n in range(PAGE_TRIES)]
    assert set(answers) == {404, 200}
    for path in paths:
        refused_ = site.reader.get(path)
        assert refused_.status_code == 429 and "分钟后再试" in refused_.text
    assert site.reader.post("/public/rate", data={"code": "0" * 32, "word": "满意"}).status_code == 429
    for path in ("/public", "/public/check", "/public/rate"):
        assert site.reader.get(path).status_code == 200, "what leads nowhere is limited, reading is not"
    clock = site.served.office.clock
    assert isinstance(clock, TrialClock)
    clock.skip(timedelta(minutes=11))
    assert site.reader.get(paths[0]).status_code == 404
    kept = [file.read_bytes() for file in site.served.office.config.folder.glob("ledger.db*")]
    assert any(b"page/" in content for content in kept) and not any(b"127.0.0.1" in content for content in kept)


def test_behind_a_proxy_on_this_machine_each_visitor_counts_alone(site: Site) -> None:
    """The proxy says who asks; of IPv6 a visitor has a whole network."""

    def asks(address: str, times: int = 1) -> int:
        sent = {"X-Forwarded-For": address}
        return [
            site.reader.get("/public/rate", params={"code": "0" * 32}, headers=sent).status_code for _ in range(times)
        ][-1]

    assert asks("203.0.113.7", PAGE_TRIES) == 404 and asks("203.0.113.7") == 429
    assert asks("203.0.113.8") == 404, "another one is answered"
    assert asks("2001:db8:1:2::7", PAGE_TRIES) == 404
    assert (asks("2001:db8:1:2:ffff::1"), asks("2001:db8:1:3::7")) == (429, 404)


def test_a_form_of_bad_make_is_answered_with_a_page(site: Site) -> None:
    for body in (b"", b"\xff" * 50, b"code=%00&word=" + "满意".encode(), b"&" * 100, b"a=b&" * 50):
        answer = site.reader.post("/public/rate", content=body)
        assert answer.status_code == 404 and "没有这个评价码" in answer.text
    assert site.reader.post("/public/rate", content=b"x" * 20_000).status_code == 413


def test_the_public_address_is_what_the_bureau_set_and_the_squares_are_read_back(site: Site, tmp_path: Path) -> None:
    text = (FORMS / "publicity.toml").read_text("utf-8").replace('site = ""', 'site = "https://gongshi.example.cn/"')
    rules = site.session.book.rules
    rules.shelf = type(rules.shelf)(rules.shelf.folder, {"publicity.toml": text})
    address = rating.invite(site.session.book, CASE).value
    assert re.fullmatch(r"https://gongshi\.example\.cn/public/rate\?code=[0-9A-F]{32}", address)
    rows = rating.squares(address)
    picture = Image.new("L", (len(rows), len(rows)))
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    picture.resize((600, 600), Image.Resampling.NEAREST).save(tmp_path / "qr.png")
    assert read_code(tmp_path / "qr.png") == address


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
        done = subprocess.run([*self._command, *more], env=self._environment, capture_output=True, text=True, timeout=SECONDS,
                              check=True)  # fmt: skip
        return done.stdout

    def text(self, url: str) -> str:
        """What stands on a page when it has been loaded."""
        return self.run("--dump-dom", url)

    def picture(self, url: str, name: str, size: tuple[int, int]) -> Image.Image:
        file = self._folder / f"{name}.png"
        self.run(f"--window-size={size[0]},{size[1]}", f"--screenshot={file}", url)
        return Image.open(file)

    def asked(self, html: str, base: str, words: str) -> str:
        """What comes when words are typed into the form of a page and sent; typed by a script that the page itself does not
        have."""
        file = self._folder / "asked.html"
        send = f"<script>document.forms[0].elements[0].value = '{words}'; document.forms[0].submit()</script>"
        file.write_text(
            html.replace("<head>", f'<head><base href="{base}">').replace("</body>", f"{send}</body>"), "utf-8"
        )
        return self.run("--virtual-time-budget=5000", "--dump-dom", file.as_uri())

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
def test_in_a_real_browser(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.publish()
    browser, base = Chromium(tmp_path), site.served.address.url
    link = site.only_link()
    shown = browser.text(base + link)
    assert "发现问题1个" in shown and "138**1234" in shown
    assert "示例区水务局" in browser.asked(site.read("/public"), base, "水务 问题1个")
    assert "没有“示例不存在”的公示" in browser.asked(site.read("/public"), base, "示例不存在")
    rated = rating.invite(site.session.book, CASE).value.removeprefix(base)
    site.hand_in()
    for path in ("/public", link, "/public/check", "/public/yearly", rated):
        assert browser.width_at(site.read(path), 320) <= 320, path
    for path, size in ((rated, (360, 740)), ("/public/check", (1280, 800))):
        picture = browser.picture(base + path, f"picture-{size[0]}", size)
        assert picture.size == size
        assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 20, "the style was refused, or nothing was drawn"
    hold(site, monkeypatch, 120)
    shown = browser.text(f"{base}/public?skip=50")
    assert "示例069" in shown and ">更新的</a>" in shown and ">更早的</a>" in shown
