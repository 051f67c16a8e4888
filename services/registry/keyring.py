"""The registry's three secrets and what they do: sign tokens, recognise API keys, keep contact addresses unreadable."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.kit.claims import ALGORITHM, TOKEN_TYPE

NONCE = 12
KEY_BYTES = 32
SECONDS_OF_A_DAY = 86_400


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key and its name (the RFC 7638 thumbprint)."""

    kid: str
    private: Ed25519PrivateKey
    public: Mapping[str, str]

    @classmethod
    def of(cls, seed: bytes) -> "SigningKey":
        """The key of a seed of 32 bytes."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        x = _text(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        kid = _text(hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest())
        public = {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "use": "sig", "alg": ALGORITHM}
        return cls(kid, private, public)


class Lock:
    """AES-GCM under one key: what is locked for one purpose opens for that one only."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def lock(self, text: str, of: str) -> str:
        """The text as it is stored."""
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), of.encode())).decode()

    def unlock(self, locked: str, of: str) -> str:
        """The text that `lock` closed; `cryptography.exceptions.InvalidTag` where it is another's or was changed."""
        raw = base64.b64decode(locked)
        return self._cipher.decrypt(raw[:NONCE], raw[NONCE:], of.encode()).decode()


class Keyring:
    """`seeds`: the first signs, the others are still published, so that a seed can be changed without a break.

    Of each seed a key is made for every period of `period` seconds, the same in every process that has the seed: keys
    change on schedule without anybody who would have to keep or share them. Published are the key of the period, the
    one before it, whose last tokens run out in the first minutes of the period, and the next one, so that whoever keeps
    the published keys has it before it is used.
    """

    def __init__(
        self, *, seeds: Sequence[bytes], key_secret: bytes, contact_key: bytes, period: int = 30 * SECONDS_OF_A_DAY
    ) -> None:
        self._seeds = list(seeds)
        self._period = period
        self._made: dict[tuple[bytes, int], SigningKey] = {}
        self._secret = key_secret
        self.addresses = Lock(contact_key)
        """Locks contact addresses, each for the contact whose it is."""
        self.answers = Lock(hmac.digest(key_secret, b"kept answers", "sha256"))
        """Locks what was answered once and may be asked for again: a new key is shown to nobody else."""

    def published(self, at: float) -> list[SigningKey]:
        """The keys by which tokens are checked at an instant (seconds since 1970), the one that signs first."""
        now = int(at // self._period)
        return [self._key(seed, number) for seed in self._seeds for number in (now, now - 1, now + 1)]

    def jwks(self, at: float) -> dict[str, list[dict[str, str]]]:
        """The public keys at an instant (RFC 7517)."""
        return {"keys": [dict(key.public) for key in self.published(at)]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with these claims (RFC 9068), by the key of the period in which it is issued."""
        key = self._key(self._seeds[0], int(claims["iat"] // self._period))
        return jwt.encode(dict(claims), key.private, ALGORITHM, headers={"kid": key.kid, "typ": TOKEN_TYPE})

    def _key(self, seed: bytes, number: int) -> SigningKey:
        made = self._made.get((seed, number))
        if made is None:
            derived = HKDFExpand(hashes.SHA256(), KEY_BYTES, b"duban signing key %d" % number).derive(seed)
            self._made = {
                (of, other): key
                for (of, other), key in self._made.items()
                if abs(other - number) <= 2  # noqa: PLR2004 - what is published
            }
            made = self._made[seed, number] = SigningKey.of(derived)
        return made

    def digest(self, key: str) -> bytes:
        """What is stored of an API key."""
        return hmac.digest(self._secret, key.encode(), "sha256")
