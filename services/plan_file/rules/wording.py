"""Rules for what the plan check is told of the text."""

from collections.abc import Iterator

from services.plan_file.faults import Fault, Path
from services.plan_file.rules.known import Known, duplicates
from services.plan_file.things import Plan


def wording_faults(plan: Plan, known: Known) -> Iterator[Fault]:
    """What the wording names exists, and every name stands in its phrase."""
    wording, path = plan.wording, ("plan", "wording")
    if wording is None:
        return
    for index, heading in enumerate(wording.headings):
        yield from known.references("matters", heading.targets, (*path, "headings", index, "targets"))
    for index, mention in enumerate(wording.mentions):
        here: Path = (*path, "mentions", index)
        yield from known.subject(mention.subject, (*here, "subject"))
        for place, name in enumerate(mention.names):
            if name not in mention.phrase:
                yield Fault("name_not_in_phrase", (*here, "names", place), {"given": name})
    counted: list[tuple[str, Path]] = [
        (each.indicator, (*path, "counted", index, "indicator")) for index, each in enumerate(wording.counted)
    ]
    for indicator, here in counted:
        yield from known.reference("indicators", indicator, here)
    yield from duplicates(counted)
