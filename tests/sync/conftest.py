"""The exchange is tried over the same running server as the doors."""

from __future__ import annotations

from tests.server.conftest import served as served
