"""How a target is divided (任务分解) over units, towns and years, and whether the parts reach the whole, exactly."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from services.kit.errors import Conflict, Faulty, Refused
from services.plan_file.scalars import plain, total

Part = Mapping[str, Any]
"""`unit` and `year` of which one may be empty, `value` as text, `note`."""

LONGEST_NOTE: Final = 500
"""Notes that come together are cut to what a note may hold."""

NOT_SUMMED: Final[Mapping[str, tuple[str, str]]] = {
    "growth": ("growth rates of parts do not sum to that of the whole", "各部分的增速相加不等于总体增速"),
    "mean_growth": ("growth rates of parts do not sum to that of the whole", "各部分的增速相加不等于总体增速"),
    "multiple": ("a multiple belongs to the whole: parts that double do not add up to it", "倍数属于总体，各部分不能相加"),
    "milestone": ("a milestone is a day on which a state is reached: there is nothing to sum", "节点目标是达到某一状态的日期，没有可分解的数量"),
    "ratio": ("a ratio of parts does not sum to that of the whole", "比率不能由各部分相加得到"),
}  # fmt: skip
"""Measures whose parts cannot be summed, with the reason."""

NOT_BY_YEARS: Final[Mapping[str, tuple[str, str]]] = {
    "annual": ("it is one year's volume, so years do not add up to it", "该目标是单个年度的总量，不能按年度相加"),
    "level": ("it is a level at a day, so years do not add up to it", "该目标是时点数，不能按年度相加"),
}
"""Measures that can be divided over units but not over years."""


class NotDivisible(Refused):
    """This kind of target has no parts that could be summed."""

    code = "not-divisible"

    def __init__(self, target: str, reason: tuple[str, str]) -> None:
        super().__init__(
            f"{target} cannot be divided: {reason[0]}; give each part a target of its own",
            zh=f"{target} 不能分解：{reason[1]}；请为各部分分别设定目标",
            pointer="/path/target",
        )


class BadBreakdown(Refused):
    """Parts that do not make the whole; every fault is named."""

    code = "breakdown"

    def __init__(self, faults: Sequence[Faulty]) -> None:
        super().__init__(
            f"{len(faults)} fault(s) in the breakdown", zh=f"分解方案有 {len(faults)} 处错误", faults=faults
        )


@dataclass(frozen=True)
class Unit:
    """A unit as the registry names it; `successors` took over when it was dissolved."""

    name: str
    path: str
    successors: tuple[str, ...] = ()
    ended: bool = False


Units = Mapping[str, Unit]


class Dissolved(Conflict):
    """A letter is asked for of a unit that signs nothing any more."""

    code = "unit-dissolved"

    def __init__(self, code: str, units: Units) -> None:
        en, zh = _named(_line_end(code, units), units)
        name = units[code].name
        super().__init__(
            f"{name} ({code}) was dissolved; what it had to do is with {en}: ask for the letter of that unit",
            zh=f"{name}（{code}）已撤销，任务由 {zh} 承接，请出具承接单位的责任书",
            pointer="/path/unit",
        )


@dataclass(frozen=True)
class Whole:
    """What is divided: a target in force."""

    target: str
    measure: str
    goal: Decimal | None
    upper: Decimal | None
    """The upper bound of `between`: the parts may sum to anything from goal to upper."""
    whole: bool
    """Counts of things: so are the parts."""
    ratio: bool
    """A share or a rate."""
    start: date
    goal_on: date
    checkpoints: tuple[tuple[date, Decimal], ...] = ()
    """Those before the goal; of a cumulative target the years up to one sum to it."""


@dataclass(frozen=True)
class Sum:
    """The parts along one dimension against the whole."""

    dimension: str
    """`units`, `years`, or `units and years`."""
    parts: Decimal
    remaining: Decimal
    """What is missing to the whole; below 0 what is too much; 0 where the parts reach it."""


def divisible(whole: Whole) -> None:
    """Refuse what cannot be summed, with the reason."""
    kind = "ratio" if whole.ratio and whole.measure not in NOT_SUMMED else whole.measure
    if kind in NOT_SUMMED:
        raise NotDivisible(whole.target, NOT_SUMMED[kind])


def sums(whole: Whole, parts: Iterable[Part]) -> list[Sum]:
    """The parts along each dimension that is there, against the whole."""
    groups: dict[str, list[Decimal]] = {}
    for part in parts:
        groups.setdefault(_dimension(part), []).append(Decimal(part["value"]))
    found = []
    for dimension, values in sorted(groups.items()):
        summed = total(values)
        nearest = min(max(summed, whole.goal or Decimal(0)), whole.upper or whole.goal or Decimal(0))
        found.append(Sum(dimension, summed, total([nearest], less=summed)))
    return found


def heir(code: str, units: Units) -> str:
    """Who stands for a unit today, as far as it is one: of a unit that was split, nobody but itself."""
    seen = {code}
    while code in units and len(units[code].successors) == 1:
        [following] = units[code].successors
        if following in seen or following not in units:
            break
        seen.add(following)
        code = following
    return code


def handed_over(parts: Sequence[Part], units: Units) -> list[dict[str, Any]]:
    """The parts with who stands for each unit; those that fall to one unit, of the same year, are summed.

    Every sum stays what it was: along units, along years and along both the same amounts only stand together.
    """
    found: dict[tuple[str | None, int | None], list[Part]] = {}
    for part in parts:
        unit = part["unit"] if part["unit"] is None else heir(part["unit"], units)
        found.setdefault((unit, part["year"]), []).append(part)
    return [_together(unit, year, those) for (unit, year), those in found.items()]


def left_over(named: Collection[str], units: Units) -> dict[str, list[str]]:
    """The units that are no more and whose parts fall to no single successor, with those who took over."""
    gone = {code: units.get(code, Unit(code, "", ended=True)) for code in sorted(named)}
    return {code: sorted(unit.successors) for code, unit in gone.items() if unit.ended or unit.successors}


def _together(unit: str | None, year: int | None, parts: Sequence[Part]) -> dict[str, Any]:
    notes = dict.fromkeys(part["note"] for part in parts if part["note"])
    return {
        "unit": unit,
        "year": year,
        "value": plain(total(Decimal(part["value"]) for part in parts)),
        "note": "；".join(notes)[:LONGEST_NOTE] or None,
    }


def faults(whole: Whole, parts: Sequence[Part], units: Units, at: str = "/body") -> Iterator[Faulty]:
    """Everything that is wrong with a breakdown of a divisible target: single parts, sums, and dimensions that disagree."""
    for place, part in enumerate(parts):
        yield from _part_faults(whole, part, units, f"{at}/parts/{place}")
    for key, times in Counter((part["unit"], part["year"]) for part in parts).items():
        if times > 1:
            named = "/".join(str(one) for one in key if one is not None) or "—"
            yield Faulty(f"{at}/parts", "part-twice", f"{named} stands {times} times", f"{named} 重复 {times} 次")
    for one in sums(whole, parts):
        if one.remaining != 0:
            yield _missed(whole, one, f"{at}/parts")
    yield from _disagreements(parts, f"{at}/parts")
    if whole.measure == "cumulative":
        yield from _checkpoint_faults(whole, parts, f"{at}/parts")


def dissolved(parts: Sequence[Part], before: Iterable[Part], units: Units, at: str = "/body") -> Iterator[Faulty]:
    """A fault for each new part of a unit that was dissolved. What it had `before` may stay: of a split, years that are over were its."""
    had = {(part["unit"], part["year"], part["value"]) for part in before}
    for place, part in enumerate(parts):
        unit = units.get(part["unit"])
        if unit is None or not unit.successors or (part["unit"], part["year"], part["value"]) in had:
            continue
        en, zh = _named(_line_end(part["unit"], units), units)
        yield Faulty(
            f"{at}/parts/{place}/unit",
            "unit-dissolved",
            f"{unit.name} ({part['unit']}) was dissolved; its duties are with {en}",
            f"{unit.name}（{part['unit']}）已撤销，职责由 {zh} 承接",
        )


def _line_end(code: str, units: Units) -> list[str]:
    """The units that stand today for one that was dissolved, by code."""
    found, waiting = set[str](), [code]
    for one in waiting:
        waiting += [heir for heir in units[one].successors if heir not in waiting and heir in units]
        if not units[one].successors:
            found.add(one)
    return sorted(found)


def _named(codes: Iterable[str], units: Units) -> tuple[str, str]:
    """Units with their codes, in English and in Chinese."""
    said = [(code, units[code].name) for code in codes]
    return ", ".join(f"{name} ({code})" for code, name in said), "、".join(f"{name}（{code}）" for code, name in said)


def _dimension(part: Part) -> str:
    if part["unit"] is None:
        return "years"
    return "units" if part["year"] is None else "units and years"


def _part_faults(whole: Whole, part: Part, units: Units, at: str) -> Iterator[Faulty]:
    unit, year, value = part["unit"], part["year"], Decimal(part["value"])
    if unit is None and year is None:
        yield Faulty(
            at, "part-of-nothing", "a part is of a unit, of a year, or of both", "每一部分须有单位、年度或两者"
        )
    if unit is not None and (unit not in units or (units[unit].ended and not units[unit].successors)):
        yield Faulty(f"{at}/unit", "unknown-reference", f"there is no unit {unit}", f"没有代码为 {unit} 的单位")
    if year is not None:
        if whole.measure in NOT_BY_YEARS:
            en, zh = NOT_BY_YEARS[whole.measure]
            yield Faulty(f"{at}/year", "not-by-years", f"{en}; divide it over units only", f"{zh}；只能按单位分解")
        if not whole.start < date(year, 12, 31) or date(year, 1, 1) > whole.goal_on:
            first, last = whole.start.year + (whole.start >= date(whole.start.year, 12, 31)), whole.goal_on.year
            yield Faulty(
                f"{at}/year",
                "outside-target",
                f"the target runs from {first} to {last}, {year} is outside",
                f"目标期为 {first} 至 {last} 年，{year} 年不在其中",
            )
    if value < 0:
        yield Faulty(f"{at}/value", "negative", f"0 or more was expected, not {plain(value)}", "分解值应不小于 0")
    if whole.whole and value != value.to_integral_value():
        yield Faulty(
            f"{at}/value",
            "not-whole",
            f"things are counted here: a whole number was expected, not {plain(value)}",
            f"该指标为计数，分解值应为整数，而不是 {plain(value)}",
        )


def _missed(whole: Whole, one: Sum, at: str) -> Faulty:
    goal = plain(whole.goal or Decimal(0)) + ("" if whole.upper is None else f"-{plain(whole.upper)}")
    short, amount = one.remaining > 0, plain(one.remaining.copy_abs())
    along = {"units": "各单位", "years": "各年度", "units and years": "各单位各年度"}[one.dimension]
    return Faulty(
        at,
        "short-of-the-whole" if short else "over-the-whole",
        f"{one.dimension} sum to {plain(one.parts)}, the whole is {goal}: {amount} {'remaining' if short else 'over'}",
        f"{along}合计 {plain(one.parts)}，总目标 {goal}：{'尚余' if short else '超出'} {amount}",
    )


def _disagreements(parts: Sequence[Part], at: str) -> Iterator[Faulty]:
    """Where units are divided over years and also stand alone, both must say the same; so must years."""
    cells = [part for part in parts if _dimension(part) == "units and years"]
    for name, along in (("unit", "units"), ("year", "years")):
        alone = {part[name]: Decimal(part["value"]) for part in parts if _dimension(part) == along}
        if not cells or not alone:
            continue
        for key in sorted({*alone, *(cell[name] for cell in cells)}, key=str):
            summed = total(Decimal(cell["value"]) for cell in cells if cell[name] == key)
            if summed != alone.get(key, Decimal(0)):
                said = plain(alone.get(key, Decimal(0)))
                yield Faulty(
                    at,
                    "dimensions-disagree",
                    f"{key} alone is {said}, its parts sum to {plain(summed)}",
                    f"{key} 合计应为 {said}，其细分合计为 {plain(summed)}",
                )


def _checkpoint_faults(whole: Whole, parts: Sequence[Part], at: str) -> Iterator[Faulty]:
    """Years up to a checkpoint at a year's end sum to what it asks for by then."""
    for dimension in ("years", "units and years"):
        years = [part for part in parts if _dimension(part) == dimension]
        for day, value in whole.checkpoints:
            summed = total(Decimal(part["value"]) for part in years if part["year"] <= day.year)
            if years and (day.month, day.day) == (12, 31) and summed != value:
                yield Faulty(
                    at,
                    "misses-checkpoint",
                    f"by {day} the years sum to {plain(summed)}, the checkpoint asks for {plain(value)}",
                    f"截至 {day} 各年度合计 {plain(summed)}，节点目标为 {plain(value)}",
                )
