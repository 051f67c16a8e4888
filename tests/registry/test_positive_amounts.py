"""What a project costs is above nothing, whichever way it is said."""

import pytest

from tests.registry.lives import people
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, faults, project, small_part
from tests.registry.sheets import refused
from tests.registry.test_project_records import replaced
from tests.registry.test_prospects import landed, signed

ASK = "/v1/projects/P01/change-requests"
ROW = "代码,名称,计划,产业,企业名称,计划总投资,开始年度,结束年度"


@pytest.mark.parametrize("amount", ["-5", "0", "0.00", -40000])
async def test_a_project_that_costs_nothing_or_less_is_refused_by_every_way(
    registry: Registry, amount: str | int
) -> None:
    await signed(registry)
    put = await replaced(registry, investment=amount)
    made = await landed(registry, new_project={**project("P09", investment=amount), "plan": PLAN})
    part = small_part(projects=[project("P01", investment=amount)])
    file = await registry.http.put(f"/v1/plans/{PLAN}", json=part)
    asked = await registry.http.post(ASK, json={"unit": "keji", "text": "误", "changes": {"investment": amount}})
    for answer, at in (
        (put, "/body/investment"),
        (made, "/body/new_project/investment"),
        (file, "/body/projects/0/investment"),
        (asked, "/body/changes/investment"),
    ):
        assert (answer.status_code, faults(answer.json())) == (422, [(at, "greater-than")]), answer.text
    sheet = f"{ROW}\nP09,某项目,{PLAN},information,某公司,{amount},2017,2018\n"
    assert await refused(registry, "projects", sheet) == [("F2", "not-above")]


async def test_what_an_amount_should_be_is_said_in_both_languages(registry: Registry) -> None:
    await people(registry)
    wrong = {"unit": "keji", "text": "误", "changes": {"investment": "-5"}}
    zh, en = [
        (await registry.http.post(ASK, json=wrong, headers={"Accept-Language": language})).json()["errors"][0]["detail"]
        for language in ("zh", "en")
    ]
    assert (zh, en) == ("应大于 0", "Input should be greater than 0")


async def test_a_month_may_plan_nothing_and_a_project_the_smallest_sum(registry: Registry) -> None:
    await applied(registry, small_part())
    plan = {"year": 2017, "months": ["0"] * 12}
    answer = await replaced(registry, investment="0.000000000001", annual_plans=[plan])
    assert (answer.status_code, answer.json()["investment"]) == (200, "0.000000000001")
    below = await replaced(registry, annual_plans=[{"year": 2017, "months": ["-1"] * 12}])
    assert {fault["code"] for fault in below.json()["errors"]} == {"greater-than-equal"}
