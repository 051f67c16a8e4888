"""A made-up plan in which everything is in order, as a document to put something out of order in."""

import copy
import json
from collections.abc import Callable
from typing import Any, Final

from services.plan_file.findings import findings
from services.plan_file.findings.finding import Finding
from services.plan_file.model import PlanFile
from services.plan_file.reading import read_json

Document = dict[str, Any]
Change = Callable[[Document], object]

YEARS: Final = (2017, 2018, 2019)
ZERO: Final = {"date": "2016-12-31", "value": 0, "basis": "stated"}
ONE: Final = {"date": "2016-12-31", "value": 1, "basis": "stated"}


def points(*values: float | str, years: tuple[int, ...] = YEARS) -> list[Document]:
    return [{"date": f"{year}-12-31", "value": value} for year, value in zip(years, values, strict=True)]


def growth(code: str, industry: str, phrase: str, *values: int) -> Document:
    target = {"code": code, "name": phrase, "subject": f"industry:{industry}", "indicator": "va_growth"}
    way = {"measure": "growth", "operator": ">=", "checkpoints": points(*values), "trajectory": "hold"}
    return {**target, **way, "policy": "plain", "nature": "binding", "clause": "一", "phrase": phrase}


def multiple(code: str, subject: str, phrase: str, value: float | str) -> Document:
    target = {"code": code, "name": phrase, "subject": subject, "indicator": "va_growth", "measure": "multiple"}
    way = {"operator": ">=", "checkpoints": points(value, years=(2019,)), "trajectory": "compound", "baseline": ONE}
    return {**target, **way, "policy": "plain", "nature": "binding", "clause": "二", "phrase": phrase}


def counted(code: str, subject: str, indicator: str, phrase: str, *values: int) -> Document:
    target = {"code": code, "name": phrase, "subject": subject, "indicator": indicator, "measure": "cumulative"}
    years = YEARS[-len(values) :]
    way = {"operator": ">=", "checkpoints": points(*values, years=years), "trajectory": "linear", "baseline": ZERO}
    return {**target, **way, "policy": "plain", "nature": "binding", "clause": "三", "phrase": phrase}


def milestone(code: str, subject: str, state: str, phrase: str, date: str = "2018-12-31") -> Document:
    target = {"code": code, "name": phrase, "subject": subject, "measure": "milestone", "state": state}
    return {**target, "checkpoints": [{"date": date}], "nature": "binding", "clause": "四", "phrase": phrase}


def mention(subject: str, kind: str, *names: str) -> Document:
    return {"subject": subject, "kind": kind, "names": [*names], "clause": "五", "phrase": f"{'与'.join(names)}在此"}


def project(number: int, industry: str, first: int, last: int, amount: int) -> Document:
    enterprise = {"a": "e1", "b": "e2"}[industry]
    years = {"first_year": first, "last_year": last, "investment": amount}
    return {"code": f"P{number}", "name": f"第{number}车间", "industry": industry, "enterprise": enterprise, **years}


def indicator(code: str, name: str, unit: str, accumulation: str) -> Document:
    return {
        "code": code,
        "name": name,
        "unit_of_measure": unit,
        "accumulation": accumulation,
        "decimals": 1,
        "source": "bureau",
        "bureau": "economy",
    }


def owner(matter: str, basis: str = "stated") -> Document:
    return {
        "matter": matter,
        "lead": "economy",
        "support": ["science"],
        "basis": basis,
        "clause": "六",
        "phrase": "责任单位：经信局、科技局",
    }


def band(light: str, *conditions: tuple[str, str, object], **more: object) -> Document:
    return {"light": light, "when": [{"metric": m, "op": op, "value": value} for m, op, value in conditions], **more}


def _invested(each: Document) -> Document:
    years = tuple(range(each["first_year"], each["last_year"] + 1))
    values = [each["investment"] * (place + 1) // len(years) for place in range(len(years))]
    target = counted(each["code"], f"project:{each['code']}", "invested", each["name"], 1)
    return {**target, "checkpoints": points(*values, years=years)}


def ordered() -> Document:  # reason: a whole document
    """The document: two industries that grow enough, counts by year, owners that the plan states."""
    projects = [
        project(1, "a", 2017, 2018, 100),
        project(2, "a", 2017, 2019, 120),
        project(3, "a", 2018, 2019, 110),
        project(4, "b", 2017, 2017, 90),
        project(5, "b", 2018, 2019, 130),
        project(6, "b", 2018, 2018, 100),
    ]
    targets = [
        growth("T1", "a", "甲业增加值每年增长30%以上", 30, 30, 30),
        growth("T2", "b", "乙业增加值每年增长30%以上", 30, 30, 30),
        multiple("T3", "plan", "到2019年全部增加值翻番", 2),
        multiple("T4", "industry:a", "到2019年甲业增加值翻番", 2),
        counted("T5", "plan", "leading", "到2019年培育龙头企业2家", 1, 2),
        milestone("T6", "carrier:park", "建成投产", "2018年建成投产"),
        counted("T7", "carrier:town", "firms", "到2019年引进企业10家", 2, 5, 10),
        *map(_invested, projects),
    ]
    return {
        "format": "duban-plan/1",
        "plan": {
            "code": "ordered",
            "name": "有序方案",
            "region": "330109",
            "issued_by": "区政府办公室",
            "issued_on": "2016-11-01",
            "start": "2016-12-31",
            "end": "2019-12-31",
            "known_from": "2016-12-31T00:00:00+08:00",
            "source": "ordered.txt",
            "wording": {
                "counted": [{"indicator": "leading", "list": "enterprises"}],
                "mentions": [
                    mention("carrier:park", "enterprise", "头等机床"),
                    mention("carrier:park", "project", "第1车间"),
                ],
            },
        },
        "industries": [{"code": "a", "name": "甲业"}, {"code": "b", "name": "乙业"}],
        "units": [
            {"code": "office", "name": "区政府办", "kind": "office"},
            {"code": "economy", "name": "经信局", "kind": "bureau"},
            {"code": "science", "name": "科技局", "kind": "bureau"},
        ],
        "carriers": [
            {"code": "park", "name": "甲园", "industry": "a"},
            {"code": "town", "name": "乙镇", "industry": "b"},
        ],
        "enterprises": [
            {"code": "e1", "number": 1, "name": "某市头等机床有限公司", "industry": "a", "direction": "机床"},
            {"code": "e2", "number": 2, "name": "某市二厂", "industry": "b", "direction": "电池"},
        ],
        "projects": projects,
        "tasks": [{"code": "C1", "name": "建立统计体系", "subject": "plan", "clause": "七", "phrase": "建立统计体系"}],
        "responsibilities": [owner(code) for code in ("C1", *(target["code"] for target in targets))],
        "indicators": [
            indicator("va_growth", "增加值增速", "%", "rate"),
            indicator("leading", "龙头企业", "家", "cumulative"),
            indicator("firms", "引进企业", "家", "cumulative"),
            indicator("invested", "完成投资", "万元", "cumulative"),
        ],
        "policies": [
            {
                "code": "plain",
                "name": "通用",
                "bands": [band("green", ("lag_pp", "<=", 0)), band("yellow", ("lag_pp", "<=", 10)), band("red")],
            }
        ],
        "targets": targets,
        "ladder": {
            "code": "one",
            "name": "一级",
            "levels": [
                {
                    "code": "notice",
                    "name": "督办",
                    "raised_by": [{"light": "red"}],
                    "to": ["liaison"],
                    "own_message": True,
                    "digest": False,
                    "asks": "reply",
                    "channels": ["email"],
                    "issued_by": "office",
                }
            ],
        },
        "sending": {"opens": "09:00", "closes": "17:30"},
    }


def changed(*changes: Change) -> PlanFile:
    """The plan with something out of order; it must still be without faults."""
    document = copy.deepcopy(ordered())
    for change in changes:
        change(document)
    reading = read_json(json.dumps(document).encode())
    assert reading.faults == ()
    assert reading.plan_file is not None
    return reading.plan_file


def found(*changes: Change, code: str | None = None) -> list[Finding]:
    """What is found then, or only findings of one kind."""
    return [finding for finding in findings(changed(*changes)) if code in {None, finding.code}]


def at(section: str, code: str) -> Callable[[Document], Document]:
    """The object of a section that goes by a code."""
    return lambda document: next(each for each in document[section] if each.get("code") == code)


def put(section: str, code: str, **fields: object) -> Change:
    """Fields of an object replaced."""
    return lambda document: at(section, code)(document).update(fields)


def without(section: str, code: str, *fields: str) -> Change:
    """Fields of an object left out."""

    def change(document: Document) -> None:
        for field in fields:
            del at(section, code)(document)[field]

    return change


def add(section: str, *items: Document) -> Change:
    """More objects in a section."""
    return lambda document: document.setdefault(section, []).extend(items)


def add_target(*targets: Document) -> Change:
    """More targets, each with an owner that the plan states."""

    def change(document: Document) -> None:
        document["targets"].extend(targets)
        document["responsibilities"].extend(owner(target["code"]) for target in targets)

    return change


def wording(**fields: object) -> Change:
    """Parts of the wording replaced."""
    return lambda document: document["plan"]["wording"].update(fields)


def own(matter: str, **fields: object) -> Change:
    """The owners of a matter changed; with nothing given, none."""

    def change(document: Document) -> None:
        for each in document["responsibilities"]:
            if each["matter"] == matter:
                each.update(fields)
        if not fields:
            document["responsibilities"] = [each for each in document["responsibilities"] if each["matter"] != matter]

    return change


def bands(*of_policy: Document) -> Change:
    """The policy's bands replaced."""
    return put("policies", "plain", bands=[*of_policy])
