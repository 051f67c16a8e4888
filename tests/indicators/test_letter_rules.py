"""What a letter of responsibility asks for, in the words and units of the plan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.indicators.breakdowns.letters.rules import Matter, NothingToSign, approval, asked, quoted


@pytest.mark.parametrize(
    ("measure", "goal", "said"),
    [
        ("annual", "50", "2019年12月31日前全年不低于50亿元"),
        ("growth", "25", "2019年12月31日前增速不低于25%"),
        ("mean_growth", "25", "2019年12月31日前年均增速不低于25%"),
        ("multiple", "2", "2019年12月31日前达到基期的倍数不低于2倍"),
    ],
)
def test_output_in_money_grows_by_percent_and_doubles_in_times(measure: str, goal: str, said: str) -> None:
    matter = Matter(
        "T01",
        "总产值",
        "lead",
        "一",
        "总产值",
        goal=Decimal(goal),
        operator=">=",
        measure=measure,
        unit_of_measure="亿元",
        goal_on=date(2019, 12, 31),
    )
    assert asked(matter) == said


HELD = {"checkpoints": [{"date": "2019-12-31", "value": "600"}], "upper": None, "clause": "一"}
MORE = {"checkpoints": HELD["checkpoints"]}
LESS = {"checkpoints": [{"date": "2019-12-31", "value": "400"}]}


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ([], None),
        ([(MORE, "1号")], "1号"),
        ([(MORE, "1号"), (LESS, "2号")], "1号"),
        ([(MORE, "1号"), (LESS, "2号"), (MORE, "3号")], "3号"),
        ([(LESS, "2号")], None),
        ([({"clause": "一"}, "4号")], None),
    ],
    ids=str,
)
def test_the_number_is_that_of_the_last_approval_of_what_is_in_force(
    changes: list[tuple[dict[str, object], str]], number: str | None
) -> None:
    assert approval(HELD, changes) == number


def test_words_of_another_plan_are_named_so_and_what_was_approved_since_stands_beside_them() -> None:
    matter = Matter("C01", "园区", "lead", "一（二）", "建成3个园区")
    assert quoted(matter) == "一（二）：“建成3个园区”"
    assert quoted(replace(matter, source="三年行动计划")) == "《三年行动计划》一（二）：“建成3个园区”"
    changed = replace(
        matter, goal=Decimal(5), operator=">=", measure="cumulative", unit_of_measure="个", approval="1号"
    )
    assert quoted(replace(changed, goal_on=date(2020, 6, 30))) == (
        "一（二）：“建成3个园区”；经批准调整为2020年6月30日前累计不低于5个（1号）"
    )


def test_a_unit_with_nothing_to_sign_is_told_where_its_tasks_went_on() -> None:
    assert NothingToSign("区科技局", "计划", ()).zh == "区科技局在《计划》中不承担目标和任务，无须签订责任书"
    assert "其未完成任务已转入 plan-b" in NothingToSign("区科技局", "计划", {"plan-b"}).zh
    assert "its open tasks went on in plan-b" in NothingToSign("区科技局", "计划", {"plan-b"}).detail
