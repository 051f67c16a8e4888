"""The chain of an audit trail (审计链): what is hashed of an entry, and how a chain is checked. Pure.

Every sealed entry carries the SHA-256 of the entry before and of its own content. Whoever edits, removes or moves an
entry breaks the chain at that place; whoever cuts off its end, or computes all of it anew, contradicts an anchor that
was kept elsewhere. The format is part of the interface (docs/reference/audit.md): others may check it with their own
program.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

GENESIS = bytes(32)
"""What stands before the first entry."""

HASHED = ("region", "position", "id", "at", "client_id", "act", "subject", "details")
"""The fields of an entry that its hash covers, beside the name of the service."""

_ANCHOR = re.compile(r"\b([a-z]+):(\d{6,12}):(\d{1,10}):([0-9a-f]{64})\b")


def parsed(text: str | bytes) -> Any:  # noqa: ANN401 - JSON
    """JSON with every number exactly as it was written."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def canonical(value: object) -> str:
    """JSON without blanks, keys by code point, characters as themselves, numbers without exponent."""
    if isinstance(value, Mapping):
        inner = ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value))
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(canonical(item) for item in value)}]"
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value, ensure_ascii=False)


def link(previous: bytes, service: str, entry: Mapping[str, Any]) -> bytes:
    """The hash of an entry that follows one whose hash is `previous`."""
    content = canonical({"service": service, **{name: entry.get(name) for name in HASHED}})
    return hashlib.sha256(previous + content.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True)
class Anchor:
    """One place of a chain, to be kept where nobody who can write to the database can write."""

    service: str
    region: str
    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.service}:{self.region}:{self.position}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> "Anchor":
        """The anchor that `str` wrote, alone or in a line of a log, or `ValueError`."""
        found = _ANCHOR.search(text)
        if found is None:
            raise ValueError(f"an anchor was expected, such as registry:330109:42:<64 hex digits>, not {text.strip()}")
        service, region, position, digest = found.groups()
        return cls(service, region, int(position), digest)


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    position: int
    code: str
    """`missing`, `changed`, `unordered`, `anchor`, `cut-off`."""
    sentence: str


class Check:
    """Follows one chain from its first entry on, entry by entry, and keeps nothing but the last hash."""

    def __init__(self, service: str, region: str, anchors: Iterable[Anchor] = ()) -> None:
        self.service, self.region = service, region
        self.position = 0
        self.hash = GENESIS
        self._anchors: dict[int, set[str]] = {}
        for anchor in anchors:
            if (anchor.service, anchor.region) == (service, region):
                self._anchors.setdefault(anchor.position, set()).add(anchor.hash)

    @property
    def anchor(self) -> Anchor:
        """The last place reached."""
        return Anchor(self.service, self.region, self.position, self.hash.hex())

    def follow(self, entry: Mapping[str, Any]) -> Iterator[Break]:
        """The breaks at the next entry, as the service answers it."""
        position, said = int(entry["position"]), _digest(entry.get("hash"))
        if position <= self.position:
            yield Break(position, "unordered", f"entry {position} comes after entry {self.position}")
            return
        previous: bytes | None = self.hash
        if position > self.position + 1:
            yield from self._missing(self.position + 1, position - 1)
            previous = None  # the hash before is gone with its entry
        if said is None or (previous is not None and link(previous, self.service, entry) != said):
            yield Break(
                position, "changed", f"entry {position} is not what was sealed, or does not follow the one before"
            )
        self.position, self.hash = position, said or GENESIS
        for kept in self._anchors.pop(position, ()):
            if said is None or kept != said.hex():
                yield Break(position, "anchor", f"entry {position} has another hash than the anchor that was kept")

    def end(self) -> Iterator[Break]:
        """The breaks that show at the end only: anchors of entries that are not there."""
        for position in sorted(self._anchors):
            yield Break(
                position,
                "cut-off",
                f"there is an anchor of entry {position}, but the chain ends at {self.position}",
            )

    def _missing(self, first: int, last: int) -> Iterator[Break]:
        which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
        yield Break(first, "missing", f"{which} missing")
        for position in [position for position in self._anchors if first <= position <= last]:
            del self._anchors[position]  # said already


def _digest(text: object) -> bytes | None:
    try:
        return bytes.fromhex(text) if isinstance(text, str) else None
    except ValueError:
        return None
