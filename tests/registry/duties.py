"""Everything open that a bureau may be named by, and beside each what is closed; synthetic."""

from typing import Any

import httpx

from tests.registry.lives import People, kept, people
from tests.registry.reforms import REFORM_DAY, carried_out, merged, reform
from tests.registry.running import Registry
from tests.registry.samples import PLAN, unit

Json = dict[str, Any]
DIGITAL = unit("digital", "区数字经济局", parent="government")
SUCCEEDED = reform(merged("keji", into="digital"), units=[DIGITAL])
"""区科技局 is succeeded by 区数字经济局, founded for it."""
ROSTER = {"code": "sme", "name": "科技型中小企业名册", "lists": "other", "unit": "keji"}
INSTRUMENT = {"plan": PLAN, "name": "新兴产业子基金", "kind": "fund", "unit": "keji", "committed": "100"}
PROSPECT = {
    "name": "昆仑数据（样例）",
    "industry": "information",
    "origin": "北京",
    "source": "推介会",
    "unit": "keji",
    "since": "2018-05-18",
}
ACTIVITY = {"name": "推介会（样例）", "kind": "promotion", "place": "上海", "units": ["keji", "jingxin"]}
CONTACT = {"leader": "deputy_li", "valid_from": "2017-01-01", "liaison": "keji"}
PROBLEM = {"subject": "project:P01", "title": "用电负荷不足", "text": "请协调增容", "leader": "deputy_li"}
REQUEST = {"unit": "keji", "text": "设备价格上涨", "changes": {"investment": "36000"}}
TARGET_REQUEST = {"unit": "keji", "text": "市场变化", "changes": {"upper": "2"}, "before": {"upper": "1"}}


async def sent(http: httpx.AsyncClient, method: str, path: str, body: object) -> Json:
    """Send something that is taken; the answer."""
    answer = await http.request(method, path, json=body)
    assert answer.is_success, answer.text
    found: Json = answer.json()
    return found


async def read(registry: Registry, path: str, **params: object) -> Json:
    """An answer."""
    answer = await registry.http.get(path, params=params)  # type: ignore[arg-type]  # plain values
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def entrusted(registry: Registry) -> People:
    """A district in which keji is named by one open and one closed thing of every kind, on a day after a reform."""
    who = await people(registry)
    http = registry.http
    await sent(http, "POST", "/v1/rosters", ROSTER)
    for code, last in (("subfund", None), ("old-fund", "2018-06-30")):
        path = f"/v1/plans/{PLAN}/instruments/{code}"
        await sent(http, "PUT", path, {**INSTRUMENT, "code": code, "valid_to": last})
    for code in ("kunlun", "lost"):
        await sent(http, "PUT", f"/v1/prospects/{code}", {**PROSPECT, "code": code})
    await sent(http, "POST", "/v1/prospects/lost/steps", {"to": "lost", "on": "2018-06-01", "text": "另选他地"})
    for code, day in (("shanghai", "2019-06-01"), ("beijing", "2018-05-18")):
        await sent(http, "PUT", f"/v1/activities/{code}", {**ACTIVITY, "code": code, "day": day})
    for subject, last in (("project:P01", None), ("project:P02", "2018-06-30")):
        await sent(http, "POST", "/v1/leader-contacts", {**CONTACT, "subject": subject, "valid_to": last})
    for code in ("W0001", "W0002"):
        await sent(http, "POST", "/v1/problems", {**PROBLEM, "raised_by": "keji"})
        given = {"unit": "keji", "due": "2019-07-31", "text": "请研究"}
        await sent(http, "POST", f"/v1/problems/{code}/assignment", given)
    await sent(http, "POST", "/v1/problems/W0002/result", {"text": "已增容", "on": "2018-07-10"})
    for _ in range(2):
        await sent(http, "POST", "/v1/projects/P01/change-requests", REQUEST)
    await sent(http, "POST", "/v1/change-requests/2018-0002/withdrawal", {"text": "不再需要"})
    await sent(http, "POST", f"/v1/plans/{PLAN}/targets/T01/change-requests", TARGET_REQUEST)
    step = {"step": "enlist", "on": "2018-07-01", "text": "情况属实", "evidence": [], "reviewers": ["keji", "jingxin"]}
    await sent(http, "POST", "/v1/projects/P01/steps", step)
    pause = {"first_day": "2018-08-01", "last_day": "2018-09-30", "cause": "factors", "text": "用地指标未下达"}
    await sent(who.lead, "POST", "/v1/projects/P01/suspensions", pause)
    await registry.show(REFORM_DAY)
    return who


async def succeeded(registry: Registry) -> People:
    """The same after keji was succeeded."""
    who = await entrusted(registry)
    await carried_out(registry, SUCCEEDED)
    return who


async def paper(http: httpx.AsyncClient) -> str:
    """An evidence file; its hash."""
    return await kept(http, "情况说明.pdf")
