"""One entry of the process record (执法全过程记录): who did what, when, after what.

The list of events is the record and the outbox of the sync at once. An event is never changed or deleted;
a correction is a new event with a reason. `EVENTS` names every kind this version writes; a kind that it does
not know is stored, forwarded and counted unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

VERSION = 1
"""Version of the envelope. Fields are only ever added."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the person's id, number of the credential (执法证号) and the role of that moment."""

    id: str
    credential: str
    role: str


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A file that the event names: digests of the original bytes, size in bytes, MIME type, origin."""

    sha256: str
    sm3: str
    size: int
    mime: str
    origin: str  # captured | imported | made


@dataclass(frozen=True, slots=True)
class Draft:
    """What an action wants written. The store adds place, time, order and chain in one transaction."""

    stream: str
    kind: str
    body: Mapping[str, Any]
    step: str = ""
    blobs: tuple[BlobRef, ...] = ()
    witness: str | None = None
    parents: tuple[str, ...] | None = None  # None: all heads of the stream


class Event(NamedTuple):  # a batch makes thousands, and a frozen dataclass takes eight times as long to make
    """One line of the record. `id` is the SHA-256 of its canonical bytes and is not part of them."""

    id: str
    v: int
    kind: str
    schema: int
    bureau: str
    stream: str
    strand: str
    seq: int
    prev: str
    parents: tuple[str, ...]
    at: str
    mono: int
    boot: str
    anchor: str | None
    actor: Actor
    witness: str | None
    device: str
    step: str
    body: Mapping[str, Any]
    blobs: tuple[BlobRef, ...]
    app: Mapping[str, str]


Heads = Mapping[str, tuple[int, str]]
"""For each strand of a stream: number of its events and id of the last one; a fork is a strand of its own."""


class Entry(NamedTuple):
    """An event as storage and exchange see it: its place in the chain and its canonical bytes."""

    strand: str
    seq: int
    id: str
    prev: str
    line: bytes


# kind -> the words of the journal. `{name}` is filled from the body; what is missing is left out.
REGISTER = "register"
"""Stream of the bureau, its units, officers and leased numbers."""
PLANNING = "planning"
"""Stream of what is intended: plans, clues, draws."""
RULES_STREAM = "rules"
"""Stream of the rules that the bureau publishes: law catalogue, calendar, policy, checklists, wording of papers."""
FORMS_STREAM = "forms"
"""Stream of the bureau's pre-stamped forms; every laptop reads it, so that a number used on two of them shows."""

RECORDERS = "recorders"
"""Stream of the bureau's recorders and cameras: whoever inspects takes them along and gives them back."""

OPERATION = "operation"
"""Stream of what was done to accounts and laptops at the bureau; its server writes it."""

BUREAU_DEVICE = "JU-"
"""What the name of a bureau's own device begins with; no laptop is enrolled under such a name."""

EVENTS: dict[str, str] = {
    # register
    "bureau_named": "登记本局：{name}",
    "unit_registered": "登记单位：{name}",
    "officer_registered": "登记执法人员：{name}",
    "numbers_leased": "领取文号：{prefix}〔{year}〕{first}号至{last}号",
    "number_voided": "作废文号：{number}，原因：{reason}",
    "unit_noted": "登记单位事项：{unit_name} {topic}",
    "officer_noted": "登记人员事项：{name} {topic}",
    "note_dropped": "撤下登记的事项，原因：{reason}",
    # plans, clues, draws
    "plan_drawn_up": "拟定检查计划：{title}",
    "plan_approved": "批准检查计划：{title}，{by_name}",
    "plan_announced": "公布检查计划：{title}，{where}",
    "clue_received": "收到线索：{unit_name}，{source}",
    "clue_settled": "处理线索：{unit_name} {reason}",
    "draw_sealed": "封存名录库：{title}，校验值 {digest}",
    "draw_made": "双随机抽取：{title}，监督人{said_by}报数 {word}",
    "draw_signed": "抽取签名：{role}{name}，{means}",
    "draw_certified": "制作抽取证明：{title}",
    "draw_used": "按抽取结果列入检查：{title}",
    "draw_announced": "公布抽取结果：{title}，{where}",
    "draw_dropped": "作废抽取：{title}，原因：{reason}",
    "law_publicised": "登记普法活动：{laws}，{where}",
    # pre-stamped forms
    "forms_received": "领取预盖章空白文书：{series}{first}至{series}{last}，发放人{giver}",
    "form_used": "用掉空白文书 {number}：{title} {document}",
    "form_spoiled": "空白文书 {number} 写坏，原因：{reason}",
    "forms_returned": "交回空白文书：{span}，接收人{to}",
    "form_corrected": "改正空白文书 {number} 的登记，原因：{reason}",
    # rules
    "rule_published": "发布规则：{name}",
    # recorders and cameras
    "recorder_registered": "登记设备：{kind} {number}",
    "recorder_booked": "预约设备：{number}，{day} {name}",
    "recorder_handed_over": "领用设备：{number}，{name}",
    "recorder_returned": "交还设备：{number}",
    "recorder_clock_compared": "核对设备时钟：{number}，相差 {offset} 秒",
    # device
    "device_enrolled": "登记本机：{name}",
    "person_changed": "换人操作：{name}",
    "bureau_joined": "登记到局里：{bureau}",
    "room_given": "让出本机空间：{files} 个原件，局里都有",
    "secret_erased": "按命令销毁本机密钥：{files} 个文件，{orders}",
    "clock_moved": "电脑时间变动：{seconds} 秒",
    "pin_reset": "重设口令：{name}，凭{means}",
    "recovery_key_set": "设置本局恢复公钥：{key}",
    "vault_swept": "清理中断留下的、记录里没有的文件：{files} 个",
    # before the visit
    "inspection_planned": "列入检查：{unit_name}",
    "plan_published": "公布检查计划",
    "draw_recorded": "双随机抽取",
    "approval_given": "批准检查：{by_name}",
    "code_received": "领取检查码：{code}",
    "self_assessed": "收到单位自查表：{file}",
    "inspection_cancelled": "取消检查：{reason}，{approved_by}同意",
    # arrival
    "visit_begun": "到达现场：{place}",
    "credentials_shown": "出示执法证件：{officers}",
    "cosigner_named": "登记会签公钥：{name}",
    "recording_told": "告知全过程记录",
    "rights_told": "告知权利义务，答复：{reply}",
    "recusal_requested": "申请回避：{text}",
    "recusal_decided": "回避决定：{decision}",
    "officer_replaced": "更换检查人员：{name}",
    "leader_present": "带队领导：{name}",
    "attendees_confirmed": "确认在场人员：{names}",
    "guests_noted": "登记联合检查人员：{names}",
    "law_explained": "普法宣讲：{topics}",
    "readiness_checked": "检查设备：{said}",
    # recording
    "recording_started": "开始{what}：{device}",
    "recording_stopped": "停止{what}：{length}",
    "recording_interrupted": "{what}中断，原因：{reason}",
    "secret_area_entered": "进入涉密区域，停止采集：{name}",
    "secret_area_left": "离开涉密区域，恢复采集：{name}",
    # check
    "item_answered": "{item} 填“{value}”",
    "item_noted": "{item} 备注",
    "checking_finished": "逐项检查完毕",
    # evidence
    "evidence_taken": "存入证据 {number}",
    "evidence_described": "补充证据说明 {number}",
    "evidence_withdrawn": "撤下证据 {number}，原因：{reason}",
    "evidence_marked": "标注证据 {number}：{count} 处",
    "secrecy_checked": "证据 {number} 保密审查：{outcome}",
    "footage_explained": "{name}没有影像，原因：{reason}",
    "secret_found": "疑似涉密，封存证据 {number}，原因：{reason}",
    "secret_cleared": "解除封存证据 {number}，原因：{reason}",
    "secret_destroyed": "按{office}{order}销毁证据 {number}",
    # findings
    "finding_recorded": "记为问题：{code}",
    "finding_changed": "修改问题 {code}：{field}",
    "finding_withdrawn": "撤销问题 {code}，原因：{reason}",
    "finding_confirmed": "确认问题 {code}",
    # record on site
    "remark_recorded": "记录单位意见",
    "statement_recorded": "记录陈述申辩：{reply}",
    "visit_ended": "现场检查结束",
    "record_reopened": "重新制作笔录，原因：{reason}",
    "deliberated": "合议",
    # papers
    "text_frozen": "定稿：{title}",
    "paper_issued": "制作文书：{title} {number}",
    "paper_printed": "打印文书：{title} {copies} 份{unconfirmed}",
    "paper_signed": "签字：{name}，{means}",
    "signature_refused": "拒绝签字：{name}，原因：{reason}",
    "signed_page_kept": "存入签字页：{title}{where}",
    "signed_page_withdrawn": "撤下签字页：{title}{where}，原因：{reason}",
    "service_filmed": "存入送达过程照片 {number}",
    "paper_served": "送达：{title}，{method}",
    "decision_made": "作出处理：{outcome}",
    "sheet_filled": "填写《{title}》",
    "sheet_dropped": "撤下填写的《{title}》，原因：{reason}",
    # review at the bureau
    "handed_in": "送科室复核",
    "commented": "对 {about} 写意见：{text}",
    "returned": "退回修改：{reason}",
    "review_passed": "复核认可",
    "item_judged": "复核 {item}：{outcome}",
    "entry_refused": "单位拒绝检查：{who}，{reason}",
    # legal review
    "legal_review_asked": "送法制审核：{title}",
    "legal_opinion_given": "法制审核意见：{title}，{outcome}",
    "legal_review_withdrawn": "撤回送审：{title}，原因：{reason}",
    "legal_review_extended": "延长法制审核期限：{title}，到{until}，原因：{reason}",
    # rectification to the end
    "rectification_begun": "进入整改",
    "rectification_reminded": "提醒单位整改期限：{to}，{means}",
    "rectification_filmed": "存入整改照片 {number}",
    "rectification_reported": "登记整改报告：{codes}",
    "report_judged": "核对整改报告 {code}：{judged}",
    "extension_asked": "申请延期整改：{until}，理由：{reason}",
    "extension_decided": "{decision}，{by_name}",
    "reinspected": "复查：{conclusion}",
    "handed_on": "{title}：{to}，{codes}，原因：{reason}",
    "answer_received": "收到答复：{to}，{text}",
    # disputes, supervision, closing
    "dispute_entered": "收到{kind}：{by_name}，{about}",
    "dispute_settled": "{kind}办结：{outcome}",
    "file_called_up": "调卷：{office}{number}",
    "file_sent": "送出案卷：{office}，{name}",
    "file_returned": "案卷退回：{office}",
    "closed": "结案：{reason}，{approved_by}批准",
    "archived": "归档：{code}，保管期限{retention}，{received_by}接收",
    # file review
    "check_waived": "评查“{name}”不改，原因：{reason}",
    "record_exported": "导出过程记录",
    "event_set_aside": "局里把一条记录放在一边：{reason}",
    "account_changed": "局里的账号 {id}（{name}）：{what}，{admin_name}办理",
    "laptop_revoked": "撤销局里登记的电脑：{id}，{admin_name}办理",
    # publicity
    "penalty_entered": "登记行政处罚：{number}",
    "publication_changed": "改公示件的“{label}”",
    "publication_held": "暂缓公示{title}，原因：{reason}",
    "publication_sent": "公示件送核对：{title}",
    "publication_recalled": "收回送核对的公示件：{title}",
    "publication_returned": "公示件核对退回：{title}，原因：{reason}",
    "publication_confirmed": "核对并公示：{title}，{where}",
    "decision_overturned": "原决定被{how}：{title}，{document}",
    "publication_withdrawn": "撤下公示：{title}，原因：{reason}",
    "publication_exported": "导出公示件：{title}",
    "photo_cleared": "公示照片 {number}，原因：{reason}",
    # the unit's word on the inspection
    "rating_invited": "给出单位评价码",
    "rated": "单位评价：{word}",
    # cosigned on another laptop
    "cosignature_given": "会签同事的检查 {number}：{unit_name}，到第 {count} 条",
    "cosignature_taken": "{name}在电脑 {device} 上会签，到第 {count} 条",
}


# What the same kinds say when they take something back.
_TAKEN_BACK: dict[str, tuple[str, str]] = {
    "item_answered": ("value", "{item} 恢复为未答"),
    "item_noted": ("text", "{item} 清空备注"),
    "evidence_withdrawn": ("reason", "恢复证据 {number}"),
    "evidence_marked": ("marks", "清除证据 {number} 的标注"),
    "secrecy_checked": ("outcome", "撤回证据 {number} 的保密审查"),
    "recording_interrupted": ("reason", "{what}中断，原因还没有说明"),
    "footage_explained": ("reason", "收回没有影像的说明：{name}"),
    "self_assessed": ("answers", "收回单位自查表"),
    "recorder_booked": ("officer", "取消预约：{number}，{day}"),
    "finding_withdrawn": ("value", "恢复问题 {code}"),
    "remark_recorded": ("text", "清空单位意见"),
    "check_waived": ("reason", "恢复评查“{name}”"),
    "sheet_dropped": ("reason", "恢复填写的《{title}》"),
    "paper_printed": ("copies", "打印没有完成：{title}"),
    "signed_page_withdrawn": ("reason", "恢复签字页：{title}{where}"),
    "penalty_entered": ("standing", "撤回登记的行政处罚：{number}"),
    "publication_changed": ("text", "公示件的“{label}”恢复为按规则遮盖"),
    "publication_held": ("reason", "恢复公示{title}"),
    "photo_cleared": ("sha256", "公示件不放照片 {number}"),
    "item_judged": ("outcome", "收回对 {item} 的复核"),
}

FINDING_FIELDS = {
    "fact": "事实", "basis": "依据", "evidence": "证据", "severity": "严重程度", "consequence": "后果",
    "order_basis": "责令依据", "demand": "要求", "due": "期限",
}  # fmt: skip
"""The fields of a finding in words."""

_TOLD = {
    "text": "内容", "reason": "原因", "reply": "答复", "fact": "事实", "demand": "要求", "proves": "证明对象",
    "method": "制作方法", "carrier": "原始载体", "transcript": "文字说明", "view": "照片组", "decision": "决定", "refusal": "拒收事由",
}  # fmt: skip


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


def words(kind: str, body: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """An entry in words; a kind of a later version says so. `names` says what the codes of questions mean."""
    template = EVENTS.get(kind)
    if template is None:
        return f"需升级后查看（{kind}）"
    field, back = _TAKEN_BACK.get(kind, ("", ""))
    if field in body and not body[field]:
        template = back
    shown = _Blank(body)
    shown["item"] = (names or {}).get(str(body.get("item", "")), body.get("item", ""))
    shown["field"] = FINDING_FIELDS.get(str(body.get("field", "")), body.get("field", ""))
    return template.format_map(shown).strip("：， ")


def told(body: Mapping[str, Any]) -> str:
    """The texts of an entry that its words leave out: remarks, reasons, what the unit said; for reading and search."""
    held = {**body, **body.get("fields", {}), **body.get("changes", {})}
    if isinstance(body.get("field"), str):
        held["text"] = body.get("value")
    texts = [f"{name}：{held[key]}" for key, name in _TOLD.items() if isinstance(held.get(key), str) and held[key]]
    if "sheet" in body:
        texts += [text for value in body.get("changes", {}).values() for text in _texts(value) if text]
    return "；".join(dict.fromkeys(texts))


def _texts(value: Any) -> list[str]:
    """The texts of a field of a sheet: one, or those of its rows."""
    return [value] if isinstance(value, str) else [text for part in value for text in _texts(part)]
