"""Every fixed value of the frozen documents has its names in a code list, and no name is left without a value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import pytest

from services.indicators.codes import CODES as INDICATORS
from services.kit.code_lists import MARK, fixed, places, uses, values
from services.kit.codes import CodeLists, code_list
from services.notifier.codes import CODES as NOTIFIER
from services.plan_file.findings import KINDS
from services.plan_file.findings.codes import TITLES
from services.registry.main import CODES as REGISTRY
from services.registry.main import bodies
from services.registry.sheets.columns import columns
from services.registry.sheets.rules import Column, read, write
from tests.contracts.openapi.frozen import frozen
from tests.structure.house import SERVICES, document

LISTS: Mapping[str, CodeLists] = {"registry": REGISTRY, "indicators": INDICATORS, "notifier": NOTIFIER}
CHINESE = re.compile(r"[一-鿿]")
AS_THEY_ARE = {"%"}
"""What officials write without a Chinese word."""

each_service = pytest.mark.parametrize("service", SERVICES)


def unnamed(told: dict[str, Any], lists: CodeLists) -> list[list[str]]:
    return [values(field) for field in fixed(told) if lists.of(values(field)) is None]


@each_service
def test_every_fixed_value_of_the_frozen_document_has_its_names(service: str) -> None:
    assert unnamed(frozen(service), LISTS[service]) == []


@each_service
def test_every_code_is_a_value_of_the_frozen_document(service: str) -> None:
    told = frozen(service)
    there = {frozenset(values(field)) for field in fixed(told)}
    fields = {place for place, _ in places(told)}
    idle = [
        f"{each.name}: {code}"
        for each in LISTS[service]
        for code in each.codes
        if not any(code in one for one in each.types if one in there) and not set(each.fields) & fields
    ]
    assert idle == []
    assert [field for each in LISTS[service] for field in each.fields if field not in fields] == []


@each_service
def test_every_list_names_its_fields_and_the_document_names_the_lists(service: str) -> None:
    told = document(service)
    assert set(uses(told, LISTS[service])) == set(LISTS[service].by_name)
    assert all(MARK in field for field in fixed(told))


@each_service
def test_every_name_is_in_its_language(service: str) -> None:
    for each in LISTS[service]:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.name)
        assert CHINESE.search(each.zh), each.name
        for code, named in each.codes.items():
            assert CHINESE.search(named.zh) or named.zh in AS_THEY_ARE, (each.name, code)
            assert named.en
            assert not CHINESE.search(named.en), (each.name, code)


def test_a_list_is_the_same_in_every_service() -> None:
    found: dict[str, Any] = {}
    for lists in LISTS.values():
        for each in lists:
            assert found.setdefault(each.name, each) == each


def choices(told: Sequence[Column]) -> Iterator[Column]:
    """The columns of fixed values, and those within things."""
    for column in told:
        if column.choices:
            yield column
        yield from choices(column.parts)


def test_what_a_sheet_says_for_a_code_is_read_as_that_code() -> None:
    """People read names in an export and send it back."""
    found = [column for kind, model in bodies().items() for column in choices(columns(model, kind))]
    for column in found:
        assert {label for label in column.choices.values() if not CHINESE.search(label)} == set(), column.name
        for code in column.choices:
            value = [code] if column.kind == "texts" else code
            cell = write(column, value, labels=True)
            assert read(column, "text", str(cell)) == value, cell
    assert len(found) > 10


def test_every_kind_of_finding_has_a_title() -> None:
    assert list(TITLES) == [kind.code for kind in KINDS]


def test_a_value_that_nobody_named_would_be_seen() -> None:
    told = {"components": {"schemas": {"Gap": {"properties": {"light": {"enum": ["red", "blue"]}}}}}}
    assert unnamed(told, INDICATORS) == [["red", "blue"]]


def test_a_list_names_exactly_the_values_of_its_types() -> None:
    with pytest.raises(ValueError, match="blue"):
        code_list("lights", "灯", "lights", {"red": ("红灯", "red")}, Literal["red", "blue"])
    with pytest.raises(ValueError, match="green"):
        code_list("lights", "灯", "lights", {"red": ("红灯", "red"), "green": ("绿灯", "green")}, Literal["red"])
    with pytest.raises(ValueError, match="one Chinese name"):
        code_list("lights", "灯", "lights", {"red": ("红灯", "red"), "blue": ("红灯", "blue")}, Literal["red", "blue"])


def test_the_same_values_are_not_called_by_two_lists() -> None:
    lights = code_list("lights", "灯", "lights", {"red": ("红灯", "red")}, Literal["red"])
    colours = code_list("colours", "颜色", "colours", {"red": ("红色", "red")}, Literal["red"])
    with pytest.raises(ValueError, match="both of lights and of colours"):
        CodeLists(lights, colours)
    with pytest.raises(ValueError, match="one name"):
        CodeLists(lights, lights)
