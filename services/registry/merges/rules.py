"""Two entries of one enterprise become one (合并): what is kept, what must be decided, what refers to it afterwards."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from services.kit.errors import Conflict, Faulty
from services.registry.enterprises.names.rules import names
from services.registry.enterprises.roles import rules as roles
from services.registry.enterprises.rules import MERGED
from services.registry.versions.rules import Content, folded

Side = Literal["survivor", "duplicate"]
Decidable = Literal["name", "number", "industry", "direction", "group", "credit_code", "main_class"]
Decisions = Mapping[Decidable, Side]
CONFLICTING: Final[tuple[Decidable, ...]] = ("number", "industry", "direction", "group", "credit_code")
"""Fields of which one value is kept; where both have one and they differ, the caller decides."""

MAIN_CLASS: Final[Decidable] = "main_class"
"""What is decided where both have a main class of one edition and they differ."""


class StandsTwice(Conflict):
    """Both stand in one roster; afterwards the enterprise would be counted twice."""

    code = "merge-stands-twice"

    def __init__(self, faults: Collection[Faulty]) -> None:
        super().__init__(
            f"{len(faults)} roster item(s) would stand twice; withdraw one of each pair first",
            zh=f"{len(faults)} 个名册条目将重复，请先撤销其中一项",
            faults=[*faults],
        )


class Undecided(Conflict):
    """Both have a value of their own for a field; the caller of the merge decides which is kept."""

    code = "merge-undecided"

    def __init__(self, faults: Collection[Faulty]) -> None:
        super().__init__(
            f"{len(faults)} field(s) differ; say in `decisions` which value is kept",
            zh=f"{len(faults)} 个字段不一致，请在 decisions 中逐项指定保留哪一方",
            faults=[*faults],
        )


@dataclass(frozen=True)
class Difference:
    """A field of which both have a value, and they differ."""

    field: Decidable
    survivor: Any
    duplicate: Any


def same(code: str) -> Faulty:
    """The fault of an enterprise that would be merged into itself."""
    return Faulty("/body/duplicate", "same", f"{code} is the survivor itself", f"{code} 即合并后保留的企业本身")


def differences(survivor: Content, duplicate: Content) -> list[Difference]:
    """What must be decided before the two can be one."""
    found = [
        Difference(name, survivor[name], duplicate[name])
        for name in CONFLICTING
        if survivor[name] is not None and duplicate[name] is not None and survivor[name] != duplicate[name]
    ]
    ours, theirs = _mains(survivor), _mains(duplicate)
    apart = sorted(edition for edition in ours.keys() & theirs.keys() if ours[edition] != theirs[edition])
    if apart:
        found.append(Difference(MAIN_CLASS, _codes(ours, apart), _codes(theirs, apart)))
    return found


def undecided(different: list[Difference], decisions: Decisions) -> Iterator[Faulty]:
    """A fault for each difference that nobody has decided."""
    for one in different:
        if one.field not in decisions:
            yield Faulty(
                f"/body/decisions/{one.field}",
                "undecided",
                f"the survivor has {one.survivor}, the duplicate {one.duplicate}: say `survivor` or `duplicate`",
                f"保留方为 {one.survivor}，被合并方为 {one.duplicate}：请填写 survivor 或 duplicate",
            )


def needless(different: list[Difference], decisions: Decisions) -> Iterator[Faulty]:
    """A fault for each decision on something that does not differ; the name may always be decided."""
    needed = {one.field for one in different} | {"name"}
    for name in decisions:
        if name not in needed:
            yield Faulty(
                f"/body/decisions/{name}",
                "not-in-conflict",
                f"{name} needs no decision: the two do not differ in it",
                f"{name} 无需指定：双方没有冲突",
            )


def merged(survivor: Content, duplicate: Content, decisions: Decisions) -> tuple[Content, Content]:
    """The survivor as it is afterwards, and what became another value by it: field, before, after.

    It takes what it had nothing for and what was decided so; its names are all names of both; roles, classes and
    memberships are those of both, of the same role in overlapping times the survivor's.
    """
    content = dict(survivor)
    for name in CONFLICTING:
        if survivor[name] is None or decisions.get(name) == "duplicate":
            content[name] = duplicate[name]
    if decisions.get("name") == "duplicate":
        content["name"] = duplicate["name"]
    content["names"] = _names(content, survivor, duplicate)
    content["roles"] = [
        *survivor["roles"],
        *(role for role in duplicate["roles"] if not any(roles.repeats(role, other) for other in survivor["roles"])),
    ]
    content["memberships"] = _united(survivor["memberships"], duplicate["memberships"])
    content["classes"] = _classes(survivor, duplicate, theirs=decisions.get(MAIN_CLASS) == "duplicate")
    taken: Content = {
        name: {"before": survivor[name], "after": content[name]}
        for name in ("name", *CONFLICTING)
        if content[name] != survivor[name]
    }
    return content, taken


def _names(content: Content, survivor: Content, duplicate: Content) -> list[Content]:
    known = {folded(one["name"]) for one in names({**content, "names": survivor["names"]})}
    kept = list(survivor["names"])
    for source, enterprise in ((None, survivor), (f"merged: {duplicate['code']}", duplicate)):
        for one in names(enterprise):
            if folded(one["name"]) not in known:
                known.add(folded(one["name"]))
                kind = "alias" if one["kind"] == "registered" else one["kind"]
                kept.append({**one, "kind": kind, "source": one.get("source") or source})
    return kept


def _mains(enterprise: Content) -> dict[str, str]:
    """The main class of each edition, the latest."""
    mains = sorted((one for one in enterprise["classes"] if one["main"]), key=lambda one: one["valid_from"] or "")
    return {one["edition"]: one["code"] for one in mains}


def _codes(mains: Mapping[str, str], editions: list[str]) -> str:
    return ", ".join(f"{edition} {mains[edition]}" for edition in editions)


def _classes(survivor: Content, duplicate: Content, *, theirs: bool) -> list[Content]:
    ours, others = _mains(survivor), _mains(duplicate)
    found: dict[tuple[str, str, str | None], Content] = {}
    for enterprise, mains, weaker in ((survivor, others, theirs), (duplicate, ours, not theirs)):
        for one in enterprise["classes"]:
            key = (one["edition"], one["code"], one["valid_from"])
            gives_way = weaker and one["main"] and mains.get(one["edition"], one["code"]) != one["code"]
            kept = {**one, "main": one["main"] and not gives_way}
            found[key] = {**kept, "main": kept["main"] or found.get(key, kept)["main"]}
    return list(found.values())


def _united(ours: list[Content], theirs: list[Content]) -> list[Content]:
    return [*ours, *(one for one in theirs if one not in ours)]


def standing_twice(item: str, beside: str) -> Faulty:
    """The fault of two items of a roster that would be one enterprise, counted twice."""
    return Faulty(
        "/body/duplicate",
        "stands-twice",
        f"the roster item {item} would be the same as {beside}: withdraw or end one of the two first",
        f"名册条目 {item} 与 {beside} 合并后将重复：请先撤销其中一项",
    )


def record(survivor: Content, entry: Content, duplicate: Content) -> list[Content]:
    """What the survivor's content says of all that was merged into it, also by way of the duplicate."""
    return [*survivor[MERGED], *duplicate[MERGED], entry]
