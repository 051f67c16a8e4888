import csv
import re
from pathlib import Path
from typing import get_args

import pytest

from services.plan_file.measuring import LightReason
from tests.structure import pages, shell
from tests.structure.house import ROOT, SETTINGS

READMES = ("README.md", "README.zh-CN.md")
each_page = pytest.mark.parametrize("page", shell.pages(), ids=lambda page: str(page.relative_to(ROOT)))
NAMED = re.compile(r"\bDUBAN_[A-Z][A-Z_]*[A-Z]\b")


@each_page
def test_every_command_can_be_typed(page: Path) -> None:
    assert [(line, why) for line in shell.lines(page) if (why := shell.wrong(line))] == []


@each_page
def test_every_command_in_a_sentence_exists(page: Path) -> None:
    assert [(text, why) for text in shell.quoted(page) if (why := shell.wrong_name(text))] == []


@pytest.mark.parametrize(
    "line",
    ["make everything", "duban plan burn x", "duban up --prot 1", "duban plan check nowhere.yaml", "psql -l"],
)
def test_a_command_that_cannot_be_typed_would_be_seen(line: str) -> None:
    assert shell.wrong(line)


@each_page
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", pages.pages(), ids=lambda page: page.name)
def test_the_tables_are_as_the_code_has_them(page: Path) -> None:
    """`python -m tests.structure.pages` writes them anew."""
    text = page.read_text(encoding="utf-8")
    assert pages.renewed(text) == text


def test_every_table_has_its_place() -> None:
    placed = [
        match["name"] for page in pages.pages() for match in pages.MARK.finditer(page.read_text(encoding="utf-8"))
    ]
    assert sorted(placed) == sorted(pages.SECTIONS)


def test_every_variable_that_is_read_is_in_the_settings() -> None:
    read = [
        path for part in ("services", "deploy", "migrations") for path in (ROOT / part).rglob("*") if path.is_file()
    ]
    read = [path for path in read if path.suffix in {".py", ".sh", ".ini", ".sql"}]
    names = {name for path in (*read, ROOT / "docker-compose.yml") for name in NAMED.findall(path.read_text())}
    told = set(NAMED.findall((ROOT / "docs/reference/settings.md").read_text()))
    assert names - told == set()
    assert names


def test_every_setting_is_explained() -> None:
    for model in SETTINGS.values():
        assert [name for name, field in model.model_fields.items() if not field.description] == []


def test_every_reason_of_a_light_is_explained() -> None:
    told = (ROOT / "docs/reference/answers.md").read_text()
    assert [reason for reason in get_args(LightReason) if f"| `{reason}` |" not in told] == []


def test_every_column_of_the_expected_answers_is_explained() -> None:
    with (ROOT / "tests/data/answers-2018-06-30.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    told = (ROOT / "docs/reference/answers.md").read_text()
    assert [column for column in columns if column != "target" and f"| `{column}`" not in told] == []


@pytest.mark.parametrize("name", READMES)
def test_the_readme_tells_what_the_first_start_shows(name: str) -> None:
    with (ROOT / "tests/data/notices-2018-07-16.csv").open(encoding="utf-8", newline="") as file:
        notices = list(csv.DictReader(file))
    own = sum(notice["own_message"] == "yes" for notice in notices)
    digests = len({notice["unit"] for notice in notices if notice["digest"] == "yes"})
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(rf"\b{len(notices)}\D{{0,10}}(lagging|滞后)", text.replace("项", " 项"))
    assert re.search(rf"\b{own + digests}\D{{0,10}}(mails|邮件)", text.replace("封", " 封"))


def test_both_readmes_give_the_same_commands() -> None:
    first, second = (list(shell.lines(ROOT / name)) for name in READMES)
    assert first[:2] == ["make run", "make test"]
    assert first == second


def test_decisions_are_numbered_without_a_gap_and_say_context_decision_consequence() -> None:
    files = sorted((ROOT / "docs/decisions").glob("0*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(file.name[:4])}. ")
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequence"))
