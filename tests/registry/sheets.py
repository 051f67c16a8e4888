"""Sheets as people send them."""

import io
from collections.abc import Sequence
from typing import Any

import httpx
import openpyxl

from services.kit.office.writing import CSV, XLSX
from tests.registry.running import Registry
from tests.registry.samples import enterprise

OBJECTS = (
    "units",
    "contacts",
    "industries",
    "carriers",
    "enterprises",
    "enterprise-groups",
    "rosters",
    "roster-items",
    "projects",
    "tasks",
    "responsibilities",
    "milestones",
    "instruments",
    "leader-contacts",
    "visits",
    "payments",
    "publicity",
    "prospects",
    "activities",
)
LISTED = tuple(objects for objects in OBJECTS if objects != "roster-items")
"""Those with a list of their own; items are listed roster by roster."""
ENTERPRISE = ("代码", "序号", "名称", "别名", "产业", "培育方向", "所属集团")
NEW = ("e77", 77, "杭州甲公司", "甲、乙", "information", "大数据", None)


def workbook(*rows: Sequence[object], name: str = "企业") -> openpyxl.Workbook:
    """A workbook with a header and rows."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = name
    for row in rows:
        sheet.append(row)
    return made


def content(made: openpyxl.Workbook) -> bytes:
    """Its bytes."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


async def send(
    registry: Registry | httpx.AsyncClient,
    objects: str,
    sent: openpyxl.Workbook | bytes | str,
    *,
    dry_run: bool = False,
    language: str = "zh",
) -> httpx.Response:
    """Import a workbook, bytes of one, or the text of a CSV."""
    http = registry if isinstance(registry, httpx.AsyncClient) else registry.http
    media = CSV if isinstance(sent, str) else XLSX
    body = content(sent) if isinstance(sent, openpyxl.Workbook) else sent.encode() if isinstance(sent, str) else sent
    headers = {"Content-Type": media, "Accept-Language": language}
    return await http.post(f"/v1/{objects}:import", params={"dry_run": dry_run}, content=body, headers=headers)


async def done(
    registry: Registry | httpx.AsyncClient,
    objects: str,
    sent: openpyxl.Workbook | bytes | str,
    *,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Import what is right; the answer."""
    answer = await send(registry, objects, sent, dry_run=dry_run)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(
    registry: Registry | httpx.AsyncClient, objects: str, sent: openpyxl.Workbook | bytes | str, *, status: int = 422
) -> list[tuple[str, str]]:
    """Import what is wrong; cell and code of each fault."""
    answer = await send(registry, objects, sent)
    assert answer.status_code == status, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


def counts(answer: dict[str, Any]) -> tuple[int, int, int]:
    """Created, changed, unchanged."""
    return (answer["created"], answer["changed"], answer["unchanged"])


async def items(http: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """What a list shows."""
    found: list[dict[str, Any]] = (await http.get(f"/v1/{path}")).json()["items"]
    return found


async def merged(registry: Registry) -> None:
    """What was e22 is e23 from now on."""
    made = enterprise("e23", "合成数据交易有限公司", number=1)
    assert (await registry.http.post("/v1/enterprises", json=made)).status_code == 201
    said = {"duplicate": "e22", "duplicate_version": 1, "reason": "同一企业", "decisions": {}}
    answer = await registry.http.post("/v1/enterprises/e23/merge", json=said, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
