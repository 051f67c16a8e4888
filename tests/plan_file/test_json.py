"""A plan file as JSON: numbers exact, keys once, and every fault with its path."""

import json
from decimal import Decimal

import pytest

from services.plan_file.faults import Fault
from services.plan_file.reading import read_json
from services.plan_file.tree import MAX_DEPTH
from tests.plan_file.samples import SMALL, plan_of

DOCUMENT = plan_of(SMALL).model_dump_json()


def faults(source: str | bytes) -> list[Fault]:
    given = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    reading = read_json(given)
    assert reading.plan_file is None
    return list(reading.faults)


def test_json_reads_as_the_yaml_it_says_the_same_as() -> None:
    assert read_json(DOCUMENT.encode()).plan_file == plan_of(SMALL)


def test_numbers_of_json_stay_exact() -> None:
    given = DOCUMENT.replace('"investment":"60.5"', '"investment":60.123456789012')
    plan_file = read_json(given.encode()).plan_file
    assert plan_file is not None
    assert plan_file.projects[1].investment == Decimal("60.123456789012")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "json_syntax"),
        ("{", "json_syntax"),
        ('{"format": NaN}', "json_syntax"),
        ('{"format": -Infinity}', "json_syntax"),
        (b"\xff\xfe", "not_utf8"),
        ("[]", "not_a_mapping"),
        ("3", "not_a_mapping"),
        ('{"plan": 1, "plan": 2}', "json_key_twice"),
        ('{"plan": ' + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1) + "}", "too_deep"),
        ("[" * 200_000, "too_deep"),
        ('{"format": "\\ud800"}', "half_character"),
        ('{"\\udfff": 1}', "half_character"),
        ('{"plan": [{"\\udfff": 1}]}', "half_character"),
    ],
)
def test_what_is_no_json_of_a_plan_is_one_fault(source: str | bytes, code: str) -> None:
    assert [fault.code for fault in faults(source)] == [code]


@pytest.mark.parametrize("number", ["1e999999999", "9" * 5000, "-" + "9" * 30, "1.5"])
def test_numbers_out_of_range_are_faults_of_their_place(number: str) -> None:
    given = DOCUMENT.replace('"number":1', f'"number":{number}')
    assert [fault.where for fault in faults(given)] == ["enterprises[0].number"]


def test_faults_have_a_path_and_no_line() -> None:
    document = json.loads(DOCUMENT)
    document["targets"][2]["indicator"] = "grow"
    del document["plan"]["source"]
    found = faults(json.dumps(document))
    assert [(fault.code, fault.where, fault.line) for fault in found] == [
        ("missing", "plan", None),
        ("unknown_reference", "targets[2].indicator", None),
    ]
    assert found[1].sentence("zh").startswith("targets[2].indicator：")
