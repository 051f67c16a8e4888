"""The registry's three secrets and what they do: sign tokens, recognise API keys, keep contact addresses unreadable."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.kit.claims import ALGORITHM

NONCE = 12


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
    """`seeds`: the first signs, the others are still published, so that a key can be changed without a break."""

    def __init__(self, *, seeds: Sequence[bytes], key_secret: bytes, contact_key: bytes) -> None:
        self._signing = [SigningKey.of(seed) for seed in seeds]
        self._secret = key_secret
        self._addresses = Lock(contact_key)
        self.answers = Lock(hmac.digest(key_secret, b"kept answers", "sha256"))
        """Locks what was answered once and may be asked for again: a new key is shown to nobody else."""

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys by which tokens are checked."""
        return {"keys": [dict(key.public) for key in self._signing]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with these claims (RFC 9068)."""
        key = self._signing[0]
        return jwt.encode(dict(claims), key.private, ALGORITHM, headers={"kid": key.kid, "typ": "at+jwt"})

    def digest(self, key: str) -> bytes:
        """What is stored of an API key."""
        return hmac.digest(self._secret, key.encode(), "sha256")

    def lock(self, address: str, of: str) -> str:
        """A contact address as it is stored; it can be unlocked for the same contact only."""
        return self._addresses.lock(address, of)

    def unlock(self, locked: str, of: str) -> str:
        """The address that `lock` closed; `cryptography.exceptions.InvalidTag` where it is another's or was changed."""
        return self._addresses.unlock(locked, of)
