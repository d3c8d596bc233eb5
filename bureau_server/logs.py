"""The log: one line of JSON for each thing that happened, for a machine to read, and nothing in it of what people wrote.

A fault names its kind and the places in the code that it came through. Its text stays out, and so do the values that other
libraries put into their messages: either may repeat a name or an answer.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import datetime
from pathlib import Path

from inspector_app.domain.clock import CHINA

log = logging.getLogger("bureau_server")
"""What the server itself has to say: a mapping of plain values."""
_MOST = 120
"""Characters of what another library says."""


class Line(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {"at": datetime.fromtimestamp(record.created, CHINA).isoformat(timespec="milliseconds"),
                                   "level": record.levelname.lower()}  # fmt: skip
        if isinstance(record.msg, dict):
            told |= record.msg
        else:
            told |= {"what": str(record.msg).partition("\n")[0][:_MOST], "from": record.name}
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
            told |= {"fault": type(error).__name__, "places": places}
        return json.dumps(told, ensure_ascii=False)


def begin() -> None:
    """Write the log to stderr from now on: what the server says, and warnings of what it is made from."""
    handler = logging.StreamHandler()
    handler.setFormatter(Line())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    log.setLevel(logging.INFO)
