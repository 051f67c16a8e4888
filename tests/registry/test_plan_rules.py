"""Plans: their states, and what a file's part brings."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.plan_file.things import PlanState
from services.registry.plans import rules
from services.registry.plans.rules import WrongState
from services.registry.versions.rules import Reference

EARLY, LATE = datetime(2016, 12, 31, tzinfo=UTC), datetime(2018, 7, 16, tzinfo=UTC)


def plan(state: str) -> dict[str, Any]:
    """A plan in this state."""
    return {"state": state, "activated_at": None, "closed_at": None}


def test_activation_is_stamped() -> None:
    assert rules.moved(plan("set-up"), "active", LATE) == {
        "state": "active",
        "activated_at": LATE.isoformat(),
        "closed_at": None,
    }


def test_closing_is_stamped() -> None:
    assert rules.moved(plan("active"), "closed", LATE)["closed_at"] == LATE.isoformat()


def test_the_state_it_has_changes_nothing() -> None:
    assert rules.moved(plan("active"), "active", LATE) == plan("active")


@pytest.mark.parametrize(("state", "to"), [("set-up", "closed"), ("active", "set-up"), ("closed", "active")])
def test_a_plan_does_not_jump_or_go_back(state: str, to: PlanState) -> None:
    with pytest.raises(WrongState):
        rules.moved(plan(state), to, LATE)


@pytest.mark.parametrize(
    ("in_set_up", "shared", "before", "counts"),
    [
        (True, False, None, EARLY),
        (True, False, EARLY, EARLY),
        (True, False, LATE, LATE),
        (True, True, None, LATE),
        (False, False, None, LATE),
    ],
    ids=["new", "corrected in set-up", "recorded later by someone else", "named by an active plan", "active"],
)
def test_what_a_file_brings_counts_from_known_from_only_where_nobodys_past_changes(
    in_set_up: bool, shared: bool, before: datetime | None, counts: datetime
) -> None:
    assert rules.counts_from(EARLY, LATE, in_set_up=in_set_up, shared=shared, before=before) == counts


def document(**lists: list[dict[str, Any]]) -> dict[str, Any]:
    """A part with these lists."""
    header = {"plan": "p", "region": "330109", "known_from": EARLY.isoformat()}
    plan = {"code": "p", "region": "330109", "known_from": EARLY.isoformat()}
    return {"header": header, "plan": plan, **{section: [] for section in rules.SECTIONS}, **lists}


def test_each_object_has_its_place_in_the_file() -> None:
    contact = {"unit": "jx", "role": "liaison"}
    found, twice = rules.pointers(document(contacts=[contact], responsibilities=[{"matter": "T01"}]))
    assert found == {
        ("contact", "jx/liaison"): "/body/contacts/0",
        ("responsibility", "T01"): "/body/responsibilities/0",
    }
    assert twice == []


def test_the_same_code_twice_is_a_fault_at_the_second_place() -> None:
    found, twice = rules.pointers(document(units=[{"code": "a"}, {"code": "a"}]))
    assert found == {("unit", "a"): "/body/units/0"}
    assert [(fault.pointer, fault.code) for fault in twice] == [("/body/units/1", "twice")]


def test_a_header_that_fits_has_no_fault() -> None:
    assert [*rules.header_faults(document(), code="p", region="330109", now=LATE)] == []


def test_every_fault_of_a_header_is_named() -> None:
    sent = document()
    sent["header"]["known_from"] = LATE.isoformat()
    faults = [*rules.header_faults(sent, code="q", region="330100", now=datetime(2016, 1, 1, tzinfo=UTC))]
    assert [fault.code for fault in faults] == ["other-plan"] * 2 + ["other-region"] * 2 + ["differs", "in-future"]


def test_from_when_a_plan_counts_does_not_change() -> None:
    faults = [*rules.present_faults({"known_from": EARLY.isoformat()}, {"known_from": LATE.isoformat()})]
    assert [fault.code for fault in faults] == ["fixed"]


def test_the_same_instant_written_otherwise_is_no_change() -> None:
    assert [
        *rules.present_faults({"known_from": "2016-12-31T00:00:00+00:00"}, {"known_from": "2016-12-31T08:00:00+08:00"})
    ] == []


def test_a_new_plan_has_no_past_to_keep() -> None:
    assert [*rules.present_faults(None, {"known_from": LATE.isoformat()})] == []


def test_a_project_code_of_another_plan_is_taken() -> None:
    projects = {"P01": {"plan": "p"}, "P02": {"plan": "q"}, "P03": {"plan": "q"}}
    at = {("project", "P01"): "/body/projects/0", ("project", "P02"): "/body/projects/1"}
    assert [fault.pointer for fault in rules.taken_faults(projects, at, "p")] == ["/body/projects/1/code"]


def test_what_stays_and_names_what_would_end_is_a_fault_of_pruning() -> None:
    references = [("carrier c", Reference("", "industry", "i")), ("carrier c", Reference("", "industry", "j"))]
    assert [fault.code for fault in rules.still_named(references, {("industry", "i")})] == ["still-named"]


def test_a_unit_that_somebody_acts_for_is_a_fault_of_pruning() -> None:
    assert [(fault.pointer, fault.code) for fault in rules.still_acted_for(["u"])] == [("/query/prune", "still-named")]
    assert [*rules.still_acted_for([])] == []


def test_a_task_names_its_plan_and_its_subject() -> None:
    assert [*rules.task_references({"plan": "p", "subject": "carrier:c"})] == [
        Reference("/body/plan", "plan", "p"),
        Reference("/body/subject", "carrier", "c"),
    ]
