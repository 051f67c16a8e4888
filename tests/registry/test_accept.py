"""What `Accept` asks for: every list as a file, and a plain word where an answer does not come in that form."""

import pytest

from services.kit.office.writing import CSV, XLSX
from tests.registry.running import Registry
from tests.registry.samples import applied, small_part
from tests.registry.test_exports import table


@pytest.mark.parametrize("media", [CSV, XLSX])
@pytest.mark.parametrize("path", ["roles", "industry-classes", "carrier-counts", "audit", "providers", "jobs"])
async def test_short_lists_the_trail_and_jobs_come_as_files_too(registry: Registry, path: str, media: str) -> None:
    await applied(registry, small_part())
    listed = await registry.http.get(f"/v1/{path}")
    answer = await registry.http.get(f"/v1/{path}", headers={"Accept": media})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(media)
    header, *rows = table(answer)
    assert len(rows) == len(listed.json()["items"])
    assert [name for name in header if not "一" <= name[0] <= "鿿"] == []
    if rows:
        first = {head.partition("（")[2].rstrip("）"): cell for head, cell in zip(header, rows[0], strict=True)}
        assert {*first} == {*listed.json()["items"][0]}


async def test_the_trail_comes_whole_and_in_the_order_that_is_asked_for(registry: Registry) -> None:
    await applied(registry, small_part())
    answer = await registry.http.get("/v1/audit", params={"order": "earliest", "limit": 1}, headers={"Accept": CSV})
    positions = [int(row[0]) for row in table(answer)[1:]]
    assert positions == list(range(1, len(positions) + 1))
    assert positions


@pytest.mark.parametrize("accept", ["application/json", CSV, XLSX, "*/*"])
@pytest.mark.parametrize("path", ["units", "roles", "audit", "jobs"])
async def test_an_answer_in_several_forms_says_that_it_varies(shared: Registry, path: str, accept: str) -> None:
    answer = await shared.http.get(f"/v1/{path}", headers={"Accept": accept})
    assert answer.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("changes", CSV),
        ("changes", XLSX),
        ("units/government", CSV),
        ("units", "application/pdf"),
        ("units", "text/html, application/xhtml+xml"),
        ("units", f"image/*, {CSV};q=0"),
    ],
)
async def test_a_form_in_which_an_answer_does_not_come_is_refused_with_those_in_which_it_does(
    shared: Registry, path: str, accept: str
) -> None:
    answer = await shared.http.get(f"/v1/{path}", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
    assert "application/json" in answer.json()["detail"]
    assert "Accept 中注明" in answer.json()["detail"]
    english = await shared.http.get(f"/v1/{path}", headers={"Accept": accept, "Accept-Language": "en"})
    assert english.json()["detail"].startswith("this answer comes as application/json")


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/*", "application/problem+json", f"application/pdf, {CSV};q=0.1", "text/*", "garbage;q=x"],
)
async def test_whatever_allows_a_form_that_there_is_gets_one(shared: Registry, accept: str) -> None:
    assert (await shared.http.get("/v1/units", headers={"Accept": accept})).status_code == 200
