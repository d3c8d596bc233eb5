"""The bootstrap: reads the command line, builds laptop, window and tour; the only file that knows every room."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from . import __version__
from .domain.problems import Problem, reason
from .places import FORMS, MIGRATIONS, RESOURCES
from .usage import EX_USAGE, Parser, carried_out
from .wholeness import bundle_folder, damaged

if TYPE_CHECKING:
    from .actions.laptop import Laptop
    from .actions.sync import Address
    from .domain.clock import Clock


def data_folder() -> Path:
    """Where this user's data lies on this system."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return base / "inspector"


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of `inspector-app`; returns the exit status. What is expected to go wrong ends in one sentence."""
    no_core_dumps()
    speak_utf8()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.run
    failed: int = arguments.failed
    try:
        return carried_out(lambda: command(arguments))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return failed
    except Exception as error:
        if (told := _told(error)) is None:
            raise
        print(told, file=sys.stderr)
        return failed


def _told(error: Exception) -> Problem | None:
    """What the system refused, or a file of the program that is not as it was shipped; None for a fault of our own."""
    if isinstance(error, OSError) and error.errno is not None:  # without a number it is Python's, not the system's
        if any(Path(str(error.filename)).is_relative_to(own) for own in (FORMS, RESOURCES, MIGRATIONS)):
            return Problem("program_damaged", name=Path(error.filename).name)
        return Problem("file_refused", name=error.filename or "文件", detail=reason(error))
    if (folder := bundle_folder()) is not None and (name := next(damaged(folder), None)) is not None:
        return Problem("program_damaged", name=name)
    if isinstance(error, ImportError) and "shared object" in str(error):
        return Problem("library_missing", detail=error)
    return None


def speak_utf8() -> None:
    """Where no language is set, or C, say so with the encoding that Python takes there by itself: Qt asks for it, and would
    tell on stderr that it has to help itself."""
    told = (os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if sys.platform == "linux" and next(filter(None, told), "C") in ("C", "POSIX"):
        os.environ["LC_ALL"] = "C.UTF-8"


def no_core_dumps() -> None:
    """A crash must not write the memory, with the store key in it, to a disk in the clear."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="inspector-app", description="档案行政检查")
    parser.add_argument("--version", action="version", version=__version__, help="显示版本")
    parser.set_defaults(run=_window, failed=1)
    commands = parser.add_subparsers(title="命令", metavar="命令")

    def add(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(run=run)
        return command

    add("trial", _trial, "用示例单位试用")
    tour = add("tour", _tour, "自动走完一次检查，留下图片、文书和过程记录")
    tour.add_argument("--out", type=Path, required=True, metavar="文件夹", help="输出文件夹；用过的，旁边另建一个")
    verify = add("verify", _verify, "核验导出的过程记录；退出状态 0 全部通过，1 有没通过的，2 有没核验的，64 没有核验")
    verify.add_argument("file", type=Path, metavar="文件", help="导出的过程记录")
    verify.add_argument(
        "--anchor", action="append", default=[], type=_code, metavar="核验码", help="后来的文书上的核验码，可多次"
    )
    verify.add_argument(
        "--key", action="append", default=[], metavar="公钥编号", help="向办案机关另行取得的设备公钥编号，可多次"
    )
    verify.set_defaults(failed=EX_USAGE)
    made = add("recovery-key", _recovery_key, "为本局生成恢复密钥：私钥存保险柜，公钥设到每台电脑")
    made.add_argument("file", type=Path, metavar="文件", help="新建的私钥文件，用通行短语加密")
    recover = add("recover", _recover, "用本局恢复密钥给一名人员重设口令；先关闭窗口")
    recover.add_argument("file", type=Path, metavar="文件", help="私钥文件")
    recover.add_argument("person", metavar="人员", help="姓名或编号")
    papers = add("papers", _papers, "把全部文书写进一个文件夹，附 report.json：示例检查的，或一份导出的过程记录的")
    papers.add_argument("--out", type=Path, required=True, metavar="文件夹", help="新的或空的文件夹")
    papers.add_argument("--case", type=Path, default=None, metavar="文件", help="导出的过程记录；不写时用示例检查")
    papers.add_argument("--also", type=_other_format, action="append", default=[], metavar="格式",
                        help="另写一份：docx 可编辑的副本，ofd 试验；可以写两次")  # fmt: skip
    prints = add("print", _print, "把 PDF 送到打印机，不缩放")
    prints.add_argument("file", type=Path, metavar="文件", help="PDF 文件")
    prints.add_argument("--printer", default="", metavar="名称", help="打印机名称；不写时用默认打印机")
    prints.add_argument("--copies", type=_copies, default=1, metavar="份数", help="打印几份，1 至 99")
    update = add("update", _update, "采用一个更新文件：规则，或程序的新版本；先关闭窗口")
    update.add_argument("file", type=Path, metavar="文件", help="更新文件")
    update.add_argument("--look", action="store_true", help="只看它带来什么，不采用")
    add("doctor", _doctor, "检查这台电脑：哪里正常、哪里不行、怎么办；退出状态 0 都正常，1 有不行的，2 有缺少的")
    parser.either_side(
        commands.choices.values(),
        "--folder",
        type=Path,
        default=data_folder(),
        metavar="文件夹",
        help="数据所在的文件夹",
    )
    return parser


def _code(text: str) -> str:
    from .record.checkpoint import is_code

    if not is_code(text):
        raise argparse.ArgumentTypeError("核验码应是 32 位字母和数字，照文书上的抄一遍。")
    return text


def _other_format(text: str) -> str:
    if text not in ("docx", "ofd"):
        raise argparse.ArgumentTypeError("格式应是 docx 或者 ofd。")
    return text


def _copies(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 99:
        raise argparse.ArgumentTypeError("份数应是 1 至 99。")
    return int(text)


def _window(arguments: argparse.Namespace) -> int:
    gc.disable()  # until the window stands (`present`)
    from .ui.run import run_window

    return run_window(_laptop(arguments.folder))


def _trial(arguments: argparse.Namespace) -> int:
    gc.disable()  # until the window stands (`present`)
    from .actions.trial import LEAD, REVIEWER
    from .ui.run import run_window

    folder = arguments.folder / "trial"
    with _trial_bureau(folder / "bureau") as bureau:
        clock = _trial_clock()
        colleagues = {id: _laptop(folder / name, clock) for id, name in ((LEAD, "lead"), (REVIEWER, "reviewer"))}
        return run_window(_laptop(folder, clock), trial=True, bureau=bureau, colleagues=colleagues)


def _tour(arguments: argparse.Namespace) -> int:
    from .actions.trial import LEAD, REVIEWER
    from .tour.story import Colleague, free_folder, run_tour

    out = free_folder(arguments.out.absolute())
    clock = _trial_clock(pace=60)
    lead, reviewer = (
        Colleague(id, _laptop(out / name, clock)) for id, name in ((LEAD, "lead"), (REVIEWER, "reviewer"))
    )
    with _trial_bureau(out / "bureau") as bureau:
        return run_tour(_laptop(out / "laptop", clock), out, bureau, lead, reviewer)


@contextmanager
def _trial_bureau(folder: Path) -> Iterator[Callable[[], Address | None]]:
    """The server that the trial carries along, brought up beside the window; asking for its address waits for it."""
    from concurrent.futures import ThreadPoolExecutor

    with ExitStack() as stack, ThreadPoolExecutor(1, thread_name_prefix="bureau") as starter:
        coming = starter.submit(_start_bureau, folder, stack)
        yield coming.result


def _start_bureau(folder: Path, stack: ExitStack) -> Address | None:
    from .actions.sync import Address
    from .actions.trial import SECRET, accounts

    try:
        from bureau_server.office import Config, Office
        from bureau_server.serve import running
    except ImportError:  # a laptop's bundle carries no server
        return None
    office = Office(Config.embedded(folder, port=0))
    known = {person.id for person in office.accounts.people()}
    for id, name, role in accounts():
        if id not in known:
            office.accounts.add(id, name, role, SECRET)
    return Address(stack.enter_context(running(office)), office.authority.certificate)


def _verify(arguments: argparse.Namespace) -> int:
    from .record.verify_command import run

    return run(arguments.file, arguments.anchor, arguments.key)


def _papers(arguments: argparse.Namespace) -> int:
    from .actions.paper_file import write_papers

    made = write_papers(arguments.out, arguments.case, arguments.also)
    drafts = sum(bool(paper["draft"]) for paper in made)
    said = f"，其中 {drafts} 份是草稿" if drafts else ""
    print(f"{sum(bool(paper['file']) for paper in made)} 份文书{said}，写在 {arguments.out}。")
    if refused := [paper for paper in made if paper["refused"]]:
        print(f"{len(refused)} 份没有做成，《{refused[0]['title']}》：{refused[0]['refused']}", file=sys.stderr)
    return int(bool(refused))


def _recovery_key(arguments: argparse.Namespace) -> int:
    from .store.keys import LEAST_PASSPHRASE, new_recovery_key, write_private

    if os.path.lexists(arguments.file):
        raise Problem("file_unwritable", name=arguments.file, detail="已经有同名的文件。")
    if not arguments.file.absolute().parent.is_dir():
        raise Problem("file_unwritable", name=arguments.file, detail="没有这个文件夹。")
    passphrase = _secret_twice(f"私钥的通行短语（至少 {LEAST_PASSPHRASE} 位）：")
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Problem("pin_too_short", least=LEAST_PASSPHRASE)
    pem, public = new_recovery_key(passphrase)
    write_private(arguments.file, pem)
    print(f"私钥已存入 {arguments.file}。公钥：{public.hex()}")
    return 0


def _recover(arguments: argparse.Namespace) -> int:
    from .actions.safekeeping import recover, recoverable

    laptop = _laptop(arguments.folder)
    person = recoverable(laptop, arguments.person)
    pem = arguments.file.read_bytes()
    passphrase = _secret("私钥的通行短语：")
    recover(laptop, pem, passphrase, person, _secret_twice(f"新口令（至少 {laptop.keys.least} 位）："))
    print(f"{laptop.people()[person]}的口令已重设，过程记录里写明了。")
    return 0


def _secret(prompt: str) -> str:
    """Ask for a secret that is not shown. Raises `Problem("no_terminal")` where it could not be hidden."""
    import warnings
    from getpass import GetPassWarning, getpass

    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            return getpass(prompt)
        except (GetPassWarning, EOFError):
            raise Problem("no_terminal") from None


def _secret_twice(prompt: str) -> str:
    secret = _secret(prompt)
    if _secret("再输入一次：") != secret:
        raise Problem("phrases_differ")
    return secret


def _print(arguments: argparse.Namespace) -> int:
    from .ui.printing import print_file

    return print_file(arguments.file, arguments.printer, arguments.copies)


def _doctor(arguments: argparse.Namespace) -> int:
    from .actions.doctor import Sign, State, examine, page

    signs = examine(_laptop(arguments.folder))
    try:
        from .ui.doctor import without_window

        signs += without_window()
    except ImportError as error:  # a library of the system that Qt stands on
        signs.append(Sign.of("窗口", Problem("library_missing", detail=error), State.WRONG))
    worst = max(sign.state for sign in signs)
    print(page(signs))
    return {State.GOOD: 0, State.LACKING: 2, State.WRONG: 1}[worst]


def _update(arguments: argparse.Namespace) -> int:
    from .actions.updates import look, take
    from .store.lock import StoreLock

    laptop = _laptop(arguments.folder)
    laptop.make_folder()
    with StoreLock(laptop.folder / "lock"):
        offer = (look if arguments.look else take)(laptop, arguments.file)
    will = "带来" if arguments.look else "已采用"
    for piece, what, then in ((offer.rules, "规则", "下次登录起用"), (offer.program, "程序", "下次打开起用")):
        if piece is not None:
            print(f"{will}{what} {piece.version}：{piece.said}。{then}。签名：{'、'.join(piece.signers)}")
    if offer.rules is None and offer.program is None:
        print(Problem("update_nothing"))
    return 0


def programs_folder() -> Path:
    """Where later versions of the program are laid for this user; the installed one looks here when it starts."""
    return data_folder() / "program"


def _trial_clock(pace: float = 1.0) -> Clock:
    """The one clock of the sample day: what one laptop writes must not lie ahead of another's."""
    from .actions.trial import clock, sample

    return clock(sample(), pace)


def _laptop(folder: Path, clock: Clock | None = None) -> Laptop:
    from .actions.laptop import Laptop
    from .actions.rules import Rules
    from .domain.clock import SystemClock

    # the sources are brought up to date otherwise
    programs = programs_folder() if getattr(sys, "frozen", False) else None
    return Laptop(folder, clock or SystemClock(), Rules(), __version__, programs=programs)


if __name__ == "__main__":
    raise SystemExit(main())
