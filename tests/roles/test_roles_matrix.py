"""Every route, every role, own, child, sibling, foreign and missing object: as the tables in this folder say."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.roles.matrix import CALLERS, HEADS, METHODS, Row, kept, operations, path_to, text_of, walk
from tests.roles.running import with_a_provider
from tests.roles.world import made
from tests.structure.house import SERVICES

each_service = pytest.mark.parametrize("service", SERVICES)
FOR_EVERYBODY = ("units/{code}", "responsibilities", "rosters")
"""Of units, and yet read by everybody who reads the registry: who there is and who answers for what is published."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walked(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[dict[str, list[Row]]]:
    """The tables as the platform answers now."""
    async with fresh_database(postgres_server, template_database) as database, with_a_provider(database) as platform:
        yield await walk(await made(platform))


@each_service
def test_every_cell_is_as_the_table_says(walked: dict[str, list[Row]], service: str) -> None:
    """`python -m tests.roles` writes the tables anew; what changed in them is what changed for people."""
    before, after = kept(service), walked[service]
    assert [row[:3] for row in after] == [row[:3] for row in before]
    wrong = [
        f"{row[0]} {row[2]}, {HEADS[place]}: {cell}, the table says {old[place]}"
        for row, old in zip(after, before, strict=True)
        for place, cell in enumerate(row)
        if old[place] != cell
    ]
    assert wrong == []


@each_service
def test_every_operation_of_the_document_is_in_the_table(service: str) -> None:
    assert {row[0] for row in kept(service)} == {f"{method} {path}" for method, path, _ in operations(service)}
    assert METHODS
    assert path_to(service).read_text(encoding="utf-8") == text_of(kept(service))


@each_service
def test_what_is_not_visible_looks_like_what_is_not_there(service: str) -> None:
    """For whoever sees a unit: an object beside or elsewhere is answered as one that is missing."""
    by_place = {row[:3]: row[3:] for row in kept(service)}
    compared = 0
    for (call, name, relation), cells in by_place.items():
        if relation not in {"sibling", "foreign"} or any(f"/{kind}/" in f"{call}/" for kind in FOR_EVERYBODY):
            continue
        for caller, cell, missing in zip(CALLERS, cells, by_place[call, name, "missing"], strict=True):
            if caller.endswith("@unit") or caller in {"enterprise_reporter", "unit_liaison", "unit_head"}:
                assert cell == missing, f"{call} {relation} {caller}: {cell}, missing: {missing}"
                compared += 1
    assert compared


@each_service
def test_lists_hold_the_callers_unit_and_those_below_only(service: str) -> None:
    rows = [row for row in kept(service) if row[2].endswith("in the list")]
    for row in rows:
        if any(f"/{kind}" in row[0] for kind in FOR_EVERYBODY):
            continue
        for caller, cell in zip(CALLERS, row[3:], strict=True):
            if caller.endswith("@unit") or caller in {"enterprise_reporter", "unit_liaison", "unit_head"}:
                assert cell == "hidden" or row[2].startswith(("own", "child")), f"{row[0]} {row[2]} {caller}"
    assert rows


def test_an_auditor_is_allowed_nothing_that_changes_anything() -> None:
    public = {"token_issue", "session_begin", "session_refresh", "session_end", "password_change"} | {
        "login_begin",
        "login_finish",
    }
    asks_only = {"plan_check"}
    place = HEADS.index("auditor")
    for service in SERVICES:
        for row in kept(service):
            if not row[0].startswith("GET") and row[1] not in public | asks_only:
                assert row[place] == "403", row
