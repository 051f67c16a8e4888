"""The notifier behind the real registry and the real indicators, on the sample plan and its reports."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from services.kit.db import Database
from services.notifier.channels import mailbox
from services.plan_file.parts import split
from tests.contracts.fitting import misfits
from tests.databases import ROOT, fresh_database
from tests.notifier.others import at, sample
from tests.platform import REGION, START, Platform, running_platform
from tests.registry.samples import taken_to

DATA = Path(__file__).parents[1] / "data"
PLAN = sample().plan.code


async def loaded(platform: Platform) -> None:
    """The sample, as the starter loads it."""
    await platform.set_clock(START, standing=True)
    parts = split(sample())
    for client, part in (
        (platform.registry, parts.registry),
        (platform.indicators, parts.indicators),
        (platform.notifier, parts.notifier),
    ):
        answer = await client.put(f"/v1/plans/{PLAN}", json=part.model_dump(mode="json"), timeout=60)
        assert answer.status_code == httpx.codes.OK, answer.text
    for path, name in (("observations", "reports"), ("milestones", "milestones")):
        content = (ROOT / f"plans/{PLAN}.{name}.csv").read_bytes()
        answer = await platform.indicators.post(
            f"/v1/{path}:import",
            params={"plan": PLAN},
            content=content,
            headers={"Content-Type": "text/csv"},
            timeout=60,
        )
        assert answer.is_success, answer.text
    await taken_to(platform.registry, "active", plan=PLAN)
    await platform.run_due(START)


async def advance(platform: Platform, now: datetime, to: datetime) -> None:
    """Move the clock as the registry's worker does, visiting every instant that is announced."""
    while True:
        announced = []
        for client in (platform.indicators, platform.notifier):
            answer = await client.post("/v1/due:run", json={"until": now.isoformat()}, timeout=60)
            assert answer.status_code == httpx.codes.OK, answer.text
            announced.append(answer.json()["next"])
        if now == to:
            return
        now = min([to, *(datetime.fromisoformat(one) for one in announced if one is not None)])
        await platform.set_clock(now, standing=True)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def begun(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Platform]:
    """The sample on the platform, its first decision taken."""
    async with fresh_database(postgres_server, template_database) as database:
        db = Database(database.url("notifier"))
        async with mailbox.serving(db, REGION, "127.0.0.1", 0) as server:
            smtp: dict[str, Any] = {"smtp_port": server.sockets[0].getsockname()[1]}
            async with running_platform(database, smtp=smtp) as platform:
                await loaded(platform)
                yield platform
        await db.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def autumn(begun: Platform) -> Platform:
    """The same, its clock moved past the holidays of October."""
    await advance(begun, START, at("2018-10-08 12:00"))
    return begun


async def items(platform: Platform, path: str, **params: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await platform.notifier.get(path, params={"limit": "200", **params, **cursor})).json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def test_the_first_notices_are_those_of_the_published_list(begun: Platform) -> None:
    answer = await begun.notifier.get("/v1/notices", headers={"Accept": "text/csv"})
    assert answer.text == (DATA / "notices-2018-07-16.csv").read_text(encoding="utf-8")


async def test_the_mailbox_holds_22_mails(begun: Platform) -> None:
    assert (await begun.notifier.get("/v1/mailbox")).json()["mails"] == 22


async def test_t08_turns_orange_by_the_report_of_a_sunday_and_its_message_leaves_on_monday(autumn: Platform) -> None:
    [notice] = await items(autumn, "/v1/notices", matter="T08")
    found = (await autumn.notifier.get(f"/v1/notices/{notice['id']}")).json()
    [message] = found["deliveries"]
    raised = next(step for step in found["steps"] if step["act"] == "raised")
    assert (raised["at"][:10], message["accepted_at"]) == ("2018-08-12", "2018-08-13T01:00:00+00:00")


async def test_t26_waits_for_verification_from_2018_09_17(autumn: Platform) -> None:
    [notice] = await items(autumn, "/v1/notices", matter="T26")
    found = (await autumn.notifier.get(f"/v1/notices/{notice['id']}")).json()
    step = next(step for step in found["steps"] if step["act"] == "awaiting_verification")
    assert (found["state"], step["at"][:10]) == ("awaiting_verification", "2018-09-17")


async def test_digests_keep_off_rest_days(autumn: Platform) -> None:
    cycles = sorted({digest["cycle_at"] for digest in await items(autumn, "/v1/digests", sent="true")})
    october = [cycle[:10] for cycle in cycles if cycle > "2018-09-18"]
    assert october == ["2018-09-25", "2018-10-08"]


async def test_no_own_message_repeats_and_every_mail_came_once(autumn: Platform) -> None:
    deliveries = await items(autumn, "/v1/deliveries")
    subjects = Counter((one["unit"], one["subject"]) for one in deliveries if one["kind"] == "notice")
    mails = await items(autumn, "/v1/mailbox")
    assert set(subjects.values()) == {1}
    assert set(Counter(mail["message_id"] for mail in mails).values()) == {1}
    assert len(mails) == sum(one["state"] == "accepted" for one in deliveries)


async def test_answers_are_what_the_document_says(autumn: Platform) -> None:
    paths = {f"/v1/{name}": f"/v1/{name}" for name in ("code-lists", "audit", "audit/anchor", "mailbox", "summary")}
    for name, each in (("notices", "notice"), ("deliveries", "delivery"), ("decisions", ""), ("digests", "")):
        found = (await autumn.notifier.get(f"/v1/{name}", params={"limit": 200})).json()
        assert misfits("notifier", f"/v1/{name}", found) == []
        paths |= {f"/v1/{name}/{{{each}}}": f"/v1/{name}/{found['items'][0]['id']}"} if each else {}
    paths["/v1/plans/{code}"] = f"/v1/plans/{PLAN}"
    paths["/v1/plans/{code}/part"] = f"/v1/plans/{PLAN}/part"
    answers = {path: (await autumn.notifier.get(real)).json() for path, real in paths.items()}
    assert [wrong for path, answer in answers.items() for wrong in misfits("notifier", path, answer)] == []
