"""Projects on their way, for the tests of their lives."""

import hashlib
from dataclasses import dataclass
from typing import Any

import httpx

from tests.registry.running import Registry, seen
from tests.registry.samples import applied, owned, small_part, unit

EVIDENCE = {
    "enlist": [],
    "take_over": ["status_proof"],
    "declare": ["declaration"],
    "send_back": [],
    "admit": ["review_minutes", "agreement"],
    "start": ["construction_permit", "site_photo"],
    "build": ["statistics_entry"],
    "complete": ["acceptance"],
    "produce": ["production_proof"],
    "assess": ["assessment_report"],
    "terminate": ["termination_decision"],
}
CRITERIA = ["industry_fit", "land_and_energy", "funds_in_place"]
COMMITMENTS: list[dict[str, Any]] = [
    {"code": "investment_intensity", "name": "投资强度", "unit": "万元/亩", "at_least": "280"},
    {"code": "tax_per_mu", "name": "亩均税收", "unit": "万元/亩", "at_least": "30"},
    {"code": "full_capacity_on", "name": "达产时间", "by": "2018-06-30"},
]
ACTUALS: list[dict[str, Any]] = [
    {"code": "investment_intensity", "numerator": "36000", "denominator": "120"},
    {"code": "tax_per_mu", "numerator": "3500", "denominator": "120"},
    {"code": "full_capacity_on", "day": "2018-06-20"},
]


async def kept(http: httpx.AsyncClient, name: str = "证明.pdf") -> str:
    """An evidence file; its hash."""
    content = b"%PDF-1.7 " + name.encode()
    answer = await http.post("/v1/files", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return hashlib.sha256(content).hexdigest()


@dataclass
class People:
    """A registry with a project P01 that keji leads and jingxin supports, and who works on it."""

    registry: Registry
    lead: httpx.AsyncClient
    support: httpx.AsyncClient
    office: httpx.AsyncClient
    other: httpx.AsyncClient

    async def proposal(
        self, step: str, on: str, *, by: httpx.AsyncClient | None = None, **more: object
    ) -> dict[str, Any]:
        """A step with the evidence that it asks for, sent by who proposes it, and for admission all that it needs."""
        sender = by or self.lead
        evidence = [{"kind": kind, "files": [await kept(sender, f"{kind}.pdf")]} for kind in EVIDENCE[step]]
        said: dict[str, Any] = {"step": step, "on": on, "text": f"{step} 情况属实", "evidence": evidence}
        if step == "admit":
            said["criteria"] = [{"code": code, "met": True} for code in CRITERIA]
            said["reviewers"] = ["jingxin"]
            said["commitments"] = COMMITMENTS
        if step == "assess":
            said["actuals"] = ACTUALS
        return {**said, **more}

    async def propose(
        self, step: str, on: str, *, by: httpx.AsyncClient | None = None, **more: object
    ) -> httpx.Response:
        """Propose a step of P01, as its lead unit unless told otherwise."""
        said = await self.proposal(step, on, by=by, **more)
        return await (by or self.lead).post("/v1/projects/P01/steps", json=said)

    async def decide(self, number: int, decision: str = "approve") -> httpx.Response:
        """Decide a step of P01 as the office."""
        said = {"decision": decision, "text": "经审定"}
        step = f"/v1/projects/P01/steps/{number}"
        return await self.office.post(f"{step}/decision", json=said, headers=await seen(self.office, step))

    async def step(self, step: str, on: str) -> dict[str, Any]:
        """Take a step of P01, from its proposal to its approval."""
        proposed = await self.propose(step, on)
        assert proposed.status_code == 201, proposed.text
        number = proposed.json()["number"]
        if step == "admit":
            opinion = {"unit": "jingxin", "view": "agree", "text": "同意"}
            given = await self.support.post(f"/v1/projects/P01/steps/{number}/opinions", json=opinion)
            assert given.status_code == 200, given.text
        decided = await self.decide(number)
        assert decided.status_code == 200, decided.text
        found: dict[str, Any] = decided.json()
        return found

    async def project(self) -> dict[str, Any]:
        """P01 as it is."""
        found: dict[str, Any] = (await self.registry.http.get("/v1/projects/P01")).json()
        return found


async def people(registry: Registry) -> People:
    """P01 with its units, a leader, and a caller for each of them."""
    leader = unit("deputy_li", "李副区长", kind="leader", parent="government")
    part = small_part()
    part["units"].append(leader)
    part["responsibilities"] = [owned("T01", "jingxin", "keji"), owned("P01", "keji", "jingxin", subject="project:P01")]
    await applied(registry, part)
    scopes = ("registry:read", "files:submit", "projects:propose", "problems:raise")
    return People(
        registry,
        lead=await registry.as_(*scopes, unit="keji"),
        support=await registry.as_(*scopes, unit="jingxin"),
        office=await registry.as_(
            "registry:read", "registry:write", "projects:decide", "problems:decide", "files:submit"
        ),
        other=await registry.as_(*scopes, unit="deputy_li"),
    )
