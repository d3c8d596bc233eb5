"""Papers of a case: tabs with their state, the page as it will be printed, and the formal acts on it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ...actions import filling, legal_review, papers, stamped
from ...actions.filecheck import Severity
from ...domain.casefile import CaseFile
from ...domain.finding import Consequence
from ...domain.inspection import DECIDING
from ...domain.legal import standing
from ...domain.paper import Issued
from ...domain.problems import Problem
from ..desk import Desk
from ..offers import ISSUE, LOOK, PRINT, WORK, needs
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick, When
from ..widgets.notices import Sheet
from ..widgets.pages import Pages
from ..widgets.panels import Surface, Tag, clear, column, row
from ..widgets.paper_tab import PaperTab
from ..widgets.text import Text
from .form_register import FormRegister
from .legal_sheet import LegalSheet
from .paper_out import PaperOut
from .paper_state import made_said, paper_state, unmade_said
from .signed_pages import SignedPages
from .signing import PAGED, SIGNED, SigningSheet, lacking_signatures


class PaperDesk(QWidget):
    """One tab a kind of paper. Not yet made: a preview marked as a draft; made: the archived bytes."""

    def __init__(self, desk: Desk, kinds: Sequence[str] = ()) -> None:
        super().__init__()
        self.desk = desk
        self.kinds = tuple(kinds)
        self.kind = self.kinds[0] if self.kinds else ""
        self.sheet: str | None = None  # what was filled in for the paper on view; None: the one there is
        self._case: CaseFile | None = None
        self._ready: papers.Readiness | None = None
        self._shown = ""
        self._out = PaperOut(self, desk)
        self.tabs: dict[str, PaperTab] = {}
        self._tabs = row(spacing=8, margins=(12, 8, 12, 8))
        self._said = Text("", "small", "ink2")
        self.proofs = Button("", "link", "images", act=self._show_proofs, height=32)
        self._older = row(spacing=8)
        self._state = Tag("", "na")
        self.view = Pages()
        self._problem = Text("", "body", "ink2", wrap=True)
        self._problem.hide()
        self.draft = needs(PRINT, Button("打印草稿", "secondary", "file-text", act=self._print_draft, height=36))
        self.save = needs(ISSUE, Button("另存 PDF", "secondary", "file-pdf", act=self._save, height=36))
        self.print = needs(PRINT, Button("打印", "secondary", "printer", act=self._print, key="Ctrl P", height=36))
        self.copy = needs(LOOK, Pick("", [("0", "归档原件")]))
        self.sign = Button("登记签字", "soft", "signature", act=self._sign, height=36)
        self.page = Button("存签字页", "secondary", "camera", act=self._keep_page, height=36)
        self.legal = Button("", "soft", "scales", act=self._legal, height=36)
        self.make = needs(ISSUE, Button("正式制作并锁定", "primary", "lock", act=self._make, height=36))
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self._print_or_draft)
        top = Surface("surface", "bottom")
        top.setLayout(self._tabs)
        foot = Surface("surface", "top")
        told = row(self._state, self._said, self.proofs, spacing=8)
        told.setStretch(1, 1)
        foot.setLayout(
            column(told, self._older,
                   row(None, self.draft, self.save, self.copy, self.print, self.page, self.sign, self.legal, self.make, spacing=8),
                   spacing=6, margins=(12, 8, 12, 8))
        )  # fmt: skip
        layout = column(top, self._problem, self.view, foot, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.setMinimumWidth(look.px(410))
        self._ended = False
        desk.leaving.connect(self._end)
        desk.reviewed.connect(self._review_came)

    def _end(self) -> None:
        """The session ends, and with it this widget: no page is shown here any more, whenever it comes."""
        self._ended = True

    # -- showing ----------------------------------------------------------------------------------------------

    def show_case(self, case: CaseFile, kinds: Sequence[str] | None = None, sheet: str | None = None) -> None:
        """Show the papers of a case; `kinds` replaces the tabs when the findings change. `sheet` is what was filled in for
        the paper, where a case may have several."""
        self.sheet = sheet
        wanted = self.kinds if kinds is None else tuple(kinds)
        if self._case is None or self._case.id != case.id or wanted != tuple(self.tabs):
            self.kinds = wanted
            self._make_tabs(wanted)
        self._case = case
        if self.desk.paper_by_case.get(case.id) in wanted:  # opened from another place
            self.kind = self.desk.paper_by_case.pop(case.id)
        if self.kind not in wanted and wanted:
            self.kind = wanted[0]
        self._show_tabs(case)
        if self.kind:
            self._show_kind(case)

    def seek(self, field: str) -> QWidget:
        """Where a remark of the review is put right: at the signing, at the making, or on the page as it was made."""
        acts = (self.sign, self.page) if field == "signatures" else (self.make,)
        return next((act for act in acts if act.isVisible() and act.isEnabled()), self.view)

    def _show_tabs(self, case: CaseFile) -> None:
        for kind, button in self.tabs.items():
            word, tone = paper_state(case, kind, self.sheet)
            if tone == "na" and (count := self._remarks(case, kind)):
                word, tone = f"{count} 处要改", "warn"
            button.show_state(word, tone, current=kind == self.kind)

    def _remarks(self, case: CaseFile, kind: str) -> int:
        """How many open remarks of the file review speak of a paper that is not made yet, or of what it will say."""
        verdict = self.desk.verdict
        if verdict is None:
            return 0
        mine = {f.id for f in case.findings if Consequence(f.consequence).paper == kind}
        places = [r.hit.place for r in verdict.remarks if r.open and r.points + (r.check.severity is Severity.BLOCK)]
        return sum((p.kind == "paper" and p.key == kind) or (p.kind == "finding" and p.key in mine) for p in places)

    def _review_came(self) -> None:
        if self._case is not None and self.isVisible():
            self._show_tabs(self._case)

    def _make_tabs(self, kinds: Sequence[str]) -> None:
        clear(self._tabs)
        self.tabs = {}
        for kind in kinds:
            button = PaperTab(papers.title(self.desk.book, kind))
            button.clicked.connect(partial(self.open_kind, kind))
            self.tabs[kind] = button
            self._tabs.addWidget(button)
        self._tabs.addStretch(1)

    def open_kind(self, kind: str, _checked: bool = False) -> None:
        """Show the paper of a kind."""
        if kind != self.kind:
            self.view.show_nothing()
        self.kind = kind
        if self._case is not None:
            self.show_case(self._case, sheet=self.sheet)

    @property
    def issued(self) -> Issued | None:
        """The formal paper of the kind on view, if it was made and still says what the case says. One that was served stays,
        but for a notice that tells the unit less than what is to come."""
        made = papers.standing(self._case, self.kind, self.sheet) if self._case is not None else None
        stays = made is not None and (not made.stale or (made.served is not None and made.kind != "notice"))
        return made if stays else None

    def _show_kind(self, case: CaseFile) -> None:
        made = self.issued
        word, tone = paper_state(case, self.kind, self.sheet)
        self._state.show_state(word, tone)
        self.print.setVisible(made is not None)
        self._show_copies(made)
        needs(LOOK if made is not None else ISSUE, self.save).set_text("另存 PDF" if made is not None else "另存草稿")
        self.make.set_text(
            "正式制作并锁定" if not case.formal(self.kind, self.sheet) else f"重新制作第 {self._next_revision(case)} 版"
        )
        self._show_older(case, made)
        self.draft.setVisible(made is None)
        issues = papers.may_issue(self.desk.book, case, self.kind)
        self.make.setVisible(made is None and (issues or self.desk.may(WORK, case.id)))
        signs = made is not None and self.kind in SIGNED
        self.sign.setVisible(signs and bool(lacking_signatures(case, made)))
        self.page.setVisible(made is not None and self.kind in PAGED)
        if made is None:
            self._ready = papers.readiness(self.desk.book, case, self.kind, self.sheet or "")
            said = unmade_said(self._ready)
            self._said.setText(said)
            rule = "" if issues else "本局规定，这种文书由组长或者科室负责人制作"
            self.make.set_blocked(said if self._ready.draft or self._ready.missing else rule)
        else:
            self._said.setText(made_said(made))
            self._said.setToolTip(f"核验码 {made.code}")
        self._show_legal(case)
        self._numbers = made.evidence if made is not None else ()
        self.proofs.set_text(f"证据 {len(self._numbers)} 件")
        self.proofs.setVisible(bool(self._numbers))
        self._fill(case, made)

    def _show_proofs(self) -> None:
        """From a paper to the evidence it speaks of."""
        self.desk.show_evidence(f"《{papers.title(self.desk.book, self.kind)}》", self._numbers)

    def _show_legal(self, case: CaseFile) -> None:
        """Where the legal review of the paper stands, or that it can be handed in."""
        decides, book, sheet = self.kind in DECIDING, self.desk.book, self.sheet or ""
        rounds = case.rounds(self.kind, filling.sheet_of(book, case, self.kind, sheet)) if decides else ()
        last = standing(rounds)
        self.legal.set_text("看审核意见" if last and last.opinion else "已送审核" if last else "送法制审核")
        needs(LOOK if rounds else WORK, self.legal).setVisible(
            bool(rounds) or (decides and legal_review.may_ask(book, case, self.kind, sheet))
        )

    def _legal(self) -> None:
        if self._case is not None:
            sheet = filling.sheet_of(self.desk.book, self._case, self.kind, self.sheet or "")
            LegalSheet(self, self.desk, self._case, self.kind, sheet)

    def _show_copies(self, made: Issued | None) -> None:
        """Which copy (联) is printed: the first until another is chosen."""
        shown = made.copies if made is not None else ()
        names = [(str(c.serial), f"第{c.serial}联　{c.name}") for c in shown] + [("0", "归档原件")]
        if names != [
            (self.copy.input.itemData(n), self.copy.input.itemText(n)) for n in range(self.copy.input.count())
        ]:
            self.copy.input.clear()
            for value, name in names:
                self.copy.input.addItem(name, value)
            self.copy.show_whole()
        self.copy.setVisible(bool(shown))

    def _next_revision(self, case: CaseFile) -> int:
        return 1 if self.kind == "proof_of_service" else len(case.formal(self.kind, self.sheet)) + 1

    def _show_older(self, case: CaseFile, made: Issued | None) -> None:
        """Versions that gave way: archived as they were made, told apart from the one that stands."""
        clear(self._older)
        versions = case.formal(self.kind, self.sheet) if self.kind != "proof_of_service" else ()
        for paper, following in itertools.zip_longest(versions, versions[1:]):
            if paper is None or (made is not None and paper.id == made.id):
                continue
            after = f"已被第 {following.revision} 版替代" if following is not None else "内容已改，要重新制作"
            self._older.addWidget(Text(f"第 {paper.revision} 版 {paper.number} {after}", "small", "warn"))
            self._older.addWidget(
                Button(f"看第 {paper.revision} 版", "link", act=partial(self._fill, case, paper), height=36)
            )
        self._older.addStretch(1)

    def _fill(self, case: CaseFile, made: Issued | None) -> None:
        """Render on the worker; only the newest wish counts."""
        version = self.desk.book.store.version(case.id)
        key = made.sha256 if made else f"{case.id}/{self.kind}/{self.sheet}/{version}"
        if self._ended or key == self._shown:
            return
        self._shown = key
        book, stream, kind, sheet = self.desk.book, case.id, self.kind, self.sheet or ""

        def work() -> tuple[bytes, str]:
            try:
                if made:
                    return papers.pdf_of(book, stream, made.id), "；".join(made.layout)
                seen = papers.preview(book, stream, kind, sheet)
                return seen.pdf, "；".join(papers.faults(seen))
            except Problem as problem:
                return b"", str(problem)

        def then(result: tuple[bytes, str]) -> None:
            if self._ended or key != self._shown:
                return
            content, said = result
            self._problem.setText(f"版面：{said}" if said and content else said)
            self._problem.setVisible(bool(said))
            if content:
                self.view.show_pdf(content)

        self.desk.tasks.run(work, then)

    # -- acting -----------------------------------------------------------------------------------------------

    def primary(self) -> bool:
        """Do the next formal act on the paper on view; False when there is none now."""
        for button in (self.make, self.sign, self.print):
            if button.isVisible() and button.isEnabled():
                button.click()
                return True
        return False

    def _make(self) -> None:
        """The formal act: the sheet says the number and what gets locked."""
        if self._case is None or self._ready is None:
            return
        ready, stream, kind, filled = self._ready, self._case.id, self.kind, self.sheet or ""
        said = f"文号 {ready.number}。制作后内容锁定，原件按字节存档。要改的，送达以前可以重新制作下一版，这一版标明被替代。"
        if kind == "onsite_record":
            said = f"文号 {ready.number}。制作后内容锁定。签字中要改的，写明原因后重新制作，各方重新签字。"
        held = itertools.chain(self.desk.queries.forms().held(kind), itertools.repeat(""))
        forms = [Field(f"{copy}用的预盖章空白编号", number, hint="印在空白上的号；没有领取的先登记领取")
                 for copy, number in zip(stamped.copies_of(self.desk.book, kind), held, strict=False)]  # fmt: skip
        parts: list[QWidget] = [Text(said, "body", "ink2", wrap=True), *forms]
        ended = When("检查结束时间", self.desk.book.clock.now().at)
        if kind == "onsite_record":
            parts.append(ended)
        sheet = Sheet(f"正式制作《{ready.title}》", *parts, act="正式制作并锁定", parent=self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        book = self.desk.book

        def make() -> None:  # what was typed is read here: the worker may run when the sheet is gone
            blanks, at = [form.text() for form in forms], ended.value() if kind == "onsite_record" else None
            self.desk.run(
                f"制作《{ready.title}》",
                lambda: papers.issue(book, stream, kind, blanks, at, filled),
                self.desk.finished,
            )

        if forms:
            sheet.add_way("空白文书登记簿", lambda: FormRegister.open_for(self, self.desk))
        sheet.accepted.connect(make)
        sheet.open()

    def _print_or_draft(self) -> None:
        self._print() if self.issued is not None else self._print_draft()

    def _print(self) -> None:
        if self._case is not None and self.issued is not None:
            self._out.print(self._case, self.issued, int(self.copy.value() or 0))

    def _print_draft(self) -> None:
        if self._case is not None:
            self._out.print_draft(self._case, self.kind, self.sheet or "")

    def _save(self) -> None:
        if self._case is not None:
            self._out.save(self._case, self.kind, self.sheet or "", self.issued)

    def _sign(self) -> None:
        if self._case is not None and self.issued is not None:
            SigningSheet.open_for(self, self.desk, self._case, self.issued)

    def _keep_page(self) -> None:
        if self._case is not None and self.issued is not None:
            SignedPages.open_for(self, self.desk, self._case, self.issued)
