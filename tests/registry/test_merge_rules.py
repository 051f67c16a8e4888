"""What a merge keeps, what must be decided, and that it moves everything that names an enterprise."""

import pytest
from sqlalchemy import ForeignKeyConstraint

from services.registry.enterprises.rules import renamed
from services.registry.merges import rules
from services.registry.merges.store import REFERRERS
from services.registry.schema import Table
from tests.registry.samples import enterprise
from tests.registry.test_enterprise_rules import held, other_name, role

BESIDE = {
    ("enterprise", "merged_into"): "it says where the duplicate went",
    ("payment", "enterprise"): "what was paid is never written again; it is read as paid to the survivor",
    ("audit", "subject"): "who did what stays as it was",
    ("file_use", "subject"): "a file is found by what it was handed in for; objects name it by its hash",
}


def test_whatever_names_an_enterprise_is_moved_by_a_merge() -> None:
    """Who adds a table with a foreign key to enterprises, a subject or a list of them, adds it to REFERRERS."""
    moved = {(one.shelf.table.__tablename__, name) for one in REFERRERS for name in one.columns}
    naming = set()
    for table in Table.metadata.tables.values():
        naming |= {(table.name, name) for name in ("subject", "thing", "enterprises") if name in table.c}
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name == "enterprise":
                naming.add((table.name, constraint.column_keys[-1]))
    assert naming - set(BESIDE) == moved


def test_an_object_is_renamed_wherever_it_names_the_duplicate() -> None:
    content = {
        "code": "e31",
        "subject": "enterprise:e31",
        "thing": "enterprise:e3",
        "enterprise": "e31",
        "members": [{"enterprise": "e31", "name": "e31"}, {"enterprise": None}],
    }
    assert renamed(content, "e31", "e22") == {
        "code": "e31",
        "subject": "enterprise:e22",
        "thing": "enterprise:e3",
        "enterprise": "e22",
        "members": [{"enterprise": "e22", "name": "e31"}, {"enterprise": None}],
    }


SURVIVOR = {
    **enterprise("a", "甲"),
    "credit_code": None,
    "names": [],
    "roles": [],
    "classes": [],
    "memberships": [],
    "merged": [],
}
DUPLICATE = {**SURVIVOR, "code": "b", "name": "乙"}


def test_what_the_survivor_lacks_it_takes_without_a_decision() -> None:
    content, taken = rules.merged(SURVIVOR, {**DUPLICATE, "group": "万向"}, {})
    assert (content["group"], taken) == ("万向", {"group": {"before": None, "after": "万向"}})


def test_the_duplicates_registered_name_can_be_kept() -> None:
    content, taken = rules.merged(SURVIVOR, DUPLICATE, {"name": "duplicate"})
    assert (content["name"], [one["name"] for one in content["names"]]) == ("乙", ["甲"])
    assert taken == {"name": {"before": "甲", "after": "乙"}}
    assert [*rules.needless([], {"name": "survivor"})] == []


def test_a_name_that_both_have_stands_once() -> None:
    content, _ = rules.merged(
        {**SURVIVOR, "aliases": ["丙"], "names": [other_name("丁")]},
        {**DUPLICATE, "aliases": ["丙", "丁"], "names": [other_name("戊", "brand", source="广告")]},
        {},
    )
    assert [(one["name"], one["kind"], one["source"]) for one in content["names"]] == [
        ("丁", "alias", None),
        ("乙", "alias", "merged: b"),
        ("戊", "brand", "广告"),
    ]


def test_roles_memberships_and_classes_are_those_of_both() -> None:
    member = {"group": "g", "valid_from": None, "valid_to": None, "source": None}
    content, _ = rules.merged(
        {**SURVIVOR, "roles": [role(approval="1号")], "memberships": [member], "classes": [held("C39", main=True)]},
        {
            **DUPLICATE,
            "roles": [role(approval="2号"), role("msme")],
            "memberships": [member],
            "classes": [held("C39"), held("C36")],
        },
        {},
    )
    assert [(one["role"], one["approval"]) for one in content["roles"]] == [("leading", "1号"), ("msme", None)]
    assert content["memberships"] == [member]
    assert [(one["code"], one["main"]) for one in content["classes"]] == [("C39", True), ("C36", False)]


@pytest.mark.parametrize(
    ("side", "mains"), [("survivor", [("C39", True), ("C36", False)]), ("duplicate", [("C39", False), ("C36", True)])]
)
def test_of_two_main_classes_one_is_decided(side: rules.Side, mains: list[tuple[str, bool]]) -> None:
    ours = {**SURVIVOR, "classes": [held("C39", main=True)]}
    theirs = {**DUPLICATE, "classes": [held("C36", main=True)]}
    assert [(one.field, one.survivor, one.duplicate) for one in rules.differences(ours, theirs)] == [
        ("main_class", "gbt4754-2017 C39", "gbt4754-2017 C36")
    ]
    content, _ = rules.merged(ours, theirs, {"main_class": side})
    assert [(one["code"], one["main"]) for one in content["classes"]] == mains


def test_main_classes_of_different_editions_do_not_differ() -> None:
    ours = {**SURVIVOR, "classes": [held("C39", main=True)]}
    theirs = {**DUPLICATE, "classes": [held("1.2", "sei-2018", main=True)]}
    assert rules.differences(ours, theirs) == []
