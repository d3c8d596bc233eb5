"""Copies the icons that the window uses from the Phosphor package (MIT) to resources/icons.

Run: `python packaging/icons.py` on a machine with npm. An icon that the code names and the folder lacks fails a test.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGE = "@phosphor-icons/core@2.1.1"
TARGET = Path(__file__).resolve().parent.parent / "resources" / "icons"

NAMES = [
    "arrow-left", "arrow-right", "arrow-u-up-left", "arrow-u-up-right", "arrows-clockwise", "book-open-text",
    "buildings", "calendar", "calendar-blank", "camera", "caret-down", "caret-left", "caret-right", "caret-up",
    "chart-bar", "chats-circle", "check", "check-circle", "clipboard-text", "clock", "cloud-arrow-up",
    "cloud-check", "cloud-slash", "dots-six-vertical", "download-simple", "eye", "eye-slash", "export", "file-pdf",
    "file-text", "files", "fingerprint", "floppy-disk", "funnel", "gavel", "gear-six", "git-diff", "globe", "hand",
    "hard-drive", "hard-drives", "identification-card", "image", "images", "info", "key", "keyboard", "laptop",
    "link", "list-checks", "lock", "lock-open", "magnifying-glass", "magnifying-glass-minus",
    "magnifying-glass-plus", "map-pin", "megaphone", "microphone", "minus", "moon", "note-pencil",
    "paper-plane-tilt", "pencil-simple", "person", "plus", "presentation", "printer", "prohibit", "question",
    "record", "scales", "seal-check", "shield-check", "shield-warning", "shuffle", "sign-out", "signature",
    "speaker-high", "sun", "sun-horizon", "text-aa", "trash", "usb", "user", "user-circle", "user-switch", "users",
    "users-three", "video-camera", "warning", "warning-circle", "x", "x-circle"
]  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        archive = next(Path(folder).glob("*.tgz"))
        subprocess.run(["tar", "xzf", archive.name], cwd=folder, check=True)
        source = Path(folder) / "package"
        for weight in ("regular", "fill", "bold"):
            (TARGET / weight).mkdir(parents=True, exist_ok=True)
            suffix = "" if weight == "regular" else f"-{weight}"
            for name in NAMES:
                shutil.copyfile(source / "assets" / weight / f"{name}{suffix}.svg", TARGET / weight / f"{name}.svg")
        shutil.copyfile(source / "LICENSE", TARGET / "LICENSE-phosphor.txt")


if __name__ == "__main__":
    main()
