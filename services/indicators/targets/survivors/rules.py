"""What a plan file says of an enterprise that was merged is said of the one that stands for it."""

from collections.abc import Mapping, Sequence

from services.plan_file.measuring import BureauOfSubject
from services.plan_file.parts import IndicatorsPart


def of_survivors(part: IndicatorsPart, survivors: Mapping[str, str]) -> IndicatorsPart:
    """A part in which merged enterprises are named by those that stand for them, whichever the file names."""
    if not survivors:
        return part
    return part.model_copy(
        update={
            "targets": [
                each.model_copy(update={"subject": survivors.get(each.subject, each.subject)}) for each in part.targets
            ],
            "indicators": [
                each.model_copy(update={"bureau_by_subject": _bureaus(each.bureau_by_subject, survivors)})
                for each in part.indicators
            ],
        }
    )


def _bureaus(written: Sequence[BureauOfSubject], survivors: Mapping[str, str]) -> list[BureauOfSubject]:
    """Who reports on each subject; of one that stands for another, what is said of itself goes first."""
    taken_in = [
        each.model_copy(update={"subject": survivors[each.subject]}) for each in written if each.subject in survivors
    ]
    of_itself = [each for each in written if each.subject not in survivors]
    return [*{each.subject: each for each in (*taken_in, *of_itself)}.values()]
