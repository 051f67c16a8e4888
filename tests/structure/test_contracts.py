import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.untraced import UNTRACED

pytestmark = pytest.mark.untraced

ROOT = Path(__file__).parents[2]
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]


HOUSE = "The house: kit, plan file, services as strangers to one another, what starts and calls them"
HTTP_ONLY = "The command line knows the services by HTTP only"
REGISTRY = "Features of the registry import only features before them"
INDICATORS = "Features of indicators import only features before them"
NOTIFIER = "Features of the notifier import only features before them"
ROOMS = "Rooms import only the rooms below them"
SQL = "SQL is spoken in tables, metrics and stores only"
TABLES = "Routes, jobs and schemas do not touch tables"
PURE = "Rules are pure: no framework, no I/O, no clock"
ARQ = "arq is known to the doorbell and the workers only"
NO_HTTP = "What is done knows nothing of HTTP"

# What must not be, where, and the contract that says so.
PLANTS = [
    (HOUSE, "services/registry/units/service.py", "from services.notifier.notices import service as _"),
    (HOUSE, "services/indicators/directory/store.py", "from services.registry.units import tables as _"),
    (HOUSE, "services/notifier/clients/indicators.py", "import services.indicators.gaps.tables"),
    (HOUSE, "services/kit/audit.py", "from services.registry.settings import Settings as _"),
    (HOUSE, "services/kit/feed.py", "import services.plan_file.model"),
    (HOUSE, "services/plan_file/reading.py", "import services.indicators.directory.rules"),
    (HOUSE, "services/registry/main.py", "import services.embedded.web"),
    (HOUSE, "services/embedded/up.py", "import services.cli.output"),
    (HTTP_ONLY, "services/cli/plans.py", "from services.registry.plans import service as _"),
    (REGISTRY, "services/registry/units/service.py", "from services.registry.plans import service as _"),
    (REGISTRY, "services/registry/versions/store.py", "import services.registry.industries.tables"),
    (REGISTRY, "services/registry/identity/service.py", "import services.registry.main"),
    (INDICATORS, "services/indicators/observations/service.py", "from services.indicators.gaps import tables as _"),
    (INDICATORS, "services/indicators/directory/service.py", "from services.indicators.targets import tables as _"),
    (INDICATORS, "services/indicators/clients/registry.py", "import services.indicators.directory.rules"),
    (NOTIFIER, "services/notifier/notices/service.py", "from services.notifier.schedules import service as _"),
    (NOTIFIER, "services/notifier/ladders/rules.py", "from services.notifier.notices import rules as _"),
    (NOTIFIER, "services/notifier/channels/smtp.py", "import services.notifier.deliveries.rules"),
    (ROOMS, "services/registry/units/service.py", "from services.registry.units import routes as _"),
    (ROOMS, "services/registry/units/store.py", "from services.registry.units import service as _"),
    (ROOMS, "services/registry/units/tables.py", "from services.registry.units import store as _"),
    (ROOMS, "services/notifier/notices/rules.py", "from services.notifier.notices import schemas as _"),
    (ROOMS, "services/notifier/notices/rules.py", "from services.notifier.notices import tables as _"),
    (ROOMS, "services/indicators/gaps/store.py", "from services.indicators.gaps.due import store as _"),
    (ROOMS, "services/indicators/gaps/due/store.py", "from services.indicators.gaps.due import service as _"),
    (SQL, "services/registry/units/routes.py", "import sqlalchemy"),
    (SQL, "services/notifier/notices/service.py", "from sqlmodel import select"),
    (SQL, "services/notifier/channels/smtp.py", "import asyncpg"),
    (SQL, "services/indicators/worker.py", "from sqlalchemy import text"),
    (TABLES, "services/registry/units/routes.py", "from services.registry.units.tables import Unit as _"),
    (TABLES, "services/notifier/schedules/jobs.py", "import services.notifier.schedules.tables"),
    (TABLES, "services/registry/units/schemas.py", "import services.registry.units.tables"),
    (PURE, "services/registry/units/rules.py", "import time"),
    (PURE, "services/notifier/notices/rules.py", "import services.kit.clock"),
    (PURE, "services/notifier/ladders/rules.py", "from services.kit.db import Session"),
    (PURE, "services/notifier/deliveries/rules.py", "import httpx"),
    (PURE, "services/plan_file/rules/targets.py", "import fastapi"),
    (PURE, "services/indicators/observations/intake/rules.py", "import pathlib"),
    (ARQ, "services/registry/units/service.py", "import arq"),
    (ARQ, "services/notifier/schedules/jobs.py", "from arq.connections import ArqRedis"),
    (ARQ, "services/kit/app.py", "import arq"),
    (NO_HTTP, "services/registry/units/service.py", "from fastapi import Request"),
    (NO_HTTP, "services/notifier/schedules/jobs.py", "import starlette.requests"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """The contracts that each plant breaks in a copy of the tree; first of all a plant that is none."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "services", copy / "services", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    plants = [["services/__init__.py", ""], *([file, line] for _, file, line in PLANTS)]
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("lint.py")],
        cwd=copy,
        input=json.dumps(plants),
        env=UNTRACED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_every_contract_holds(found: list[list[str]]) -> None:
    assert found[0] == []


@pytest.mark.parametrize(
    ("number", "contract"),
    [
        pytest.param(number, contract, id=f"{Path(file).parent.name}.{Path(file).stem}: {line}")
        for number, (contract, file, line) in enumerate(PLANTS, start=1)
    ],
)
def test_a_planted_import_breaks_its_contract(found: list[list[str]], number: int, contract: str) -> None:
    assert contract in found[number]


def test_every_contract_has_a_plant() -> None:
    assert {contract for contract, _, _ in PLANTS} == set(CONTRACTS)


def test_a_new_feature_or_room_must_take_its_place_in_the_order(tmp_path: Path) -> None:
    """The lists are exhaustive: a folder or a file that is in none of them is refused."""
    shutil.copytree(ROOT / "services", tmp_path / "services", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for service in ("registry", "indicators", "notifier"):
        feature = tmp_path / "services" / service / "unlisted"
        feature.mkdir()
        (feature / "__init__.py").touch()
    (tmp_path / "services/registry/units/unlisted.py").touch()
    (tmp_path / "services/unlisted.py").touch()
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("lint.py")],
        cwd=tmp_path,
        input=json.dumps([["services/__init__.py", ""]]),
        env=UNTRACED,
        capture_output=True,
        text=True,
        check=True,
    )
    (answer,) = json.loads(done.stdout.splitlines()[-1])
    assert {HOUSE, REGISTRY, INDICATORS, NOTIFIER, ROOMS} <= set(answer)
