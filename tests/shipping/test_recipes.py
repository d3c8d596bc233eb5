"""What is shipped, for Linux and for Windows, and under which licences: read from the recipes and the kept file lists."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path, PurePath
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from cyclonedx import schema as cyclonedx_schemas

from bureau_server.main import main
from inspector_app import __version__

from .recipes import ROOT, recipe

PACKAGING = ROOT / "packaging"
LISTS = {
    name: (PACKAGING / f"{name}.files").read_text("utf-8").splitlines() for name in ("inspector-app", "bureau-server")
}
GPL_ONLY = ("Charts", "Graphs", "DataVisualization", "VirtualKeyboard", "Quick3D", "HttpServer", "NetworkAuth")
contents, bill = recipe("contents"), recipe("bill")


@pytest.mark.parametrize("name", LISTS)
def test_the_shipped_file_list_holds_nothing_that_stays_out(name: str) -> None:
    names = LISTS[name]
    assert contents.left_out_yet_there(names) == [] and len(names) > 100
    for word in (*GPL_ONLY, "WebEngine", ".jar", "qtvirtualkeyboard", "tkinter", "numpy", "pytest"):
        assert not [one for one in names if word.lower() in one.lower()], word


def test_what_the_window_needs_is_in_the_list() -> None:
    names = "\n".join(LISTS["inspector-app"])
    for needed in ("libQt6Pdf.so", "platforms/libqxcb.so", "platforms/libqwayland", "platforms/libqoffscreen.so",
                   "platforminputcontexts/libibus", "platforminputcontexts/libcompose", "licences/jeepney/",
                   "printsupport/libcups", "qtbase_zh_CN.qm", "sqlcipher3", "zxingcpp",
                   "multimedia/libffmpegmediaplugin.so", "keyring-", "libpython3", "licences/PySide6_Essentials/LGPL-3.0.txt"):  # fmt: skip
        assert needed in names, needed
    assert "psycopg" not in names and "PySide6" not in "\n".join(LISTS["bureau-server"])


def test_whatever_a_shipped_library_of_qt_stands_on_is_shipped() -> None:
    """Qt passes by a plug-in that lacks one, in silence: a bundle without Qt Quick had neither camera nor film."""
    shipped = {PurePath(name).name for name in LISTS["inspector-app"]}
    asked: dict[str, set[str]] = {}
    for wheel in ("PySide6_Addons", "PySide6_Essentials"):
        for file in importlib.metadata.distribution(wheel).files or ():
            if file.name in shipped and ".so" in file.name:
                content = Path(str(file.locate())).read_bytes()
                for name in re.findall(rb"(?<=\0)lib(?:Qt6|av|sw)\w+\.so\.\d+(?=\0)", content):
                    asked.setdefault(name.decode(), set()).add(file.name)
    assert len(asked) > 20 and {name: by for name, by in asked.items() if name not in shipped} == {}


def test_the_rules_leave_out_what_the_wheels_would_bring() -> None:
    """Read from the installed wheels, so that a rule that no longer matches is seen before a bundle is made."""
    files = [str(file) for name in ("PySide6_Addons", "PySide6_Essentials", "pyxform") for file in
             importlib.metadata.distribution(name).files or ()]  # fmt: skip
    for word in (*GPL_ONLY, "WebEngineCore", "ODK_Validate.jar", "qtvirtualkeyboard"):
        there = [name for name in files if word in name and not name.endswith((".pyi", ".py"))]
        assert there and not [name for name in there if contents.shipped(name)], word
    for word in ("libQt6Pdf.so.6", "libqxcb.so", "qtbase_zh_CN.qm"):
        assert all(contents.shipped(name) for name in files if name.endswith(word)), word


def test_libraries_of_the_building_computer_stay_there() -> None:
    assert contents.shipped("libpython3.11.so.1.0", "/build/python/lib/libpython3.11.so.1.0")
    for name in ("libssl.so.3", "libX11.so.6", "libGL.so.1", "libglib-2.0.so.0", "libstdc++.so.6", "libdbus-1.so.3"):
        assert not contents.shipped(name, f"/usr/lib/x86_64-linux-gnu/{name}"), name


# -- Linux and Windows in step --------------------------------------------------------------------------------


def test_the_windows_installer_takes_the_same_files() -> None:
    """Untried on Windows; what can be known here is that both take the whole folder."""
    text = (PACKAGING / "windows" / "inspector.iss").read_text("utf-8")
    taken = set(re.findall(r'^Source: "\.\.\\\.\.\\dist\\inspector-app\\([^"\\*]+)', text, re.M))
    tops = {name.partition("/")[0] for name in LISTS["inspector-app"]}
    programs = {"inspector-app.exe", "inspector-app-console.exe"}
    assert taken - programs == tops - {"inspector-app"} and programs <= taken
    for folder in ("_internal", "licences"):
        assert rf'{folder}\*"; DestDir: "{{app}}\{folder}"; Flags: recursesubdirs' in text
    assert f'#define Version "{__version__}"' in text and "PrivilegesRequired=lowest" in text and "NOT TRIED" in text
    assert "[UninstallDelete]" not in text, "removal touches no data"
    recipe_text = (PACKAGING / "inspector.spec").read_text("utf-8")
    assert all(f'folder("{name}"' in recipe_text for name in LISTS) and '-console"' in recipe_text


def test_the_kind_of_an_exported_record_is_one_in_menu_and_types() -> None:
    kinds = {"s": "http://www.freedesktop.org/standards/shared-mime-info"}
    tree = ElementTree.parse(PACKAGING / "linux" / "inspector.xml")
    kind = tree.find("s:mime-type", kinds)
    assert kind is not None
    entry = (PACKAGING / "linux" / "inspector-verify.desktop").read_text("utf-8")
    assert f"MimeType={kind.get('type')};" in entry and "Exec=/opt/inspector-app/verify-record %f" in entry
    assert '"VERIFY.zh.md"' in (PACKAGING / "linux" / "inspector.xml").read_text("utf-8")
    record = (ROOT / "inspector_app" / "record" / "package.py").read_text("utf-8")
    assert record.index('"VERIFY.zh.md"') < record.index('"keys.txt"'), "the first member tells the kind"
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", *map(str, (PACKAGING / "linux").glob("*.desktop"))], check=True)


# -- the server -----------------------------------------------------------------------------------------------


def test_the_servers_settings_are_a_working_pattern(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (PACKAGING / "server" / "bureau.toml").read_text("utf-8")
    settings = tmp_path / "bureau.toml"
    settings.write_text(text.replace("/var/lib/bureau-server", str(tmp_path / "data")), "utf-8")
    (tmp_path / "data").mkdir()
    assert main(["--config", str(settings), "init"]) == 0
    assert "根证书指纹" in capsys.readouterr().out
    larger = re.sub(r"^#(?=[\w\[])", "", re.sub(r"^database = .*\n", "", text, flags=re.M), flags=re.M)
    assert tomllib.loads(larger)["database"].startswith("postgresql"), "what stands as a comment is well-formed, too"


def test_service_and_scripts_are_well_formed(tmp_path: Path) -> None:
    for name in ("postinst", "prerm"):
        text = (PACKAGING / "server" / name).read_text("utf-8")
        subprocess.run(["sh", "-n", str(PACKAGING / "server" / name)], check=True)
        assert "rm " not in text and "userdel" not in text, "record, keys and settings stay"
    unit = (PACKAGING / "server" / "bureau-server.service").read_text("utf-8")
    assert "ExecStart=/opt/bureau-server/bureau-server --config /etc/bureau-server/bureau.toml serve" in unit
    if shutil.which("systemd-analyze"):
        copy = tmp_path / "bureau-server.service"
        copy.write_text(unit.replace("/opt/bureau-server/bureau-server", "/bin/true"), "utf-8")
        said = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
        assert "bureau-server.service:" not in said.stderr, said.stderr


# -- licences -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("licence", "ships"),
    [
        ("MIT", True), ("LGPL-3.0-only", True), ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True), ("GPL-3.0-only", False),
        ("GPL-3.0-or-later WITH Font-exception-2.0", True), ("AGPL-3.0-only", False), ("MIT AND GPL-2.0-only", False),
        ("GNU General Public License v3 (GPLv3)", False), ("GNU Affero General Public License v3", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", True), ("Mozilla Public License 2.0 (MPL 2.0)", True),
    ],
)  # fmt: skip
def test_a_licence_that_must_not_ship_is_seen(licence: str, ships: bool) -> None:
    assert bill.may_ship(licence) is ships


def valid(document: Any) -> None:
    """Against the schema of CycloneDX 1.6 as its own library keeps it."""
    folder = Path(str(cyclonedx_schemas.__file__)).parent / "_res"
    parts = {name: json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text("utf-8"))
             for name in ("bom-1.6", "spdx", "jsf-0.82")}  # fmt: skip
    base = "http://cyclonedx.org/schema/"
    known = jsonschema_rs.Registry([(f"{base}{name}.SNAPSHOT.schema.json", part) for name, part in parts.items()])
    jsonschema_rs.validator_for(parts["bom-1.6"], registry=known).validate(document)


def test_the_bill_names_every_work_with_its_text(tmp_path: Path) -> None:
    bundle = tmp_path / "inspector-app"
    bundle.mkdir()
    names = ("PySide6_Essentials", "obstore", "sqlcipher3", "keyring", "pi_heif", "SQLAlchemy")
    noted = {"distributions": [{"name": name} for name in names]}
    (tmp_path / "parts.json").write_text(json.dumps(noted), "utf-8")
    shipped = bill.write(bundle, tmp_path / "parts.json", __version__)
    assert {*names, "CPython", "pyinstaller", "FandolFang", "Noto Sans SC", "Phosphor Icons"} <= {
        w.name for w in shipped
    }
    for work in shipped:
        assert list((bundle / "licences" / work.name.replace(" ", "-")).iterdir()), work.name
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (bundle / "licences/PySide6_Essentials/LGPL-3.0.txt").read_text(
        "utf-8"
    )
    told = (bundle / "LICENCES.md").read_text("utf-8")
    assert "可以换成同一接口、自己改过的库" in told and "| sqlcipher3 |" in told and "?" not in told
    made = json.loads((bundle / "sbom.cdx.json").read_text("utf-8"))
    valid(made)
    assert any(part.get("purl", "").startswith("pkg:pypi/pyside6-essentials@6.9.3") for part in made["components"])
    with pytest.raises(jsonschema_rs.ValidationError):
        valid(made | {"components": [{"name": "without a type"}]})


def test_a_work_that_must_not_ship_stops_the_bill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bill.NAMED, "segno", "GPL-3.0-only")
    (tmp_path / "parts.json").write_text(json.dumps({"distributions": [{"name": "segno"}]}), "utf-8")
    with pytest.raises(SystemExit, match="must not ship"):
        bill.write(tmp_path, tmp_path / "parts.json", __version__)
