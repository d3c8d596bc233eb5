"""What all tests share: no screen, settled Hypothesis profiles, and no quiet skips where everything must run."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator

import pluggy
import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("campaign", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """In CI a skipped test is a failure: a missing real component must not pass for a green run."""
    outcome = yield
    report = outcome.get_result()
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_collection() -> Generator[None]:
    """What is loaded for four thousand tests stays to the end, so that no collection of garbage needs to walk over it."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


LONGEST = ("test_machine.py", "test_work.py", "test_kill.py", "test_screens.py", "test_markers.py", "test_printing.py",
           "test_three_devices.py", "test_filming.py")  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin first, so that no worker is left alone with one at the end; all others in random order."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
