"""What keeps something from being ended, and how that is said."""

import pytest

from services.registry.endings import rules
from services.registry.endings.rules import Namer, References, StillReferredTo
from services.registry.rosters.rules import item_references

ITEM = {"roster": "sme", "subject": "industry:information", "thing": "enterprise:e1"}
PROSPECT = {"industry": "information", "enterprise": None, "project": None}


@pytest.mark.parametrize(
    ("references", "content", "named"),
    [
        (rules.of_project, {"project": "P01"}, ["project:P01"]),
        (rules.of_project, {"project": None}, []),
        (rules.of_subject, {"subject": "carrier:port"}, ["carrier:port"]),
        (rules.of_problem, {"subject": "carrier:port", "visit": None}, ["carrier:port"]),
        (rules.of_problem, {"subject": "carrier:port", "visit": "V0001"}, ["carrier:port", "visit:V0001"]),
        (rules.of_prospect, PROSPECT, ["industry:information"]),
        (rules.of_prospect, {**PROSPECT, "project": "P01"}, ["industry:information", "project:P01"]),
        (rules.in_roster(item_references), ITEM, ["roster:sme", "industry:information", "enterprise:e1"]),
    ],
)
def test_what_each_names(references: References, content: dict[str, str | None], named: list[str]) -> None:
    assert [f"{one.kind}:{one.code}" for one in references(content, "")] == named


def test_a_code_of_another_kind_is_another_thing() -> None:
    references = list(rules.of_prospect(PROSPECT))
    assert rules.names(references, "industry", "information")
    assert not rules.names(references, "carrier", "information")


def test_what_a_file_lists_is_said_beside_what_names_it() -> None:
    refusal = StillReferredTo("carrier:port", [Namer("project", "project:P01")], ["plan-a"])
    assert refusal.detail == (
        "carrier:port cannot be ended: 1 object(s) name it: project:P01; end or change those first; "
        "the file of plan-a lists it, so that the next apply would bring it back; take it out of the file and apply that"
    )
    assert refusal.zh == (
        "carrier:port 不能终止：仍有 1 项引用它：project:P01；请先终止或修改这些内容；"
        "计划文件（plan-a）仍列有它，下次应用会重新生成；请先从计划文件中删除并应用"
    )
    assert [fault.code for fault in refusal.faults] == ["named-by", "in-plan-file"]


def test_of_what_the_caller_does_not_see_only_the_kind_is_said() -> None:
    refusal = StillReferredTo("industry:x", [Namer("prospect", "prospect:secret", known=False)], [])
    assert "1 object(s) name it: prospect;" in refusal.detail
    assert "secret" not in refusal.detail + refusal.zh + str(refusal.faults)


def test_of_an_enterprise_a_merge_is_offered() -> None:
    said = StillReferredTo("enterprise:e1", [Namer("project", "project:P01")], [])
    assert "merge" in said.detail
    assert "合并" in said.zh


def test_only_so_many_are_told_one_by_one() -> None:
    said = StillReferredTo("carrier:x", [Namer("project", f"project:P{number}") for number in range(30)], [])
    assert len(said.faults) == 20
    assert "30 object(s)" in said.detail
    assert "and 10 more" in said.detail
    assert "等另外 10 项" in said.zh


def test_a_file_alone_is_reason_enough() -> None:
    said = StillReferredTo("carrier:x", [], ["plan-a", "plan-b"])
    assert said.detail.startswith("carrier:x cannot be ended: the file of plan-a, plan-b lists it")
    assert [fault.pointer for fault in said.faults] == ["/path/code", "/path/code"]


def test_a_kind_that_comes_with_the_software_can_be_replaced() -> None:
    assert "replaced, not ended" in rules.BuiltIn("standard").detail
