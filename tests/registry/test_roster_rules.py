"""The life of a roster's items, and what counts on a day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.rosters import rules

TODAY = date(2018, 7, 16)
EVIDENCE = [{"title": "认定通知", "document_number": "萧经信〔2018〕1号", "file": None}]
DAYS = st.dates(date(2017, 1, 1), TODAY)


def draft(**more: object) -> dict[str, Any]:
    return {"roster": "sme", "code": "1", "name": "甲", "subject": "plan:a", "thing": None, "note": None, **more}


def item(**more: object) -> dict[str, Any]:
    return rules.proposed(draft(**more), TODAY)


@given(DAYS, DAYS, DAYS)
def test_an_item_counts_from_its_recognition_to_the_day_before_its_withdrawal(on: date, off: date, day: date) -> None:
    recognised = rules.recognised(item(), min(on, off), EVIDENCE, today=TODAY)
    withdrawn = rules.withdrawn(recognised, max(on, off), "名单调整", today=TODAY)
    assert rules.counts(recognised, day) == (min(on, off) <= day)
    assert rules.counts(withdrawn, day) == (min(on, off) <= day < max(on, off))


@given(DAYS, DAYS)
def test_a_proposal_counts_on_no_day_and_neither_does_one_that_was_turned_down(off: date, day: date) -> None:
    turned_down = rules.withdrawn(item(), off, "不符合标准", today=TODAY)
    assert (rules.counts(item(), day), rules.counts(turned_down, day)) == (False, False)


def test_each_item_is_recognised_once() -> None:
    recognised = rules.recognised(item(), TODAY, EVIDENCE, today=TODAY)
    with pytest.raises(rules.WrongStep, match="recognised once"):
        rules.recognised(recognised, TODAY, EVIDENCE, today=TODAY)


def test_what_was_withdrawn_is_not_withdrawn_again() -> None:
    withdrawn = rules.withdrawn(item(), TODAY, "重复", today=TODAY)
    with pytest.raises(rules.WrongStep):
        rules.withdrawn(withdrawn, TODAY, "重复", today=TODAY)


def test_nothing_is_recognised_on_a_day_that_is_yet_to_come() -> None:
    with pytest.raises(rules.WrongDay, match="yet to come"):
        rules.recognised(item(), TODAY + timedelta(days=1), EVIDENCE, today=TODAY)


def test_nothing_is_withdrawn_before_it_was_recognised() -> None:
    recognised = rules.recognised(item(), TODAY, EVIDENCE, today=TODAY)
    with pytest.raises(rules.WrongDay, match="before its recognition"):
        rules.withdrawn(recognised, TODAY - timedelta(days=1), "笔误", today=TODAY)


def test_a_recognised_item_keeps_what_it_counts_for_and_may_change_its_name() -> None:
    recognised = rules.recognised(item(), TODAY, EVIDENCE, today=TODAY)
    assert rules.renamed(recognised, draft(name="乙"))["name"] == "乙"
    with pytest.raises(rules.WrongStep, match="withdraw it"):
        rules.renamed(recognised, draft(subject="plan:b"))


def test_a_proposal_may_change_what_it_counts_for() -> None:
    assert rules.renamed(item(), draft(subject="plan:b"))["subject"] == "plan:b"


@pytest.mark.parametrize(
    ("lists", "thing", "faults"),
    [
        ("enterprise", "enterprise:e01", []),
        ("enterprise", None, ["other-kind"]),
        ("enterprise", "project:P01", ["other-kind"]),
        ("team", None, []),
        ("team", "enterprise:e01", ["other-kind"]),
    ],
)
def test_an_item_is_of_the_kind_that_its_roster_lists(lists: str, thing: str | None, faults: list[str]) -> None:
    assert [fault.code for fault in rules.item_faults(draft(thing=thing), lists)] == faults


@pytest.mark.parametrize(
    ("one", "other", "at"),
    [
        ({"thing": "enterprise:e01"}, {"thing": "enterprise:e01", "name": "乙"}, ["/body/thing"]),
        ({"name": "ＡＢ科技"}, {"name": "ab科技"}, ["/body/name"]),
        ({"name": "甲"}, {"name": "乙"}, []),
    ],
)
def test_nothing_stands_in_a_roster_twice(one: dict[str, object], other: dict[str, object], at: list[str]) -> None:
    assert [fault.pointer for fault in rules.doubled(draft(**one), draft(**other))] == at


def row(**more: object) -> dict[str, Any]:
    return {**draft(), "recognised_on": None, "evidence": [], "withdrawn_on": None, "withdrawal": None, **more}


RECOGNISED = {"recognised_on": "2018-05-31", "evidence": EVIDENCE}
WITHDRAWN = {"withdrawn_on": "2018-07-01", "withdrawal": "名单调整"}


def test_a_row_takes_an_item_as_far_as_it_says() -> None:
    new, none = rules.said(None, row(), TODAY, "#2")
    recognised, neither = rules.said(new, row(**RECOGNISED), TODAY, "#2")
    at_once, nor = rules.said(None, row(**RECOGNISED, **WITHDRAWN), TODAY, "#2")
    assert (new, none, neither, nor) == (item(), [], [], [])
    assert recognised == rules.recognised(new, date(2018, 5, 31), EVIDENCE, today=TODAY)
    assert at_once == rules.withdrawn(recognised, date(2018, 7, 1), "名单调整", today=TODAY)
    assert rules.said(at_once, row(**RECOGNISED, **WITHDRAWN, name="乙"), TODAY, "#2") == (
        {**at_once, "name": "乙"},
        [],
    )


@pytest.mark.parametrize(
    ("there", "said", "places"),
    [
        ({}, {"recognised_on": "2018-05-31"}, ["recognised_on"]),
        ({}, {"evidence": EVIDENCE}, ["recognised_on"]),
        ({}, {"withdrawn_on": "2018-05-31"}, ["withdrawn_on"]),
        ({}, {"withdrawal": "名单调整"}, ["withdrawn_on"]),
        ({}, {**RECOGNISED, "recognised_on": "2018-07-17"}, ["recognised_on"]),
        (RECOGNISED, {}, ["recognised_on"]),
        (RECOGNISED, {**RECOGNISED, "recognised_on": "2018-06-01"}, ["recognised_on"]),
        (RECOGNISED, {**RECOGNISED, "subject": "plan:b"}, ["subject"]),
        (WITHDRAWN, {}, ["withdrawn_on"]),
        (WITHDRAWN, {**WITHDRAWN, "withdrawal": "笔误"}, ["withdrawn_on"]),
        (WITHDRAWN, {**WITHDRAWN, **RECOGNISED}, ["recognised_on"]),
    ],
)
def test_what_a_row_cannot_say_of_an_item_is_told_at_its_field(
    there: dict[str, Any], said: dict[str, Any], places: list[str]
) -> None:
    before, none = rules.said(None, row(**there), TODAY, "#2")
    after, faults = rules.said(before, row(**said), TODAY, "#2")
    assert (none, after["state"]) == ([], before["state"])
    assert [fault.pointer for fault in faults] == [f"#2/{place}" for place in places]


def test_no_two_items_of_a_roster_are_the_same_for_one_subject() -> None:
    of = {name: item(code=name, name=name, thing=f"enterprise:{name}") for name in "abcd"}
    of["b"] |= {"name": "a"}
    of["c"] |= {"thing": "enterprise:a", "subject": "plan:b"}
    of["d"] |= {"thing": "enterprise:a", "state": "withdrawn"}
    found = [(one.pointer, one.code) for one in rules.among_faults(of, {name: f"#{name}" for name in "abcd"})]
    assert found == [("#b/name", "twice")]
    of["c"] |= {"subject": "plan:a"}
    found = [(one.pointer, one.code) for one in rules.among_faults(of, {"a": "#a"})]
    assert sorted(found) == [("#a/name", "twice"), ("#a/thing", "twice")]


def test_evidence_files_are_found_where_they_stand() -> None:
    two = [*EVIDENCE, {"title": "名单", "document_number": None, "file": "0" * 64}]
    assert list(rules.evidence_files({"evidence": two}, "#2")) == [("#2/evidence/1/file", "0" * 64)]
