"""What becomes of a delivery after an attempt. Source: the table of answers in the delivery design."""

from dataclasses import dataclass
from datetime import timedelta

from services.notifier.channels.rules import Outcome, Result

DELAYS = (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds until the next try after each temporary refusal."""
SPREAD = 0.2


@dataclass(frozen=True)
class Settled:
    """The state after an attempt, and when to try again."""

    state: str
    again_after: timedelta | None = None


def settle(outcome: Outcome, attempts: int, spread: float) -> Settled:
    """What an outcome means after so many attempts, this one included; `spread` in -1 to 1 varies the pause."""
    if outcome.result is not Result.RETRY:
        return Settled(
            {Result.ACCEPTED: "accepted", Result.REJECTED: "rejected", Result.UNKNOWN: "unknown"}[outcome.result]
        )
    if attempts > len(DELAYS):
        return Settled("dead")
    pause = outcome.retry_after or DELAYS[attempts - 1]
    return Settled("retry_wait", timedelta(seconds=pause * (1 + SPREAD * spread)))
