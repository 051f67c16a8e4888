"""What a roster's row is found by, the life of its items, and what counts on a day. Design: semantics.md 2.

An item is proposed (拟认定), recognised (认定) with evidence, and may be withdrawn (撤销) afterwards. It counts from the
day of its recognition to the day before its withdrawal.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from services.kit.errors import Conflict, Faulty, Refused
from services.registry.versions.rules import HENCEFORTH, Content, Reference, folded, searched, subject_reference

THINGS: Final = frozenset({"enterprise", "project"})
"""Kinds of items that are objects of the registry; of the others the name is all there is."""


DRAFT: Final = ("code", "name", "subject", "thing", "note")
"""What is said of an item when it is proposed."""
KINDS: Final = {"enterprise": "企业", "project": "项目", "team": "团队", "technology": "技术", "other": "其他事项"}
STATES: Final = {"proposed": "拟认定", "recognised": "已认定", "withdrawn": "已撤销"}


class WrongDay(Refused):
    """A day on which it cannot have happened."""

    code = "wrong-day"

    def __init__(self, detail: str, *, zh: str) -> None:
        super().__init__(detail, zh=zh, pointer="/body/on")


class Half(Refused):
    """A step with half of what it needs."""

    code = "half"


class WrongStep(Conflict):
    """An item's life has no such step from where it is."""

    code = "wrong-step"


def columns(roster: Content) -> dict[str, object]:
    """The columns of a roster's row of today."""
    return {"name": roster["name"], "unit": roster["unit"], **searched(roster["name"], roster["code"])}


def references(roster: Content, at: str = "/body") -> Iterator[Reference]:
    """The unit that keeps a roster, which must be there."""
    yield Reference(f"{at}/unit", "unit", roster["unit"], HENCEFORTH)


def item_code(roster: str, code: str) -> str:
    """An item's code in the region: `sme/0001`."""
    return f"{roster}/{code}"


def item_columns(item: Content) -> dict[str, object]:
    """The columns of an item's row of today."""
    days = {name: item[name] and date.fromisoformat(item[name]) for name in ("recognised_on", "withdrawn_on")}
    thing = (item["thing"] or "").partition(":")[2] or None
    return {
        **{name: item[name] for name in ("roster", "subject", "state", "thing")},
        "folded": folded(item["name"]),
        **days,
        **searched(item["name"], item["code"], thing),
    }


def item_references(item: Content, at: str = "/body") -> Iterator[Reference]:
    """What an item counts for, and the enterprise or project that it is, which must be there."""
    yield from subject_reference(item["subject"], f"{at}/subject")
    if item["thing"] is not None:
        yield from subject_reference(item["thing"], f"{at}/thing")


def evidence_files(item: Content, at: str = "/body") -> Iterator[tuple[str, str]]:
    """Where each evidence file stands in what was sent, and its hash."""
    for place, evidence in enumerate(item["evidence"]):
        if evidence["file"] is not None:
            yield f"{at}/evidence/{place}/file", evidence["file"]


def item_faults(item: Content, lists: str, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with an item by itself, in a roster that lists things of this kind."""
    kind = (item["thing"] or "").partition(":")[0] or None
    if lists in THINGS and kind != lists:
        yield Faulty(
            f"{at}/thing",
            "other-kind",
            f"this roster lists {lists}s: name one, as {lists}:code",
            f"本名册收录{KINDS[lists]}：请写明所指对象（{lists}:代码）",
        )
    elif lists not in THINGS and kind is not None:
        yield Faulty(
            f"{at}/thing",
            "other-kind",
            f"this roster lists {lists}s, which are known by name only: leave it out",
            f"本名册收录{KINDS[lists]}，只按名称登记：请留空",
        )


def doubled(draft: Content, other: Content, at: str = "/body") -> Iterator[Faulty]:
    """A fault for each way in which another item of the roster is the same: nothing is counted twice."""
    if draft["thing"] is not None and draft["thing"] == other["thing"]:
        yield Faulty(
            f"{at}/thing",
            "twice",
            f"{other['code']} is {other['thing']} already, for the same subject",
            f"同一归属下，{other['code']} 已登记该对象（{other['thing']}）",
        )
    elif folded(draft["name"]) == folded(other["name"]):
        yield Faulty(
            f"{at}/name",
            "twice",
            f"{other['code']} has this name already, for the same subject",
            f"同一归属下，{other['code']} 已使用该名称",
        )


def proposed(item: Content, on: date) -> Content:
    """An item at the beginning of its life."""
    return {
        **item,
        "state": "proposed",
        "proposed_on": on.isoformat(),
        "recognised_on": None,
        "withdrawn_on": None,
        "evidence": [],
        "withdrawal": None,
    }


def renamed(item: Content, draft: Content) -> Content:
    """An item said anew. What was recognised keeps what it counts for and what it is: that is what was recognised."""
    if item["state"] != "proposed" and any(item[name] != draft[name] for name in ("subject", "thing")):
        raise WrongStep(
            f"it was recognised on {item['recognised_on']}: withdraw it and propose another",
            zh=f"该项已于 {item['recognised_on']} 认定，归属与所指对象不可更改：请撤销后另行申报",
            pointer="/body/subject",
        )
    return {**item, **draft}


def recognised(item: Content, on: date, evidence: list[Content], *, today: date) -> Content:
    """An item recognised on a day up to today, with evidence. Each is recognised once."""
    if item["state"] != "proposed":
        raise WrongStep(
            f"it is {item['state']}: each item is recognised once",
            zh=f"该项当前状态为“{STATES[item['state']]}”：每项只认定一次",
        )
    _check_day(on, None, today)
    return {**item, "state": "recognised", "recognised_on": on.isoformat(), "evidence": evidence}


def withdrawn(item: Content, on: date, reason: str, *, today: date) -> Content:
    """An item withdrawn on a day, from which on it does not count; a proposal that is turned down as well."""
    if item["state"] == "withdrawn":
        raise WrongStep(f"it was withdrawn on {item['withdrawn_on']}", zh=f"该项已于 {item['withdrawn_on']} 撤销")
    since = item["recognised_on"]
    _check_day(on, since and date.fromisoformat(since), today)
    return {**item, "state": "withdrawn", "withdrawn_on": on.isoformat(), "withdrawal": reason}


def _check_day(on: date, first: date | None, today: date) -> None:
    """Refuse a day that is yet to come, or before the one that it must follow."""
    if on > today:
        raise WrongDay(f"{on} is yet to come: it is {today}", zh=f"日期 {on} 尚未到来（今日为 {today}）")
    if first is not None and on < first:
        raise WrongDay(f"{on} is before its recognition on {first}", zh=f"日期 {on} 早于认定日期 {first}")


def said(item: Content | None, row: Content, today: date, at: str) -> tuple[Content, list[Faulty]]:
    """The item that a row of a sheet makes of what there is, by the same steps, as far as the row goes beyond it.

    A new one is proposed; one with a day is recognised, or withdrawn, if it was not yet. What happened stays: a row that
    tells it otherwise is wrong.
    """
    faults: list[Faulty] = []

    def step(column: str, act: Callable[[], Content]) -> Content:
        try:
            return act()
        except Refused as refused:
            faults.append(Faulty(f"{at}/{column}", refused.code, refused.detail, refused.zh))
            return found

    draft = {name: row[name] for name in ("roster", *DRAFT)}
    found = proposed(draft, today) if item is None else item
    if item is not None:
        found = step("subject", lambda: renamed(item, draft))
    if (row["recognised_on"], row["evidence"]) != (found["recognised_on"], found["evidence"]):
        found = step("recognised_on", lambda: _recognised_by(found, row, today))
    if (row["withdrawn_on"], row["withdrawal"]) != (found["withdrawn_on"], found["withdrawal"]):
        found = step("withdrawn_on", lambda: _withdrawn_by(found, row, today))
    return found, faults


def _recognised_by(item: Content, row: Content, today: date) -> Content:
    if item["recognised_on"] is not None:
        raise WrongStep(
            f"it was recognised on {item['recognised_on']}: day and evidence stay as they were recorded",
            zh=f"该项已于 {item['recognised_on']} 认定：认定日期与认定依据不可更改",
        )
    if row["recognised_on"] is None or not row["evidence"]:
        raise Half(
            "a recognition needs its day and its evidence: fill in both, or neither",
            zh="认定须同时填写认定日期和认定依据；未认定则两项都留空",
        )
    return recognised(item, date.fromisoformat(row["recognised_on"]), row["evidence"], today=today)


def _withdrawn_by(item: Content, row: Content, today: date) -> Content:
    if item["withdrawn_on"] is not None:
        raise WrongStep(
            f"it was withdrawn on {item['withdrawn_on']}: day and reason stay as they were recorded",
            zh=f"该项已于 {item['withdrawn_on']} 撤销：撤销日期与撤销原因不可更改",
        )
    if row["withdrawn_on"] is None or row["withdrawal"] is None:
        raise Half(
            "a withdrawal needs its day and its reason: fill in both, or neither",
            zh="撤销须同时填写撤销日期和撤销原因；未撤销则两项都留空",
        )
    return withdrawn(item, date.fromisoformat(row["withdrawn_on"]), row["withdrawal"], today=today)


def among_faults(items: Mapping[str, Content], at: Mapping[str, str]) -> Iterator[Faulty]:
    """A fault for each item with a pointer that another one of its roster is already. `items` are by their whole codes."""
    first: dict[tuple[str, ...], str] = {}
    for code in sorted(items, key=lambda code: code in at):
        item = items[code]
        if item["state"] == "withdrawn":
            continue
        own = (item["roster"], item["subject"])
        marks = [(*own, "name", folded(item["name"])), *([(*own, "thing", item["thing"])] if item["thing"] else [])]
        others = {other for mark in marks if (other := first.setdefault(mark, code)) != code}
        for other in sorted(others if code in at else ()):
            yield from doubled(item, items[other], at[code])


def counts(item: Content, day: date) -> bool:
    """Whether an item counts on a day: recognised by then, and not withdrawn by then."""
    since, until = item["recognised_on"], item["withdrawn_on"]
    return since is not None and date.fromisoformat(since) <= day and (until is None or day < date.fromisoformat(until))
