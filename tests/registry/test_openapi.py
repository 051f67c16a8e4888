"""The document says what is answered."""

from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from jsonschema import Draft202012Validator

from services.kit.auth import current_caller
from services.registry import main
from tests.registry.lives import people
from tests.registry.running import Registry, seen
from tests.registry.samples import PLAN, applied, enterprise, industry, part, small_part

OPEN = {
    "key_renew",
    "token_issue",
    "jwks_read",
    "health_live",
    "health_ready",
    "session_begin",
    "session_refresh",
    "session_end",
    "password_change",
    "providers_list",
    "login_begin",
    "login_finish",
}


def routes(router: APIRouter) -> list[APIRoute]:
    """All routes of the features."""
    return [route for route in router.routes if isinstance(route, APIRoute)]


ALL = [route for feature in main.FEATURES for route in routes(feature.router)]


@pytest.mark.parametrize("route", ALL, ids=lambda route: str(route.operation_id))
def test_each_route_asks_who_calls(route: APIRoute) -> None:
    def asks(dependant: Dependant) -> bool:
        return dependant.call is current_caller or any(asks(inner) for inner in dependant.dependencies)

    assert asks(route.dependant) != (route.operation_id in OPEN)


@pytest.mark.parametrize("route", ALL, ids=lambda route: str(route.operation_id))
def test_each_route_is_described(route: APIRoute) -> None:
    assert route.operation_id
    assert route.summary
    assert route.description
    assert 422 in route.responses


WRITTEN: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", f"/v1/plans/{PLAN}/tasks/C01/steps", {"to": "under_way", "on": "2018-06-01"}),
    (
        "POST",
        f"/v1/plans/{PLAN}/publicity",
        {"day": "2018-06-01", "medium": "萧山日报", "title": "样例", "unit": "jingxin"},
    ),
    (
        "PUT",
        f"/v1/plans/{PLAN}/instruments/fund",
        {"plan": PLAN, "code": "fund", "name": "子基金", "kind": "fund", "committed": "1"},
    ),
    (
        "POST",
        f"/v1/plans/{PLAN}/instruments/fund/payments",
        {"day": "2018-06-01", "amount": "2", "project": "P01", "document": "文件"},
    ),
    ("PUT", "/v1/plans/plan-b/shared-projects/P01", {"reason": "两个计划共有"}),
    ("POST", f"/v1/plans/{PLAN}/successor", {"successor": "plan-b", "targets": [{"code": "T01", "reason": "未达"}]}),
    (
        "PUT",
        "/v1/prospects/kunlun",
        {
            "code": "kunlun",
            "name": "昆仑数据（样例）",
            "industry": "information",
            "origin": "北京",
            "source": "大会",
            "unit": "keji",
            "since": "2018-06-01",
            "contact": {"person": "王某（虚构）"},
        },
    ),
    (
        "PUT",
        "/v1/activities/beijing",
        {
            "code": "beijing",
            "name": "推介会",
            "kind": "promotion",
            "day": "2018-06-01",
            "place": "北京",
            "units": ["keji"],
        },
    ),
]
"""What is there beside a plan, so that no list is empty; synthetic."""


ASKED = {
    "/v1/plans": "/v1/plans",
    "/v1/plans/{code}": f"/v1/plans/{PLAN}",
    "/v1/plans/{code}/history": f"/v1/plans/{PLAN}/history",
    "/v1/tasks": "/v1/tasks",
    "/v1/plans/{plan}/tasks/{code}": f"/v1/plans/{PLAN}/tasks/C01",
    "/v1/responsibilities": "/v1/responsibilities",
    "/v1/plans/{plan}/responsibilities/{matter}": f"/v1/plans/{PLAN}/responsibilities/T01",
    "/v1/units": "/v1/units",
    "/v1/units/{code}": "/v1/units/jingxin",
    "/v1/contacts": "/v1/contacts",
    "/v1/units/{unit}/contacts/{role}": "/v1/units/jingxin/contacts/liaison",
    "/v1/industries": "/v1/industries?total=true",
    "/v1/industries/{code}": "/v1/industries/information",
    "/v1/carriers": "/v1/carriers",
    "/v1/carriers/{code}": "/v1/carriers/info-port",
    "/v1/enterprises": "/v1/enterprises",
    "/v1/enterprises/{code}": "/v1/enterprises/e22",
    "/v1/enterprises:resolve": "/v1/enterprises:resolve?name=钱塘",
    "/v1/enterprises/duplicates": "/v1/enterprises/duplicates?total=true",
    "/v1/enterprises/{code}/merges": "/v1/enterprises/e22/merges",
    "/v1/code-lists": "/v1/code-lists",
    "/v1/code-lists/{name}": "/v1/code-lists/project-stages",
    "/v1/enterprise-groups": "/v1/enterprise-groups",
    "/v1/enterprise-groups/{code}": "/v1/enterprise-groups/qiantang",
    "/v1/industry-classes": "/v1/industry-classes",
    "/v1/projects": "/v1/projects",
    "/v1/projects/{code}": "/v1/projects/P01",
    "/v1/project-kinds": "/v1/project-kinds",
    "/v1/project-kinds/{code}": "/v1/project-kinds/standard",
    "/v1/project-steps": "/v1/project-steps",
    "/v1/projects/{code}/steps": "/v1/projects/P01/steps",
    "/v1/projects/{code}/steps/{number}": "/v1/projects/P01/steps/1",
    "/v1/projects/{code}/next-steps": "/v1/projects/P01/next-steps",
    "/v1/projects/{code}/suspensions": "/v1/projects/P01/suspensions",
    "/v1/projects/{code}/suspensions/{number}": "/v1/projects/P01/suspensions/1",
    "/v1/projects/{code}/schedule": "/v1/projects/P01/schedule",
    "/v1/projects/{code}/schedule/draft": "/v1/projects/P01/schedule/draft?goal=2018-07-16",
    "/v1/projects/{code}/plan-of-record": "/v1/projects/P01/plan-of-record",
    "/v1/change-requests": "/v1/change-requests",
    "/v1/change-requests/{code}": "/v1/change-requests/2018-0001",
    "/v1/milestones": "/v1/milestones",
    "/v1/milestones/{code}": "/v1/milestones/m1",
    "/v1/leader-contacts": "/v1/leader-contacts",
    "/v1/leader-contacts/{code}": "/v1/leader-contacts/C0001",
    "/v1/visits": "/v1/visits",
    "/v1/visits/{code}": "/v1/visits/V0001",
    "/v1/problems": "/v1/problems",
    "/v1/problems/{code}": "/v1/problems/W0001",
    "/v1/files": "/v1/files",
    "/v1/calendars": "/v1/calendars",
    "/v1/calendars/{year}": "/v1/calendars/2018",
    "/v1/changes": "/v1/changes",
    "/v1/carrier-counts": "/v1/carrier-counts",
    "/v1/plans/{plan}/tasks/{code}/entries": f"/v1/plans/{PLAN}/tasks/C01/entries",
    "/v1/publicity": "/v1/publicity",
    "/v1/instruments": "/v1/instruments",
    "/v1/plans/{plan}/instruments/{code}": f"/v1/plans/{PLAN}/instruments/fund",
    "/v1/payments": "/v1/payments?total=true",
    "/v1/payment-sums": "/v1/payment-sums",
    "/v1/shared-projects": "/v1/shared-projects",
    "/v1/plans/{plan}/shared-projects/{code}": "/v1/plans/plan-b/shared-projects/P01",
    "/v1/project-sums": "/v1/project-sums",
    "/v1/plans/{plan}/successor": f"/v1/plans/{PLAN}/successor",
    "/v1/prospects": "/v1/prospects",
    "/v1/prospects/{code}": "/v1/prospects/kunlun",
    "/v1/prospects/{code}/history": "/v1/prospects/kunlun/history",
    "/v1/prospects/{code}/steps": "/v1/prospects/kunlun/steps",
    "/v1/prospect-funnel": "/v1/prospect-funnel",
    "/v1/activities": "/v1/activities",
    "/v1/activities/{code}": "/v1/activities/beijing",
    "/v1/clock": "/v1/clock",
    "/v1/keys": "/v1/keys",
    "/v1/jwks": "/v1/jwks",
}
"""What is asked of each list and each object, by its path in the document."""


@pytest.fixture
async def document(registry: Registry) -> dict[str, Any]:
    both = [
        enterprise("e22", "杭州钱塘大数据交易中心有限公司"),
        enterprise("e23", "钱塘大数据交易中心", aliases=["杭州钱塘大数据交易中心"]),
    ]
    groups: list[dict[str, Any]] = [
        {"code": "qiantang", "name": "钱塘", "name_en": None, "aliases": [], "enterprise": "e22"}
    ]
    await applied(registry, small_part(enterprises=both, groups=groups))
    await applied(registry, part("plan-b", industries=[industry()]))
    http = registry.http
    for method, path, sent in WRITTEN:
        answer = await http.request(method, path, json=sent)
        assert answer.is_success, (path, answer.text)
    found: dict[str, Any] = (await registry.http.get("/openapi.json")).json()
    return found


async def on_the_way(registry: Registry) -> None:
    """One of each thing that no plan file brings, with what there may be in it."""
    who = await people(registry)
    office = registry.http
    for step, on in (("enlist", "2017-01-10"), ("declare", "2017-02-01"), ("admit", "2017-03-01")):
        await who.step(step, on)
    pause = {"first_day": "2018-03-01", "last_day": "2018-05-31", "cause": "factors", "text": "等待指标"}
    draft = (await office.get("/v1/projects/P01/schedule/draft", params={"goal": "2018-07-16"})).json()
    draft.pop("provisional")
    milestone = {"code": "m1", "name": "命名", "subject": "project:P01", "counts": "named", "due": "2018-06-30"}
    contact = {"leader": "deputy_li", "subject": "project:P01"}
    problem = {"subject": "project:P01", "title": "用电", "text": "增容", "raised_by": "keji"}
    for method, path, body in (
        ("POST", "/v1/projects/P01/suspensions", pause),
        ("PUT", "/v1/projects/P01/schedule", draft),
        (
            "POST",
            "/v1/projects/P01/change-requests",
            {"unit": "keji", "text": "涨价", "changes": {"investment": "36000"}},
        ),
        ("PUT", "/v1/milestones/m1", {**milestone, "states": [{"code": "named", "name": "命名"}]}),
        ("POST", "/v1/milestones/m1/reports", {"state": "named", "on": "2018-06-20", "text": "公布"}),
        ("POST", "/v1/leader-contacts", {**contact, "valid_from": "2017-01-01"}),
        ("POST", "/v1/visits", {**contact, "on": "2018-07-10", "seen": "主体封顶"}),
        ("POST", "/v1/problems", problem),
    ):
        answer = await office.request(method, path, json=body)
        assert answer.is_success, answer.text
    decision = {"decision": "approve", "text": "同意", "approval": "1号"}
    request = "/v1/change-requests/2018-0001"
    decided = await who.office.post(f"{request}/decision", json=decision, headers=await seen(who.office, request))
    assert decided.is_success, decided.text


async def test_answers_are_what_the_document_says(registry: Registry, document: dict[str, Any]) -> None:
    await on_the_way(registry)
    wrong = {}
    for path, real in ASKED.items():
        said = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = await registry.http.get(real)
        assert answer.status_code == 200, answer.text
        schema = {**said, "components": document["components"]}
        found = [error.message for error in Draft202012Validator(schema).iter_errors(answer.json())]
        properties = _properties(schema, document)
        more = {name for item in answer.json().get("items", [answer.json()]) for name in item} - properties
        if found or more:
            wrong[path] = (found, more)
    assert wrong == {}


def _properties(schema: dict[str, Any], document: dict[str, Any]) -> set[str]:
    """The names that an answer, or an item of a list, may have."""
    resolved = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    items = resolved["properties"].get("items", {}).get("items")
    return _properties(items, document) if items else set(resolved["properties"])


async def test_an_unknown_path_is_a_problem(shared: Registry) -> None:
    answer = await shared.http.get("/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
