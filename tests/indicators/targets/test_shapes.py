from dataclasses import replace

from services.indicators.targets.rules import Facts, shapes

PROJECT = Facts(
    indicator="investment",
    measure="cumulative",
    trajectory="linear",
    several=False,
    operator=">=",
    policy="standard",
    accumulation="cumulative",
    direction="increase",
    formula=None,
    roster=None,
)


def test_targets_that_differ_in_indicator_operator_and_policy_share_a_shape() -> None:
    others = [
        replace(PROJECT, indicator="projects", operator="=", policy="strict"),
        replace(PROJECT, direction="decrease"),
    ]
    (shape,) = shapes([PROJECT, *others], stops=False, breaks=True)
    assert shape.operators == {">=", "="}
    assert shape.policies == {"standard", "strict"}
    assert shape.directions == {"increase", "decrease"}
    assert (shape.stops, shape.breaks, shape.formula) == (False, True, None)


def test_measure_accumulation_trajectory_and_several_checkpoints_make_a_shape() -> None:
    others = [
        replace(PROJECT, measure="level"),
        replace(PROJECT, accumulation="stock"),
        replace(PROJECT, trajectory="hold"),
        replace(PROJECT, several=True),
    ]
    assert len(shapes([PROJECT, *others], stops=False, breaks=False)) == 5


def test_each_formula_has_a_shape_of_its_own() -> None:
    share = replace(PROJECT, measure="level", accumulation="formula", indicator="share", formula="a / b")
    found = shapes([share, replace(share, indicator="ratio", formula="b / a")], stops=False, breaks=False)
    assert [(shape.indicator, shape.formula) for shape in found] == [("ratio", "b / a"), ("share", "a / b")]


def test_without_targets_there_is_no_shape() -> None:
    assert shapes([], stops=True, breaks=True) == ()


def test_what_is_counted_from_a_roster_is_a_shape_of_its_own() -> None:
    found = shapes(
        [PROJECT, replace(PROJECT, roster="leading"), replace(PROJECT, roster="sme")], stops=False, breaks=False
    )
    assert [shape.counted for shape in found] == [False, True]
