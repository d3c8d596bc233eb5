"""What every screen is given: queries, acts with their problems, undo, half-typed text, and where to go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from ..actions import filecheck, law, rulebook, safekeeping, sync, whereabouts
from ..actions.book import Book, Done, undo
from ..actions.laptop import Laptop
from ..actions.procedure import check_doing
from ..actions.queries import InspectionRow, Queries
from ..actions.sign_in import Session
from ..domain.calendar import zh_time
from ..domain.casefile import CaseFile
from ..domain.problems import Problem
from .capture.filming import Filming
from .surroundings import open_page, take_back_copied
from .tasks import Tasks

P = ParamSpec("P")
T = TypeVar("T")


class Desk(QObject):
    """The window's working place. Screens never see the store; they read `queries` and call `act`."""

    changed = Signal()
    told = Signal(str, str)  # sentence, tone
    toasted = Signal(str, object)
    opened = Signal(str, str)  # screen, case
    stage_opened = Signal(int)
    working = Signal(str, int, int)  # what, done, total; total 0: finished
    locked = Signal()
    leaving = Signal()  # the session ends: what is half-typed is kept now
    moved = Signal()  # another place is on view: screen, stage or item
    headed = Signal(str, str, str)  # name of the case, its kind, a line on it
    themed = Signal(str, float)  # theme, scale
    other_wanted = Signal(str)  # the trial's window of a colleague, by id
    reviewed = Signal()  # the review of the open case is there, or no longer of what is shown
    led = Signal(object)  # a place of the open case whose field is to get the focus
    board_opened = Signal(str)  # which board beside the draws is to be on view
    publicised = Signal(str, str)  # inspection and subject whose publication is to be on view
    # events handed in, of 0; then bytes of files, of how many: more than a signal's int holds
    exchanged = Signal(object, object)

    def __init__(
        self, laptop: Laptop, tasks: Tasks, *, trial: bool = False,
        bureau: Callable[[], sync.Address | None] = lambda: None, colleague: str = "",
    ) -> None:  # fmt: skip
        super().__init__()
        self.laptop = laptop
        self.tasks = tasks
        self.trial = trial
        self.bureau = bureau  # of the trial; may have to be waited for, so it is asked on a worker
        self.colleague = colleague  # in the trial whose own laptop this is, where it is not the team's
        self.open_page: Callable[[str], bool] = open_page  # the way to the system's browser
        self.direct_host = ""  # where a door for a colleague's laptop listens; "" for every network of this one
        self.take_back_copied: Callable[[], None] = take_back_copied  # out of the system's clipboard
        self.session: Session | None = None
        self.case_id = ""
        # the stream that a desk or list on view is about, where undo is of that and not of the open case
        self.beside = ""
        self.stop_work = False
        self.ending = False  # the session ends: what takes minutes and can go on later stops by itself
        self.exchanging = self.stop_exchange = False
        self.signed_out = False  # the session at the bureau has ended
        self.can_stop = False  # whether the long work under way asks to be stopped between its parts
        self.busy = 0  # long work under way; quiet rendering does not count
        self.item_by_case: dict[str, str] = {}
        self.finding_by_case: dict[str, str] = {}
        self.evidence_by_case: dict[str, str] = {}
        self.evidence_scope: dict[str, tuple[str, tuple[str, ...]]] = {}  # a name, and the numbers that are to be shown
        self.inspection_scope: tuple[str, frozenset[str]] = ("", frozenset())  # a figure, and the inspections behind it
        self.paper_by_case: dict[str, str] = {}
        self._reviewed: tuple[str, filecheck.Verdict] | None = None  # the newest review, and of which case
        self._to_review = ("", 0)
        self.remark = ("", -1)  # the one of the review last led to: its case, and its place among those that are open
        self._undo: list[Done[Any]] = []
        self._redo: list[Done[Any]] = []
        self._saved_at = self._told = self._told_of_exchange = ""
        self.told.connect(self._remember_told)
        self.filming = Filming(self)

    # -- reading ----------------------------------------------------------------------------------------------

    @property
    def open_session(self) -> Session:
        """The session; only asked for by screens that are shown after signing in."""
        if self.session is None:
            raise RuntimeError("nobody is signed in")
        return self.session

    @property
    def book(self) -> Book:
        return self.open_session.book

    @property
    def queries(self) -> Queries:
        return self.open_session.queries

    @property
    def saved(self) -> str:
        """When something was last saved here, e.g. 10:51; signing in is itself written."""
        return self._saved_at

    def may(self, act: str, case: str = "") -> bool:
        """Whether who is signed in may do this, in an inspection where one is named: what nobody may press is not shown."""
        try:
            self.book.allow(act, case)
        except Problem:
            return False
        return True

    def bar(self, act: str, case: CaseFile) -> str:
        """Why this action may not be taken, or an event of this kind not be written, in an inspection as it stands by who is
        signed in; "" where it may."""
        try:
            check_doing(self.book, case, act)
        except Problem as problem:
            return str(problem)
        return ""

    def allowed(self, act: str, case: str = "") -> bool:
        """Like `may`, in the open inspection where none is named; what is refused is told, before anything opens for it."""
        try:
            self.book.allow(act, case or self.case_id)
        except Problem as problem:
            self.told.emit(str(problem), "bad")
            return False
        return True

    # -- who works here ---------------------------------------------------------------------------------------

    def enter(self, session: Session) -> None:
        """A person begins: nothing of the one before can be undone or finished by this one."""
        self.session, self.ending = session, False
        self._undo, self._redo = [], []
        self.inspection_scope = ("", frozenset())
        self._saved_at = zh_time(session.book.clock.now().at)

    def leave(self) -> None:
        """Keep what is half-typed, leave nothing in the clipboard, close the database and forget its key."""
        if self.session is None:
            return
        self.leaving.emit()
        self.take_back_copied()
        self.stop_exchange = self.ending = True
        self.tasks.settle()
        self.session.close()
        self.session = None
        self._undo, self._redo = [], []

    def inspections(self) -> tuple[InspectionRow, ...]:
        """The inspections that who is signed in may look at, by planned time: none for the admin (domain/access)."""
        return self.queries.inspections() if self.may("read") else ()

    def thumbnail(self, case: CaseFile, number: str) -> bytes:
        """A small picture of a piece of evidence; where its file is away or damaged, that is told and it stays empty."""
        return self._file(self.queries.thumbnail, case, number)

    def picture(self, case: CaseFile, number: str) -> bytes:
        """A large picture of a piece of evidence, like `thumbnail`."""
        return self._file(self.queries.picture, case, number)

    def _file(self, read: Callable[[CaseFile, str], bytes], case: CaseFile, number: str) -> bytes:
        try:
            return read(case, number)
        except Problem as problem:
            self.told.emit(str(problem), "bad")
            return b""

    # -- acting -----------------------------------------------------------------------------------------------

    def act(self, function: Callable[P, Done[T]], *args: P.args, **kwargs: P.kwargs) -> Done[T] | None:
        """Do an act. An expected problem is told in the bar and gives None; nothing else is swallowed."""
        try:
            done = function(*args, **kwargs)
        except Problem as problem:
            self.told.emit(str(problem), "bad")
            return None
        self.finished(done)
        return done

    def finished(self, done: Done[Any]) -> None:
        """Note an act that was done: it is saved, can be undone, and what is on view is refreshed."""
        if done.reverse:
            self._undo = [*self._undo[-49:], done]
            self._redo = []
        self._note(done)

    def _note(self, done: Done[Any]) -> None:
        if done.events:
            self._saved_at = zh_time(self.book.clock.now().at)
            self.told.emit("", "")
        self.tell_notices()
        self.changed.emit()

    def _remember_told(self, sentence: str, _tone: str) -> None:
        self._told = sentence

    def tell_notices(self) -> None:
        """What the book noticed beside an act is told once."""
        if self.book.notices:
            self.told.emit("".join(self.book.notices), "warn")
            self.book.notices.clear()

    def undo(self) -> None:
        """Write the reverse of this person's last act in the open case, or in what the desk on view is about; the record keeps both."""
        self._turn(self._undo, self._redo, "撤销")

    def redo(self) -> None:
        """Write again what was undone last in the open case."""
        self._turn(self._redo, self._undo, "重做")

    def _turn(self, source: list[Done[Any]], target: list[Done[Any]], word: str) -> None:
        mine = next((done for done in reversed(source) if (self.beside or self.case_id) in done.touched), None)
        if mine is None:
            self.told.emit(f"{'这里' if self.beside else '本案'}没有可以{word}的操作。", "brand")
            return
        try:
            back = undo(self.book, mine)
        except Problem as problem:
            self.told.emit(str(problem), "bad")
            return
        source.remove(mine)
        target.append(back)
        self._note(back)
        self.toasted.emit(f"已{word}：{back.value}。过程记录里两步都在", None)

    def run(
        self, what: str, work: Callable[[], T], then: Callable[[T], object], *, can_stop: bool = False,
        network: bool = False, printer: bool = False, failed: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        """Do long work on the worker, or on the line to network or printer; `then(result)` runs in the window.

        A problem is told in the bar, then `failed` may ask again. `can_stop`: the work calls `step` and obeys it.
        """
        self.stop_work, self.can_stop = False, can_stop
        self.busy += 1
        session = self.session
        self.working.emit(what, 0, 1)

        def finish(result: T) -> None:
            self.busy -= 1
            self.working.emit(what, 1, 0)
            if session is None or self.session is session:  # the next person hears nothing of it
                then(result)

        def fail(problem: Problem) -> None:
            self.busy -= 1
            self.working.emit(what, 1, 0)
            self.told.emit(str(problem), "bad")
            self.changed.emit()
            failed()

        self.tasks.run(work, finish, fail, network=network, printer=printer)

    def step(self, what: str, done: int, total: int) -> bool:
        """Called by long work on the worker after each part; False asks it to stop."""
        self.can_stop = True  # other work may have ended meanwhile, and the bar with it
        self.tasks.report(lambda: self.working.emit(what, done, total))
        return not self.stop_work

    def back_up(self) -> None:
        """Make the second copy on the worker; its problem is told, its success is a toast."""
        book = self.book

        def then(made: safekeeping.Backup | None) -> None:
            self.changed.emit()
            if made is not None:
                self.toasted.emit(f"备份已存好：{made.events} 条，{made.files} 个文件", None)

        self.run(
            "存备份", lambda: safekeeping.back_up(book, lambda n, m: self.step("存备份", n, m)), then, can_stop=True
        )

    # -- the bureau -------------------------------------------------------------------------------------------

    def hand_over(self, *, quiet: bool = False) -> None:
        """Exchange with the bureau on the line to the network; answering goes on meanwhile. `quiet`: nobody asked."""
        if self.exchanging or self.session is None:
            return
        self.exchanging, self.stop_exchange = True, False
        book = self.book

        def step(done: int, total: int) -> bool:
            self.tasks.report(lambda: self.exchanged.emit(done, total))
            return not self.stop_exchange

        def then(handed: sync.Handed) -> None:
            self.exchanging = self.signed_out = False
            if self._told and self._told == self._told_of_exchange:  # why the last one failed is over
                self.told.emit("", "")
            if self.session is not None:
                self.tell_notices()
            if handed.fell_back:
                self.told.emit("局里的服务器已回退到旧的备份。缺的由本机补交，不用重做。", "warn")
            if not quiet or handed.received:
                self.toasted.emit(_told_of(handed), None)
            self.changed.emit()
            if handed.received and rulebook.waiting(self.book):
                more = "法规有变动，按 F3 看“法规变动”涉及哪些检查。" if law.coming(book) else ""
                self.told.emit(f"收到局里新发布的规则，下次登录起用。{more}", "brand")

        def fail(problem: Problem) -> None:
            self.exchanging = False
            self.signed_out = problem.code == "signed_out"
            if not quiet or self.signed_out:
                self._told_of_exchange = str(problem)
                self.told.emit(str(problem), "warn")
            self.changed.emit()

        def work() -> sync.Handed:
            handed = sync.hand_over(book, step)
            if not handed.stopped:
                whereabouts.retire(book)
            return handed

        self.changed.emit()
        self.tasks.run(work, then, fail, network=True)

    def by_browser(
        self, address: sync.Address, finish: Callable[[sync.Visit, Callable[[], bool]], T | None],
        then: Callable[[T], object], failed: Callable[[], object],
    ) -> None:  # fmt: skip
        """Sign in with the unit's account: `finish(visit, go_on)` waits on the line to the network while the person is in
        the browser. Stopping it is no fault; a problem is told, and both ask again by `failed`.
        """
        what = "在浏览器里登录"

        def go_on() -> bool:
            return not self.stop_work

        def ended(made: T | None) -> None:
            if made is None:
                failed()
            else:
                then(made)

        def lead_there(visit: sync.Visit) -> None:
            if self.open_page(visit.url):
                self.run(what, lambda: finish(visit, go_on), ended, can_stop=True, network=True, failed=failed)
            else:
                visit.close()
                self.told.emit(str(Problem("no_browser")), "bad")
                failed()

        self.run("查找单位账号的登录系统", lambda: sync.visit_of(address), lead_there, network=True, failed=failed)

    def stop(self) -> None:
        """Ask the long work under way to stop after its present part."""
        self.stop_work = True

    # -- the file review --------------------------------------------------------------------------------------

    def review(self) -> None:
        """Look at the file of the open case on the worker, while it is edited; only the newest wish counts."""
        book, case = self.book, self.case_id
        wish = self._to_review = (case, self._to_review[1] + 1)

        def then(verdict: filecheck.Verdict | None) -> None:
            if wish == self._to_review and verdict is not None:
                self._reviewed = (case, verdict)
                self.reviewed.emit()

        def work() -> filecheck.Verdict | None:
            return filecheck.look(book, case) if wish == self._to_review else None

        self.tasks.run(work, then, lambda problem: None)

    @property
    def verdict(self) -> filecheck.Verdict | None:
        """The newest review of the open case; None before its first."""
        return self._reviewed[1] if self._reviewed and self._reviewed[0] == self.case_id else None

    # -- half-typed text --------------------------------------------------------------------------------------

    def keep(self, place: str, text: str) -> None:
        """Keep half-typed text at once; it is no event and never leaves this laptop."""
        if self.session is None:
            return  # a field that is left after its session: its text was kept before
        try:
            self.book.store.save_draft(self.book.person.id, place, text, self.book.clock.now().at.isoformat())
        except Problem as problem:
            self.told.emit(str(problem), "bad")

    def kept(self, place: str) -> str:
        return self.book.drafts().get(place, "")

    # -- places -----------------------------------------------------------------------------------------------

    def open(self, screen: str, case: str = "") -> None:
        """Go to a screen, for a case when one is named."""
        if case:
            self.case_id = case
        self.beside = ""  # a screen with a list on view says so itself
        self.opened.emit(screen, case)

    def show_inspections(self, name: str, ids: Iterable[str]) -> None:
        """Go to the inspections behind a figure; `name` says which figure."""
        self.inspection_scope = (name, frozenset(ids))
        self.open("inspections")

    def show_evidence(self, name: str, numbers: Sequence[str]) -> None:
        """Go to the evidence of the open case, and to these pieces of it alone; `name` says what they belong to."""
        self.evidence_scope[self.case_id] = (name, tuple(numbers))
        self.open_stage(3)

    def open_stage(self, index: int) -> None:
        """Go to a stage of the open case."""
        self.stage_opened.emit(index)


def _told_of(handed: sync.Handed) -> str:
    """What an exchange did, never more than is known."""
    parts = [f"收到 {handed.received} 条"] if handed.received else []
    parts += [f"交出 {handed.sent} 条"] if handed.sent else []
    parts += [f"{handed.files} 个文件已回执"] if handed.files else []
    said = "，".join(parts) or "没有新的内容"
    if handed.stopped:
        return f"{said}；停下了，下次从这里接着发送"
    return f"{said}；还有 {handed.open} 件没有发完" if handed.open else said
