"""Keys and tokens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.claims import SCOPES, administrations
from services.registry.identity import rules
from services.registry.identity.rules import BadKey, BeyondKey, Granted, Holder, Subject
from services.registry.units.rules import below

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def holder(**changed: object) -> Holder:
    """A key that holds."""
    usual: dict[str, Any] = {
        "client_id": "desk",
        "region": "330109",
        "digest": b"right",
        "scopes": frozenset({"registry:read", "notices:read"}),
        "unit": "jx",
        "unit_path": "gov.jx",
        "expires_at": NOW + timedelta(seconds=1),
        "revoked_at": None,
    }
    return Holder(**{**usual, **changed})


def subject(**changed: object) -> Subject:
    """Whom a token speaks for."""
    usual: dict[str, Any] = {
        "name": "desk",
        "client_id": "desk",
        "region": "330109",
        "unit": "jx",
        "unit_path": "gov.jx",
    }
    return Subject(**{**usual, **changed})


def test_the_holder_is_the_one_whose_digest_it_is() -> None:
    assert rules.holder_of(b"right", [holder(digest=b"wrong"), holder()], NOW) == holder()


@pytest.mark.parametrize(
    "changed",
    [{"digest": b"wrong"}, {"expires_at": NOW}, {"revoked_at": NOW}, {"unit_path": None}],
    ids=["unknown", "expired", "revoked", "unit gone"],
)
def test_a_key_that_does_not_hold_is_refused_without_saying_why(changed: dict[str, Any]) -> None:
    with pytest.raises(BadKey):
        rules.holder_of(b"right", [holder(**changed)], NOW)


def test_a_key_without_an_end_or_a_unit_holds() -> None:
    assert holder(expires_at=None, unit=None, unit_path=None).holds(NOW)


def test_a_token_has_all_scopes_of_the_key_unless_fewer_are_asked_for() -> None:
    assert rules.granted(holder(), None) == holder().scopes
    assert rules.granted(holder(), "notices:read") == {"notices:read"}


def test_a_token_never_has_a_scope_that_the_key_has_not() -> None:
    with pytest.raises(BeyondKey, match="admin"):
        rules.granted(holder(), "admin notices:read")


def test_a_token_says_who_calls_and_what_part_of_the_tree_they_see() -> None:
    said = rules.claims(subject(), {"b", "a"}, now=NOW, jti="1")
    assert (said["sub"], said["scope"], said["unit"], said["unit_path"]) == ("desk", "a b", "jx", "gov.jx")
    assert said["exp"] - said["iat"] == 600


def test_a_token_of_a_caller_without_a_unit_sees_everything() -> None:
    said = rules.claims(subject(unit=None, unit_path=None), {"a"}, now=NOW, jti="1")
    assert "unit" not in said
    assert said["unit_path"] == ""


def test_scopes_that_do_not_exist_or_that_the_maker_lacks_are_faults() -> None:
    faults = rules.scope_faults(["registry:read", "nonsense", "admin"], {"registry:read"})
    assert [(fault.pointer, fault.code) for fault in faults] == [
        ("/body/scopes/1", "unknown-scope"),
        ("/body/scopes/2", "beyond-maker"),
    ]


labels = st.lists(st.sampled_from(["a", "ab", "b"]), max_size=4)


@given(labels, labels)
def test_a_path_is_below_another_when_it_begins_with_all_of_its_labels(path: list[str], top: list[str]) -> None:
    assert below(".".join(path), ".".join(top)) == (path[: len(top)] == top)


def test_a_key_ends_after_its_days() -> None:
    assert rules.expiry(NOW, 2) == datetime(2026, 1, 3, tzinfo=UTC)


def test_a_token_has_the_scopes_of_its_clients_roles_for_its_unit_too() -> None:
    roles = [Granted("unit_liaison", "jx", "gov.jx"), Granted("statistics_bureau", "other", "gov.other")]
    assert rules.granted(holder(), None, roles) == {
        "registry:read",
        "notices:read",
        "notices:reply",
        "indicators:read",
        "observations:submit",
        "files:submit",
        "projects:propose",
        "problems:raise",
        "tasks:report",
        "prospects:read",
        "prospects:write",
    }
    with pytest.raises(BeyondKey):
        rules.granted(holder(), "observations:verify", roles)


def test_a_role_of_a_unit_that_is_gone_does_not_hold() -> None:
    assert not Granted("unit_liaison", "jx", None).holds
    assert Granted("auditor", None, None).holds


def test_a_replaced_key_never_lasts_longer_than_it_would_have() -> None:
    assert rules.overlap_end(None, NOW, 24) == NOW + timedelta(days=1)
    assert rules.overlap_end(NOW + timedelta(hours=2), NOW, 24) == NOW + timedelta(hours=2)
    assert rules.overlap_end(NOW + timedelta(days=9), NOW, 0) == NOW


def test_the_auditors_role_changes_nothing_and_each_administration_is_one_role() -> None:
    assert all(scope.endswith(":read") for scope in rules.ROLES["auditor"].scopes)
    kinds = [administrations(role.scopes) for role in rules.ROLES.values()]
    assert [kind for kind in kinds if kind] == [{"system"}, {"security"}, {"audit"}]


def test_every_scope_is_in_a_role_but_those_of_machines() -> None:
    """A new scope that nobody can be granted would be one that nobody uses."""
    of_machines = {"notices:run", "contacts:deliver", "clock:move"}
    assert set(SCOPES) - rules.scopes_of(rules.ROLES) == of_machines
