"""Names, roles and classes of enterprises: how they are compared, checked and found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.enterprises import rules
from services.registry.enterprises.names import rules as names
from services.registry.enterprises.roles import rules as roles
from services.registry.industries.classes import rules as classes
from services.registry.versions.rules import Content, folded
from tests.registry.samples import enterprise

EVER = {"valid_from": None, "valid_to": None}
XIANLIN = rules.whole(enterprise("e01", "杭州先临三维科技股份有限公司", aliases=["先临三维"]))
DAY = "2018-06-30"


def other_name(name: str, kind: str = "alias", **more: object) -> Content:
    return {"name": name, "kind": kind, **EVER, "source": None, **more}


def role(name: str = "leading", **more: object) -> Content:
    return {"role": name, "title": None, "level": None, **EVER, "approval": None, "evidence": None, **more}


def held(code: str, edition: str = "gbt4754-2017", **more: object) -> Content:
    return {"edition": edition, "code": code, "main": False, "valid_from": None, **more}


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("杭州先临三维科技股份有限公司", "杭州先临三维科技"),
        ("先临三维", "先临三维"),
        ("微医集团（浙江）有限公司", "微医"),
        ("微医集团", "微医"),
        ("万向集团公司", "万向"),
        ("浙江恒逸石化有限公司", "恒逸石化"),
        ("浙江省恒逸石化有限责任公司", "恒逸石化"),
        ("包印网（杭州）科技有限公司", "包印网科技"),
        ("ＡＢＣ 控股有限公司", "abc"),
        ("浙江省有限公司", "浙江省"),
        ("有限公司", "有限公司"),
        ("—", ""),
    ],
)
def test_the_core_of_a_name_is_what_registers_do_not_add(name: str, core: str) -> None:
    assert names.core(name) == core


@given(st.text(min_size=1, max_size=20))
def test_a_core_is_folded_and_never_longer_than_the_name(name: str) -> None:
    assert names.core(name) in {names.core(folded(name)), names.core(name)}
    assert len(names.core(name)) <= len(folded(name))


@pytest.mark.parametrize(
    ("asked", "how", "matched"),
    [
        ("杭州先临三维科技股份有限公司", "exact", "杭州先临三维科技股份有限公司"),
        ("先临三维", "alias", "先临三维"),
        ("先临三维公司", "folded", "先临三维"),
        ("杭州先临三维科技有限公司", "folded", "杭州先临三维科技股份有限公司"),
        ("临三", "contained", "先临三维"),
        ("三维科技股份", "contained", "杭州先临三维科技股份有限公司"),
    ],
)
def test_a_name_is_met_in_the_nearest_way(asked: str, how: str, matched: str) -> None:
    match = names.match(XIANLIN, asked, DAY)
    assert match is not None
    assert (match.how, match.name, match.in_force) == (how, matched, True)


def test_a_name_that_nobody_bears_meets_nobody() -> None:
    assert names.match(XIANLIN, "恒逸", DAY) is None


def test_a_former_name_is_met_and_said_to_be_out_of_use() -> None:
    former = other_name("先临", "former", valid_to="2014-12-31")
    match = names.match({**XIANLIN, "names": [former]}, "先临", DAY)
    assert match is not None
    assert (match.how, match.kind, match.in_force) == ("alias", "former", False)


def test_a_name_in_use_is_nearer_than_one_that_is_not() -> None:
    twice = [other_name("先临", "former", valid_to="2014-12-31"), other_name("先临", "short", valid_from="2015-01-01")]
    match = names.match({**XIANLIN, "names": twice}, "先临", DAY)
    assert match is not None
    assert match.kind == "short"


def test_a_name_stands_once_of_each_kind() -> None:
    given_names = [other_name("先临"), other_name("先临", "brand"), other_name("ＸＬ"), other_name("xl")]
    assert [(fault.pointer, fault.code) for fault in names.faults(given_names, "/names")] == [
        ("/names/3/name", "name-twice")
    ]


def test_nothing_ends_before_it_begins() -> None:
    wrong = {"valid_from": "2018-02-01", "valid_to": "2018-01-31"}
    assert [fault.pointer for fault in names.faults([other_name("先临", **wrong)], "/names")] == ["/names/0/valid_to"]
    assert [fault.pointer for fault in roles.faults([role(**wrong)], "/roles")] == ["/roles/0/valid_to"]


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (None, None, True),
        (DAY, None, True),
        (None, DAY, True),
        (DAY, DAY, True),
        ("2018-07-01", None, False),
        (None, "2018-06-29", False),
    ],
)
def test_a_period_holds_on_its_first_and_its_last_day(first: str | None, last: str | None, *, holds: bool) -> None:
    assert roles.in_force({"valid_from": first, "valid_to": last}, DAY) is holds


@pytest.mark.parametrize(
    ("held_roles", "faults"),
    [
        ([role(), role("msme")], []),
        ([role(level="city"), role(level="district")], []),
        ([role(valid_to="2017-12-31"), role(valid_from="2018-01-01")], []),
        ([role(valid_from="2018-01-01"), role(valid_to="2017-12-31")], []),
        ([role(valid_to="2018-01-01"), role(valid_from="2018-01-01")], [("/roles/1", "role-twice")]),
        ([role(), role(), role()], [("/roles/1", "role-twice"), ("/roles/2", "role-twice")]),
        ([role("other")], [("/roles/0/title", "title-of-other")]),
        ([role("other", title="链主企业"), role("other", title="瞪羚企业")], []),
        ([role(title="龙头")], [("/roles/0/title", "title-of-other")]),
    ],
)
def test_roles_are_checked_by_time_level_and_title(held_roles: list[Content], faults: list[tuple[str, str]]) -> None:
    assert [(fault.pointer, fault.code) for fault in roles.faults(held_roles, "/roles")] == faults


def test_every_role_and_level_has_its_names() -> None:
    assert tuple(roles.ROLES) == roles.ALL
    assert tuple(roles.LEVELS) == roles.ALL_LEVELS
    assert tuple(classes.EDITIONS) == classes.ALL


def test_the_edition_of_2017_has_20_sections_and_97_divisions() -> None:
    kept = [one for one in classes.kept() if one.edition == "gbt4754-2017"]
    assert sum(one.above is None for one in kept) == 20
    assert [one.code[1:] for one in kept if one.above is not None] == [f"{number:02}" for number in range(1, 98)]
    assert sum(one.edition == "sei-2018" for one in classes.kept()) == 9


@pytest.mark.parametrize(
    ("edition", "written", "kept", "faults"),
    [
        ("gbt4754-2017", "C3913", "C3913", []),
        ("gbt4754-2017", "3913", "C3913", []),
        ("gbt4754-2017", "ｃ39 ", "C39", []),
        ("gbt4754-2017", "65", "I65", []),
        ("gbt4754-2017", "I3913", "I3913", ["class-section"]),
        ("gbt4754-2017", "9800", "9800", ["class-division"]),
        ("gbt4754-2017", "C39131", "C39131", ["class-form"]),
        ("gbt4754-2017", "1.2", "1.2", ["class-form"]),
        ("sei-2018", "1.2.3", "1.2.3", []),
        ("sei-2018", "９", "9", []),
        ("sei-2018", "39", "39", ["class-form"]),
        ("sei-2018", "1.2.3.4", "1.2.3.4", ["class-form"]),
        ("sei-2018", "0.1", "0.1", ["class-form"]),
    ],
)
def test_a_class_is_checked_by_the_form_of_its_edition(
    edition: str, written: str, kept: str, faults: list[str]
) -> None:
    assert classes.normalised(edition, written) == kept
    assert [fault.code for fault in classes.code_faults(edition, kept, "/code")] == faults


def test_the_section_that_would_be_right_is_said() -> None:
    assert "C3913" in next(classes.code_faults("gbt4754-2017", "I3913", "/code")).zh


def test_a_class_is_found_by_all_that_is_above_it() -> None:
    assert [*classes.marks([held("C3913"), held("1.2", "sei-2018")])] == [
        "class:gbt4754-2017",
        *(f"class:gbt4754-2017:{code}" for code in ("C", "C39", "C391", "C3913")),
        "class:sei-2018",
        "class:sei-2018:1",
        "class:sei-2018:1.2",
    ]


def test_a_section_alone_is_a_prefix_and_no_class() -> None:
    assert [*classes.prefix_faults("gbt4754-2017", "C", "/p")] == []
    assert [fault.code for fault in classes.prefix_faults("gbt4754-2017", "Z", "/p")] == ["class-form"]
    assert [fault.code for fault in classes.code_faults("gbt4754-2017", "C", "/p")] == ["class-form"]


@pytest.mark.parametrize(
    ("held_classes", "faults"),
    [
        ([held("C3913", main=True), held("C36", main=True, valid_from="2018-01-01")], []),
        ([held("C3913", main=True), held("1.2", "sei-2018", main=True)], []),
        ([held("C3913", main=True), held("C36", main=True)], [("/classes/1/main", "main-twice")]),
        ([held("C3913"), held("C3913")], [("/classes/1", "class-twice")]),
        ([held("C1")], [("/classes/0/code", "class-form")]),
    ],
)
def test_one_class_of_an_edition_is_the_main_one(held_classes: list[Content], faults: list[tuple[str, str]]) -> None:
    assert [(fault.pointer, fault.code) for fault in classes.faults(held_classes, "/classes")] == faults


def test_a_code_that_is_a_path_is_not_given() -> None:
    assert [fault.code for fault in rules.file_faults(enterprise("duplicates", "某公司"))] == ["reserved"]


def test_an_enterprise_written_before_there_was_more_to_keep_is_found_like_others() -> None:
    columns = rules.columns(enterprise("e01", "杭州某某有限公司", group="ＷＸ"))
    assert (columns["credit_code"], columns["group_name"]) == (None, "wx")
    assert columns["marks"] == ["is:杭州某某有限公司", "like:杭州某某"]


def test_a_blank_credit_code_is_none() -> None:
    assert rules.normalised({**XIANLIN, "credit_code": " 　"})["credit_code"] is None
