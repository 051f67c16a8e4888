"""Clients that are generated from the frozen documents, without hand-editing, and used over HTTP."""

import asyncio
import importlib
import os
import pkgutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import pytest_asyncio
import uvicorn

from tests.contracts.openapi.frozen import SERVICES, path_of
from tests.platform import ADMIN_KEY, Platform
from tests.registry.samples import enterprise, industry, part, unit
from tests.structure.house import ROOT, operations

pytestmark = pytest.mark.untraced

CONFIG = ROOT / "docs/how-to/generated-client/config.yaml"
each_service = pytest.mark.parametrize("service", SERVICES)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the generator said of each document; the packages `duban_<service>` can be imported meanwhile."""
    place = tmp_path_factory.mktemp("clients")
    sys.path.insert(0, str(place))
    yield {service: generate(service, place / f"duban_{service}") for service in SERVICES}
    sys.path.remove(str(place))


def generate(service: str, package: Path) -> str:
    tools = Path(sys.executable).parent
    made = subprocess.run(
        [
            tools / "openapi-python-client",
            "generate",
            *("--path", path_of(service), "--config", CONFIG, "--meta", "none", "--output-path", package),
        ],
        env=os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},  # it formats with ruff
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout + made.stderr


def module(service: str, name: str) -> ModuleType:
    return importlib.import_module(f"duban_{service}.{name}")


@each_service
def test_the_generator_has_nothing_to_warn_of(service: str, generated: dict[str, str]) -> None:
    assert [line for line in generated[service].splitlines() if "warning" in line.lower()] == [], generated[service]


@each_service
@pytest.mark.usefixtures("generated")
def test_every_operation_has_a_function(service: str) -> None:
    api = Path(str(module(service, "api").__file__)).parent
    made = {path.stem for path in api.glob("*/*.py")} - {"__init__"}
    assert made == {operation["operationId"] for operation in operations(service).values()}


@each_service
@pytest.mark.usefixtures("generated")
def test_every_module_imports(service: str) -> None:
    package = importlib.import_module(f"duban_{service}")
    found = [each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    assert len(found) > len(operations(service))
    for name in found:
        importlib.import_module(name)


@pytest_asyncio.fixture(loop_scope="session")
async def address(platform: Platform) -> AsyncIterator[str]:
    """Where the platform answers over HTTP."""
    assert platform.transport.inner is not None
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(platform.transport.inner.app, lifespan="off", log_config=None))
        served = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await served


@pytest_asyncio.fixture(loop_scope="session")
async def token(address: str, generated: dict[str, str]) -> str:
    """A token as a generated client gets it."""
    assert generated
    body = module("registry", "models").BodyTokenIssue(grant_type="client_credentials", client_secret=ADMIN_KEY)
    client = module("registry", "client").Client(base_url=f"{address}/registry")
    answer = await called("registry", "identity.token_issue", client, body=body)
    return str(answer.parsed.access_token)


def client(service: str, address: str, token: str) -> Any:  # noqa: ANN401 - a generated class
    made = module(service, "client").AuthenticatedClient
    return made(base_url=f"{address}/{service}", token=token, raise_on_unexpected_status=True)


async def called(service: str, function: str, client: Any, **given: object) -> Any:  # noqa: ANN401 - generated classes
    async with client.with_headers({}) as opened:  # which it closes
        return await module(service, f"api.{function}").asyncio_detailed(client=opened, **given)


async def test_what_the_registry_has_is_read_and_written(platform: Platform, address: str, token: str) -> None:
    await applied_part(platform)
    registry, models = client("registry", address, token), module("registry", "models")
    units = await called("registry", "units.units_list", registry, limit=5, q="经信")
    assert [one.name for one in units.parsed.items] == ["区经信局"]
    body = models.Enterprise.from_dict(enterprise("kunlun", "昆仑数据（样例）"))
    made = await called("registry", "enterprises.enterprise_create", registry, body=body)
    assert (made.status_code, made.parsed.code, made.parsed.version) == (httpx.codes.CREATED, "kunlun", 1)
    again = await called("registry", "enterprises.enterprise_create", registry, body=body)
    assert isinstance(again.parsed, models.Problem)
    assert again.parsed.status == httpx.codes.CONFLICT


async def test_where_plans_stand_is_read(address: str, token: str) -> None:
    gaps = await called("indicators", "gaps.gaps_list", client("indicators", address, token))
    assert (gaps.status_code, type(gaps.parsed).__name__) in {(200, "GapPage"), (404, "Problem")}


async def test_notices_are_read(address: str, token: str) -> None:
    notices = await called("notifier", "notices.notices_list", client("notifier", address, token))
    assert notices.parsed.items == []


async def applied_part(platform: Platform) -> None:
    body = part(industries=[industry()], units=[unit("jingxin", "区经信局")])
    answer = await platform.registry.put(f"/v1/plans/{body['plan']['code']}", json=body)
    assert answer.is_success, answer.text
