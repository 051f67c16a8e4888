"""The refusal of a plan file that would take back what was approved: said in one way by every service that keeps a part."""

from collections.abc import Callable, Iterable

import orjson

from services.kit.errors import Conflict, Faulty
from services.plan_file.difference import Change, taken_back


class TakesBackApproved(Conflict):
    """The file says something else than what an approved change request made of it, and nobody said that this is meant."""

    code = "takes-back-approved"


def check_takes_back_nothing(changes: Iterable[Change], at: Callable[[str, str], str]) -> None:
    """Refuse changes that take back approved ones, all of them named; `at` says where in the part an object stands."""
    faults = [
        Faulty(
            f"{at(change.kind, change.code)}/{field.field}",
            TakesBackApproved.code,
            f"{change.kind} {change.code}: {field.field} is {_said(field.before)} by {by.request} ({by.approval}), the file "
            f"says {_said(field.after)}: write the approved value into the file, or send take_back=true",
            f"{change.code} 的 {field.field} 已由变更申请 {by.request}（{by.approval}）批准为 {_said(field.before)}，"
            f"文件为 {_said(field.after)}：请将批准值写入文件；如确需撤回，请加 take_back=true",
        )
        for change, field, by in taken_back(changes)
    ]
    if faults:
        raise TakesBackApproved(
            f"the file takes back {len(faults)} approved change(s)",
            zh=f"文件将撤回 {len(faults)} 项已批准的变更",
            faults=faults,
        )


def _said(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
