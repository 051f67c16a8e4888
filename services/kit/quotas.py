"""How many requests one caller may send: a quota `q` in every window of `w` seconds. Pure: the instant is a parameter.

The promise: no window of `w` seconds, wherever it begins, holds more than `q` requests that were taken, and each is given
back between `w` and `w + w/60` seconds after it was taken. Requests that were refused do not count.

What was taken is kept as a log in which requests less than a sixtieth of the window apart are one entry: at most 62 small
entries however large the quota is. A token bucket (GCRA) would take up to twice the quota in a window that lies badly,
and so would a counter that starts anew at each full minute.
"""

from collections.abc import Hashable
from typing import NamedTuple

SECOND = 1_000_000_000
"""In nanoseconds, which instants and spans are counted in: exact where fractions of seconds are not."""
GRAINS = 60
"""Into so many parts a window is divided; requests within one are given back together."""
MOST_KEYS = 65_536
"""So many are told apart at once. Whoever comes new beyond that shares one quota with the others who do, and may have one
of its own beside it once there is room: a flood of addresses takes no more memory than this."""


class Standing(NamedTuple):
    """What became of a request: whether it is taken, what is left, and how long until more is."""

    taken: bool
    left: int
    wait: int
    """Nanoseconds until the next of what was taken is given back: never longer than the window."""

    @property
    def seconds(self) -> int:
        """The wait in whole seconds; whoever has waited so long is not early."""
        return -(-self.wait // SECOND)


class _Run:
    """Requests that came closely one after another."""

    __slots__ = ("count", "first", "last")

    def __init__(self, now: int) -> None:
        self.first = self.last = now
        self.count = 1


class _Log:
    """What one key was given within the window, the oldest first."""

    __slots__ = ("runs", "taken")

    def __init__(self) -> None:
        self.runs: list[_Run] = []
        self.taken = 0


class Quota:
    """The same quota for each of many keys. Whoever was not heard of for a window is forgotten within the next."""

    def __init__(self, name: str, requests: int, seconds: int) -> None:
        self.name, self.requests, self.seconds = name, requests, seconds
        self._window = seconds * SECOND
        self._grain = self._window // GRAINS
        self._heard: dict[Hashable, _Log] = {}
        self._heard_before: dict[Hashable, _Log] = {}
        self._turned = 0
        self._others = _Log()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._heard) + len(self._heard_before)

    def take(self, key: Hashable, now: int) -> Standing:
        """Take a request of `key` at `now`, or refuse it. Instants never go back."""
        log = self._log(key, now)
        runs = log.runs
        while runs and runs[0].last + self._window <= now:
            log.taken -= runs.pop(0).count
        if log.taken >= self.requests:
            return Standing(taken=False, left=0, wait=runs[0].last + self._window - now)
        log.taken += 1
        if runs and now - runs[-1].first < self._grain:
            runs[-1].last = now
            runs[-1].count += 1
        else:
            runs.append(_Run(now))
        return Standing(taken=True, left=self.requests - log.taken, wait=runs[0].last + self._window - now)

    def _log(self, key: Hashable, now: int) -> _Log:
        """The log of a key. Of two tables the older is dropped each window: all that it holds was given back by then."""
        if now - self._turned >= self._window:
            late = now - self._turned >= 2 * self._window
            self._heard_before = {} if late else self._heard
            self._heard = {}
            self._turned = now
        log = self._heard.get(key)
        if log is None:
            log = self._heard_before.pop(key, None)
            if log is None:
                if len(self) >= MOST_KEYS:
                    return self._others
                log = _Log()
            self._heard[key] = log
        return log
