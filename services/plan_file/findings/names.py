"""Names: one thing in two places, under two industries, by two names, named and not listed, listed twice."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from services.plan_file.findings.finding import Both, Finding, Kind, ObjectKind, Place, Quote, found
from services.plan_file.findings.whole import Whole, kind_of
from services.plan_file.measuring import PlanTarget
from services.plan_file.wording import Mention

TWO_INDUSTRIES: Final = Kind(
    code="enterprise-in-two-industries",
    fact="L16",
    severity="warning",
    looks_for="an enterprise that the text names under carriers or industries other than those of its entry or projects in the lists",
    says=Both(
        "“{name}”在正文属{there}，在名单或项目中属{here}",
        "{name} is under {there} in the text and under {here} in the lists",
    ),
    asks=Both("请确定归属，避免重复统计", "decide where it belongs, so that it is counted once"),
)
TWICE: Final = Kind(
    code="one-thing-twice",
    fact="L17",
    severity="warning",
    looks_for="one name under two carriers, or a carrier named as part of another",
    says=Both("“{name}”出现在两处：{places}", "{name} is in two places: {places}"),
    asks=Both("请说明计入哪一处，避免重复计算", "say where it counts, so that it is not counted twice"),
)
SHARED: Final = Kind(
    code="carrier-in-two-industries",
    fact="L17",
    severity="warning",
    looks_for="a carrier that more than one industry names as its own",
    says=Both("“{name}”是{industries}共同的载体", "{name} carries {industries}"),
    asks=Both("请分别统计，避免重复计算", "keep the figures apart, so that nothing is counted twice"),
)
SEVERAL_NAMES: Final = Kind(
    code="several-names",
    fact="L18",
    severity="info",
    looks_for="industries, carriers and enterprises that go by more than one name (aliases)",
    says=Both("{count} 个{things}有几种叫法：{names}{more}", "{count} {things} go by several names: {names}{more}"),
    asks=Both("报数和来文请用同一名称或代码", "use one name or the code in reports and letters"),
)
AMBIGUOUS: Final = Kind(
    code="name-ambiguous",
    severity="warning",
    looks_for="one name or alias for two things of one kind",
    says=Both("“{name}”可指 {codes}", "{name} may mean {codes}"),
    asks=Both("请改名，或合并为一个", "rename one, or make them one"),
)
NOT_LISTED: Final = Kind(
    code="project-not-listed",
    fact="L19",
    severity="warning",
    looks_for="a project that the text names and the list of projects does not have",
    says=Both("正文点名而项目名单没有：{names}", "named as projects in the text and not listed: {names}"),
    asks=Both("请补入名单，或注明对应的项目", "list them, or say which listed project each one is"),
)
SAME_TARGET: Final = Kind(
    code="duplicate-target",
    severity="warning",
    looks_for="two targets on one series with one measure, one start and one goal's date",
    says=Both("{codes} 是同一对象、指标和期限的目标", "{codes} are targets on one series for one date"),
    asks=Both("请合并，或说明差别", "make them one, or say how they differ"),
)
SAME_PROJECT: Final = Kind(
    code="duplicate-project",
    severity="warning",
    looks_for="two projects of one name and one enterprise",
    says=Both("{codes} 名称和企业都相同：{name}", "{codes} have the same name and enterprise: {name}"),
    asks=Both("请合并，或说明差别", "make them one, or say how they differ"),
)
KINDS: Final = (
    TWO_INDUSTRIES, TWICE, SHARED, SEVERAL_NAMES, AMBIGUOUS, NOT_LISTED, SAME_TARGET, SAME_PROJECT,
)  # fmt: skip

FORMS: Final = ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "公司")
"""Legal forms at the end of a registered name."""

SHOWN: Final = 10
"""As many things as a sentence names."""

ALIASED: Final[Mapping[str, ObjectKind]] = {
    "industries": "industry",
    "carriers": "carrier",
    "enterprises": "enterprise",
}
NAMED: Final[Mapping[str, ObjectKind]] = {**ALIASED, "units": "unit"}
THINGS: Final[Mapping[ObjectKind, Both]] = {
    "industry": Both("产业", "industries"),
    "carrier": Both("载体", "carriers"),
    "enterprise": Both("企业", "enterprises"),
}

SHORTEST, LONGEST = 3, 12
"""Characters of a short name that may be the end of a registered one without its form."""


def name_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about names."""
    yield from _enterprises(whole)
    yield from _twice(whole)
    yield from _shared(whole)
    yield from _several(whole)
    yield from _ambiguous(whole)
    yield from _not_listed(whole)
    yield from _duplicates(whole)


class Firms:
    """Enterprises of both annexes by their names: registered, alias, or the end of a registered name without its form."""

    def __init__(self, whole: Whole) -> None:
        self.industries: dict[str, set[str]] = defaultdict(set)
        self.places: dict[str, list[Place]] = defaultdict(list)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for enterprise in whole.file.enterprises:
            self._add(enterprise.name, enterprise.industry, whole.place("enterprise", enterprise.code))
            for alias in enterprise.aliases:
                self._by_name[alias].add(enterprise.name)
        for project in whole.file.projects:
            listed = whole.enterprises.get(project.enterprise or "")
            name = listed.name if listed is not None else project.enterprise_name or ""
            self._add(name, project.industry, whole.place("project", project.code))

    def _add(self, name: str, industry: str, place: Place) -> None:
        self.industries[name].add(industry)
        self.places[name].append(place)
        self._by_name[name].add(name)
        bare = next((name.removesuffix(form) for form in FORMS if name.endswith(form)), name)
        for length in range(SHORTEST, min(LONGEST, len(bare)) + 1):
            self._by_name[bare[-length:]].add(name)

    def registered(self, name: str) -> str | None:
        """The registered name of the only enterprise that a name may mean."""
        names = self._by_name.get(name, set())
        return next(iter(names)) if len(names) == 1 else None


def _industries(whole: Whole, subject: str) -> set[str]:
    kind, _, code = subject.partition(":")
    if kind == "industry":
        return {code}
    carrier = whole.carriers.get(code) if kind == "carrier" else None
    return {carrier.industry, *carrier.also} if carrier is not None else set()


def _enterprises(whole: Whole) -> Iterator[Finding]:
    firms = Firms(whole)
    there: dict[str, list[tuple[Mention, Place]]] = defaultdict(list)
    short: dict[str, str] = {}
    for mention, place in whole.mentioned("enterprise"):
        for name in mention.names:
            registered = firms.registered(name)
            if registered is not None:
                there[registered].append((mention, place))
                short.setdefault(registered, name)
    for registered, mentions in there.items():
        named = {code for mention, _ in mentions for code in _industries(whole, mention.subject)}
        here = firms.industries[registered]
        if named and not named & here:
            yield found(
                TWO_INDUSTRIES,
                [*firms.places[registered], *(place for _, place in mentions)],
                quotes=[Quote(mention.clause, mention.phrase) for mention, _ in mentions],
                values={"name": short[registered], "there": _names(whole, named), "here": _names(whole, here)},
            )


def _names(whole: Whole, industries: Iterable[str]) -> list[Both]:
    wanted = set(industries)
    return [whole.place("industry", each.code).called for each in whole.file.industries if each.code in wanted]


def _carriers_by_name(whole: Whole) -> Mapping[str, str]:
    return {name: each.code for each in whole.file.carriers for name in (each.name, *each.aliases)}


def _twice(whole: Whole) -> Iterator[Finding]:
    carriers = _carriers_by_name(whole)
    seen: dict[str, dict[str, list[tuple[Mention, Place]]]] = defaultdict(lambda: defaultdict(list))
    for mention, place in whole.mentioned():
        if kind_of(mention.subject) == "carrier" and mention.kind != "service":
            for name in mention.names:
                code = carriers.get(name)
                if code is None or f"carrier:{code}" != mention.subject:
                    seen[name][mention.subject].append((mention, place))
    for name, subjects in seen.items():
        of_name = whole.subject(f"carrier:{carriers[name]}") if name in carriers else None
        within = [home for subject in subjects if (home := whole.subject(subject)) is not None]
        homes = [*([of_name] if of_name else []), *within]
        if len(homes) > 1:
            mentions = [each for several in subjects.values() for each in several]
            yield found(
                TWICE,
                [*homes, *(place for _, place in mentions)],
                quotes=[Quote(mention.clause, mention.phrase) for mention, _ in mentions],
                values={"name": name, "places": [place.called for place in homes]},
            )


def _shared(whole: Whole) -> Iterator[Finding]:
    carriers = _carriers_by_name(whole)
    naming: dict[str, list[Mention]] = defaultdict(list)
    for mention, _ in whole.mentioned("place"):
        if kind_of(mention.subject) == "industry":
            for name in mention.names:
                if name in carriers:
                    naming[carriers[name]].append(mention)
    for carrier in whole.file.carriers:
        mentions = naming.get(carrier.code, [])
        industries = {carrier.industry, *carrier.also, *(m.subject.partition(":")[2] for m in mentions)}
        if len(industries) > 1:
            quotes = [Quote(mention.clause, mention.phrase) for mention in mentions]
            names = _names(whole, industries)
            places = whole.places("carrier", [carrier])
            yield found(SHARED, places, quotes=quotes, values={"name": places[0].called, "industries": names})


def _several(whole: Whole) -> Iterator[Finding]:
    for section, kind in ALIASED.items():
        items = [item for item in getattr(whole.file, section) if item.aliases]
        if items:
            names = [
                Both(f"{item.name}（{'、'.join(item.aliases)}）", f"{item.name} ({', '.join(item.aliases)})")
                for item in items[:SHOWN]
            ]
            more = Both("、…", ", …") if len(items) > SHOWN else Both("", "")
            values = {"count": str(len(items)), "things": THINGS[kind], "names": names, "more": more}
            yield found(SEVERAL_NAMES, [whole.place(kind, item.code) for item in items], values=values)


def _ambiguous(whole: Whole) -> Iterator[Finding]:
    for section, kind in NAMED.items():
        by_name: dict[str, dict[str, None]] = defaultdict(dict)
        for item in getattr(whole.file, section):
            for name in (item.name, *getattr(item, "aliases", ())):
                by_name[name][item.code] = None
        for name, codes in by_name.items():
            if len(codes) > 1:
                places = [whole.place(kind, code) for code in codes]
                yield found(AMBIGUOUS, places, values={"name": name, "codes": list(codes)})


def _not_listed(whole: Whole) -> Iterator[Finding]:
    listed = {name for project in whole.file.projects for name in (project.name, project.name.removesuffix("项目"))}
    missing: dict[str, tuple[Mention, Place]] = {}
    for mention, place in whole.mentioned("project"):
        for name in mention.names:
            if not {name, name.removesuffix("项目")} & listed:
                missing.setdefault(name, (mention, place))
    if missing:
        places = list(dict.fromkeys(place for _, place in missing.values()))
        quotes = [Quote(mention.clause, mention.phrase) for mention, _ in missing.values()]
        yield found(NOT_LISTED, places, quotes=quotes, values={"names": list(missing)})


def _duplicates(whole: Whole) -> Iterator[Finding]:
    targets: dict[Hashable, list[PlanTarget]] = defaultdict(list)
    for target in whole.file.targets:
        key = (target.subject, target.indicator, target.measure, whole.start(target), target.checkpoints[-1].date)
        targets[(*key, target.state)].append(target)
    for same in targets.values():
        if len(same) > 1:
            codes = [target.code for target in same]
            yield found(SAME_TARGET, whole.places("target", same), quotes=whole.quotes(same), values={"codes": codes})
    yield from _projects(whole)


def _projects(whole: Whole) -> Iterator[Finding]:
    projects: dict[Hashable, list[str]] = defaultdict(list)
    for project in whole.file.projects:
        projects[project.name, project.enterprise, project.enterprise_name].append(project.code)
    for codes in projects.values():
        if len(codes) > 1:
            places = _places(whole, "project", codes)
            yield found(SAME_PROJECT, places, values={"codes": codes, "name": places[0].name})


def _places(whole: Whole, kind: ObjectKind, codes: Sequence[str]) -> list[Place]:
    return [whole.place(kind, code) for code in codes]
