"""What holds for every versioned object."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.errors import WeakTag
from services.registry.versions import rules
from services.registry.versions.rules import MatchMissing, Reference, Stale, Unacceptable

printable = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


def like(pattern: str, text: str) -> bool:
    """LIKE as Postgres reads it, with a backslash before what is meant literally."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    meant = "".join(".*" if part == "%" else "." if part == "_" else re.escape(part[-1]) for part in parts)
    return re.fullmatch(meant, text, re.DOTALL) is not None


@given(printable, printable, printable)
def test_a_search_finds_every_text_that_holds_the_needle(before: str, needle: str, after: str) -> None:
    folded = rules.folded(before) + rules.folded(needle) + rules.folded(after)
    assert like(str(rules.wanted(needle)["q"]), folded)


@given(printable, printable)
def test_a_search_finds_nothing_that_lacks_the_needle(needle: str, text: str) -> None:
    found = like(str(rules.wanted(needle)["q"]), rules.folded(text))
    assert found == (rules.folded(needle) in rules.folded(text))


@given(printable)
def test_a_short_search_also_goes_by_its_characters(needle: str) -> None:
    filters = rules.wanted(needle)
    assert ("letters" in filters) == (len(rules.folded(needle)) <= rules.SHORT)


@given(printable, printable, printable)
def test_a_short_search_finds_by_its_letters_what_holds_it_and_nothing_else(needle: str, one: str, other: str) -> None:
    for short in (needle[:1], needle[:2]):
        filters: dict[str, Any] = dict(rules.wanted(short))
        kept: Any = rules.searched(one, other)["letters"]
        held = any(rules.folded(short) in rules.folded(text) for text in (one, other))
        assert ("letters" not in filters) or (filters["letters"][0] in kept) == held


def test_without_a_needle_nothing_is_filtered() -> None:
    assert rules.wanted(None) == {}


def test_full_width_and_capitals_are_found_like_half_width_and_small_letters() -> None:
    assert rules.searched("ＡＢＣ智造")["search"] == "abc智造"


def test_names_that_are_missing_leave_no_trace_in_the_search_text() -> None:
    assert rules.searched("信息", None, "")["search"] == "信息"


@pytest.mark.parametrize("header", ['"3"', '"1", "3"', 'W/"1", "3"', "*", "3"])
def test_a_match_that_names_the_version_is_taken(header: str) -> None:
    rules.check_match(header, 3)


def test_a_match_that_names_another_version_is_stale() -> None:
    with pytest.raises(Stale, match='"3"'):
        rules.check_match('"2"', 3)


@pytest.mark.parametrize("header", ['W/"3"', '"1", W/"3"', 'W/"2"'])
def test_a_weak_tag_never_matches_and_is_told_why(header: str) -> None:
    with pytest.raises(WeakTag, match="without W/") as refused:
        rules.check_match(header, 3)
    assert (refused.value.status, "不带 W/" in refused.value.zh) == (412, True)


def test_a_replacement_without_a_match_is_refused() -> None:
    with pytest.raises(MatchMissing):
        rules.check_match(None, 3)


def test_each_reference_to_what_is_not_there_is_a_fault() -> None:
    references = [Reference("/a", "unit", "x"), Reference("/b", "unit", "y"), Reference("/c", "industry", "x")]
    faults = rules.dangling(references, {("unit", "x")})
    assert [(fault.pointer, fault.code) for fault in faults] == [
        ("/b", "unknown-reference"),
        ("/c", "unknown-reference"),
    ]


def test_a_subject_names_its_object() -> None:
    assert [*rules.subject_reference("project:P01", "/s")] == [Reference("/s", "project", "P01")]


def test_a_region_is_no_object_of_the_registry() -> None:
    assert [*rules.subject_reference("region:330100", "/s")] == []


def test_a_code_in_the_body_that_is_not_the_paths_is_refused() -> None:
    with pytest.raises(Unacceptable) as refused:
        rules.check_code("a", "b")
    assert [fault.pointer for fault in refused.value.faults] == ["/body/code"]


def test_the_same_code_in_path_and_body_is_taken() -> None:
    rules.check_code("a", "a")
