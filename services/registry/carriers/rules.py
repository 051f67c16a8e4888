"""What a carrier's row is found by, what it names, and how carriers are counted: each thing once (一物只计一次)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal, localcontext
from typing import Any

from services.kit.errors import Faulty
from services.plan_file.scalars import plain, total
from services.registry.versions.rules import Content, Reference, folded, searched

Thing = tuple[str, str]
"""By which something is known in several places: its kind, and its code or its folded name."""


def columns(carrier: Content) -> dict[str, object]:
    """The columns of the row of today."""
    members = [member["name"] for member in carrier["members"]]
    return {
        "name": carrier["name"],
        "industry": carrier["industry"],
        "industries": [carrier["industry"], *carrier["also"]],
        "parent": carrier["parent"],
        "enterprises": [member["enterprise"] for member in carrier["members"] if member["enterprise"] is not None],
        **searched(carrier["name"], carrier["name_en"], *carrier["aliases"], *members, carrier["code"]),
    }


def references(carrier: Content, at: str = "/body") -> Iterator[Reference]:
    """The industries, enterprises and other carriers that a carrier names, which must be there."""
    yield Reference(f"{at}/industry", "industry", carrier["industry"])
    for place, industry in enumerate(carrier["also"]):
        yield Reference(f"{at}/also/{place}", "industry", industry)
    if carrier["parent"] is not None:
        yield Reference(f"{at}/parent", "carrier", carrier["parent"])
    for place, member in enumerate(carrier["members"]):
        for kind in ("enterprise", "carrier"):
            if member[kind] is not None:
                yield Reference(f"{at}/members/{place}/{kind}", kind, member[kind])


def faults(carrier: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a carrier by itself: its area, its shares, a member that another carrier must count."""
    if carrier["area"] is not None and Decimal(carrier["area"]) <= 0:
        yield Faulty(
            f"{at}/area",
            "area-positive",
            f"an area above 0 km² was expected, not {carrier['area']}",
            f"面积应大于 0 平方公里，而不是 {carrier['area']}",
        )
    yield from _share_faults(carrier, at)
    for place, member in enumerate(carrier["members"]):
        if member["carrier"] is not None and member["counted"]:
            yield _counted_twice(f"{at}/members/{place}", member["name"], member["carrier"])


def _share_faults(carrier: Content, at: str) -> Iterator[Faulty]:
    left, in_range = {carrier["industry"], *carrier["also"]}, True
    for place, one in enumerate(carrier["shares"]):
        if one["industry"] not in left:
            yield Faulty(
                f"{at}/shares/{place}/industry",
                "share-industry",
                f"{one['industry']} is no industry of this carrier, or stands twice",
                f"{one['industry']} 不是该载体的产业，或重复列出",
            )
        left.discard(one["industry"])
        if not 0 <= Decimal(one["share"]) <= 1:
            in_range = False
            yield Faulty(
                f"{at}/shares/{place}/share",
                "share-range",
                f"a share from 0 to 1 was expected, not {one['share']}",
                f"份额应为 0 至 1，而不是 {one['share']}",
            )
    summed = total(Decimal(one["share"]) for one in carrier["shares"])
    if carrier["shares"] and in_range and summed != 1:
        yield Faulty(
            f"{at}/shares",
            "share-sum",
            f"the shares sum to {plain(summed)}; they must sum to 1",
            f"份额合计为 {plain(summed)}，应为 1",
        )


def among_faults(carriers: Mapping[str, Content], at: Mapping[str, str]) -> Iterator[Faulty]:
    """What is wrong with the carriers sent (`at` holds their pointers) beside all others: circles, things counted twice."""
    parents = {code: carrier["parent"] for code, carrier in carriers.items()}
    owner: dict[Thing, str] = {}
    for code in sorted(carriers, key=lambda code: code in at):  # those that are there already count first
        if code in at and _above_itself(code, parents):
            yield Faulty(f"{at[code]}/parent", "circle", f"{code} would lie within itself", f"{code} 将成为自身的上级")
        for place, member in enumerate(carriers[code]["members"]):
            if member["counted"] and owner.setdefault(thing(member), code) != code and code in at:
                yield _counted_twice(f"{at[code]}/members/{place}", member["name"], owner[thing(member)])


def _counted_twice(at: str, name: str, by: str) -> Faulty:
    return Faulty(
        f"{at}/counted",
        "counted-twice",
        f"{name} is counted by {by}; one thing in two places is counted once: send counted false here",
        f"{name} 已由 {by} 计数；一物两处只计一次，此处 counted 应为 false",
    )


def thing(member: Content) -> Thing:
    """By which a member is known in whatever carrier it stands."""
    enterprise = member["enterprise"]
    return ("enterprise", enterprise) if enterprise is not None else (member["kind"], folded(member["name"]))


def _above_itself(code: str, parents: Mapping[str, str | None]) -> bool:
    above, seen = parents[code], set[str]()
    while above is not None and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def shares(carrier: Content) -> dict[str, Decimal]:
    """How much of a carrier counts for which industry; they sum to 1."""
    divided = {one["industry"]: Decimal(one["share"]) for one in carrier["shares"]}
    return divided or {carrier["industry"]: Decimal(1)}


def counts(carriers: Iterable[Content]) -> dict[str, Any]:
    """Carriers, areas in km² and members by industry and in all, each thing once.

    A carrier is counted under its own industry; `also` says how many more name it. Its area is divided by its shares; that
    of a carrier that lies within one whose area is known is part of the latter's and not added again.
    """
    all_of_them = {carrier["code"]: carrier for carrier in carriers}
    by_industry: dict[str, dict[str, Any]] = {}
    with localcontext(prec=100):
        for carrier in all_of_them.values():
            _count(carrier, by_industry, within_an_area=_within_an_area(carrier, all_of_them))
        everything = _nothing()
        for place in by_industry.values():
            everything = {name: value + place[name] for name, value in everything.items()}
    rows = [{"industry": industry, **_written(place)} for industry, place in sorted(by_industry.items())]
    return {"items": rows, "all": _written(everything)}


def _count(carrier: Content, by_industry: dict[str, dict[str, Any]], *, within_an_area: bool) -> None:
    own, area = carrier["industry"], Decimal(0 if within_an_area else carrier["area"] or 0)
    for industry in (own, *carrier["also"]):
        by_industry.setdefault(industry, _nothing())["carriers" if industry == own else "also"] += 1
    for industry, share in shares(carrier).items():
        by_industry[industry]["share"] += share
        by_industry[industry]["area"] += share * area
    by_industry[own]["members"] += sum(member["counted"] for member in carrier["members"])


def _nothing() -> dict[str, Any]:
    return {"carriers": 0, "also": 0, "share": Decimal(0), "area": Decimal(0), "members": 0}


def _written(place: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in place.items()}


def _within_an_area(carrier: Content, others: Mapping[str, Content]) -> bool:
    """Whether an area that holds this carrier's is counted already."""
    return any(others[code]["area"] is not None for code in _above(carrier, others))


def _above(carrier: Content, others: Mapping[str, Content]) -> Collection[str]:
    found: list[str] = []
    code = carrier["parent"]
    while code in others and code not in found:
        found.append(code)
        code = others[code]["parent"]
    return found
