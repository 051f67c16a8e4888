"""Rules for the ladder, the hours of sending and the digests."""

from collections.abc import Iterator, Sequence

from services.plan_file.faults import Fault, Path
from services.plan_file.rules.known import Known, duplicates
from services.plan_file.supervision import Cause, Digest, Ladder, Sending


def ladder_faults(ladder: Ladder, known: Known) -> Iterator[Fault]:
    """Every level says what raises it and reaches somebody."""
    path: Path = ("ladder", "levels")
    yield from duplicates((level.code, (*path, index, "code")) for index, level in enumerate(ladder.levels))
    for index, level in enumerate(ladder.levels):
        lower = [each.code for each in ladder.levels[:index]]
        for place, cause in enumerate(level.raised_by):
            yield from _cause_faults(cause, lower, (*path, index, "raised_by", place))
        if not level.own_message and not level.digest:
            yield Fault("level_silent", (*path, index))
        yield from known.reference("units", level.issued_by, (*path, index, "issued_by"))


def _cause_faults(cause: Cause, lower: Sequence[str], path: Path) -> Iterator[Fault]:
    if (cause.light is None) == (cause.unanswered is None) or (cause.months is not None and cause.light is None):
        yield Fault("one_cause", path)
    elif cause.unanswered is not None and cause.unanswered not in lower:
        values = {"given": cause.unanswered, "known": ", ".join(lower) or "—"}
        yield Fault("level_not_below", (*path, "unanswered"), values)


def sending_faults(sending: Sending, digests: Sequence[Digest]) -> Iterator[Fault]:
    """Messages go out within the hours."""
    if sending.closes <= sending.opens:
        yield Fault("hours_reversed", ("sending", "closes"), {"given": sending.closes, "first": sending.opens})
        return
    for index, digest in enumerate(digests):
        if not sending.opens <= digest.at <= sending.closes:
            values = {"given": digest.at, "opens": sending.opens, "closes": sending.closes}
            yield Fault("outside_hours", ("digests", index, "at"), values)
