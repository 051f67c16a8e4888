"""Light policies: cases that a published rule leaves open, overlaps, bands out of reach, units that are mixed up."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from services.plan_file import codes
from services.plan_file.findings.finding import Both, Finding, Kind, found, told
from services.plan_file.findings.numbers import shown
from services.plan_file.findings.whole import Whole
from services.plan_file.measuring import Band, Condition, Policy

READ: Final = Kind(
    code="policy-gap-read",
    severity="warning",
    looks_for="cases that the published rule leaves open and the file reads as a light (bands with basis `assumed`)",
    says=Both("{policy}：公布的规则未说明 {cases}", "{policy}: the published rule leaves {cases} open"),
    asks=Both("请发布机关确认", "let whoever issued the rule confirm it"),
    answered=Both(
        "{policy}：公布的规则未说明 {cases}，按{light}理解",
        "{policy}: the published rule leaves {cases} open; read as {light}",
    ),
)
HOLE: Final = Kind(
    code="policy-hole",
    severity="warning",
    looks_for="cases between two bands that no band names, so that they fall to the last one",
    says=Both(
        "{policy}：{cases} 不在任何一条之内，落入最后一条（{light}）",
        "{policy}: no band names {cases}; they fall to the last one ({light})",
    ),
    asks=Both(
        "请补一条；原文未写明的，标 basis: assumed",
        "add a band; mark it basis: assumed where the published rule is silent",
    ),
)
OVERLAP: Final = Kind(
    code="policy-overlap",
    severity="warning",
    looks_for="two bands on the same metrics with different lights that share cases, neither within the other",
    says=Both(
        "{policy}：第 {first} 条与第 {second} 条在 {cases} 重叠，灯色不同",
        "{policy}: bands {first} and {second} both name {cases}, with different lights",
    ),
    asks=Both("先列的一条生效；请改为首尾相接", "the first one counts; let one begin where the other ends"),
)
UNREACHABLE: Final = Kind(
    code="policy-band-unreachable",
    severity="warning",
    looks_for="a band all of whose cases an earlier band takes",
    says=Both(
        "{policy}：第 {second} 条永远用不到，第 {first} 条已全部包括",
        "{policy}: band {second} is never reached, band {first} takes all its cases",
    ),
    asks=Both("请调换次序或删去", "change their order, or remove it"),
)
MIXED: Final = Kind(
    code="policy-units-mixed",
    severity="warning",
    looks_for="percentage points (lag_pp) or percent (completion) compared with a number below 1, as if it were a share",
    says=Both(
        "{policy}：第 {band} 条的 {metric} 以{unit}计，{value} 像是比值",
        "{policy}: {metric} of band {band} is in {unit}; {value} looks like a share",
    ),
    asks=Both("10 个百分点请写 10", "write 10 for ten of them"),
)
KINDS: Final = (READ, HOLE, OVERLAP, UNREACHABLE, MIXED)

MOST_BANDS: Final = 64
"""Bands of a policy that are compared with one another; nobody reads more."""

IN_PERCENT: Final[Mapping[str, Both]] = {
    "lag_pp": Both("百分点", "percentage points"),
    "completion": Both("百分数", "percent"),
}
_LIGHTS: Final[Mapping[str, Both]] = {light: Both(each.zh, each.en) for light, each in codes.LIGHTS.codes.items()}
_METRICS: Final[Mapping[str, Both]] = {metric: Both(each.zh, metric) for metric, each in codes.METRICS.codes.items()}


class End(NamedTuple):
    """An end of a range: its value, and which side of it: -1 just below, 0 at it, 1 just above."""

    value: Fraction
    side: int


class Range(NamedTuple):
    """What a metric may be; None where it has no end."""

    low: End | None
    high: End | None

    def within(self, other: "Range") -> bool:
        """Whether every value of this one is one of the other."""
        low = other.low is None or (self.low is not None and self.low >= other.low)
        return low and (other.high is None or (self.high is not None and self.high <= other.high))

    def shared(self, other: "Range") -> "Range | None":
        """The values of both, or None."""
        lows = [end for end in (self.low, other.low) if end is not None]
        highs = [end for end in (self.high, other.high) if end is not None]
        both = Range(max(lows, default=None), min(highs, default=None))
        return None if both.low is not None and both.high is not None and both.low > both.high else both


Region = dict[str, Range | bool]
"""Cases of a band: for each metric that it speaks of a range, or yes or no."""


def policy_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about light policies."""
    for policy in whole.file.policies:
        bands = policy.bands[:MOST_BANDS]
        regions = [region(band) for band in bands]
        yield from _read(whole, policy, bands, regions)
        yield from _holes(whole, policy, bands, regions)
        yield from _pairs(whole, policy, bands, regions)
        yield from _units(whole, policy)


def region(band: Band) -> Region | None:
    """The cases of a band; None where its conditions exclude one another."""
    cases: Region = {}
    for condition in band.when:
        given, before = _range(condition), cases.get(condition.metric)
        if isinstance(given, bool) or isinstance(before, bool):
            if before is not None and before != given:
                return None
            cases[condition.metric] = given
            continue
        both = given if before is None else before.shared(given)
        if both is None:
            return None
        cases[condition.metric] = both
    return cases


def _range(condition: Condition) -> Range | bool:
    if isinstance(condition.value, bool):
        return condition.value
    value = Fraction(condition.value)
    match condition.op:
        case "<":
            return Range(None, End(value, -1))
        case "<=":
            return Range(None, End(value, 0))
        case ">":
            return Range(End(value, 1), None)
        case ">=":
            return Range(End(value, 0), None)
    return Range(End(value, 0), End(value, 0))


def within(inner: Region, outer: Region) -> bool:
    """Whether every case of one region is a case of the other."""
    for metric, wanted in outer.items():
        given = inner.get(metric)
        if isinstance(wanted, bool) or isinstance(given, bool):
            if given != wanted:
                return False
        elif given is None or not given.within(wanted):
            return False
    return True


def shared(first: Region, second: Region) -> Region | None:
    """The cases of both regions, which speak of the same metrics; None where there are none."""
    both: Region = {}
    for metric, one in first.items():
        other = second[metric]
        if isinstance(one, bool) or isinstance(other, bool):
            if one != other:
                return None
            both[metric] = one
            continue
        common = one.shared(other)
        if common is None:
            return None
        both[metric] = common
    return both


def _read(whole: Whole, policy: Policy, bands: Sequence[Band], regions: Sequence[Region | None]) -> Iterator[Finding]:
    for place, band in enumerate(bands):
        cases = regions[place] if band.basis == "assumed" else None
        for earlier in regions[:place]:
            cases = None if cases is None else _without(cases, earlier)
        if cases is not None:
            yield found(
                READ,
                [whole.place("policy", policy.code)],
                state="assumed",
                values={
                    "policy": whole.place("policy", policy.code).called,
                    "cases": _told(cases),
                    "light": _LIGHTS[band.light],
                },
            )


def _without(cases: Region, taken: Region | None) -> Region | None:
    """What an earlier band leaves of a region where the two differ in one metric, of which it takes the lower or upper part.

    None where it takes all. Where it takes something else the region stays as it is written.
    """
    if taken is None or taken.keys() != cases.keys():
        return cases
    if within(cases, taken):
        return None
    differing = [metric for metric in cases if cases[metric] != taken[metric]]
    one, other = cases[differing[0]], taken[differing[0]]
    if len(differing) > 1 or isinstance(one, bool) or isinstance(other, bool) or one.shared(other) is None:
        return cases
    if other.high is not None and (other.low is None or (one.low is not None and other.low <= one.low)):
        return {**cases, differing[0]: Range(_after(other.high), one.high)}
    if other.low is not None and other.high is None:
        return {**cases, differing[0]: Range(one.low, _before(other.low))}
    return cases


def _after(end: End) -> End:
    """The first end above a range that ends here."""
    return End(end.value, end.side + 1)


def _before(end: End) -> End:
    return End(end.value, end.side - 1)


def _holes(whole: Whole, policy: Policy, bands: Sequence[Band], regions: Sequence[Region | None]) -> Iterator[Finding]:
    """Cases of one metric between two bands, where the bands with these yes-and-nos speak of that metric alone."""
    for metric, yes_no, ranges in _single_metric(bands, regions):
        ordered = sorted(ranges, key=lambda each: (each.low is not None, each.low or End(Fraction(0), 0)))
        reached = ordered[0].high
        for each in ordered[1:]:
            if reached is None or each.low is None:
                break
            if _after(reached) < each.low:
                cases: Region = {**dict(yes_no), metric: Range(_after(reached), _before(each.low))}
                light = _LIGHTS[bands[-1].light]
                place = whole.place("policy", policy.code)
                yield found(
                    HOLE,
                    [place],
                    values={"policy": whole.place("policy", policy.code).called, "cases": _told(cases), "light": light},
                )
            reached = None if each.high is None else max(reached, each.high)


def _single_metric(
    bands: Sequence[Band], regions: Sequence[Region | None]
) -> Iterator[tuple[str, Sequence[tuple[str, bool]], list[Range]]]:
    """Ranges by metric and yes-and-nos; without those that another band with the same or fewer conditions catches."""
    grouped: dict[tuple[str, tuple[tuple[str, bool], ...]], list[Range]] = {}
    catching: set[tuple[tuple[str, bool], ...]] = set()
    for band, cases in zip(bands, regions, strict=True):
        if cases is None or not band.when:
            continue
        numbers = {metric: each for metric, each in cases.items() if not isinstance(each, bool)}
        yes_no = tuple(sorted((metric, each) for metric, each in cases.items() if isinstance(each, bool)))
        if not numbers:
            catching.add(yes_no)
        elif len(numbers) == 1:
            metric, each = next(iter(numbers.items()))
            grouped.setdefault((metric, yes_no), []).append(each)
    for (metric, yes_no), ranges in grouped.items():
        if yes_no not in catching:
            yield metric, yes_no, ranges


def _pairs(whole: Whole, policy: Policy, bands: Sequence[Band], regions: Sequence[Region | None]) -> Iterator[Finding]:
    """Each band against those before it; one that is out of reach overlaps no other."""
    place = [whole.place("policy", policy.code)]
    for second, later in enumerate(regions):
        if later is None or not bands[second].when:
            continue
        earlier = [
            (first, each) for first, each in enumerate(regions[:second]) if each is not None and bands[first].when
        ]
        hiding = next((first for first, each in earlier if within(later, each)), None)
        if hiding is not None:
            yield found(
                UNREACHABLE,
                place,
                values={
                    "policy": whole.place("policy", policy.code).called,
                    "first": str(hiding + 1),
                    "second": str(second + 1),
                },
            )
            continue
        for first, each in earlier:
            if bands[first].light == bands[second].light or each.keys() != later.keys() or within(each, later):
                continue
            common = shared(each, later)
            if common is not None:
                numbers = {"first": str(first + 1), "second": str(second + 1)}
                yield found(
                    OVERLAP,
                    place,
                    values={"policy": whole.place("policy", policy.code).called, "cases": _told(common), **numbers},
                )


def _units(whole: Whole, policy: Policy) -> Iterator[Finding]:
    for place, band in enumerate(policy.bands, start=1):
        for condition in band.when:
            unit, value = IN_PERCENT.get(condition.metric), condition.value
            if unit is not None and isinstance(value, Decimal) and 0 < abs(value) < 1:
                yield found(
                    MIXED,
                    [whole.place("policy", policy.code)],
                    values={
                        "policy": whole.place("policy", policy.code).called,
                        "band": str(place),
                        "metric": condition.metric,
                        "unit": unit,
                        "value": shown(Fraction(value)),
                    },
                )


def _told(cases: Region) -> list[Both]:
    """Cases as a person reads them."""
    words: list[Both] = []
    for metric, each in cases.items():
        if isinstance(each, bool):
            words.append(Both(f"{metric} 为{'是' if each else '否'}", f"{metric} {'true' if each else 'false'}"))
            continue
        zh, en = _METRICS[metric]
        low, high = each
        if low is not None and high is not None and low == high:
            words.append(Both(f"{zh}等于 {shown(low.value)}", f"{en} of {shown(low.value)}"))
            continue
        ends = [
            *([] if low is None else [_above(low)]),
            *([] if high is None else [_below(high)]),
        ]
        words.append(Both(f"{zh}{told(ends, 'zh')}", f"{en} {' and '.join(end for _, end in ends)}"))
    return words


def _above(end: End) -> Both:
    value = shown(end.value)
    return Both(f"大于 {value}", f"above {value}") if end.side > 0 else Both(f"不小于 {value}", f"from {value} on")


def _below(end: End) -> Both:
    value = shown(end.value)
    return Both(f"小于 {value}", f"below {value}") if end.side < 0 else Both(f"不大于 {value}", f"up to {value}")
