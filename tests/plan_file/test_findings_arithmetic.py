"""The sums of the plan check are exact, and what they conclude holds for every number they could be given."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.plan_file.findings.numbers import Part, best_pair, exact, rounded, runs, shown, yearly_rate
from services.plan_file.findings.phrases import clause_of, dated, named, numeral, sentence_of, title, years
from services.plan_file.findings.policies import Range, region, within
from services.plan_file.findings.policies import shared as shared_cases
from services.plan_file.measuring import Band, Condition
from tests.plan_file.ordered import Change, band, bands, found, points, put

MULTIPLES = st.fractions(min_value=Fraction(1, 2), max_value=4, max_denominator=1000)


def steps(*changes: Change, code: str) -> list[tuple[str, str]]:
    (finding,) = found(*changes, code=code)
    return [(step.sum, step.result) for step in finding.arithmetic]


def test_the_shortfall_of_growth_against_a_multiple_is_exact() -> None:
    short = steps(put("targets", "T1", checkpoints=points(25, 25, 25)), code="growth-below-multiple")
    assert short == [
        ("1.25 × 1.25 × 1.25", "1.953125"),
        ("2 - 1.953125", "0.046875"),
        ("0.046875 ÷ 2 × 100", "≈ 2.34 %"),
        ("(2 ^ (1 ÷ 3) - 1) × 100", "≈ 25.992 %"),
    ]


def test_the_least_share_of_the_best_part_is_told_with_its_sum() -> None:
    short = steps(put("targets", "T2", checkpoints=points(25, 25, 25)), code="parts-below-multiple")
    assert short == [
        ("1.3 × 1.3 × 1.3", "2.197"),
        ("1.25 × 1.25 × 1.25", "1.953125"),
        ("(2 - 1.953125) ÷ (2.197 - 1.953125) × 100", "≈ 19.2 %"),
        ("(2 - 1.953125) ÷ (2.197 - 2)", "≈ 0.2"),
        ("(2.197 + 1.953125) ÷ 2", "2.0750625"),
    ]


def test_a_total_out_of_reach_of_every_part_says_so() -> None:
    (finding,) = found(put("targets", "T3", checkpoints=points(3, years=(2019,))), code="parts-below-multiple")
    assert "占比如何都达不到" in finding.says("zh")
    assert "no shares of the base reach it" in finding.says("en")


@given(st.lists(MULTIPLES, min_size=2, max_size=6), MULTIPLES)
def test_the_best_pair_needs_the_least_of_its_best_part(multiples: list[Fraction], goal: Fraction) -> None:
    pair = best_pair([Part(str(place), multiple) for place, multiple in enumerate(multiples)], goal)
    if pair is None:
        assert max(multiples) < goal or min(multiples) >= goal
        return
    best, second, least = pair.best.multiple, pair.second.multiple, pair.least_share
    assert least * best + (1 - least) * second == goal
    assert 0 < least <= 1
    for low in (multiple for multiple in multiples if multiple < goal):
        for high in (multiple for multiple in multiples if multiple >= goal):
            assert (goal - low) / (high - low) >= least


@given(st.lists(st.tuples(MULTIPLES, st.integers(1, 100)), min_size=2, max_size=6), MULTIPLES)
def test_with_less_than_the_least_share_no_mix_reaches_the_goal(
    mix: list[tuple[Fraction, int]], goal: Fraction
) -> None:
    """Whatever the shares of all parts: where those that reach the goal have less than the least share, the total does not."""
    pair = best_pair([Part(str(place), multiple) for place, (multiple, _) in enumerate(mix)], goal)
    if pair is None:
        return
    weight = sum(share for _, share in mix)
    reaching = Fraction(sum(share for multiple, share in mix if multiple >= goal), weight)
    if reaching < pair.least_share:
        assert sum((multiple * share for multiple, share in mix), Fraction(0)) / weight < goal


@given(st.decimals(min_value=-10_000, max_value=10_000, places=6), st.integers(0, 5))
def test_rounding_is_half_away_from_zero(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert Decimal(rounded(Fraction(value), places)) == expected


@given(st.decimals(min_value=-10_000, max_value=10_000, places=12))
def test_what_is_shown_as_exact_is_exact(value: Decimal) -> None:
    written = exact(Fraction(value))
    assert written is not None
    assert Decimal(written) == value


def test_what_is_not_shown_exactly_is_marked() -> None:
    assert (shown(Fraction(1, 3)), shown(Fraction(3, 8))) == ("≈ 0.333333", "0.375")


@given(st.fractions(min_value=Fraction(1, 10), max_value=10, max_denominator=100), st.integers(1, 10))
def test_the_yearly_rate_chained_gives_the_multiple(multiple: Fraction, years_: int) -> None:
    rate = Fraction(yearly_rate(multiple, years_).removesuffix(" %")) / 100
    step = Fraction(1, 100_000)
    assert (1 + rate - step) ** years_ < multiple < (1 + rate + step) ** years_


@given(st.sets(st.integers(1, 60), min_size=1))
def test_runs_name_the_same_codes(numbers: set[int]) -> None:
    drawn: list[int] = []
    for run in runs(f"T{number:02d}" for number in sorted(numbers)):
        first, _, last = run.partition("-")
        drawn += range(int(first[1:]), int((last or first)[1:]) + 1)
    assert drawn == sorted(numbers)


def test_codes_of_other_letters_or_lengths_are_no_neighbours() -> None:
    assert runs(["T9", "T10", "P11", "P12", "x"]) == ["T9", "T10", "P11-P12", "x"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("四", 4), ("十", 10), ("十二", 12), ("三十", 30), ("一百二十三", 123), ("百", 100), ("85", 85)],
)
def test_chinese_numerals_are_numbers(text: str, number: int) -> None:
    assert numeral(text) == number


@pytest.mark.parametrize(
    ("phrase", "names", "count"),
    [
        ("以甲区等五大平台为引领", 1, 5),
        ("先期打造东谷（甲、乙集团）、西谷（丙）等四个平台", 2, 4),
        ("目标明确，推进总部、金融和研究院等八大项目", 3, 8),
        ("建设中学、地铁7号线北站等12项设施", 2, 12),
        ("建设中学、和等两项", 2, 2),
        ("等四个平台", 0, 4),
    ],
)
def test_names_before_a_count_are_counted(phrase: str, names: int, count: int) -> None:
    assert [(len(each.names), each.many) for each in named(phrase)] == [(names, count)]


@pytest.mark.parametrize(
    ("text", "says_when"),
    [
        ("到2019年末", True),
        ("三年内引进", True),
        ("12个月完成", True),
        ("力争年底", True),
        ("年均增长15%", False),
        ("年增长25%", False),
        ("每年增长30%", False),
        ("三年均有", False),
        ("年产20000台", False),
    ],
)
def test_words_that_say_when(text: str, *, says_when: bool) -> None:
    assert dated(text) is says_when


def test_a_run_of_years_is_all_of_them() -> None:
    assert years("2018、2019年每年增长，2021年") == {2018, 2019, 2021}


def test_the_part_of_a_phrase_that_holds_a_value_is_the_one_it_speaks_of() -> None:
    phrase = "三年翻番；培育企业4家，产值14亿元"
    assert (sentence_of(phrase, Fraction(4)), clause_of(phrase, Fraction(4))) == (
        "培育企业4家，产值14亿元",
        "培育企业4家",
    )
    assert clause_of(phrase, None) == "产值14亿元"
    assert sentence_of("。", None) == "。"


@pytest.mark.parametrize(("state", "name"), [("通过省级特色小镇评审", "省级特色小镇评审"), ("建成投产", None)])
def test_a_title_begins_with_its_level(state: str, name: str | None) -> None:
    assert title(state) == name


OPERATORS = st.sampled_from(["<", "<=", "=", ">=", ">"])
CONDITIONS = st.tuples(st.sampled_from(["lag_pp", "gap"]), OPERATORS, st.integers(0, 4))
BANDS = st.lists(CONDITIONS, min_size=1, max_size=3)
HALVES = [Decimal(number) / 2 for number in range(-1, 11)]


def holds(written: Band, values: dict[str, Decimal]) -> bool:
    compare = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        "=": lambda a, b: a == b,
        ">=": lambda a, b: a >= b,
        ">": lambda a, b: a > b,
    }
    return all(compare[each.op](values[each.metric], each.value) for each in written.when)


def made(conditions: list[tuple[Any, Any, int]]) -> Band:
    return Band(
        light="green", when=[Condition(metric=metric, op=op, value=Decimal(value)) for metric, op, value in conditions]
    )


@given(BANDS, BANDS)
def test_regions_hold_what_their_bands_hold(
    first: list[tuple[Any, Any, int]], second: list[tuple[Any, Any, int]]
) -> None:
    one, other = made(first), made(second)
    grid = [{"lag_pp": lag, "gap": gap} for lag in HALVES for gap in HALVES]
    in_one, in_other = ([holds(each, values) for values in grid] for each in (one, other))
    cases, others = region(one), region(other)
    assert (cases is None) == (not any(in_one))
    if cases is None or others is None:
        return
    assert within(cases, others) == all(b for a, b in zip(in_one, in_other, strict=True) if a)
    if cases.keys() == others.keys():
        both = [a and b for a, b in zip(in_one, in_other, strict=True)]
        assert (shared_cases(cases, others) is not None) == any(both)


@settings(max_examples=40)  # each reads a whole plan file
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans(), st.booleans()), min_size=1, max_size=5))
def test_a_hole_is_where_no_band_is_and_bands_are_on_both_sides(ends: list[tuple[int, int, bool, bool]]) -> None:
    written = [
        band("green", ("lag_pp", ">=" if closed else ">", min(a, b)), ("lag_pp", "<=" if also else "<", max(a, b)))
        for a, b, closed, also in ends
        if a != b
    ]
    holes = found(bands(*written, band("red")), code="policy-hole")
    models = [
        Band.model_validate(each | {"when": [{**c, "value": Decimal(c["value"])} for c in each["when"]]})
        for each in written
    ]
    covered = [any(holds(each, {"lag_pp": value}) for each in models) for value in HALVES]
    first, last = (covered.index(True), len(covered) - covered[::-1].index(True)) if any(covered) else (0, 0)
    assert bool(holes) == (not all(covered[first:last]))


def test_a_range_without_ends_holds_every_other() -> None:
    (cases,) = (region(made([("lag_pp", ">", 1)])),)
    assert cases is not None
    assert within(cases, {"lag_pp": Range(None, None)})
