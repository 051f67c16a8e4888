"""What an entry of the trail says of a change: pure, whatever was changed."""

import hashlib

from services.kit.audit import NAMED, differences, wrote
from services.kit.chain import canonical


def test_only_what_differs_is_told() -> None:
    assert differences({"a": 1, "b": [1]}, {"a": 1, "b": [2], "c": None}) == {"b": [[1], [2]]}


def test_what_is_new_was_null_and_what_ended_is_null() -> None:
    assert differences(None, {"a": 1}) == {"a": [None, 1]}
    assert differences({"a": 1}, None) == {"a": [1, None]}


def test_of_the_acts_of_a_case_only_what_came_is_told() -> None:
    assert differences({"acts": [1]}, {"acts": [1, 2]}) == {"acts": [None, [2]]}
    assert differences(None, {"acts": [1]}) == {"acts": [None, [1]]}


def test_of_many_the_first_are_named_and_all_are_in_the_digest() -> None:
    items = [{"subject": f"unit:{place}", "version": 1, "changes": {}} for place in range(NAMED + 1)]
    assert wrote(items[:NAMED]) == {"wrote": items[:NAMED]}
    told = wrote(items)
    assert (told["wrote"][0], len(told["wrote"])) == ({"subject": "unit:0", "version": 1}, NAMED)
    digest = hashlib.sha256(canonical(items).encode()).hexdigest()
    assert (told["wrote_total"], told["wrote_sha256"]) == (NAMED + 1, digest)
    assert wrote([]) == {}
