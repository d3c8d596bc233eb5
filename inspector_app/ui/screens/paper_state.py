"""Where a paper stands and what it still lacks, in the few words that tab and bar have room for."""

from __future__ import annotations

from ...actions import papers
from ...domain.casefile import CaseFile
from ...domain.legal import AGREED, FAULTY, standing
from ...domain.paper import Issued, Signature
from .signed_pages import pages_said
from .signing import SIGNED, lacking_signatures


def paper_state(case: CaseFile, kind: str, sheet: str | None = None) -> tuple[str, str]:
    """Where a paper stands, in a few characters, with its tone."""
    paper = papers.standing(case, kind, sheet)
    rounds = [each for each in case.legal if each.kind == kind and sheet in (None, each.paper_sheet)]
    if paper is None and rounds:
        last = standing(rounds)
        found = {"待审核": ("待审核", "warn"), AGREED: ("审核同意", "ok"), FAULTY: ("审核有问题", "warn")}
        return found.get(last.word if last else "", ("送审已撤回", "warn"))
    if paper is None and case.formal(kind, sheet) and kind != "proof_of_service":
        return "要重新制作", "warn"
    if paper is None:
        return (
            ("草稿", "na") if case.paper(kind, sheet) is not None and kind != "proof_of_service" else ("未制作", "na")
        )
    if paper.served is not None and not (paper.stale and kind == "notice"):
        return "已送达", "ok"
    if paper.stale:
        return "内容已改，要重新制作", "warn"
    if kind in SIGNED:
        return ("待签字", "warn") if lacking_signatures(case, paper) else ("已签字", "ok")
    return ("已制作", "ok") if not paper.printed else ("已打印", "ok")


def made_said(made: Issued) -> str:
    """Of a paper that was made: number, pages, signatures, how it was served."""
    signed = "，".join(f"{s.name}{_means(s)}" for s in made.signatures)
    served = f"，已{made.served.method}" if made.served else ""
    pages = f"，{pages_said(made)}" if made.kept else ""
    return f"{made.number}，{made.pages} 页{'，' + signed if signed else ''}{pages}{served}"


def _means(signature: Signature) -> str:
    if signature.refused:
        return "拒签"
    if signature.read_by:
        return signature.means
    return "电子签名" if signature.strokes else "按指印" if signature.fingerprint else "已签"


def unmade_said(ready: papers.Readiness) -> str:
    """Of a paper that is not made: what it lacks, or the number that it will take."""
    status = f"。格式：{ready.status}" if ready.status else ""
    if ready.draft:
        return f"只能打印草稿：{ready.draft}{status}"
    if ready.missing:
        return f"还缺：{'、'.join(ready.missing)}{status}"
    return f"文号 {ready.number}，制作后内容锁定{status}"
