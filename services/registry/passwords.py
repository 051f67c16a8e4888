"""Passwords as they are stored: Argon2id (RFC 9106), never in clear, never fast."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Each takes 64 MiB and a processor for some 50 ms: so many are computed at once, whoever asks."""


class Passwords:
    """Hashes and checks, outside of the event loop and of any transaction."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys = self._hasher.hash("nobody's")
        """What is checked where there is nobody: so that an answer takes as long."""

    async def hashed(self, password: str) -> str:
        """What is stored of a password."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether it is the password; the same work where none is stored."""
        async with self._turns:
            right = await asyncio.to_thread(self._verify, password, stored or self._nobodys)
        return right and stored is not None

    def _verify(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, stored: str) -> bool:
        """Whether it was hashed with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)
