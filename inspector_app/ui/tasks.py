"""Work off the window's thread: a worker, a line to the network, a colleague, the printer and for pictures; results on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from ..domain.problems import Problem


class Tasks(QObject):
    """Runs functions one after the other on a worker thread.

    `done(result)` and `failed(problem)` run on the window's thread. A fault that is no `Problem` is raised there too,
    so that it reaches the crash dialog instead of dying in silence.
    """

    _deliver = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="work")
        self._network = ThreadPoolExecutor(max_workers=1, thread_name_prefix="network")
        self._printer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
        self._pictures = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._colleague = ThreadPoolExecutor(max_workers=1, thread_name_prefix="colleague")
        self._lines = (self._pool, self._network, self._printer, self._pictures, self._colleague)
        self._deliver.connect(self._on_delivery, Qt.ConnectionType.QueuedConnection)
        self.running = 0

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Problem], object] | None = None,
        *, network: bool = False, printer: bool = False, picture: bool = False, colleague: bool = False,
    ) -> None:  # fmt: skip
        """Start `work` on the worker, or on the line to network, printer or colleague, or for pictures: none keeps another waiting."""
        self.running += 1
        line = self._network if network else self._printer if printer else self._pictures if picture else self._pool
        line = self._colleague if colleague else line
        future = line.submit(work)
        future.add_done_callback(lambda finished: self._deliver.emit((finished, done, failed)))

    def report(self, tell: Callable[[], object]) -> None:
        """Called on the worker: run `tell` on the window's thread."""
        self._deliver.emit((None, lambda _: tell(), None))

    def _on_delivery(self, parcel: object) -> None:
        assert isinstance(parcel, tuple)
        future: Future[Any] | None
        future, done, failed = parcel
        if future is None:
            done(None)
            return
        self.running -= 1
        error = future.exception()
        if isinstance(error, Problem) and failed is not None:
            failed(error)
        elif error is not None:
            raise error
        else:
            done(future.result())

    def settle(self) -> None:
        """Wait until worker and lines have nothing left to do."""
        for pool in self._lines:
            pool.submit(lambda: None).result()

    def close(self) -> None:
        """Wait for what runs and take nothing more."""
        for pool in self._lines:
            pool.shutdown(wait=True, cancel_futures=True)
