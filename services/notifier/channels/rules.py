"""What a channel is, what it is given, and what its answers mean."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Result(StrEnum):
    """What is known after a call."""

    ACCEPTED = "accepted"
    """Taken by the next system; only an acknowledgement (签收) proves receipt."""
    RETRY = "retry"
    """Certainly not taken, for now."""
    REJECTED = "rejected"
    """Certainly not taken, for good."""
    UNKNOWN = "unknown"
    """It may have been taken: never sent again by itself."""


@dataclass(frozen=True)
class Outcome:
    """The end of one attempt."""

    result: Result
    code: int | None = None
    excerpt: str = ""
    """The answer, without addresses."""
    reference: str | None = None
    """What the next system calls the message."""
    retry_after: int | None = None
    """Seconds, where the next system says so."""


@dataclass(frozen=True)
class Recipient:
    """A person and an address."""

    name: str
    address: str


@dataclass(frozen=True)
class Message:
    """What a channel is given. The same `id` is the same message, however often it is tried."""

    id: uuid.UUID
    date: datetime
    """Business instant."""
    subject: str
    body: str
    to: tuple[Recipient, ...]
    copy: tuple[Recipient, ...] = ()
    synthetic: bool = False


class Channel(Protocol):
    """One way out (渠道)."""

    name: str
    call_seconds: float
    """A call ends within this time, whatever the other side does."""

    async def send(self, message: Message) -> Outcome:
        """Send once; never raises for what the other side does."""

    async def close(self) -> None:
        """Give its connections back."""
