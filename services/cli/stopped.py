"""Why a command did not do what was asked."""

from collections.abc import Sequence

REFUSED = 1
WRONGLY_TYPED = 2


class Stopped(Exception):  # noqa: N818 - it is a sentence to a person
    """The command ends here. `str()` is one line: what was wrong and what would be right; `details` go below it."""

    def __init__(self, sentence: str, *, details: Sequence[str] = (), status: int = REFUSED) -> None:
        super().__init__(" ".join(sentence.split()))
        self.details = tuple(details)
        self.status = status
