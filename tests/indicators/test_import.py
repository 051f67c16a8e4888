"""Figures and milestones from CSV files: every fault named, nothing loaded; or everything loaded."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import httpx
import pytest

from tests.indicators import faulty, samples
from tests.platform import START, Platform

GB = "indicator,subject,period,value,unit,recorded_at,status,reporter,note\n"
ROW = "investment_done,project:P01,2017-03,100,万元,2017-04-12T10:00:00+08:00,published,项目单位,\n"


async def send(
    client: httpx.AsyncClient, content: str | bytes, path: str = "observations", **query: bool
) -> httpx.Response:
    body = content.encode() if isinstance(content, str) else content
    return await client.post(f"/v1/{path}:import", content=body, headers=samples.CSV, params=query, timeout=60)


def faults(answer: httpx.Response) -> set[tuple[int, str, str]]:
    assert answer.status_code == 422, answer.text
    found = set()
    for error in answer.json()["errors"]:
        _, _, line, field = error["pointer"].split("/")
        found.add((int(line), field, error["code"]))
    return found


async def count(platform: Platform) -> int:
    async with platform.database.owner() as connection:
        number: int = await connection.fetchval("SELECT count(*) FROM indicators.observation")
        return number


async def test_40_faults_of_12_kinds_in_1000_rows_are_all_named_and_nothing_is_loaded(in_set_up: Platform) -> None:
    made = faulty.files()
    assert len(made.faults) == 40
    assert {kind for _, _, kind in made.faults} == set(faulty.KINDS)
    answer = await send(in_set_up.indicators, made.spoiled)
    assert faults(answer) == made.faults
    assert await count(in_set_up) == 0


async def test_the_same_file_mended_is_loaded_whole(in_set_up: Platform) -> None:
    answer = await send(in_set_up.indicators, faulty.files().mended)
    assert (answer.status_code, answer.json()["recorded"], await count(in_set_up)) == (201, 1000, 1000)


async def test_the_sample_is_loaded_without_a_fault_and_a_second_time_changes_nothing(in_set_up: Platform) -> None:
    first = await send(in_set_up.indicators, samples.reports())
    second = await send(in_set_up.indicators, samples.reports())
    assert (first.json()["recorded"], second.json()["recorded"], second.json()["unchanged"]) == (2188, 0, 2188)


async def test_a_dry_run_tells_what_would_be_and_records_nothing(in_set_up: Platform) -> None:
    answer = await send(in_set_up.indicators, samples.reports(), dry_run=True)
    assert (answer.json()["recorded"], answer.json()["dry_run"], await count(in_set_up)) == (2188, True, 0)
    assert answer.status_code == 200


async def test_a_dry_run_of_milestones_is_answered_as_what_made_nothing(in_set_up: Platform) -> None:
    answers = [
        await send(in_set_up.indicators, samples.milestones(), "milestones", dry_run=dry) for dry in (True, False)
    ]
    assert [(each.status_code, each.json()["dry_run"]) for each in answers] == [(200, True), (201, False)]
    assert answers[0].json()["recorded"] == answers[1].json()["recorded"] > 0


async def test_a_dry_run_names_the_faults(in_set_up: Platform) -> None:
    made = faulty.files()
    assert faults(await send(in_set_up.indicators, made.spoiled, dry_run=True)) == made.faults


async def test_what_is_wrong_is_said_in_the_callers_language(in_set_up: Platform) -> None:
    bad = GB + ROW.replace("万元", "家")
    said = []
    for language in ("zh-CN", "en"):
        headers = {**samples.CSV, "Accept-Language": language}
        answer = await in_set_up.indicators.post("/v1/observations:import", content=bad.encode(), headers=headers)
        said.append(answer.json()["errors"][0]["detail"])
    assert said == ["单位 家 无法换算，该指标的单位是 万元", "家 cannot be converted; the indicator is kept in 万元"]


async def test_columns_come_in_any_order_after_a_bom_with_the_line_ends_of_windows(in_set_up: Platform) -> None:
    content = "\ufeffvalue,unit,subject,indicator,period,recorded_at\r\n"
    content += "100,万元,project:P01,investment_done,2017-03,2017-04-12T10:00:00+08:00\r\n"
    assert (await send(in_set_up.indicators, content)).json()["recorded"] == 1


async def test_a_header_that_lacks_a_column_is_named(in_set_up: Platform) -> None:
    answer = await send(in_set_up.indicators, "indicator,subject,period,value,color\n")
    assert faults(answer) == {(1, "unit", "missing-column"), (1, "color", "unknown-column")}


async def test_a_header_of_thousands_of_columns_is_answered_in_brief(in_set_up: Platform) -> None:
    answer = await send(in_set_up.indicators, "," * 65_000 + "\n")
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 100)
    assert answer.json()["detail"].startswith("共 65007 处错误")


@pytest.mark.parametrize("field", ["indicator", "note"])
async def test_a_character_that_no_database_keeps_is_named_by_row_and_field(in_set_up: Platform, field: str) -> None:
    given = {"indicator": ("investment_done", "investment\0done"), "note": ("项目单位,", "项目单位,备\0注")}[field]
    content = GB + ROW + ROW.replace(*given) + ROW.replace("P01", "P99")
    assert faults(await send(in_set_up.indicators, content)) == {
        (3, field, "not-a-text"),
        (4, "subject", "unknown-subject"),
    }


async def test_an_empty_file_lacks_every_column(in_set_up: Platform) -> None:
    assert {code for _, _, code in faults(await send(in_set_up.indicators, ""))} == {"missing-column"}


async def test_a_quote_that_does_not_end_hides_no_other_fault(in_set_up: Platform) -> None:
    content = GB + ROW.replace("项目单位", '"项目单位') + ROW.replace("P01", "P99") + ROW.replace("P01", "P02")
    assert faults(await send(in_set_up.indicators, content)) == {
        (2, "row", "bad-quotes"),
        (3, "subject", "unknown-subject"),
    }


async def test_a_cell_in_quotes_may_hold_a_line_end(in_set_up: Platform) -> None:
    content = GB + ROW.replace("项目单位,", '项目单位,"两行\n备注"')
    assert (await send(in_set_up.indicators, content)).json()["errors"][0]["code"] == "not-a-text"


@pytest.mark.parametrize(
    ("value", "unit", "kept"),
    [("182000", "万元", "18.2"), ("123456789012345.67", "元", "1234567.8901234567"), ("0.10", "亿元", "0.1")],
)
async def test_money_is_converted_exactly_and_kept_as_entered(
    in_set_up: Platform, value: str, unit: str, kept: str
) -> None:
    content = f"indicator,subject,period,value,unit\ncarrier_output,carrier:xianghu-additive,2017-03,{value},{unit}\n"
    assert (await send(in_set_up.indicators, content)).status_code == 201
    row = (await in_set_up.indicators.get("/v1/observations")).json()["items"][0]
    assert (row["value"], row["unit"], row["entered_unit"]) == (kept, "亿元", unit)
    assert float(row["entered_value"]) == float(value)


async def test_another_value_for_the_same_instant_is_a_fault_against_what_is_recorded(in_set_up: Platform) -> None:
    await send(in_set_up.indicators, GB + ROW)
    answer = await send(in_set_up.indicators, GB + ROW.replace("100", "101"))
    assert faults(answer) == {(2, "recorded_at", "reported-twice")}


async def test_a_later_row_for_the_same_period_is_a_correction(in_set_up: Platform) -> None:
    answer = await send(in_set_up.indicators, GB + ROW + ROW.replace("100", "90").replace("04-12", "05-12"))
    assert (answer.json()["recorded"], await count(in_set_up)) == (2, 2)


async def test_after_activation_recorded_at_is_refused(running: Platform) -> None:
    row = ROW.replace("2017-04-12", "2017-04-13")
    assert faults(await send(running.indicators, GB + row)) == {(2, "recorded_at", "recorded-at-not-allowed")}


async def test_without_recorded_at_the_platform_stamps_it(running: Platform) -> None:
    answer = await send(running.indicators, GB + ROW.replace("2017-04-12T10:00:00+08:00", ""))
    stamped = datetime.fromisoformat(answer.json()["recorded_at"])
    async with running.database.owner() as connection:
        newest = await connection.fetchval("SELECT max(recorded_at) FROM indicators.observation WHERE value = 100")
    assert stamped == newest
    assert 0 <= (stamped - START).total_seconds() < 1


async def test_a_file_sent_again_after_activation_adds_nothing(running: Platform) -> None:
    assert (await send(running.indicators, samples.reports())).json()["recorded"] == 0


async def test_a_caller_reports_for_its_own_unit(in_set_up: Platform) -> None:
    economy = await in_set_up.as_("indicators", "observations:submit", unit="economy_information")
    row = ROW.replace("published", "")
    content = GB + row.replace("项目单位", "区经信局") + row.replace("P01", "P02").replace("项目单位", "区统计局")
    assert faults(await send(economy, content)) == {(3, "reporter", "not-your-reporter")}


async def test_a_caller_of_a_unit_reports_in_no_other_units_name_even_where_that_is_the_bureau(
    in_set_up: Platform,
) -> None:
    liaison = await in_set_up.as_("indicators", "observations:submit", unit="science_technology")
    own = "tech_breakthroughs,plan,2018-05,249,项,,reported,区科技局,\n"
    beside = "port_facilities,carrier:info-port,2018-05,3,个,,reported,economic_development_zone,\n"
    heads = "indicator,subject,period,value,unit,recorded_at,status,reporter,note\n"
    answer = await send(liaison, heads + own + beside)
    assert faults(answer) == {(3, "indicator", "not-your-series"), (3, "reporter", "not-your-reporter")}
    whole = await send(in_set_up.indicators, heads + own + beside)
    assert whole.status_code == httpx.codes.CREATED, whole.text


async def test_something_else_than_csv_is_refused(in_set_up: Platform) -> None:
    answer = await in_set_up.indicators.post("/v1/observations:import", json={})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


async def test_a_computed_indicator_is_not_reported(in_set_up: Platform) -> None:
    row = ROW.replace("investment_done,project:P01", "emerging_share,plan").replace("万元", "%")
    assert faults(await send(in_set_up.indicators, GB + row)) == {(2, "indicator", "computed-indicator")}


async def test_milestones_are_loaded_once(in_set_up: Platform) -> None:
    first = await send(in_set_up.indicators, samples.milestones(), "milestones")
    second = await send(in_set_up.indicators, samples.milestones(), "milestones")
    assert (first.json()["recorded"], second.json()["recorded"]) == (5, 0)


async def test_every_fault_of_a_file_of_milestones_is_named(in_set_up: Platform) -> None:
    content = (
        "target,done_on,recorded_at,evidence\n"
        "T08,2017-11-20,2017-11-21T09:00:00+08:00,不是里程碑\n"
        "T21,2017-11-31,2017-11-21T09:00:00+08:00,没有这一天\n"
        "T21,2017-11-22,2017-11-21T09:00:00+08:00,尚未发生\n"
        "T34,2018-02-10,2018-02-12T09:00:00,无时区\n"
        "T26,2018-02-10,2018-02-12T09:00:00+08:00,\n"
        "T26,2018-02-11,2018-02-12T09:00:00+08:00,重复\n"
    )
    assert faults(await send(in_set_up.indicators, content, "milestones")) == {
        (2, "target", "unknown-target"),
        (3, "done_on", "bad-day"),
        (4, "done_on", "day-in-future"),
        (5, "recorded_at", "bad-instant"),
        (6, "evidence", "evidence-missing"),
        (7, "recorded_at", "reported-twice"),
    }


async def test_files_that_trickle_in_leave_the_service_to_others(in_set_up: Platform) -> None:
    goes_on = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield GB.encode()
        await goes_on.wait()
        yield ROW.encode()

    async def upload() -> int:
        sent = in_set_up.indicators.post("/v1/observations:import", content=slowly(), headers=samples.CSV, timeout=60)
        return (await sent).status_code

    uploads = [asyncio.create_task(upload()) for _ in range(5)]
    await asyncio.sleep(0.5)
    listed = await in_set_up.indicators.get("/v1/indicators")
    goes_on.set()
    assert (listed.status_code, await asyncio.gather(*uploads)) == (200, [201] * 5)


MILESTONES = "target,done_on,recorded_at,evidence,reporter\n"


@pytest.mark.parametrize("evidence", ["开工\0令", "长" * 501])
async def test_evidence_that_no_database_keeps_is_named_by_row_and_field(in_set_up: Platform, evidence: str) -> None:
    content = f"{MILESTONES}T26,2018-07-15,,{evidence},\n"
    assert faults(await send(in_set_up.indicators, content, "milestones")) == {(2, "evidence", "not-a-text")}


async def test_a_milestone_is_reported_by_a_unit_that_there_is(in_set_up: Platform) -> None:
    content = f"{MILESTONES}T26,2018-07-15,,备案,没有此单位\n"
    assert faults(await send(in_set_up.indicators, content, "milestones")) == {(2, "reporter", "not-your-reporter")}


async def test_a_unit_reports_the_milestones_that_it_leads_or_supports_and_no_others(in_set_up: Platform) -> None:
    town = await in_set_up.as_("indicators", "observations:submit", unit="science_city")
    content = f"{MILESTONES}T26,2018-07-15,,备案,\nT26,2018-07-15,,备案,区财政局\nT21,2018-07-15,,纪要,\n"
    assert faults(await send(town, content, "milestones")) == {
        (3, "reporter", "not-your-reporter"),
        (4, "target", "not-your-milestone"),
    }


async def test_the_reporter_of_a_milestone_is_kept_by_its_code(in_set_up: Platform) -> None:
    content = f"{MILESTONES}T26,2018-07-15,,备案,萧山科技城\n"
    assert (await send(in_set_up.indicators, content, "milestones")).status_code == 201
    async with in_set_up.database.owner() as connection:
        assert await connection.fetchval("SELECT reporter FROM indicators.milestone_report") == "science_city"


async def test_a_file_of_milestones_is_small(in_set_up: Platform) -> None:
    answer = await send(in_set_up.indicators, MILESTONES + "T26,2018-07-15,,备案,\n" * 50_000, "milestones")
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
