"""Runs in the peer's own environment. Does what it is told, line by line, and answers each with a line of JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from anki.collection import Collection  # type: ignore[import-not-found, unused-ignore]

FOLDER, URL = Path(sys.argv[1]), sys.argv[2]
NOTE_TYPE = "Basic"


class Desk:
    """One computer with a collection."""

    def __init__(self, name: str, upload: bool) -> None:
        (FOLDER / name).mkdir(parents=True)
        self.col = Collection(str(FOLDER / name / "collection.anki2"))
        self.auth = self.col.sync_login("officer", "password", URL)
        self.col.sync_collection(self.auth, False)
        self.col.close_for_full_sync()
        self.col.full_upload_or_download(auth=self.auth, server_usn=None, upload=upload)
        self.col.reopen(after_full_sync=True)

    def sync(self) -> None:
        told = self.col.sync_collection(self.auth, False)
        assert told.required == told.NO_CHANGES, told

    def media(self) -> None:
        self.col.sync_media(self.auth)
        while self.col.media_sync_status().active:
            time.sleep(0.02)


def write(desk: Desk, lines: str) -> None:
    col = desk.col
    kind, deck = col.models.by_name(NOTE_TYPE), col.decks.id("Default")
    requests = []
    for line in Path(lines).read_text("utf-8").splitlines():
        note = col.new_note(kind)
        note.fields[:2] = [line, ""]
        requests.append(note)
    from anki.collection import AddNoteRequest  # type: ignore[import-not-found, unused-ignore]

    col.add_notes([AddNoteRequest(note, deck) for note in requests])


def main() -> None:
    here = Desk("here", upload=True)
    there = Desk("there", upload=False)
    acts: dict[str, Any] = {
        "write": lambda lines: write(here, lines), "push": lambda _: here.sync(), "pull": lambda _: there.sync(),
        "idle": lambda _: here.sync(), "photos": lambda _: here.media(),
        "keep": lambda photos: [here.col.media.add_file(str(file)) for file in sorted(Path(photos).iterdir())],
    }  # fmt: skip
    print("{}", flush=True)
    for line in sys.stdin:
        act, _, argument = line.strip().partition(" ")
        begin = time.perf_counter()
        try:
            acts[act](argument)
            print(json.dumps({"seconds": time.perf_counter() - begin}), flush=True)
        except Exception as error:  # whatever it is, the bench says so and goes on
            print(json.dumps({"error": repr(error)}), flush=True)


main()
