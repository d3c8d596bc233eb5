"""Which input method the window listens to: what the desktop names, where this Qt has a plug-in for it, else ibus.

Qt's wheels bring a plug-in for ibus and one for Wayland's own way. Desktops with fcitx name that (`QT_IM_MODULE=fcitx`), whose
plug-in belongs to the system's Qt and loads into no other; Qt would then take none, in silence, and nobody could type Chinese.
fcitx5 speaks ibus, too, so that is asked instead; to fcitx 4 the window speaks by itself (`fcitx.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, MutableMapping
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

IBUS, _IBUS_SERVICE = "ibus", "org.freedesktop.IBus"
"""Its name for Qt, and on the session's bus, where fcitx5 stands for it too."""

_OWN = frozenset({"wayland", "compose", "simple", "none"})
"""What Qt has without a plug-in of an input method, or is a wish for none."""


def named(environment: Mapping[str, str]) -> list[str]:
    """The input methods that Qt is told to try, in order (`QInputMethod`: QT_IM_MODULES goes before QT_IM_MODULE)."""
    several = [name for name in environment.get("QT_IM_MODULES", "").split(";") if name]
    return several or [name for name in (environment.get("QT_IM_MODULE", ""),) if name]


def plugins() -> frozenset[str]:
    """The input methods that this Qt has a plug-in for."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforminputcontexts"
    ending = "platforminputcontextplugin.so"
    return frozenset(path.name.removeprefix("lib").removesuffix(ending) for path in folder.glob(f"lib*{ending}"))


def foreign(environment: Mapping[str, str], known: Collection[str]) -> str:
    """The input method that the desktop names and this Qt cannot load, where it names no other; else empty."""
    names = named(environment)
    if not sys.platform.startswith("linux") or any(name in known or name in _OWN for name in names):
        return ""
    if names:
        return names[0]
    if environment.get("WAYLAND_DISPLAY") or not environment.get("DISPLAY"):
        return ""  # Wayland has a way of its own, where nothing is named
    old = environment.get("XMODIFIERS", "").partition("@im=")[2]  # on X11, unnamed, Qt would take none
    return "" if old in _OWN else old


def spoken_to(environment: Mapping[str, str]) -> bool:
    """Whether what the desktop names is fcitx 4, and it is there: the window speaks to it by itself."""
    if not foreign(environment, plugins()).startswith("fcitx"):
        return False
    from . import fcitx  # a window that Qt can serve starts without it

    return fcitx.stands()


def choose(environment: MutableMapping[str, str]) -> bool:
    """Before Qt's application object: ask ibus in the place of what cannot be loaded; True where `spoken_to` holds."""
    if spoken_to(environment):
        return True
    if foreign(environment, plugins()):
        environment.pop("QT_IM_MODULES", None)
        environment["QT_IM_MODULE"] = IBUS
    return False


def answering(environment: Mapping[str, str]) -> tuple[str, bool]:
    """The input method by its name, empty where the system's own way is gone; and whether anything answers there."""
    if spoken_to(environment):
        return "fcitx", True
    names = named(environment)
    wanted = foreign(environment, plugins()) or (IBUS if IBUS in names and "wayland" not in names else "")
    if wanted:
        from . import fcitx

        return wanted, bool(fcitx.on_the_bus(_IBUS_SERVICE))
    bare = sys.platform.startswith("linux") and environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY")
    return "", not bare
