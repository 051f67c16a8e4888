"""A reform and a new calendar, followed by the notifier behind the real registry and the real indicators."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from services.kit.db import Database
from services.notifier.channels import mailbox
from tests.databases import ROOT, fresh_database
from tests.notifier.others import at
from tests.notifier.test_on_the_platform import PLAN, advance, items, loaded
from tests.platform import REGION, START, Platform, running_platform

SAMPLE = json.loads((ROOT / "docs/how-to/reorganise-units/reform.json").read_text(encoding="utf-8"))
REFORM = at("2018-07-18 10:00")
"""Earlier than it was, so that notices of the first day are open."""
Json = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reformed(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Platform]:
    """The sample plan with its first notices, then the reform of the how-to."""
    async with fresh_database(postgres_server, template_database) as database:
        db = Database(database.url("notifier"))
        async with mailbox.serving(db, REGION, "127.0.0.1", 0) as server:
            smtp: dict[str, Any] = {"smtp_port": server.sockets[0].getsockname()[1]}
            async with running_platform(database, smtp=smtp) as platform:
                await loaded(platform)
                await advance(platform, START, REFORM)
                platform.before = {  # type: ignore[attr-defined]  # what the tests compare with
                    "notices": {one["id"]: one for one in await items(platform, "/v1/notices")},
                    "decisions": await items(platform, "/v1/decisions"),
                    "deliveries": await items(platform, "/v1/deliveries"),
                }
                answer = await platform.registry.post(
                    "/v1/reorganisations", json={**SAMPLE, "effective_on": "2018-07-18"}
                )
                assert answer.status_code == httpx.codes.CREATED, answer.text
                await advance(platform, REFORM, REFORM)
                yield platform
        await db.close()


def before(platform: Platform, what: str) -> Any:  # noqa: ANN401 - JSON
    """What there was before the reform."""
    return platform.before[what]  # type: ignore[attr-defined]  # set by the fixture


def running(notices: list[Json], unit: str) -> list[Json]:
    """The notices of a unit that are not closed."""
    return [one for one in notices if one["unit"] == unit and one["state"] != "closed"]


async def test_the_successor_carries_open_notices_on_as_they_stand(reformed: Platform) -> None:
    old = before(reformed, "notices")
    now = await items(reformed, "/v1/notices")
    carried = running(list(old.values()), "health_family_planning")
    assert carried
    by_id = {one["id"]: one for one in now}
    for notice in carried:
        after = by_id[notice["id"]]
        assert (after["unit"], after["unit_name"]) == ("health", "区卫生健康局")
        assert after["written_as"] == "区卫计局"
        for kept in ("state", "level", "limit_on", "issued_at", "opened_at"):
            assert after[kept] == notice[kept]
    assert running(now, "health_family_planning") == []


async def test_one_open_notice_per_matter_and_unit(reformed: Platform) -> None:
    open_ones = [one for one in await items(reformed, "/v1/notices") if one["state"] != "closed"]
    assert set(Counter((one["matter"], one["unit"]) for one in open_ones).values()) == {1}
    assert set(Counter(one["matter"] for one in open_ones).values()) == {1}


async def test_nothing_is_sent_because_of_it(reformed: Platform) -> None:
    assert len(await items(reformed, "/v1/deliveries")) == len(before(reformed, "deliveries"))


async def test_a_step_says_who_carries_on(reformed: Platform) -> None:
    notice = running(await items(reformed, "/v1/notices"), "health")[0]
    found = (await reformed.notifier.get(f"/v1/notices/{notice['id']}")).json()
    step = found["steps"][-1]
    assert (step["act"], step["reason"]) == ("carried_on", "区卫计局 → 区卫生健康局")
    reasons = [(one["cause"], one["act"], one["reason"]) for one in found["decisions"] if one["cause"] == "owner"]
    assert reasons[0] == ("owner", "kept", "reorganised")


async def test_what_was_written_keeps_the_name_it_was_written_under(reformed: Platform) -> None:
    old = {one["id"]: one["unit_name"] for one in before(reformed, "decisions")}
    now = {one["id"]: one["unit_name"] for one in await items(reformed, "/v1/decisions")}
    assert {key: now[key] for key in old} == old
    names = {one["id"]: (one["unit_name"], one["subject"]) for one in before(reformed, "deliveries")}
    assert {one["id"]: (one["unit_name"], one["subject"]) for one in await items(reformed, "/v1/deliveries")} == names
    assert "区经信局" in {name for name, _ in names.values()}
    renamed = (await reformed.registry.get("/v1/units/economy_information")).json()
    assert renamed["name"] == "区经济和信息化局"
    notice = running(await items(reformed, "/v1/notices"), "economy_information")[0]
    assert (notice["unit_name"], notice["written_as"]) == ("区经济和信息化局", "区经信局")


async def test_lists_by_the_old_name_find_what_is_carried_on(reformed: Platform) -> None:
    by_old = {one["id"] for one in await items(reformed, "/v1/notices", unit="区卫计局")}
    by_code = {one["id"] for one in await items(reformed, "/v1/notices", unit="health_family_planning")}
    by_new = {one["id"] for one in await items(reformed, "/v1/notices", unit="区卫生健康局")}
    assert by_new
    assert by_new <= by_old == by_code
    assert await items(reformed, "/v1/notices", unit="区经信局") == await items(
        reformed, "/v1/notices", unit="区经济和信息化局"
    )


async def test_the_successor_sees_what_it_took_over_and_answers_it(reformed: Platform) -> None:
    successor = await reformed.as_("notifier", "notices:read", "notices:reply", unit="区卫生健康局")
    seen = (await successor.get("/v1/notices", params={"limit": 200})).json()["items"]
    expected = [
        one for one in await items(reformed, "/v1/notices") if one["unit"] in {"health", "health_family_planning"}
    ]
    assert seen == expected
    decisions = (await successor.get("/v1/decisions", params={"limit": 200})).json()["items"]
    assert {one["unit"] for one in decisions} == {"health", "health_family_planning"}
    notice = next(one for one in seen if one["state"] == "open")
    answer = await successor.post(f"/v1/notices/{notice['id']}:acknowledge", json={"person": "样例"})
    assert answer.status_code == httpx.codes.OK, answer.text
    stranger = await reformed.as_("notifier", "notices:read", unit="区投资促进局")
    hidden = await stranger.get(f"/v1/notices/{notice['id']}")
    assert hidden.status_code == httpx.codes.NOT_FOUND


async def test_indicators_find_the_successors_targets_by_the_old_name(reformed: Platform) -> None:
    asked = {"plan": PLAN, "as_of": "2018-06-30"}
    by_old = await reformed.indicators.get("/v1/gaps", params={**asked, "unit": "区卫计局"})
    by_new = await reformed.indicators.get("/v1/gaps", params={**asked, "unit": "区卫生健康局"})
    assert by_old.status_code == httpx.codes.OK, by_old.text
    rows = [row["target"] for row in by_old.json()["items"]]
    assert rows
    assert rows == [row["target"] for row in by_new.json()["items"]]
    renamed = await reformed.indicators.get("/v1/gaps", params={**asked, "unit": "区经信局"})
    assert renamed.json()["items"]
    assert (await reformed.indicators.get("/v1/gaps", params={**asked, "unit": "无"})).status_code == 422


async def test_the_successor_reports_what_its_forerunner_reported(reformed: Platform) -> None:
    """引建重大项目 is reported by the unit that led it in 2017; by both of its names it still is, and by nobody else."""

    async def reported(by: str) -> list[str]:
        answer = await reformed.indicators.post(
            "/v1/observations:import",
            params={"plan": PLAN, "dry_run": True},
            content=f"indicator,subject,period,value,unit,reporter\nmajor_projects,plan,2018-05,3,个,{by}\n".encode(),
            headers={"Content-Type": "text/csv"},
        )
        return [fault["code"] for fault in answer.json().get("errors", ())]

    assert await reported("区招商局") == []
    assert await reported("区投资促进局") == []
    assert await reported("区卫生健康局") == ["not-the-reporter"]


async def test_digests_go_to_the_successor_from_then_on(reformed: Platform) -> None:
    await advance(reformed, REFORM, at("2018-07-23 12:00"))
    digests = await items(reformed, "/v1/digests", sent="true")
    later = {one["unit"] for one in digests if datetime.fromisoformat(one["at"]) > REFORM}
    earlier = {one["unit"] for one in digests if datetime.fromisoformat(one["at"]) < REFORM}
    assert "health_family_planning" in earlier
    assert ("health_family_planning" in later, "health" in later) == (False, True)
    mails = await items(reformed, "/v1/mailbox")
    assert set(Counter(mail["message_id"] for mail in mails).values()) == {1}
