"""Where a text has not the form that it must have, words say which form that is, in Chinese and English."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.kit.forms import FORMS
from tests.registry.running import Registry

DOCUMENTS = sorted((Path(__file__).parents[1] / "contracts/openapi").glob("*.json"))
EXAMPLE = re.compile(r"such as ([^ :,]+(?::[A-Za-z0-9.]+)?)")


def of_numbers(pattern: str) -> bool:
    """Whether it is a form of exact numbers: their own readers say what is wrong with one."""
    return re.search(pattern, "12.5") is not None and re.search(pattern, "a") is None


def patterns(at: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Every pattern in a document."""
    if isinstance(at, dict):
        found = at.get("pattern")
        if isinstance(found, str):
            yield found
        for inner in at.values():
            yield from patterns(inner)
    elif isinstance(at, list):
        for inner in at:
            yield from patterns(inner)


def test_every_form_in_the_documents_has_a_sentence_and_there_are_no_others() -> None:
    assert len(DOCUMENTS) == 3
    there = {found for document in DOCUMENTS for found in patterns(json.loads(document.read_text()))}
    assert {pattern for pattern in there if not of_numbers(pattern)} == set(FORMS)


@pytest.mark.parametrize(
    ("pattern", "example"),
    [(pattern, found[1]) for pattern, (en, _) in FORMS.items() if (found := EXAMPLE.search(en)) is not None],
)
def test_the_example_of_a_form_has_that_form(pattern: str, example: str) -> None:
    assert re.search(pattern, example)
    assert example in FORMS[pattern][1]


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("POST", "/v1/problems", {"raised_by": "区经信局"}, "/body/raised_by"),
        ("POST", "/v1/projects/P01/steps", {"reviewers": ["区经信局"]}, "/body/reviewers/0"),
        ("GET", "/v1/units/区经信局", None, "/path/code"),
    ],
)
async def test_a_name_where_a_code_of_a_unit_is_needed_is_told_so_in_words(
    shared: Registry, method: str, path: str, body: object, pointer: str
) -> None:
    for language, told in (("zh", "应填写单位代码而非名称，如 jingxin"), ("en", "the code of a unit, not its name")):
        answer = await shared.http.request(method, path, json=body, headers={"Accept-Language": language})
        said = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
        assert said[pointer].startswith(told)
