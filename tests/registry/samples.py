"""Small plan files and objects for the registry's tests."""

from pathlib import Path
from typing import Any

import httpx

from services.plan_file.parts import split
from services.plan_file.reading import read
from tests.registry.running import REGION, Registry, seen

PLAN = "plan-a"
SAMPLE = Path(__file__).parents[2] / "plans/xiaoshan-2017-2019.yaml"
SAMPLE_PLAN = "xiaoshan-2017-2019"
KNOWN_FROM = "2016-12-31T00:00:00+08:00"


def industry(code: str = "information", **more: object) -> dict[str, Any]:
    """An industry."""
    return {"code": code, "name": "信息产业", "name_en": None, "aliases": [], **more}


def enterprise(code: str, name: str, **more: object) -> dict[str, Any]:
    """An enterprise."""
    usual = {"number": 1, "aliases": [], "industry": "information", "direction": "工业大数据", "group": None}
    return {"code": code, "name": name, **usual, **more}


def unit(code: str, name: str, **more: object) -> dict[str, Any]:
    """A unit."""
    return {"code": code, "name": name, "name_en": None, "kind": "bureau", "parent": None, **more}


def project(code: str, **more: object) -> dict[str, Any]:
    """A project."""
    usual = {
        "name": f"项目{code}",
        "industry": "information",
        "enterprise": None,
        "enterprise_name": "杭州某某有限公司",
        "enterprise_group": None,
        "carrier": None,
        "investment": "30000",
        "first_year": 2017,
        "last_year": 2018,
    }
    return {"code": code, **usual, **more}


def owned(matter: str, lead: str, *support: str, **more: object) -> dict[str, Any]:
    """Who answers for a matter."""
    usual = {"basis": "assigned", "clause": None, "phrase": None, "kind": "target", "name": f"目标{matter}"}
    return {"matter": matter, "lead": lead, "support": list(support), "subject": f"plan:{PLAN}", **usual, **more}


def part(
    code: str = PLAN, *, version: str = "0123456789abcdef", known_from: str = KNOWN_FROM, **lists: object
) -> dict[str, Any]:
    """The registry's part of a plan file with these lists."""
    plan = {
        "code": code,
        "name": f"行动计划{code}",
        "name_en": None,
        "region": REGION,
        "time_zone": "Asia/Shanghai",
        "issued_by": "区政府办公室",
        "issued_on": "2017-05-02",
        "start": "2016-12-31",
        "end": "2019-12-31",
        "known_from": known_from,
        "source": "plan.txt",
    }
    header = {name: plan[name] for name in ("name", "name_en", "region", "time_zone", "start", "end", "known_from")}
    empty: dict[str, Any] = {
        name: []
        for name in (
            "industries",
            "units",
            "contacts",
            "carriers",
            "enterprises",
            "projects",
            "tasks",
            "responsibilities",
        )
    }
    return {"header": {"plan": code, "version": version, **header}, "plan": plan, **empty, **lists}


def small_part(code: str = PLAN, **changed: object) -> dict[str, Any]:
    """A part with one or two of each."""
    lists: dict[str, Any] = {
        "industries": [industry()],
        "units": [
            unit("jingxin", "区经信局", parent="government"),  # before the one above it, as a file may
            unit("government", "区政府", kind="office"),
            unit("keji", "区科技局", parent="government"),
        ],
        "contacts": [{"unit": "jingxin", "role": "liaison", "person": "张三", "email": "zhang.san@example.com"}],
        "carriers": [
            {
                "code": "info-port",
                "name": "信息港小镇",
                "name_en": None,
                "industry": "information",
                "also": [],
                "aliases": [],
            }
        ],
        "enterprises": [enterprise("e22", "杭州钱塘大数据交易中心有限公司")],
        "projects": [project("P01", enterprise="e22", enterprise_name=None, carrier="info-port"), project("P02")],
        "tasks": [
            {"code": "C01", "name": "示范区", "subject": f"plan:{code}", "clause": "一", "phrase": "力争成为示范区"}
        ],
        "responsibilities": [owned("T01", "jingxin", "keji"), owned("P01", "keji", subject="project:P01")],
    }
    return part(code, **{**lists, **changed})


async def taken_to(http: httpx.AsyncClient, *states: str, plan: str = PLAN) -> httpx.Response:
    """Take a plan to its next states, as who has just read it; the last answer, which is taken."""
    for state in states:
        path, body = f"/v1/plans/{plan}", {"state": state, "reason": "样例" if state == "closed" else None}
        answer = await http.put(f"{path}/state", json=body, headers=await seen(http, path))
        assert answer.is_success, answer.text
    return answer


async def applied(registry: Registry, sent: dict[str, Any], **params: bool) -> dict[str, Any]:
    """Apply a part; the answer."""
    answer = await registry.http.put(f"/v1/plans/{sent['plan']['code']}", json=sent, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def apply_sample(registry: Registry) -> dict[str, Any]:
    """Apply the registry's part of the sample plan; the answer."""
    plan_file = read(SAMPLE.read_bytes()).plan_file
    assert plan_file is not None
    return await applied(registry, split(plan_file).registry.model_dump(mode="json"))


def faults(problem: dict[str, Any]) -> list[tuple[str, str]]:
    """Pointer and code of each fault of a problem."""
    return [(fault["pointer"], fault["code"]) for fault in problem["errors"]]
