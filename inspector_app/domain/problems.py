"""What can go wrong in an expected way: one line each, a fact and a way out."""

from __future__ import annotations

import errno
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """How one problem is told: the fact, the way out, and the status for the server."""

    fact: str
    way_out: str
    status: int = 409


class Problem(Exception):
    """An expected refusal. It carries a code of `PROBLEMS` and the facts that fill its sentence.

    Screens show `str(problem)` in a bar; a code that is not in the table is a bug and raises KeyError.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        self.code = code
        self.facts = facts
        self.sentence = PROBLEMS[code]
        super().__init__(f"{self.fact}{self.way_out}")

    @property
    def fact(self) -> str:
        """What is the case, in one Chinese sentence; the legal hook among the facts is cited at its end. A fact from
        elsewhere may close with its own mark or with none: the sentence has one."""
        fact = self.sentence.fact.format(**self.facts)
        if "hook" in self.facts:
            fact = f"{fact.rstrip('。')}（{self.facts['hook']}）"
        return fact if fact.endswith(("？", "！")) else f"{fact.rstrip('。')}。"

    @property
    def way_out(self) -> str:
        """What the person can do now, in one Chinese sentence."""
        return self.sentence.way_out.format(**self.facts)


# Sorted by the room that raises them. Facts first, then what to do.
PROBLEMS: dict[str, Sentence] = {
    # people and law
    "credit_code": Sentence("统一社会信用代码“{code}”{why}（GB 32100）。", "对照登记证书重新输入 18 位代码。"),
    "credential_expired": Sentence(
        "{officer}的行政执法证在检查日 {day} 不在有效期内，不能署名。", "换一名持有效证件的人员，或更新证件。"
    ),
    "credential_missing": Sentence("{officer}没有行政执法证，不能署名。", "换人，或登记证件。"),
    "too_few_officers": Sentence("只有 {count} 名执法人员。行政执法不得少于两人。", "再加一名持证人员。"),
    "register_file": Sentence("这个文件不能导入：{detail}。", "先导出一份登记表，照它的样子填写。"),
    "no_code": Sentence("图片“{name}”上没有认出检查码。", "换一张清楚、只有一个二维码的图片，或照着它输入检查码。"),
    "selfcheck_file": Sentence("这份自查表不能导入：{detail}。", "从这件检查导出自查表，请单位填好再导入。"),
    "selfcheck_other": Sentence(
        "这份自查表是“{named}”的，不是“{unit}”的。", "选这个单位的自查表，或在文件里改正单位名称。"
    ),
    "selfcheck_late": Sentence("检查已经开始，不再导入自查表。", "单位现在说的，记入现场笔录的单位意见。"),
    "plan_share": Sentence("要检查 {count} 家，范围里有 {base} 家。", "家数至少 1，不多于范围里的家数。"),
    "plan_unapproved": Sentence("“{title}”还没有批准。", "先登记批准，再登记公布。"),
    "clue_settled": Sentence("这条线索已经处理过。", "有新的情况，另登记一条线索。"),
    "draw_commitment": Sentence("种子和封存时公布的校验值不符。", "作废这次抽取，重新封存名录库。"),
    "draw_elsewhere": Sentence("种子在封存名录库的那台电脑上，这里不能抽取。", "到那台电脑上抽取，或作废后重新封存。"),
    "draw_over": Sentence("这次抽取已经{state}。", "要再抽的，重新封存名录库；原来的都留着。"),
    "draw_file": Sentence("这个文件不能重算：{detail}。", "用导出的原文件；仍然这样的，按抽取被改过处理。"),
    "draw_word": Sentence("监督人报的数不对：“{word}”。", "由监督人当场另报 8 位数字，照样输入。"),
    "draw_none": Sentence("一家也抽不出来：{detail}。", "核对名录库和规则，重新封存。"),
    "frequency_cap": Sentence(
        "{unit}{year}年已检查 {count} 次，到了年度频次上限 {cap} 次。",
        "改为书面核查，或换一家；上级部署的，在任务来源里写明“上级部署”。",
    ),
    "same_person": Sentence("确认人和办理人是同一个人：{officer}。", "由另一名检查人员输入口令。"),
    "unknown_article": Sentence("法规库里没有“{article}”。", "按 Ctrl+K 查到条文，照它的名称和条号填写。"),
    "article_not_in_force": Sentence("{article}在 {day} 不是有效条文。", "选用检查日有效的条文。"),
    "law_text_bad": Sentence(
        "“{name}”不能作为法规全文存入：{detail}", "换一个 Markdown、文本或 docx 文件；旧版 doc 先另存为 docx。"
    ),
    "unknown_year": Sentence("{year} 年的放假安排还没有登记，不能推算工作日。", "由执法人员填写并确认具体日期。"),
    "bad_date": Sentence("日期“{text}”无效。", "按“2026年3月16日”的样子填写。"),
    "bad_time": Sentence("时间“{text}”无效。", "按“9:00”的样子填写。"),
    "bad_year": Sentence("年份“{year}”不对。", "写四位数字，例如 2026。"),
    "date_order": Sentence("{later}早于{earlier}。", "核对两个时间后重新填写。"),
    "move_refused": Sentence("现在不能“{act}”：{reason}。", "{way}"),
    "moved_on": Sentence("这一步以后又写过新的内容，不能撤销。", "直接改成要的内容；过程记录里都在。"),
    "no_number": Sentence(
        "没有可用的“{series}”文号。", "在“设置”里向局里领，或者登记局里给的文号段；现在可以打印草稿。"
    ),
    "number_order": Sentence("末号小于首号，或首号小于 1。", "照局里给的文号段重新填写。"),
    "number_many": Sentence("一段文号超过 {most} 个。", "核对首号和末号；确实要这么多，分几段登记。"),
    "number_leased": Sentence("文号“{number}”已经在登记过的号段里。", "核对首号和末号，不要重复登记。"),
    "number_foreign": Sentence("文号“{number}”不在这台电脑领取的号段里。", "对照“设置”里的号段，连〔〕一起填写。"),
    "number_gone": Sentence("文号“{number}”已经用过或作废。", "核对后填写没有用过的文号。"),
    "form_unknown": Sentence("空白文书“{number}”没有登记领取。", "照印在纸上的号填写；确有这张纸的，先登记领取。"),
    "form_known": Sentence("空白文书“{number}”已经领取，还没有交回。", "核对首号和末号，不要重复登记。"),
    "form_gone": Sentence("空白文书“{number}”不能再这样用：{where}。", "换一张在手的；登记错了的，写明原因改正。"),
    "form_other_kind": Sentence("空白文书“{number}”是另一种文书的。", "换一张为这种文书领取的空白。"),
    "form_disputed": Sentence("空白文书“{number}”的登记要核对。", "看纸质原件，写明原因改正，再办。"),
    "form_count": Sentence("一次登记的空白文书超过 {most} 张。", "分几次登记。"),
    "form_each": Sentence("要 {count} 张空白文书，填了 {given} 个不同的号。", "每一联填一张，号不能重复。"),
    "announcement_running": Sentence(
        "公告要满 {days} 日才视为送达，{day}公告的还没有满。", "满期以后登记，送达时间写满期的那一天或者以后。"
    ),
    "date_ahead": Sentence("{what}晚于现在。", "填写实际的时间。"),
    "date_past": Sentence("{what}早于今天。", "填写今天以后的日期。"),
    "reason_needed": Sentence("{what}要写明原因。", "填写原因后再保存。"),
    "field_needed": Sentence("还没有填写：{what}。", "补上这一项再继续。"),
    "unknown_item": Sentence("检查表里没有“{item}”。", "核对检查表版本。"),
    "rules_bad": Sentence("这些规则不能发布：{detail}", "改正后再发布；现行规则没有变动。"),
    "rules_same": Sentence("文件夹里没有和现行不同的规则。", "放好改过的文件再发布，名称和程序的 forms 文件夹里一样。"),
    "bad_checklist": Sentence("这份检查表不能用：{detail}。", "用原来的版本，或改正后重新发布。"),
    "bad_workbook": Sentence("检查表“{name}”不能发布：{detail}", "按提示改正工作簿后再发布。"),
    "constraint": Sentence("“{item}”的填写不符合要求：{message}", "改正后再保存。"),
    "record_made": Sentence("笔录已经制作，内容锁定，现在不能{act}。", "在“笔录”里点“重新制作笔录”，写明原因后再改。"),
    "written_by_act": Sentence("《{paper}》的内容由办理写成，不在这里填写。", "在“法制审核”里逐项审核，给出意见。"),
    "frozen": Sentence("{what}不能再改。", "要更正的，由局里另行制发补正文书；这台电脑不办理。"),
    "extension_late": Sentence(
        "申请日期 {day} 晚于期限 {due}。", "期限届满才申请的，不能延期；到期复查，没有改正的提请处理。"
    ),
    "extension_open": Sentence("已有一份延期申请没有决定。", "先登记决定，再登记新的申请。"),
    "hand_on_early": Sentence(
        "问题 {code} 现在不能提请{way}。", "责令整改的，到期没有改正才能提请；等答复的，先登记答复。"
    ),
    "case_closed": Sentence(
        "这件检查已经结案，只能看，不能改。", "要更正的另行制发文书；投诉、复议、诉讼和调卷在“归档”里登记。"
    ),
    "case_cancelled": Sentence("这件检查已经取消，只能看，不能改。", "要再查的，在“检查”里重新列入。"),
    "case_archived": Sentence(
        "案卷已经归档（{code}），不能再写。", "公示、投诉、复议、诉讼和调卷仍可以登记；要补充的另行立卷。"
    ),
    "closing_blocked": Sentence("案卷评查有 {count} 处必须改：{remark}。", "{way}"),
    "not_found": Sentence("没有找到{what}。", "返回上一页重新选择。", 404),
    "not_allowed": Sentence("{who}不能办理“{act}”。", "由有权限的人员办理。", 403),
    # the record and the store
    "wrong_pin": Sentence("口令不对。", "再输入一次；忘记口令时由另一名本机人员在设置页重设。"),
    "pin_too_short": Sentence("口令太短，至少 {least} 位。", "换一个长一些的口令。"),
    "no_keyring": Sentence("这台电脑没有系统钥匙串，短口令不能保护数据。", "设置 12 位以上的通行短语。"),
    "person_known": Sentence("证号“{number}”已经登记在{name}名下。", "口令忘了，在本机人员里重设，不要再加入一次。"),
    "person_ambiguous": Sentence("这台电脑上有几名“{name}”。", "把姓名换成编号：{ids}。"),
    "recovery_absent": Sentence("这台电脑没有设置本局恢复公钥，恢复密钥打不开。", "由本机人员重设口令，或用备份。"),
    "recovery_phrase": Sentence("私钥文件打不开：通行短语不对，或不是恢复私钥。", "核对短语和文件后再试。"),
    "recovery_other": Sentence("这把恢复密钥不是这台电脑设置的那一把。", "换用本局的另一把恢复密钥。"),
    "recovery_public": Sentence("恢复公钥应是 64 位 0–9、a–f。", "照管理员给的抄一遍。"),
    "phrases_differ": Sentence("两次输入的不一样。", "重新输入。"),
    "keyring_lost": Sentence(
        "系统钥匙串里没有这台电脑的密钥，口令打不开数据。", "登录原来的系统账户；仍打不开时用局里的恢复密钥。"
    ),
    "store_locked": Sentence("这份数据已经在另一个窗口打开（进程 {pid}）。", "切换到那个窗口，或先关闭它。"),
    "store_newer": Sentence("数据是用更新的版本（{version}）写的，这个版本打不开。", "安装新版本；数据没有改动。"),
    "upgrade_cut": Sentence(
        "上次升级数据时中断了，数据已恢复到升级前，没有丢失。", "重新打开程序；要升级的，再用一次更新文件。"
    ),
    "upgrade_failed": Sentence(
        "新版本没有能升级数据：{detail}数据已恢复到升级前，没有丢失。",
        "重新打开程序，仍用原来的版本；把这句话告诉管理员。",
    ),
    "store_damaged": Sentence("数据库没有通过检查：{detail}", "用备份恢复，或把文件交给管理员；原文件保留不动。"),
    "backup_damaged": Sentence("备份没有通过检查：{detail}", "换一份备份；这一份保留不动，交给管理员。"),
    "keys_damaged": Sentence("钥匙文件 keys.json 读不出，数据打不开。", "从第二份备份取回钥匙文件；数据没有改动。"),
    "store_busy": Sentence("数据库正被占用，这一步没有存上。", "过几秒再试；已存的内容都在。"),
    "disk_full": Sentence("这一条没有存上：磁盘满了。已答内容都在。", "清理磁盘，或换一个盘存。"),
    "disk_failed": Sentence(
        "这一条没有存上：磁盘读写出错（{detail}）。已答内容都在。", "检查硬盘和连线；尽快存一份备份。"
    ),
    "keyring_failed": Sentence("系统钥匙串出错（{detail}）。", "解锁系统钥匙串，或重新登录系统账户后再试。"),
    "keys_missing": Sentence(
        "这里有数据，但没有钥匙文件，不能重新设置。", "从备份恢复，或把 keys.json 放回数据文件夹；数据没有改动。"
    ),
    "disk_low": Sentence("本机只剩 {free}，不能再存照片和录像。", "清理磁盘后再导入；答题和备注仍可保存。"),
    "restore_over": Sentence("这台电脑已经有数据，不能用备份覆盖。", "在没有设置过的电脑上恢复，或换一个数据文件夹。"),
    "no_folder": Sentence("没有这个文件夹。", "写完整的路径，例如插好的 U 盘。"),
    "backup_inside": Sentence("备份不能放在数据文件夹里面。", "选 U 盘或另一块硬盘上的文件夹。"),
    "folder_closed": Sentence(
        "数据文件夹“{name}”不能写入：{detail}", "请管理员改好它的权限或磁盘再打开；数据没有改动。"
    ),
    "read_only": Sentence("这份数据以只读方式打开。", "关闭后用正常方式打开再修改。"),
    "bad_package": Sentence("文件“{name}”不是可核验的过程记录：{detail}", "重新导出，或向办案机关索取。"),
    # the bureau's server
    "not_enrolled": Sentence("这台电脑还没有登记到局里。", "在“同步”里登记；没有网络也可以继续检查。", 403),
    "wrong_password": Sentence("账号、密码或动态码不对。", "核对后再输入；忘记密码找系统管理员。", 401),
    "too_many_tries": Sentence("密码错了太多次。", "{minutes} 分钟后再试。", 429),
    "secret_kept_back": Sentence(
        "文件 {number} 疑似涉密已封存，或已按命令销毁，不能取用。", "找保密工作机构；记录里有摘要和命令文号。", 403
    ),
    "signed_out": Sentence("局里的登录已过期。本机数据都在。", "重新登录后再交换。", 401),
    "refused_by_bureau": Sentence("局里没有办理：{detail}", "核对后再试；本机数据都在。", 403),
    "garbled": Sentence("收到的内容不合约定。", "检查网络；本机数据都在。", 400),
    "device_known": Sentence(
        "局里登记的“{device}”是另一台电脑。", "这台没有登记上，数据都在；请系统管理员在“管理”里核对那台是谁的。", 403
    ),
    "server_fault": Sentence(
        "局里的服务器出了错，没有办成。", "过一会儿再试；还不行的，告诉系统管理员。本机数据都在。", 500
    ),
    "other_secret": Sentence(
        "这里的密钥文件 secret 不是这份数据的。", "放回当时和数据分开保管的 secret，再运行一次；数据没有改动。", 500
    ),
    "offset_differs": Sentence("续传的位置不对，局里已有 {place} 字节。", "从那里接着发送。", 409),
    "too_large": Sentence("内容太大：{size}。", "分批发送。", 413),
    "server_disk_full": Sentence("局里的磁盘满了，没有收下。", "联系系统管理员；本机数据都在。", 507),
    "no_connection": Sentence("连不上局里的服务器：{detail}。", "检查网络后再试；本机数据都在，可以继续检查。", 503),
    "stick_not_ours": Sentence(
        "文件“{name}”打不开：不是给这台电脑的，或已损坏。", "请对方按这台电脑的编号重新导出。", 400
    ),
    "direct_no_network": Sentence("这台电脑没有连在任何网络上。", "插上网线或连上同一个无线网络；也可以用 U 盘。"),
    "direct_nobody": Sentence(
        "{address} 没有回应。", "核对地址；两台要在同一个网络里，对方的窗口要开着。防火墙拦住时用 U 盘。"
    ),
    "direct_wrong_code": Sentence("代码不对，什么也没有发送。", "照对方屏幕上的代码再输入一次。"),
    "direct_another": Sentence("对方在等另一台电脑。", "请对方重新选择给谁：这台电脑的编号在“设置”里。"),
    "direct_unknown": Sentence(
        "两台电脑还互不认识，或其中一台已被局里撤销。", "各自先和局里交换一次；做不到时用各自的电脑交给局里。"
    ),
    "direct_left": Sentence("十分钟里没有电脑来取，已经停止等候。", "两个人都准备好以后再开一次。"),
    "direct_strangers": Sentence("有人试了 {count} 次，都不是选定的电脑，已经停止等候。", "换一个网络，或用 U 盘。"),
    "direct_cut": Sentence("和同事的电脑断开了。", "收到的都在；再来一次，接着交换剩下的。"),
    "not_our_server": Sentence("对方不是本局的服务器（证书不符）。", "换一个网络；仍然这样时告诉系统管理员。", 502),
    "clock_differs": Sentence(
        "这台电脑的时间是 {here}，局里是 {there}，因此核对不了局里的证书。",
        "把日期和时间调准后再试；本机数据都在。",
        502,
    ),
    "certificate_untimely": Sentence(
        "局里服务器的证书今天不在有效期内。",
        "告诉系统管理员：重新启动局端服务就会换新证书；本机数据都在，可以继续检查。",
        502,
    ),
    "no_oidc": Sentence("局里没有开通单位账号登录。", "用局里的账号和密码登录。", 404),
    "oidc_unreachable": Sentence("单位账号的登录系统没有回应，或回应不对。", "过一会儿再试，或用账号和密码登录。", 503),
    "oidc_refused": Sentence(
        "单位账号登录没有通过：{detail}。", "重新登录；仍然这样时用账号和密码登录，并告诉系统管理员。", 401
    ),
    "unknown_account": Sentence("单位账号“{account}”在局里没有登记，或已停用。", "请系统管理员登记这个账号。", 403),
    "account_of_another": Sentence(
        "登记用的账号是“{account}”，本人的编号是“{mine}”：账号的身份在这里不起作用，按执法人员办理。",
        "请系统管理员以“{mine}”为账号登记，再登记一次这台电脑。",
    ),
    "password_to_set": Sentence(
        "管理员给的密码只用来登录一次。", "设一个自己的密码再登录，至少 12 位，和给的不同。", 403
    ),
    "first_password_over": Sentence("管理员给的一次性密码过期了。", "请系统管理员重设密码。", 401),
    "account_known": Sentence("账号“{account}”已经有了，是{name}的。", "在“管理”里找到它；停用的点“启用”。"),
    "own_account": Sentence("自己的账号不能由自己改。", "请另一名系统管理员办理，或者在局端用命令行。", 403),
    "last_admin": Sentence("“{account}”是最后一个能用的系统管理员。", "先登记或者启用另一名系统管理员，再改这一个。"),
    "other_account": Sentence(
        "浏览器里登录的是“{account}”，这台电脑登记的是“{mine}”。", "在浏览器里退出，再用“{mine}”登录。", 403
    ),
    "no_browser": Sentence("没有能打开的浏览器。", "设好默认浏览器后再试，或用账号和密码登录。"),
    "browser_left": Sentence("浏览器里的登录没有完成。", "再点一次“用单位账号登录”，登录后回到这里。"),
    "no_timestamp": Sentence(
        "没有取得时间戳：{detail}。", "收交内容不受影响，过一会儿自动再取；仍然这样时核对配置。", 503
    ),
    "another_protocol": Sentence("局里的版本和这台电脑的不同。", "更新后再交换；本机数据都在。", 426),
    # evidence
    "evidence_needed": Sentence("问题 {code} 没有证据。", "关联至少一份证据；确实没有的，写明原因再确认。"),
    "marks_bad": Sentence("证据 {number} 的标注不能存：{detail}。", "改正后再存；原图没有改动。"),
    "no_marks": Sentence("证据 {number} 不能标注：{detail}。", "照片和截图才能标注。"),
    "photo_damaged": Sentence("照片“{name}”打不开：文件已损坏或不是照片。", "重新拷贝原文件；其他照片已存好。"),
    "photo_too_large": Sentence("照片“{name}”太大（{size}），没有导入。", "原文件另行保管，缩小后再导入。"),
    "photo_kind": Sentence("“{name}”不是 JPEG、PNG 或 HEIC 照片。", "选择照片文件。"),
    "recording_untold": Sentence(
        "还没有把全过程记录告知在场人员，不能录音录像。", "在“到场”里念告知内容，登记单位的答复，再开始录。"
    ),
    "secret_area": Sentence(
        "{officer}登记了正在涉密区域，不能拍照、录音、录像，也不能导入。", "离开以后点“已离开涉密区域”，再继续。"
    ),
    "recording_runs": Sentence("已经在{what}。", "先停止，再录别的。"),
    "no_source": Sentence("没有找到{what}。", "接好后再试，或用执法记录仪，录完再导入。"),
    "source_failed": Sentence("{device}没有画面或声音：{detail}。", "检查连线，关掉占用它的程序再试；或用执法记录仪。"),
    "no_encoder": Sentence(
        "这台电脑的程序缺{what}用的编码器（{codec}），没有开始。", "先用执法记录仪，录完再导入；请管理员重新安装程序。"
    ),
    "no_picture": Sentence("{device}还没有画面，没有拍成。", "等画面出来再拍。"),
    "film_unplayable": Sentence("{number} 放不出来：{detail}。", "原件和校验值没有动；可以用局里的播放程序打开。"),
    "no_decoder": Sentence(
        "{number} 的{what}放不出来：这台电脑没有它的编码（{codecs}）。",
        "原件和校验值没有动；用设备自带的播放程序看，或请厂家转成 MP4 另行导入。",
    ),
    "media_kind": Sentence(
        "“{name}”的内容不是认得的照片、录像或录音。",
        "选 JPEG、PNG、HEIC、MP4、MOV、MKV、WAV 或 M4A 文件；原文件没有改动。",
    ),
    "file_empty": Sentence("“{name}”是空文件（0 字节），没有导入。", "在设备上看这一段能不能播放；能的重新拷贝。"),
    "file_unreadable": Sentence("“{name}”读不完整，没有导入。", "擦净卡口重新插卡，再导入这一个；其他的已存好。"),
    "card_gone": Sentence("导入途中读不到存储卡了，还有 {left} 个没有导入。", "插好后再导入一次；已存的不会重复。"),
    "no_own_time": Sentence("“{name}”没有写明拍摄时间。", "照设备屏幕上的时间填写。"),
    "clock_absurd": Sentence(
        "设备 {device} 的时间差得太多，像是没有设过。", "先在设备上设好时间；已拍的由检查人员说明时间。"
    ),
    "recorder_out": Sentence("设备 {device} 由{name}领用，还没有交还。", "先登记交还，再领用。"),
    "recorder_booked": Sentence("设备 {device} {day}已由{name}预约。", "换一台，或由{name}取消预约。"),
    "blob_missing": Sentence("{number} 的文件不在本机。", "从第二份备份取回；记录和校验值都在。"),
    "blobs_away": Sentence("{count} 个原件已让出本机空间，在局里。", "联网后在“同步”里打开这件检查的文件，取回再做。"),
    "blob_changed": Sentence("{number} 的文件变了，和存入时不一样。", "原记录保留；从备份取回，或交组长处理。"),
    # papers and printing
    "missing_glyph": Sentence("字体里没有“{glyphs}”，不能印出空白。", "换一种写法，或安装含有这个字的字体。"),
    "font_damaged": Sentence("字体文件“{name}”已损坏，做不了文书。", "重新安装程序；已存的内容和存档的文书都在。"),
    "paper_incomplete": Sentence("{paper}还缺：{fields}。", "补上后再正式打印；现在可以打印草稿。"),
    "sheet_differs": Sentence("《{paper}》有两处填写不同：{fields}。", "选定一个并说明原因，再正式制作。"),
    "electronic_off": Sentence(
        "本局没有启用电子签名，不能在屏幕上签名、按指印。", "打印出来在纸上签；要启用的，由局里发布规定。"
    ),
    "signature_dot": Sentence("屏幕上只有一个点，不是签名。", "点“重签”，写下姓名；不会写字的，点“不识字，念给他听”。"),
    "pages_unsigned": Sentence("《{paper}》还有没签的页：第 {pages} 页。", "逐页看过，每页都签。"),
    "signed_and_refused": Sentence("{who}既签了名，又写了拒签原因。", "只留一样。"),
    "strokes_foreign": Sentence("{who}的电子签名对不上：{detail}。", "不要采用这个签名；打印出来在纸上签。"),
    "paper_stale": Sentence("《{paper}》制作以后内容改过。", "重新制作这一份，再办下一步。"),
    "file_blocked": Sentence("{paper}还不能正式制作：{remark}（必须改的共 {count} 处）。", "{way}"),
    "changed_meanwhile": Sentence("{what}已经改过，和评查时不一样。", "重新核对后再改。"),
    "paper_forbidden_on_site": Sentence("{paper}不能现场签发：{reason}。", "现场打印笔录和草稿，回局签发。"),
    "bad_pdf": Sentence("这个文件不是能打印的 PDF。", "重新另存文书后再打印。"),
    "no_printer": Sentence("没有找到打印机。", "接上打印机后再试，或先存为 PDF。"),
    "printer_missing": Sentence("没有找到打印机“{name}”。", "核对名称；可用的有：{known}。"),
    "print_refused": Sentence("打印机“{printer}”没有接收《{title}》：{detail}。", "检查打印机，或换一台再打印。"),
    "printer_lost": Sentence(
        "打印机“{printer}”在打印《{title}》的途中没有了回应，任务已撤回。",
        "检查电源和连线，没打完整的作废，再重新打印；这一次没有计入份数。",
    ),
    "printer_waits": Sentence(
        "打印机“{printer}”没有打完《{title}》：{why}，任务已撤回。",
        "处理好打印机，没打完整的作废，再重新打印；这一次没有计入份数。",
    ),
    "print_stuck": Sentence(
        "打印机“{printer}”没有打完《{title}》，任务也没能从打印队列撤回。",
        "先在系统的打印队列里取消它，再重新打印；这一次没有计入份数。",
    ),
    "print_stopped": Sentence("《{title}》的打印停下了。", "没打完整的作废；要打的重新打印，这一次没有计入份数。"),
    "printed_to_file": Sentence(
        "《{title}》存成了文件“{file}”，没有印到纸上。", "要纸质的，选一台打印机再打印；这一次没有计入份数。"
    ),
    "print_broken": Sentence(
        "打印机“{printer}”没有打完《{title}》。", "检查纸和打印机，再重新打印；这一次没有计入份数。"
    ),
    "bad_pages": Sentence("没有这样的页：“{text}”，这份共 {count} 页。", "写“2”或“1-3”；全部打印就留空。"),
    "bad_copies": Sentence("份数“{text}”不对。", "填 1 至 99。"),
    "bad_measure": Sentence("“{text}”不是毫米数。", "四个数都填，例如 155.6。"),
    "measure_absurd": Sentence(
        "{name}量得 {measured} 毫米，和应有的 {true} 毫米差得太多，超过 {most} 毫米。",
        "重量一次；量得没错的，在打印机设置里关掉“适合页面”，重打校准页。",
    ),
    "paper_unfit": Sentence(
        "这份 PDF 不是本程序制作的，不能套打、改成热敏样式或按校准值调整。", "去掉这些选项，照原样打印。"
    ),
    "file_exists": Sentence("已有同名文件“{name}”。", "换一个名字。"),
    "file_unwritable": Sentence("不能写入“{name}”：{detail}", "换一个文件夹再试。"),
    # signed pages that come back
    "page_no_code": Sentence(
        "“{name}”里没有读出文书的二维码。", "整页入镜、对焦、避开反光，重拍一张；拍不清的，写明原因，指定是哪一页。"
    ),
    "page_two_codes": Sentence("“{name}”里有 {count} 页文书。", "一张只拍一页，分开拍。"),
    "page_forged": Sentence(
        "“{name}”上的二维码通不过核验：内容改过，或者不是登记过的电脑签的。",
        "查清这张纸从哪里来；别的电脑印的，先在“同步”里交换一次再试。",
    ),
    "page_of_another": Sentence("“{name}”是另一件检查的：{case}，{number}。", "到那件检查里存。"),
    "page_unknown": Sentence(
        "“{name}”上印的是{number}第 {revision} 版，这台电脑没有这一份。", "别的电脑制作的，先在“同步”里交换一次再试。"
    ),
    "page_of_draft": Sentence("“{name}”是草稿，不是正式文书。", "打印正式制作的一版，签字后再存。"),
    "page_superseded": Sentence(
        "“{name}”是{paper}的第 {revision} 版（{day}制作），已被第 {current} 版（{number}，{since}制作）替代。",
        "打印第 {current} 版，重新签字后再存；这张旧页另行保管。",
    ),
    "page_withdrawn": Sentence(
        "“{name}”是{paper}的第 {revision} 版（{day}制作），因“{reason}”已不作数，新的一版还没有制作。",
        "制作新的一版，打印、签字后再存；这张旧页另行保管。",
    ),
    "page_unnumbered": Sentence("“{name}”是{paper}的一页，码里没有页码。", "看清是第几页，写明原因，指定是哪一页。"),
    "page_kept": Sentence(
        "“{name}”是{paper}第 {page} 页，这一页已经选过或者存过。", "不用再存；要添一张更清楚的，写明原因。"
    ),
    "page_same_file": Sentence("“{name}”已经选过或者存过，一个字节也不差。", "不用再存。"),
    "page_blank": Sentence("“{name}”是空白的。", "不用存。"),
    "page_unsigned": Sentence("“{name}”就是存档的{paper}，不是签过字的纸。", "打印、签字，再拍照或者扫描。"),
    "pdf_locked": Sentence("PDF“{name}”加了密，打不开。", "在扫描仪里关掉加密，重新扫描；或者另存为没有密码的 PDF。"),
    "pdf_damaged": Sentence("PDF“{name}”损坏或者不完整，读不出来。", "重新复制这个文件，或者重新扫描。"),
    "pdf_empty": Sentence("PDF“{name}”里一页也没有。", "重新扫描。"),
    "pdf_mixed": Sentence("PDF“{name}”里还有另一件检查的页，整个文件不能存入这一件。", "每件检查分开扫描，再存。"),
    "pdf_too_large": Sentence("PDF“{name}”太大：{size}，最多 {most}。", "分成几个文件，或者用 300 dpi 重新扫描。"),
    "pdf_drawing": Sentence("PDF“{name}”里的线条太多，不像扫描件，画出来要几分钟。", "把签过字的纸扫描成图片，再存。"),
    "page_changed": Sentence("文件“{name}”刚才看过，现在变了或不在了。", "重新选这个文件。"),
    # the command line
    "settings_bad": Sentence("配置文件“{name}”写得不对：{detail}。", "对照随程序附的 bureau.toml 改正后再运行一次。"),
    "file_refused": Sentence("“{name}”不能用：{detail}", "核对路径后再试。"),
    # publicity
    "publication_early": Sentence("{unit}的处理还没有作出，没有可以公示的结果。", "制作处理文书、作出处理以后再公示。"),
    "publication_held": Sentence("这件暂缓公示：{reason}。", "先恢复公示，再送核对。"),
    "publication_exposed": Sentence("公示件里还有{what}，不能公示。", "点那一行，遮盖以后再送核对。"),
    "publication_moved": Sentence("送核对以后，内容或遮盖规则变了。", "退回，由送的人看过再送。"),
    "publication_same": Sentence("公示的内容没有变，不用再送。", "内容有改动的，改好再送；不该公示的，撤下。"),
    "publication_none": Sentence("没有正在公示的内容。", "在“公示”里看这一件现在到了哪一步。"),
    "publication_second": Sentence(
        "公示件是{officer}送的，不能由同一个人核对。", "请另一个人在本人的电脑上核对，或换人登录。"
    ),
    "photo_barred": Sentence("照片 {number} 不能公示：{why}。", "换一张照片；保密审查在“取证”里做。"),
    "photo_second": Sentence(
        "公示件里有{officer}定为可以公示的照片，不能由同一个人核对。", "请另一个人在本人的电脑上核对，或换人登录。"
    ),
    "publication_not_waiting": Sentence("这件没有在等核对。", "在“公示”里看这一件现在到了哪一步。"),
    "list_second": Sentence(
        "这一条是{officer}写的，不能由同一个人核定。", "请另一个有权限的人在本人的电脑上核定，或换人登录。"
    ),
    "list_unreadable": Sentence("{title}这个版本读不懂。", "更新程序再看；公示网页和别的内容不受影响。"),
    "list_moved": Sentence("清单里的这一条已经改过。", "看过现在的内容再办。"),
    "no_terminal": Sentence("没有终端可以输入口令。", "在终端里运行这条命令。"),
    "no_screen": Sentence(
        "没有图形界面，打不开窗口。", "在桌面上运行；也可用 inspector-app tour --out 文件夹 看一次自动演示。"
    ),
    # this computer, as the doctor sees it
    "program_damaged": Sentence("程序的文件“{name}”不见了或已损坏。", "重新安装程序；数据没有改动。"),
    "library_missing": Sentence(
        "窗口打不开：缺系统的库（{detail}）。", "用软件包安装会一起装上；解压安装的，照安装说明补上这个库。"
    ),
    "input_method": Sentence(
        "输入法 {name} 没有应答，可能打不出中文。",
        "先启动输入法（fcitx、fcitx5、ibus 都可以），再打开程序；仍打不出时告诉管理员。",
    ),
    "no_input_method": Sentence(
        "桌面没有说用哪个输入法，可能打不出中文。",
        "在系统设置里选好输入法，注销后重新登录；或以 QT_IM_MODULE=fcitx（或 ibus）启动程序。",
    ),
    "no_camera": Sentence("没有找到摄像头。", "接上再检查一次；也可用相机、执法记录仪，拍完从存储卡导入。"),
    "network_drive": Sentence(
        "数据文件夹在网络盘上（{kind}）：断网就存不上，还可能被两台电脑同时打开。",
        "换到本机硬盘上的文件夹（--folder）。",
    ),
    "clock_zone": Sentence("电脑的时区是 {zone}，不是北京时间。", "在系统设置里选北京时间（UTC+8）。"),
    "clock_behind": Sentence("电脑的时间是 {now}，早于数据上次写入的 {then}。", "把日期和时间调准，再开始检查。"),
    "clock_free": Sentence("电脑的时间没有和时间服务器对过。", "能联网时打开自动对时；不能的，检查前对照手机调准。"),
    "mended_more": Sentence("发现问题 {found} 个，已整改 {mended} 个。", "已整改的不多于发现的，改正以后再登记。"),
    "rated_already": Sentence(
        "单位已经评价过这次检查：{word}。", "一次检查评价一次；要补充的，写进单位意见或另行反映。"
    ),
    "no_backup": Sentence("没有近 {days} 天的第二份备份。", "在“设置”里写好备份的位置，插上 U 盘，存一次。"),
    # updates
    "update_no_root": Sentence(
        "这个程序没有带更新的签名根，核对不了更新文件。", "由技术人员用带签名根的安装包重装一次。"
    ),
    "update_unreadable": Sentence("这个文件读不出：{detail}", "重新拷贝一次，或向制作的人另要一份。"),
    "update_incomplete": Sentence("更新文件不完整，签名里说到的内容没有带全。", "重新拷贝一次，或向制作的人另要一份。"),
    "update_forged": Sentence("更新文件的签名或内容不对，没有采用。", "不要使用这个文件；向制作的人核实，另要一份。"),
    "update_older": Sentence("这个更新文件比这台电脑已经认过的旧，没有采用。", "用最新的更新文件。"),
    "update_expired": Sentence("更新文件已经过期，没有采用。", "向制作的人要最新的一份。"),
    "update_clock": Sentence(
        "电脑的时间是 {now}，早于本机记过的 {then}；照本机记过的时间，更新文件已经过期。",
        "把时间调准再试，或向制作的人要最新的一份。",
    ),
    "update_nothing": Sentence("更新文件没有这台电脑要换的内容。", "不用做什么；已经是最新的。"),
    "no_update": Sentence("局里没有放更新文件。", "不用做什么；要更新的，向局里的技术人员要。", 404),
    "update_program": Sentence("新版本 {version} 没有换上：{detail}", "继续用现在的版本；把这句话告诉制作的人。"),
    # cosigned on another laptop
    "cosign_unread": Sentence("“{name}”里没有读出会签的二维码。", "对正、避开反光，重拍一张；或者改用存成的文件。"),
    "cosign_no_request": Sentence("这不是会签请求。", "请同事在检查的“归档”里点“请另一台电脑会签”，扫那里的二维码。"),
    "cosign_no_answer": Sentence("这不是会签回执。", "请同事在另一台电脑上会签，扫会签后出来的二维码。"),
    "cosign_own": Sentence(
        "这是本机自己出的。", "拿到第二名检查人员的电脑上会签；只有一台电脑的，由本人在这里输入口令确认。"
    ),
    "cosign_stranger": Sentence(
        "电脑 {device} 没有登记在本局，或者这台电脑还不知道它。", "两台电脑都登记到局里，各交换一次，再会签。"
    ),
    "cosign_forged": Sentence(
        "电脑 {device} 的签名不对：内容改过，或不是那台电脑签的。", "重新扫一次；仍然这样的，不要采用，交科室负责人。"
    ),
    "cosign_revoked": Sentence("电脑 {device} 已被局里撤销，不再采用它的签名。", "换一台在用的电脑会签。"),
    "cosign_rewritten": Sentence(
        "对方的记录和{what}对不上，可能重新写过。", "不要会签；两台电脑都保持原样，交科室负责人核对。"
    ),
    "cosign_other_case": Sentence("这份回执是另一件检查的：{number}。", "打开那件检查再存，或请同事重新会签这一件。"),
    "cosign_other_point": Sentence("这份回执签的不是这台电脑出的请求。", "请同事扫这台电脑上现在的二维码，重新会签。"),
    "cosign_known": Sentence("这份回执已经存过。", "不用再存。"),
}

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹。",
    errno.EEXIST: "已经有同名的文件。",
    errno.EACCES: "没有权限。",
    errno.EPERM: "没有权限。",
    errno.EISDIR: "这是文件夹，不是文件。",
    errno.ENOTDIR: "路径里有一段不是文件夹。",
    errno.ENOSPC: "磁盘满了。",
    errno.EROFS: "这个盘只能读。",
    errno.EIO: "读写出错。",
    errno.ENAMETOOLONG: "名称太长。",
}


def reason(error: OSError) -> str:
    """What the system refused, in one Chinese sentence; a rare refusal keeps its number."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}。")
