"""Each service gets its part, with the version of the whole; a part can be checked by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plan_file.model import PlanFile, version
from services.plan_file.parts import IndicatorsPart, NotifierPart, RegistryPart, split
from services.plan_file.rules import check_part
from tests.plan_file.samples import SMALL, XIAOSHAN, changed, plan_of

PARTS = split(plan_of(SMALL))


def test_every_part_names_the_same_plan_and_version() -> None:
    headers = {part.header.model_dump_json() for part in (PARTS.registry, PARTS.indicators, PARTS.notifier)}
    assert len(headers) == 1
    assert PARTS.registry.header.version == version(plan_of(SMALL))


def test_the_version_is_sixteen_hex_digits() -> None:
    assert len(version(plan_of(SMALL))) == 16
    assert int(version(plan_of(SMALL)), 16) >= 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: 小方案", "name: '小方案'   # the same"),
        ("value: 21.0", "value: '21.00'"),
        ("approval: true", "approval: true\n      copy_to: []"),
        ("issued_on: 2017-05-02\n  start: 2016-12-31", "start: 2016-12-31\n  issued_on: 2017-05-02"),
    ],
)
def test_layout_does_not_change_the_version(old: str, new: str) -> None:
    assert version(plan_of(changed(old, new))) == version(plan_of(SMALL))


def test_content_changes_the_version() -> None:
    assert version(plan_of(changed("upper: 60", "upper: 61"))) != version(plan_of(SMALL))


def test_a_plan_file_written_as_json_reads_back_the_same() -> None:
    plan_file = plan_of(XIAOSHAN)
    assert PlanFile.model_validate_json(plan_file.model_dump_json()) == plan_file


def test_json_is_yaml_and_reads_the_same() -> None:
    assert plan_of(plan_of(XIAOSHAN).model_dump_json()) == plan_of(XIAOSHAN)


@pytest.mark.parametrize("part", [PARTS.registry, PARTS.indicators, PARTS.notifier])
def test_a_part_survives_its_way_over_http(part: RegistryPart | IndicatorsPart | NotifierPart) -> None:
    assert type(part).model_validate_json(part.model_dump_json()) == part


def test_bare_plan_subjects_name_the_plan() -> None:
    assert PARTS.indicators.targets[0].subject == "plan:small"
    assert PARTS.registry.tasks[0].subject == "plan:small"


def test_targets_keep_their_place_and_get_their_start() -> None:
    placed = [(target.code, target.ordinal, target.start.isoformat()) for target in PARTS.indicators.targets]
    assert placed == [
        ("T01", 1, "2016-12-31"),
        ("T02", 2, "2016-12-31"),
        ("T03", 3, "2018-12-31"),
        ("T04", 4, "2016-12-31"),
    ]


def test_the_registry_learns_what_each_owned_matter_is_called() -> None:
    matters = [(each.matter, each.kind, each.name, each.subject) for each in PARTS.registry.responsibilities]
    assert matters == [("T01", "target", "比重", "plan:small"), ("C01", "task", "成立领导小组", "plan:small")]


@pytest.mark.parametrize("part", [PARTS.registry, PARTS.indicators, PARTS.notifier])
def test_the_parts_of_a_checked_file_have_no_faults(part: RegistryPart | IndicatorsPart | NotifierPart) -> None:
    assert check_part(part) == []


def test_a_registry_part_is_checked_by_itself() -> None:
    broken = PARTS.registry.model_copy(update={"units": PARTS.registry.units[:1], "tasks": PARTS.registry.tasks * 2})
    faults = {(fault.code, fault.where) for fault in check_part(broken)}
    assert ("duplicate_code", "tasks[1].code") in faults
    assert ("unknown_reference", "responsibilities[0].lead") in faults


def test_an_indicators_part_is_checked_by_itself() -> None:
    targets = [*PARTS.indicators.targets, PARTS.indicators.targets[1]]
    broken = PARTS.indicators.model_copy(update={"policies": [], "targets": targets})
    faults = {(fault.code, fault.where) for fault in check_part(broken)}
    assert faults == {
        ("duplicate_code", "targets[4].code"),
        ("unknown_reference", "targets[0].policy"),
        ("unknown_reference", "targets[2].policy"),
        ("unknown_reference", "targets[3].policy"),
    }


def test_a_notifier_part_is_checked_by_itself() -> None:
    broken = PARTS.notifier.model_copy(update={"digests": PARTS.notifier.digests * 2})
    assert [(fault.code, fault.where) for fault in check_part(broken)] == [("duplicate_code", "digests[1].code")]


@given(st.permutations(range(4)))
def test_the_order_of_the_targets_is_content(order: list[int]) -> None:
    plan_file = plan_of(SMALL)
    reordered = plan_file.model_copy(update={"targets": [plan_file.targets[place] for place in order]})
    assert (version(reordered) == version(plan_file)) == (order == [0, 1, 2, 3])
