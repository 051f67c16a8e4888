"""Leaders' contact over HTTP: who is in contact with what, visits, and the way of a problem."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.registry.identity.rules import ROLES
from tests.registry.lives import People, kept, people
from tests.registry.running import START, Registry, seen
from tests.registry.samples import faults


@pytest.fixture
async def on_the_way(registry: Registry) -> People:
    return await people(registry)


def contact(**more: object) -> dict[str, Any]:
    """A leader in contact with P01."""
    return {"leader": "deputy_li", "subject": "project:P01", "valid_from": "2017-01-01", **more}


def visit(**more: object) -> dict[str, Any]:
    """A visit to P01."""
    usual = {"leader": "deputy_li", "subject": "project:P01", "on": "2018-07-10", "place": "信息港小镇"}
    return {**usual, "people": ["区经信局局长"], "seen": "主体结构已封顶，用电负荷不足", **more}


def problem(**more: object) -> dict[str, Any]:
    """A problem of P01."""
    usual = {"subject": "project:P01", "title": "用电负荷不足", "text": "请协调增容", "leader": "deputy_li"}
    return {**usual, "raised_by": "keji", **more}


async def raised(who: People, **more: object) -> httpx.Response:
    answer = await who.lead.post("/v1/problems", json=problem(**more))
    assert answer.status_code == 201, answer.text
    return answer


async def moved(http: httpx.AsyncClient, act: str, code: str = "W0001", **said: object) -> httpx.Response:
    read = await seen(http, f"/v1/problems/{code}") if act == "decision" else {}
    return await http.post(f"/v1/problems/{code}/{act}", json={"text": "经研究", **said}, headers=read)


async def assigned(who: People, unit: str = "jingxin", due: str = "2018-07-31") -> httpx.Response:
    return await moved(who.office, "assignment", unit=unit, due=due)


async def test_a_leader_is_in_contact_from_a_day_to_a_day(on_the_way: People) -> None:
    who = on_the_way
    made = await who.office.post("/v1/leader-contacts", json=contact())
    assert (made.status_code, made.headers["location"]) == (201, "/registry/v1/leader-contacts/C0001")
    await who.office.post("/v1/leader-contacts", json=contact(subject="enterprise:e22", liaison="jingxin"))
    await who.office.post("/v1/leader-contacts", json=contact(subject="carrier:info-port"))
    ended = await who.office.put(
        "/v1/leader-contacts/C0001", json=contact(valid_to="2018-06-30"), headers={"If-Match": '"1"'}
    )
    assert ended.status_code == 200, ended.text

    async def held(**asked: str) -> list[str]:
        found = await who.other.get("/v1/leader-contacts", params=asked)
        return [one["code"] for one in found.json()["items"]]

    assert await held(leader="deputy_li") == ["C0001", "C0002", "C0003"]
    assert await held(on="2018-06-30", kind="project") == ["C0001"]
    assert await held(on="2018-07-01") == ["C0002", "C0003"]
    assert await held(subject="enterprise:e22") == ["C0002"]
    again = await who.office.post("/v1/leader-contacts", json=contact(valid_from="2018-07-01"))
    assert again.status_code == 201
    history = (await who.other.get("/v1/leader-contacts/C0001/history")).json()["items"]
    assert [one["content"]["valid_to"] for one in history] == [None, "2018-06-30"]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"leader": "jingxin"}, [("/body/leader", "no-leader")]),
        ({"leader": "nobody"}, [("/body/leader", "unknown-reference")]),
        ({"subject": "industry:information"}, [("/body/subject", "no-subject-of-contact")]),
        ({"subject": "project:P99"}, [("/body/subject", "unknown-reference")]),
        ({"subject": "plan"}, [("/body/subject", "no-subject-of-contact")]),
        ({"liaison": "nobody", "subject": "project:P02"}, [("/body/liaison", "unknown-reference")]),
        ({"valid_from": "2016-06-01", "valid_to": "2016-01-01"}, [("/body/valid_to", "dates-reversed")]),
        ({"valid_from": "2018-01-01"}, [("/body/valid_from", "in-contact-already")]),
        ({"valid_from": "2016-01-01", "valid_to": "2017-01-01"}, [("/body/valid_from", "in-contact-already")]),
    ],
)
async def test_what_is_wrong_with_a_contact_is_named(
    registry: Registry, changed: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    who = await people(registry)
    await who.office.post("/v1/leader-contacts", json=contact())
    answer = await who.office.post("/v1/leader-contacts", json=contact(**changed))
    assert faults(answer.json()) == wrong


async def test_a_visit_is_recorded_by_the_leaders_own_people_and_corrected(on_the_way: People) -> None:
    who = on_the_way
    paper = await kept(who.other)
    made = await who.other.post("/v1/visits", json=visit(files=[paper]))
    assert made.status_code == 201, made.text
    assert (await who.lead.post("/v1/visits", json=visit())).status_code == 403
    correction = visit(on="2018-07-11", files=[paper])
    blind = await who.other.put("/v1/visits/V0001", json=correction)
    foreign = await who.lead.put("/v1/visits/V0001", json=correction, headers={"If-Match": '"1"'})
    done = await who.other.put("/v1/visits/V0001", json=correction, headers={"If-Match": '"1"'})
    assert (blind.status_code, foreign.status_code, done.status_code) == (428, 403, 200)
    history = (await who.lead.get("/v1/visits/V0001/history")).json()["items"]
    assert [one["content"]["on"] for one in history] == ["2018-07-10", "2018-07-11"]
    found = (await who.lead.get("/v1/visits", params={"q": "封顶", "leader": "deputy_li"})).json()["items"]
    assert [one["files"] for one in found] == [[paper]]
    days = {"on_or_after": "2018-07-11", "on_or_before": "2018-07-11", "subject": "project:P01"}
    assert len((await who.lead.get("/v1/visits", params=days)).json()["items"]) == 1
    assert (await who.lead.get(f"/v1/files/{paper}")).status_code == 200
    assert (await who.lead.get("/v1/visits/V0001")).json()["seen"] == visit()["seen"]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"on": "2018-07-17"}, [("/body/on", "day-in-future")]),
        ({"subject": "unit:keji"}, [("/body/subject", "no-subject-of-contact")]),
        ({"leader": "keji"}, [("/body/leader", "no-leader")]),
        ({"files": ["a" * 64]}, [("/body/files/0", "unknown-file")]),
        ({"people": [""]}, [("/body/people/0", "string-too-short")]),
    ],
)
async def test_what_is_wrong_with_a_visit_is_named(
    registry: Registry, changed: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    await people(registry)
    answer = await registry.http.post("/v1/visits", json=visit(**changed))
    assert faults(answer.json()) == wrong


async def test_a_problem_goes_its_way_to_a_decision_and_a_result(on_the_way: People) -> None:
    who = on_the_way
    await who.other.post("/v1/visits", json=visit())
    assert (await raised(who, visit="V0001")).json()["state"] == "raised"
    assert (await assigned(who)).json()["unit"] == "jingxin"
    decision = await moved(who.office, "decision", decided_by="区政府常务会议", on="2018-07-15")
    assert decision.json()["decision"] == {"text": "经研究", "decided_by": "区政府常务会议", "on": "2018-07-15"}
    settled = (await moved(who.support, "result", on="2018-07-16", text="已增容 2000 千伏安")).json()
    assert (settled["state"], settled["result"], settled["settled_on"]) == ("done", "已增容 2000 千伏安", "2018-07-16")
    assert [(act["act"], act["unit"]) for act in settled["acts"]] == [
        ("raise", "keji"),
        ("assign", None),
        ("decide", None),
        ("settle", "jingxin"),
    ]
    again = await moved(who.support, "result", on="2018-07-16")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    reopened = (await moved(who.lead, "reopening", text="仍然不足")).json()
    assert (reopened["state"], reopened["settled_on"], reopened["result"]) == ("raised", None, None)


async def test_a_unit_gives_a_problem_back_and_another_one_deals_with_it(on_the_way: People) -> None:
    who = on_the_way
    await raised(who)
    await assigned(who)
    back = (await moved(who.support, "sending-back", text="职责不符")).json()
    assert (back["state"], back["unit"], back["due"], back["former_units"]) == ("raised", None, None, ["jingxin"])
    again = (await assigned(who, "keji")).json()
    assert (again["unit"], again["former_units"]) == ("keji", ["jingxin"])
    assert (await moved(who.support, "result", on="2018-07-16")).status_code == 403
    returned = (await moved(who.office, "return", text="不属上报范围")).json()
    assert (returned["state"], returned["settled_on"]) == ("returned", "2018-07-16")


async def test_open_problems_that_are_overdue_on_a_day_are_found(on_the_way: People) -> None:
    who = on_the_way
    await raised(who)
    await raised(who, title="道路未通")
    await assigned(who, due="2018-07-20")
    await who.registry.show(START + timedelta(days=10))

    async def found(**asked: object) -> list[str]:
        answer = await who.registry.http.get("/v1/problems", params=asked)  # type: ignore[arg-type]  # plain values
        return [one["code"] for one in answer.json()["items"]]

    assert [await found(overdue_on=day) for day in ("2018-07-20", "2018-07-21")] == [[], ["W0001"]]
    assert await found(unit="jingxin") == ["W0001"]
    assert await found(leader="deputy_li", subject="project:P01", open=True) == ["W0001", "W0002"]
    await moved(who.support, "result", on="2018-07-25")
    assert [await found(overdue_on=day) for day in ("2018-07-21", "2018-07-25")] == [["W0001"], []]
    assert await found(state="done", q="用电") == ["W0001"]
    assert await found(open=True) == ["W0002"]


async def test_a_problem_is_seen_by_the_units_that_it_concerns(on_the_way: People) -> None:
    who = on_the_way
    paper = await kept(who.lead)
    await raised(who, leader=None, files=[paper])

    async def seen(http: httpx.AsyncClient) -> tuple[int, int, int, int]:
        feed = [one for one in await who.registry.feed(http) if one["kind"] == "problem"]
        listed = (await http.get("/v1/problems")).json()["items"]
        return (
            (await http.get("/v1/problems/W0001")).status_code,
            len(listed),
            len(feed),
            (await http.get(f"/v1/files/{paper}")).status_code,
        )

    assert await seen(who.lead) == (200, 1, 1, 200)
    assert await seen(who.support) == (404, 0, 0, 404)
    assert (await moved(who.support, "sending-back")).status_code == 404
    await assigned(who)
    assert await seen(who.support) == (200, 1, 2, 404)
    assert await seen(who.other) == (404, 0, 0, 404)
    assert await seen(who.registry.http) == (200, 1, 2, 200)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"subject": "plan"}, [("/body/subject", "no-subject-of-contact")]),
        ({"leader": "keji"}, [("/body/leader", "no-leader")]),
        ({"visit": "V0009"}, [("/body/visit", "unknown-reference")]),
        ({"visit": "V0001", "subject": "project:P02"}, [("/body/visit", "other-subject")]),
        ({"visit": "nine"}, [("/body/visit", "string-pattern-mismatch")]),
        ({"title": ""}, [("/body/title", "string-too-short")]),
        ({"files": ["a" * 64]}, [("/body/files/0", "unknown-file")]),
    ],
)
async def test_what_is_wrong_with_a_problem_is_named(
    registry: Registry, changed: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    who = await people(registry)
    await who.other.post("/v1/visits", json=visit())
    answer = await who.lead.post("/v1/problems", json=problem(**changed))
    assert faults(answer.json()) == wrong


async def test_what_is_wrong_with_an_act_on_a_problem_is_named(on_the_way: People) -> None:
    who = on_the_way
    await raised(who)
    gone = await assigned(who, "nobody", "2018-07-15")
    assert faults(gone.json()) == [("/body/due", "day-gone"), ("/body/unit", "unknown-reference")]
    early = await moved(who.office, "decision", decided_by="区政府", on="2018-07-17")
    assert faults(early.json()) == [("/body/on", "day-in-future")]
    assert (await moved(who.support, "result", on="2018-07-16")).status_code == 404
    assert (await moved(who.lead, "result", on="2018-07-16")).status_code == 403
    assert (await who.lead.post("/v1/problems", json=problem(raised_by="jingxin"))).status_code == 403


async def test_the_leading_group_office_says_itself_what_came_of_a_problem_and_records_visits(
    on_the_way: People,
) -> None:
    who = on_the_way
    office = await who.registry.as_(*ROLES["leading_group_office"].scopes)
    await raised(who)
    await moved(office, "assignment", unit="jingxin", due="2018-07-31")
    settled = await moved(office, "result", on="2018-07-16")
    visited = await office.post("/v1/visits", json=visit())
    assert (settled.status_code, settled.json()["state"], visited.status_code) == (200, "done", 201), settled.text
