"""A published plan's annexes, read into the beginning of a plan file. Needs no platform."""

import sys
from pathlib import Path

from services.cli.language import language
from services.cli.stopped import Stopped
from services.kit.errors import Refused
from services.plan_file.draft.drafting import drafted, told, written


def draft(file: Path, out: Path | None) -> None:
    """Print the draft, or write it to `out`, and say what was found; raises Stopped with what could not be read."""
    speaks = language()
    try:
        found = drafted(file.read_bytes(), file.name)
    except Refused as refused:
        raise Stopped(f"{file}: {refused.in_language(speaks)}") from refused
    if found.faults:
        details = [f"{fault.where.strip()}: {fault.zh if speaks == 'zh' else fault.en}" for fault in found.faults]
        raise Stopped(f"{file} cannot be read in {len(details)} place(s); correct a copy of it", details=details)
    if not found.annexes:
        raise Stopped(
            f"{file}: no table of enterprises (企业名称, 培育方向) or projects (项目名称, 计划总投资, 实施年度) was found"
        )
    text = written(found)
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
    for en, zh in told(found):
        print(f"{file}: {zh if speaks == 'zh' else en}", file=sys.stderr)
