"""How long a test waits for what has to come. A busy machine is no fault: only what never comes is told after that."""

from __future__ import annotations

SECONDS = 100
WAIT = SECONDS * 1000
"""The same in milliseconds, for Qt."""
