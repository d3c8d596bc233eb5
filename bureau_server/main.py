"""The command `bureau-server`: sets up, serves and looks after the bureau's side."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from inspector_app import __version__
from inspector_app.domain.access import FLAGGED, Role
from inspector_app.domain.problems import Problem, reason
from inspector_app.sync.enrolment import fingerprint
from inspector_app.sync.people import ACCOUNT_ID, PERSON_NAME, Account
from inspector_app.usage import Parser, carried_out

from . import keeping
from .accounts import LEAST
from .database import make_tables
from .office import Config, Office


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of `bureau-server`; returns the exit status. What is expected to go wrong ends in one sentence."""
    arguments = _parser().parse_args(argv)
    before = os.umask(0o077)  # events lie in plain in the database: nobody else on this machine reads what is made here
    command: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return carried_out(lambda: command(arguments))
    except (Problem, OSError, ValueError, SQLAlchemyError) as error:
        print(f"没有办成：{_told(error)}", file=sys.stderr)
        return 1
    finally:
        os.umask(before)


def _told(error: Exception) -> str:
    """Why, in Chinese as far as it is known; what a library says of the settings is passed on as it is."""
    if isinstance(error, Problem) and error.code == "not_found":
        return f"{error.fact}核对以后再运行一次。"  # its own way out is that of a window
    if isinstance(error, OSError) and error.errno is not None:
        return str(Problem("file_refused", name=error.filename or "文件", detail=reason(error)))
    if isinstance(error, SQLAlchemyError):
        return f"数据库没有回应或不让连接：{str(getattr(error, 'orig', error)).partition(chr(10))[0]}"
    return str(error)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="bureau-server", description="档案局端服务")
    parser.add_argument("--version", action="version", version=__version__, help="显示版本")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help)
        made.set_defaults(run=run)
        return made

    for name, words in (("init", "建立数据库、密钥和根证书，打印根证书指纹"), ("migrate", "把数据库升级到这个版本")):
        add(name, _init, words).add_argument(
            "--server-role", metavar="角色", default="", help="PostgreSQL：serve 用这个角色连接，它改不了记录"
        )
    add("serve", _serve, "开始服务，Ctrl+C 停止")
    user = add("user", _user, "登记账号或重设密码")
    user.add_argument("id", type=_shaped(ACCOUNT_ID), metavar="编号", help="p- 加执法证号；没有执法证的，p- 加工号")
    user.add_argument("name", type=_shaped(PERSON_NAME), metavar="姓名", help="姓名")
    user.add_argument("role", choices=[role.value for role in Role], metavar="角色", help=_roles())
    user.add_argument("--no-password", action="store_true", help="只用单位账号登录，不设密码")
    user.add_argument("--totp", action="store_true", help="要求动态码，打印密钥")
    close = add("close-user", _close_user, "停用账号；已交的内容不变")
    close.add_argument("id", metavar="编号", help="账号的编号")
    device = add("device", _device, "列出设备，或撤销一台")
    device.add_argument("--revoke", metavar="名称", default="")
    backup = add("backup", _backup, "把记录、文件和设置存到一个新文件夹")
    backup.add_argument("target", type=Path, metavar="文件夹", help="新的或空的文件夹")
    restore = add("restore", _restore, "从备份恢复到空的地方")
    restore.add_argument("source", type=Path, metavar="文件夹", help="备份所在的文件夹")
    restore.add_argument("--check", action="store_true", help="只核对备份，不写入")
    stick = add("stick", _stick, "收下 U 盘上的文件，并写出回执")
    stick.add_argument("source", type=Path, metavar="文件", help="U 盘上的文件")
    stick.add_argument("--answer", type=Path, metavar="文件", help="回执写到这个文件")
    stick.add_argument("--device", default="", metavar="名称", help="回执给哪台电脑")
    add("stamp", _stamp, "现在就取时间戳（serve 会定时自动取）")
    add("verify", _verify, "核对整本记录：每条相连、签名、时间戳、文件摘要")
    every = tuple(commands.choices.values())
    parser.either_side(
        every, "--config", type=Path, metavar="文件", help="配置文件（TOML）；不写时用 SQLite 和一个文件夹"
    )
    parser.either_side(
        every, "--folder", type=Path, default=Path("bureau"), metavar="文件夹", help="不写配置文件时数据所在的文件夹"
    )
    return parser


def _shaped(pattern: str) -> Callable[[str], str]:
    """What an argument has to look like; the same as where the window asks for it."""

    def read(text: str) -> str:
        if not re.match(pattern, text):
            raise argparse.ArgumentTypeError(f"不能是“{text}”。不留空，不含空格和斜线，再写一遍。")
        return text

    return read


def _roles() -> str:
    return "、".join(f"{role.value} {role.label}" for role in Role)


def _config(arguments: argparse.Namespace) -> Config:
    return Config.read(arguments.config) if arguments.config else Config.embedded(arguments.folder)


def _opened(command: Callable[[Office, argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command on the bureau's office, which is opened before it and closed after it."""

    @wraps(command)
    def run(arguments: argparse.Namespace) -> int:
        with Office(_config(arguments)) as office:
            return command(office, arguments)

    return run


@_opened
def _init(office: Office, arguments: argparse.Namespace) -> int:
    from .serve import certificate_of

    make_tables(office.engine, arguments.server_role)
    certificate, _ = certificate_of(office)
    print(f"局端已就绪。服务器公钥 {office.key.public.id}，证书 {certificate}")
    print(f"根证书指纹（登记电脑时核对）：{fingerprint(office.authority.certificate)}")
    return 0


@_opened
def _serve(office: Office, arguments: argparse.Namespace) -> int:
    from .serve import run

    print(f"https://{office.config.host}:{office.config.port}")
    return run(office)


@_opened
def _user(office: Office, arguments: argparse.Namespace) -> int:
    password = "" if arguments.no_password else _password()
    account = Account(arguments.id, arguments.name, Role(arguments.role), True, arguments.totp, False)
    secret = keeping.register(office, keeping.SHELL, account, password)
    print(f"账号 {arguments.id} 已登记。" + (f"动态码密钥 {secret}" if secret else ""))
    return 0


def _password() -> str:
    password = getpass.getpass("密码（至少 12 位）：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < LEAST:
        raise Problem("pin_too_short", least=LEAST)
    return password


@_opened
def _close_user(office: Office, arguments: argparse.Namespace) -> int:
    keeping.set_active(office, keeping.SHELL, arguments.id, False)
    print(f"账号 {arguments.id} 已停用。")
    return 0


@_opened
def _device(office: Office, arguments: argparse.Namespace) -> int:
    if arguments.revoke:
        keeping.revoke(office, keeping.SHELL, arguments.revoke)
        print(f"设备 {arguments.revoke} 已撤销：它还能交回已做的工作，不再领取新的。")
        return 0
    for row in office.accounts.devices():
        people = "、".join(sorted(office.accounts.holders(row["name"])[0]))
        print(f"{row['name']}  {people}  {row['enrolled_at']}  {row['revoked_at'] and '已撤销'}".rstrip())
    return 0


@_opened
def _backup(office: Office, arguments: argparse.Namespace) -> int:
    from .upkeep import back_up

    print(back_up(office, arguments.target))
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from .upkeep import check_backup, restore

    if arguments.check:
        print(check_backup(arguments.source))
    else:
        print(restore(arguments.source, _config(arguments)))
    return 0


@_opened
def _stick(office: Office, arguments: argparse.Namespace) -> int:
    from .stick import answer, take_in

    taken = take_in(office, arguments.source)
    print(
        f"收下 {taken.events} 条，{len(taken.streams)} 件检查，{taken.files} 个文件；没有收下 {len(taken.refused)} 处。"
    )
    for line in taken.refused:
        print(line)
    if arguments.answer:
        keys = office.keys_of(arguments.device)
        if not keys:
            raise Problem("not_found", what=f"设备“{arguments.device}”")
        answer(office, keys[-1], sorted(taken.streams), arguments.answer)
        print(f"回执已写到 {arguments.answer}")
    return 0


@_opened
def _stamp(office: Office, arguments: argparse.Namespace) -> int:
    from .timestamp import stamp

    print(f"已为 {stamp(office)} 份回执取得时间戳。")
    return 0


@_opened
def _verify(office: Office, arguments: argparse.Namespace) -> int:
    from . import timestamp
    from .upkeep import faults, flagged

    found = faults(office)
    for line in found:
        print(line)
    print(
        f"{office.ledger.count()} 条，{len(found)} 处不对。" if found else f"{office.ledger.count()} 条，全部核对通过。"
    )
    for code, count in sorted(flagged(office).items()):
        print(f"已收下，但要有人看：{FLAGGED[code]}，{count} 条。")
    stamps = timestamp.check(office)[0]
    if stamps:
        print(f"时间戳 {stamps} 份。" if office.time else f"时间戳 {stamps} 份，没有核对：配置里没有 [timestamp]。")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
