"""Parts put together again, and written: the file that they came from."""

import pytest

from services.plan_file.joining import Joined
from services.plan_file.model import usual, version
from services.plan_file.parts import split
from services.plan_file.reading import read
from services.plan_file.writing import written
from tests.plan_file.samples import SMALL, XIAOSHAN, plan_of


@pytest.mark.parametrize("text", [SMALL, XIAOSHAN], ids=["small", "xiaoshan"])
def test_a_file_that_was_divided_is_put_together_to_the_same_version(text: str) -> None:
    plan_file = plan_of(text)
    joined = Joined(split(plan_file))
    assert (joined.faults, joined.left_out, [*joined.differences()]) == ([], [], [])
    assert joined.plan_file == usual(plan_file)
    assert version(joined.plan_file) == version(plan_file)


@pytest.mark.parametrize("text", [SMALL, XIAOSHAN], ids=["small", "xiaoshan"])
def test_what_is_written_reads_back_the_same(text: str) -> None:
    plan_file = plan_of(text)
    again = read(written(plan_file, comments=["synthetic"]))
    assert again.faults == ()
    assert again.plan_file == plan_file
