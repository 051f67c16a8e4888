"""What an enterprise's row is found by, what it names, and what the registry keeps of it beside a plan file."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.kit.errors import Conflict, Faulty
from services.registry.enterprises.credit_codes import rules as credit_codes
from services.registry.enterprises.names import rules as names
from services.registry.enterprises.roles import rules as roles
from services.registry.industries.classes import rules as classes
from services.registry.versions.rules import Content, Reference, folded, searched

OWN: Final[Mapping[str, Any]] = {"credit_code": None, "names": [], "roles": [], "classes": [], "memberships": []}
"""What the registry keeps of an enterprise beside what a plan file says of it, at first; a file does not change it."""

MERGED: Final = "merged"
"""The enterprises that were merged into one, in its content: what became of whom, and what was decided."""

RESERVED: Final = frozenset({"duplicates"})
"""Codes that are paths of their own."""


class Merged(Conflict):
    """The enterprise was merged into another one, which stands for it now."""

    code = "merged"

    def __init__(self, code: str, into: str) -> None:
        super().__init__(
            f"{code} was merged into {into}: write there; the code is not given again",
            zh=f"{code} 已合并到 {into}，请改写 {into}；该代码不再使用",
        )


def whole(enterprise: Content) -> Content:
    """An enterprise with all that is kept of one, also where it was written before there was more to keep."""
    return {**OWN, MERGED: [], **enterprise}


def normalised(enterprise: Content) -> Content:
    """An enterprise with its codes as they are kept."""
    credit_code = enterprise["credit_code"]
    return {
        **enterprise,
        "credit_code": None if credit_code is None else credit_codes.normalised(credit_code) or None,
        "classes": [{**one, "code": classes.normalised(one["edition"], one["code"])} for one in enterprise["classes"]],
    }


def with_decisions(present: Content, item: Content) -> Content:
    """What a plan file says of an enterprise, but for what a merge decided since.

    A field stays as the merge left it while the file still says what it said before; new words of the file count.
    """
    said = dict(item)
    for one in whole(present)[MERGED]:
        for name, change in one["taken"].items() if one["into"] == item["code"] else ():
            if name in said and said[name] == change["before"]:
                said[name] = change["after"]
    return said


def columns(enterprise: Content) -> dict[str, object]:
    """The columns of the row of today."""
    kept = whole(enterprise)
    called = dict.fromkeys(one["name"] for one in names.names(kept))
    marks = [
        *names.marks(kept),
        *(f"role:{one['role']}" for one in kept["roles"]),
        *classes.marks(kept["classes"]),
        *(f"group:{one['group']}" for one in kept["memberships"]),
    ]
    return {
        "name": kept["name"],
        "industry": kept["industry"],
        "credit_code": kept["credit_code"],
        "group_name": kept["group"] and folded(kept["group"]),
        "merged_into": None,
        "marks": sorted(set(marks)),
        **searched(*called, kept["group"], kept["code"], kept["credit_code"]),
    }


def references(enterprise: Content, at: str = "/body") -> Iterator[Reference]:
    """The industry and the groups that an enterprise names, which must be there."""
    yield Reference(f"{at}/industry", "industry", enterprise["industry"])
    for place, one in enumerate(whole(enterprise)["memberships"]):
        yield Reference(f"{at}/memberships/{place}/group", "enterprise_group", one["group"])


def file_faults(enterprise: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with what a plan file says of an enterprise."""
    if enterprise["code"] in RESERVED:
        yield Faulty(
            f"{at}/code",
            "reserved",
            f"{enterprise['code']} is a path of its own; choose another code",
            f"{enterprise['code']} 为系统保留，请换用其他代码",
        )


def faults(enterprise: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a normalised enterprise by itself."""
    yield from file_faults(enterprise, at)
    if enterprise["credit_code"] is not None:
        yield from credit_codes.faults(enterprise["credit_code"], f"{at}/credit_code")
    yield from names.faults(enterprise["names"], f"{at}/names")
    yield from roles.faults(enterprise["roles"], f"{at}/roles")
    yield from classes.faults(enterprise["classes"], f"{at}/classes")
    for place, one in enumerate(enterprise["memberships"]):
        yield from roles.period_faults(one, f"{at}/memberships/{place}")


def taken(credit_code: str, by: str, at: str = "/body") -> Faulty:
    """The fault of a credit code that another enterprise has."""
    return Faulty(
        f"{at}/credit_code",
        "credit-code-taken",
        f"{credit_code} is the code of the enterprise {by}; two of one code are one: merge them",
        f"{credit_code} 已是企业 {by} 的代码；同一代码即同一企业，请合并",
    )


def subject(code: str) -> str:
    """An enterprise as a subject."""
    return f"enterprise:{code}"


def renamed(content: Content, before: str, after: str) -> Content:
    """What named the duplicate anywhere in an object names the survivor: by code, or as what it is about or is."""
    places = {"enterprise": (before, after), **dict.fromkeys(("subject", "thing"), (subject(before), subject(after)))}

    def through(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, dict):
            return {key: through(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [through(name, inner) for inner in value]
        return places[name][1] if name in places and value == places[name][0] else value

    return {name: through(name, value) for name, value in content.items()}
