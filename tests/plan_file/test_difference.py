"""An apply says beforehand what it would change."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from services.plan_file.difference import Change, FieldChange, Key, difference, objects
from services.plan_file.parts import split
from tests.plan_file.samples import SMALL, XIAOSHAN, changed, plan_of

REGISTRY = objects(split(plan_of(SMALL)).registry)

documents = st.dictionaries(
    st.tuples(st.sampled_from(["unit", "target"]), st.sampled_from(["a", "b", "c"])),
    st.dictionaries(st.sampled_from(["x", "y"]), st.none() | st.booleans() | st.text(max_size=2), max_size=2),
)


def applied(before: dict[Key, dict[str, JsonValue]], changes: list[Change]) -> dict[Key, dict[str, JsonValue]]:
    """Do what the changes say; null means that the field is not there."""
    after = {key: dict(fields) for key, fields in before.items()}
    for change in changes:
        key = (change.kind, change.code)
        if change.change == "delete":
            del after[key]
            continue
        after.setdefault(key, {}).update({each.field: each.after for each in change.fields})
    return after


def without_nulls(found: dict[Key, dict[str, JsonValue]]) -> dict[Key, dict[str, JsonValue]]:
    return {key: {name: value for name, value in item.items() if value is not None} for key, item in found.items()}


@given(documents, documents)
def test_the_changes_lead_from_one_to_the_other(
    before: dict[Key, dict[str, JsonValue]], after: dict[Key, dict[str, JsonValue]]
) -> None:
    changes = difference(before, after, prune=True)
    assert without_nulls(applied(before, changes)) == without_nulls(after)


@given(documents)
def test_applying_twice_changes_nothing(document: dict[Key, dict[str, JsonValue]]) -> None:
    assert difference(document, document, prune=True) == []


def test_nothing_is_deleted_unless_asked() -> None:
    assert difference(REGISTRY, {}) == []


def test_what_is_pruned_shows_what_it_was() -> None:
    key = ("unit", "office")
    assert difference({key: {"name": "区政府办"}}, {}, prune=True) == [
        Change(
            kind="unit",
            code="office",
            change="delete",
            fields=[FieldChange(field="name", before="区政府办", after=None)],
        )
    ]


def test_a_first_apply_creates_every_object_of_the_part() -> None:
    changes = difference({}, REGISTRY)
    assert [(change.kind, change.code) for change in changes] == list(REGISTRY)
    assert {change.change for change in changes} == {"create"}


def test_a_changed_field_is_shown_before_and_after() -> None:
    other = objects(split(plan_of(changed("investment: 500", "investment: 600"))).registry)
    assert difference(REGISTRY, other) == [
        Change(
            kind="project",
            code="P01",
            change="update",
            fields=[FieldChange(field="investment", before="500", after="600")],
        )
    ]


def test_every_object_goes_by_kind_and_code() -> None:
    assert {("plan", "small"), ("contact", "economy/liaison"), ("responsibility", "T01")} <= set(REGISTRY)
    notifier = objects(split(plan_of(SMALL)).notifier)
    assert list(notifier) == [("ladder", "three"), ("sending", "small"), ("digest", "weekly")]


def test_the_sample_has_an_object_for_every_item() -> None:
    parts = split(plan_of(XIAOSHAN))
    assert len(objects(parts.indicators)) == 16 + 2 + 65
