"""Every benchmark still runs: what `make bench` measures in minutes, in its short form."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.untraced import UNTRACED

ROOT = Path(__file__).parents[2]
BENCHMARKS = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_runs_to_its_end(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{name}", "--short"],
        cwd=ROOT,
        env=UNTRACED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "goal" in done.stdout
