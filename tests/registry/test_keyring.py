"""Keys that sign tokens change on schedule, and nobody's token is refused for it."""

import jwt
import pytest
from cryptography.exceptions import InvalidTag

from services.kit.claims import AUDIENCE, ISSUER, LIFETIME_SECONDS
from services.registry.keyring import Keyring

PERIOD = 86_400
TURN = 20_000 * PERIOD
SEED, OTHER = bytes(32), bytes([1]) * 32


def keyring(*seeds: bytes) -> Keyring:
    return Keyring(seeds=seeds or (SEED,), key_secret=b"s" * 32, contact_key=bytes(32), period=PERIOD)


def signed(at: float, ring: Keyring | None = None) -> str:
    return (ring or keyring()).sign({"iss": ISSUER, "aud": AUDIENCE, "sub": "desk", "iat": int(at)})


def kid(token: str) -> str:
    found: str = jwt.get_unverified_header(token)["kid"]
    return found


def published(at: float, ring: Keyring | None = None) -> set[str]:
    return {key["kid"] for key in (ring or keyring()).jwks(at)["keys"]}


def test_the_key_changes_with_the_period_and_only_then() -> None:
    assert kid(signed(TURN)) == kid(signed(TURN + PERIOD - 1))
    assert len({kid(signed(TURN + number * PERIOD)) for number in range(5)}) == 5


def test_every_process_with_the_seed_has_the_same_keys() -> None:
    assert kid(signed(TURN)) == kid(signed(TURN, keyring()))
    assert kid(signed(TURN)) != kid(signed(TURN, keyring(OTHER)))


def test_a_token_holds_until_it_runs_out_whatever_changed_meanwhile() -> None:
    last = signed(TURN - 1)
    for at in (TURN - 1, TURN, TURN + LIFETIME_SECONDS):
        keys = jwt.PyJWKSet.from_dict(keyring().jwks(at))
        claims = jwt.decode(last, keys[kid(last)], algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER)
        assert claims["sub"] == "desk"


def test_the_next_key_is_published_a_whole_period_before_it_signs() -> None:
    following = kid(signed(TURN))
    assert following in published(TURN - PERIOD)
    assert following not in published(TURN - PERIOD - 1)


def test_a_key_of_long_ago_is_published_no_more() -> None:
    assert kid(signed(TURN - 1)) not in published(TURN + PERIOD)


def test_the_first_seed_signs_and_the_keys_of_all_are_published() -> None:
    both = keyring(OTHER, SEED)
    assert kid(signed(TURN, both)) == kid(signed(TURN, keyring(OTHER)))
    assert published(TURN) < published(TURN, both)
    assert len(published(TURN, both)) == 6


def test_what_is_published_is_public() -> None:
    assert {name for key in keyring().jwks(TURN)["keys"] for name in key} == {"kty", "crv", "x", "kid", "use", "alg"}


def test_a_kept_answer_opens_for_its_own_request_only() -> None:
    locked = keyring().answers.lock("内容", "one")
    assert keyring().answers.unlock(locked, "one") == "内容"
    with pytest.raises(InvalidTag):
        keyring().answers.unlock(locked, "two")
