"""Figures that are imported later: answered 202, done by the worker, told by a job."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest

from services.indicators.clients.parts import IndicatorsParts
from services.indicators.directory.tables import JOBS
from services.indicators.observations.jobs import imports
from services.indicators.worker import jobs
from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.later import runner, store
from services.kit.later.runner import ATTEMPTS, File
from tests.indicators import samples
from tests.platform import Platform

LATER = {**samples.CSV, "Prefer": "respond-async"}
MISSING = "0197f3a0-5b1c-7c3e-8f5a-0d9b4a1c2e3f"


def parts_of(platform: Platform) -> IndicatorsParts:
    return cast("IndicatorsParts", platform.apps["indicators"].state.parts)


async def look(platform: Platform) -> None:
    """As the worker does, once."""
    await jobs(parts_of(platform))["jobs"]()


async def sent(platform: Platform, content: bytes | None = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    body = samples.reports() if content is None else content
    answer = await platform.indicators.post("/v1/observations:import", content=body, headers=LATER, params=more)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/indicators/v1/jobs/{job['id']}"
    assert answer.headers["preference-applied"] == "respond-async"
    return job


async def read(platform: Platform, job: dict[str, Any], language: str = "zh") -> dict[str, Any]:
    answer = await platform.indicators.get(f"/v1/jobs/{job['id']}", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def figures(platform: Platform) -> int:
    answer = await platform.indicators.get("/v1/observations", params={"total": True, "limit": 1})
    count: int = answer.json()["total"]
    return count


async def pieces(platform: Platform) -> int:
    async with platform.database.owner() as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM indicators.job_part")
    return count


async def test_a_file_that_is_imported_later_ends_as_one_imported_at_once(in_set_up: Platform) -> None:
    job = await sent(in_set_up)
    assert (job["state"], job["result"], job["bytes"]) == ("waiting", None, len(samples.reports()))
    assert await figures(in_set_up) == 0
    await look(in_set_up)
    done = await read(in_set_up, job)
    assert (done["state"], done["problem"]) == ("done", None)
    assert done["result"]["recorded"] == done["result"]["rows"] == await figures(in_set_up)
    at_once = await in_set_up.indicators.post("/v1/observations:import", content=samples.reports(), headers=samples.CSV)
    assert at_once.json()["unchanged"] == done["result"]["rows"]


async def test_the_pieces_of_a_file_are_gone_when_its_job_has_ended(in_set_up: Platform) -> None:
    await sent(in_set_up)
    assert await pieces(in_set_up) > 0
    await look(in_set_up)
    assert await pieces(in_set_up) == 0


async def test_a_faulty_file_fails_with_every_fault_in_the_language_of_who_asks(in_set_up: Platform) -> None:
    content = b"indicator,subject,period,value,unit\nva_growth,industry:nowhere,2018-06,x,%\n"
    at_once = await in_set_up.indicators.post("/v1/observations:import", content=content, headers=samples.CSV)
    job = await sent(in_set_up, content)
    await look(in_set_up)
    chinese, english = await read(in_set_up, job), await read(in_set_up, job, "en")
    assert chinese["state"] == "failed"
    said = {**at_once.json(), "trace_id": chinese["problem"]["trace_id"]}
    assert chinese["problem"] == said
    assert [fault["code"] for fault in english["problem"]["errors"]] == [fault["code"] for fault in said["errors"]]
    assert english["problem"]["detail"] == "2 fault(s); nothing was recorded"


async def test_a_dry_run_says_what_would_be_and_records_nothing(in_set_up: Platform) -> None:
    job = await sent(in_set_up, dry_run=True)
    await look(in_set_up)
    done = await read(in_set_up, job)
    assert done["result"]["dry_run"] is True
    assert done["result"]["recorded"] == done["result"]["rows"] > 2000
    assert await figures(in_set_up) == 0


async def test_a_job_that_was_cancelled_while_it_waited_is_not_done(in_set_up: Platform) -> None:
    job = await sent(in_set_up)
    answer = await in_set_up.indicators.post(f"/v1/jobs/{job['id']}:cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    await look(in_set_up)
    assert (await read(in_set_up, job))["state"] == "cancelled"
    assert await figures(in_set_up) == await pieces(in_set_up) == 0


async def test_a_job_that_has_ended_is_not_cancelled(in_set_up: Platform) -> None:
    job = await sent(in_set_up)
    await look(in_set_up)
    answer = await in_set_up.indicators.post(f"/v1/jobs/{job['id']}:cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert await figures(in_set_up) > 0


async def test_what_a_job_wrote_before_it_was_cancelled_is_undone(in_set_up: Platform) -> None:
    """Cancelled between its writing and its end, at the last moment there is."""
    job = await sent(in_set_up)
    parts = parts_of(in_set_up)

    async def cancelled_at_the_end(session: Session, caller: Caller, file: File, asked: Any) -> Any:  # noqa: ANN401
        done = await imports(parts)[job["operation"]](session, caller, file, asked)
        await in_set_up.indicators.post(f"/v1/jobs/{job['id']}:cancel")
        return done

    await runner.running(parts.db, JOBS, {job["operation"]: cancelled_at_the_end})()
    assert (await read(in_set_up, job))["state"] == "cancelled"
    assert await figures(in_set_up) == 0


async def test_a_job_whose_worker_died_is_begun_again_and_done_once(in_set_up: Platform) -> None:
    job = await sent(in_set_up)
    parts, begun = parts_of(in_set_up), asyncio.Event()

    async def never_ends(session: Session, caller: Caller, file: File, asked: Any) -> Any:  # noqa: ANN401
        await imports(parts)[job["operation"]](session, caller, file, asked)
        begun.set()
        await asyncio.sleep(3600)

    dying = asyncio.ensure_future(runner.running(parts.db, JOBS, {job["operation"]: never_ends})())
    await asyncio.wait_for(begun.wait(), 60)
    assert (await read(in_set_up, job))["state"] == "running"
    await look(in_set_up)  # another worker: the turn is taken
    assert (await read(in_set_up, job))["state"] == "running"
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert await figures(in_set_up) == 0
    await look(in_set_up)
    done = await read(in_set_up, job)
    assert done["state"] == "done"
    assert await figures(in_set_up) == done["result"]["recorded"]


async def test_a_job_that_breaks_off_again_and_again_is_given_up_and_the_next_one_is_done(in_set_up: Platform) -> None:
    poison, good = await sent(in_set_up), await sent(in_set_up)
    parts = parts_of(in_set_up)

    async def breaks(_session: Session, _caller: Caller, _file: File, _asked: Any) -> Any:  # noqa: ANN401
        raise ZeroDivisionError

    for _ in range(ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            await runner.running(parts.db, JOBS, {poison["operation"]: breaks})()
    await look(in_set_up)
    await look(in_set_up)
    given_up = await read(in_set_up, poison)
    assert (given_up["state"], given_up["problem"]["code"]) == ("failed", "given-up")
    assert (await read(in_set_up, good))["state"] == "done"


async def test_jobs_are_done_in_the_order_in_which_they_were_sent(in_set_up: Platform) -> None:
    first, second = await sent(in_set_up), await sent(in_set_up)
    await look(in_set_up)
    assert [(await read(in_set_up, job))["state"] for job in (first, second)] == ["done", "waiting"]
    await look(in_set_up)
    assert (await read(in_set_up, second))["result"]["unchanged"] == (await read(in_set_up, first))["result"]["rows"]


async def test_a_file_sent_again_under_its_key_is_one_job(in_set_up: Platform) -> None:
    answers = [
        await in_set_up.indicators.post(
            "/v1/observations:import", content=samples.reports(), headers={**LATER, "Idempotency-Key": "same"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    listed = (await in_set_up.indicators.get("/v1/jobs")).json()["items"]
    assert [job["id"] for job in listed] == [answers[0].json()["id"]]


async def test_a_file_that_does_not_come_whole_is_no_job(in_set_up: Platform) -> None:
    async def broken_off() -> AsyncIterator[bytes]:
        yield samples.reports()
        raise ConnectionResetError

    answer = await in_set_up.indicators.post("/v1/observations:import", content=broken_off(), headers=LATER)
    assert answer.is_error
    assert (await in_set_up.indicators.get("/v1/jobs", params={"total": True})).json()["total"] == 0
    assert await pieces(in_set_up) == 0


async def test_an_empty_file_is_refused_at_once(in_set_up: Platform) -> None:
    answer = await in_set_up.indicators.post("/v1/observations:import", content=b"", headers=LATER)
    assert (answer.status_code, answer.json()["code"]) == (422, "no-file")


async def test_a_large_file_is_imported_later_without_being_asked_for_it(in_set_up: Platform) -> None:
    lines = samples.reports().splitlines(keepends=True)
    large = lines[0] + b"".join(lines[1:]) * (20 * 1024**2 // len(samples.reports()) + 1)
    answer = await in_set_up.indicators.post("/v1/observations:import", content=large, headers=samples.CSV)
    assert answer.status_code == 202
    assert "preference-applied" not in answer.headers

    async def unmeasured() -> AsyncIterator[bytes]:
        yield large

    refused = await in_set_up.indicators.post("/v1/observations:import", content=unmeasured(), headers=samples.CSV)
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")
    assert "Prefer: respond-async" in refused.json()["detail"]


async def test_a_file_that_says_to_be_larger_than_is_taken_is_refused_before_it_is_read(in_set_up: Platform) -> None:
    async def nothing() -> AsyncIterator[bytes]:
        raise AssertionError
        yield b""

    length = {"Content-Length": str(2 * 1024**3 + 1)}
    answer = await in_set_up.indicators.post("/v1/observations:import", content=nothing(), headers={**LATER, **length})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_jobs_are_seen_by_the_unit_for_which_they_were_sent_and_those_above(in_set_up: Platform) -> None:
    desk, stranger = [
        await in_set_up.as_("indicators", "observations:submit", unit=unit)
        for unit in ("economy_information", "statistics")
    ]
    job = (await desk.post("/v1/observations:import", content=samples.reports(), headers=LATER)).json()

    async def seen(by: httpx.AsyncClient) -> tuple[int, int, int]:
        listed = (await by.get("/v1/jobs", params={"total": True})).json()["total"]
        return (await by.get(f"/v1/jobs/{job['id']}")).status_code, listed, int(job["state"] == "waiting")

    assert await seen(desk) == (200, 1, 1)
    assert await seen(stranger) == (404, 0, 1)
    assert (await stranger.post(f"/v1/jobs/{job['id']}:cancel")).status_code == 404
    assert (await seen(in_set_up.indicators))[0] == 200
    assert (await in_set_up.indicators.get(f"/v1/jobs/{MISSING}")).status_code == 404


async def test_a_job_is_done_with_the_rights_of_who_sent_it(in_set_up: Platform) -> None:
    unit = in_set_up.client("indicators", await in_set_up.key(["observations:submit"], unit="science_technology"))
    content = (
        "indicator,subject,period,value,unit,reporter\nva_growth,industry:information,2017-06,20.1,%,区统计局\n"
    ).encode()
    job = (await unit.post("/v1/observations:import", content=content, headers=LATER)).json()
    await look(in_set_up)
    problem = (await unit.get(f"/v1/jobs/{job['id']}")).json()["problem"]
    at_once = await unit.post("/v1/observations:import", content=content, headers=samples.CSV)
    assert problem["errors"] == at_once.json()["errors"] != []


async def test_lists_of_jobs_are_filtered_and_the_latest_comes_first(in_set_up: Platform) -> None:
    first, second = await sent(in_set_up), await sent(in_set_up)
    await look(in_set_up)

    async def ids(**asked: str) -> list[str]:
        return [job["id"] for job in (await in_set_up.indicators.get("/v1/jobs", params=asked)).json()["items"]]

    assert await ids() == [second["id"], first["id"]]
    assert await ids(state="done") == [first["id"]]
    assert await ids(operation="observations.import", state="waiting") == [second["id"]]
    assert await ids(operation="enterprises.import") == []


async def test_how_far_a_job_is_is_told_while_it_runs_and_a_cancelled_one_hears_it(
    in_set_up: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "TOLD_EVERY", 0.0)
    job, parts = await sent(in_set_up), parts_of(in_set_up)
    seen: list[tuple[int, int]] = []

    async def reads(_session: Session, _caller: Caller, file: File, _asked: Any) -> Any:  # noqa: ANN401
        async for _ in file.chunks():
            pass
        await file.told(7)
        now = await read(in_set_up, job)
        seen.append((now["read_rows"], now["read_bytes"]))
        await in_set_up.indicators.post(f"/v1/jobs/{job['id']}:cancel")
        await file.told(8)
        raise AssertionError

    await runner.running(parts.db, JOBS, {job["operation"]: reads})()
    assert seen == [(7, job["bytes"])]
    assert (await read(in_set_up, job))["state"] == "cancelled"


async def test_jobs_that_ended_long_ago_and_files_that_never_came_are_forgotten(in_set_up: Platform) -> None:
    old, recent = await sent(in_set_up), await sent(in_set_up)
    parts = parts_of(in_set_up)
    caller = Caller("desk", frozenset(), "330109")
    await store.begin(parts.db, JOBS, caller, operation="observations.import", arguments={}, media="text/csv")
    await look(in_set_up)
    await look(in_set_up)
    async with in_set_up.database.owner() as connection:
        await connection.execute(
            "UPDATE indicators.job SET ended_at = ended_at - interval '31 days' WHERE id = $1", old["id"]
        )
        await connection.execute(
            "UPDATE indicators.job SET received_at = received_at - interval '2 days' WHERE state = 'receiving'"
        )
    assert await store.forget(parts.db, JOBS) == 2
    listed = (await in_set_up.indicators.get("/v1/jobs")).json()["items"]
    assert [job["id"] for job in listed] == [recent["id"]]
