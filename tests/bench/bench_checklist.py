"""How long the 107-item checklist takes to open, and one answer to be weighed. Prints medians; times are not tested."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from inspector_app.checklists.form import Form
from inspector_app.places import FORMS

PATH = FORMS / "checklists" / "organ.xml"


def median_ms(act: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        act()
        found.append((time.perf_counter() - begin) * 1000)
    return statistics.median(found)


def opened() -> None:
    """What the screen asks for when it opens the form: parsed, compiled, computed, counted."""
    sheet = Form.load(PATH.read_bytes()).sheet({})
    assert len(sheet.open_items) == 107
    assert not sheet.problems()


def main() -> None:
    opened()
    form = Form.load(PATH.read_bytes())
    answers = {item.code: "不适用" if number % 7 == 0 else "符合" for number, item in enumerate(form.items)}
    sheet = form.sheet(answers)
    print(f"checklist: open 107 items, with parsing   {median_ms(opened, 30):7.1f} ms  (target 150)")
    print(f"checklist: open 107 items, form in memory {median_ms(lambda: form.sheet(answers).problems(), 100):7.1f} ms")
    again = median_ms(lambda: sheet.with_answer("E01", "不符合").score, 100)
    print(f"checklist: one more answer and the score  {again:7.1f} ms")
    print(f"checklist: check of one value             {median_ms(lambda: form.check('E01', '不符合'), 100):7.1f} ms")


if __name__ == "__main__":
    main()
