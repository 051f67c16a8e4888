"""What a letter of responsibility asks for, in the words and units of the plan."""

from datetime import date
from decimal import Decimal

import pytest

from services.indicators.breakdowns.letters.rules import Matter, asked


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
