"""docs/how-to/reorganise-units.md: the sample file does on the sample plan what the page says."""

import json
from datetime import datetime

from services.plan_file.parts import split
from tests.plan_file.samples import XIAOSHAN, plan_of
from tests.registry.running import Registry
from tests.registry.samples import taken_to
from tests.structure.house import ROOT

PAGE = ROOT / "docs/how-to/reorganise-units.md"
SENT = json.loads((ROOT / "docs/how-to/reorganise-units/reform.json").read_text(encoding="utf-8"))


async def test_the_sample_reform_does_what_the_page_says(registry: Registry) -> None:
    part = split(plan_of(XIAOSHAN)).registry.model_dump(mode="json")
    plan = part["plan"]["code"]
    assert (await registry.http.put(f"/v1/plans/{plan}", json=part)).status_code == 200
    await taken_to(registry.http, "active", plan=plan)
    await registry.show(datetime.fromisoformat("2019-02-01T09:00:00+08:00"))
    dry = await registry.http.post("/v1/reorganisations", params={"dry_run": True}, json=SENT)
    done = await registry.http.post("/v1/reorganisations", json=SENT)
    assert (dry.status_code, done.status_code) == (200, 201), done.text
    assert dry.json()["effects"] == done.json()["effects"]
    effects = done.json()["effects"]
    led = [one["matter"] for one in effects["matters"] if one["after"][0] == "health"]
    page = PAGE.read_text(encoding="utf-8")
    assert led == ["P08", "P09"]
    assert all(f"`{matter}`" in page for matter in led)
    assert f"{len(effects['matters'])} matters" in page
    found = await registry.http.get("/v1/responsibilities", params={"unit": "区招商局"})
    assert found.json()["note"]["zh"] in page
    again = await registry.http.put(f"/v1/plans/{plan}", json=part)
    assert again.json()["changes"] == []
