"""A successor takes over everything open that an ended unit is named by; what is closed or was said keeps the old name."""

from typing import Any

import pytest

from tests.registry.duties import (
    DIGITAL,
    PROBLEM,
    PROSPECT,
    REQUEST,
    ROSTER,
    SUCCEEDED,
    entrusted,
    paper,
    read,
    sent,
    succeeded,
)
from tests.registry.lives import People
from tests.registry.reforms import REFORM_DAY, carried_out, merged, reform, refused, share, split
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, faults, owned, part, small_part, taken_to, unit

HANDED_OVER: list[tuple[str, str, object]] = [
    ("/v1/rosters/sme", "unit", "digital"),
    (f"/v1/plans/{PLAN}/instruments/subfund", "unit", "digital"),
    ("/v1/prospects/kunlun", "unit", "digital"),
    ("/v1/activities/shanghai", "units", ["digital", "jingxin"]),
    ("/v1/leader-contacts/C0001", "liaison", "digital"),
    ("/v1/problems/W0001", "unit", "digital"),
    ("/v1/problems/W0001", "raised_by", "digital"),
    ("/v1/problems/W0001", "former_units", ["keji"]),
    ("/v1/change-requests/2018-0001", "unit", "digital"),
    ("/v1/change-requests/2018-0003", "unit", "digital"),
    ("/v1/projects/P01/steps/1", "reviewers", ["digital", "jingxin"]),
    (f"/v1/plans/{PLAN}/responsibilities/P01", "lead", "digital"),
]
STAYS: list[tuple[str, str, object]] = [
    (f"/v1/plans/{PLAN}/instruments/old-fund", "unit", "keji"),
    ("/v1/prospects/lost", "unit", "keji"),
    ("/v1/activities/beijing", "units", ["keji", "jingxin"]),
    ("/v1/leader-contacts/C0002", "liaison", "keji"),
    ("/v1/problems/W0002", "unit", "keji"),
    ("/v1/change-requests/2018-0002", "unit", "keji"),
]


@pytest.fixture
async def duties(registry: Registry) -> People:
    """Everything that names keji, before the reform."""
    return await entrusted(registry)


@pytest.fixture
async def done(registry: Registry) -> People:
    """The same after it."""
    return await succeeded(registry)


async def test_everything_open_is_the_successors(done: People) -> None:
    found = [(path, field, (await read(done.registry, path))[field]) for path, field, _ in HANDED_OVER]
    assert found == HANDED_OVER


async def test_what_is_closed_keeps_the_old_unit(done: People) -> None:
    found = [(path, field, (await read(done.registry, path))[field]) for path, field, _ in STAYS]
    assert found == STAYS


async def test_the_dry_run_shows_each_hand_over(duties: People) -> None:
    answer = await duties.registry.http.post("/v1/reorganisations", json=SUCCEEDED, params={"dry_run": True})
    effects = answer.json()["effects"]["duties"]
    assert [(one["kind"], one["code"], one["field"], one["before"], one["after"]) for one in effects] == [
        ("activity", "shanghai", "units", ["keji", "jingxin"], ["digital", "jingxin"]),
        ("change_request", "2018-0001", "unit", ["keji"], ["digital"]),
        ("change_request", "2018-0003", "unit", ["keji"], ["digital"]),
        ("instrument", f"{PLAN}/subfund", "unit", ["keji"], ["digital"]),
        ("leader_contact", "C0001", "liaison", ["keji"], ["digital"]),
        ("problem", "W0001", "raised_by", ["keji"], ["digital"]),
        ("problem", "W0001", "unit", ["keji"], ["digital"]),
        ("project_step", "P01/1", "reviewers", ["keji", "jingxin"], ["digital", "jingxin"]),
        ("prospect", "kunlun", "unit", ["keji"], ["digital"]),
        ("roster", "sme", "unit", ["keji"], ["digital"]),
    ]
    assert [one["name"] for one in effects if one["kind"] in {"problem", "roster"}] == [
        "用电负荷不足",
        "用电负荷不足",
        "科技型中小企业名册",
    ]
    carried = await carried_out(duties.registry, SUCCEEDED)
    assert carried["effects"] == answer.json()["effects"]


async def test_an_earlier_instant_still_knows_the_old_unit(done: People) -> None:
    history = (await read(done.registry, "/v1/change-requests/2018-0001/history"))["items"]
    assert [one["content"]["unit"] for one in history] == ["keji", "digital"]
    roster = await read(done.registry, "/v1/rosters/sme", known_at="2019-01-01T00:00:00+08:00")
    assert roster["unit"] == "keji"


@pytest.mark.parametrize("path", ["/v1/problems/W0001", "/v1/change-requests/2018-0001", "/v1/projects/P01/steps/1"])
async def test_a_case_says_among_its_acts_why_another_unit_has_it(done: People, path: str) -> None:
    last = (await read(done.registry, path))["acts"][-1]
    assert (last["act"], last["client_id"]) == ("hand_over", "administrator")
    assert last["text"].startswith("机构改革（样例）（样例〔2019〕1号）：keji")


async def test_the_successors_people_carry_on_what_is_open(done: People) -> None:
    scopes = ("registry:read", "prospects:read", "prospects:write", "projects:propose")
    mine = await done.registry.as_(*scopes, "problems:raise", "tasks:report", "files:submit", unit="digital")
    await sent(mine, "POST", "/v1/prospects/kunlun/steps", {"to": "contact", "on": "2019-01-30"})
    await sent(mine, "POST", "/v1/problems/W0001/result", {"text": "已增容", "on": "2019-01-30"})
    await sent(mine, "POST", "/v1/change-requests/2018-0001/withdrawal", {"text": "不再需要"})
    opinion = {"unit": "digital", "view": "agree", "text": "同意"}
    await sent(mine, "POST", "/v1/projects/P01/steps/1/opinions", opinion)
    await sent(mine, "POST", "/v1/projects/P01/suspensions/1/withdrawal", {"text": "不再需要"})


async def test_what_was_lost_comes_back_once_it_is_the_successors(done: People) -> None:
    http, back = done.registry.http, {"to": "contact", "on": "2019-01-30"}
    assert faults((await http.post("/v1/prospects/lost/steps", json=back)).json()) == [("/body/to", "unit-dissolved")]
    anew = {**PROSPECT, "code": "lost", "unit": "digital"}
    assert (await http.put("/v1/prospects/lost", json=anew, headers={"If-Match": "*"})).status_code == 200
    await sent(http, "POST", "/v1/prospects/lost/steps", back)


async def test_an_opinion_that_was_given_stands_and_an_objection_is_asked_again(duties: People) -> None:
    http = duties.registry.http
    for of, view in (("keji", "agree"), ("jingxin", "object")):
        await sent(http, "POST", "/v1/projects/P01/steps/1/opinions", {"unit": of, "view": view, "text": "意见"})
    await carried_out(duties.registry, reform(merged("keji", "jingxin", into="digital"), units=[DIGITAL], contacts=[]))
    step = await read(duties.registry, "/v1/projects/P01/steps/1")
    assert step["reviewers"] == ["keji", "digital"]
    assert [one["unit"] for one in step["opinions"]] == ["keji", "jingxin"]
    again = await http.post(
        "/v1/projects/P01/steps/1/opinions", json={"unit": "keji", "view": "object", "text": "改为不同意"}
    )
    assert faults(again.json()) == [("/body/unit", "unit-dissolved")]


async def test_the_parts_of_a_split_see_the_papers_of_a_problem_that_is_theirs(duties: People) -> None:
    http = duties.registry.http
    shown = await paper(http)
    await sent(http, "POST", "/v1/problems", {**PROBLEM, "raised_by": "keji", "files": [shown]})
    await carried_out(
        duties.registry,
        reform(
            split("keji", share("digital", duties=[{"kind": "problem", "code": "W0003"}]), share("jingxin", rest=True)),
            units=[DIGITAL],
        ),
    )
    mine = await duties.registry.as_("registry:read", unit="digital")
    assert (await mine.get("/v1/problems/W0003")).json()["raised_by"] == "digital"
    assert (await mine.get(f"/v1/files/{shown}")).status_code == 200
    assert (await mine.get("/v1/problems/W0001")).status_code == 404


async def test_a_split_says_who_takes_each_duty(duties: People) -> None:
    named = [{"kind": "roster", "code": "sme"}, {"kind": "prospect", "code": "kunlun"}]
    silent = reform(
        split("keji", share("digital", "P01", "T01", duties=named), share("jingxin", duties=named[:1])),
        units=[DIGITAL],
    )
    wrong = {"kind": "prospect", "code": "lost"}
    silent["acts"][0]["into"][1]["duties"].append(wrong)
    answer = await duties.registry.http.post("/v1/reorganisations", json=silent)
    found = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert found == [
        ("/body/acts/0/into/1/duties/0", "duty-twice"),
        ("/body/acts/0/into/1/duties/1", "not-its-duty"),
        ("/body/acts/0/into", "duty-not-distributed"),
        ("/body/acts/0/into", "duty-not-distributed"),
    ]
    open_ones = [one["detail"].partition(" 未分配")[0] for one in answer.json()["errors"][2:]]
    assert open_ones == [f"政策工具 {PLAN}/subfund", "招商活动 shanghai"]


async def test_what_nobody_names_goes_with_the_matter_that_it_is_about(duties: People) -> None:
    given = reform(split("keji", share("digital", "P01"), share("jingxin", rest=True)), units=[DIGITAL])
    found = await carried_out(duties.registry, given)
    after = {(one["kind"], one["code"], one["field"]): one["after"] for one in found["effects"]["duties"]}
    assert after == {
        ("activity", "shanghai", "units"): ["jingxin"],
        ("change_request", "2018-0001", "unit"): ["digital"],
        ("change_request", "2018-0003", "unit"): ["jingxin"],
        ("instrument", f"{PLAN}/subfund", "unit"): ["jingxin"],
        ("leader_contact", "C0001", "liaison"): ["digital"],
        ("problem", "W0001", "raised_by"): ["digital"],
        ("problem", "W0001", "unit"): ["digital"],
        ("project_step", "P01/1", "reviewers"): ["digital", "jingxin"],
        ("prospect", "kunlun", "unit"): ["jingxin"],
        ("roster", "sme", "unit"): ["jingxin"],
    }


async def test_a_leaders_contacts_and_problems_go_to_a_leader(duties: People) -> None:
    chen = unit("deputy_chen", "陈副区长", kind="leader", parent="government")
    to_a_bureau = reform(merged("deputy_li", into="keji"))
    assert await refused(duties.registry, to_a_bureau) == [
        ("/body/acts/0/units/0", "no-leader"),
        ("/body/acts/0/units/0", "no-leader"),
    ]
    await carried_out(duties.registry, reform(merged("deputy_li", into="deputy_chen"), units=[chen]))
    leaders = [
        (await read(duties.registry, path))["leader"]
        for path in ("/v1/leader-contacts/C0001", "/v1/leader-contacts/C0002", "/v1/problems/W0001")
    ]
    assert leaders == ["deputy_chen", "deputy_li", "deputy_chen"]


async def test_two_leaders_in_contact_with_the_same_are_asked_about(duties: People) -> None:
    http = duties.registry.http
    await sent(http, "POST", "/v1/units", unit("deputy_chen", "陈副区长", kind="leader"))
    both = {"leader": "deputy_chen", "subject": "project:P01", "valid_from": "2018-01-01"}
    await sent(http, "POST", "/v1/leader-contacts", both)
    given = reform(merged("deputy_li", into="deputy_chen"))
    assert await refused(duties.registry, given) == [("/body/acts/0/units/0", "in-contact-already")]


def writes() -> dict[str, tuple[str, str, Any, str]]:
    """Every kind of write that names a unit as responsible: method, path, body, and where it names it."""
    prospect = {"code": "new", "name": "新（样例）", "industry": "information", "origin": "北京", "source": "推介会"}
    instrument = {"plan": PLAN, "code": "new", "name": "新基金", "kind": "fund", "unit": "keji"}
    activity = {"code": "new", "name": "新", "kind": "visit", "day": "2019-01-30", "place": "上海", "units": ["keji"]}
    contact = {"leader": "deputy_li", "subject": "enterprise:e22", "valid_from": "2019-01-01", "liaison": "keji"}
    published = {"day": "2019-01-30", "medium": "萧山日报", "title": "新篇", "unit": "keji"}
    opinion = {"unit": "keji", "view": "agree", "text": "同意"}
    target = {"unit": "keji", "text": "变化", "changes": {"upper": "2"}, "before": {"upper": "1"}}
    return {
        "a roster": ("POST", "/v1/rosters", {**ROSTER, "code": "new"}, "/body/unit"),
        "a roster anew": ("PUT", "/v1/rosters/sme", ROSTER, "/body/unit"),
        "an instrument": ("PUT", f"/v1/plans/{PLAN}/instruments/new", instrument, "/body/unit"),
        "a prospect": (
            "PUT",
            "/v1/prospects/new",
            {**prospect, "unit": "keji", "since": "2019-01-30"},
            "/body/unit",
        ),
        "a lost prospect": ("POST", "/v1/prospects/lost/steps", {"to": "contact", "on": "2019-01-30"}, "/body/to"),
        "an activity": ("PUT", "/v1/activities/new", activity, "/body/units/0"),
        "a contact of a leader": ("POST", "/v1/leader-contacts", contact, "/body/liaison"),
        "a problem": ("POST", "/v1/problems", {**PROBLEM, "raised_by": "keji"}, "/body/raised_by"),
        "an assignment": (
            "POST",
            "/v1/problems/W0001/assignment",
            {"unit": "keji", "due": "2019-07-31", "text": "请研究"},
            "/body/unit",
        ),
        "a settled problem": ("POST", "/v1/problems/W0002/reopening", {"text": "又缺电"}, "/path/code"),
        "a request": ("POST", "/v1/projects/P01/change-requests", REQUEST, "/body/unit"),
        "a request of a target": ("POST", f"/v1/plans/{PLAN}/targets/T01/change-requests", target, "/body/unit"),
        "an opinion on a request": ("POST", "/v1/change-requests/2018-0001/opinions", opinion, "/body/unit"),
        "publicity": ("POST", f"/v1/plans/{PLAN}/publicity", published, "/body/unit"),
        "progress of a task": (
            "POST",
            f"/v1/plans/{PLAN}/tasks/C01/progress",
            {"on": "2019-01-30", "text": "推进", "unit": "keji"},
            "/body/unit",
        ),
        "a step of a project": (
            "POST",
            "/v1/projects/P02/steps",
            {"step": "enlist", "on": "2019-01-30", "text": "属实", "evidence": [], "reviewers": ["keji"]},
            "/body/reviewers/0",
        ),
    }


@pytest.mark.parametrize("name", writes())
async def test_nothing_new_is_put_on_a_dissolved_unit_and_its_successor_is_named(done: People, name: str) -> None:
    method, path, body, pointer = writes()[name]
    tag = {"If-Match": "*"} if name.endswith("anew") else {}
    answer = await done.registry.http.request(method, path, json=body, headers=tag)
    assert answer.status_code == 422, answer.text
    assert faults(answer.json()) == [(pointer, "unit-dissolved")]
    [fault] = answer.json()["errors"]
    assert fault["detail"] == "区科技局（keji）已于 2019-01-28 撤销，职责由 区数字经济局（digital） 承接"


async def test_what_happened_before_is_still_entered_under_the_old_name(done: People) -> None:
    http, day = done.registry.http, "2019-01-28"
    published = {"day": day, "medium": "萧山日报", "title": "旧篇", "unit": "keji"}
    await sent(http, "POST", f"/v1/plans/{PLAN}/publicity", published)
    noted = {"on": day, "text": "推进", "unit": "keji"}
    await sent(http, "POST", f"/v1/plans/{PLAN}/tasks/C01/progress", noted)
    held = {"code": "new", "name": "新", "kind": "visit", "day": day, "place": "上海", "units": ["keji"]}
    await sent(http, "PUT", "/v1/activities/new", held)


async def test_a_settled_problem_without_a_leader_is_raised_again_by_who_stands(done: People) -> None:
    http = done.registry.http
    await sent(http, "POST", "/v1/problems", {**PROBLEM, "raised_by": "digital", "leader": None})
    await sent(http, "POST", "/v1/problems/W0003/return", {"text": "请按正常程序办理"})
    again = await sent(http, "POST", "/v1/problems/W0003/reopening", {"text": "仍未解决"})
    assert again["state"] == "raised"


async def test_instruments_of_a_closed_plan_keep_the_old_unit(duties: People) -> None:
    await taken_to(duties.registry.http, "active", "closed")
    await carried_out(duties.registry, SUCCEEDED)
    fund = await read(duties.registry, f"/v1/plans/{PLAN}/instruments/subfund")
    assert fund["unit"] == "keji"


async def test_the_end_of_a_line_of_successors_is_named(done: People) -> None:
    await carried_out(done.registry, reform(merged("digital", into="jingxin"), code="later", effective_on="2019-02-01"))
    english = {"Accept-Language": "en"}
    answer = await done.registry.http.post("/v1/rosters", json={**ROSTER, "code": "new"}, headers=english)
    [fault] = answer.json()["errors"]
    assert fault["detail"] == "区科技局 (keji) ended on 2019-01-28; its duties are with 区经信局 (jingxin)"


async def test_a_closed_plan_hands_its_tasks_over_under_units_that_stand_only(registry: Registry) -> None:
    plan = small_part(responsibilities=[owned("C01", "keji", kind="task")])
    await applied(registry, plan)
    await applied(registry, part("plan-b", industries=plan["industries"]))
    await taken_to(registry.http, "active", "closed")
    await registry.show(REFORM_DAY)
    await carried_out(registry, SUCCEEDED)
    to = f"/v1/plans/{PLAN}/successor"
    answer = await registry.http.post(to, json={"successor": "plan-b"})
    assert faults(answer.json()) == [("/path/plan/responsibilities/C01/lead", "unit-dissolved")]
    owner = {**owned("C01", "digital", kind="task"), "plan": PLAN, "valid_from": None, "valid_to": None}
    path = f"/v1/plans/{PLAN}/responsibilities/C01"
    said = await registry.http.put(path, json=owner, headers={"If-Match": "*"})
    assert said.status_code == 200, said.text
    await sent(registry.http, "POST", to, {"successor": "plan-b"})


LISTS = {
    "/v1/rosters": ["sme"],
    "/v1/instruments": ["old-fund", "subfund"],
    "/v1/prospects": ["kunlun", "lost"],
    "/v1/activities": ["beijing", "shanghai"],
    "/v1/problems": ["W0001", "W0002"],
    "/v1/change-requests": ["2018-0001", "2018-0002", "2018-0003"],
    "/v1/projects": ["P01"],
    "/v1/enterprises": [],
    "/v1/carriers": [],
    "/v1/tasks": [],
    "/v1/publicity": [],
}


@pytest.mark.parametrize("path", LISTS)
async def test_lists_by_the_old_code_or_name_find_what_is_the_successors_and_say_so(done: People, path: str) -> None:
    for asked in ("keji", "区科技局"):
        page = await read(done.registry, path, unit=asked)
        assert [one["code"] for one in page["items"]] == LISTS[path]
        assert page["note"]["zh"] == "区科技局 已于 2019-01-28 撤销，职责由 区数字经济局 承接"
    assert "note" not in await read(done.registry, path, unit="区数字经济局")


async def test_enterprises_carriers_and_tasks_that_the_successor_answers_for_are_found(registry: Registry) -> None:
    plan = small_part()
    plan["responsibilities"] = [
        owned("M1", "keji", subject="enterprise:e22"),
        owned("M2", "keji", subject="carrier:info-port"),
        owned("C01", "keji", kind="task"),
    ]
    await applied(registry, plan)
    await registry.show(REFORM_DAY)
    await carried_out(registry, SUCCEEDED)
    found = {
        path: [one["code"] for one in (await read(registry, path, unit="区科技局"))["items"]]
        for path in ("/v1/enterprises", "/v1/carriers", "/v1/tasks")
    }
    assert found == {"/v1/enterprises": ["e22"], "/v1/carriers": ["info-port"], "/v1/tasks": ["C01"]}


async def test_a_roster_written_anew_is_not_brought_back_by_the_plan_file(registry: Registry) -> None:
    plan = small_part(rosters=[ROSTER])
    await applied(registry, plan)
    await registry.show(REFORM_DAY)
    await carried_out(registry, SUCCEEDED)
    anew = {**ROSTER, "unit": "digital", "name": "科技型企业名册"}
    answer = await registry.http.put("/v1/rosters/sme", json=anew, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    await applied(registry, plan)
    assert (await read(registry, "/v1/rosters/sme"))["unit"] == "digital"
