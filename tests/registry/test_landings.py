"""A landing brings the enterprise and the project whole, as anybody makes them."""

from typing import Any

from tests.registry.running import Registry
from tests.registry.samples import PLAN, enterprise, faults, project
from tests.registry.test_merges import CODE
from tests.registry.test_prospects import landed, signed


async def test_a_landing_takes_the_whole_enterprise_and_the_whole_project(registry: Registry) -> None:
    await signed(registry)
    new = {
        "code": "kunlun",
        "name": "杭州昆仑数据有限公司（样例）",
        "industry": "information",
        "credit_code": CODE.lower(),
    }
    code = "2018-330109-65-03-012345"
    answer = await landed(
        registry, new_enterprise=new, new_project={**project("P09"), "plan": PLAN, "national_code": code}
    )
    assert answer.status_code == 201, answer.text
    made = (await registry.http.get("/v1/enterprises/kunlun")).json()
    assert (made["credit_code"], made["number"], made["direction"]) == (CODE, None, None)
    begun = (await registry.http.get("/v1/projects/P09")).json()
    assert (begun["national_code"], begun["life"]["stage"], begun["enterprise"]) == (code, "unrecorded", "kunlun")


async def test_what_is_wrong_with_the_whole_enterprise_and_project_of_a_landing_is_named(registry: Registry) -> None:
    await signed(registry)
    code = "2018-330109-65-03-012345"
    other = {**enterprise("other", "某某公司"), "credit_code": CODE}
    assert (await registry.http.post("/v1/enterprises", json=other)).status_code == 201
    listed = {**project("P08"), "plan": PLAN, "national_code": code}
    assert (await registry.http.post("/v1/projects", json=listed)).status_code == 201
    answer = await landed(
        registry,
        new_enterprise={**enterprise("kunlun", "杭州昆仑数据有限公司（样例）"), "credit_code": CODE},
        new_project={
            **project("P09"),
            "plan": PLAN,
            "national_code": code,
            "life": {**begun_life(), "stage": "started"},
        },
    )
    assert (answer.status_code, sorted(faults(answer.json()))) == (
        422,
        [
            ("/body/new_enterprise/credit_code", "credit-code-taken"),
            ("/body/new_project/life", "life-is-moved-by-steps"),
            ("/body/new_project/national_code", "national-code-taken"),
        ],
    )


def begun_life() -> dict[str, Any]:
    """The life of a project that has not begun."""
    return {"stage": "unrecorded", "since": None, "step": None, "commitments": [], "suspensions": []}
