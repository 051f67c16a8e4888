"""What indicators hold of an enterprise that was merged goes on under the survivor, and what was answered stands."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx

from services.plan_file.measuring import Checkpoint
from services.plan_file.parts import IndicatorsPart
from tests.indicators import samples
from tests.platform import START, Platform

OLD, NEW = "enterprise:e02", "enterprise:e01"
OF_E = {"target": "E02", "as_of": "2018-06-30"}


def with_target(subject: str = OLD) -> IndicatorsPart:
    """The sample's part with a target about an enterprise besides: 1,000 万元 by the end of 2018."""
    part: IndicatorsPart = samples.parts().indicators
    (like,) = (each for each in part.targets if each.code == "P01")
    goal = [Checkpoint.model_validate({"date": "2018-12-31", "value": "1000"})]
    changed = {"code": "E02", "subject": subject, "checkpoints": goal, "ordinal": 999}
    return part.model_copy(update={"targets": [*part.targets, like.model_copy(update=changed)]})


async def report(platform: Platform, subject: str, **periods: str) -> None:
    """Report figures of `2018-05` and so on, written `m05`."""
    about = {"indicator": "investment_done", "subject": subject, "unit": "万元"}
    reports = [{**about, "period": f"2018-{month[1:]}", "value": value} for month, value in periods.items()]
    answer = await platform.indicators.post("/v1/observations:batch", json={"reports": reports})
    assert answer.status_code == httpx.codes.CREATED, answer.text


async def merge(platform: Platform, duplicate: str = "e02", survivor: str = "e01") -> None:
    """An enterprise is found to be another one."""
    versions = {
        code: (await platform.registry.get(f"/v1/enterprises/{code}")).json()["version"]
        for code in (survivor, duplicate)
    }
    body: dict[str, Any] = {"duplicate": duplicate, "duplicate_version": versions[duplicate], "reason": "同一企业"}
    path, match = f"/v1/enterprises/{survivor}/merge", {"If-Match": f'"{versions[survivor]}"'}
    dry = await platform.registry.post(path, json={**body, "dry_run": True}, headers=match)
    assert dry.status_code == httpx.codes.OK, dry.text
    decisions = {each["field"]: "survivor" for each in dry.json()["differs"]}
    done = await platform.registry.post(path, json={**body, "decisions": decisions}, headers=match)
    assert done.status_code == httpx.codes.OK, done.text


async def followed(platform: Platform, minutes: int) -> None:
    """Indicators has taken what the registry said; so many minutes later, and a moment on, that is complete."""
    await samples.due(platform, START + timedelta(minutes=minutes))
    await platform.set_clock(START + timedelta(minutes=minutes, seconds=30), standing=True)


async def gap(platform: Platform, **more: str) -> dict[str, Any]:
    answer = await platform.indicators.get("/v1/gaps", params={**OF_E, **more})
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()["items"][0]
    return found


async def name(platform: Platform, code: str) -> str:
    found: str = (await platform.registry.get(f"/v1/enterprises/{code}")).json()["name"]
    return found


async def reported(platform: Platform) -> tuple[str, str]:
    """A target about e02 with figures under both codes, and what the two are called."""
    names = await name(platform, "e02"), await name(platform, "e01")
    await samples.apply(platform, "indicators", with_target())
    await report(platform, OLD, m05="100", m06="150")
    await report(platform, NEW, m05="90")
    await followed(platform, 1)
    return names


async def test_figures_and_target_go_on_under_the_survivor_and_earlier_answers_stand(running: Platform) -> None:
    before, after = await reported(running)
    pair = {**OF_E, "known_at": (START + timedelta(minutes=1, seconds=10)).isoformat()}
    told = await running.indicators.get("/v1/gaps", params=pair)
    asked = {name: value for name, value in pair.items() if name != "target"}
    explained = await running.indicators.get("/v1/gaps/E02/explanation", params=asked)
    assert explained.status_code == 200
    await merge(running)
    await followed(running, 2)
    now = await gap(running)
    assert (now["subject"], now["subject_name"], now["actual"]) == (NEW, after, "150")
    assert told.json()["items"][0]["subject_name"] == before
    assert (await running.indicators.get("/v1/gaps", params=pair)).content == told.content
    assert (await running.indicators.get("/v1/gaps/E02/explanation", params=asked)).content == explained.content
    assert [told.json()["provisional"], explained.json()["provisional"]] == [False, False]
    assert explained.json()["subject_name"] == before
    shown = (await running.indicators.get("/v1/gaps/E02/explanation", params={"as_of": OF_E["as_of"]})).json()
    assert shown["subject_name"] == after
    assert f"原列 {OLD}" in [each["note"] for each in shown["figures"]]


async def test_a_row_that_names_either_code_reaches_the_same_series(running: Platform) -> None:
    await reported(running)
    await merge(running)
    await followed(running, 2)
    await report(running, OLD, m06="160")
    await followed(running, 3)
    assert (await gap(running))["actual"] == "160"
    await report(running, NEW, m06="170")
    await followed(running, 4)
    assert (await gap(running))["actual"] == "170"
    found = [
        (await running.indicators.get("/v1/observations", params={"subject": NEW, "period": "2018-06"})).json()[
            "items"
        ],
        (await running.indicators.get("/v1/observations", params={"subject": OLD, "period": "2018-06"})).json()[
            "items"
        ],
    ]
    assert [each["value"] for each in found[0]] == ["150", "160", "170"]
    assert sorted(Decimal(each["value"]) for each in found[1]) == [150, 150, 160, 170]  # and the one of before


async def test_where_both_were_reported_the_survivors_figure_stands(running: Platform) -> None:
    await reported(running)
    await merge(running)
    await followed(running, 2)
    assert (await gap(running, as_of="2018-05-31"))["actual"] == "90"


async def test_a_row_before_the_work_was_done_already_reaches_the_survivor(running: Platform) -> None:
    await reported(running)
    await merge(running)
    await report(running, OLD, m06="155")
    await followed(running, 2)
    assert (await gap(running))["actual"] == "155"


async def test_a_plan_file_may_name_either_and_its_targets_are_found_by_either(running: Platform) -> None:
    await reported(running)
    await merge(running)
    await followed(running, 2)
    for subject in (OLD, NEW):
        told = await samples.apply(running, "indicators", with_target(subject))
        assert told["changes"] == []
        listed = await running.indicators.get("/v1/targets", params={"subject": subject})
        assert [(each["code"], each["subject"]) for each in listed.json()["items"]] == [("E02", NEW)]
        series = await running.indicators.get("/v1/series", params={"subject": subject})
        assert NEW in [each["subject"] for each in series.json()["items"]]


async def test_following_again_adds_nothing_and_a_rejected_figure_stays_rejected(running: Platform) -> None:
    await reported(running)
    await merge(running)
    await followed(running, 2)
    params = {"subject": NEW, "period": "2018-06"}
    (carried,) = (await running.indicators.get("/v1/observations", params=params)).json()["items"]
    answer = await running.indicators.post(f"/v1/observations/{carried['id']}:reject", json={"note": "误报"})
    assert answer.status_code == httpx.codes.OK, answer.text
    async with running.database.owner() as connection:
        counted = "SELECT count(*), (SELECT count(*) FROM indicators.target) FROM indicators.observation"
        before = await connection.fetchrow(counted)
        await connection.execute("DELETE FROM indicators.directory_feed WHERE feed = 'merges'")
        await followed(running, 3)
        assert await connection.fetchrow(counted) == before
    assert (await gap(running))["actual"] == "90"


async def figures(platform: Platform, subject: str, period: str) -> list[dict[str, Any]]:
    """Every version of what an enterprise itself has of a period."""
    answer = await platform.indicators.get("/v1/observations", params={"subject": subject, "period": period})
    found: list[dict[str, Any]] = answer.json()["items"]
    return [each for each in found if each["subject"] == subject]


async def rejected(platform: Platform, figure: dict[str, Any]) -> dict[str, Any]:
    """A figure is found to be wrong."""
    answer = await platform.indicators.post(f"/v1/observations/{figure['id']}:reject", json={"note": "误报"})
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_rejecting_a_figure_of_before_rejects_what_the_survivor_took_over_of_it(running: Platform) -> None:
    await reported(running)
    await merge(running)
    await followed(running, 2)
    before = {**OF_E, "known_at": (START + timedelta(minutes=2, seconds=10)).isoformat()}
    told = (await running.indicators.get("/v1/gaps", params=before)).content
    (old,), (taken,) = await figures(running, OLD, "2018-06"), await figures(running, NEW, "2018-06")
    assert old["value"] == taken["value"] == "150"
    done = await rejected(running, old)
    (after,) = await figures(running, NEW, "2018-06")
    assert datetime.fromisoformat(after["rejected_at"]) == datetime.fromisoformat(done["rejected_at"])
    assert (after["rejected_by"], after["rejection_note"]) == ("administrator", "误报")
    await followed(running, 3)
    assert (await gap(running))["actual"] == "90"
    assert (await running.indicators.get("/v1/gaps", params=before)).content == told
    trail = (await running.indicators.get("/v1/audit", params={"act": "observations.reject"})).json()["items"]
    assert [each["details"]["taken_over"] for each in trail] == [[taken["id"]]]


async def test_a_figure_is_rejected_wherever_it_was_taken_over_one_merge_after_the_other(running: Platform) -> None:
    await reported(running)
    await merge(running)
    await followed(running, 2)
    await merge(running, "e01", "e03")
    await followed(running, 3)
    (old,), heir = await figures(running, OLD, "2018-06"), "enterprise:e03"
    assert [each["note"] for each in await figures(running, heir, "2018-06")] == [f"原列 {OLD}；原列 {NEW}"]
    done = await rejected(running, old)
    told = {each["rejected_at"] for subject in (OLD, NEW, heir) for each in await figures(running, subject, "2018-06")}
    assert {datetime.fromisoformat(each) for each in told} == {datetime.fromisoformat(done["rejected_at"])}


async def test_rejecting_a_figure_of_before_leaves_what_the_survivor_has_of_its_own(running: Platform) -> None:
    await reported(running)
    await merge(running)
    await followed(running, 2)
    await report(running, NEW, m06="150")  # the same again changes nothing
    await report(running, NEW, m06="160")
    (old,), (own,) = await figures(running, OLD, "2018-05"), await figures(running, NEW, "2018-05")
    await rejected(running, old)
    assert [each["rejected_at"] for each in await figures(running, NEW, "2018-05")] == [own["rejected_at"]] == [None]
    (old,) = await figures(running, OLD, "2018-06")
    await rejected(running, old)
    assert [(each["value"], each["rejected_at"] is None) for each in await figures(running, NEW, "2018-06")] == [
        ("150", False),
        ("160", True),
    ]
    await followed(running, 3)
    assert (await gap(running))["actual"] == "160"


async def test_rejecting_a_version_that_was_corrected_before_the_merge_leaves_the_survivors(running: Platform) -> None:
    await samples.apply(running, "indicators", with_target())
    await report(running, OLD, m06="140")
    await followed(running, 1)
    await report(running, OLD, m06="150")
    await followed(running, 2)
    await merge(running)
    await followed(running, 3)
    first, _ = await figures(running, OLD, "2018-06")
    await rejected(running, first)
    assert [each["rejected_at"] for each in await figures(running, NEW, "2018-06")] == [None]


async def test_in_set_up_the_history_was_always_the_survivors(in_set_up: Platform) -> None:
    await samples.apply(in_set_up, "indicators", with_target())
    known = "2018-07-10T09:00:00+08:00"
    row = f"investment_done,{OLD},2018-06,150,万元,{known}"
    content = f"indicator,subject,period,value,unit,recorded_at\n{row}\n".encode()
    answer = await in_set_up.indicators.post("/v1/observations:import", content=content, headers=samples.CSV)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    await merge(in_set_up)
    await in_set_up.indicators.post("/v1/due:run", json={"until": samples.EARLIER.isoformat()})
    found = await gap(in_set_up, known_at="2018-07-12T09:00:00+08:00")
    assert (found["subject"], found["actual"]) == (NEW, "150")
    assert (await samples.apply(in_set_up, "indicators", with_target()))["changes"] == []
