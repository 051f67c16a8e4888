"""What is hashed of an audit entry, and how a chain is followed."""

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.chain import GENESIS, Anchor, Check, canonical, link, parsed

REGION = "330109"


def chain(length: int, **details: object) -> list[dict[str, Any]]:
    """Entries as a service answers them."""
    before, made = GENESIS, []
    for position in range(1, length + 1):
        entry: dict[str, Any] = {
            "region": REGION,
            "position": position,
            "id": f"id-{position}",
            "at": "2018-07-16T01:00:00.000000Z",
            "client_id": "desk",
            "act": "unit.create",
            "subject": f"unit:{position}",
            "details": {"version": Decimal(position), **details},
        }
        before = link(before, "registry", entry)
        made.append({**entry, "hash": before.hex()})
    return made


def breaks(entries: list[dict[str, Any]], *anchors: Anchor) -> list[tuple[int, str]]:
    check = Check("registry", REGION, anchors)
    found = [each for entry in entries for each in check.follow(entry)]
    return [(each.position, each.code) for each in [*found, *check.end()]]


def anchor_of(entry: dict[str, Any]) -> Anchor:
    return Anchor("registry", REGION, entry["position"], entry["hash"])


def test_the_hash_can_be_computed_with_any_program() -> None:
    """As docs/reference/audit.md says it, by hand."""
    content = (
        '{"act":"unit.create","at":"2018-07-16T01:00:00.000000Z","client_id":"desk",'
        '"details":{"version":1,"名称":"甲"},"id":"id-1","position":1,"region":"330109","service":"registry",'
        '"subject":"unit:1"}'
    )
    assert chain(1, 名称="甲")[0]["hash"] == hashlib.sha256(bytes(32) + content.encode()).hexdigest()


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_keep_every_digit(number: Decimal) -> None:
    assert canonical(parsed(format(number, "f"))) == format(number, "f")


def test_a_number_is_as_it_was_written() -> None:
    assert [canonical(parsed(text)) for text in ("0.10", "0.1", "12345678901234567890.5", "true", "null")] == [
        "0.10",
        "0.1",
        "12345678901234567890.5",
        "true",
        "null",
    ]


def test_a_whole_chain_has_no_breaks() -> None:
    entries = chain(5)
    assert breaks(entries, anchor_of(entries[1]), anchor_of(entries[4])) == []


@pytest.mark.parametrize("field", ["id", "at", "client_id", "act", "subject", "details", "region", "hash"])
def test_an_edit_is_found_at_its_entry(field: str) -> None:
    entries = chain(5)
    entries[2] = {**entries[2], field: "00" * 32}
    assert (3, "changed") in breaks(entries)


def test_an_entry_that_is_gone_is_named() -> None:
    entries = chain(6)
    assert breaks([*entries[:2], *entries[4:]], anchor_of(entries[3])) == [(3, "missing")]


def test_two_entries_that_changed_places_are_found() -> None:
    entries = chain(4)
    one, two = entries[1], entries[2]
    entries[1], entries[2] = {**two, "position": 2}, {**one, "position": 3}
    assert {position for position, _ in breaks(entries)} >= {2, 3}
    assert breaks([entries[0], entries[0]]) == [(1, "unordered")]


def test_a_tail_that_was_cut_off_contradicts_an_anchor() -> None:
    entries = chain(5)
    assert breaks(entries[:3]) == []
    assert breaks(entries[:3], anchor_of(entries[4])) == [(5, "cut-off")]


def test_a_chain_that_was_computed_anew_contradicts_an_anchor() -> None:
    kept = anchor_of(chain(5)[3])
    assert breaks(chain(5, forged=True)) == []
    assert breaks(chain(5, forged=True), kept) == [(4, "anchor")]


def test_an_entry_without_a_hash_is_a_break() -> None:
    entries = chain(3)
    entries[1] = {**entries[1], "hash": None}
    assert breaks(entries, anchor_of(chain(3)[1]))[:2] == [(2, "changed"), (2, "anchor")]
    entries[1] = {**entries[1], "hash": "no hex"}
    assert (2, "changed") in breaks(entries)


def test_an_anchor_is_one_line_and_found_in_a_log() -> None:
    anchor = anchor_of(chain(1)[0])
    assert Anchor.read(str(anchor)) == anchor
    assert Anchor.read(f'{{"message":"audit anchor {anchor}"}}') == anchor
    with pytest.raises(ValueError, match="an anchor was expected"):
        Anchor.read("registry:330109:1:short")
    assert breaks(chain(2), Anchor("notifier", REGION, 9, "00" * 32)) == []
