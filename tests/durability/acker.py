"""The process under the shim: a few acts, each acknowledged by a line in a file beside the store."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from inspector_app.actions import check, evidence, sign_in, trial
from tests.office import CASE, laptop_at


def main() -> None:
    folder = Path(sys.argv[1])
    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    told = os.open(folder / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    files = sorted(trial.card_of(session.laptop).iterdir())
    codes = [item.code for item in session.queries.case(CASE).items][:24]
    for number, code in enumerate(codes):
        os.write(told, f"begin {code}\n".encode())
        check.answer(session.book, CASE, code, "符合")
        os.write(told, f"answer {code}\n".encode())
        if number % 8 == 7:
            taken = evidence.add_photos(session.book, CASE, files[number : number + 1]).value
            os.write(told, f"photo {taken.numbers[0]}\n".encode())
    session.close()


if __name__ == "__main__":
    main()
